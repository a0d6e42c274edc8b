"""Promise: changes and cancellations of orders leave as ORDCHG and ORDERS, and come in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from canonical.amounts import Quantity
from canonical.order import Item, LineAction, OrderChange, OrderLine
from tests.mappings.standards import EDIFACT, codes

HEAD = "DTM+137:20261122:102'RFF+ON:PO-1'CUX+2:SEK:9'"


def lines(*actions: str) -> str:
    rows = [f"LIN+{row}+{code}".rstrip("+") for row, code in enumerate(actions, 1)]
    return "".join(f"{row}'QTY+21:1'" for row in rows)


KINDS = {
    ("9", ("1", "2")): (True, ["add", "delete"]),
    ("4", ("", "11")): (True, ["change", "keep"]),
    ("9", ("", "")): (False, [None, None]),
    ("5", ("3", "2")): (False, [None]),
}


@pytest.mark.parametrize(("told", "expected"), KINDS.items())
def test_a_change_is_whole_or_in_part_as_the_message_says(
    told: tuple[str, tuple[str, ...]], expected: tuple[bool, list[str | None]]
) -> None:
    code, actions = told
    document = EDIFACT.read(
        f"BGM+230+C+{code}'{HEAD}{lines(*actions)}UNS+S'", "ORDCHG:D:96A:UN"
    ).document
    assert isinstance(document, OrderChange)
    assert (document.partial, [line.action for line in document.lines]) == expected
    assert (document.order_id, document.order_version) == ("PO-1", "C")


def test_what_is_to_be_deleted_needs_no_quantity_but_what_changes_does() -> None:
    body = f"BGM+230+C+4'{HEAD}LIN+1+2'LIN+2+3'UNS+S'"
    (fault,) = EDIFACT.read(body, "ORDCHG:D:96A:UN").faults
    assert (fault.code, fault.target) == ("MAP-001", "lines[1].quantity.value")
    assert fault.hint


def test_an_action_says_in_line_what_is_to_be_done() -> None:
    change = OrderChange(
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        currency="SEK",
        partial=True,
        lines=(
            OrderLine(
                line_id="1",
                quantity=Quantity(value=Decimal(2), unit="C62"),
                item=Item(sku="A"),
                action=LineAction.ADD,
            ),
        ),
    )
    assert EDIFACT.sent(change, "ORDCHG").segments[2:8] == [
        "BGM+230+PO-1+4", "DTM+137:20261122:102", "RFF+ON:PO-1", "CUX+2:SEK:9", "LIN+1+1",
        "PIA+5+A:SA",
    ]  # fmt: skip


def test_an_action_that_nobody_knows_is_a_fault() -> None:
    body = f"BGM+230+C+4'{HEAD}{lines('21')}UNS+S'"
    assert codes(EDIFACT.read(body, "ORDCHG:D:96A:UN")) == ["MAP-005"]
