"""A cart is fitted to the buyer's system only where that changes no amount and no meaning."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import Item
from canonical.price import Price, PriceBreak
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from gateway.partners.model import Preferences
from gateway.punchout.fitting import fitted, from_supplier, with_wanted, without_files
from gateway.punchout.limits import check_line
from gateway.settings.model import Identity
from tests.gateway.punchout.world import make_partner


def fitted_line(wishes: dict[str, object], **fields: object) -> CartLine:
    line = CartLine(
        line_id="1",
        item=Item(sku="A"),
        quantity=Quantity(value=Decimal(3), unit="EA"),
        **fields,  # type: ignore[arg-type]  # as the test says
    )
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(line,))
    return fitted(cart, Preferences.model_validate(wishes)).lines[0]


def price(amount: str, base: str = "1", **fields: object) -> Price:
    return Price(
        amount=Decimal(amount),
        currency="EUR",
        base_quantity=Decimal(base),
        **fields,  # type: ignore[arg-type]  # as the test says
    )


@pytest.mark.parametrize(
    ("limits", "given", "becomes"),
    [
        ({}, ("0.0345", "1"), ("0.0345", "1")),
        ({"price_decimals": 2}, ("0.0345", "1"), ("3.45", "100")),
        ({"price_decimals": 2}, ("0.0345", "10"), ("3.45", "1000")),
        ({"price_decimals": 2}, ("1.50", "100"), ("1.50", "100")),
        ({"price_decimals": 0}, ("0.123456", "1"), ("0.123456", "1")),  # base beyond PRICEUNIT
        ({"price_unit": False}, ("12.50", "100"), ("0.125", "1")),
        ({"price_unit": False, "price_decimals": 2}, ("12.50", "100"), ("12.50", "100")),
        ({"price_unit": False}, ("10.00", "3"), ("10.00", "3")),  # no end of thirds
        ({"price_unit": False, "price_decimals": 2}, ("0.0345", "1"), ("0.0345", "1")),
    ],
)
def test_a_price_is_said_for_as_many_units_as_the_system_needs(
    limits: dict[str, object], given: tuple[str, str], becomes: tuple[str, str]
) -> None:
    found = fitted_line({"limits": limits}, price=price(*given)).price
    assert found is not None
    assert (found.amount, found.base_quantity) == tuple(map(Decimal, becomes))


@given(
    st.decimals("0.000001", "99999", places=6),
    st.sampled_from([1, 5, 10, 100, 1000]),
    st.integers(0, 6),
    st.booleans(),
)
def test_fitting_never_changes_what_a_unit_costs(
    amount: Decimal, base: int, decimals: int, price_unit: bool
) -> None:
    before = price(str(amount), str(base))
    limits = {"price_decimals": decimals, "price_unit": price_unit}
    after = fitted_line({"limits": limits}, price=before).price
    assert after is not None
    assert after.amount * before.base_quantity == before.amount * after.base_quantity


def test_breaks_and_the_list_price_are_said_for_the_same_units() -> None:
    before = price(
        "0.045",
        list_amount=Decimal("0.06"),
        breaks=(PriceBreak(minimum=Decimal(500), amount=Decimal("0.04")),),
    )
    after = fitted_line({"limits": {"price_decimals": 2}}, price=before).price
    assert after == price(
        "0.45",
        "10",
        list_amount=Decimal("0.6"),
        breaks=(PriceBreak(minimum=Decimal(500), amount=Decimal("0.4")),),
    )


OLD = Classification(scheme="unspsc", code="31161500", version="13.0801")
NEW = Classification(scheme="unspsc", code="31161501", version="26.0801")
BARE = Classification(scheme="UNSPSC", code="31160000")
ECLASS = Classification(scheme="eClass", code="23110101")


@pytest.mark.parametrize(
    ("choice", "known", "code"),
    [
        ({}, (OLD, ECLASS), ["31161500", "23110101"]),
        ({"scheme": "UNSPSC"}, (ECLASS, OLD), ["31161500"]),
        ({"scheme": "UNSPSC", "version": "26.0801"}, (OLD, NEW, BARE), ["31161501"]),
        ({"scheme": "UNSPSC", "version": "27"}, (OLD, BARE), ["31160000"]),
        ({"scheme": "eclass"}, (OLD,), []),
        ({"scheme": "eclass", "fallback": "27000000"}, (OLD,), ["27000000"]),
        ({"scheme": "eclass", "fallback": "27000000"}, (ECLASS,), ["23110101"]),
    ],
)
def test_the_classification_that_is_wanted_goes_home(
    choice: dict[str, object], known: tuple[Classification, ...], code: list[str]
) -> None:
    found = fitted_line({"classification": choice}, classifications=known).classifications
    assert [one.code for one in found] == code


def test_the_domain_is_spelt_as_the_buyer_spells_it() -> None:
    choice = {"scheme": "UNSPSC", "domain": "UNSPSC_V8", "fallback": "1", "version": "8"}
    for known in ((OLD,), ()):
        (found,) = fitted_line({"classification": choice}, classifications=known).classifications
        assert found.scheme == "UNSPSC_V8"


def test_a_partner_is_preferences_enough() -> None:
    line = CartLine(
        line_id="1", item=Item(sku="A"), quantity=Quantity(value=Decimal(3), unit="EA"),
        classifications=(OLD, ECLASS),
    )  # fmt: skip
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=(line,))
    wishes = make_partner(classification={"scheme": "eClass"})
    assert [one.code for one in fitted(cart, wishes).lines[0].classifications] == ["23110101"]


SHEET = Attachment(url="https://s.example/sheet.pdf", file_name="Data sheet")
COLOUR, PLANT = Property(name="Colour", value="red"), Property(name="Plant", value="7")


def plain_line(**fields: object) -> CartLine:
    return fitted_line({}, **fields)


@pytest.mark.parametrize(
    ("names", "kept"), [((), ()), (("Plant", "Size"), (PLANT,)), (("*",), (COLOUR, PLANT))]
)
def test_of_a_products_properties_those_go_home_that_were_agreed_on(
    names: tuple[str, ...], kept: tuple[Property, ...]
) -> None:
    wishes = Preferences.model_validate({"punchout": {"properties": names}})
    assert with_wanted(plain_line(properties=(COLOUR, PLANT)), wishes).properties == kept


def test_a_system_that_takes_no_files_gets_neither_documents_nor_pictures() -> None:
    line = plain_line(attachments=(SHEET,), image="https://s.example/i.png")
    assert without_files(line, Preferences()) is line
    none = Preferences.model_validate({"limits": {"attachments": False}})
    bare = without_files(line, none)
    assert (bare.attachments, bare.image) == ((), None)
    assert [broken.code for broken in check_line(line, none.limits)] == ["PUNCHOUT-093"]
    assert without_files(bare, none) is bare


def test_a_line_that_names_no_supplier_names_us() -> None:
    other = Identifier(value="9", scheme="DUNS")
    lines = (plain_line(), plain_line(supplier=other))
    cart = Cart(cart_id="c", buyer_cookie="b", currency="EUR", lines=lines)
    named = from_supplier(cart, Identity(domain="DUNS", identity="999"))
    assert [line.supplier for line in named.lines] == [
        Identifier(value="999", scheme="DUNS"),
        other,
    ]
