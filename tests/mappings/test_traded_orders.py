"""Promise: orders, changes and cancellations leave by either standard and come in the same."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.document import Document
from canonical.identifiers import Identifier, Property, Reference
from canonical.order import Item, LineAction, Order, OrderCancellation, OrderChange, OrderLine
from canonical.party import Address, Contact, Party
from canonical.price import Price
from tests.mappings.examples import LINE, ORDER
from tests.mappings.standards import (
    BREAKS,
    EDIFACT,
    MONEY,
    QUANTITIES,
    REFERENCES,
    X12,
    Standard,
    Way,
    codes,
    places,
    ways,
    with_breaks,
)


def placed(party: Party) -> Party:
    """Return a party whose address repeats its name and number, as an 850 has it."""
    contact = party.contact and replace(party.contact, role=party.contact.role or "IC")
    if party.address is None:
        return replace(party, contact=contact)
    number = party.identifiers[0]
    own = replace(
        party.address, name=party.name, address_id=number.value, scheme=number.scheme
    )  # fmt: skip
    return replace(party, address=own, contact=contact)


def companies(standard: Standard) -> st.SearchStrategy[Party]:
    return standard.parties.map(placed) if standard is X12 else standard.parties


def lines(standard: Standard) -> st.SearchStrategy[OrderLine]:
    prices = with_breaks(standard.prices) if standard is X12 else standard.prices
    return st.builds(
        OrderLine,
        line_id=standard.ids | st.just("7"),
        quantity=QUANTITIES,
        item=standard.items,
        description=st.none() | standard.words,
        price=st.none() | prices,
        requested_delivery=st.none() | standard.times,
        ship_to=st.none() | places(standard),
        note=st.none() | standard.words,
    )


def fields(standard: Standard) -> dict[str, st.SearchStrategy[object]]:
    """Return what an order may hold besides its version."""
    return {
        "order_id": standard.ids,
        "issued_at": standard.times,
        "currency": st.just("SEK"),
        "lines": st.lists(lines(standard), min_size=1, max_size=3).map(tuple),
        "total": st.none() | MONEY,
        "shipping": st.none() | MONEY,
        "tax": st.none() | MONEY,
        "buyer": companies(standard),
        "seller": st.none() | companies(standard),
        "originator": st.none()
        | st.builds(
            Contact, name=standard.words, email=st.just("a.b@c.example"), role=st.just("OC")
        ),
        "ship_to": st.none() | places(standard),
        "bill_to": st.none() | places(standard),
        "requested_delivery": st.none() | standard.times,
        "note": st.none() | standard.words,
        "references": REFERENCES,
    }


VERSIONS = st.none() | st.sampled_from(["3", "CHANGE-2026-11"])
OF_ORDERS = {"D.96A": st.none(), "D.01B": st.none() | st.just("3")}
"""What ORDERS has a place for: no version of an order, or a short one."""


@ways(edifact="ORDERS", x12="850")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_order_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    versions = OF_ORDERS.get(way.edition, VERSIONS)
    order = data.draw(st.builds(Order, order_version=versions, **fields(way.standard)))
    assert way.back(order) == order


def acting(change: OrderChange) -> OrderChange:
    """Return a change in part, whose lines say what to do with them."""
    actions = (LineAction.CHANGE, LineAction.ADD, LineAction.DELETE)
    told = (
        replace(line, action=action) for line, action in zip(change.lines, actions, strict=False)
    )
    return replace(change, lines=tuple(told), partial=True)


@ways(edifact="ORDCHG", x12="860")
@settings(max_examples=20, deadline=None)
@given(data=st.data(), partial=st.booleans())
def test_a_change_reads_back_the_same(way: Way, data: st.DataObject, partial: bool) -> None:
    change = data.draw(st.builds(OrderChange, order_version=VERSIONS, **fields(way.standard)))
    assume(change.order_version != change.order_id)  # the number of the order says: none of its own
    told = acting(change) if partial else change
    assert way.back(told) == told


def cancellations(
    standard: Standard, versions: st.SearchStrategy[str | None]
) -> st.SearchStrategy[OrderCancellation]:
    own = fields(standard)
    kept = {name: own[name] for name in ("order_id", "issued_at", "note", "references")}
    role = "OC" if standard is X12 else None
    return st.builds(
        OrderCancellation,
        order_version=versions,
        buyer=standard.parties,
        originator=st.none() | st.just(Contact(name="Anna", email="a@b.example", role=role)),
        **kept,
    )


@ways(edifact="ORDCHG.cancellation", x12="860.cancellation")
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_cancellation_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    cancellation = data.draw(cancellations(way.standard, VERSIONS))
    assume(cancellation.order_version != cancellation.order_id)
    assert way.back(cancellation) == cancellation


@ways(edifact="ORDERS.cancellation", x12="850.cancellation")
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_cancellation_as_an_order_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    versions = OF_ORDERS.get(way.edition, VERSIONS)
    cancellation = data.draw(cancellations(way.standard, versions))
    assert way.back(cancellation) == cancellation


LONG = "word " * 300
CUT = {
    "note": replace(ORDER, note=LONG),
    "description": replace(ORDER, lines=(replace(LINE, description=LONG),)),
    "line note": replace(ORDER, lines=(replace(LINE, note=LONG),)),
    "name": replace(ORDER, seller=Party(name=LONG)),
    "street": replace(ORDER, ship_to=Address(street=(LONG,))),
    "fifth street": replace(ORDER, ship_to=Address(street=("a", "b", "c", "d" * 30, "e" * 40))),
    "city": replace(ORDER, ship_to=Address(name="A", city=LONG)),
    "postal code": replace(ORDER, bill_to=Address(name="A", postal_code="1" * 20)),
    "receiver": replace(ORDER, ship_to=Address(name="A", deliver_to=(LONG,))),
    "person": replace(ORDER, buyer=Party(name="B"), originator=Contact(name=LONG)),
}
"""Orders with one thing in them that is longer than any place for it."""
NAMES = {"edifact": ("ORDERS", "ORDCHG"), "x12": ("850", "860")}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
@pytest.mark.parametrize("what", CUT)
def test_what_is_cut_is_told(standard: Standard, what: str) -> None:
    name, changed = NAMES[standard.name]
    result = standard.sent(CUT[what], name)
    assert result.faults
    assert {one.code for one in result.faults} <= {"MAP-008", "MAP-011"}
    told = {one: getattr(CUT[what], one) for one in Order.__struct_fields__}
    assert standard.sent(OrderChange(**told), changed).faults


LONG_NUMBERS = {
    "sku": replace(ORDER, lines=(replace(LINE, item=Item(sku="A" * 60)),)),
    "reference": replace(ORDER, references=(Reference(kind="contract", value="A" * 60),) * 2),
}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
@pytest.mark.parametrize("what", LONG_NUMBERS)
def test_a_number_is_never_cut(standard: Standard, what: str) -> None:
    with pytest.raises(AssertionError, match=r"MAP-007|EDIFACT|X12"):
        standard.sent(LONG_NUMBERS[what], NAMES[standard.name][0])


LEFT_OUT: dict[str, Document] = {
    "properties": replace(ORDER, properties=(Property(name="a", value="b"),)),
    "manufacturer": replace(ORDER, lines=(replace(LINE, item=Item(sku="A", manufacturer="M")),)),
    "steps": replace(
        ORDER,
        lines=(replace(LINE, price=Price(amount=Decimal(1), currency="SEK", breaks=BREAKS)),),
    ),
    "kind": replace(ORDER, references=(Reference(kind="cart", value="1"),)),
    "currency": replace(
        ORDER, lines=(replace(LINE, price=Price(amount=Decimal(1), currency="EUR")),)
    ),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_orders_has_no_place_for_is_told(what: str) -> None:
    assert codes(EDIFACT.sent(LEFT_OUT[what], "ORDERS")) == ["MAP-011"]


def test_a_reference_that_x12_has_no_code_for_is_said_in_words() -> None:
    order = LEFT_OUT["kind"]
    result = X12.sent(order, "850")
    assert "REF*ZZ*1*cart" in result.segments
    assert (result.document, result.faults) == (order, ())


SELLERS = {
    "edifact": (
        "BGM+220+PO-1+9'DTM+137:20261122:102'{}CUX+2:SEK:9'LIN+1'PIA+5+A:SA'QTY+21:1'UNS+S'",
        "NAD+{role}+{number}::92'",
        ["VN", "SE", "SU"],
        "ORDERS:D:96A:UN",
    ),
    "x12": (
        "BEG*00*SA*PO-1**20261122~CUR*BY*SEK~{}PO1*1*1*EA***VP*A~",
        "N1*{role}*x*92*{number}~",
        ["VN", "SU", "SE"],
        "850",
    ),
}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_who_sells_is_named_by_one_of_three_roles(standard: Standard) -> None:
    body, party, roles, kind = SELLERS[standard.name]
    for count in (1, 2, 3):
        named = "".join(party.format(role=role, number=role) for role in roles[:count])
        document = standard.read(body.format(named), kind).document
        assert isinstance(document, Order)
        assert document.seller is not None
        assert document.seller.identifiers == (
            Identifier(value=roles[count - 1], scheme="BuyerAssigned"),
        )


PLACES = {"edifact": ["CN", "UC", "ST", "DP"], "x12": ["CN", "UC", "ST"]}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_where_goods_go_to_is_named_by_one_of_several_roles(standard: Standard) -> None:
    body, party, _, kind = SELLERS[standard.name]
    for count in range(1, len(PLACES[standard.name]) + 1):
        roles = PLACES[standard.name][:count]
        named = "".join(party.format(role=role, number=role) for role in roles)
        mapped = standard.read(body.format(named), kind)
        assert isinstance(mapped.document, Order)
        assert mapped.document.ship_to is not None
        assert mapped.document.ship_to.address_id == roles[-1]
        assert codes(mapped) == (["MAP-011"] if "UC" in roles[:-1] else [])
