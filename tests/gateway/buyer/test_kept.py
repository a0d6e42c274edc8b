"""A cart is kept as its system keeps it: cut, swapped, rounded or lost, as the profile says."""

from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.price import Price
from gateway.buyer.kept import kept
from gateway.partners.limits import Limits
from gateway.partners.profile import Buyer
from tests.gateway.buyer.test_differ import make_cart, make_line

BOX = msgspec.structs.replace(make_line("A"), quantity=Quantity(value=Decimal(2), unit="XBX"))
CART = make_cart(BOX, make_line("B"))
UNITS = Limits(units=("EA",))


def test_a_system_without_limits_keeps_everything():
    assert kept(CART, Buyer(), Limits()) == CART


def test_an_unknown_unit_becomes_each_or_loses_the_cart():
    swapped = kept(CART, Buyer(unknown_unit="each"), UNITS)
    assert swapped is not None
    assert [line.quantity.unit for line in swapped.lines] == ["EA", "EA"]
    assert kept(CART, Buyer(unknown_unit="lose-cart"), UNITS) is None
    assert kept(CART, Buyer(unknown_unit="keep"), UNITS) == CART


def test_long_texts_are_cut_where_the_system_cuts():
    limits = Limits(description_length=4, sku_length=1)
    cut = kept(make_cart(make_line("ABC")), Buyer(long_text="cut"), limits)
    assert cut is not None
    assert (cut.lines[0].description, cut.lines[0].item.sku) == ("prod", "A")
    assert kept(CART, Buyer(long_text="keep"), limits) == CART


def test_a_long_text_loses_the_cart_where_the_system_refuses_it():
    refusing = Buyer(long_text="refuse")
    assert kept(CART, refusing, Limits(description_length=4)) is None
    assert kept(CART, refusing, Limits(description_length=40)) == CART


def test_a_cut_in_bytes_leaves_whole_characters():
    line = msgspec.structs.replace(make_line("A"), description="åäö")
    limits = Limits(description_length=3, count_bytes=True)
    cut = kept(make_cart(line), Buyer(long_text="cut"), limits)
    assert cut is not None
    assert cut.lines[0].description == "å"


def test_prices_are_rounded_to_what_the_system_keeps():
    line = msgspec.structs.replace(
        make_line("A"), price=Price(amount=Decimal("0.12345"), currency="SEK")
    )
    rounded = kept(make_cart(line), Buyer(), Limits(price_decimals=2))
    assert rounded is not None
    assert rounded.lines[0].price == Price(amount=Decimal("0.12"), currency="SEK")
