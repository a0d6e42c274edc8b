"""What was marked or bought before comes back at today's prices; what cannot be had says why."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.order import Item, OrderLine
from canonical.party import Contact
from canonical.punchout import Shopper
from gateway.connectors.contract import Page
from gateway.errors import CoreUnreachableError
from gateway.punchout.favourites import Favourites, Pick
from gateway.store.database import Database
from gateway.store.sessions import Session
from tests.builders import make_order
from tests.gateway.punchout.world import World, make_partner, make_setup, make_world

ADA = Shopper(user_id="ada")
BY_MAIL = Contact(name="Ada", email="ada@norr.example")


@pytest.fixture
def favourites(world: World) -> Favourites:
    return Favourites(world.service.means)


def enter(world: World, shopper: Shopper | None = ADA, partner: str = "norr") -> Session:
    return session_of(world, world.enter(make_setup(shopper=shopper), partner))


def session_of(world: World, token: str) -> Session:
    session = world.service.visits.find(token)
    assert session is not None
    return session


def bought(world: World, *lines: tuple[str, str]) -> str:
    token = world.enter(make_setup(shopper=ADA))
    for sku, quantity in lines:
        assert world.add(token, sku, quantity) is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    world.clock.forward(minutes=1)
    return world.session_id(token)


def told(picks: Sequence[Pick]) -> list[tuple[str, str, str]]:
    return [
        (one.sku, f"{one.quantity:f}", one.blocked.code if one.blocked else "") for one in picks
    ]


def remove(world: World, sku: str) -> None:
    world.catalogue.apply_products(Page(items=(), next="2", more=False, deleted=(sku,)))


def test_marks_are_a_persons_own_and_come_with_todays_price(
    world: World, favourites: Favourites
) -> None:
    session = enter(world)
    assert favourites.mark(session, "BOLT-M8") is None
    world.clock.forward(seconds=1)
    assert favourites.mark(session, "LASER-X") is None
    again = enter(world)
    assert told(favourites.marked(again)) == [
        ("LASER-X", "1", "PUNCHOUT-021"), ("BOLT-M8", "100", ""),
    ]  # fmt: skip
    bolt = favourites.marked(again)[1]
    assert bolt.offer is not None
    assert bolt.offer.price is not None
    assert bolt.offer.price.amount == Decimal("158.50")
    assert favourites.is_marked(again, "BOLT-M8")
    for other in (enter(world, Shopper(user_id="eve")), enter(world, partner="verkstad")):
        assert favourites.marked(other) == ()
        assert not favourites.is_marked(other, "BOLT-M8")
    favourites.unmark(again, "BOLT-M8")
    assert [one.sku for one in favourites.marked(session)] == ["LASER-X"]


def test_what_is_not_there_cannot_be_marked(world: World, favourites: Favourites) -> None:
    found = favourites.mark(enter(world), "NIX")
    assert found is not None
    assert found.code == "PUNCHOUT-020"


def test_a_service_user_shares_one_list(database: Database) -> None:
    world = make_world(database, make_partner(punchout={"users": "service"}))
    favourites = Favourites(world.service.means)
    favourites.mark(enter(world), "BOLT-M8")
    assert [one.sku for one in favourites.marked(enter(world, Shopper(user_id="eve")))] == [
        "BOLT-M8"
    ]


def test_an_earlier_cart_comes_back_as_it_can_be_had_today(
    world: World, favourites: Favourites
) -> None:
    first = bought(world, ("BOLT-M8", "150"), ("GLOVE-9", "3"), ("DRILL-18", "1"))
    second = bought(world, ("NUT-M8", "100"))
    glove = world.catalogue.product("GLOVE-9")
    assert glove is not None
    dozen = replace(glove, minimum_quantity=Decimal(12), quantity_multiple=Decimal(12))
    world.catalogue.apply_products(Page(items=(dozen,), next="1", more=False))
    remove(world, "DRILL-18")
    session = enter(world)
    assert [one.session_id for one in favourites.earlier(session)] == [second, first]
    cart = favourites.cart_before(session, first)
    assert cart is not None
    assert told(cart.picks) == [
        ("BOLT-M8", "150", ""), ("GLOVE-9", "12", ""), ("DRILL-18", "1", "PUNCHOUT-109"),
    ]  # fmt: skip
    assert cart.picks[2].name == "Cordless drill 18 V, two batteries"


def test_nobody_sees_the_carts_of_another(world: World, favourites: Favourites) -> None:
    first = bought(world, ("BOLT-M8", "150"))
    for other in (enter(world, Shopper(user_id="eve")), enter(world, partner="verkstad")):
        assert favourites.earlier(other) == ()
        assert favourites.cart_before(other, first) is None


def make_line(sku: str | None, quantity: str, unit: str = "C62") -> OrderLine:
    return OrderLine(
        line_id=sku or "free",
        item=Item(sku=sku),
        quantity=Quantity(value=Decimal(quantity), unit=unit),
        description="as it was ordered",
    )


def test_an_earlier_order_comes_back_as_it_can_be_had_today(
    world: World, favourites: Favourites
) -> None:
    lines = (make_line("BOLT-M8", "150"), make_line("GLOVE-9", "3", "BX"), make_line(None, "2"))
    message_id = world.ordered(replace(make_order("PO-7", originator=BY_MAIL), lines=lines))
    session = enter(world, Shopper(email="ADA@norr.example"))
    assert [one.order.order_id for one in favourites.ordered(session)] == ["PO-7"]
    found = favourites.order_before(session, message_id)
    assert found is not None
    assert found.order_id == "PO-7"
    assert told(found.picks) == [
        ("BOLT-M8", "150", ""), ("GLOVE-9", "1", ""), ("", "2", "PUNCHOUT-109"),
    ]  # fmt: skip
    assert found.picks[2].name == "as it was ordered"


def test_nobody_sees_the_orders_of_another_and_the_nameless_see_none(
    world: World, favourites: Favourites
) -> None:
    message_id = world.ordered(make_order(originator=BY_MAIL))
    for shopper in (Shopper(email="eve@norr.example"), Shopper(user_id="ada"), None):
        setup = make_setup(shopper=shopper, contacts=())
        other = session_of(world, world.enter(setup))
        assert favourites.ordered(other) == ()
        assert favourites.order_before(other, message_id) is None
    stranger = enter(world, Shopper(email="ada@norr.example"), "verkstad")
    assert favourites.ordered(stranger) == ()


def test_people_who_come_as_one_user_share_their_orders(database: Database) -> None:
    world = make_world(database, make_partner(punchout={"users": "service"}))
    world.ordered(make_order("PO-8", originator=BY_MAIL))
    favourites = Favourites(world.service.means)
    session = session_of(world, world.enter(make_setup(shopper=None, contacts=())))
    assert [one.order.order_id for one in favourites.ordered(session)] == ["PO-8"]


def test_without_the_core_the_list_stands_there_without_prices(
    world: World, favourites: Favourites, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = enter(world)
    favourites.mark(session, "BOLT-M8")

    def away(*_: object) -> None:
        message = "no answer"
        raise CoreUnreachableError(message)

    monkeypatch.setattr(world.core, "prices", away)
    (pick,) = favourites.marked(session)
    assert (pick.product is not None, pick.offer, pick.blocked) == (True, None, None)
