"""Favourites and earlier carts are one person's, and come back into the cart like any list."""

import re
from decimal import Decimal

from flask.testing import FlaskClient
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.order import Item, OrderLine
from canonical.party import Contact
from canonical.punchout import Operation, Shopper
from gateway.connectors.contract import Page
from tests.builders import make_order
from tests.gateway.punchout.world import World, make_line, make_setup

ADA, EVE = Shopper(user_id="ada"), Shopper(user_id="eve")


def enter(world: World, shopper: Shopper = ADA) -> str:
    return world.enter(make_setup(shopper=shopper))


def bought(world: World, *skus: str) -> str:
    token = enter(world)
    for sku in skus:
        assert world.add(token, sku, "100") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    return world.session_id(token)


def test_a_product_is_marked_on_its_page_and_unmarked_in_the_list(
    world: World, client: FlaskClient
) -> None:
    token = enter(world)
    page = f"/s/{token}/product/BOLT-M8"
    assert "Add to favourites" in client.get(page).text
    data = {"mark": "BOLT-M8", "next": "product/BOLT-M8"}
    marked = client.post(f"/s/{token}/favourites", data=data)
    assert (marked.status_code, marked.headers["Location"]) == (303, page)
    assert "Remove from favourites" in client.get(page).text
    again = enter(world)
    assert "Hex bolt M8 x 40" in client.get(f"/s/{again}/lists").text
    assert "Hex bolt" not in client.get(f"/s/{enter(world, EVE)}/lists").text
    gone = client.post(f"/s/{again}/favourites", data={"unmark": "BOLT-M8", "next": "lists"})
    assert gone.headers["Location"] == f"/s/{again}/lists"
    assert "Nothing is marked yet" in client.get(f"/s/{again}/lists").text


def test_what_is_chosen_goes_in_and_what_cannot_waits_with_its_reason(
    world: World, client: FlaskClient
) -> None:
    token = enter(world)
    data = {
        "pick": ["1", "2"], "sku-1": "BOLT-M8", "quantity-1": "120",
        "sku-2": "GLOVE-9", "quantity-2": "2", "sku-3": "DRILL-18", "quantity-3": "1",
    }  # fmt: skip
    sent = client.post(f"/s/{token}/lists", data=data)
    assert sent.headers["Location"] == f"/s/{token}/quick?put=1"
    assert world.quantities(token) == {"GLOVE-9": "2"}
    waiting = client.get(sent.headers["Location"]).text
    assert 'name="take" value="1:150"' in waiting
    data = {"pick": "1", "sku-1": "NIX", "quantity-1": "1"}
    client.post(f"/s/{token}/lists", data=data)
    both = client.get(f"/s/{token}/quick").text
    assert re.findall(r'name="number-\d" [^>]*value="(\S+)"', both)[:2] == ["BOLT-M8", "NIX"]


def test_an_earlier_cart_is_ordered_again_at_todays_prices(
    world: World, client: FlaskClient
) -> None:
    session_id = bought(world, "BOLT-M8", "DRILL-18")
    world.catalogue.apply_products(Page(items=(), next="2", more=False, deleted=("DRILL-18",)))
    token = enter(world)
    assert f"/s/{token}/earlier/{session_id}" in client.get(f"/s/{token}/lists").text
    page = client.get(f"/s/{token}/earlier/{session_id}").text
    assert "This product is no longer sold" in page
    assert "158.50" in page
    assert page.count('name="pick"') == 1
    data = {"pick": "1", "sku-1": "BOLT-M8", "quantity-1": "100"}
    sent = client.post(f"/s/{token}/lists", data=data)
    assert sent.headers["Location"] == f"/s/{token}/cart?changed=1"
    assert world.quantities(token) == {"BOLT-M8": "100"}


