"""Every protocol's cart is judged by its own places, and a line is the same line in all of them."""

from decimal import Decimal

import pytest

from canonical.wire import Envelope, Message
from gateway.buyer.judge import Wanted, judge_cart
from gateway.buyer.lines import Line
from gateway.buyer.places import PLACES
from gateway.partners.limits import Limits
from protocols.xml import parse
from tests.gateway.buyer.cart_message import GOOD

OCI = """<Cart><NEW_ITEM number="1">
<VENDORMAT>5555</VENDORMAT><EXT_PRODUCT_ID>line-1</EXT_PRODUCT_ID>
<QUANTITY>3</QUANTITY><UNIT>EA</UNIT><PRICE>40.00</PRICE><CURRENCY>SEK</CURRENCY>
<DESCRIPTION>Chair with arms</DESCRIPTION><EXT_SCHEMA_TYPE>UNSPSC</EXT_SCHEMA_TYPE>
<EXT_CATEGORY_ID>56112102</EXT_CATEGORY_ID></NEW_ITEM></Cart>"""
UBL = """<Catalogue><CatalogueLine><ID>line-1</ID><RequiredItemLocationQuantity>
<Price><PriceAmount currencyID="SEK">40.00</PriceAmount><BaseQuantity unitCode="EA">1</BaseQuantity>
</Price><DeliveryUnit><BatchQuantity unitCode="EA">3</BatchQuantity></DeliveryUnit>
</RequiredItemLocationQuantity><Item><Name>Chair with arms</Name><SellersItemIdentification>
<ID>5555</ID></SellersItemIdentification><CommodityClassification>
<ItemClassificationCode listID="TST">56112102</ItemClassificationCode></CommodityClassification>
</Item></CatalogueLine></Catalogue>"""
CARTS = {"cxml": GOOD, "oci": OCI, "ubl": UBL}
LIMITS = Limits(classification="UNSPSC", units=("EA", "C62"), price_decimals=2)
DEFECTS = {
    "BUYER-038": ("Chair with arms", ""),
    "BUYER-041": ("56112102", "5611"),
    "BUYER-042": ("40.00", "forty"),
    "BUYER-043": ("40.00", "40.001"),
}


def message(syntax: str, text: str) -> Message:
    root = parse(text.encode()).root
    assert root is not None
    return Message(PLACES[syntax].document, Envelope(message_id="1"), root)


@pytest.mark.parametrize("syntax", sorted(CARTS))
def test_a_line_is_the_same_in_every_protocol(syntax):
    places = PLACES[syntax]
    node = message(syntax, CARTS[syntax]).element
    for name in places.items.split("/"):
        node = next(child for child in node if child.tag == name)
    line = Line(node, 1, places)
    assert (line.sku, line.auxiliary) == ("5555", "line-1")
    assert (line.quantity, line.price, line.base) == (Decimal(3), Decimal(40), Decimal(1))
    assert line.currency == "SEK"
    assert line.amount() == Decimal(120)


@pytest.mark.parametrize("syntax", ["oci", "ubl"])
def test_a_good_cart_of_a_login_has_no_findings(syntax):
    wanted = Wanted(buyer_cookie="", goods=(("5555", Decimal(3)),))
    assert judge_cart(message(syntax, CARTS[syntax]), wanted, LIMITS, syntax) == ()


@pytest.mark.parametrize("code", sorted(DEFECTS))
@pytest.mark.parametrize("syntax", ["oci", "ubl"])
def test_a_defect_is_found_in_every_protocol(syntax, code):
    text = CARTS[syntax].replace(*DEFECTS[code])
    found = judge_cart(message(syntax, text), Wanted(buyer_cookie=""), LIMITS, syntax)
    assert code in {finding.code for finding in found}


@pytest.mark.parametrize("syntax", ["oci", "ubl"])
def test_goods_that_did_not_come_and_empty_hands_are_found(syntax):
    wanted = Wanted(buyer_cookie="", goods=(("5555", Decimal(4)),))
    found = judge_cart(message(syntax, CARTS[syntax]), wanted, LIMITS, syntax)
    assert [finding.code for finding in found] == ["BUYER-049"]
    empty = message(syntax, f"<{PLACES[syntax].document}/>")
    found = judge_cart(empty, Wanted(buyer_cookie=""), LIMITS, syntax)
    assert [finding.code for finding in found] == ["BUYER-027"]
    assert judge_cart(empty, Wanted(buyer_cookie="", cancelled=True), LIMITS, syntax) == ()
