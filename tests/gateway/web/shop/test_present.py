"""Amounts, units and times are spelt for people without changing what they are."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from canonical.price import Price
from gateway.punchout.faults import FAULTS, fault
from gateway.web.shop.present import (
    FOR_BUYERS,
    NARROW_SPACE,
    amount,
    explained,
    money,
    number,
    per,
    plain_number,
    quantity,
    time_left,
    unit,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0.00"), ("1234567.5", "1_234_567.50"), ("0.1234", "0.1234"), ("-1000", "-1_000.00")],
)
def test_amounts_have_two_decimals_or_as_many_as_they_need(value: str, shown: str) -> None:
    assert amount(Decimal(value)).replace(NARROW_SPACE, "_") == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1, max_value=10**9))
def test_a_quantity_in_a_field_is_the_quantity(value: Decimal) -> None:
    assert Decimal(plain_number(value)) == value


def test_units_have_names_and_unknown_codes_stay() -> None:
    assert quantity(Decimal(1), "C62") == "1\u00a0piece"
    assert quantity(Decimal(1000), "PR") == f"1{NARROW_SPACE}000\u00a0pairs"
    assert unit("XYZ", Decimal(2)) == "XYZ"
    assert number(Decimal("2.50")) == "2.5"
    assert money(Decimal(5), "SEK") == "5.00\u00a0SEK"


def test_a_price_says_what_it_is_for() -> None:
    price = Price(amount=Decimal(1), currency="SEK", base_quantity=Decimal(100))
    assert per(price, "C62") == "per\u00a0100\u00a0pieces"
    assert per(Price(amount=Decimal(1), currency="SEK", unit="MTR"), "C62") == "per\u00a0metre"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(125, "2 h 05 min"), (59, "59 min"), (0, "0 min"), (-5, "0 min")]
)
def test_time_left_never_runs_below_zero(minutes: int, shown: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert time_left(now, now + timedelta(minutes=minutes)) == shown


def test_a_fault_becomes_a_sentence_and_operators_hints_stay_away_from_buyers() -> None:
    told = explained(fault("PUNCHOUT-025", found="120", expected="a multiple of 50"))
    assert told.endswith(": 120, but a multiple of 50 is needed.")
    assert "partner.yaml" not in explained(fault("PUNCHOUT-042", found="C62"))
    assert explained(Fault(code="X-1", message="wrong")) == "Wrong."
    hints = {kind.code: kind.hint for kind in FAULTS}
    assert not [code for code in FOR_BUYERS if "yaml" in hints[code]]
