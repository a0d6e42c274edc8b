"""The desk leads a person from punchout to order and answers to loopback names only."""

import base64
import re
from dataclasses import replace
from html import escape, unescape

import flask
import flask.testing
import pytest

from gateway.ambient import Ambient
from gateway.buyer.browser import Browser, read_page
from gateway.buyer.desk import create_desk_pages
from gateway.buyer.documents import Person
from gateway.buyer.exchange import Post
from gateway.buyer.offices import Office
from gateway.buyer.requisitions import Requisitions
from tests.gateway.buyer.moments import NOON
from tests.gateway.buyer.stand_in import StandIn, make_journey

HOME = "http://127.0.0.1:8090"


@pytest.fixture
def shop() -> StandIn:
    return StandIn()


@pytest.fixture
def desk(shop: StandIn) -> flask.testing.FlaskClient:
    return serve(make_journey(shop).post)


def serve(post: Post) -> flask.testing.FlaskClient:
    """Return the desk of one buyer."""
    office = Office("acme", "Acme & Sons", "Coupa", Person(name="Ada Byron"), post)
    requisitions = Requisitions(lambda: {office.key: office}, HOME, Ambient(now=lambda: NOON))
    application = flask.Flask("desk", static_folder=None)
    application.register_blueprint(create_desk_pages(requisitions))
    return application.test_client()


def start(desk: flask.testing.FlaskClient) -> str:
    response = desk.post("/punchout/acme-cxml", base_url=HOME)
    assert response.status_code == 303
    key = response.headers["location"].rpartition("/")[2]
    assert isinstance(key, str)
    return key


def cart_fields(shop: StandIn, way: str = "transfer") -> dict[str, str]:
    """Return what the browser posts home after shopping."""
    browser = Browser(shop.client())
    page = browser.open("https://shop.example.com/start")
    form = next(form for form in page.forms if form.value("sku") == "4711")
    page = browser.submit(page, form)
    leave = next(form for form in page.forms if form.action.endswith(way))
    page = browser.submit(page, leave)
    return dict(page.forms[0].fields)


def test_the_home_page_offers_every_buyer(desk):
    page = desk.get("/", base_url=HOME)
    assert "Acme &amp; Sons" in page.text
    assert "Ada Byron" in page.text


def test_a_visit_frames_the_shop_and_the_setup_names_this_desk(desk, shop):
    key = start(desk)
    page = desk.get(f"/visit/{key}", base_url=HOME)
    assert '<iframe src="https://shop.example.com/start"' in page.text
    assert shop.setup is not None
    assert shop.setup.return_url == f"{HOME}/return/{key}"


def test_a_cart_comes_home_is_judged_and_ordered_once(desk, shop):
    key = start(desk)
    arrived = desk.post(f"/return/{key}", base_url=HOME, data=cart_fields(shop))
    assert "The cart is here" in arrived.text
    page = desk.get(f"/requisitions/{key}", base_url=HOME)
    assert "4711" in page.text
    assert "20.00 SEK" in page.text
    assert "has nothing against this cart" in page.text
    for _ in range(2):
        desk.post(f"/requisitions/{key}/order", base_url=HOME)
    page = desk.get(f"/requisitions/{key}", base_url=HOME)
    assert re.search(r"Ordered: PO-[0-9A-F]{12}", page.text)
    orders = [sent for sent in shop.heard.values() if b"<OrderRequest>" in sent]
    assert len(orders) == 1


def test_a_buyer_without_a_way_to_order_is_told_so_and_has_no_button(shop):
    post = make_journey(shop).post
    post.account = replace(post.account, orders=False)
    desk = serve(post)
    key = start(desk)
    desk.post(f"/return/{key}", base_url=HOME, data=cart_fields(shop))
    desk.post(f"/requisitions/{key}/order", base_url=HOME)
    page = desk.get(f"/requisitions/{key}", base_url=HOME).text
    assert "no identity for cXML" in page
    assert "Order this cart" not in page
    assert "Ordered" not in page


