"""Promise: answers to changes of orders leave as 865 and come in as such, in every version."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings

from canonical.amounts import Quantity
from canonical.order import (
    LineStatus,
    OrderCancellation,
    OrderResponse,
    OrderResponseLine,
    ResponseStatus,
)
from mappings.engine.library import Source
from tests.mappings.workbench import SHIPPED
from tests.mappings.x12.test_order_responses import RESPONSES
from tests.mappings.x12.trading import VERSIONS, back, codes, read, sent


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=30, deadline=None)
@given(response=RESPONSES)
def test_an_answer_reads_back_the_same(version: str, response: OrderResponse) -> None:
    told = msgspec.structs.replace(response, to_change=True)
    assert back(told, "865", version) == told


def test_a_line_says_what_was_changed_and_what_becomes_of_it() -> None:
    response = OrderResponse(
        response_id="AB-1",
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        status=ResponseStatus.CHANGED,
        currency="SEK",
        lines=(
            OrderResponseLine(
                line_id="10",
                status=LineStatus.CHANGED,
                quantity=Quantity(value=Decimal(5), unit="C62"),
            ),
        ),
    )
    assert sent(response, "865").segments == [
        "ST*865*0001", "BCA*00*AC*PO-1***20261122***AB-1*20261122", "CUR*SE*SEK",
        "POC*10*CA*5*5*PC", "ACK*IC*5*PC", "CTT*1", "SE*7*0001",
    ]  # fmt: skip


def test_a_line_without_ack_is_what_the_head_says() -> None:
    for code, status in {"AD": LineStatus.ACCEPTED, "RD": LineStatus.REJECTED}.items():
        body = f"BCA*00*{code}*PO-1***20261121~POC*1*CA*5*5*EA*2**VP*A~CTT*1~"
        document = read(body, "865", currency="USD").document
        assert isinstance(document, OrderResponse)
        (line,) = document.lines
        assert (line.status, line.quantity.value) == (status, Decimal(5))


def test_a_total_of_other_lines_is_told() -> None:
    body = "BCA*00*AD*PO-1***20261121~POC*1*CA*5*5*EA*2**VP*A~CTT*2~"
    assert codes(read(body, "865", currency="USD")) == ["MAP-011"]


CHOSEN = {("x12", False): "855", ("x12", True): "865", ("edifact", True): "ORDRSP"}


@pytest.mark.parametrize(("told", "name"), CHOSEN.items())
def test_an_answer_to_a_change_leaves_as_what_the_standard_has(
    told: tuple[str, bool], name: str
) -> None:
    syntax, to_change = told
    answer = OrderResponse(
        response_id="AB-1",
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        status=ResponseStatus.ACCEPTED,
        currency="SEK",
        lines=(),
        to_change=to_change,
    )
    writer = SHIPPED.writer_for(syntax, answer)
    assert writer is not None
    assert writer.message == name


@pytest.mark.parametrize(("syntax", "name"), [("x12", "860"), ("edifact", "ORDCHG")])
def test_a_cancellation_leaves_as_a_change_unless_a_partner_reads_none(
    syntax: str, name: str
) -> None:
    taken_back = OrderCancellation(order_id="PO-1", issued_at=datetime(2026, 11, 22, tzinfo=UTC))
    writer = SHIPPED.writer_for(syntax, taken_back)
    assert writer is not None
    assert writer.message == f"{name}.cancellation"
    own = {"x12": "x12/850-cancellation-write", "edifact": "edifact/orders-cancellation-write"}
    overlay = {own[syntax]: Source("own.yaml", f"extends: {own[syntax]}\nwhen: 'true'\n")}
    writer = SHIPPED.with_overlay(overlay).writer_for(syntax, taken_back)
    assert writer is not None
    assert writer.message in ("850.cancellation", "ORDERS.cancellation")
