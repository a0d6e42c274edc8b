"""Time two ways of doing the same work in alternating rounds and lay the rates side by side."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 7
SECONDS: Final = 0.4


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one line of the report; `ours` and `rival` are rates in `unit`, goal a ratio."""

    name: str
    ours: float
    rival: float
    rival_name: str
    unit: str
    goal: str = ""

    @property
    def ratio(self) -> float:
        """Return how many times the rival's rate ours is."""
        return self.ours / self.rival if self.rival else float("nan")


def rate(work: Callable[[], object], seconds: float = SECONDS) -> float:
    """Return how often `work` runs in a second, measured over at least `seconds`."""
    count = 0
    start = time.perf_counter()
    end = start + seconds
    while (now := time.perf_counter()) < end:
        work()
        count += 1
    return count / (now - start)


def paired(
    ours: Callable[[], object],
    rival: Callable[[], object],
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> tuple[float, float]:
    """Return the median rates of both, run in turn A B A B after a warm-up of each."""
    rate(ours, seconds / 4)
    rate(rival, seconds / 4)
    first: list[float] = []
    second: list[float] = []
    for _ in range(rounds):
        gc.collect()
        first.append(rate(ours, seconds))
        second.append(rate(rival, seconds))
    return statistics.median(first), statistics.median(second)


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| what | ours | against | its rate | unit | ratio | goal |",
        "|---|--:|---|--:|---|--:|---|",
    ]
    lines += [
        f"| {row.name} | {figure(row.ours)} | {row.rival_name} | {figure(row.rival)} | {row.unit} "
        f"| **{row.ratio:.2f}** | {row.goal} |"
        for row in rows
    ]
    return "\n".join(lines)


def figure(value: float) -> str:
    """Return a rate with as many digits as it means."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
