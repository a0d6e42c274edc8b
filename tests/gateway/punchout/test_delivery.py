"""Lines say when they arrive at the chosen address, and a core that is away costs no cart."""

from collections.abc import Sequence
from dataclasses import replace as changed
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from canonical.delivery import DeliveryRoute
from canonical.party import Address, Customer
from canonical.punchout import Cart
from gateway.connectors.contract import Capabilities
from gateway.errors import CoreUnreachableError
from gateway.punchout.filling import Wish
from gateway.store.database import Database
from gateway.store.sessions import Session
from tests.gateway.punchout.world import World, make_setup, make_world

TODAY = date(2026, 11, 22)  # a Sunday
NORTH = Address(name="North", postal_code="98130", country="SE")
SOUTH = Address(name="South", postal_code="21120", country="SE")
WEST = Address(name="West", postal_code="0150", country="NO")
ROUTES = {
    "98130": (DeliveryRoute(warehouse="Stockholm", leaves_on=date(2026, 11, 23), days=3),),
    "21120": (DeliveryRoute(warehouse="Malmö", leaves_on=date(2026, 11, 23), days=1),),
    "0150": (),
}


class Asked(list[str]):
    """Hold the postal codes that the core was asked for routes to."""


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch, asked: Asked) -> World:
    made = make_world(database)
    known = made.core.customer

    def customer(customer_id: str) -> Customer | None:
        found = known(customer_id)
        return None if found is None else replace(found, addresses=(NORTH, SOUTH, WEST))

    def deliveries(ship_to: Address) -> Sequence[DeliveryRoute]:
        asked.append(ship_to.postal_code or "")
        return ROUTES[ship_to.postal_code or ""]

    monkeypatch.setattr(made.core, "customer", customer)
    monkeypatch.setattr(made.core, "deliveries", deliveries)
    return made


def session_of(world: World, token: str) -> Session:
    session = world.service.visits.find(token)
    assert session is not None
    return session


def days(world: World, token: str) -> list[date | None]:
    session = session_of(world, token)
    found = world.service.deliveries.of_lines(session, session.cart.lines)
    return [found[line.item.auxiliary_id or ""].day for line in session.cart.lines]


def test_the_address_is_the_chosen_one_before_the_setups(world: World) -> None:
    deliveries = world.service.deliveries
    token = world.enter(make_setup(ship_to=NORTH))
    session = session_of(world, token)
    assert deliveries.address(session) == NORTH
    assert deliveries.choose(session, "1") is None
    assert deliveries.address(session) == SOUTH
    assert deliveries.address(session_of(world, world.enter())) is None
    alone = replace(session.customer, addresses=(WEST,))
    other = changed(session_of(world, world.enter()), customer=alone)
    assert deliveries.address(other) == WEST


@pytest.mark.parametrize("key", ["3", "-1", "", "x", "²", "99999999999999999999", "1e0"])
def test_an_address_that_is_not_the_customers_is_refused(world: World, key: str) -> None:
    session = session_of(world, world.enter())
    found = world.service.deliveries.choose(session, key)
    assert found is not None
    assert found.code == "PUNCHOUT-108"
    assert world.service.deliveries.address(session) is None


def test_days_follow_the_address_and_lines_of_one_product_share_its_stock(world: World) -> None:
    token = world.enter(make_setup(ship_to=SOUTH))
    assert world.add(token, "BOLT-M8", "3000") is None
    assert world.add(token, "DRILL-18", "7") is None
    assert days(world, token) == [date(2026, 11, 24), date(2026, 11, 24)]
    assert world.add(token, "BOLT-M8", "2000") is None
    assert days(world, token)[0] == date(2026, 12, 2)  # 10,000 come on the 1st
    world.service.deliveries.choose(session_of(world, token), "0")
    assert days(world, token)[0] == date(2026, 11, 26)
    world.service.deliveries.choose(session_of(world, token), "2")
    assert days(world, token) == [None, None]


def test_a_cart_goes_home_with_the_days_of_today(world: World) -> None:
    token = world.enter(make_setup(ship_to=SOUTH))
    world.add(token, "DRILL-18", "1")
    world.add(token, "PAINT-W", "1")
    assert world.service.returning.transfer(world.session_id(token)) == ()
    (cart,) = world.outbox.carts
    assert isinstance(cart, Cart)
    drill, paint = cart.lines
    assert (drill.delivery, drill.lead_time_days) == (date(2026, 11, 24), 2)
    assert paint.delivery == date(2026, 11, 26)  # bought: four working days from Sunday


def test_routes_are_asked_for_once_in_a_minute(world: World, asked: Asked) -> None:
    deliveries = world.service.deliveries
    token = world.enter(make_setup(ship_to=SOUTH))
    drill = world.catalogue.product("DRILL-18")
    assert drill is not None
    for _ in range(3):
        assert deliveries.arrivals(session_of(world, token), [Wish(drill, Decimal(1))])
    assert asked == ["21120"]
    world.clock.forward(seconds=61)
    deliveries.arrivals(session_of(world, token), [Wish(drill, Decimal(1))])
    assert asked == ["21120", "21120"]


def test_a_core_without_routes_is_not_asked_and_delivers_by_the_next_working_day(
    world: World, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Capabilities(name="plain", version="1")
    monkeypatch.setattr(world.core, "capabilities", lambda: plain)
    token = world.enter(make_setup(ship_to=SOUTH))
    world.add(token, "DRILL-18", "1")
    assert days(world, token) == [TODAY + timedelta(days=1)]
    assert asked == []


def test_a_core_that_is_away_costs_the_days_and_not_the_cart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.enter(make_setup(ship_to=SOUTH))
    world.add(token, "DRILL-18", "1")

    def away(*_: object) -> None:
        message = "no answer"
        raise CoreUnreachableError(message)

    monkeypatch.setattr(world.core, "stock_of", away)
    session = session_of(world, token)
    assert world.service.deliveries.of_lines(session, session.cart.lines) == {}
    assert world.service.returning.transfer(session.id) == ()
    assert world.outbox.carts[0].lines[0].delivery is None
    assert world.outbox.carts[0].lines[0].lead_time_days == 3
