"""What an order or an edit changed, lost or added against the cart is told, field by field."""

from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from gateway.buyer.differ import compare, judge_edit, judge_order
from gateway.buyer.documents import Person, make_change, make_order
from tests.gateway.buyer.moments import NOON


def make_line(sku: str, quantity: str = "2", auxiliary: str | None = None) -> CartLine:
    return CartLine(
        line_id=sku,
        item=Item(sku=sku, auxiliary_id=auxiliary or f"aux-{sku}"),
        quantity=Quantity(value=Decimal(quantity), unit="EA"),
        description=f"product {sku}",
        price=Price(amount=Decimal("10.50"), currency="SEK"),
        classifications=(Classification(scheme="UNSPSC", code="44121700"),),
    )


def make_cart(*lines: CartLine) -> Cart:
    return Cart(cart_id="c1", currency="SEK", lines=lines, buyer_cookie="cookie")


CART = make_cart(make_line("A"), make_line("B"))


def order_of(cart: Cart):
    return make_order(cart, Person(), "PO-1", NOON)


def test_an_order_made_from_a_cart_preserves_everything():
    differences, findings = judge_order(CART, order_of(CART))
    assert findings == ()
    assert {difference.kind for difference in differences} == {"preserved"}


def test_trailing_zeros_are_no_difference():
    price = Price(amount=Decimal("10.5"), currency="SEK")
    order = order_of(CART)
    lines = tuple(msgspec.structs.replace(line, price=price) for line in order.lines)
    assert judge_order(CART, msgspec.structs.replace(order, lines=lines))[1] == ()


def test_a_swapped_unit_is_corrupted():
    order = order_of(CART)
    first = msgspec.structs.replace(order.lines[0], quantity=Quantity(value=Decimal(2), unit="BX"))
    _, findings = judge_order(CART, msgspec.structs.replace(order, lines=(first, order.lines[1])))
    (finding,) = findings
    assert (finding.code, finding.item) == ("BUYER-061", "A")
    assert (finding.found, finding.expected) == ("BX", "'EA'")


def test_a_field_left_out_is_dropped():
    order = order_of(CART)
    item = msgspec.structs.replace(order.lines[0].item, auxiliary_id=None)
    first = msgspec.structs.replace(order.lines[0], item=item)
    _, findings = judge_order(CART, msgspec.structs.replace(order, lines=(first, order.lines[1])))
    assert [finding.code for finding in findings] == ["BUYER-060"]


def test_a_line_left_out_and_a_line_added_are_both_told():
    order = order_of(make_cart(make_line("A"), make_line("C")))
    codes = {finding.code: finding.item for finding in judge_order(CART, order)[1]}
    assert codes == {"BUYER-063": "B", "BUYER-062": "C"}


def test_another_currency_is_corrupted():
    order = msgspec.structs.replace(order_of(CART), currency="EUR")
    assert [finding.code for finding in judge_order(CART, order)[1]] == ["BUYER-061"]


def test_lines_with_the_same_part_number_are_told_apart_by_auxiliary_id():
    one, two = make_line("A", "1", "x"), make_line("A", "5", "y")
    differences = compare((one, two), (two, one))
    assert {difference.kind for difference in differences} == {"preserved"}


def test_an_edit_that_keeps_the_cart_has_no_findings():
    assert judge_edit(CART, CART)[1] == ()


def test_an_edit_that_changes_ids_quantities_or_lines_is_found():
    renamed = make_line("A", auxiliary="new")
    assert [f.code for f in judge_edit(CART, make_cart(renamed, make_line("B")))[1]] == [
        "BUYER-051"
    ]
    more = make_line("A", "3")
    assert [f.code for f in judge_edit(CART, make_cart(more, make_line("B")))[1]] == ["BUYER-052"]
    assert [f.code for f in judge_edit(CART, make_cart(make_line("A")))[1]] == ["BUYER-050"]
    grown = make_cart(*CART.lines, make_line("C"))
    assert [f.code for f in judge_edit(CART, grown)[1]] == ["BUYER-054"]


def test_a_price_that_changed_meanwhile_is_a_warning():
    dearer = msgspec.structs.replace(CART.lines[0], price=Price(amount=Decimal(11), currency="SEK"))
    (finding,) = judge_edit(CART, make_cart(dearer, CART.lines[1]))[1]
    assert (finding.code, finding.weight.value) == ("BUYER-053", "warning")


def test_a_change_is_the_next_version_and_its_total_fits():
    change = make_change(order_of(CART), NOON)
    assert change.order_version == "2"
    assert change.total is not None
    assert change.total.amount == Decimal("63.00")
    assert change.lines[-1].quantity.value == 4
