"""A person plays a buyer at /console/buyer in a real browser, by every face, up to the order.

The shop in the frame is the gateway's own; the pages around it show what both sides said.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from gateway.cli.demo_workspace import make_workspace
from tests.e2e.test_buyer import running
from tests.e2e.test_shop_browser import AXE, RULES, Visit, browser, still, visit

__all__ = ["browser", "visit"]

pytestmark = pytest.mark.browser

PARTNER = "region-sydlandet"
SKU = "PA-10010"
SAID = {
    "cxml": (
        "<PunchOutSetupRequest operation=",
        "<PunchOutSetupResponse>",
        "<PunchOutOrderMessage>",
    ),
    "oci": ("~OkCode=ADDI", "The answer is the shop itself", "NEW_ITEM-VENDORMAT[1]=PA-10010"),
    "ubl": ("username=region-sydlandet", "The answer is the shop itself", "catalogue, decoded:"),
}
"""What the pages show of each face: what was asked, what was answered, what came home."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Run the demo's gateway; give the address of the buyer's pages and the buyer's secret."""
    workspace = make_workspace(tmp_path_factory.mktemp("console") / "demo")
    secret = (workspace / "secrets" / PARTNER).read_text("utf-8").strip()
    with running(Path(workspace)) as url:
        yield f"{url}/console/buyer/", secret


def punch_out(page: Page, console: str, face: str) -> FrameLocator:
    """Go shopping from the first page; return the frame with the shop."""
    page.goto(console)
    page.locator(f'form[action$="{PARTNER}-{face}"] button').click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Return without cart")).to_be_visible()
    return frame


def shop(frame: FrameLocator) -> None:
    """Look a product up, put five into the cart and send it home."""
    frame.get_by_role("searchbox").fill(SKU)
    adding = frame.locator(f'.products form.adding:has(input[name=sku][value="{SKU}"])')
    expect(frame.locator(".products > li")).not_to_have_count(24)  # a list to come forgets the five
    adding.locator("input[name=quantity]").fill("5")
    adding.locator("button").click()
    expect(frame.locator("#cartlink b")).to_have_text("1")
    frame.get_by_role("button", name="Transfer cart", exact=True).click()


def now(page: Page) -> str:
    """Return the step that the page says it is at."""
    return page.locator(".way [aria-current=step]").inner_text()


def test_who_opens_the_bare_address_of_a_demo_finds_the_desk(
    served: tuple[str, str], visit: Callable[..., Visit]
) -> None:
    page = visit().page
    page.goto(served[0].removesuffix("console/buyer/"))
    assert page.url == served[0]
    expect(page.locator("h1")).to_have_text("Who wants to buy something?")


@pytest.mark.parametrize("face", SAID)
def test_a_cart_goes_from_the_frame_to_the_order_and_everything_said_is_shown(
    served: tuple[str, str], visit: Callable[..., Visit], face: str
) -> None:
    console, secret = served
    opened = visit()
    page = opened.page
    asked, answered, arrived = SAID[face]
    frame = punch_out(page, console, face)
    assert now(page) == "Shop"
    expect(page.locator(".talk")).to_contain_text(asked)
    expect(page.locator(".talk")).to_contain_text(answered)
    shop(frame)
    expect(page.locator("h1")).to_have_text("Requisition")
    assert now(page) == "Cart comes home"
    expect(page.locator("main")).to_contain_text("The judge has nothing against this cart")
    expect(page.locator("tfoot")).to_contain_text("1445.00 SEK")
    expect(page.locator(".said")).to_contain_text(arrived)
    expect(page.locator("main")).to_contain_text("The order goes as cXML, from NetworkId:")
    page.get_by_role("button", name="Order this cart").click()
    expect(page.locator("h1")).to_contain_text("Ordered: PO-")
    page.wait_for_load_state()
    rows = page.locator(".against tbody tr:has(td)")
    kinds = rows.locator("td:last-child").all_inner_texts()
    assert len(kinds) >= 8
    assert set(kinds) == {"preserved"}
    expect(page.locator(".said > li")).to_have_count(3)
    expect(page.locator(".said > li").last).to_contain_text("<OrderRequest>")
    assert secret not in page.content()
    page.goto(console)
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("ordered")
    expect(first).to_contain_text("1445.00 SEK")
    assert opened.complaints == []


def test_a_cart_is_changed_in_the_shop_and_looked_at_by_cxml_only(
    served: tuple[str, str], visit: Callable[..., Visit]
) -> None:
    console, _ = served
    page = visit().page
    shop(punch_out(page, console, "cxml"))
    page.get_by_role("button", name="Change it in the shop").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("#cartlink b")).to_have_text("1")
    expect(page.locator(".talk .said > li").last).to_contain_text("punched out (edit)")
    frame.get_by_role("button", name="Return without cart").click()
    expect(page.locator("main")).to_contain_text("You left the shop without a cart")
    expect(page.get_by_role("button", name="Look at it in the shop")).to_be_visible()
    shop(punch_out(page, console, "oci"))
    expect(page.get_by_role("button", name="Order this cart")).to_be_visible()
    expect(page.get_by_role("button", name="Change it in the shop")).to_have_count(0)


def test_a_person_without_script_gets_to_the_shop_and_back(
    served: tuple[str, str], visit: Callable[..., Visit]
) -> None:
    console, _ = served
    page = visit(java_script_enabled=False).page
    page.goto(console)
    page.locator(f'form[action$="{PARTNER}-oci"] button').click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Open the shop").click()
    frame.get_by_role("button", name="Return without cart").click()
    frame.get_by_role("button", name="Continue to").click()
    # The shop lets an OCI cart leave the frame, so the answer fills the window.
    page.get_by_role("link", name="Go to the requisition").click()
    expect(page.locator("h1")).to_have_text("Back without a cart")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_telephone(
    served: tuple[str, str], visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    console, _ = served
    page = visit(viewport={"width": width, "height": 800}, color_scheme=scheme).page
    frame = punch_out(page, console, "cxml")
    judge_page(page, width)
    shop(frame)
    expect(page.locator("h1")).to_have_text("Requisition")
    page.get_by_role("button", name="Order this cart").click()
    expect(page.locator("h1")).to_contain_text("Ordered")
    page.wait_for_load_state()
    for details in page.locator(".said details > summary").all():
        details.click()
    judge_page(page, width)
    page.goto(console)
    judge_page(page, width)


def judge_page(page: Page, width: int) -> None:
    """Find nothing against the page that is open; the shop in its frame has tests of its own."""
    still(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run({exclude: ['iframe']}, {runOnly: {type: 'tag', values: rules}})",
        list(RULES),
    )
    told = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found["violations"]
    ]
    assert told == [], page.url
    assert found["passes"], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
