"""The shop's pages do all of a punchout over plain HTTP: no cookie, no script, no word too much."""

import base64
import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from canonical.identifiers import Attachment
from canonical.punchout import Operation
from gateway.connectors.contract import Page
from gateway.errors import CoreUnreachableError
from gateway.store.database import Database
from tests.gateway.punchout.world import (
    COOKIE,
    World,
    make_line,
    make_partner,
    make_setup,
    make_world,
    start_token,
)
from tests.gateway.web.shop.serving import make_application

NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "</title></textarea><svg/onload=alert(1)>",
    "ÅÄÖ 表ポあ \u202eevil\u202c &amp; &#x3c;b&#x3e;",
)


class Shape(HTMLParser):
    """Collect what matters of a page: tags with attributes, and form fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def field(self, name: str) -> str:
        """Return the value of a form field."""
        return next(a["value"] for tag, a in self.tags if tag == "input" and a.get("name") == name)


def carried(html: str) -> dict[str, object]:
    value = Shape(html).field("cXML-base64")
    found = json.loads(base64.b64decode(value))
    assert isinstance(found, dict)
    return found


def test_the_whole_journey_without_script_or_cookie(world: World, client: FlaskClient) -> None:
    started = client.get(f"/start/{start_token(world.open())}")
    assert started.status_code == 303
    home = started.headers["Location"]
    assert re.fullmatch(r"/s/[\w-]{43}/", home)
    assert "Hex bolt M8 x 40" in client.get(f"{home}?q=bolt").text
    added = client.post(f"{home}cart", data={"sku": "BOLT-M8", "quantity": "1000", "next": "?q=b"})
    assert added.headers["Location"] == f"{home}?q=b&added=BOLT-M8"
    assert "Hex bolt M8 x 40 is in your cart" in client.get(added.headers["Location"]).text
    left = client.post(f"{home}transfer")
    assert (left.status_code, left.headers["Location"]) == (303, f"{home}transfer")
    page = client.get(left.headers["Location"])
    assert carried(page.text)["cookie"] == COOKIE
    assert carried(page.text)["total"] == "1490.00"
    assert ("form", "https://buyer.example/return?requisition=7") in {
        (tag, attributes.get("action")) for tag, attributes in Shape(page.text).tags
    }
    assert client.post(f"{home}transfer").status_code == 303
    assert client.get(f"{home}transfer").text == page.text
    assert client.get(home).status_code == 410
    for response in (started, added, left, page):
        assert "Set-Cookie" not in response.headers


def test_pages_carry_a_policy_without_unsafe_parts(world: World, client: FlaskClient) -> None:
    token = world.enter()
    for path in (f"/s/{token}/", f"/s/{token}/cart", f"/s/{token}/product/BOLT-M8", "/start/none"):
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "X-Frame-Options" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        for tag, attributes in Shape(response.text).tags:
            assert not [key for key in attributes if key.startswith("on") or key == "style"]
            assert tag != "style"
            assert tag != "script" or "src" in attributes
    assert "form-action 'self' https://buyer.example;" in policy_of(client, f"/s/{token}/")
    assert policy_of(client, f"/s/{token}/").endswith(
        "frame-ancestors 'self' https://buyer.example"
    )
    # A refusal is read where the shop was to open: in a frame of whoever sent the buyer.
    assert policy_of(client, "/start/none").endswith("frame-ancestors *")


def policy_of(client: FlaskClient, path: str) -> str:
    return client.get(path).headers["Content-Security-Policy"]


def test_a_partners_own_list_of_frames_is_used_and_cannot_widen_the_policy(
    database: Database,
) -> None:
    frames = ("https://p2p.norr.example", "*; script-src *", "https://*.norr.example:8443")
    world = make_world(database, make_partner(punchout={"frame_ancestors": frames}))
    policy = policy_of(
        make_application(world).test_client(use_cookies=False), f"/s/{world.enter()}/"
    )
    assert policy.endswith(
        "frame-ancestors 'self' https://p2p.norr.example https://*.norr.example:8443"
    )
    assert "script-src *" not in policy


def test_a_start_link_is_not_used_up_by_those_who_look_first(
    world: World, client: FlaskClient
) -> None:
    path = f"/start/{start_token(world.open())}"
    assert client.head(path).status_code == 204
    assert client.get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert client.get(path).status_code == 303
    again = client.get(path)
    assert again.status_code == 403
    assert "has been used already" in again.text


def test_late_and_guessed_start_links_say_what_to_do(world: World, client: FlaskClient) -> None:
    path = f"/start/{start_token(world.open())}"
    world.clock.forward(minutes=11)
    late, guessed = client.get(path), client.get("/start/guess")
    assert (late.status_code, guessed.status_code) == (410, 404)
    assert "purchasing system" in late.text
    assert "purchasing system" in guessed.text


def test_another_site_cannot_change_a_cart(world: World, client: FlaskClient) -> None:
    token = world.enter()
    data = {"sku": "DRILL-18", "quantity": "1"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(f"/s/{token}/cart", data=data, headers=headers).status_code == 403
    assert world.cart(token).lines == ()
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://localhost"},
    ):
        assert client.post(f"/s/{token}/cart", data=data, headers=headers).status_code == 303


def test_no_page_leads_out_of_the_session(world: World, client: FlaskClient) -> None:
    token = world.enter()
    for target in (
        "//evil.example",
        "https://evil.example",
        "\\evil",
        "../x",
        "/x",
        "javascript:1",
    ):
        data = {"sku": "DRILL-18", "quantity": "1", "next": target}
        location = client.post(f"/s/{token}/cart", data=data).headers["Location"]
        assert location == f"/s/{token}/?added=DRILL-18"


def test_a_wrong_quantity_comes_back_with_its_reason_and_what_was_typed(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    response = client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "120"})
    assert response.status_code == 422
    assert "a multiple of 50 is needed" in response.text
    assert Shape(response.text).field("quantity") == "120"
    world.add(token, "BOLT-M8", "100")
    line_id = world.cart(token).lines[0].item.auxiliary_id
    changed = client.post(f"/s/{token}/cart/update", data={f"quantity-{line_id}": "many"})
    assert changed.status_code == 422
    assert f'aria-describedby="problem-{line_id}"' in changed.text
    removed = client.post(f"/s/{token}/cart/update", data={"remove": line_id or ""})
    assert removed.status_code == 303
    assert world.cart(token).lines == ()


def test_a_long_list_has_pages_that_keep_the_question(world: World, client: FlaskClient) -> None:
    product = world.catalogue.product("NUT-M8")
    assert product is not None
    many = tuple(replace(product, sku=f"PIN-{n:02d}", name=f"Pin {n:02d}") for n in range(60))
    world.catalogue.apply_products(Page(items=many, next="1", more=False))
    token = world.enter()
    first = client.get(f"/s/{token}/?q=pin&in=Fasteners").text
    assert "60 products · 1\N{EN DASH}24" in first
    assert f'rel="next" href="/s/{token}/?q=pin&amp;in=Fasteners&amp;page=2"' in first
    assert 'rel="prev"' not in first
    last = client.get(f"/s/{token}/?q=pin&in=Fasteners&page=3").text
    assert "60 products · 49\N{EN DASH}60" in last
    assert 'rel="next"' not in last
    assert "Nothing found" not in client.get(f"/s/{token}/?q=pin&page=2").text


def test_products_outside_the_contract_show_why_and_no_price(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    page = client.get(f"/s/{token}/product/LASER-X").text
    assert "The contract does not cover this product" in page
    assert "12,900" not in page
    assert 'name="sku"' not in page
    assert "LASER-X" not in client.get(f"/s/{token}/?q=laser").text
    assert client.get(f"/s/{token}/product/NIX").status_code == 404


def test_a_product_page_shows_price_breaks_unit_packages_and_each_warehouse(
    world: World, client: FlaskClient
) -> None:
    page = client.get(f"/s/{world.enter()}/product/BOLT-M8").text
    text = re.sub(r"[\s\u00a0\u202f]+", " ", re.sub(r"<[^>]+>", " ", page))
    for shown in (
        "158.50 SEK per 100 pieces", "210.00 SEK", "1,000 pieces 149.00 SEK", "At least 100",
        "multiples of 50", "Malmö 4,000 10,000 on 1 Dec 2026", "Stockholm 18,500", "Box 100 pieces",
    ):  # fmt: skip
        assert shown in text


def test_a_product_page_links_documents_on_the_web_and_nothing_else(
    world: World, client: FlaskClient
) -> None:
    product = world.catalogue.product("DRILL-18")
    assert product is not None
    several = (
        Attachment(url="https://maker.example/drill.pdf", file_name="Data sheet"),
        Attachment(url="javascript:alert(1)", file_name="Trap"),
    )
    known = replace(product, attachments=several)
    world.catalogue.apply_products(Page(items=(known,), next="1", more=False))
    page = client.get(f"/s/{world.enter()}/product/DRILL-18").text
    link = '<a href="https://maker.example/drill.pdf" target="_blank" rel="noopener noreferrer">'
    assert f"{link}Data sheet</a>" in page
    assert "Trap" not in page


def test_level_two_opens_the_chosen_product(world: World, client: FlaskClient) -> None:
    setup = make_setup(selected=make_line("BOLT-M8").item)
    started = client.get(f"/start/{start_token(world.open(setup))}")
    assert started.headers["Location"].endswith("/product/BOLT-M8")


def test_looking_at_a_cart_offers_nothing_to_change(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup(Operation.INSPECT, lines=(make_line("BOLT-M8"),)))
    page = client.get(f"/s/{token}/cart").text
    assert "for reading only" in page
    assert f'action="/s/{token}/transfer"' not in page
    assert 'name="quantity' not in page
    assert 'name="quantity' not in client.get(f"/s/{token}/").text
    assert client.post(f"/s/{token}/cancel").status_code == 303
    assert carried(client.get(f"/s/{token}/transfer").text)["status"] == 204


def offered(page: str) -> bool:
    """Tell whether the banner shows the way home with a cart."""
    (form,) = [a for tag, a in Shape(page).tags if tag == "form" and a.get("id") == "homeward"]
    return "hidden" not in form


def test_the_banner_offers_to_transfer_only_what_is_there(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    for path in ("", "cart", "product/BOLT-M8"):
        assert not offered(client.get(f"/s/{token}/{path}").text)
    client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "100"})
    assert offered(client.get(f"/s/{token}/").text)
    line_id = world.cart(token).lines[0].item.auxiliary_id or ""
    client.post(f"/s/{token}/cart/update", data={"remove": line_id})
    assert not offered(client.get(f"/s/{token}/cart").text)


def test_a_chosen_product_that_is_not_here_is_looked_for_and_missed_aloud(
    world: World, client: FlaskClient
) -> None:
    setup = make_setup(selected=make_line("ZZ-99/Q&x").item)
    started = client.get(f"/start/{start_token(world.open(setup))}")
    page = client.get(started.headers["Location"]).text
    assert "No product matches “ZZ-99/Q&amp;x”" in page


def in_cart(world: World, client: FlaskClient) -> tuple[str, str]:
    """Return a session with 100 bolts in its cart, and the id of their line."""
    token = world.enter()
    client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "100"})
    return token, world.cart(token).lines[0].item.auxiliary_id or ""


def test_a_quantity_that_is_typed_goes_home_with_the_cart(
    world: World, client: FlaskClient
) -> None:
    token, line = in_cart(world, client)
    page = client.get(f"/s/{token}/cart").text
    shape = Shape(page)
    buttons = [a for tag, a in shape.tags if tag == "button" and a.get("form") == "lines"]
    assert [a.get("formaction", "") for a in buttons] == [
        "",  # Enter in a field presses the first
        f"/s/{token}/transfer",
        f"/s/{token}/transfer",
    ]
    assert ("form", f"/s/{token}/cart/update") in {
        (tag, a.get("action")) for tag, a in shape.tags if a.get("id") == "lines"
    }
    typed = {f"quantity-{line}": "300", f"was-{line}": "100"}
    assert client.post(f"/s/{token}/transfer", data=typed).status_code == 303
    assert carried(client.get(f"/s/{token}/transfer").text)["lines"] == [["BOLT-M8", line, "300"]]
    again = client.post(f"/s/{token}/transfer", data={**typed, f"quantity-{line}": "400"})
    assert again.headers["Location"].endswith("/transfer")
    assert world.cart(token).lines[0].quantity.value == 300


def test_a_typed_quantity_that_will_not_do_keeps_the_cart_here(
    world: World, client: FlaskClient
) -> None:
    token, line = in_cart(world, client)
    typed = {f"quantity-{line}": "many", f"was-{line}": "100"}
    answer = client.post(f"/s/{token}/transfer", data=typed)
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert world.outbox.sent == []


def test_a_line_that_is_typed_down_to_nothing_leaves_no_cart_to_transfer(
    world: World, client: FlaskClient
) -> None:
    token, line = in_cart(world, client)
    answer = client.post(
        f"/s/{token}/transfer", data={f"quantity-{line}": "0", f"was-{line}": "100"}
    )
    assert answer.status_code == 422
    assert "The cart is empty" in answer.text
    assert "Nothing is in here yet" in answer.text


def test_an_old_page_changes_only_what_was_typed_on_it(world: World, client: FlaskClient) -> None:
    token, line = in_cart(world, client)
    there = client.post(
        f"/s/{token}/cart/update", data={f"quantity-{line}": "500", f"was-{line}": "100"}
    )
    assert there.status_code == 303
    client.post(f"/s/{token}/cart/update", data={f"quantity-{line}": "100", f"was-{line}": "100"})
    assert world.cart(token).lines[0].quantity.value == 500
    client.post(f"/s/{token}/cart/update", data={"remove": line})
    late = client.post(
        f"/s/{token}/cart/update", data={f"quantity-{line}": "200", f"was-{line}": "100"}
    )
    assert late.status_code == 422
    assert "The cart changed in another window meanwhile" in late.text


def test_an_earlier_cart_can_be_emptied_and_transferred(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT-M8"),)))
    line_id = world.cart(token).lines[0].item.auxiliary_id or ""
    client.post(f"/s/{token}/cart/update", data={"remove": line_id})
    assert offered(client.get(f"/s/{token}/cart").text)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (Operation.EDIT, "What you transfer takes the place of everything in your earlier cart"),
        (Operation.INSPECT, "There is nothing to look at here; your cart is as it was."),
    ],
)
def test_who_comes_with_no_line_of_an_earlier_cart_is_told_why_it_is_empty(
    world: World, client: FlaskClient, operation: Operation, told: str
) -> None:
    started = client.get(f"/start/{start_token(world.open(make_setup(operation)))}")
    assert started.headers["Location"].endswith("/cart")
    page = client.get(started.headers["Location"]).text
    assert "Your purchasing system sent no lines of the earlier cart" in page
    assert told in page


def test_what_takes_the_place_of_an_unseen_cart_says_so_beside_it(
    world: World, client: FlaskClient
) -> None:
    token = world.enter(make_setup(Operation.EDIT))
    assert world.add(token, "BOLT-M8", "100") is None
    page = client.get(f"/s/{token}/cart").text
    assert "What you transfer takes the place of everything" in page
    other = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT-M8"),)))
    assert "takes the place" not in client.get(f"/s/{other}/cart").text


def test_emptying_an_earlier_cart_asks_first(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT-M8"),)))
    line_id = world.cart(token).lines[0].item.auxiliary_id or ""
    client.post(f"/s/{token}/cart/update", data={"remove": line_id})
    asked = client.post(f"/s/{token}/transfer")
    assert asked.status_code == 200
    assert Shape(asked.text).field("confirmed") == "yes"
    assert client.post(f"/s/{token}/transfer", data={"confirmed": "yes"}).status_code == 303


def test_one_buyers_token_opens_nothing_of_another(world: World, client: FlaskClient) -> None:
    norr, verkstad = world.enter(), world.enter(partner="verkstad")
    world.add(norr, "BOLT-M8", "100")
    line_id = world.cart(norr).lines[0].item.auxiliary_id
    theirs = "".join(
        client.get(f"/s/{verkstad}/{path}").text
        for path in ("", "cart", "product/BOLT-M8", "product/DRILL-18", "?q=drill")
    )
    for canary in ("Region Norr", "Framework 2026", "158.50", "149.00", "2,790", str(line_id)):
        assert canary not in theirs
    client.post(f"/s/{verkstad}/cart/update", data={"remove": str(line_id)})
    client.post(f"/s/{verkstad}/cart/update", data={f"quantity-{line_id}": "5000"})
    assert [line.quantity.value for line in world.cart(norr).lines] == [100]


def test_naughty_product_texts_are_shown_as_text(world: World, client: FlaskClient) -> None:
    product = world.catalogue.product("DRILL-18")
    assert product is not None
    for naughty in NAUGHTY:
        changed = replace(
            product, name=naughty, description=naughty, manufacturer=naughty, image=naughty,
            category=(naughty,),
        )  # fmt: skip
        world.catalogue.apply_products(Page(items=(changed,), next="1", more=False))
        token = world.enter()
        assert world.add(token, "DRILL-18", "1") is None
        for path in ("", "cart", "product/DRILL-18", "?added=DRILL-18"):
            page = client.get(f"/s/{token}/{path}").text
            shape = Shape(page)
            assert "alert(1)</script" not in page
            assert "49" not in {a.get("alt") for _, a in shape.tags}
            assert not [a for _, a in shape.tags if any(key.startswith("on") for key in a)]
            assert not [a for tag, a in shape.tags if tag == "img" and a.get("src") == "x"]


def test_naughty_questions_find_nothing_and_break_nothing(
    world: World, client: FlaskClient
) -> None:
    token = world.enter()
    for naughty in (*NAUGHTY, "\x00", "%", "_", "' OR 1=1 --", "x" * 5000):
        response = client.get(
            f"/s/{token}/", query_string={"q": naughty, "in": naughty, "page": "x"}
        )
        assert response.status_code == 200
    assert client.get(f"/s/{token}/?page=-3").status_code == 200
    assert client.get(f"/s/{token}/?page=99999999999999999999").status_code == 200
    assert client.get(f"/s/{token}/product/..%2F..%2Fetc").status_code == 404


def test_a_core_that_is_away_costs_the_prices_not_the_page(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.enter()

    asked: list[object] = []

    def away(*what: object) -> None:
        asked.append(what)
        message = "no answer"
        raise CoreUnreachableError(message)

    monkeypatch.setattr(world.core, "prices", away)
    monkeypatch.setattr(world.core, "stock_of", away)
    page = client.get(f"/s/{token}/")
    assert page.status_code == 200
    assert len(asked) == 1, "the buyer waits for each"
    assert "Prices cannot be shown at the moment" in page.text
    assert "in stock" in page.text
    added = client.post(f"/s/{token}/cart", data={"sku": "DRILL-18", "quantity": "1"})
    assert added.status_code == 422
    assert "did not answer" in added.text


def test_pictures_come_from_one_folder_and_run_nothing(client: FlaskClient) -> None:
    picture = client.get("/shop/images/bolt.svg")
    assert picture.status_code == 200
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    picture.close()
    for name in ("../core/customers.json", "..%2fcore%2fcustomers.json", "nix.svg", "bolt.txt"):
        nothing = client.get(f"/shop/images/{name}")
        assert nothing.status_code == 404
        assert nothing.mimetype == "image/svg+xml", "a broken picture would be shown"
        assert b"<svg" in nothing.data
        assert "sandbox" in nothing.headers["Content-Security-Policy"]
        nothing.close()
