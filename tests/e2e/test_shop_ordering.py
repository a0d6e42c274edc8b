"""A person orders by lists in a real browser: numbers, a pasted sheet, favourites, an address."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from canonical.faults import Fault
from canonical.party import Contact, Customer
from canonical.punchout import Shopper
from gateway.web.shop.languages import LANGUAGES
from tests.builders import make_order
from tests.e2e.test_shop_browser import Site, Visit, browser, press_enter, site, tab_to, visit
from tests.e2e.test_shop_for_everybody import MODES, violations
from tests.gateway.punchout.sheets import make_workbook, text_row
from tests.gateway.punchout.test_delivery import NORTH, ROUTES, SOUTH, WEST
from tests.gateway.punchout.world import make_setup

__all__ = ["browser", "site", "visit"]

pytestmark = pytest.mark.browser

ADA = Shopper(user_id="ada", name="Ada Berg")
BY_MAIL = Contact(name="Ada Berg", email="ada@norr.example")


def start(site: Site, page: Page) -> str:
    """Enter the shop as Ada and return the address of the session."""
    page.goto(site.start_url(shopper=ADA))
    return page.url.partition("?")[0].rstrip("/")


def lines(page: Page, home: str) -> dict[str, str]:
    """Return the cart as its page shows it: number and quantity."""
    page.goto(f"{home}/cart")
    found = {}
    for row in page.locator("table.lines tbody tr").all():
        found[row.locator(".sku").inner_text()] = row.locator(".count input").input_value()
    return found


def test_rows_are_judged_and_put_right_on_the_page(site: Site, visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    home = start(site, page)
    page.get_by_role("link", name="Quick order").click()
    page.get_by_label("Number, row 1").fill("BOLT-M8")
    page.get_by_label("Quantity, row 1").fill("120")
    page.get_by_label("Number, row 2").fill("dr18-2")
    page.get_by_label("Quantity, row 2").fill("2")
    page.get_by_label("Number, row 3").fill("NIX")
    page.get_by_label("Quantity, row 3").fill("1")
    page.get_by_role("button", name="Put into the cart").click()
    expect(page.locator("#notice")).to_contain_text("1 row is in your cart")
    expect(page.locator("#notice")).to_contain_text("2 rows are not in your cart yet")
    expect(page.locator("#cartlink b")).to_have_text("1")
    page.get_by_role("button", name="Take 150 instead").click()
    expect(page.locator("tr.wrong")).to_have_count(1)
    expect(page.get_by_label("Number, row 1")).to_have_value("NIX")
    page.reload()
    expect(page.get_by_label("Number, row 1")).to_have_value("NIX")
    assert lines(page, home) == {"DRILL-18": "2", "BOLT-M8": "150"}
    assert opened.complaints == []


def test_a_sheet_is_pasted_and_a_workbook_sent_without_script(
    site: Site, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit(java_script_enabled=False).page
    home = start(site, page)
    page.get_by_role("link", name="Quick order").click()
    page.get_by_label("Paste from a spreadsheet").fill(
        "Article number\tText\tQuantity\tUnit\nBOLT-M8\tHex bolt\t3\tbox\nGLOVE-9\tGlove\tmany\t"
    )
    page.get_by_role("button", name="Put the list into the cart").click()
    expect(page.locator("tr.why")).to_contain_text("The quantity is not a number")
    page.get_by_label("Quantity, row 1").fill("4")
    page.get_by_role("button", name="Put into the cart").click()
    expect(page.locator("tr.wrong")).to_have_count(0)
    book = tmp_path / "list.xlsx"
    book.write_bytes(make_workbook(text_row("CABLE-3G", "12")))
    page.get_by_label("Or choose a file").set_input_files(book)
    page.get_by_role("button", name="Put the list into the cart").click()
    expect(page.locator("#notice")).to_contain_text("1 row is in your cart")
    assert lines(page, home) == {"BOLT-M8": "300", "GLOVE-9": "4", "CABLE-3G": "12"}


def test_a_list_is_ordered_by_keyboard_alone(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    home = start(site, page)
    tab_to(page, "at.getAttribute('href') && at.getAttribute('href').endsWith('/quick')")
    press_enter(page)
    expect(page.locator("h1")).to_have_text("Quick order")
    tab_to(page, "at.id === 'number-1'")
    page.keyboard.type("GLOVE-10")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    press_enter(page)
    expect(page.locator("tr.wrong")).to_have_count(1)
    tab_to(page, "at.name === 'take'")
    press_enter(page)
    expect(page.locator("#notice")).to_contain_text("1 row is in your cart")
    assert lines(page, home) == {"GLOVE-10": "24"}


def test_enter_in_a_row_sends_what_was_typed_and_no_correction(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    home = start(site, page)
    page.goto(f"{home}/quick")
    page.get_by_label("Number, row 1").fill("BOLT-M8")
    page.get_by_label("Quantity, row 1").fill("120")
    press_enter(page)
    expect(page.locator("tr.wrong")).to_have_count(1)
    page.get_by_label("Quantity, row 1").fill("200")
    press_enter(page)
    expect(page.locator("tr.wrong")).to_have_count(0)
    assert lines(page, home) == {"BOLT-M8": "200"}


def test_favourites_and_an_earlier_cart_are_ordered_again(
    site: Site, visit: Callable[..., Visit]
) -> None:
    opened = visit()
    page = opened.page
    home = start(site, page)
    page.goto(f"{home}/product/DRILL-18")
    page.get_by_role("button", name="Add to favourites").click()
    page.get_by_role("button", name="Add Cordless drill").click()
    expect(page.locator("#cartlink b")).to_have_text("1")
    page.get_by_role("button", name="Transfer cart", exact=True).click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    home = start(site, page)
    page.get_by_role("link", name="Favourites and earlier carts").click()
    page.get_by_label("Choose Cordless drill").check()
    page.get_by_label("Quantity of Cordless drill").fill("3")
    page.get_by_role("button", name="Put the chosen ones into the cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")
    page.get_by_role("link", name="Favourites and earlier carts").click()
    page.get_by_role("link", name=re.compile("Cart of")).click()
    page.get_by_role("button", name="Put the chosen ones into the cart").click()
    assert lines(page, home) == {"DRILL-18": "4"}
    assert opened.complaints == []


def addressed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the customer have three addresses that the core knows routes to."""
    core = site.world.core
    known = core.customer

    def customer(customer_id: str) -> Customer | None:
        found = known(customer_id)
        return None if found is None else replace(found, addresses=(NORTH, SOUTH, WEST))

    monkeypatch.setattr(core, "customer", customer)
    monkeypatch.setattr(core, "deliveries", lambda ship_to: ROUTES[ship_to.postal_code or ""])


