"""Values are read and written as their field spells them; what was written is read back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.faults import Kind
from edi.flatfile.schema import Field
from edi.flatfile.values import Signs, Unfit, reading, written, wrong
from edi.schema import Element, Format

COMMA = Signs(",", ".")
POINT = Signs(".", "")
MIN = datetime(1970, 1, 1)  # noqa: DTZ001 -- hypothesis wants them so
MAX = datetime(2069, 12, 31)  # noqa: DTZ001


def number(longest: int = 9, decimals: int = 2, **more: object) -> Field:
    element = Element("price", Format.NUMERIC, 1, longest)
    return Field(element, number=True, decimals=decimals, **more)


def dated(mask: str) -> Field:
    return Field(Element("day", Format.ALPHANUMERIC, 1, len(mask)), mask=mask)


def value(field: Field, text: str, signs: Signs = COMMA) -> str | None:
    read = reading(field, signs)
    assert read is not None
    return read(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1", "1"), ("001", "1"), ("0", "0"), ("1,5", "1.5"), ("1,50", "1.50"), ("-1,5", "-1.5"),
        ("1,5-", "-1.5"), ("+1", "1"), ("1.234,50", "1234.50"), ("12.345.678,9", "12345678.9"),
        ("1.5", None), ("12.34", None), ("1,", None), (",5", None), ("1,555", None), ("", None),
        ("-1-", None), ("1234567890", None), ("1O", None), ("1 5", None), ("\u0661", None),
    ],
)  # fmt: skip
def test_a_number_has_its_decimal_mark_and_its_thousands(text: str, read: str | None) -> None:
    assert value(number(), text) == read


@pytest.mark.parametrize(
    ("text", "read"), [("0001250", "12.50"), ("5", "0.05"), ("-5", "-0.05"), ("1,5", None)]
)
def test_implied_decimals_are_the_last_digits(text: str, read: str | None) -> None:
    assert value(number(implied=True), text) == read


@pytest.mark.parametrize(
    ("mask", "text", "read"),
    [
        ("YYYY-MM-DD", "2026-11-22", "2026-11-22"),
        ("YYYY-MM-DD", "2026-02-29", None),
        ("YYYY-MM-DD", "26-11-22", None),
        ("DD.MM.YY", "22.11.26", "2026-11-22"),
        ("DD.MM.YY", "22.11.85", "1985-11-22"),
        ("YYYYMMDD", "20261122", "2026-11-22"),
        ("YYYYMM", "202611", "2026-11-01"),
        ("YYYYMMDD hh:mm", "20261122 10:15", "2026-11-22T10:15:00+00:00"),
        ("YYYYMMDD hh:mm", "20261122 25:15", None),
        ("YYYYMMDD", "0000\u0661122", None),
    ],
)
def test_a_date_has_its_mask(mask: str, text: str, read: str | None) -> None:
    assert value(dated(mask), text) == read


def test_what_means_nothing_is_empty() -> None:
    field = Field(Element("d", Format.ALPHANUMERIC, 1, 8), mask="YYYYMMDD",
                  void=frozenset(["99999999"]))  # fmt: skip
    assert value(field, "99999999") == ""
    assert value(field, "20261122") == "2026-11-22"
    assert wrong(field, "99999999", COMMA) == []


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("1O", Kind.NUMBER, "letter O instead of 0?"),
        ("1,555", Kind.NUMBER, None),
        ("1.5", Kind.NUMBER, "did you mean 1,5?"),
        ("1234567890", Kind.LONG, None),
    ],
)
def test_what_is_wrong_with_a_number_is_told(text: str, kind: Kind, hint: str | None) -> None:
    (found,) = wrong(number(), text, COMMA)
    assert (found.kind, found.hint) == (kind, hint)


@given(st.text(alphabet="0123456789.,+- O", max_size=12) | st.text(max_size=6), st.booleans())
def test_a_value_is_read_exactly_where_nothing_is_wrong(text: str, implied: bool) -> None:
    if not text:
        return
    for field in (number(implied=implied), dated("YYYYMMDD"), dated("DD.MM.YY hh:mm")):
        assert (value(field, text) is None) is bool(wrong(field, text, COMMA))


@given(st.decimals(-9_999_999, 9_999_999, places=2), st.booleans())
def test_numbers_that_are_written_are_read_back(amount: Decimal, implied: bool) -> None:
    for signs in (COMMA, POINT):
        field = number(12, 2, implied=implied, exact=True)
        made = written(field, str(amount), signs)
        assert isinstance(made, str)
        read = value(field, made, signs)
        assert read is not None
        assert Decimal(read) == amount


@given(st.datetimes(MIN, MAX))
def test_dates_that_are_written_are_read_back(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    for mask in ("YYYYMMDDhhmm", "DD.MM.YY hh:mm"):
        made = written(dated(mask), moment.isoformat(), COMMA)
        assert isinstance(made, str)
        assert value(dated(mask), made) == moment.isoformat()
    made = written(dated("YY-MM-DD"), date(2026, 11, 2).isoformat(), COMMA)
    assert made == "26-11-02"


@pytest.mark.parametrize(
    ("field", "text", "made"),
    [
        (number(), "1.5", "1,5"),
        (number(exact=True), "1.5", "1,50"),
        (number(), "1.555", Unfit(long=True)),
        (number(), "1e300", Unfit(long=True)),
        (number(), "12345678.99", Unfit(long=True)),
        (number(), "x", Unfit(long=False)),
        (number(), "NaN", Unfit(long=False)),
        (number(implied=True, width=9, fill="0", right=True), "-12.5", "-00001250"),
        (number(width=8, fill="0", right=True), "12.5", "000012,5"),
        (dated("YYYY"), "soon", Unfit(long=False)),
        (dated("YYYYMMDD"), "2026-11-22T23:30:00-02:00", "20261122"),
        (Field(Element("t", Format.ALPHANUMERIC, 1, 3)), "abcd", Unfit(long=True)),
        (Field(Element("c", Format.ALPHANUMERIC, 1, 3, frozenset(["A"]))), "B", Unfit(long=False)),
    ],
)
def test_what_a_field_cannot_hold_is_not_cut_or_rounded(
    field: Field, text: str, made: str | Unfit
) -> None:
    assert written(field, text, COMMA) == made


@pytest.mark.parametrize(
    ("text", "hint"), [("22.11.2026", None), ("2O26-11-22", "letter O instead of 0?")]
)
def test_what_is_wrong_with_a_date_is_told_without_guessing_at_thousands(
    text: str, hint: str | None
) -> None:
    (found,) = wrong(dated("YYYY-MM-DD"), text, COMMA)
    assert (found.kind, found.hint) == (Kind.DATE, hint)
