"""Decimals that are no amounts are found wherever they stand in a document."""

import json
from decimal import Decimal

import msgspec
import pytest

from canonical.finite import unfit_amount
from canonical.price import Price


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-40", "9" * 29]
)
def test_what_is_no_amount_is_named_with_its_place(amount: str) -> None:
    text = json.dumps(
        [{"amount": "1", "currency": "SEK", "breaks": [{"minimum": "1", "amount": amount}]}]
    )
    prices = msgspec.json.decode(text, type=list[Price])
    assert (unfit_amount(prices) or "").startswith("[0].breaks[0].amount: ")


@pytest.mark.parametrize("amount", ["0", "-1.50", "1E+3", "9" * 28, "0.0000001"])
def test_amounts_pass(amount: str) -> None:
    assert unfit_amount({"price": Price(amount=Decimal(amount), currency="SEK")}) is None
