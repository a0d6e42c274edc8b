"""Promise: changes and cancellations of orders leave as ORDCHG and ORDERS, and come in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.identifiers import Reference
from canonical.order import Item, LineAction, OrderCancellation, OrderChange, OrderLine
from canonical.party import Contact
from tests.mappings.edifact.trading import (
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

REFERENCES = st.sampled_from([(), (Reference(kind="contract", value="AV?1"),)])
LINE = {
    "line_id": st.sampled_from(["1", "20", "300000"]),
    "quantity": QUANTITIES,
    "item": ITEMS,
    "description": st.none() | WORDS,
    "price": st.none() | PRICES,
    "requested_delivery": st.none() | TIMES,
    "note": st.none() | WORDS,
}
WHOLE = st.builds(OrderLine, **LINE)
PART = st.builds(OrderLine, action=st.sampled_from(LineAction), **LINE)
CHANGE = {
    "order_id": IDS,
    "issued_at": TIMES,
    "currency": st.just("SEK"),
    "order_version": st.none() | st.just("7"),
    "requested_delivery": st.none() | TIMES,
    "note": st.none() | WORDS,
    "references": REFERENCES,
}
CHANGES = st.builds(
    OrderChange, lines=st.lists(WHOLE, min_size=1, max_size=3).map(tuple), **CHANGE
) | st.builds(
    OrderChange,
    lines=st.lists(PART, min_size=1, max_size=3).map(tuple),
    partial=st.just(True),
    **CHANGE,
)
CANCELLATIONS = st.builds(
    OrderCancellation,
    order_id=IDS,
    issued_at=TIMES,
    order_version=st.none() | st.just("7"),
    buyer=PARTIES,
    originator=st.none() | st.just(Contact(name="Anna", email="anna@buyer.example")),
    note=st.none() | WORDS,
    references=REFERENCES,
)


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=40, deadline=None)
@given(change=CHANGES)
def test_a_change_reads_back_the_same(edition: str, change: OrderChange) -> None:
    assert back(change, "ORDCHG", edition) == change


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=20, deadline=None)
@given(cancellation=CANCELLATIONS)
def test_a_cancellation_reads_back_the_same(edition: str, cancellation: OrderCancellation) -> None:
    assert back(cancellation, "ORDCHG.cancellation", edition) == cancellation
    if edition != "D.96A" or cancellation.order_version is None:
        assert back(cancellation, "ORDERS.cancellation", edition) == cancellation


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
    document = read(f"BGM+230+C+{code}'{HEAD}{lines(*actions)}UNS+S'", "ORDCHG:D:96A:UN").document
    assert isinstance(document, OrderChange)
    assert (document.partial, [line.action for line in document.lines]) == expected
    assert (document.order_id, document.order_version) == ("PO-1", "C")


def test_what_is_to_be_deleted_needs_no_quantity_but_what_changes_does() -> None:
    body = f"BGM+230+C+4'{HEAD}LIN+1+2'LIN+2+3'UNS+S'"
    (fault,) = read(body, "ORDCHG:D:96A:UN").faults
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
    assert sent(change, "ORDCHG").segments[2:8] == [
        "BGM+230+PO-1+4", "DTM+137:20261122:102", "RFF+ON:PO-1", "CUX+2:SEK:9", "LIN+1+1",
        "PIA+1+A:SA",
    ]  # fmt: skip


def test_an_action_that_nobody_knows_is_a_fault() -> None:
    body = f"BGM+230+C+4'{HEAD}{lines('21')}UNS+S'"
    assert codes(read(body, "ORDCHG:D:96A:UN")) == ["MAP-005"]


def test_what_is_cut_is_told() -> None:
    line = OrderLine(
        line_id="1",
        quantity=Quantity(value=Decimal(2), unit="C62"),
        item=Item(sku="A"),
        description="word " * 60,
    )
    change = OrderChange(
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        currency="SEK",
        note="word " * 90,
        lines=(line,),
    )
    assert codes(sent(change, "ORDCHG")) == ["MAP-011", "MAP-011"]