def test_an_earlier_order_is_ordered_again(world: World, client: FlaskClient) -> None:
    by_mail = Shopper(email="ada@norr.example")
    line = OrderLine(
        line_id="1",
        item=Item(sku="BOLT-M8"),
        quantity=Quantity(value=Decimal(150), unit="C62"),
        description="Bolts <b>as ordered</b>",
    )
    originator = Contact(name="Ada", email="ada@norr.example")
    gone = replace(
        line, line_id="2", item=Item(sku="NO-MORE"), description="Nuts <i>as ordered</i>"
    )
    order = replace(make_order("4500/7", originator=originator), lines=(line, gone))
    message_id = world.ordered(order)
    bolt = world.catalogue.product("BOLT-M8")
    assert bolt is not None
    token = enter(world, by_mail)
    listed = client.get(f"/s/{token}/lists").text
    assert "Order 4500/7 of 22" in listed
    assert "Bolts" not in listed, "not told by today's name"
    assert f"{bolt.name}, Nuts &lt;i&gt;as ordered" in listed
    page = client.get(f"/s/{token}/ordered/{message_id}").text
    assert "<h1>Order 4500/7 of 22" in page
    assert re.search(r'name="quantity-1"[^>]* value="150"', page)
    stranger = enter(world, Shopper(email="eve@norr.example"))
    assert "Earlier orders" not in client.get(f"/s/{stranger}/lists").text
    assert client.get(f"/s/{stranger}/ordered/{message_id}").status_code == 404


def test_a_cart_of_another_is_not_found(world: World, client: FlaskClient) -> None:
    session_id = bought(world, "BOLT-M8")
    for token in (enter(world, EVE), world.enter(make_setup(shopper=ADA), "verkstad")):
        page = client.get(f"/s/{token}/earlier/{session_id}")
        assert page.status_code == 404
        assert "Hex bolt" not in page.text
    assert client.get(f"/s/{enter(world)}/earlier/<script>").status_code == 404


def test_nothing_chosen_and_nonsense_change_nothing(world: World, client: FlaskClient) -> None:
    token = enter(world)
    for data in ({}, {"pick": "1"}, {"pick": "x" * 500}, {"sku-1": "BOLT-M8", "quantity-1": "9"}):
        assert client.post(f"/s/{token}/lists", data=data).status_code == 303
    assert world.quantities(token) == {}
    unknown = client.post(f"/s/{token}/favourites", data={"mark": "<b>NIX</b>"})
    assert unknown.status_code == 422
    assert "&lt;b&gt;NIX&lt;/b&gt;" in unknown.text
    away = client.post(f"/s/{token}/favourites", data={"unmark": "A", "next": "//evil.example"})
    assert away.headers["Location"] == f"/s/{token}/"


def test_a_cart_for_reading_offers_nothing_to_put_in(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup(Operation.INSPECT, shopper=ADA))
    client.post(f"/s/{token}/favourites", data={"mark": "BOLT-M8"})
    assert "Put the chosen ones" not in client.get(f"/s/{token}/lists").text
    data = {"pick": "1", "sku-1": "BOLT-M8", "quantity-1": "100"}
    assert client.post(f"/s/{token}/lists", data=data).status_code == 422


def test_a_quantity_that_does_not_fit_is_offered_one_that_does(
    world: World, client: FlaskClient
) -> None:
    token = enter(world)
    page = client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "120"}).text
    assert 'name="quantity" value="150"' in page
    client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "150"})
    (line,) = world.cart(token).lines
    field = f"quantity-{line.item.auxiliary_id}"
    page = client.post(f"/s/{token}/cart/update", data={field: "175"}).text
    assert f'name="{field}" value="200"' in page
    client.post(f"/s/{token}/cart/update", data={field: "200"})
    assert world.quantities(token) == {"BOLT-M8": "200"}


def test_an_earlier_quantity_that_no_longer_fits_is_put_right_before_the_cart_goes_home(
    world: World, client: FlaskClient
) -> None:
    lines_then = (make_line("BOLT-M8", quantity="120"), make_line("NUT-M8", quantity="100"))
    token = world.enter(make_setup(Operation.EDIT, lines=lines_then, shopper=ADA))
    page = client.post(f"/s/{token}/transfer").text
    field = f"quantity-{world.cart(token).lines[0].item.auxiliary_id}"
    assert f'name="{field}" value="150"' in page
    assert page.count("is not a whole number of packages") == 1
    client.post(f"/s/{token}/cart/update", data={field: "150"})
    assert client.post(f"/s/{token}/transfer").status_code == 303
    assert world.outbox.carts[0].lines[0].quantity.value == 150


def test_a_package_is_chosen_beside_the_quantity(world: World, client: FlaskClient) -> None:
    token = enter(world)
    page = client.get(f"/s/{token}/product/BOLT-M8").text
    assert re.findall(r'<option value="(\w+)"', page) == ["C62", "BX", "PF"]
    client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "3", "unit": "BX"})
    assert world.quantities(token) == {"BOLT-M8": "300"}
    wrong = client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "1", "unit": "KGM"})
    assert wrong.status_code == 422
    assert "not sold in this unit" in wrong.text
