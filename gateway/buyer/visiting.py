"""Know a visit to the shop, and what is wrong with the page that it begins on."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from canonical.punchout import Cart, Operation
from gateway.buyer.browser import Page
from gateway.buyer.exchange import Exchange
from gateway.buyer.findings import Finding
from gateway.buyer.logins import Login
from gateway.buyer.shopper import Shopper
from gateway.buyer.tree import text_at

REFUSED: Final = 400
"""Status of HTTP from which on a page says no."""
START_PAGE: Final = "Response/PunchOutSetupResponse/StartPage/URL"


@dataclass
class Visit:
    """Hold one punchout that is under way, and the cart that it brought along, if any."""

    operation: Operation
    cookie: str
    shopper: Shopper
    brought: Cart | None = None
    goods: list[tuple[str, Decimal]] = field(default_factory=list)


def start_page(exchange: Exchange) -> str | None:
    """Return the address that the answer to a setup sends the browser to."""
    return None if exchange.message is None else text_at(exchange.message.element, START_PAGE)


def refused(login: Login, page: Page) -> list[Finding]:
    """Return that the address of a login refused it itself; a shop behind it is another matter."""
    there = urlsplit(page.url).path == urlsplit(login.url).path
    if page.status < REFUSED or not there:
        return []
    said = f"HTTP {page.status} instead of a shop"
    return [Finding("BUYER-009", said, "login", found=page.said)]


def entered(visit: Visit, select: str | None) -> list[Finding]:
    """Return what is wrong with the page that a visit began on."""
    shopper = visit.shopper
    page = shopper.page
    if not shopper.usable:
        said = "no shop behind the start page"
        return [Finding("BUYER-015", said, "shop", found=page.said)]
    if visit.operation is Operation.INSPECT and visit.brought is not None:
        return _inspected(shopper, visit.brought)
    if select is not None and not shopper.offers(select):
        said = "the shop did not open at the chosen product"
        return [Finding("BUYER-016", said, "shop", item=select, found=page.title)]
    return []


def _inspected(shopper: Shopper, cart: Cart) -> list[Finding]:
    """Return what is wrong with a cart page that is for looking only."""
    page = shopper.cart()
    findings = [
        Finding("BUYER-050", f"{line.item.sku} is not on the page", "shop", item=line.item.sku)
        for line in cart.lines
        if (line.item.sku or "") not in page.text
    ]
    if shopper.can_change():
        findings.append(Finding("BUYER-017", "fields to change it with", "shop"))
    return findings
