"""A quote goes home pending, comes back, is ordered by its number; credit goes with the order."""

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from canonical.punchout import Cart, CartLine, Operation, PunchoutSetup, QuoteStatus
from gateway.ambient import Ambient
from gateway.buyer.documents import make_order
from gateway.partners.library import shipped_library
from protocols.cxml.codec import CxmlCodec
from tests.e2e.spine import PARTNER, Spine, open_spine, order_of

EXTERNAL = """
punchout:
  shop: external
  external_url: https://shop.example/enter
  external_secret: file:secrets/shop
  return_hosts: [buyer.example.com]
"""
SHOP_SECRET = "what-the-shop-and-we-know"


def hand_over(workspace: Path) -> None:
    """Let the partner shop in a shop of the supplier's own."""
    file = workspace / "partners" / PARTNER / "partner.yaml"
    text = re.sub(r"(?m)^punchout:\n(?:[ #].*\n)*", "", file.read_text("utf-8"))
    file.write_text(text + EXTERNAL, "utf-8")
    secret = workspace / "secrets" / "shop"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(SHOP_SECRET, "utf-8")
    secret.chmod(0o600)


@pytest.fixture
def spine(tmp_path: Path) -> Iterator[Spine]:
    opened = open_spine(tmp_path)
    yield opened
    opened.gateway.close()


@pytest.fixture
def quoting(tmp_path: Path) -> Iterator[Spine]:
    opened = open_spine(tmp_path, hand_over)
    yield opened
    opened.gateway.close()


def test_the_salesperson_goes_with_the_order_into_the_core(spine: Spine) -> None:
    order = order_of(spine.shopped(), "PO-1")
    assert order.salesperson is None
    assert spine.post(spine.bytes_of(order)).code == 200
    spine.work()
    (state,) = spine.gateway.core.orders().items
    assert state.salesperson is not None
    assert state.salesperson.email == "maja.lindqvist@supplier.example"


def test_a_quote_goes_home_pending_comes_back_and_is_ordered_by_its_number(quoting: Spine) -> None:
    with quoting.client() as browser:
        asked = quoted(quoting, browser, Operation.CREATE, (), pending=True)
        assert asked.quote_status is QuoteStatus.PENDING
        mark = asked.lines[0].item.auxiliary_id
        confirmed = quoted(quoting, browser, Operation.EDIT, asked.lines, pending=False)
    assert confirmed.quote_status is QuoteStatus.FINAL
    assert confirmed.lines[0].item.auxiliary_id == mark
    assert asked.cart_id != confirmed.cart_id
    order = make_order(confirmed, quoting.person, "PO-Q", Ambient().now())
    reply, shown = quoting.receive(quoting.bytes_of(order))
    assert reply.code == 200
    assert {"kind": "cart", "value": confirmed.cart_id} in shown["references"]
    quoting.work()
    shown = quoting.shown(shown["id"])
    said = {one["code"] for entry in shown["timeline"] for one in entry["faults"]}
    assert "ORDER-024" in said, shown
    assert said.isdisjoint({"ORDER-010", "ORDER-025", "ORDER-026"})
    (line,) = quoting.gateway.core.orders().items[0].lines
    assert line.price is not None
    assert line.price.amount == Decimal("240.00")


def test_a_cart_that_was_never_a_quote_promises_nothing(quoting: Spine) -> None:
    with quoting.client() as browser:
        cart = quoted(quoting, browser, Operation.CREATE, (), pending=False)
    order = make_order(cart, quoting.person, "PO-P", Ambient().now())
    _, shown = quoting.receive(quoting.bytes_of(order))
    quoting.work()
    shown = quoting.shown(shown["id"])
    said = {one["code"] for entry in shown["timeline"] for one in entry["faults"]}
    assert "ORDER-010" in said
    assert "ORDER-024" not in said
    assert shown["state"] == "held"


def quoted(
    spine: Spine,
    browser: httpx.Client,
    operation: Operation,
    lines: tuple[CartLine, ...],
    *,
    pending: bool,
) -> Cart:
    """Return the cart that comes home when the supplier's shop has made a quotation."""
    setup = PunchoutSetup(
        operation=operation,
        buyer_cookie="rfq-1",
        return_url="https://buyer.example.com/in",
        lines=lines,
    )
    reply = spine.post(spine.bytes_of(setup))
    start = re.search(rb"<URL>([^<]+)</URL>", reply.body)
    assert start is not None, reply.body
    away = browser.get(unescape(start[1].decode()))
    session = parse_qs(urlsplit(away.headers["location"]).query)["punchout"][0]
    api = f"/api/v1/punchout/{session}"
    headers = {"Authorization": f"Bearer {SHOP_SECRET}"}
    seen = browser.get(api, headers=headers).json()
    marks = [one["item"]["auxiliary_id"] for one in seen.get("lines", [])]
    assert len(marks) == len(lines)
    line = {
        "sku": "PA-10010",
        "name": "Copy paper, printed to measure",
        "quantity": "10",
        "unit": "BX",
        "price": {"amount": "240.00"},
    }
    if marks:
        line["auxiliary_id"] = marks[0]
    body = {"lines": [line], "pending": pending}
    taken = browser.post(f"{api}/cart", json=body, headers=headers)
    assert taken.status_code in {200, 201}, taken.text
    page = browser.get(taken.json()["transfer_url"]).text
    field = re.search(r'name="cXML-base64" value="([^"]+)"', page)
    assert field is not None, page
    (message,) = CxmlCodec(None).read(base64.b64decode(field[1]), "text/xml").messages
    reader = shipped_library().reader("cxml", message.name)
    assert reader is not None
    cart = reader.read(message).document
    assert isinstance(cart, Cart)
    return cart
