"""Units convert exactly, by definition or by the product's packaging, or not at all."""

from decimal import Decimal
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.product import Package, Product
from canonical.rules.units import RENAMED, SCALES, exact_decimal, product_units


def sold_in(unit: str, **packages: str) -> Product:
    return Product(
        sku="1",
        name="x",
        unit=unit,
        packages=tuple(Package(unit=u, content=Decimal(c)) for u, c in packages.items()),
    )


@pytest.mark.parametrize(
    ("sold", "ordered", "units"),
    [
        ("EA", "EA", "1"),
        ("EA", "C62", "1"),
        ("EA", "DZN", "12"),
        ("DZN", "EA", "1/12"),
        ("KGM", "GRM", "1/1000"),
        ("MTR", "KMT", "1000"),
        ("LTR", "MTQ", "1000"),
        ("ZZZ", "ZZZ", "1"),
        ("PK", "XPK", "1"),
        ("XBX", "BX", "1"),
        ("PF", "XPX", "1"),
    ],
)
def test_known_units_convert_exactly(sold: str, ordered: str, units: str) -> None:
    assert product_units(sold_in(sold), ordered) == Fraction(units)


@pytest.mark.parametrize(
    ("sold", "ordered"), [("PR", "EA"), ("EA", "KGM"), ("BX", "EA"), ("EA", "?")]
)
def test_units_that_mean_something_else_do_not_convert(sold: str, ordered: str) -> None:
    assert product_units(sold_in(sold), ordered) is None


def test_the_products_own_packaging_wins_over_definitions() -> None:
    assert product_units(sold_in("EA", BX="24", DZN="10"), "BX") == 24
    assert product_units(sold_in("EA", BX="24", DZN="10"), "DZN") == 10


def test_a_package_is_the_same_by_its_old_code_and_by_todays() -> None:
    assert product_units(sold_in("EA", BX="24"), "XBX") == 24
    assert product_units(sold_in("EA", XBX="24"), "BX") == 24
    assert product_units(sold_in("PK"), "XBX") is None


def test_the_renamed_codes_are_those_that_peppol_carts_are_written_with() -> None:
    table = resources.files("mappings") / "codelists" / "ubl" / "uom.csv"
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    written = {row[1]: row[0] for row in rows if row[0][0] != "#" and row[0] != "from"}
    assert written == RENAMED


def test_a_package_of_nothing_converts_nothing() -> None:
    assert product_units(sold_in("EA", BX="0"), "BX") is None


@given(st.sampled_from(sorted(SCALES)), st.sampled_from(sorted(SCALES)))
def test_there_and_back_is_one(here: str, there: str) -> None:
    forth, back = product_units(sold_in(here), there), product_units(sold_in(there), here)
    assert (forth is None) == (back is None)
    assert forth is None or back is None or forth * back == 1


@given(st.fractions(max_denominator=1000))
def test_a_decimal_is_given_only_when_it_is_exact(value: Fraction) -> None:
    exact = exact_decimal(value)
    finite = value.denominator
    for prime in (2, 5):
        while finite % prime == 0:
            finite //= prime
    assert (exact is not None) == (finite == 1) or abs(value.numerator) > 10**15
    assert exact is None or Fraction(exact) == value
