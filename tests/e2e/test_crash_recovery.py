"""Whatever is killed when, each accepted order is in the core exactly once and none is missing.

The web and worker processes of `gateway run` die by SIGKILL at random while buyers post 2,000
orders to a core that fails before and after its effects. Set CRASH_SEED for other choices,
CRASH_ORDERS for more or fewer orders. No time is set for all that: it fails when nothing moves.
"""

import collections
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.pipeline.engine import DurableEngine
from gateway.pipeline.jobs import JobFilter
from gateway.pipeline.states import MOVED_BY_JOBS
from gateway.store.database import Database, open_database
from gateway.store.messages import MessageFilter, count_by_state, find_messages
from gateway.store.payloads import PayloadArchive
from gateway.store.timeline import timeline_of
from tests.builders import make_order_request
from tests.e2e.crash_house import Company, Sender
from tests.patience import LONG, wait_until
from tests.scripted_core import ScriptedCore

ORDERS = int(os.environ.get("CRASH_ORDERS", "2000"))
BUYERS = 8
LARGE = 100
"""Every so many orders one is too large for a row, so that its bytes are a file."""
KILLED_UNTIL = 0.75
"""Share of the orders that are delivered when the killing ends."""
SEED = int(os.environ.get("CRASH_SEED", "20261122"))


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    opened = Company(database_url, tmp_path, SEED)
    try:
        opened.open()
        yield opened
    finally:
        opened.close()


@pytest.mark.faults
@pytest.mark.timeout(LONG)
@pytest.mark.xdist_group("crash")
def test_each_accepted_order_is_in_the_core_exactly_once(company: Company) -> None:
    started = time.monotonic()
    company.kill_from_now_on()
    with ThreadPoolExecutor(BUYERS) as pool:
        shares = [range(first, ORDERS, BUYERS) for first in range(BUYERS)]
        repeats = sum(pool.map(lambda share: order_all(company.port, share), shares))
    posted = time.monotonic() - started
    database = open_database(company.url)
    try:
        wait_for_delivered(database, ORDERS * KILLED_UNTIL)
        company.leave_alone()
        states = drained(database)
        took = time.monotonic() - started
        sys.stderr.write(
            f"{ORDERS} orders posted in {posted:.0f} s, delivered in {took:.0f} s; "
            f"{company.kills} kills, {repeats} messages sent again\n"
        )
        assert states == {"delivered": ORDERS}, explained(database)
        assert_no_job_waits(database)
        assert_sound(database)
    finally:
        database.close()
    effects = collections.Counter(ScriptedCore(company.effects).effects())
    assert set(effects) == {("submit", f"buyer:PO-{number}") for number in range(ORDERS)}
    assert set(effects.values()) == {1}
    assert company.kills > 0
    PayloadArchive(company.workspace / "data/payloads").clear(older_than=0)
    assert not list(company.workspace.rglob("*.tmp"))


def order_all(port: int, numbers: range) -> int:
    """Post a buyer's orders, now and then one twice; return how often one had to be sent again."""
    sender = Sender(port)
    for number in numbers:
        content = order_content(number)
        answer = sender.post(content)
        assert b'code="200"' in answer, answer
        if number % 50 == 0:
            assert sender.post(content) == answer
    sender.close()
    return sender.repeats


def order_content(number: int) -> bytes:
    content = make_order_request(f"PO-{number}", payload_id=f"{number}@buyer.example")
    if number % LARGE:
        return content
    end = b"</OrderRequestHeader>"
    return content.replace(end, b"<Comments>" + b"mind the step " * 20_000 + b"</Comments>" + end)


def wait_for_delivered(database: Database, count: float) -> None:
    wait_until(
        lambda: states_of(database).get("delivered", 0) >= count, lambda: states_of(database)
    )


def drained(database: Database) -> dict[str, int]:
    """Return the messages by state once none waits for a job, or none has moved for long."""
    wait_until(
        lambda: not set(MOVED_BY_JOBS) & set(states_of(database)), lambda: states_of(database)
    )
    return states_of(database)


def states_of(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return count_by_state(connection)


def explained(database: Database) -> list[str]:
    """Say of each message that did not arrive where it is and what happened to it last."""
    with database.read() as connection:
        found = find_messages(connection, MessageFilter(limit=ORDERS))
        return [
            f"{one.id} {one.state}: {timeline_of(connection, one.id)[-1]}"
            for one in found
            if one.state != "delivered"
        ]


def assert_no_job_waits(database: Database) -> None:
    """Prove that no job is left to a worker that is not there; the last may still note its end."""
    engine = DurableEngine(database)
    assert wait_until(lambda: not engine.jobs(JobFilter(status=("waiting", "running"))))


def assert_sound(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
