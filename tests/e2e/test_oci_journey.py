"""A person shops from a procurement system that logs in by OCI or Peppol, in a real browser.

The procurement system stands on 127.0.0.1 and the shop on localhost: two sites for a browser, so
the shop in its frame is a third party there, whose cookies are blocked.
"""

import base64
import html
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import flask
import pytest
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect

from tests.e2e.test_shop_browser import AXE, RULES, Visit, browser, still, visit
from tests.gateway.web.house import House, call, login
from tests.gateway.web.shop.serving import served

__all__ = ["browser", "visit"]

pytestmark = pytest.mark.browser

NAME = "Påse till blåbär, Ä-märkt, 5 € styck"
SKU = "PA-10010"


@dataclass
class Office:
    """Hold the shop, the procurement system and what was posted to it, byte for byte."""

    house: House
    shop: str
    buyer: str
    received: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    @property
    def hook(self) -> str:
        """Return the address that carts come back to, with parameters of its own."""
        return f"{self.buyer}/return?requisition=7&of=%E5"

    def posted(self, charset: str) -> list[tuple[str, str]]:
        """Return the fields of the last cart that came."""
        body, _ = self.received[-1]
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding=charset)


def procurement(office: list[Office]) -> flask.Flask:
    """Return a procurement system: it opens a shop in a frame, by GET or POST, and takes carts."""
    application = flask.Flask("procurement")

    @application.get("/favicon.ico")
    def icon() -> tuple[str, int]:
        return "", 204

    @application.get("/get")
    def by_get() -> str:
        address = html.escape(flask.request.args["shop"])
        return f'<!doctype html><title>P2P</title><iframe name="shop" src="{address}" {SIZE}>'

    @application.get("/post")
    def by_post() -> str:
        inputs = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in flask.request.args.items()
            if name != "shop"
        )
        address = html.escape(flask.request.args["shop"])
        form = f'<form action="{address}" method="post" target="shop">{inputs}<button>Shop</button>'
        return f'<!doctype html><title>P2P</title>{form}</form><iframe name="shop" {SIZE}>'

    @application.post("/return")
    def back() -> str:
        headers = dict(flask.request.headers.items())
        office[0].received.append((flask.request.get_data(), headers))
        return "<!doctype html><title>Back</title><h1>Requisition with your cart</h1>"

    return application


SIZE = 'width="1200" height="800"'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    offices: list[Office] = []
    houses: list[House] = []

    def shop(url: str) -> flask.Flask:
        def adjust(workspace: Path) -> None:
            settings = workspace / "gateway.toml"
            text = settings.read_text("utf-8")
            settings.write_text(text.replace("http://127.0.0.1:8080", url), "utf-8")
            products = workspace / "core" / "products.csv"
            rows = products.read_text("utf-8").splitlines(keepends=True)
            products.write_text("".join(map(renamed, rows)), "utf-8")

        house = House(tmp_path / "workspace", adjust=adjust, return_host="127.0.0.1")
        house.extend("acme", "", "punchout:", "punchout:\n  allow_http: yes")
        house.open_again()
        houses.append(house)
        return house.application

    with (
        served(shop, "localhost") as shop_url,
        served(lambda _: procurement(offices)) as buyer_url,
    ):
        offices.append(Office(houses[0], shop_url, buyer_url))
        yield offices[0]
    houses[0].gateway.close()


def renamed(row: str) -> str:
    """Return a row of products.csv; one product has a name with letters that charsets differ in."""
    if not row.startswith(f"{SKU},"):
        return row
    sku, quoted = row.split(",", 1)
    return f'{sku},"{NAME}",' + quoted.partition('",')[2]


def in_frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=shop]")


def buy(frame: FrameLocator | Frame | Page, quantity: str = "3") -> None:
    """Search, buy and send the cart home."""
    frame.get_by_role("searchbox").fill("blåbär")
    expect(frame.locator(".products > li")).to_have_count(1)
    frame.get_by_label(f"Quantity of {NAME}").fill(quantity)
    frame.get_by_role("button", name=f"Add {NAME}").click()
    expect(frame.locator("#cartlink b")).to_have_text("1")
    frame.get_by_role("button", name="Transfer cart", exact=True).click()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("charset", ["ISO-8859-1", "UTF-8"])
def test_an_oci_cart_comes_home_from_a_foreign_frame_with_every_letter(
    office: Office, visit: Callable[..., Visit], method: str, charset: str
) -> None:
    opened = visit()
    fields = call(HOOK_URL=office.hook, http_content_charset=charset)
    address = f"{office.shop}/oci/acme"
    if method == "get":
        query = urlencode({"shop": f"{address}?{urlencode(fields)}"})
        opened.page.goto(f"{office.buyer}/get?{query}")
    else:
        opened.page.goto(f"{office.buyer}/post?{urlencode({'shop': address, **fields})}")
        opened.page.get_by_role("button", name="Shop").click()
    buy(in_frame(opened.page))
    # Without a frame named in the call the cart leaves the frame, as OCI has it.
    expect(opened.page.locator("h1")).to_have_text("Requisition with your cart")
    fields_home = dict(office.posted({"ISO-8859-1": "cp1252"}.get(charset, charset)))
    assert fields_home["requisition"] == "7"
    assert fields_home["NEW_ITEM-DESCRIPTION[1]"] == NAME[:40]
    assert fields_home["NEW_ITEM-QUANTITY[1]"] == "3"
    _, headers = office.received[-1]
    assert "Referer" not in headers
    assert len(office.received) == 1
    assert opened.complaints == []


