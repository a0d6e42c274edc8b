"""What people visit, mark, cart and order is theirs alone, bounded, and forgotten in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from canonical.party import Contact
from canonical.punchout import Shopper
from gateway.store import shoppers as module
from gateway.store.database import Database
from gateway.store.retention import forget_sessions
from gateway.store.shoppers import Orders, Owner, ShopperStore
from tests.builders import make_order
from tests.gateway.punchout.world import World, make_setup, make_world

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA, EVE, OTHER = Owner("norr", "ada"), Owner("norr", "eve"), Owner("verkstad", "ada")


@pytest.fixture
def store(database: Database) -> ShopperStore:
    return ShopperStore(database)


def test_favourites_are_the_owners_alone_the_last_first(store: ShopperStore) -> None:
    store.mark(ADA, ["A", "B", "A"], NOON)
    store.mark(ADA, ["C", "A"], NOON + timedelta(seconds=1))
    assert store.favourites(ADA) == ("C", "A", "B")
    assert store.favourites(EVE) == store.favourites(OTHER) == ()
    store.unmark(EVE, ["A"])
    store.unmark(ADA, ["A", "never"])
    assert store.favourites(ADA) == ("C", "B")


def test_the_oldest_favourites_make_room(
    store: ShopperStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FAVOURITES", 2)
    for number, sku in enumerate("ABC"):
        store.mark(ADA, [sku], NOON + timedelta(seconds=number))
    assert store.favourites(ADA) == ("C", "B")


def carts(world: World, key: str) -> list[list[str | None]]:
    found = world.service.means.store.shoppers.earlier_carts(Owner("norr", key), 10)
    return [[line.item.sku for line in one.cart.lines] for one in found]


def test_earlier_carts_are_those_that_went_home_with_the_same_person(database: Database) -> None:
    world = make_world(database)

    def shop(sku: str, user: str, *, leave: bool = False) -> str:
        token = world.enter(make_setup(shopper=Shopper(user_id=user)))
        assert world.add(token, sku, "100") is None
        session = world.session_id(token)
        close = world.service.returning.cancel if leave else world.service.returning.transfer
        assert close(session) == ()
        world.clock.forward(minutes=1)
        return session

    first = shop("BOLT-M8", "ada")
    shop("NUT-M8", "ADA")
    shop("GLOVE-9", "eve")
    shop("DRILL-18", "ada", leave=True)
    world.enter(make_setup(shopper=Shopper(user_id="ada")))
    assert carts(world, "ada") == [["NUT-M8"], ["BOLT-M8"]]
    assert carts(world, "eve") == [["GLOVE-9"]]
    store = world.service.means.store.shoppers
    mine = store.earlier_cart(ADA, first)
    assert mine is not None
    assert [line.item.sku for line in mine.cart.lines] == ["BOLT-M8"]
    assert store.earlier_cart(EVE, first) is None
    assert store.earlier_cart(ADA, "nothing") is None


def test_who_does_not_come_back_is_forgotten_with_visits_and_favourites(database: Database) -> None:
    world = make_world(database)
    world.enter(make_setup(shopper=Shopper(user_id="ada")))
    store = world.service.means.store.shoppers
    store.mark(ADA, ["A"], world.clock.now)
    store.mark(OTHER, ["A"], world.clock.now)
    forget_sessions(database, world.clock.now - timedelta(days=1))
    assert len(store.seen("norr")) == 1
    forget_sessions(database, world.clock.now + timedelta(days=1))
    assert store.seen("norr") == ()
    assert store.favourites(ADA) == ()


def test_orders_are_those_of_one_person_however_the_address_is_spelt(database: Database) -> None:
    world = make_world(database)
    store = world.service.means.store.shoppers
    contacts = {name: Contact(name=name, email=f"{name}@Norr.example") for name in ("Ada", "eve")}

    def order(number: str, who: str, partner: str = "norr", **row: Any) -> str:
        world.clock.forward(minutes=1)
        return world.ordered(make_order(number, originator=contacts[who]), partner, **row)

    first, second = order("1", "Ada"), order("2", "Ada")
    order("3", "eve")
    order("4", "Ada", "verkstad")
    order("5", "Ada", state="refused")
    order("6", "Ada", test=True)
    mine = Orders("norr", "ada@norr.EXAMPLE", ("delivered", "held"))
    assert [(one.message_id, one.order.order_id) for one in store.orders(mine, 9)] == [
        (second, "2"), (first, "1"),
    ]  # fmt: skip
    assert [one.order.order_id for one in store.orders(mine, 1)] == ["2"]
    everybody = replace(mine, orderer=None)
    assert [one.order.order_id for one in store.orders(everybody, 9)] == ["3", "2", "1"]
    assert [one.order.order_id for one in store.orders(replace(mine, test=True), 9)] == ["6"]
    assert store.order(mine, first) == store.orders(mine, 9)[1]
    assert store.order(replace(mine, orderer="eve@norr.example"), first) is None
    assert store.order(replace(mine, partner="verkstad"), first) is None
    assert store.order(mine, "nothing") is None
