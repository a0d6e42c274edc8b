"""Run the gateway as it is installed, web and worker process on SQLite, and flood it with orders.

What is measured: orders accepted over HTTP, orders that the worker brought into the embedded core
in the same time, and what both processes occupy when idle, after half of the orders were delivered
and after all were. Idle means after the first hundred orders, when everything is loaded and
compiled; until half, what each thread and connection keeps for itself fills up; what still grows
then grows with the orders.
"""

import itertools
import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.harness import Row
from bench.load import drive, free_port
from bench.workspaces import write_workspace
from gateway.app import prepare
from gateway.cli.processes import Processes, command, wait_until_listening
from gateway.settings import load_settings
from gateway.store.database import Database, open_database
from gateway.store.messages import count_by_state
from tests.builders import SECRET, make_order_request

ORDERS: Final = int(os.environ.get("BENCH_MEMORY_ORDERS", "10000"))
LINES: Final = 5
CONNECTIONS: Final = 8
WARM_ORDERS: Final = 100
LONGEST: Final = 60.0
"""Seconds after which a flood, and the wait for the worker, ends whatever came through."""
PATIENCE: Final = 600.0
"""Seconds that the worker gets for all orders: it brings some dozens a second into the core."""


def rows() -> Iterator[Row]:
    """Yield throughput and memory of one flood."""
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder, running(folder) as flood:
        flood.post(WARM_ORDERS)
        flood.wait(LONGEST)
        idle = flood.memory()
        started, before = time.perf_counter(), flood.delivered()
        accepted = flood.post(ORDERS)
        posted = time.perf_counter() - started
        meanwhile = flood.delivered() - before
        yield Row(
            "orders delivered to the embedded core while more come in, SQLite",
            meanwhile / posted,
            accepted / posted,
            "accepted in the same time",
            "orders/s",
        )
        begun, left = time.perf_counter(), flood.delivered()
        flood.wait(LONGEST)
        drained, took = flood.delivered() - left, time.perf_counter() - begun
        yield Row(
            "orders delivered to the embedded core when none come in, SQLite",
            drained / took,
            meanwhile / posted,
            "while more come in",
            "orders/s",
        )
        yield from _memory(flood, idle)


def _memory(flood: "Flood", idle: dict[str, float]) -> Iterator[Row]:
    """Yield what each process occupies at half and at the end of as many orders as wanted."""
    end = time.perf_counter() + PATIENCE
    while flood.accepted() < ORDERS and time.perf_counter() < end:
        flood.post(ORDERS - flood.accepted())
    flood.wait(end - time.perf_counter(), delivered=ORDERS // 2)
    middle, half = flood.delivered(), flood.memory()
    flood.wait(end - time.perf_counter())
    whole, after = flood.delivered(), flood.memory()
    for part in after:
        memory = f"memory of the {part} process"
        first = f"{memory}, idle against after {middle:,} orders"
        second = f"{memory}, after {middle:,} against {whole:,} orders"
        yield Row(first, idle[part], half[part], "after", "MB")
        yield Row(second, half[part], after[part], "after", "MB", "1.0 is flat")


class Flood:
    """Post orders that are all different, and see what became of them."""

    def __init__(self, port: int, database: Database, processes: Processes) -> None:
        self._port, self._database, self._processes = port, database, processes
        self._bursts = itertools.count()

    def post(self, count: int) -> int:
        """Post at least so many orders, in bursts, unless it takes too long; return how many."""
        before, end = self.accepted(), time.perf_counter() + LONGEST
        while (posted := self.accepted() - before) < count and time.perf_counter() < end:
            burst = next(self._bursts)
            drive(
                self._port,
                "/cxml",
                lambda number, burst=burst: order(f"{burst}-{number}"),
                connections=CONNECTIONS,
                seconds=min(2.0, count / 500),
            )
        return posted

    def wait(self, seconds: float, delivered: int | None = None) -> None:
        """Wait until everything, or so many, is delivered, or for so long."""
        pause, end = threading.Event(), time.perf_counter() + seconds
        while time.perf_counter() < end and set(states := self._states()) - {"delivered"}:
            if delivered is not None and states.get("delivered", 0) >= delivered:
                return
            pause.wait(0.25)

    def accepted(self) -> int:
        """Return how many orders were accepted."""
        return sum(self._states().values())

    def delivered(self) -> int:
        """Return how many orders are in the core."""
        return self._states().get("delivered", 0)

    def memory(self) -> dict[str, float]:
        """Return what each part occupies now, in megabytes; the web one without its supervisor."""
        return {
            part.name: max(map(resident_mb, family(part.process.pid)))
            for part in self._processes.parts
            if part.process is not None
        }

    def _states(self) -> dict[str, int]:
        with self._database.read() as connection:
            return count_by_state(connection)


def order(number: str) -> bytes:
    """Return an order that differs from all others."""
    return make_order_request(f"PO-{number}", payload_id=f"{number}@b", lines=LINES)


@contextmanager
def running(folder: str) -> Iterator[Flood]:
    """Run a gateway in `folder`."""
    workspace, port = Path(folder), free_port()
    goods = [(f"SKU-{number}", f"Article {number}", "10.00") for number in range(1, LINES + 1)]
    write_workspace(workspace, goods, identity=("NetworkId", "BUYER"), secret=SECRET, port=port)
    prepare(workspace)
    parts = {"web": command("web"), "worker": command("worker")}
    processes = Processes(parts, workspace, {})
    database = open_database(load_settings(workspace).database_url)
    processes.start()
    try:
        wait_until_listening(port, 60)
        yield Flood(port, database, processes)
    finally:
        processes.stop()
        database.close()


def family(pid: int) -> list[int]:
    """Return a process and those that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *map(int, children.read_text().split())] if children.exists() else [pid]


def resident_mb(pid: int) -> float:
    """Return what a process occupies, in megabytes; nothing where the system does not tell."""
    statm = Path(f"/proc/{pid}/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
