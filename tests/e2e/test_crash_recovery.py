"""Whatever is killed when, each accepted order is in the core exactly once and none is missing.

Web and worker processes die by SIGKILL at random while buyers post 2,000 orders to a core that
fails before and after its effects. The seed is printed: set CRASH_SEED to repeat a run's choices.
"""

import collections
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gateway.pipeline.engine import migrate
from gateway.store.database import open_database
from gateway.store.messages import count_by_state
from gateway.store.migrations import upgrade
from tests.builders import make_order_request
from tests.scripted_core import ScriptedCore

ORDERS = int(os.environ.get("CRASH_ORDERS", "2000"))
BUYERS = 8
KILLS = 15
DRAIN_SECONDS = 150
START_SECONDS = 60


class Company:
    """Keep one web and two worker processes running, and kill one now and then."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        self.url, self.folder = url, folder
        self.chance = random.Random(seed)
        self.port = _free_port()
        self.kills = 0
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._killer = threading.Thread(target=self._kill_at_random)
        for role in ("web", "worker-1", "worker-2"):
            self._start(role)

    def begin(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not all(self._ready(role) for role in self._running):
            assert time.monotonic() < deadline, "the processes do not start"
            self._closed.wait(0.05)
        self._killer.start()

    def leave_alone(self) -> None:
        """Kill no more; what died last has been started again."""
        self._closed.set()
        self._killer.join()

    def close(self) -> None:
        self._closed.set()
        if self._killer.is_alive():
            self._killer.join()
        for process in self._running.values():
            process.kill()
            process.wait()

    def _start(self, role: str) -> None:
        part, number = role.partition("-")[0], self.chance.randrange(1 << 30)
        argument = str(self.port if part == "web" else number)
        command = (sys.executable, "-m", "tests.e2e.crash_house", part, self.url, self.folder)
        with (self.folder / f"{role}.log").open("ab") as log:
            self._running[role] = subprocess.Popen((*command, argument), stderr=log)

    def _ready(self, role: str) -> bool:
        return (self.folder / f"ready-{self._running[role].pid}").exists()

    def _kill_at_random(self) -> None:
        while self.kills < KILLS and not self._closed.wait(self.chance.uniform(0.3, 2.0)):
            role = self.chance.choice(sorted(self._running))
            if self._ready(role):
                process = self._running[role]
                process.send_signal(signal.SIGKILL)
                process.wait()
                self.kills += 1
                self._start(role)


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    database = open_database(database_url)
    upgrade(database, migrate)
    database.close()
    seed = int(os.environ.get("CRASH_SEED", str(random.SystemRandom().randrange(1 << 30))))
    sys.stderr.write(f"CRASH_SEED={seed}\n")
    ScriptedCore(tmp_path / "core.sqlite")
    running = Company(database_url, tmp_path, seed)
    yield running
    running.close()


def post(port: int, number: int) -> str:
    """Post an order as a buyer's system does: the same message until it is answered."""
    order_id = f"PO-{number}"
    content = make_order_request(order_id, payload_id=f"{number}@buyer.example")
    pause = threading.Event()
    for _ in range(600):
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{port}/cxml",
                content=content,
                headers={"Content-Type": "text/xml; charset=UTF-8"},
                timeout=30,
            )
        except httpx.HTTPError:
            pause.wait(0.1)
            continue
        if answer.status_code == 200 and b'code="5' not in answer.content:
            assert b'code="200"' in answer.content, answer.text
            return order_id
        pause.wait(0.1)
    pytest.fail(f"order {number} was never answered")


@pytest.mark.faults
@pytest.mark.timeout(400)
@pytest.mark.xdist_group("crash")
def test_each_accepted_order_is_in_the_core_exactly_once(company: Company) -> None:
    company.begin()
    started = time.monotonic()
    with ThreadPoolExecutor(BUYERS) as pool:
        accepted = set(pool.map(lambda number: post(company.port, number), range(ORDERS)))
    posted = time.monotonic() - started
    company.leave_alone()
    states = _drained(company.url)
    effects = ScriptedCore(company.folder / "core.sqlite").effects()
    took = time.monotonic() - started
    sys.stderr.write(f"{posted:.0f} s to post, {took:.0f} s in all, {company.kills} kills\n")
    counted = collections.Counter(reference for _, reference in effects)
    assert states == {"delivered": ORDERS}
    assert set(counted) == {f"buyer:{order_id}" for order_id in accepted}
    assert set(counted.values()) == {1}
    assert company.kills > 0


def _drained(url: str) -> dict[str, int]:
    database = open_database(url)
    pause, deadline = threading.Event(), time.monotonic() + DRAIN_SECONDS
    try:
        while True:
            with database.read() as connection:
                states = count_by_state(connection)
            if not {"accepted", "checked"} & set(states) or time.monotonic() > deadline:
                return states
            pause.wait(0.25)
    finally:
        database.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
