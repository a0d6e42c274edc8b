"""Promise: answers to orders leave as ORDRSP and come in as such, in every edition."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.order import Item, LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from tests.mappings.edifact.trading import (
    AMOUNTS,
    DAYS,
    EDITIONS,
    IDS,
    ITEMS,
    PARTIES,
    PRICES,
    QUANTITIES,
    TIMES,
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
    item=st.none() | ITEMS.filter(lambda item: item != Item()),
    price=st.none() | PRICES,
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
    lines=st.lists(LINES, min_size=1, max_size=3).map(tuple),
    order_issued_at=st.none() | TIMES,
    order_payload_id=st.none() | IDS,
    core_reference=st.none() | IDS,
    total=st.none() | st.builds(Money, amount=AMOUNTS, currency=st.just("SEK")),
    reason=st.none() | WORDS,
    seller=st.none() | PARTIES,
    order_version=st.none() | IDS,
    to_change=st.booleans(),
)


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=40, deadline=None)
@given(response=RESPONSES)
def test_an_answer_reads_back_the_same(edition: str, response: OrderResponse) -> None:
    assert back(response, "ORDRSP", edition) == response


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


def test_what_becomes_of_a_line_is_said_by_its_action_and_quantity() -> None:
    found = sent(RESPONSE, "ORDRSP").segments
    assert found[2:] == [
        "BGM+231+AB-1+4", "DTM+137:20261122:102", "RFF+ON:PO-1", "CUX+2:SEK:9", "LIN+10+3",
        "QTY+83:5:PCE", "DTM+67:20261201:102", "UNS+S", "CNT+2:1", "UNT+11+1", "UNZ+1+4711", "",
    ]  # fmt: skip


def test_an_answer_without_code_is_what_its_lines_say() -> None:
    head = "DTM+137:20261122:102'RFF+ON:PO-1'CUX+2:SEK:9'"
    lines = {"5": "accepted", "7": "rejected", "3": "changed"}
    for action, status in lines.items():
        body = f"BGM+231+A+9'{head}LIN+1+{action}'QTY+21:1'UNS+S'"
        document = read(body, "ORDRSP:D:96A:UN").document
        assert isinstance(document, OrderResponse)
        assert document.status == status


def test_a_currency_that_nobody_tells_is_a_fault_unless_it_is_agreed() -> None:
    body = "BGM+231+A+29'DTM+137:20261122:102'RFF+ON:PO-1'UNS+S'"
    assert codes(read(body, "ORDRSP:D:96A:UN")) == ["MAP-001"]
    document = read(body, "ORDRSP:D:96A:UN", currency="NOK").document
    assert isinstance(document, OrderResponse)
    assert document.currency == "NOK"


def test_a_reason_that_is_too_long_is_said_to_be_cut() -> None:
    long = msgspec.structs.replace(RESPONSE, reason="word " * 90)
    result = sent(long, "ORDRSP")
    assert codes(result) == ["MAP-011"]
    assert isinstance(result.document, OrderResponse)
    assert result.document.reason == " ".join(["word"] * 70)
