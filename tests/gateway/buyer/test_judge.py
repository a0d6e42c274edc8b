"""What a buyer would lose or spoil in a cart is found, with its line, and a good cart passes."""

from decimal import Decimal

import pytest

from canonical.wire import Status
from gateway.buyer.judge import Wanted, judge_cart
from gateway.buyer.rules import Weight
from gateway.partners.limits import Limits
from tests.gateway.buyer.cart_message import CANCELLED, COOKIE, GOOD, changed, message_of

WANTED = Wanted(
    buyer_cookie=COOKIE,
    sender=frozenset({("DUNS", "65652314")}),
    receiver=frozenset({("duns", "83528721")}),
    goods=(("5555", Decimal(3)), ("7777", Decimal(250))),
)
LIMITS = Limits(
    sku_length=10,
    auxiliary_length=20,
    description_length=40,
    refused_characters="?{}",
    price_decimals=2,
    classification="UNSPSC",
    units=("EA", "C62"),
)


def test_a_good_cart_has_no_findings():
    assert judge_cart(message_of(GOOD), WANTED, LIMITS) == ()


DEFECTS = {
    "BUYER-020": ("<BuyerCookie>1CX3L4843PPZO<", "<BuyerCookie>another<"),
    "BUYER-021": (
        "<Identity>shop</Identity>",
        "<Identity>shop</Identity><SharedSecret>x</SharedSecret>",
    ),
    "BUYER-022": ('operationAllowed="edit"', 'operationAllowed="change"'),
    "BUYER-023": ('currency="SEK">40.00', 'currency="EUR">40.00'),
    "BUYER-024": (">132.45<", ">132.46<"),
    "BUYER-025": (">132.45<", ">132,45<"),
    "BUYER-026": (">83528721<", ">99999999<"),
    "BUYER-031": (">line-1<", ">line-1-that-is-much-too-long<"),
    "BUYER-033": ("<SupplierPartAuxiliaryID>line-1</SupplierPartAuxiliaryID>", ""),
    "BUYER-035": ("<UnitOfMeasure>EA</UnitOfMeasure>", ""),
    "BUYER-036": (">EA<", ">XPK<"),
    "BUYER-038": (">Screws<", "><"),
    "BUYER-039": (">Screws<", ">" + "long words " * 6 + "<"),
    "BUYER-040": ('<Classification domain="UNSPSC">56112102</Classification>', ""),
    "BUYER-041": (">56112102<", ">5611210200<"),
    "BUYER-044": (">Screws<", ">Nuts &amp;amp; screws<"),
    "BUYER-045": (">Screws<", ">SkruvmÃ¤jsel<"),
    "BUYER-047": ("08:47:00+02:00", "08:47:00Z"),
    "BUYER-048": ('payloadID="933695160894@shop.example.com"', ""),
}


@pytest.mark.parametrize("code", DEFECTS)
def test_one_defect_gives_one_finding(code):
    findings = judge_cart(changed(*DEFECTS[code]), WANTED, LIMITS)
    assert [finding.code for finding in findings] == [code]


DEFECTS_THAT_SPREAD = {
    "BUYER-030": ("<SupplierPartID>5555</SupplierPartID>", ""),
    "BUYER-032": (">5555<", ">55?55<"),
    "BUYER-034": (
        "<SupplierPartID>7777</SupplierPartID>\n"
        "          <SupplierPartAuxiliaryID>line-2</SupplierPartAuxiliaryID>",
        "<SupplierPartID>5555</SupplierPartID>\n"
        "          <SupplierPartAuxiliaryID>line-1</SupplierPartAuxiliaryID>",
    ),
    "BUYER-037": ('<ItemIn quantity="3">', '<ItemIn quantity="0">'),
    "BUYER-042": (">40.00<", ">forty<"),
    "BUYER-043": (">40.00<", ">40.001<"),
    "BUYER-046": ('PriceBasisQuantity quantity="100"', 'PriceBasisQuantity quantity="0"'),
    "BUYER-049": ('<ItemIn quantity="3">', '<ItemIn quantity="4">'),
}


