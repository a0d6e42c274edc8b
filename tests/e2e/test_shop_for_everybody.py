"""Everybody can use the shop: in every language, size and contrast, by keyboard, on paper."""

import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from canonical.identifiers import Property
from canonical.party import Contact
from canonical.product import Classification, PartNumber
from gateway.connectors.contract import Page as Changes
from gateway.web.shop.languages import LANGUAGES
from tests.e2e.test_shop_browser import (
    AXE,
    RULES,
    Site,
    Visit,
    browser,
    site,
    still,
    visit,
)
from tests.gateway.punchout.world import make_line, make_setup

__all__ = ["browser", "site", "visit"]

pytestmark = pytest.mark.browser

MODES: dict[str, dict[str, object]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "javascript:alert(1)",
    "{{7*7}}${7*7}#{7*7}%(name)s %s %% {hours}",
    "</title></textarea></script><svg/onload=alert(1)>",
    "ÅÄÖ 表ポあ \u202eevil\u202c &amp; &#x3c;b&#x3e; \U0001f469\u200d\U0001f692",
    "x" * 300,
)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe has against a page."""
    still(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(RULES)
    )
    assert found["passes"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found["violations"]
    ]


def filled(site: Site, language: str = "en") -> str:
    """Return the token of a visit with something in its cart, and filters to choose from."""
    world = site.world
    for sku in ("GLOVE-9", "DRILL-18"):
        product = world.catalogue.product(sku)
        assert product is not None
        coloured = replace(product, properties=(Property(name="Colour", value="grey"),))
        world.catalogue.apply_products(Changes(items=(coloured,), next="1", more=False))
    token = world.enter(make_setup(return_url=f"{site.buyer}/return", language=language))
    world.add(token, "BOLT-M8", "5000")
    world.add(token, "DRILL-18", "2")
    return token


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_and_no_cart_has_a_violation_in_any_language(
    site: Site, visit: Callable[..., Visit], language: str
) -> None:
    token = filled(site, language)
    for mode, options in MODES.items():
        opened = visit(**options)
        for path in ("?is.Colour=grey", "cart"):
            opened.page.goto(f"{site.shop}/s/{token}/{path}")
            assert violations(opened.page) == [], (mode, path)
        assert opened.complaints == []


@pytest.mark.parametrize("language", ["de", "fi", "nl"])
@pytest.mark.parametrize("viewport", [(320, 640), (640, 400), (1280, 720)])
def test_long_words_never_make_a_page_scroll_sideways(
    site: Site, visit: Callable[..., Visit], language: str, viewport: tuple[int, int]
) -> None:
    # 640 x 400 is what 200 % leaves of a window of 1280 x 800.
    width, height = viewport
    page = visit(viewport={"width": width, "height": height}).page
    token = filled(site, language)
    for path in ("?is.Colour=grey", "product/BOLT-M8", "product/LASER-X", "cart", "?q=zzzzqqqq"):
        page.goto(f"{site.shop}/s/{token}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


STICKS_OUT = """() => {
  const out = [];
  for (const at of document.querySelectorAll("button, input, select, td, th, p")) {
    const box = at.getBoundingClientRect();
    const card = at.parentElement.closest(".products > li, article, .sheet, .bar, .terms");
    if (!card || box.width < 2 || at.matches(".unseen, [hidden] *, .tongues *")) continue;
    const padding = parseFloat(getComputedStyle(card).paddingRight);
    const edge = card.getBoundingClientRect().right - padding;
    if (box.right > edge + 1) out.push([at.outerHTML.slice(0, 120), Math.round(box.right - edge)]);
  }
  return out;
}"""


@pytest.mark.parametrize("language", ["de", "nl"])
def test_nothing_sticks_out_of_the_card_that_it_is_on(
    site: Site, visit: Callable[..., Visit], language: str
) -> None:
    page = visit().page
    token = filled(site, language)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in (
            "",
            "product/BOLT-M8",
            "product/LASER-X",
            "cart",
            "quick",
            "lists",
            "delivery",
        ):
            page.goto(f"{site.shop}/s/{token}/{path}")
            assert page.evaluate(STICKS_OUT) == [], (width, path)


HIDDEN = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const cover = seen && seen.closest(".banner, .leave");
  return !seen || Boolean(cover && !cover.contains(at) && !at.contains(seen));
}"""


