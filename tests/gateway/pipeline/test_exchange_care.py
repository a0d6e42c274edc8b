"""An acknowledgement that does not come is told once; an old number may come again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from canonical.wire import Verdict
from gateway.ambient import Ambient
from gateway.pipeline.exchange_care import look_after
from gateway.pipeline.operations import list_messages
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, StoredMessage
from tests.builders import NOON, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS, interchange, order_message

AGREED = {
    "endpoint": "https://buyer.example/edi",
    "documents": ["OrderResponse"],
    "acknowledged_within_hours": 4,
    "duplicate_days": 30,
}
PARTNER = make_partner(**{**PARTNER_FIELDS, "edi": AGREED})


@pytest.fixture
def edi(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, PARTNER)


def _look(house: House, **later: float) -> int:
    ambient = Ambient(now=lambda: NOON + timedelta(**later))
    return look_after(replace(house.equipment, ambient=ambient), [PARTNER])


def _sent(house: House) -> StoredMessage:
    found = list_messages(house.database, MessageFilter())
    return next(one for one in found if one.direction == "out")


def test_an_acknowledgement_is_overdue_once_and_only_after_its_time(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1")]))
    edi.engine.drain()
    assert _look(edi, hours=3) == 0
    assert _look(edi, hours=5) == 1
    assert _look(edi, hours=6) == 0
    assert _sent(edi).acknowledgement == "overdue"
    assert "PIPELINE-029" in edi.codes(_sent(edi).id)


def test_a_number_may_come_again_after_the_days_agreed(edi: House) -> None:
    edi.take(interchange("1", [order_message("PO-1")]))
    edi.engine.drain()
    _look(edi, days=29)
    early = edi.take(interchange("1", [order_message("PO-2")]))
    assert edi.state(early.message_id) == "held"
    _look(edi, days=31)
    late = edi.take(interchange("1", [order_message("PO-3")]))
    assert late.verdict is Verdict.RECEIVED
    assert edi.state(late.message_id) == "arrived"
