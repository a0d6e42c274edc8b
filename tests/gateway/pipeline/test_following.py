"""What the core reports of orders leaves once for each partner that wants it, in its numbers."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from canonical.amounts import Quantity
from canonical.order import LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from gateway.connectors.contract import Capabilities, Report
from gateway.pipeline.following import follow_reports
from gateway.pipeline.operations import list_messages
from gateway.store.database import Database
from gateway.store.messages import MessageFilter
from tests.builders import NOON, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS

FIVE = Quantity(value=Decimal(5), unit="EA")
AGREED = {"endpoint": "https://buyer.example/edi", "documents": ["OrderResponse"]}
PARTNER = make_partner(**{**PARTNER_FIELDS, "edi": AGREED})


@pytest.fixture
def edi(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, PARTNER)


def _report(number: int, customer: str = "C1") -> Report:
    line = OrderResponseLine(line_id="1", status=LineStatus.ACCEPTED, quantity=FIVE)
    response = OrderResponse(
        response_id=f"R{number}",
        order_id=f"PO-{number}",
        issued_at=NOON,
        status=ResponseStatus.ACCEPTED,
        currency="EUR",
        lines=(line,),
    )
    return Report(report_id=f"r{number}", customer_id=customer, order_response=response)


def _follow(house: House) -> int:
    return follow_reports(house.equipment, house.core, [PARTNER])


def _numbers(house: House) -> list[str]:
    found = list_messages(house.database, MessageFilter())
    return sorted(one.external_id or "" for one in found if one.direction == "out")


def test_each_report_leaves_once_under_a_number_of_its_own(edi: House) -> None:
    edi.core.told = [_report(1), _report(2)]
    assert _follow(edi) == 2
    edi.core.told.append(_report(3))
    assert _follow(edi) == 1
    assert _follow(edi) == 0
    edi.engine.drain()
    assert _numbers(edi) == ["1", "2", "3"]
    assert all(b"ORDRSP" in payload.content for _, payload in edi.postbox.sent)


def test_a_crash_between_two_reports_doubles_and_skips_nothing(
    edi: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    edi.core.told = [_report(number) for number in range(1, 6)]
    real, calls = edi.database.write, []

    def dying(work: object) -> object:
        calls.append(work)
        if len(calls) in (3, 7):
            raise SystemExit
        return real(work)  # type: ignore[arg-type]

    monkeypatch.setattr(edi.database, "write", dying)
    for _ in range(2):
        with pytest.raises(SystemExit):
            _follow(edi)
    _follow(edi)
    assert _numbers(edi) == ["1", "2", "3", "4", "5"]


def test_what_nobody_wants_is_passed_over_for_good(edi: House) -> None:
    edi.core.told = [_report(1, customer="C9"), _report(2)]
    assert _follow(edi) == 1
    silent = make_partner(**PARTNER_FIELDS)
    assert follow_reports(edi.equipment, edi.core, [silent]) == 0


def test_a_core_without_reports_is_not_asked(edi: House, monkeypatch: pytest.MonkeyPatch) -> None:
    edi.core.told = [_report(1)]
    plain = Capabilities(name="plain", version="1")
    monkeypatch.setattr(edi.core, "capabilities", lambda: plain)
    assert _follow(edi) == 0


def test_a_report_of_an_order_goes_to_who_sent_it_and_others_to_all(edi: House) -> None:
    second = make_partner("second", **{**PARTNER_FIELDS, "edi": AGREED})
    mine = msgspec.structs.replace(_report(1), external_reference="second:PO-1")
    edi.core.told = [mine, _report(2)]
    assert follow_reports(edi.equipment, edi.core, [PARTNER, second]) == 3
    found = list_messages(edi.database, MessageFilter())
    assert sorted(str(one.partner) for one in found) == ["buyer", "second", "second"]
