"""The price of a quantity is the last break that it reaches."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.price import Price, PriceBreak, amount_at, line_amount

PRICE = Price(
    amount=Decimal(10),
    currency="SEK",
    base_quantity=Decimal(100),
    breaks=(
        PriceBreak(minimum=Decimal(10), amount=Decimal(9)),
        PriceBreak(minimum=Decimal(50), amount=Decimal(8)),
    ),
)


@pytest.mark.parametrize(
    ("quantity", "amount"), [("1", 10), ("9.99", 10), ("10", 9), ("49", 9), ("50", 8), ("999", 8)]
)
def test_a_break_holds_from_its_minimum_on(quantity: str, amount: int) -> None:
    assert amount_at(PRICE, Decimal(quantity)) == amount


@given(st.integers(min_value=1, max_value=10_000), st.integers(min_value=1, max_value=1000))
def test_a_line_costs_quantity_times_amount_for_its_base(quantity: int, base: int) -> None:
    price = Price(amount=Decimal(base), currency="SEK", base_quantity=Decimal(base))
    assert line_amount(price, Decimal(quantity)) == quantity
