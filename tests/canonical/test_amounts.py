"""Amounts are finite and exact, whatever text they come from."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.amounts import MAX_DIGITS, decimal_of, plain, rounded


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1e5",
        "1E+3",
        "1,5",
        "1_000",
        "12.3.4",
        "٣",
        "0x10",
        "1 000",
        "--1",
        "9" * 29,
        "+",
    ],
)
def test_what_is_no_plain_amount_is_none(text: str) -> None:
    assert decimal_of(text) is None


@pytest.mark.parametrize("text", ["0", "-0.00", "+1.50", " 12.345 ", ".5", "5.", "9" * 28])
def test_a_plain_amount_keeps_its_digits(text: str) -> None:
    assert decimal_of(text) == Decimal(text.strip())


@given(st.text())
def test_any_text_is_an_amount_or_none(text: str) -> None:
    value = decimal_of(text)
    assert value is None or value.is_finite()


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_plain_notation_reads_back_exactly(value: Decimal) -> None:
    assert decimal_of(plain(value)) == value
    assert "E" not in plain(value)


@given(st.integers(min_value=-(10 ** (MAX_DIGITS - 4)), max_value=10 ** (MAX_DIGITS - 4)))
def test_rounding_halves_goes_away_from_zero(cents: int) -> None:
    half = Decimal(cents) / 100 + (Decimal("0.005") if cents >= 0 else Decimal("-0.005"))
    away = Decimal(cents + 1 if cents >= 0 else cents - 1) / 100
    assert rounded(half, 2) == away
