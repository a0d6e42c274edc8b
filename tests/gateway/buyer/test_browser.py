"""The browser sends what a page's forms say, keeps no cookie, runs no script, and follows links."""

import httpx
import pytest

from gateway.buyer.browser import Browser, read_page, without_cookies
from gateway.errors import TransportError

PAGE = """<!doctype html><html><head><title> The  shop </title></head><body>
<a href="/s/t/cart">Cart</a> <a href="https://elsewhere.example.com/">Away</a>
<form method="get" action="/s/t/search"><input type="search" name="q" value="chair">
  <select name="sort"><option value="name">Name</option>
  <option selected value="price">Price</option>
  </select><button>Search</button></form>
<form method="post" action="add">
  <input type="hidden" name="sku" value="4711">
  <input type="number" name="quantity" value="10" min="10">
  <input type="checkbox" name="gift" value="1"><input type="checkbox" name="note" checked>
  <input type="text" name="off" value="x" disabled>
  <textarea name="remark">
two
lines</textarea>
  <button name="how" value="once">Add</button>
  <button name="how" value="twice" formaction="/s/t/double">Add twice</button>
</form>
<form method="post" action="/s/t/transfer" id="out"></form>
<button form="out" disabled>Transfer</button>
</body></html>"""


def respond(body: str = PAGE, status: int = 200, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status, text=body, headers={"content-type": "text/html; charset=utf-8", **names}
    )


def browse(handler) -> tuple[Browser, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return handler(request)

    client = httpx.Client(transport=httpx.MockTransport(transport))
    return Browser(client), seen


def test_a_page_tells_its_title_links_and_forms():
    page = read_page("http://shop.example.com/s/t/", respond())
    assert page.title == "The shop"
    assert page.links[0] == ("Cart", "http://shop.example.com/s/t/cart")
    search, add, transfer = page.forms
    assert (search.method, search.editable["q"]) == ("get", "search")
    assert dict(search.fields) == {"q": "chair", "sort": "price"}
    assert add.action == "http://shop.example.com/s/t/add"
    assert dict(add.fields) == {
        "sku": "4711",
        "quantity": "10",
        "note": "on",
        "remark": "two\nlines",
    }
    assert [button.disabled for button in transfer.buttons] == [True]


def test_a_get_form_puts_its_fields_into_the_address():
    browser, seen = browse(lambda _request: respond())
    page = browser.open("http://shop.example.com/s/t/")
    browser.submit(page, page.forms[0], {"q": "skruv å"})
    assert seen[-1].method == "GET"
    assert dict(seen[-1].url.params) == {"q": "skruv å", "sort": "price"}


def test_a_post_form_sends_hidden_fields_the_filled_in_and_the_pressed_button():
    browser, seen = browse(lambda _request: respond())
    page = browser.open("http://shop.example.com/s/t/")
    add = page.forms[1]
    browser.submit(page, add, {"quantity": "20"}, add.buttons[1])
    assert str(seen[-1].url) == "http://shop.example.com/s/t/double"
    sent = dict(httpx.QueryParams(seen[-1].content.decode()))
    assert (sent["sku"], sent["quantity"], sent["how"]) == ("4711", "20", "twice")
    assert seen[-1].headers["origin"] == "http://shop.example.com"


def test_a_site_that_hides_the_referrer_gets_a_null_origin():
    browser, seen = browse(lambda _request: respond(referrer_policy="no-referrer"))
    page = browser.open("http://shop.example.com/s/t/")
    browser.submit(page, page.forms[1])
    assert seen[-1].headers["origin"] == "null"


def test_a_redirect_after_a_post_becomes_a_get():
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(303, headers={"location": "/s/t/cart"})
        return respond()

    browser, seen = browse(handler)
    page = browser.open("http://shop.example.com/s/t/")
    arrived = browser.submit(page, page.forms[1])
    assert (seen[-1].method, arrived.url) == ("GET", "http://shop.example.com/s/t/cart")
    assert seen[-1].content == b""


def test_endless_redirects_end_in_a_clear_error():
    browser, _ = browse(lambda _request: httpx.Response(302, headers={"location": "/again"}))
    with pytest.raises(TransportError, match="redirected 10 times"):
        browser.open("http://shop.example.com/")


def test_cookies_are_refused():
    with without_cookies() as client:
        response = httpx.Response(
            200,
            headers={"set-cookie": "session=1; Path=/"},
            request=httpx.Request("GET", "http://shop.example.com/"),
        )
        client.cookies.extract_cookies(response)
        assert dict(client.cookies) == {}


def test_a_page_that_is_no_html_offers_nothing():
    response = httpx.Response(404, text="404 Not Found", headers={"content-type": "text/plain"})
    page = read_page("http://shop.example.com/", response)
    assert (page.status, page.forms, page.text) == (404, (), "404 Not Found")
