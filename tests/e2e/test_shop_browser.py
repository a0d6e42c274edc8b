"""A person in a real browser brings a cart home: in a foreign frame, by keyboard, without script.

The procurement system of these tests stands on 127.0.0.1 and the shop on localhost: two sites for a
browser, so the shop in its frame is a third party there.
"""

import base64
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import flask
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Frame,
    Page,
    Route,
    expect,
    sync_playwright,
)

from canonical.punchout import Operation
from gateway.ambient import system_clock
from gateway.store.database import open_database
from gateway.store.schema import metadata
from tests.gateway.punchout.world import (
    COOKIE,
    World,
    make_line,
    make_partner,
    make_setup,
    make_world,
    start_token,
)
from tests.gateway.web.shop.serving import make_application, served

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "assets" / "axe" / "axe.min.js"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--test-third-party-cookie-phaseout",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
STATIC_SCRIPT = re.compile(r"/static/.*\.js$")
SCRIPTS = 2
PATIENCE = 120_000
"""Milliseconds that a page may take to become as a test has it, on a machine that is busy."""
STILL = """() => {
  for (const one of document.getAnimations()) {
    if (Number.isFinite(one.effect.getComputedTiming().endTime)) one.finish();
    else one.cancel();
  }
}"""


@dataclass
class Site:
    """Hold the shop, the procurement system and what it received."""

    world: World
    shop: str
    buyer: str
    received: list[dict[str, object]] = field(default_factory=list)

    def start_url(self, operation: Operation = Operation.CREATE, **changes: object) -> str:
        """Send a setup whose cart comes back to the procurement system."""
        setup = make_setup(operation, return_url=f"{self.buyer}/return", **changes)
        return f"{self.shop}/start/{start_token(self.world.open(setup))}"


def procurement(received: list[dict[str, object]]) -> flask.Flask:
    """Return a procurement system: a page that frames a shop, and the place carts come back to."""
    application = flask.Flask("procurement")

    @application.get("/")
    def frame() -> str:
        address = flask.request.args["shop"]
        return f'<!doctype html><title>P2P</title><iframe src="{address}" width=1200 height=800>'

    @application.get("/favicon.ico")
    def icon() -> tuple[str, int]:
        return "", 204

    @application.post("/return")
    def back() -> str:
        cart = json.loads(base64.b64decode(flask.request.form["cXML-base64"]))
        received.append(cart)
        return "<!doctype html><title>Back</title><h1>Requisition with your cart</h1>"

    return application