@pytest.mark.parametrize("viewport", [(320, 640), (1280, 600)])
def test_what_has_the_focus_is_never_under_what_stays_in_sight(
    site: Site, visit: Callable[..., Visit], viewport: tuple[int, int]
) -> None:
    page = visit(viewport={"width": viewport[0], "height": viewport[1]}).page
    page.goto(f"{site.shop}/s/{filled(site)}/")
    seen = 0
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 30:
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            continue
        seen += 1
        assert not page.evaluate(HIDDEN), page.evaluate("document.activeElement.outerHTML")
    assert seen > 50
    expect(page.get_by_role("button", name="Transfer cart")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Return without cart")).to_be_in_viewport(ratio=1)


def test_the_language_is_chosen_without_script_and_without_mouse(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(site.start_url(language="sv-SE"))
    expect(page.locator("h1")).to_have_text("Alla produkter")
    page.goto(page.url + "?q=bolt")
    page.locator(".tongues summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.locator(":focus").inner_text() != "Deutsch":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Suchen")).to_be_visible()
    expect(page.locator("#q")).to_have_value("bolt")
    assert page.locator("html").get_attribute("lang") == "de"


def test_the_menu_of_languages_closes_with_escape(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.goto(site.start_url())
    page.locator(".tongues summary").click()
    expect(page.get_by_role("button", name="Suomi")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Suomi")).to_be_hidden()
    expect(page.locator(".tongues summary")).to_be_focused()


def test_typing_and_ticking_narrow_the_list_at_once_and_say_how_many(
    site: Site, visit: Callable[..., Visit]
) -> None:
    opened = visit()
    page = opened.page
    page.goto(f"{site.shop}/s/{filled(site)}/")
    page.get_by_role("searchbox").press_sequentially("glove")
    expect(page).to_have_url(re.compile(r"q=glove$"))
    expect(page.locator("#count")).to_have_text("2 products")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("checkbox", name="In stock").check()
    expect(page.locator("#count")).to_have_text("1 product")
    expect(page.get_by_role("checkbox", name="In stock")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=glove&stock=1$"))
    expect(page.locator("#tongues input[name=next]")).to_have_value("?q=glove&stock=1")
    page.get_by_role("link", name="Remove In stock").click()
    expect(page.locator(".products > li")).to_have_count(2)
    page.get_by_label("Sort by").select_option("Article number")
    expect(page).to_have_url(re.compile(r"q=glove&sort=number$"))
    page.reload()
    expect(page.get_by_label("Sort by")).to_have_value("number")
    assert opened.complaints == []


@pytest.mark.parametrize("act", ["search", "add"])
def test_a_visit_that_is_over_is_told_at_the_next_step_whatever_it_is(
    site: Site, visit: Callable[..., Visit], act: str
) -> None:
    page = visit().page
    page.goto(f"{site.shop}/s/{filled(site)}/")
    site.world.clock.forward(days=1)
    try:
        if act == "search":
            page.get_by_role("searchbox").fill("glove")
        else:
            page.get_by_role("button", name="Add Hex bolt").click()
        expect(page.locator("h1")).to_have_text("This visit has run out of time")
        expect(page.locator("main")).to_be_focused()
        expect(page.get_by_role("searchbox")).to_have_count(0)
        assert violations(page) == []
    finally:
        site.world.clock.forward(days=-1)


def test_filters_and_orders_work_without_script(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(f"{site.shop}/s/{filled(site)}/?q=glove")
    page.locator(".filters summary").click()
    page.get_by_role("checkbox", name="In stock").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".products > li")).to_have_count(1)
    page.get_by_role("link", name="Remove In stock").click()
    page.get_by_label("Sort by").select_option("Price")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect(page.get_by_label("Sort by")).to_have_value("price")


@pytest.mark.parametrize("naughty", NAUGHTY)
def test_naughty_texts_in_every_field_are_only_text(
    site: Site, visit: Callable[..., Visit], naughty: str
) -> None:
    world = site.world
    product = world.catalogue.product("DRILL-18")
    assert product is not None
    sku = naughty[:80]
    changed = replace(
        product, sku=sku, name=naughty, description=naughty, manufacturer=naughty,
        manufacturer_sku=naughty, gtin=naughty, image=naughty, category=(naughty, naughty),
        unit=naughty[:20], assortments=(),
        classifications=(Classification(scheme=naughty, code=naughty, version=naughty),),
        properties=(Property(name=naughty, value=naughty),),
    )  # fmt: skip
    plain = replace(product, name=naughty)
    world.catalogue.apply_products(Changes(items=(changed, plain), next="1", more=False))
    own = PartNumber(customer_id="1001", buyer_sku=naughty, sku="DRILL-18")
    world.catalogue.apply_part_numbers(Changes(items=(own,), next="1", more=False))
    setup = make_setup(
        return_url=f"{site.buyer}/return", language=naughty, buyer_cookie=naughty,
        contacts=(Contact(name=naughty, email=naughty),),
        lines=(make_line(naughty), make_line("DRILL-18")),
    )  # fmt: skip
    token = world.enter(setup)
    assert world.add(token, "DRILL-18", "1") is None
    opened = visit()
    page = opened.page
    for path in ("", "cart", "product/DRILL-18", "?added=DRILL-18"):
        page.goto(f"{site.shop}/s/{token}/{path}")
        assert naughty.split(maxsplit=1)[0] in page.locator("main").inner_text(), path
    for query in ({"q": naughty}, {"make": naughty, "is." + naughty: naughty}, {"in": naughty}):
        page.goto(f"{site.shop}/s/{token}/")
        page.evaluate("given => location.search = new URLSearchParams(given)", query)
        page.wait_for_url(re.compile(r"\?"))
        expect(page.locator("h1")).to_be_visible()
    serious = [said for said in opened.complaints if "404" not in said and "400" not in said]
    assert serious == [], "no dialog, no script error, no violation of the policy"


def test_a_printed_product_is_a_clean_sheet(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.goto(f"{site.shop}/s/{filled(site)}/product/BOLT-M8")
    page.emulate_media(media="print")
    expect(page.get_by_text("Price by quantity")).to_be_visible()
    expect(page.get_by_text("Region Norr")).to_be_visible()
    assert page.locator("button:visible, input:visible, nav:visible").count() == 0
    page.goto(f"{site.shop}/s/{filled(site)}/?q=bolt")
    assert page.locator("button:visible, input:visible, aside:visible").count() == 0


def test_colours_of_the_system_and_stillness_are_respected(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(forced_colors="active", reduced_motion="reduce").page
    page.goto(f"{site.shop}/s/{filled(site)}/?is.Colour=grey")
    border = page.locator(".chips a").first.evaluate("one => getComputedStyle(one).borderTopWidth")
    assert border == "1px"
    moving = page.get_by_role("button", name="Search").evaluate(
        "one => getComputedStyle(one).transitionDuration"
    )
    assert moving == "0s"