def test_another_address_changes_the_day_on_every_page(
    site: Site, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    addressed(site, monkeypatch)
    page = visit().page
    home = start(site, page)
    page.goto(f"{home}/product/DRILL-18")
    page.get_by_role("button", name="Add Cordless drill").click()
    expect(page.locator("#cartlink b")).to_have_text("1")
    page.get_by_role("link", name="Change").click()
    page.get_by_role("radio", name=re.compile("South")).check()
    page.get_by_role("button", name="Deliver here").click()
    expect(page.get_by_role("radio", name=re.compile("South"))).to_be_checked()
    expect(page.locator(".stock.in")).to_contain_text("Arrives 24")
    page.get_by_role("radio", name=re.compile("West")).check()
    page.get_by_role("button", name="Deliver here").click()
    for path in ("delivery", "cart", "product/DRILL-18"):
        page.goto(f"{home}/{path}")
        expect(page.locator("main")).to_contain_text("Not delivered to this address")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_lists_has_a_violation_or_scrolls_sideways(
    site: Site, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    addressed(site, monkeypatch)
    world = site.world
    done = world.enter(make_setup(shopper=ADA))
    world.add(done, "BOLT-M8", "100")
    world.service.returning.transfer(world.session_id(done))
    token = world.enter(make_setup(shopper=ADA, language=language, return_url=f"{site.buyer}/r"))
    world.add(token, "BOLT-M8", "5000")
    earlier = f"earlier/{world.session_id(done)}"
    ordered = f"ordered/{world.ordered(make_order(originator=BY_MAIL))}"
    wrong = "BOLT-M8;120\nNIX;1\nNF-840;x\n" + "LASER-X-" + "9" * 60 + ";1"
    for mode, options in MODES.items():
        opened = visit(**options)
        page = opened.page
        page.goto(f"{site.shop}/s/{token}/quick")
        page.locator("#list").fill(wrong)
        page.locator("form.quick .sheet").nth(1).locator("button").click()
        page.goto(f"{site.shop}/s/{token}/product/GLOVE-10")
        page.locator("form.marking button").click()
        for path in ("quick", "lists", earlier, ordered, "delivery", "product/BOLT-M8", "cart"):
            page.goto(f"{site.shop}/s/{token}/{path}")
            assert violations(page) == [], (mode, path)
            width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert width <= 0, (mode, path)
        page.goto(f"{site.shop}/s/{token}/product/GLOVE-10")
        page.locator("form.marking button").click()
        page.emulate_media(media="print")
        for path in ("lists", "product/BOLT-M8", "cart"):
            page.goto(f"{site.shop}/s/{token}/{path}")
            assert violations(page) == [], (mode, path, "on paper")
        assert opened.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cart_that_cannot_be_written_is_told_on_a_page_without_violation(
    site: Site, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    world = site.world
    token = world.enter(make_setup(language=language, return_url=f"{site.buyer}/r"))
    world.add(token, "BOLT-M8", "100")
    unknown = Fault(code="MAP-006", message="a code is not in its code list", found="C62" * 40)
    monkeypatch.setattr(world.outbox, "refuse", (unknown,))
    page = visit(**MODES["narrow"]).page
    page.goto(f"{site.shop}/s/{token}/cart")
    page.locator("form.final button").click()
    expect(page.locator(".note.bad")).to_be_visible()
    reasons = page.locator("details[lang=en], details p[lang=en]")
    expect(reasons).to_be_hidden()
    page.locator("#notice summary").click()
    expect(reasons).to_contain_text("MAP-006")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
