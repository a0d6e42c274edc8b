"""Promise: answers to orders leave as ORDRSP and come in as such, in every edition."""

from datetime import UTC, date, datetime
from decimal import Decimal

from canonical.amounts import Quantity
from canonical.order import LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from tests.mappings.standards import EDIFACT

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
    found = EDIFACT.sent(RESPONSE, "ORDRSP").segments
    assert found[2:] == [
        "BGM+231+AB-1+4", "DTM+137:20261122:102", "RFF+ON:PO-1", "CUX+2:SEK:9", "LIN+10+3",
        "QTY+83:5:PCE", "DTM+67:20261201:102", "UNS+S", "CNT+2:1", "UNT+11+1", "UNZ+1+4711", "",
    ]  # fmt: skip


def test_an_answer_without_code_is_what_its_lines_say() -> None:
    head = "DTM+137:20261122:102'RFF+ON:PO-1'CUX+2:SEK:9'"
    lines = {"5": "accepted", "7": "rejected", "3": "changed"}
    for action, status in lines.items():
        body = f"BGM+231+A+9'{head}LIN+1+{action}'QTY+21:1'UNS+S'"
        document = EDIFACT.read(body, "ORDRSP:D:96A:UN").document
        assert isinstance(document, OrderResponse)
        assert document.status == status
