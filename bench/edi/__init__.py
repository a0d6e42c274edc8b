"""Time reading, validating and mapping of EDI, side by side with other libraries.

Files are generated (`files`) and large: BENCH_EDI_MB (10) megabytes, BENCH_EDI_LINES (1,000,000)
lines of a price list. Rates are megabytes a second on one core, medians. Others are installed when
this runs (`peers`) and get as much as they can take in a minute; what each of them does is said in
its name, and it is less than ours wherever it says so. The plot of cost against size is written by
`python -m bench.edi.plot`.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from bench.edi import files, flat, ours, writing
from bench.edi.bots_grammar import grammar
from bench.edi.peers import (
    BADX12,
    EDIFACT_EVENTS,
    NODE_X12,
    PYDIFACT,
    PYX12,
    Peer,
    Peers,
    bots,
    peers,
)
from bench.harness import Row

SIZE: Final = int(float(os.environ.get("BENCH_EDI_MB", "10")) * 1e6)
LINES: Final = int(os.environ.get("BENCH_EDI_LINES", "1000000"))
LONG_ORDER: Final = LINES // 10
ROUNDS: Final = 5
PROCESSES: Final = 4


def rows() -> Iterator[Row]:
    """Give the rows of reading EDIFACT and X12, of streams, of several processes, of writing."""
    with tempfile.TemporaryDirectory(prefix="edi-bench-") as folder, peers() as others:
        yield from _edifact(Path(folder), others)
        yield from _x12(Path(folder), others)
        yield from _streams(Path(folder))
        yield from _processes()
    yield from writing.rows()
    yield from flat.rows()


def _edifact(folder: Path, others: Peers) -> Iterator[Row]:
    content = files.orders(SIZE)
    yield from _tables("D.96A", "ORDERS", content)
    yield from _tables("D.01B", "ORDERS", content)
    yield from _tables("D.01B", "INVOIC")
    parsed = _rate(lambda: ours.rows_only("edifact", content), len(content))
    full = _rate(lambda: _right(ours.validated("edifact", content)), len(content))
    trees = _rate(lambda: _right(ours.shaped("edifact", content)), len(content))
    orders = ours.Orders("edifact", "ORDERS")
    mapped = _rate(lambda: _right(orders(content)), len(content))
    with_grammar = bots(grammar(ours.validation("edifact", "ORDERS").rules))
    for peer, parsing, validating in (
        (EDIFACT_EVENTS, "≥ 0.7", "≥ 20 MB/s"),
        (PYDIFACT, "", ""),
        (with_grammar, "", "≥ 15"),
    ):
        rate = _peer(others, peer, folder, files.orders)
        yield Row("ORDERS, rows only", parsed, rate, peer.name, "MB/s", parsing)
        yield Row("ORDERS, validated, with rows", full, rate, peer.name, "MB/s", validating)
    yield Row("ORDERS, validated, with tree", trees, full, "with rows", "MB/s")
    yield Row(
        "ORDERS, validated and mapped to Order", mapped, full, "with rows", "MB/s", "≥ 10 MB/s"
    )


def _x12(folder: Path, others: Peers) -> Iterator[Row]:
    content = files.purchase_orders(SIZE)
    yield from _tables("004010", "850", content)
    parsed = _rate(lambda: ours.rows_only("x12", content), len(content))
    full = _rate(lambda: _right(ours.validated("x12", content)), len(content))
    for peer in (PYX12, BADX12, NODE_X12):
        rate = _peer(others, peer, folder, files.purchase_orders)
        yield Row("850, rows only", parsed, rate, peer.name, "MB/s")
        yield Row("850, validated, with rows", full, rate, peer.name, "MB/s", "≥ 20 MB/s")
    orders = ours.Orders("x12", "850")
    mapped = _rate(lambda: _right(orders(content)), len(content))
    yield Row("850, validated and mapped to Order", mapped, full, "with rows", "MB/s", "≥ 10 MB/s")


def _tables(edition: str, name: str, content: bytes = b"") -> Iterator[Row]:
    """Give what compiling a table takes: for the segments of a first message, and for all."""
    if content:
        met = statistics.median(
            _seconds(lambda: ours.met(edition, name, content)) for _ in range(ROUNDS)
        )
        what = f"tables of {name} {edition}, met by a first message"
        yield Row(what, met * 1000, 100, "at most", "ms", "≤ 100 ms")
    every = statistics.median(_seconds(lambda: ours.compiled(edition, name)) for _ in range(ROUNDS))
    what = f"tables of {name} {edition}, of all segments"
    yield Row(what, every * 1000, 100, "at most", "ms", "≤ 100 ms")


def _streams(folder: Path) -> Iterator[Row]:
    """Read files with very long messages in fresh processes, where their memory can be seen."""
    for name, pieces in (
        (f"ORDERS of {LONG_ORDER:,} lines", iter([files.long_order(LONG_ORDER)])),
        (f"PRICAT of {LINES:,} lines", files.price_list(LINES)),
    ):
        path = folder / "stream.edi"
        _write(path, pieces)
        rate, peak, segments, faults = _streamed(path)
        assert not faults, f"{name}: {faults} faults"
        print(f"   {name}: {path.stat().st_size / 1e6:.1f} MB, {segments:,.0f} segments")
        yield Row(f"{name}, streamed, validated, with rows", rate, 15, "at least", "MB/s", "≥ 1")
        yield Row(f"{name}, memory", peak, 60, "at most", "MB", "≤ 1")


def _streamed(path: Path) -> tuple[float, ...]:
    # As a file, not as a module: this package would bring in all that other benchmarks need.
    done = subprocess.run(
        [sys.executable, str(ours.__file__), "edifact", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(float(word) for word in done.stdout.split())


def _processes() -> Iterator[Row]:
    """Validate as many files as there are processes, all at once, against one after the other.

    Beside it what the machine gives at all: loops that share nothing, as many at once against one.
    """
    size = len(files.orders(SIZE))
    with ProcessPoolExecutor(PROCESSES) as pool:
        for work in (_share, _loop):
            list(pool.map(work, [size] * PROCESSES))
        times = [[_together(pool, work, size) for work in (_share, _loop)] for _ in range(ROUNDS)]
        alone = [[_timed(work, size) for work in (_share, _loop)] for _ in range(ROUNDS)]
    ours_at_once, loops_at_once = map(statistics.median, zip(*times, strict=True))
    ours_alone, loop_alone = map(statistics.median, zip(*alone, strict=True))
    name = f"ORDERS, validated in {PROCESSES} processes"
    one, all_together = size / 1e6 / ours_alone, PROCESSES * size / 1e6 / ours_at_once
    yield Row(name, all_together, one, "one process", "MB/s", "≥ 3")
    gained = PROCESSES * ours_alone / ours_at_once
    given = PROCESSES * loop_alone / loops_at_once
    yield Row(f"{name}, gained", gained, given, "loops that share nothing", "x one", "1 is all")


def _together(pool: ProcessPoolExecutor, work: Callable[[int], int], size: int) -> float:
    start = time.perf_counter()
    list(pool.map(work, [size] * PROCESSES))
    return time.perf_counter() - start


def _timed(work: Callable[[int], int], size: int) -> float:
    start = time.perf_counter()
    work(size)
    return time.perf_counter() - start


def _loop(size: int) -> int:
    """Compute for about as long as a file of some bytes takes to validate, in no memory."""
    return sum(number & 7 for number in range(size // 2))


_SHARE: dict[int, bytes] = {}


def _share(size: int) -> int:
    if size not in _SHARE:
        _SHARE[size] = files.orders(SIZE)
        gc.collect()
    _right(ours.validated("edifact", _SHARE[size]))
    return len(_SHARE[size])


def _peer(others: Peers, peer: Peer, folder: Path, make: Callable[[int], bytes]) -> float:
    """Return the rate of a peer on a file of its size, not a number where it does not run."""
    path = folder / f"{peer.package}.edi"
    path.write_bytes(make(min(SIZE, int(peer.megabytes * 1e6))))
    return others.rate(peer, path) or float("nan")


def _rate(work: Callable[[], object], size: int) -> float:
    """Return how many megabytes a second work takes, median after one round to warm up."""
    work()
    return size / 1e6 / statistics.median(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _right(wrong: int) -> None:
    assert not wrong, f"{wrong} generated messages are not right"


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
