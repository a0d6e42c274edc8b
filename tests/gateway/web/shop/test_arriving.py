"""A shopper chooses where the goods go, and every page tells when they are there."""

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from canonical.delivery import DeliveryRoute
from canonical.party import Address, Customer
from gateway.store.database import Database
from tests.gateway.punchout.test_delivery import NORTH, ROUTES, SOUTH, WEST
from tests.gateway.punchout.world import World, make_setup, make_world

NAUGHTY = '"><script>alert(1)</script>'


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world(database)
    known = made.core.customer
    several = (NORTH, SOUTH, WEST, Address(name=NAUGHTY, city=NAUGHTY, street=(NAUGHTY,)))

    def customer(customer_id: str) -> Customer | None:
        found = known(customer_id)
        return None if found is None else replace(found, addresses=several)

    def deliveries(ship_to: Address) -> tuple[DeliveryRoute, ...] | None:
        return ROUTES.get(ship_to.postal_code or "")

    monkeypatch.setattr(made.core, "customer", customer)
    monkeypatch.setattr(made.core, "deliveries", deliveries)
    return made


def test_the_chosen_address_is_kept_and_decides_the_day(world: World, client: FlaskClient) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "1")
    page = client.get(f"/s/{token}/delivery").text
    assert "checked" not in page
    for key, day in (("1", "24\u00a0Nov\u00a02026"), ("2", "Not delivered to this address")):
        sent = client.post(f"/s/{token}/delivery", data={"address": key})
        assert sent.headers["Location"] == f"/s/{token}/delivery"
        assert day in client.get(f"/s/{token}/delivery").text
        assert day in client.get(f"/s/{token}/cart").text
        assert day in client.get(f"/s/{token}/product/DRILL-18").text
    assert 'value="2" required checked' in client.get(f"/s/{token}/delivery").text


def test_the_setups_address_stands_first_until_another_is_chosen(
    world: World, client: FlaskClient
) -> None:
    token = world.enter(make_setup(ship_to=replace(SOUTH, name="Ward 7")))
    page = client.get(f"/s/{token}/delivery").text
    assert "As your purchasing system said: <b>Ward 7</b>" in page
    assert "to Ward 7" in client.get(f"/s/{token}/product/DRILL-18").text


def test_an_address_that_is_not_there_is_refused_beside_the_list(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    for key in ("9", "", "x"):
        answer = client.post(f"/s/{token}/delivery", data={"address": key})
        assert answer.status_code == 422
        assert "no such delivery address" in answer.text


def test_naughty_addresses_are_shown_as_text(world: World, client: FlaskClient) -> None:
    token = world.enter()
    client.post(f"/s/{token}/delivery", data={"address": "3"})
    for path in ("delivery", "product/DRILL-18"):
        page = client.get(f"/s/{token}/{path}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
