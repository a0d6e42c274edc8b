"""The supplier's own shop gets the session by a signed link and brings the cart back, once."""

import json
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from canonical.punchout import Operation, SessionState
from gateway.store.database import Database
from gateway.web.api.punchout import MAX_BODY, create_punchout_api
from tests.gateway.punchout.external_shop import create_tiny_shop
from tests.gateway.punchout.world import (
    SECRET,
    Clock,
    World,
    make_line,
    make_partner,
    make_setup,
    make_world,
    sek,
    start_token,
)
from tests.gateway.web.shop.serving import make_application, served

EXTERNAL = {
    "shop": "external",
    "external_url": "https://shop.example/enter?tenant=1",
    "external_secret": "env:SHOP_SECRET",
}
LINE = {
    "sku": "S-1",
    "name": "Shelf",
    "quantity": "2",
    "unit": "C62",
    "price": {"amount": "12.50", "base_quantity": "10"},
}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database, make_partner(punchout=EXTERNAL), make_partner("verkstad"))


@pytest.fixture
def client(world: World) -> FlaskClient:
    application = make_application(world, create_punchout_api(world.service))
    return application.test_client(use_cookies=False)


@pytest.fixture
def session_id(world: World, client: FlaskClient) -> str:
    return enter(world, client)


def enter(world: World, client: FlaskClient, **setup: object) -> str:
    outcome = world.open(make_setup(**setup))  # type: ignore[arg-type]  # as the test says
    location = client.get(f"/start/{start_token(outcome)}").headers["Location"]
    return parse_qs(urlsplit(location).query)["punchout"][0]


