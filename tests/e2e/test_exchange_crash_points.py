"""Killed at the n-th commit while EDI comes and goes: nothing lost, doubled or skipped."""

import re
from pathlib import Path

import pytest

from canonical.order import LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from canonical.wire import Verdict
from gateway.connectors.contract import Report
from gateway.pipeline.collecting import collect_inboxes
from gateway.pipeline.following import follow_reports
from gateway.pipeline.operations import list_messages
from gateway.store.database import Database
from gateway.store.messages import MessageFilter
from tests.builders import NOON, make_partner
from tests.e2e.test_crash_points import Fate, Killed, MortalDatabase, work_off
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS, interchange, order_message
from tests.gateway.pipeline.test_collecting import drop
from tests.gateway.pipeline.test_following import FIVE

MAX_POINTS = 120
ORDERS = 3
AGREED = {
    "endpoint": "https://buyer.example/edi",
    "inbox": "inbox/buyer",
    "acknowledge": {"CONTRL": "always"},
    "documents": ["OrderResponse"],
}
PARTNER = make_partner(**{**PARTNER_FIELDS, "edi": AGREED})
NUMBER = re.compile(rb"UNB\+UNOC:3\+7309876543210:14\+7301234567890:14\+261122:1200\+(\d+)")


@pytest.fixture
def house(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("gateway.pipeline.unpacking.TOGETHER", 1)
    return build_house(MortalDatabase(database, Fate()), tmp_path, PARTNER)


def _fate(house: House) -> Fate:
    assert isinstance(house.database, MortalDatabase)
    return house.database.fate


def _interchange(number: int) -> bytes:
    first = (number - 1) * ORDERS
    orders = [order_message(f"PO-{first + n}", str(n)) for n in range(1, ORDERS + 1)]
    return interchange(str(number), orders)


def _sent(house: House) -> tuple[list[int], list[bytes]]:
    """Return the numbers of what left, each once, and the bytes."""
    contents = list(dict.fromkeys(payload.content for _, payload in house.postbox.sent))
    return sorted(int(NUMBER.match(one)[1]) for one in contents), contents  # type: ignore[index]


def _require_all(house: House, interchanges: int) -> None:
    effects = house.core.effects()
    for number in range(1, interchanges * ORDERS + 1):
        assert effects.count(("submit", f"buyer:PO-{number}")) == 1
    numbers, contents = _sent(house)
    assert numbers == list(range(1, len(numbers) + 1)), "a gap, or a number used twice"
    assert sum(b"+CONTRL:" in one for one in contents) == interchanges
    assert sum(b"+ORDRSP:" in one for one in contents) == interchanges * ORDERS


@pytest.mark.faults
def test_no_crash_point_loses_an_order_an_answer_or_a_number(house: House) -> None:
    fate = _fate(house)
    for number in range(1, MAX_POINTS):
        fate.set(number)
        while True:
            try:
                answer = house.take(_interchange(number))
            except Killed:
                continue
            break
        assert answer.verdict is Verdict.RECEIVED
        work_off(house)
        if not fate.struck:
            break
    else:
        pytest.fail(f"still dying after {MAX_POINTS} points")
    assert number > ORDERS * 6
    _require_all(house, number)


@pytest.mark.faults
def test_no_crash_point_loses_a_file(house: House, tmp_path: Path) -> None:
    fate = _fate(house)
    for number in range(1, MAX_POINTS):
        drop(tmp_path, f"{number}.edi", _interchange(number))
        fate.set(number)
        while any((tmp_path / "inbox/buyer").glob("*.edi")):
            try:
                collect_inboxes(house.pipeline, [PARTNER], tmp_path)
            except Killed:
                continue
        struck = fate.struck
        fate.set(0)
        work_off(house)
        if not struck:
            break
    _require_all(house, number)


@pytest.mark.faults
def test_no_crash_point_loses_or_doubles_a_report(house: House) -> None:
    fate = _fate(house)
    for number in range(1, MAX_POINTS):
        house.core.told.append(_report(number))
        fate.set(number)
        while True:
            try:
                follow_reports(house.equipment, house.core, [PARTNER])
            except Killed:
                continue
            break
        if not fate.struck:
            break
    fate.set(0)
    work_off(house)
    numbers, _ = _sent(house)
    assert numbers == list(range(1, number + 1))
    out = list_messages(house.database, MessageFilter(limit=1000))
    assert len(out) == number


def _report(number: int) -> Report:
    line = OrderResponseLine(line_id="1", status=LineStatus.ACCEPTED, quantity=FIVE)
    response = OrderResponse(
        response_id=f"R{number}",
        order_id=f"PO-{number}",
        issued_at=NOON,
        status=ResponseStatus.ACCEPTED,
        currency="EUR",
        lines=(line,),
    )
    return Report(report_id=f"r{number}", customer_id="C1", order_response=response)
