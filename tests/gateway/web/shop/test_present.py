"""Amounts, units and times are spelt for people without changing what they are."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from canonical.price import Price
from gateway.punchout.baskets import quantity_of
from gateway.punchout.faults import FAULTS, fault
from gateway.web.shop.languages import LANGUAGES, language
from gateway.web.shop.present import (
    FOR_BUYERS,
    NARROW_SPACE,
    amount,
    day,
    explained,
    money,
    number,
    per,
    plain_number,
    quantity,
    time_left,
    typed_number,
    unit,
)

ENGLISH, SWEDISH, GERMAN = language("en"), language("sv"), language("de")


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("en", "0", "0.00"),
        ("en", "1234567.5", "1,234,567.50"),
        ("sv", "1234567.5", f"1{NARROW_SPACE}234{NARROW_SPACE}567,50"),
        ("fi", "1490", f"1{NARROW_SPACE}490,00"),
        ("nb", "1490", f"1{NARROW_SPACE}490,00"),
        ("de", "1490", "1.490,00"),
        ("nl", "1490", "1.490,00"),
        ("da", "0.1234", "0,1234"),
        ("en", "-1000", "-1,000.00"),
        ("en", "0.12345678901234567891", "0.12345678901234567891"),
    ],
)
def test_amounts_have_two_decimals_or_as_many_as_they_need(
    code: str, value: str, shown: str
) -> None:
    assert amount(language(code), Decimal(value)) == shown


@pytest.mark.parametrize("code", LANGUAGES)
@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=4))
def test_figures_are_spelt_as_babel_spells_them(code: str, value: Decimal) -> None:
    tongue = language(code)
    decimals = len(f"{value:f}".rstrip("0").partition(".")[2])
    for shown, least in ((number(tongue, value), 0), (amount(tongue, value), max(decimals, 2))):
        pattern = f"#,##0.{'0' * least}{'#' * (4 - min(least, 4))}"
        spelt = format_decimal(value, format=pattern, locale=tongue.locale)
        assert shown == spelt.replace("\u00a0", NARROW_SPACE)


@pytest.mark.parametrize("code", LANGUAGES)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0, max_value=10**6))
def test_a_quantity_in_a_field_comes_back_as_the_quantity(code: str, value: Decimal) -> None:
    assert quantity_of(typed_number(language(code), plain_number(language(code), value))) == value
    assert quantity_of(typed_number(language(code), number(language(code), value))) == value


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("de", "1.000", "1000"), ("de", "1.000,5", "1000.5"), ("de", "1.5", "1.5"),
        ("de", "0,125", "0.125"), ("de", "0.125", "0.125"), ("de", "1,000", "1.000"),
        ("en", "1,000", "1000"), ("en", "1,5", "1.5"), ("en", "1,234,567.5", "1234567.5"),
        ("sv", "1 000", "1000"), ("sv", "1\u00a0000,5", "1000.5"), ("sv", "1.5", "1.5"),
        ("sv", "12 12", "12 12"), ("de", "1'000,5", "1000.5"), ("en", " 7 ", "7"),
        ("nl", "12.345.678", "12345678"), ("en", "1,2,3", "1,2,3"), ("sv", "many", "many"),
    ],
)  # fmt: skip
def test_a_typed_number_means_what_it_means_in_the_language(
    code: str, typed: str, meant: str
) -> None:
    assert typed_number(language(code), typed) == meant


def test_units_have_names_and_unknown_codes_stay() -> None:
    assert quantity(ENGLISH, Decimal(1), "C62") == "1\u00a0piece"
    assert quantity(ENGLISH, Decimal(1000), "PR") == "1,000\u00a0pairs"
    assert unit(ENGLISH, "XYZ", Decimal(2)) == "XYZ"
    assert number(ENGLISH, Decimal("2.50")) == "2.5"
    assert money(ENGLISH, Decimal(5), "SEK") == "5.00\u00a0SEK"


def test_a_price_says_what_it_is_for() -> None:
    price = Price(amount=Decimal(1), currency="SEK", base_quantity=Decimal(100))
    assert per(ENGLISH, price, "C62") == "per\u00a0100\u00a0pieces"
    metre = Price(amount=Decimal(1), currency="SEK", unit="MTR")
    assert per(ENGLISH, metre, "C62") == "per\u00a0metre"


def test_days_are_written_as_the_language_writes_them() -> None:
    assert day(ENGLISH, date(2026, 12, 1)) == "1\u00a0Dec\u00a02026"
    assert day(SWEDISH, date(2026, 12, 1)) == "1\u00a0dec.\u00a02026"
    assert day(GERMAN, date(2026, 12, 1)) == "01.12.2026"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(125, "2 h 05 min"), (59, "59 min"), (0, "0 min"), (-5, "0 min")]
)
def test_time_left_never_runs_below_zero(minutes: int, shown: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert time_left(ENGLISH, now, now + timedelta(minutes=minutes)) == shown


def test_a_fault_becomes_a_sentence_and_operators_hints_stay_away_from_buyers() -> None:
    told = explained(ENGLISH, fault("PUNCHOUT-025", found="120", expected="a multiple of 50"))
    assert told.endswith(": 120, but a multiple of 50 is needed.")
    assert "partner.yaml" not in explained(ENGLISH, fault("PUNCHOUT-042", found="C62"))
    assert explained(ENGLISH, Fault(code="X-1", message="wrong")) == "Wrong."
    hints = {kind.code: kind.hint for kind in FAULTS}
    assert not [code for code in FOR_BUYERS if "yaml" in hints[code]]
