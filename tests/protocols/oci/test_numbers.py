"""A price in OCI is exactly the price that was quoted, or it is not written as if it were."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.oci.numbers import digits, fitted, number_of, places, without_zeros


@pytest.mark.parametrize(
    ("price", "base", "decimals", "expected"),
    [
        ("12.50", "1", 3, ("12.50", "1")),
        ("0.00123", "1", 3, ("0.123", "100")),
        ("0.00123", "1", 2, ("1.23", "1000")),
        ("0.00123", "100", 3, ("0.123", "10000")),
        ("5", "0.5", 3, ("50", "5")),
        ("12.50000", "1", 3, ("12.500", "1")),
        ("0", "1", 3, ("0", "1")),
        ("0.000001234", "1", 3, ("0.000001234", "1")),
        ("1.2345", "99999", 3, ("1.2345", "99999")),
    ],
)
def test_base_and_price_are_raised_by_the_fewest_tens(
    price: str, base: str, decimals: int, expected: tuple[str, str]
) -> None:
    found = fitted(Decimal(price), Decimal(base), decimals=decimals, base_digits=5)
    assert tuple(format(value, "f") for value in found) == expected


PRICES = st.decimals(min_value=0, max_value=10**9, places=6)
BASES = st.one_of(
    st.sampled_from([Decimal(1), Decimal(10), Decimal(100), Decimal("0.5"), Decimal("0.25")]),
    st.decimals(min_value=Decimal("0.001"), max_value=10_000, places=3),
)


@given(PRICES, BASES, st.integers(0, 3), st.sampled_from([5, 9]))
def test_the_price_of_one_never_changes(
    price: Decimal, base: Decimal, decimals: int, base_digits: int
) -> None:
    found, raised = fitted(price, base, decimals=decimals, base_digits=base_digits)
    assert Fraction(found) / Fraction(raised) == Fraction(price) / Fraction(base)
    fits = places(found) <= decimals and places(raised) == 0 and digits(raised) <= base_digits
    assert fits or (found, raised) == (price, base)


@given(PRICES, BASES)
def test_what_can_be_written_exactly_is(price: Decimal, base: Decimal) -> None:
    """Some power of ten below 10 to the 5th would do whenever the result does not fit."""
    found, raised = fitted(price, base, decimals=3, base_digits=5)
    if places(found) > 3 or places(raised) > 0:
        for shift in range(10):
            price_then, base_then = price.scaleb(shift), base.scaleb(shift)
            exact = places(price_then) <= 3 and places(base_then) == 0
            assert not exact or digits(base_then) > 5


@pytest.mark.parametrize(
    ("text", "value", "comma"),
    [
        ("12.5", "12.5", False),
        ("00000001730.900", "1730.900", False),
        ("12,5", "12.5", True),
        ("1.730,90", "1730.90", True),
        ("1,730.90", "1730.90", True),
        ("1,234,567", "1234567", True),
        ("12,000", "12.000", True),
    ],
)
def test_commas_are_read_as_they_are_meant(text: str, value: str, comma: bool) -> None:
    assert number_of(text) == (Decimal(value), comma)


@pytest.mark.parametrize("text", ["", "x", "1O", "NaN", "1e5", ",", "1,x", "--1"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text)[0] is None


@given(st.text(max_size=20))
def test_reading_a_number_never_raises(text: str) -> None:
    number_of(text)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("1.5000", 2, "1.50"), ("1.5", 3, "1.5"), ("1.2345", 2, "1.2345"), ("100", 0, "100")],
)
def test_only_zeros_are_left_out(value: str, decimals: int, expected: str) -> None:
    assert format(without_zeros(Decimal(value), decimals), "f") == expected