def test_the_home_page_says_where_a_requisition_is(desk, shop):
    key = start(desk)
    assert "in the shop" in desk.get("/", base_url=HOME).text
    desk.post(f"/return/{key}", base_url=HOME, data=cart_fields(shop))
    assert "the cart is here" in desk.get("/", base_url=HOME).text
    desk.post(f"/requisitions/{key}/order", base_url=HOME)
    page = desk.get("/", base_url=HOME).text
    assert "ordered" in page
    assert "20.00 SEK" in page


def test_request_and_response_are_shown_beside_the_shop_without_the_secret(desk):
    page = desk.get(f"/visit/{start(desk)}", base_url=HOME).text
    assert "&lt;PunchOutSetupRequest" in page
    assert "&lt;PunchOutSetupResponse" in page
    assert "s3cret" not in page


def test_an_edit_brings_the_cart_along_and_a_cancel_leaves_it(desk, shop):
    key = start(desk)
    desk.post(f"/return/{key}", base_url=HOME, data=cart_fields(shop))
    desk.post(f"/requisitions/{key}/edit", base_url=HOME)
    assert shop.setup is not None
    assert [line.item.sku for line in shop.setup.lines] == ["4711"]
    desk.post(f"/return/{key}", base_url=HOME, data=cart_fields(shop, "cancel"))
    page = desk.get(f"/requisitions/{key}", base_url=HOME)
    assert "left the shop without a cart" in page.text
    assert "Order this cart" in page.text
    assert "BUYER-" not in page.text


def test_what_is_no_cart_is_told(desk):
    key = start(desk)
    page = desk.post(f"/return/{key}", base_url=HOME, data={"oracleCart": "x"})
    assert "Nothing readable" in page.text
    assert "BUYER-011" in desk.get(f"/requisitions/{key}", base_url=HOME).text


def test_other_host_names_foreign_buttons_and_unknown_keys_are_refused(desk):
    assert desk.get("/", base_url="http://evil.example.com").status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert desk.post("/punchout/acme-cxml", base_url=HOME, headers=foreign).status_code == 403
    assert desk.get("/requisitions/nothing", base_url=HOME).status_code == 404
    assert desk.post("/punchout/nobody", base_url=HOME).status_code == 404


def test_pages_allow_no_foreign_script_and_keep_nothing(desk):
    response = desk.get("/", base_url=HOME)
    policy = response.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert read_page(HOME, _as_httpx(response)).forms


def _as_httpx(response):
    import httpx

    return httpx.Response(200, content=response.data, headers=dict(response.headers))


NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    "</pre></iframe><evil>&amp;&#x3c;evil&#x3e;",
)


@pytest.mark.parametrize("naughty", NAUGHTY)
def test_naughty_text_in_every_field_of_a_cart_is_shown_as_text(desk, shop, naughty):
    key = start(desk)
    fields = cart_fields(shop)
    ((name, encoded),) = fields.items()
    cart = base64.b64decode(encoded).decode()
    texts = re.findall(r">([^<>{}]+)</(Description|SupplierPartID|ShortName|Classification)>", cart)
    assert {element for _, element in texts} >= {"Description", "SupplierPartID"}
    for text, element in texts:
        cart = cart.replace(f">{text}</{element}>", f">{escape(naughty)}</{element}>")
    sent = {name: base64.b64encode(cart.encode()).decode()}
    assert desk.post(f"/return/{key}", base_url=HOME, data=sent).status_code == 200
    page = desk.get(f"/requisitions/{key}", base_url=HOME).text
    assert naughty in unescape(page), "the text is there"
    assert not re.search(r"<(script>alert|img src=x|evil)", page)
    assert "{{7*7}}" in page or "7*7" not in naughty, "nothing was filled in"
    assert "<evil>" not in desk.get("/", base_url=HOME).text