def test_a_cart_goes_to_the_frame_that_the_call_names(
    office: Office, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    fields = call(HOOK_URL=office.hook, returntarget="shop")
    query = urlencode({"shop": f"{office.shop}/oci/acme?{urlencode(fields)}"})
    page.goto(f"{office.buyer}/get?{query}")
    buy(in_frame(page))
    expect(in_frame(page).locator("h1")).to_have_text("Requisition with your cart")
    assert page.url.startswith(f"{office.buyer}/get")


def test_a_peppol_cart_comes_home_from_a_foreign_frame_as_a_catalogue(
    office: Office, visit: Callable[..., Visit]
) -> None:
    opened = visit()
    fields = {"shop": f"{office.shop}/peppol/punchout/acme", **login(returnurl=office.hook)}
    opened.page.goto(f"{office.buyer}/post?{urlencode(fields)}")
    opened.page.get_by_role("button", name="Shop").click()
    frame = in_frame(opened.page)
    buy(frame)
    expect(frame.locator("h1")).to_have_text("Requisition with your cart")
    ((name, value),) = office.posted("utf-8")
    assert name == "catalogue"
    catalogue = base64.b64decode(value).decode()
    assert f"<cbc:Name>{NAME}</cbc:Name>" in catalogue
    assert '<cbc:BatchQuantity unitCode="' in catalogue
    assert opened.complaints == []


def test_a_cart_goes_home_without_script(office: Office, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(f"{office.shop}/oci/acme?{urlencode(call(HOOK_URL=office.hook))}")
    page.get_by_role("searchbox").fill("blåbär")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_role("button", name=f"Add {NAME}").click()
    page.get_by_role("button", name="Transfer cart").click()
    page.get_by_role("button", name="Continue to 127.0.0.1").click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert ("NEW_ITEM-EXT_PRODUCT_ID[1]", SKU) in office.posted("cp1252")


def test_a_validated_product_goes_home_by_itself(
    office: Office, visit: Callable[..., Visit]
) -> None:
    opened = visit()
    fields = call(HOOK_URL=office.hook, FUNCTION="VALIDATE", PRODUCTID=SKU, QUANTITY="4")
    opened.page.goto(f"{office.shop}/oci/acme?{urlencode(fields)}")
    expect(opened.page.locator("h1")).to_have_text("Requisition with your cart")
    assert ("NEW_ITEM-QUANTITY[1]", "4") in office.posted("cp1252")
    assert opened.complaints == []


def test_a_refusal_is_read_in_the_frame_where_the_shop_should_be(
    office: Office, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    fields = call(HOOK_URL=office.hook, PASSWORD="wrong")
    query = urlencode({"shop": f"{office.shop}/oci/acme?{urlencode(fields)}"})
    page.goto(f"{office.buyer}/get?{query}")
    expect(in_frame(page).locator("h1")).to_have_text("The shop did not recognise the login")


def test_a_second_trip_never_shows_the_cart_of_the_first(
    office: Office, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    address = f"{office.shop}/oci/acme?{urlencode(call(HOOK_URL=office.hook))}"
    page.goto(address)
    page.get_by_role("searchbox").fill("blåbär")
    expect(page.locator(".products > li")).to_have_count(1)
    page.get_by_role("button", name=f"Add {NAME}").click()
    expect(page.locator("#cartlink b")).to_have_text("1")
    page.goto(address)
    expect(page.locator("#cartlink b")).to_have_text("0")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_logins_are_accessible_and_fit_a_telephone(
    office: Office, visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    page = visit(viewport={"width": width, "height": 640}, color_scheme=scheme).page
    search = {"FUNCTION": "BACKGROUND_SEARCH", "HOOK_URL": office.hook}
    for fields in (
        {},
        call(PASSWORD="wrong"),
        call(HOOK_URL="https://elsewhere.example/"),
        call(**search, SEARCHSTRING="paper"),
        call(**search, SEARCHSTRING="nothing like it"),
    ):
        page.goto(f"{office.shop}/oci/acme?{urlencode(fields)}")
        still(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(RULES)
        )
        assert [violation["id"] for violation in found["violations"]] == [], fields
        assert found["passes"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, fields


@pytest.fixture(scope="module", autouse=True)
def chromium_is_here(browser: Browser) -> None:
    assert browser.is_connected()
    assert shutil.which("chromium") or shutil.which("chromium-browser")