@pytest.mark.parametrize("code", DEFECTS_THAT_SPREAD)
def test_a_defect_is_found_among_its_consequences(code):
    findings = judge_cart(changed(*DEFECTS_THAT_SPREAD[code]), WANTED, LIMITS)
    assert code in {finding.code for finding in findings}


def test_a_finding_names_line_path_and_item():
    (finding,) = judge_cart(changed(">EA<", ">XPK<"), WANTED, LIMITS)
    lines = GOOD.splitlines()
    assert finding.line is not None
    assert "<UnitOfMeasure>" in lines[finding.line - 1]
    assert finding.path == "Message/PunchOutOrderMessage/ItemIn[1]/ItemDetail/UnitOfMeasure"
    assert (finding.item, finding.found) == ("5555", "XPK")
    assert finding.weight is Weight.BLOCKING
    assert finding.rule.consequence
    assert finding.rule.fix


def test_base_quantity_is_part_of_the_sum():
    wrong_by_factor = changed(">132.45<", ">1365.00<")
    (finding,) = judge_cart(wrong_by_factor, WANTED, LIMITS)
    assert (finding.code, finding.expected) == ("BUYER-024", "132.45")


def test_the_sum_of_rounded_lines_is_fair_too():
    # 3 * 40.00 + 250 * 4.982 / 100 = 132.455: 132.46 rounded once, 132.46 or 132.45 line by line
    cart = GOOD.replace(">4.98<", ">4.982<").replace(">132.45<", ">132.46<")
    assert "BUYER-024" not in {
        finding.code for finding in judge_cart(message_of(cart), WANTED, Limits())
    }


def test_a_buyer_without_limits_takes_any_unit_and_length():
    cart = GOOD.replace(">EA<", ">XPK<").replace(">Screws<", f">{'x' * 5000}<")
    assert judge_cart(message_of(cart), WANTED, Limits()) == ()


def test_lengths_count_bytes_where_the_system_does():
    limits = LIMITS.model_copy(update={"description_length": 6})
    cart = GOOD.replace("Chair with arms", "Stol").replace(">Screws<", ">Skruvå<")
    assert judge_cart(message_of(cart), WANTED, limits) == ()
    in_bytes = limits.model_copy(update={"count_bytes": True})
    (finding,) = judge_cart(message_of(cart), WANTED, in_bytes)
    assert (finding.code, finding.item) == ("BUYER-039", "7777")


def test_a_cookie_with_markup_is_compared_as_it_is_spelt():
    cookie = '<a b="c">x</a> y'
    cart = GOOD.replace(f">{COOKIE}<", f">{cookie}<")
    wanted = Wanted(buyer_cookie=cookie)
    assert judge_cart(message_of(cart), wanted, LIMITS) == ()


def test_an_empty_cart_is_found():
    start, end = GOOD.index("<ItemIn"), GOOD.rindex("</ItemIn>") + len("</ItemIn>")
    cart = GOOD[:start] + GOOD[end:]
    wanted = Wanted(buyer_cookie=COOKIE)
    codes = {finding.code for finding in judge_cart(message_of(cart), wanted, LIMITS)}
    assert codes == {"BUYER-024", "BUYER-027"}


def test_a_cancel_with_status_204_is_right():
    wanted = Wanted(buyer_cookie=COOKIE, cancelled=True)
    message = message_of(CANCELLED, Status(code=204, text="cancelled"))
    assert judge_cart(message, wanted, LIMITS) == ()


def test_a_cancel_that_brings_lines_is_found():
    wanted = Wanted(buyer_cookie=COOKIE, cancelled=True)
    codes = {finding.code for finding in judge_cart(message_of(GOOD), wanted, LIMITS)}
    assert "BUYER-029" in codes


def test_a_message_without_cart_is_found_when_one_was_wanted():
    message = message_of(CANCELLED, Status(code=204, text="cancelled"))
    codes = [finding.code for finding in judge_cart(message, WANTED, LIMITS)]
    assert codes == ["BUYER-028"]


def test_an_address_with_parameters_is_not_taken_for_double_escaping():
    text = ">see http://shop.example.com/?a=1&amp;lt;=2 <"
    codes = {f.code for f in judge_cart(changed(">Screws<", text), WANTED, LIMITS)}
    assert "BUYER-044" not in codes
