"""The cart page says beside each line what the buyer's system would do to it, in good time."""

import re
from typing import get_args

from flask.testing import FlaskClient

from gateway.partners.limits import RequiredField
from gateway.store.database import Database
from gateway.web.shop.present import FIELDS
from tests.gateway.punchout.world import World, make_partner, make_world
from tests.gateway.web.shop.serving import make_application


def opened(database: Database, **limits: object) -> tuple[World, FlaskClient, str]:
    world = make_world(database, make_partner(limits=limits))
    token = world.enter()
    assert world.add(token, "DRILL-18", "2") is None
    assert world.add(token, "BOLT-M8", "100") is None
    return world, make_application(world).test_client(use_cookies=False), token


def rows(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [row for row in body.split("<tr")[1:] if "</tr>" in row]


def test_a_line_that_cannot_go_home_says_so_before_the_transfer(database: Database) -> None:
    _, client, token = opened(database, sku_length=7, effects={"sku-length": "lose-line"})
    answer = client.get(f"/s/{token}/cart")
    assert answer.status_code == 200
    drill, bolt = rows(answer.text)
    assert "remark bad" in drill
    assert re.search("drops the line without a word: DRILL-18", drill)
    assert "drops the line" not in bolt
    refused = client.post(f"/s/{token}/transfer")
    assert refused.status_code == 422


def test_a_warning_is_shown_and_does_not_stop_the_cart(database: Database) -> None:
    limits = {
        "sku_length": 7,
        "decisions": {"sku-length": "warn"},
        "effects": {"sku-length": "cut"},
    }
    world, client, token = opened(database, **limits)
    drill, _ = rows(client.get(f"/s/{token}/cart").text)
    assert "cuts it off: DRILL-18" in drill
    assert "remark bad" not in drill
    assert client.post(f"/s/{token}/transfer").status_code in {200, 302, 303}
    (cart,) = world.outbox.carts
    assert [line.item.sku for line in cart.lines] == ["DRILL-18", "BOLT-M8"]


def test_what_the_whole_cart_breaks_stands_above_it(database: Database) -> None:
    _, client, token = opened(database, lines=1)
    page = client.get(f"/s/{token}/cart").text
    assert re.search(r'<p class="note bad">The cart has more lines', page)


def test_a_cart_that_fits_says_nothing(database: Database) -> None:
    _, client, token = opened(database)
    assert 'class="remark' not in client.get(f"/s/{token}/cart").text


def test_a_field_that_is_wanted_is_named_in_the_shops_language(database: Database) -> None:
    _, client, token = opened(database, required=["agreement", "gtin"])
    german = client.get(f"/s/{token}/cart", headers={"Accept-Language": "de"}).text
    assert "agreement" not in german
    assert "Rahmenvertrag" in german


def test_every_field_that_may_be_wanted_has_a_name() -> None:
    assert set(FIELDS) == set(get_args(RequiredField))
