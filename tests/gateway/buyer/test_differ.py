"""What an order or an edit changed, lost or added against the cart is told, field by field."""

from decimal import Decimal

import msgspec
import pytest

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.order import Item, ItemType, PriceLevel
from canonical.party import Party
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from gateway.buyer.differ import compare, judge_edit, judge_order
from gateway.buyer.documents import Person, make_change, make_order, split_cart, total_in
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


def parts_of(cart: Cart, count: int):
    return [order_of(part) for part in split_cart(cart, count)]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_parts_of_a_split_cart_together_preserve_everything(count):
    cart = make_cart(make_line("A", "7"), make_line("B", "1"), make_line("C", "2.5"))
    differences, findings = judge_order(cart, *parts_of(cart, count))
    assert findings == ()
    assert {difference.kind for difference in differences} == {"preserved"}
    (quantity,) = [one for one in differences if (one.line, one.field) == ("A", "quantity")]
    assert quantity.after == "7"


def test_a_part_that_is_missing_is_told_by_line_and_quantity():
    cart = make_cart(make_line("A", "7"), make_line("B"), make_line("C"))
    first, _second = parts_of(cart, 2)
    found = {(one.item, one.code): one.found for one in judge_order(cart, first)[1]}
    assert found == {("A", "BUYER-061"): "4", ("C", "BUYER-063"): None}


def test_a_part_at_another_price_or_unit_is_told_beside_the_others():
    cart = make_cart(make_line("A", "6"))
    first, second = parts_of(cart, 2)
    dearer = msgspec.structs.replace(
        second.lines[0],
        price=Price(amount=Decimal(11), currency="SEK"),
        quantity=Quantity(value=Decimal(3), unit="BX"),
        description=None,
    )
    changed = msgspec.structs.replace(second, lines=(dearer,), currency="EUR")
    found = {one.message: one.found for one in judge_order(cart, first, changed)[1]}
    assert found == {
        "quantity corrupted": "3",
        "unit corrupted": "EA | BX",
        "price corrupted": "10.5 | 11",
        "description corrupted": "product A | nothing",
        "currency corrupted": "EUR",
    }


def test_a_line_ordered_twice_over_is_told():
    cart = make_cart(make_line("A", "6"))
    (finding,) = judge_order(cart, order_of(cart), order_of(cart))[1]
    assert (finding.code, finding.found) == ("BUYER-061", "12")


def test_lines_that_look_the_same_share_the_parts_by_their_quantities():
    bare = [
        msgspec.structs.replace(make_line("A", quantity), item=Item(sku="A"))
        for quantity in ("5", "3")
    ]
    cart = make_cart(*bare)
    parts = (order_of(make_cart(bare[0])), order_of(make_cart(bare[1])))
    assert judge_order(cart, *parts)[1] == ()


def test_a_line_that_lost_its_id_takes_no_other_lines_place():
    one, two = make_line("A", "1", "x"), make_line("A", "1", "y")
    lost = msgspec.structs.replace(one, item=Item(sku="A"))
    differences = [entry for entry in compare((one, two), (two, lost)) if entry.kind != "preserved"]
    assert [(entry.field, entry.before, entry.after) for entry in differences] == [
        ("auxiliary id", "x", None)
    ]


def test_a_cart_is_split_into_no_more_parts_than_it_gives():
    whole = make_cart(make_line("A", "1"))
    assert [len(part.lines) for part in split_cart(whole, 3)] == [1]
    halves = split_cart(make_cart(make_line("A", "0.5"), make_line("B", "9")), 2)
    assert [[(one.item.sku, one.quantity.value) for one in part.lines] for part in halves] == [
        [("B", 5), ("A", Decimal("0.5"))],
        [("B", 4)],
    ]
    assert [total_in(part).amount for part in halves] == [Decimal("57.75"), Decimal("42.00")]


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


def whole_and_part() -> Cart:
    whole = msgspec.structs.replace(
        make_line("A"),
        line_id="10",
        item_type=ItemType.COMPOSITE,
        price_level=PriceLevel.GROUP,
        suppliers=(Party(name="C", identifiers=(Identifier(value="7", scheme="DUNS"),)),),
    )
    part = msgspec.structs.replace(
        make_line("B"),
        line_id="20",
        parent_line="10",
        item_type=ItemType.ITEM,
        supplier=Identifier(value="9", scheme="DUNS"),
    )
    return make_cart(whole, part)


def test_parts_and_suppliers_of_a_cart_are_preserved_under_other_line_numbers():
    cart = whole_and_part()
    order = order_of(cart)
    assert [(line.line_id, line.parent_line) for line in order.lines] == [("1", None), ("2", "1")]
    differences, findings = judge_order(cart, order)
    assert findings == ()
    said = {(one.line, one.field): one.after for one in differences}
    assert said["B", "part of"] == "A"
    assert (said["A", "item type"], said["B", "item type"]) == ("composite", "item")
    assert said["B", "supplier"] == "DUNS:9"
    assert (said["A", "price level"], said["A", "suppliers"]) == ("group", "DUNS:7")


@pytest.mark.parametrize(
    ("lost", "field", "code"),
    [
        ({"parent_line": None}, "part of", "BUYER-060"),
        ({"item_type": None}, "item type", "BUYER-060"),
        ({"item_type": ItemType.LEAN}, "item type", "BUYER-061"),
        ({"supplier": None}, "supplier", "BUYER-060"),
        ({"supplier": Identifier(value="8", scheme="DUNS")}, "supplier", "BUYER-061"),
    ],
)
def test_what_an_order_makes_of_parts_and_suppliers_is_told(
    lost: dict[str, object], field: str, code: str
):
    order = order_of(whole_and_part())
    part = msgspec.structs.replace(order.lines[1], **lost)
    _, findings = judge_order(
        whole_and_part(), msgspec.structs.replace(order, lines=(order.lines[0], part))
    )
    (finding,) = findings
    assert (finding.code, finding.item) == (code, "B")
    assert finding.message.startswith(field)