def cookie_probe() -> flask.Blueprint:
    """Return a page that tells whether the browser brings the shop's own cookie back."""
    probe = flask.Blueprint("probe", __name__)

    @probe.get("/probe")
    def ask() -> flask.Response:
        brought = "brought" if "probe" in flask.request.cookies else "lost"
        response = flask.Response(f"<!doctype html><p>{brought}</p>")
        response.set_cookie("probe", "1", secure=True, samesite="None")
        return response

    return probe


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs chromium on its PATH")
        pytest.skip("chromium is not on the PATH")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=list(ARGUMENTS), timeout=PATIENCE
        )
        yield launched
        launched.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    database = open_database(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    metadata.create_all(database.engine)
    partner = make_partner(punchout={"allow_http": True})
    worlds: list[World] = []
    received: list[dict[str, object]] = []

    def shop(url: str) -> flask.Flask:
        worlds.append(make_world(database, partner, base_url=url))
        worlds[0].clock.now = system_clock()
        return make_application(worlds[0], cookie_probe())

    with (
        served(shop, "localhost") as shop_url,
        served(lambda _: procurement(received)) as buyer_url,
    ):
        yield Site(worlds[0], shop_url, buyer_url, received)
    database.close()


@dataclass
class Visit:
    """Hold an open page and everything it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    contexts: list[BrowserContext] = []

    def enter(**options: object) -> Visit:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # as the test says
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        opened = Visit(context.new_page())
        opened.page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on(
            "console",
            lambda said: opened.complaints.append(said.text) if said.type == "error" else None,
        )
        return opened

    yield enter
    for context in contexts:
        context.close()


def framed(page: Page) -> Frame:
    page.wait_for_selector("iframe")
    handle = page.query_selector("iframe")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def test_the_journey_in_a_frame_of_another_site_with_its_cookies_blocked(
    site: Site, visit: Callable[..., Visit]
) -> None:
    opened = visit()
    page = opened.page
    for _ in range(2):
        page.goto(f"{site.buyer}/?shop={site.shop}/probe")
    expect(framed(page).locator("p")).to_have_text("lost")

    page.goto(f"{site.buyer}/?shop={site.start_url()}")
    frame = framed(page)
    expect(frame.locator("h1")).to_have_text("All products")
    frame.get_by_role("searchbox").fill("hex bolt")
    expect(frame.locator(".products > li")).to_have_count(1)
    transfer = frame.get_by_role("button", name="Transfer cart", exact=True)
    expect(transfer).to_be_hidden()
    frame.get_by_label("Quantity of Hex bolt").fill("1000")
    frame.get_by_role("button", name="Add Hex bolt").click()
    expect(frame.locator("#notice")).to_contain_text("Hex bolt M8 x 40 is in your cart")
    expect(frame.locator("#cartlink b")).to_have_text("1")
    expect(transfer).to_be_visible()
    frame.get_by_role("link", name="See the cart").click()
    expect(frame.locator("h1")).to_have_text("Your cart")
    frame.get_by_role("button", name="Transfer cart", exact=True).dblclick()
    expect(frame.locator("h1")).to_have_text("Requisition with your cart")
    assert site.received[-1]["cookie"] == COOKIE
    assert site.received[-1]["total"] == "1490.00"
    assert len(site.world.outbox.sent) == 1
    assert opened.complaints == []


def test_a_site_that_is_not_the_buyer_cannot_frame_the_shop(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    token = site.world.enter(make_setup(return_url="https://another-buyer.example/return"))
    page.goto(f"{site.buyer}/?shop={site.shop}/s/{token}/")
    framed(page).wait_for_url(re.compile("^chrome-error:"))
    page.goto(f"{site.shop}/s/{token}/")
    expect(page.locator("h1")).to_have_text("All products")


def still(page: Page) -> None:
    """Let a page come to rest: whole, and nothing on its way from one colour to another."""
    page.wait_for_load_state()
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(STILL)


def press_enter(page: Page) -> None:
    """Press Enter where that opens another page, and wait until it is there as a whole.

    What a page shows may be right before that: it asks for a narrower list by itself.
    """
    with page.expect_event("load"):
        page.keyboard.press("Enter")


def tab_to(page: Page, script: str) -> None:
    """Press Tab until the element in focus satisfies `script`."""
    page.wait_for_load_state()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const at = document.activeElement; return {script}; }})()"):
            return
    pytest.fail(f"no way by keyboard to {script}")


def test_the_journey_by_keyboard_alone(site: Site, visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    page.goto(site.start_url())
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    tab_to(page, "at.type === 'search'")
    page.keyboard.type("glove")
    press_enter(page)
    expect(page.locator(".products > li")).to_have_count(2)
    tab_to(page, "at.name === 'quantity'")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Control+A")
    page.keyboard.type("24")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("is in your cart")
    page.goto(page.url.partition("?")[0])
    tab_to(page, "at.id === 'cartlink'")
    press_enter(page)
    expect(page.locator("h1")).to_have_text("Your cart")
    tab_to(page, "at.name && at.name.startsWith('quantity-')")
    page.keyboard.press("Control+A")
    page.keyboard.type("36")
    press_enter(page)
    expect(page.locator("#notice")).to_contain_text("up to date")
    tab_to(page, "at.textContent.startsWith('Transfer cart to')")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert site.received[-1]["lines"][0][2] == "36"  # type: ignore[index]  # a list of lines
    assert opened.complaints == []


@pytest.mark.parametrize("touch", ["type", "tick", "sort"])
def test_what_is_typed_or_ticked_before_the_scripts_are_here_is_not_lost(
    site: Site, visit: Callable[..., Visit], touch: str
) -> None:
    page, held = visit().page, list[Route]()
    page.route(STATIC_SCRIPT, lambda route: held.append(route))  # noqa: PLW0108 -- no built-in
    page.goto(site.start_url(), wait_until="commit")
    if touch == "type":
        page.get_by_role("searchbox").fill("drill")
    elif touch == "tick":
        page.locator(".filters summary").click()
        page.get_by_label("In stock").check()
    else:
        page.get_by_label("Sort").select_option(index=1)
    while len(held) < SCRIPTS:
        page.wait_for_timeout(20)  # the browser asks for them soon
    before = page.url
    for one in held:
        one.continue_()
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(
        re.compile({"type": "q=drill", "tick": "stock=1", "sort": "sort="}[touch])
    )


def test_the_journey_without_script(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(site.start_url())
    page.get_by_role("searchbox").fill("drill")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Cordless drill").click()
    page.get_by_label("Quantity of Cordless drill").fill("2")
    page.get_by_role("button", name="Add Cordless drill").click()
    expect(page.locator("#notice")).to_contain_text("is in your cart")
    page.get_by_role("button", name="Transfer cart").click()
    expect(page.locator("h1")).to_have_text("Your cart goes to Region Norr")
    page.get_by_role("button", name="Continue to").click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert site.received[-1]["total"] == "5580.00"


@pytest.mark.parametrize("button", ["Transfer cart", "Transfer cart to Region Norr"])
@pytest.mark.parametrize("script", [True, False])
def test_a_quantity_typed_just_before_the_transfer_is_not_lost(
    site: Site, visit: Callable[..., Visit], button: str, script: bool
) -> None:
    page = visit(java_script_enabled=script).page
    page.goto(site.start_url())
    page.get_by_role("button", name="Add Cordless drill").click()
    page.get_by_role("link", name="See the cart").click()
    page.get_by_label("Quantity of Cordless drill").fill("3")
    page.get_by_role("button", name=button, exact=True).click()
    if not script:
        page.get_by_role("button", name="Continue to").click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert site.received[-1]["total"] == "8370.00"


def test_going_back_shows_that_the_cart_has_gone_and_can_send_it_again(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    page.goto(site.start_url())
    page.get_by_role("button", name="Add Cordless drill").click()
    expect(page.locator("#cartlink b")).to_have_text("1")
    page.get_by_role("button", name="Transfer cart").click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    page.go_back()
    # Browsers may or may not keep a page in their history that left by itself.
    expect(page.locator("h1")).to_have_text(re.compile("has been transferred|goes to Region Norr"))
    assert len(site.received) == 1
    again = page.get_by_role("link", name="Send it once more")
    again.or_(page.get_by_role("button", name="Continue to")).click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert len(site.received) == 2
    assert site.received[0] == site.received[1]
    assert len(site.world.outbox.sent) == 1


def test_leaving_without_a_cart_changes_nothing_over_there(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    page.goto(site.start_url(Operation.EDIT, lines=(make_line("BOLT-M8"),)))
    page.get_by_role("button", name="Return without cart").click()
    expect(page.locator("h1")).to_have_text("Requisition with your cart")
    assert site.received[-1]["status"] == 204


def test_a_start_link_opened_twice_explains_itself(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    url = site.start_url()
    page.goto(url)
    page.goto(url)
    expect(page.locator("h1")).to_have_text("This link has been used already")


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"viewport": {"width": 320, "height": 640}},
    ],
    ids=["light", "dark", "narrow"],
)
def test_no_page_has_an_accessibility_violation(
    site: Site, visit: Callable[..., Visit], options: dict[str, object]
) -> None:
    opened = visit(**options)
    page = opened.page
    world = site.world
    token = world.enter(make_setup(return_url=f"{site.buyer}/return"))
    world.add(token, "BOLT-M8", "1000")
    lines = (make_line("BOLT-M8", price="120"), make_line("LASER-X"))
    edit = world.enter(make_setup(Operation.EDIT, lines=lines))
    inspect = world.enter(make_setup(Operation.INSPECT, lines=lines))
    late = world.enter()
    world.add(late, "DRILL-18", "1")
    world.service.returning.transfer(world.session_id(late))
    paths = [
        f"s/{token}/", f"s/{token}/?q=nothing+like+it", f"s/{token}/?in=Fasteners&added=BOLT-M8",
        f"s/{token}/product/BOLT-M8", f"s/{token}/product/LASER-X", f"s/{token}/product/NIX",
        f"s/{token}/cart", f"s/{world.enter()}/cart", f"s/{edit}/cart", f"s/{inspect}/cart",
        f"s/{late}/cart", "start/nothing",
    ]  # fmt: skip
    for path in paths:
        page.goto(f"{site.shop}/{path}")
        still(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(RULES)
        )
        told = [
            (violation["id"], [node["html"][:200] for node in violation["nodes"]])
            for violation in found["violations"]
        ]
        assert told == [], path
        assert found["passes"], path
    policy = [said for said in opened.complaints if "Content Security Policy" in said]
    assert policy == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(site: Site, visit: Callable[..., Visit], width: int) -> None:
    page = visit(viewport={"width": width, "height": 640}).page
    token = site.world.enter()
    site.world.add(token, "BOLT-M8", "5000")
    for path in ("", "product/BOLT-M8", "product/GLOVE-10", "cart", "product/NIX"):
        page.goto(f"{site.shop}/s/{token}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_printed_cart_holds_the_lines_and_no_buttons(
    site: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    token = site.world.enter()
    site.world.add(token, "BOLT-M8", "5000")
    page.goto(f"{site.shop}/s/{token}/cart")
    page.emulate_media(media="print")
    expect(page.locator(".lines .what a")).to_be_visible()
    expect(page.locator(".lines tfoot .sum")).to_be_visible()
    assert page.locator("button:visible").count() == 0
