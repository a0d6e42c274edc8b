"""A cart goes home by Peppol as the official schema and rules want it, or does not leave."""

import base64
import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.identifiers import Reference
from canonical.order import Item, OrderLine
from canonical.punchout import Cart
from gateway.pipeline.quoting import quotes_of
from gateway.standards import install
from gateway.standards.rules import rules_available
from gateway.standards.ubl import UblJudge
from protocols.ubl.codec import UblCodec
from protocols.ubl.dialect import PunchoutDialect
from protocols.ubl.vocabulary import DOCUMENTS
from tests.builders import make_order
from tests.gateway.web.house import House, hidden, login
from tests.mappings.workbench import SHIPPED
from tests.reference import reference_folder

KIND = DOCUMENTS["Catalogue"]
SKU = "PA-10010"


def with_standards(workspace: Path) -> None:
    """Install the official schemas and rules into a workspace."""
    reference = reference_folder("peppol")
    for name in ("xsd/ubl-2.1", "rules/2026.5"):
        install(reference / name, workspace)


def without_taxes(workspace: Path) -> None:
    """Take what products say of their tax out of a workspace's core."""
    file = workspace / "core" / "products.csv"
    with file.open(encoding="utf-8", newline="") as read:
        rows = [{**row, "tax_percent": ""} for row in csv.DictReader(read)]
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("peppol"), adjust=with_standards)
    yield made
    made.gateway.close()


def transferred(house: House, partner: str) -> httpx.Response:
    """Log in, fill a cart and send it home; return the page that does, or says why not."""
    with house.client() as browser:
        opened = browser.post(f"/peppol/punchout/{partner}", data=login(partner))
        entered = browser.get(opened.headers["location"])
        path = httpx.URL(entered.headers["location"]).path
        added = browser.post(f"{path}cart", data={"sku": SKU, "quantity": "6"})
        assert added.status_code == 303, added.text
        sent = browser.post(f"{path}transfer")
        return browser.get(sent.headers["location"]) if sent.is_redirect else sent


@pytest.mark.skipif(not rules_available(), reason="saxonche is not installed")
def test_the_cart_that_leaves_is_valid_and_is_the_cart(house: House) -> None:
    page = transferred(house, "acme")
    ((name, value),) = hidden(page.text)
    posted = UblCodec().posted([(name, value)], PunchoutDialect())
    assert posted.content == base64.b64decode(value)
    judge = UblJudge(house.workspace)
    assert judge.lacks(KIND) == ()
    assert judge.judge(posted.content, KIND) == ()
    judge.close()
    reader = SHIPPED.reader("ubl", "Catalogue")
    assert reader is not None
    cart = reader.read(UblCodec().read(posted.content, posted.media_type).messages[0]).document
    assert isinstance(cart, Cart)
    assert [(line.item.sku, line.quantity.value) for line in cart.lines] == [(SKU, Decimal(6))]
    text = posted.content.decode()
    settings = house.gateway.settings
    assert f"<cbc:RegistrationName>{settings.name}</cbc:RegistrationName>" in text
    assert "<cbc:RegistrationName>acme</cbc:RegistrationName>" in text


def test_the_day_that_the_cart_names_is_a_promise_that_orders_are_judged_by(house: House) -> None:
    ((_, value),) = hidden(transferred(house, "other").text)
    reader = SHIPPED.reader("ubl", "Catalogue")
    assert reader is not None
    (message,) = UblCodec().read(base64.b64decode(value), "application/xml").messages
    sent = reader.read(message).document
    assert isinstance(sent, Cart)
    assert sent.valid_until is not None
    order = make_order(lines=0, references=(Reference(kind="cart", value=sent.cart_id),))
    line = OrderLine(
        line_id="1", quantity=Quantity(value=Decimal(6), unit="BX"), item=Item(sku=SKU)
    )
    promise = quotes_of(house.gateway.database, "other", replace(order, lines=(line,)))["1"]
    (said,) = sent.lines
    assert said.price is not None
    assert (promise.until, promise.price.amount) == (sent.valid_until, said.price.amount)


def test_a_partner_needs_no_rate_where_the_core_says_the_tax(house: House) -> None:
    ((_, value),) = hidden(transferred(house, "other").text)
    assert b"<cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent>" in base64.b64decode(value)


def test_a_cart_without_taxes_stays_and_says_why(tmp_path: Path) -> None:
    bare = House(tmp_path, adjust=without_taxes)
    page = transferred(bare, "other")
    bare.gateway.close()
    assert "without a tax category" in page.text
    assert "catalogue" not in dict(hidden(page.text))


def test_what_is_missing_to_judge_is_said_on_start(house: House, tmp_path: Path) -> None:
    assert not [line for line in house.prepared.missing if "T77" in line]
    bare = House(tmp_path)
    bare.gateway.close()
    assert [line for line in bare.prepared.missing if "T77" in line and "acme" in line]
    assert [line for line in bare.prepared.missing if "UBL-Catalogue-2.1.xsd" in line]