def post(client: FlaskClient, session_id: str, cart: object, secret: str = SECRET) -> TestResponse:
    body = cart if isinstance(cart, bytes) else json.dumps(cart).encode()
    return client.post(
        f"/api/v1/punchout/{session_id}/cart",
        data=body,
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_the_example_shop_sells_a_cart_over_real_http(database: Database) -> None:
    worlds: list[World] = []
    now = Clock().now.timestamp()
    tiny = create_tiny_shop(lambda: worlds[0].service.means.base_url, SECRET, now)
    with served(lambda _: tiny) as shop_url:
        partner = make_partner(punchout={**EXTERNAL, "external_url": f"{shop_url}/enter"})

        def gateway(url: str) -> flask.Flask:
            worlds.append(make_world(database, partner, base_url=url))
            return make_application(worlds[0], create_punchout_api(worlds[0].service))

        with served(gateway) as gateway_url:
            start = f"{gateway_url}/start/{start_token(worlds[0].open())}"
            with httpx.Client(follow_redirects=True, trust_env=False, timeout=60) as buyer:
                welcome = buyer.get(start)
                assert "Welcome, Region Norr" in welcome.text
                session_id = parse_qs(welcome.url.query.decode())["punchout"][0]
                transfer = buyer.post(f"{shop_url}/checkout/{session_id}")
                assert transfer.status_code == 200
                assert str(transfer.url).startswith(f"{gateway_url}/s/")
                assert 'action="https://buyer.example/return?requisition=7"' in transfer.text
                forged = f"{shop_url}/enter?punchout={session_id}&expires=9999999999&signature=0"
                assert buyer.get(forged).status_code == 403
    (cart,) = worlds[0].outbox.carts
    assert [(line.item.sku, line.quantity.value) for line in cart.lines] == [("CONFIG-17", 2)]
    assert cart.total == sek("2499.00")


def test_the_link_keeps_the_shops_own_query_and_expires_soon(
    world: World, client: FlaskClient
) -> None:
    started = client.get(f"/start/{start_token(world.open())}")
    parts = urlsplit(started.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.netloc, parts.path, query["tenant"]) == ("shop.example", "/enter", "1")
    assert int(query["expires"]) - world.clock.now.timestamp() == 300
    assert len(query["signature"]) == 64


def test_the_shop_reads_who_comes_and_with_what(world: World, client: FlaskClient) -> None:
    lines = (make_line("BOLT-M8", price="158.50"),)
    session_id = enter(world, client, operation=Operation.EDIT, lines=lines)
    headers = {"Authorization": f"Bearer {SECRET}"}
    seen = client.get(f"/api/v1/punchout/{session_id}", headers=headers).get_json()
    assert (seen["buyer"], seen["customer"], seen["currency"]) == ("Region Norr", "1001", "SEK")
    assert (seen["operation"], seen["state"]) == ("edit", "active")
    assert seen["lines"][0]["item"]["sku"] == "BOLT-M8"
    assert seen["contacts"][0]["email"] == "ada@norr.example"
    assert "buyer_cookie" not in seen


def test_nothing_is_told_without_the_secret(
    world: World, client: FlaskClient, session_id: str
) -> None:
    embedded = world.session_id(world.enter(partner="verkstad"))
    answers = [
        client.get(f"/api/v1/punchout/{session_id}"),
        client.get(f"/api/v1/punchout/{session_id}", headers={"Authorization": "Bearer wrong"}),
        client.get(f"/api/v1/punchout/{session_id}", headers={"Authorization": f"Basic {SECRET}"}),
        client.get("/api/v1/punchout/none", headers={"Authorization": f"Bearer {SECRET}"}),
        client.get(f"/api/v1/punchout/{embedded}", headers={"Authorization": "Bearer "}),
        post(client, session_id, {"lines": [LINE]}, "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


def test_the_same_cart_again_gives_the_same_answer_and_another_is_refused(
    world: World, client: FlaskClient, session_id: str
) -> None:
    first, second = (post(client, session_id, {"lines": [LINE]}) for _ in range(2))
    assert (first.status_code, first.data) == (200, second.data)
    other = post(client, session_id, {"lines": [{**LINE, "quantity": "3"}]})
    assert (other.status_code, other.get_json()["code"]) == (409, "PUNCHOUT-052")
    assert len(world.outbox.sent) == 1
    page = client.get(urlsplit(first.get_json()["transfer_url"]).path)
    assert page.status_code == 200
    assert "cXML-base64" in page.text


def test_line_ids_survive_the_external_shop_and_foreign_ones_are_replaced(
    world: World, client: FlaskClient
) -> None:
    lines = (make_line("BOLT-M8", "kept-id"),)
    session_id = enter(world, client, operation=Operation.EDIT, lines=lines)
    cart = {"lines": [{**LINE, "auxiliary_id": "kept-id"}, {**LINE, "auxiliary_id": "made-up"}]}
    assert post(client, session_id, cart).status_code == 200
    ids = [line.item.auxiliary_id for line in world.outbox.carts[-1].lines]
    assert ids[0] == "kept-id"
    assert ids[1] not in {"made-up", None}


def test_leaving_the_external_shop_without_a_cart_is_a_cancellation(
    world: World, client: FlaskClient, session_id: str
) -> None:
    for _ in range(2):
        assert post(client, session_id, {"cancelled": True}).status_code == 200
    (cart,) = world.outbox.carts
    assert cart.cancelled
    session = world.service.means.store.find(session_id)
    assert session is not None
    assert session.state is SessionState.CANCELLED


@pytest.mark.parametrize(
    ("cart", "code"),
    [
        (b"not json", "PUNCHOUT-050"),
        (b"\xff\xfe", "PUNCHOUT-050"),
        ([], "PUNCHOUT-050"),
        ({"lines": [{**LINE, "surprise": 1}]}, "PUNCHOUT-050"),
        ({"lines": [{**LINE, "quantity": "two"}]}, "PUNCHOUT-050"),
        ({"lines": [{**LINE, "quantity": "0"}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "quantity": "NaN"}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "quantity": "1E+400"}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "price": {"amount": "-1"}}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "price": {"amount": "1", "base_quantity": "0"}}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "sku": " "}]}, "PUNCHOUT-051"),
        ({"lines": [{**LINE, "auxiliary_id": "a"}] * 2}, "PUNCHOUT-051"),
        ({"lines": [LINE], "currency": "EUR"}, "PUNCHOUT-051"),
        ({"lines": [LINE], "cancelled": True}, "PUNCHOUT-051"),
        ({"lines": [LINE] * 1001}, "PUNCHOUT-026"),
        ({"lines": []}, "PUNCHOUT-029"),
    ],
)
def test_a_cart_that_cannot_be_taken_is_told_why_and_may_be_sent_again(
    client: FlaskClient, session_id: str, cart: object, code: str
) -> None:
    answer = post(client, session_id, cart)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == code
    assert post(client, session_id, {"lines": [LINE]}).status_code == 200


def test_a_cart_too_large_is_not_read(client: FlaskClient, session_id: str) -> None:
    assert post(client, session_id, b" " * (MAX_BODY + 1)).status_code == 413


def test_an_expired_session_takes_no_cart(
    world: World, client: FlaskClient, session_id: str
) -> None:
    world.clock.forward(hours=3)
    answer = post(client, session_id, {"lines": [LINE]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "PUNCHOUT-028")
