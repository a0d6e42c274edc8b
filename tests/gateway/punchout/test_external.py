"""Taxes, shipping and quotations of the supplier's own shop reach the cart, or are refused."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from canonical.faults import Fault
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import ItemType
from canonical.product import TaxCategory
from canonical.punchout import Cart, CartLine, Operation, QuoteStatus
from gateway.punchout.external import ExternalCart, read_cart, take_cart
from gateway.store.database import Database
from gateway.store.sessions import Session
from tests.gateway.punchout.world import (
    World,
    make_partner,
    make_setup,
    make_world,
    sek,
    start_token,
)

SHOP = {
    "shop": "external",
    "external_url": "https://shop.example/enter",
    "external_secret": "env:SHOP_SECRET",
}
LINE = {
    "sku": "CONFIG-1", "name": "Shelf", "quantity": "2", "unit": "C62", "price": {"amount": "100"},
}  # fmt: skip


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database, make_partner(punchout=SHOP))


def read(line: dict[str, object] | None = None, **cart: object) -> ExternalCart | Fault:
    return read_cart(json.dumps({"lines": [LINE | (line or {})], **cart}).encode())


def entered(world: World, *lines: CartLine) -> Session:
    """Return a session that is open in the supplier's own shop; with lines it edits them."""
    setup = make_setup(Operation.EDIT, lines=lines) if lines else None
    outcome = world.open(setup)
    (_, session_id), *_ = outcome.references
    world.service.visits.start(start_token(outcome))
    session = world.service.visits._means.store.find(session_id)
    assert session is not None
    return session


def taken(world: World, sent: ExternalCart | Fault, *lines: CartLine) -> Cart:
    assert isinstance(sent, ExternalCart), sent
    means = world.service.visits._means
    session = entered(world, *lines)
    assert take_cart(means, session, sent) is None
    found = means.store.find(session.id)
    assert found is not None
    return found.cart


def test_taxes_services_shipping_and_quotation_reach_the_cart(world: World) -> None:
    line = {"tax": {"percent": "12.5", "category": "S"}, "service": True}
    cart = taken(world, read(line, shipping="49.00", pending=True))
    assert cart.lines[0].tax == TaxCategory(percent=Decimal("12.5"))
    assert cart.lines[0].service
    assert cart.shipping == sek("49.00")
    assert cart.quote_status is QuoteStatus.PENDING


def test_a_cart_that_says_nothing_of_them_has_none(world: World) -> None:
    cart = taken(world, read())
    assert (cart.lines[0].tax, cart.shipping) == (None, None)
    assert cart.quote_status is QuoteStatus.FINAL


def test_the_day_until_which_prices_hold_reaches_the_cart(world: World) -> None:
    today = world.clock().date()
    assert taken(world, read(valid_until=today.isoformat())).valid_until == today
    assert taken(world, read()).valid_until is None
    assert taken(world, read(pending=True)).valid_until is None


def test_a_day_that_is_past_is_refused(world: World) -> None:
    means = world.service.visits._means
    yesterday = world.clock().date() - timedelta(days=1)
    session, sent = entered(world), read(valid_until=yesterday.isoformat())
    assert isinstance(sent, ExternalCart)
    fault = take_cart(means, session, sent)
    assert fault is not None
    assert (fault.code, fault.target) == ("PUNCHOUT-051", "valid_until")


def test_prices_of_a_confirmed_quotation_hold_for_thirty_days(world: World) -> None:
    asked = taken(world, read(pending=True))
    assert world.service.returning.transfer(asked.cart_id) == ()
    mark = asked.lines[0].item.auxiliary_id
    confirmed = taken(world, read({"auxiliary_id": mark}), *asked.lines)
    assert confirmed.quote_status is QuoteStatus.FINAL
    assert confirmed.valid_until == world.clock().date() + timedelta(days=30)
    open_still = taken(world, read({"auxiliary_id": mark}, pending=True), *asked.lines)
    assert open_still.valid_until is None


def went_home(world: World, sent: ExternalCart | Fault, *lines: CartLine) -> Cart:
    """Return a cart that the buyer has taken home from the supplier's own shop."""
    cart = taken(world, sent, *lines)
    assert world.service.returning.transfer(cart.cart_id) == ()
    return cart


def test_what_a_line_was_in_last_decides_whether_it_is_a_quotation(world: World) -> None:
    plain = went_home(world, read())
    again = read({"auxiliary_id": plain.lines[0].item.auxiliary_id})
    assert went_home(world, again, *plain.lines).valid_until is None
    line = {"auxiliary_id": plain.lines[0].item.auxiliary_id}
    went_home(world, read(line, pending=True), *plain.lines)
    confirmed = went_home(world, again, *plain.lines)
    last_day = world.clock().date() + timedelta(days=30)
    assert confirmed.valid_until == last_day
    world.clock.forward(days=5)
    assert went_home(world, again, *confirmed.lines).valid_until == last_day
    world.clock.forward(days=26)
    assert went_home(world, again, *confirmed.lines).valid_until is None


@pytest.mark.parametrize(
    ("line", "cart"),
    [
        ({"tax": {"percent": "101"}}, {}),
        ({"tax": {"percent": "-1"}}, {}),
        ({"tax": {"percent": "NaN"}}, {}),
        ({}, {"shipping": "-1"}),
        ({}, {"shipping": "Infinity"}),
    ],
)
def test_impossible_numbers_are_refused_with_their_place(
    line: dict[str, object], cart: dict[str, object]
) -> None:
    fault = read(line, **cart)
    assert isinstance(fault, Fault)
    assert fault.code in ("PUNCHOUT-050", "PUNCHOUT-051")


def test_an_unknown_field_is_refused() -> None:
    fault = read({"tax": {"percent": "1", "rate": "2"}})
    assert isinstance(fault, Fault)
    assert fault.code == "PUNCHOUT-050"


def test_parts_suppliers_documents_and_properties_reach_the_cart(world: World) -> None:
    whole = {
        "id": "pump",
        "item_type": "composite",
        "supplier": {"scheme": "DUNS", "value": "9"},
        "documents": [{"url": "https://s.example/pump.pdf", "name": "Data sheet"}],
        "properties": [{"name": "Plant", "value": "7"}],
    }
    part = {"sku": "SEAL", "part_of": "pump"}
    sent = read_cart(json.dumps({"lines": [LINE | part, LINE | whole]}).encode())
    first, second = taken(world, sent).lines
    assert (first.line_id, first.parent_line) == ("1", "2")
    assert (second.line_id, second.item_type) == ("2", ItemType.COMPOSITE)
    assert second.supplier == Identifier(value="9", scheme="DUNS")
    assert second.attachments == (
        Attachment(url="https://s.example/pump.pdf", file_name="Data sheet"),
    )
    assert second.properties == (Property(name="Plant", value="7"),)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"id": "a"}, {"id": "a"}], "two lines have the same id"),
        ([{"id": "a", "part_of": "b"}], "part_of names b, and no line has that id"),
        ([{"id": "a", "part_of": "a"}], "a line is a part of itself"),
        ([{"id": "a", "part_of": "b"}, {"id": "b", "part_of": "a"}], "a part of itself"),
        ([{"documents": [{"url": "javascript:alert(1)"}]}], "an address with https or http"),
    ],
)
def test_lines_that_cannot_stand_together_are_refused(
    lines: list[dict[str, object]], said: str
) -> None:
    found = read_cart(json.dumps({"lines": [LINE | line for line in lines]}).encode())
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-051"
    assert said in found.message
