"""Promise: orders, their changes and cancellations leave as 850 and 860 and come in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.identifiers import Reference
from canonical.order import (
    Item,
    LineAction,
    Order,
    OrderCancellation,
    OrderChange,
    OrderLine,
)
from canonical.party import Address, Contact, Party
from tests.mappings.x12.trading import (
    AMOUNTS,
    IDS,
    ITEMS,
    PARTIES,
    PRICES,
    QUANTITIES,
    TIMES,
    VERSIONS,
    WORDS,
    back,
    codes,
    read,
    sent,
)

PLACES = st.builds(
    Address,
    address_id=st.just("7300030000005"),
    scheme=st.just("GLN"),
    name=WORDS,
    deliver_to=st.lists(WORDS, max_size=2).map(tuple),
    street=st.lists(WORDS, max_size=4).map(tuple),
    city=st.none() | WORDS,
    postal_code=st.none() | st.just("411 01"),
)
LINES = st.builds(
    OrderLine,
    line_id=IDS,
    quantity=QUANTITIES,
    item=ITEMS,
    description=st.none() | WORDS,
    price=st.none() | PRICES,
    requested_delivery=st.none() | TIMES,
    ship_to=st.none() | PLACES,
    note=st.none() | WORDS,
)
MONEY = st.builds(Money, amount=AMOUNTS, currency=st.just("SEK"))


def placed(party: Party) -> Party:
    """Return a party whose address repeats its name and number, as an order has it."""
    if party.address is None:
        return party
    number = party.identifiers[0]
    own = msgspec.structs.replace(
        party.address, name=party.name, address_id=number.value, scheme=number.scheme
    )
    contact = party.contact and msgspec.structs.replace(party.contact, role="IC")
    return msgspec.structs.replace(party, address=own, contact=contact)


COMPANIES = PARTIES.filter(lambda party: party.contact is None).map(placed)
CONTACTS = st.builds(Contact, name=WORDS, email=st.just("a.b@c.example"), role=st.just("OC"))
REFERENCES = st.sampled_from([
    (),
    (Reference(kind="contract", value="AV-1"), Reference(kind="requisition", value="R-1")),
    (Reference(kind="contract", value="AV-1"), Reference(kind="contract", value="AV-2"),
     Reference(kind="DP", value="17")),
])  # fmt: skip
FIELDS = {
    "order_id": IDS,
    "issued_at": TIMES,
    "currency": st.just("SEK"),
    "lines": st.lists(LINES, min_size=1, max_size=3).map(tuple),
    "order_version": st.none() | st.sampled_from(["3", "CHANGE-2026-11"]),
    "total": st.none() | MONEY,
    "shipping": st.none() | MONEY,
    "tax": st.none() | MONEY,
    "buyer": st.none() | COMPANIES,
    "seller": st.none() | COMPANIES,
    "originator": st.none() | CONTACTS,
    "ship_to": st.none() | PLACES,
    "bill_to": st.none() | PLACES,
    "requested_delivery": st.none() | TIMES,
    "note": st.none() | WORDS,
    "references": REFERENCES,
}


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=30, deadline=None)
@given(order=st.builds(Order, **FIELDS))
def test_an_order_reads_back_the_same(version: str, order: Order) -> None:
    assert back(order, "850", version) == order


def acting(change: OrderChange) -> OrderChange:
    """Return a change in part, whose lines say what to do with them."""
    actions = (LineAction.CHANGE, LineAction.ADD, LineAction.DELETE)
    lines = [
        msgspec.structs.replace(line, action=actions[number])
        for number, line in enumerate(change.lines)
    ]
    return msgspec.structs.replace(change, lines=tuple(lines), partial=True)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=20, deadline=None)
@given(change=st.builds(OrderChange, **FIELDS), partial=st.booleans())
def test_a_change_reads_back_the_same(version: str, change: OrderChange, partial: bool) -> None:
    told = acting(change) if partial else change
    assert back(told, "860", version) == told


CANCELLATIONS = st.builds(
    OrderCancellation,
    order_id=IDS,
    issued_at=TIMES,
    order_version=st.none() | st.sampled_from(["3", "CHANGE-2026-11"]),
    buyer=st.none() | PARTIES,
    originator=st.none() | CONTACTS,
    note=st.none() | WORDS,
    references=REFERENCES,
)


@settings(max_examples=20, deadline=None)
@given(cancellation=CANCELLATIONS)
def test_a_cancellation_reads_back_the_same(cancellation: OrderCancellation) -> None:
    assert back(cancellation, "860.cancellation") == cancellation
    assert back(cancellation, "850.cancellation") == cancellation


ORDER = Order(
    order_id="PO-1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    currency="SEK",
    lines=(
        OrderLine(
            line_id="1",
            quantity=Quantity(value=Decimal(5), unit="C62"),
            item=Item(sku="A-1"),
        ),
    ),
)


def test_what_is_cut_is_told() -> None:
    (line,) = ORDER.lines
    long = msgspec.structs.replace(
        ORDER,
        note="word " * 300,
        lines=(msgspec.structs.replace(line, description="word " * 80),),
    )
    assert codes(sent(long, "850")) == ["MAP-011", "MAP-011"]


@pytest.mark.parametrize("unit", ["MQM", "CR"])
def test_a_unit_that_x12_has_no_code_for_is_a_fault(unit: str) -> None:
    """A crate is CR in Recommendation 20; in X12 that is a cubic metre."""
    (line,) = ORDER.lines
    odd = msgspec.structs.replace(line, quantity=Quantity(value=Decimal(5), unit=unit))
    with pytest.raises(AssertionError, match="MAP-00"):
        sent(msgspec.structs.replace(ORDER, lines=(odd,)), "850")


@pytest.mark.parametrize(
    ("unit", "code"), [("MTQ", "CR"), ("CS", "CA"), ("CA", "CN"), ("RL", "RE")]
)
def test_a_unit_goes_by_the_code_of_x12(unit: str, code: str) -> None:
    (line,) = ORDER.lines
    other = msgspec.structs.replace(line, quantity=Quantity(value=Decimal(5), unit=unit))
    order = msgspec.structs.replace(ORDER, lines=(other,))
    result = sent(order, "850")
    assert f"PO1*1*5*{code}***VP*A-1" in result.segments
    assert result.document == order


def test_an_order_of_purpose_01_takes_back() -> None:
    document = read("BEG*01*SA*PO-1**20261122~PO1*1*1*EA*2~", "850").document
    assert isinstance(document, OrderCancellation)
    assert document.order_id == "PO-1"


def test_a_change_in_part_says_what_to_do_with_each_line() -> None:
    body = (
        "BCH*04*SA*PO-1***20261122~CUR*BY*USD~POC*1*DI*100*0*EA*65.67**VP*A-1~"
        "POC*2*QD*25*25*MR**VP*A-2~POC*3*AI*1*1*EA*9.5*HP*VP*A-3~CTT*3~"
    )
    document = read(body.replace("MR**VP", "MR***VP"), "860").document
    assert isinstance(document, OrderChange)
    assert document.partial
    actions = [line.action for line in document.lines]
    assert actions == [LineAction.DELETE, LineAction.CHANGE, LineAction.ADD]


def test_lines_taken_out_are_not_in_an_order_that_replaces_the_earlier() -> None:
    body = (
        "BCH*05*SA*PO-1***20261122~CUR*BY*USD~POC*1*DI*100*0*EA***VP*A-1~"
        "POC*2*NC*50*50*MR***VP*A-2~CTT*2~"
    )
    document = read(body, "860").document
    assert isinstance(document, OrderChange)
    assert not document.partial
    assert [line.line_id for line in document.lines] == ["2"]
    assert document.lines[0].action is None
