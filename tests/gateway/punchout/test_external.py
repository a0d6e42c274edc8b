"""Taxes, shipping and quotations of the supplier's own shop reach the cart, or are refused."""

import json
from decimal import Decimal

import pytest

from canonical.faults import Fault
from canonical.product import TaxCategory
from canonical.punchout import Cart, QuoteStatus
from gateway.punchout.external import ExternalCart, read_cart, take_cart
from gateway.store.database import Database
from tests.gateway.punchout.world import World, make_partner, make_world, sek

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


def taken(world: World, sent: ExternalCart | Fault) -> Cart:
    assert isinstance(sent, ExternalCart), sent
    outcome = world.open()
    (_, session_id), *_ = outcome.references
    world.service.visits.start(str(outcome.reply.start_url).rpartition("/")[2])  # type: ignore[union-attr]  # a session
    session = world.service.visits._means.store.find(session_id)
    assert session is not None
    assert take_cart(world.service.visits._means, session, sent) is None
    found = world.service.visits._means.store.find(session_id)
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
