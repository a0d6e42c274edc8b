"""Killed at the n-th commit or core call, before or after it, for each n: one effect, none lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from canonical.wire import Verdict
from gateway.pipeline.states import State
from gateway.store.database import Database
from tests.builders import make_order_request, make_partner
from tests.gateway.pipeline.conftest import House, build_house

MAX_POINTS = 60
ENDPOINT = "https://buyer.example/cxml"


class Killed(BaseException):
    """Stand for the end of the process: nothing of ours may catch it."""


class Fate:
    """Kill at the n-th point passed."""

    def __init__(self) -> None:
        self.left = 0
        self.struck = False

    def set(self, number: int) -> None:
        self.left, self.struck = number, False

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.struck = True
            raise Killed


class MortalDatabase(Database):
    """Pass a point before each commit and one after it."""

    def __init__(self, database: Database, fate: Fate) -> None:
        self._inner, self.fate = database, fate
        self.engine, self.turns, self._writer = database.engine, database.turns, None
        self.read = database.read  # type: ignore[method-assign]

    def write(self, work: Callable[[sa.Connection], object]) -> object:  # type: ignore[override]
        self.fate.point()
        result = self._inner.write(work)
        self.fate.point()
        return result


@pytest.mark.faults
def test_no_crash_point_loses_or_repeats_an_order(database: Database, tmp_path: Path) -> None:
    fate = Fate()
    partner = make_partner(orders={"response": {"url": ENDPOINT}})
    house = build_house(MortalDatabase(database, fate), tmp_path, partner)
    house.core.failing = lambda _moment, _verb: fate.point()
    for number in range(1, MAX_POINTS):
        fate.set(number)
        message_id = accept(house, number)
        work_off(house)
        assert house.state(message_id) == State.DELIVERED
        assert house.core.effects().count(("submit", f"buyer:PO-{number}")) == 1
        if not fate.struck:
            break
    else:
        pytest.fail(f"still dying after {MAX_POINTS} points")
    # Commits of receive, check, deliver with its answer, respond; core calls of check and deliver.
    assert number > 12
    assert len(house.core.effects()) == number
    assert len(house.postbox.sent) >= number


def accept(house: House, number: int) -> str | None:
    """Post an order until it is answered, as a buyer's system does."""
    content = make_order_request(f"PO-{number}", payload_id=f"{number}@buyer.example")
    while True:
        try:
            answer = house.receive(content)
        except Killed:
            continue
        assert answer.verdict is Verdict.ACCEPTED
        return answer.message_id


def work_off(house: House) -> None:
    """Run all jobs; one whose worker dies waits again, as adoption has it."""
    while house.engine.waiting:
        key, (job, arguments, placing) = next(iter(house.engine.waiting.items()))
        del house.engine.waiting[key]
        try:
            house.engine.handlers[job](*arguments)
        except Killed:
            house.engine.waiting[key] = (job, arguments, placing)
        else:
            house.engine.done[key] = job
