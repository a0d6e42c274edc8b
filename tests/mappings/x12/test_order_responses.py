"""Promise: answers to orders leave as 855 and come in as such, in every version."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.order import LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from tests.mappings.x12.trading import (
    AMOUNTS,
    DAYS,
    IDS,
    NAMED_ITEMS,
    PARTIES,
    PLAIN_PRICES,
    QUANTITIES,
    TIMES,
    VERSIONS,
    WORDS,
    back,
    codes,
    read,
    sent,
)

LINES = st.builds(
    OrderResponseLine,
    line_id=IDS,
    status=st.sampled_from(LineStatus),
    quantity=QUANTITIES,
    item=st.none() | NAMED_ITEMS,
    price=st.none() | PLAIN_PRICES,
    delivery=st.none() | DAYS,
    reason=st.none() | WORDS,
)
RESPONSES = st.builds(
    OrderResponse,
    response_id=IDS,
    order_id=IDS,
    issued_at=TIMES,
    status=st.sampled_from(ResponseStatus),
    currency=st.just("SEK"),
    lines=st.lists(LINES, max_size=3).map(tuple),
    order_issued_at=st.none() | TIMES,
    order_payload_id=st.none() | IDS,
    core_reference=st.none() | IDS,
    total=st.none() | st.builds(Money, amount=AMOUNTS, currency=st.just("SEK")),
    reason=st.none() | WORDS,
    seller=st.none() | PARTIES,
    order_version=st.none() | IDS,
)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=40, deadline=None)
@given(response=RESPONSES)
def test_an_answer_reads_back_the_same(version: str, response: OrderResponse) -> None:
    assert back(response, "855", version) == response


RESPONSE = OrderResponse(
    response_id="AB-1",
    order_id="PO-1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    status=ResponseStatus.CHANGED,
    currency="SEK",
    lines=(
        OrderResponseLine(
            line_id="10",
            status=LineStatus.BACKORDERED,
            quantity=Quantity(value=Decimal(5), unit="C62"),
            delivery=date(2026, 12, 1),
        ),
    ),
)


def test_what_becomes_of_a_line_is_said_by_its_ack() -> None:
    assert sent(RESPONSE, "855").segments == [
        "ST*855*0001", "BAK*00*AC*PO-1*20261122****AB-1*20261122", "CUR*SE*SEK", "PO1*10*5*PC",
        "ACK*IB*5*PC*067*20261201", "CTT*1", "SE*7*0001",
    ]  # fmt: skip


def test_a_line_that_is_answered_in_parts_becomes_as_many() -> None:
    body = (
        "BAK*00*AC*PO-1*20261121~CUR*SE*USD~PO1*1*10*EA*2**VP*A-1~ACK*IA*6*EA*067*20261201~"
        "ACK*IB*4*EA*067*20261224~PO1*2*3*EA**VP*A-2~CTT*2~"
    )
    document = read(body.replace("EA**VP", "EA***VP"), "855").document
    assert isinstance(document, OrderResponse)
    found = [(one.line_id, one.status.value, str(one.quantity.value)) for one in document.lines]
    assert found == [("1", "accepted", "6"), ("1", "backordered", "4"), ("2", "accepted", "3")]
    assert (document.response_id, document.order_issued_at) == ("PO-1", None)


def test_a_currency_that_nobody_tells_is_a_fault_unless_it_is_agreed() -> None:
    body = "BAK*00*AK*PO-1*20261121~"
    assert codes(read(body, "855")) == ["MAP-001"]
    document = read(body, "855", currency="NOK").document
    assert isinstance(document, OrderResponse)
    assert document.currency == "NOK"


def test_a_reason_that_is_too_long_is_said_to_be_cut() -> None:
    long = msgspec.structs.replace(RESPONSE, reason="word " * 300)
    assert codes(sent(long, "855")) == ["MAP-011"]
