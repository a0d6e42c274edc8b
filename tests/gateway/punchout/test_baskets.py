"""What a session keeps beside its cart carries a version, and every form keeps loading."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import Item, ItemType
from canonical.price import Price, PriceBreak
from canonical.product import Product
from canonical.punchout import Cart, CartLine
from canonical.stored import StoredFormError
from gateway.punchout.baskets import (
    Remark,
    dump_remarks,
    empty_remarks,
    homeward,
    in_place,
    line_of,
    load_remarks,
    with_lines,
)

SAMPLE = Path(__file__).parent / "stored" / "remarks.v1.json"
REMARKS = {
    "c-1": Remark(
        previous=Price(
            amount=Decimal("10.40"),
            currency="SEK",
            list_amount=Decimal("13.00"),
            breaks=(PriceBreak(minimum=Decimal(100), amount=Decimal("9.90")),),
        )
    ),
    "c-2": Remark(reason="no longer sold"),
}


def test_remarks_of_the_first_version_keep_loading() -> None:
    assert load_remarks(SAMPLE.read_bytes()) == REMARKS


def test_remarks_are_written_as_the_sample_of_today() -> None:
    assert dump_remarks(REMARKS) == SAMPLE.read_bytes().strip()


def test_no_remarks_are_stored_with_their_version_too() -> None:
    assert b'"version":1' in empty_remarks()
    assert load_remarks(empty_remarks()) == {}


def test_remarks_without_a_kind_are_refused() -> None:
    with pytest.raises(StoredFormError):
        load_remarks(b'{"lines":{},"version":1}')


def line(line_id: str, parent: str | None = None) -> CartLine:
    return CartLine(
        line_id=line_id,
        item=Item(sku=f"S{line_id}", auxiliary_id=f"a{line_id}"),
        quantity=Quantity(value=Decimal(1), unit="EA"),
        parent_line=parent,
    )


CART = Cart(cart_id="c", currency="SEK", lines=(), buyer_cookie="")


def test_parts_follow_their_whole_when_lines_are_numbered_anew() -> None:
    cart = with_lines(CART, (line("40"), line("10"), line("20", "10"), line("", "40")), {})
    assert [(one.line_id, one.parent_line) for one in cart.lines] == [
        ("1", None),
        ("2", None),
        ("3", "2"),
        ("4", "1"),
    ]


def test_a_part_whose_whole_is_gone_stands_by_itself() -> None:
    cart = with_lines(CART, (line("1"), line("2", "1"), line("3", "2")), {})
    left = homeward(cart, {"a1": Remark(reason="no longer sold")})
    assert [(one.item.sku, one.parent_line) for one in left.lines] == [("S2", None), ("S3", "1")]


def test_a_line_that_is_made_anew_stays_in_its_place() -> None:
    before = replace(line("3", "2"), item_type=ItemType.ITEM)
    after = in_place(line(""), before)
    assert (after.line_id, after.parent_line, after.item_type) == ("3", "2", ItemType.ITEM)


def test_a_line_of_a_cart_has_what_its_product_has() -> None:
    sheet = Attachment(url="https://s.example/sheet.pdf", file_name="Data sheet")
    product = Product(
        sku="A",
        name="Pump",
        unit="EA",
        attachments=(sheet,),
        properties=(Property(name="Colour", value="red"),),
        supplier=Identifier(value="9", scheme="DUNS"),
    )
    made = line_of(product, Decimal(1), Price(amount=Decimal(1), currency="SEK"), "a")
    assert (made.attachments, made.properties, made.supplier) == (
        product.attachments,
        product.properties,
        product.supplier,
    )
