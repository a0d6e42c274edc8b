"""Promise: dates of EDI mean the day that their form says, and what fits no form is a fault."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.engine.moments import PICTURES, dated, dated_until, stamp, timed
from tests.mappings.segments import read

BEGINNINGS = [
    ("2", "221126", "2026-11-22"), ("3", "112226", "2026-11-22"), ("4", "22112026", "2026-11-22"),
    ("101", "261122", "2026-11-22"), ("101", "701122", "1970-11-22"),
    ("102", "20261122", "2026-11-22"), ("103", "26481", "2026-11-23"),
    ("105", "26326", "2026-11-22"), ("201", "2611221015", "2026-11-22T10:15"),
    ("202", "261122101530", "2026-11-22T10:15:30"), ("203", "202611221015", "2026-11-22T10:15"),
    ("204", "20261122101530", "2026-11-22T10:15:30"), ("602", "2026", "2026-01-01"),
    ("604", "20262", "2026-07-01"), ("608", "20264", "2026-10-01"),
    ("610", "202611", "2026-11-01"), ("614", "2026112", "2026-11-11"),
    ("615", "2648", "2026-11-23"), ("616", "202648", "2026-11-23"),
    ("718", "2026112220261130", "2026-11-22"), ("718", "20261122-20261130", "2026-11-22"),
]  # fmt: skip
ENDS = [
    ("102", "20261122", "2026-11-22"), ("602", "2026", "2026-12-31"),
    ("604", "20261", "2026-06-30"), ("608", "20261", "2026-03-31"),
    ("610", "202602", "2026-02-28"), ("614", "2026023", "2026-02-28"),
    ("614", "2026021", "2026-02-10"), ("616", "202648", "2026-11-29"),
    ("710", "202601202602", "2026-02-28"), ("718", "2026112220261130", "2026-11-30"),
    ("719", "202611220800202611301600", "2026-11-30T16:00"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "expected"), BEGINNINGS)
def test_a_form_names_the_day_it_begins(code: str, text: str, expected: str) -> None:
    assert dated(text, code) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(("code", "text", "expected"), ENDS)
def test_a_form_names_the_day_it_ends(code: str, text: str, expected: str) -> None:
    assert dated_until(text, code) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("205", "202611221015+0100", "2026-11-22T10:15+01:00"),
        ("303", "202611221015CET", "2026-11-22T10:15+01:00"),
        ("304", "20261122101530GMT", "2026-11-22T10:15:30+00:00"),
    ],
)
def test_a_zone_is_kept(code: str, text: str, expected: str) -> None:
    assert dated(text, code) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("102", "20261322"), ("102", "2026112"), ("102", "2026W481"), ("616", "202654"),
        ("105", "26366"), ("303", "202611221015XYZ"), ("205", "2026112210150+100"),
        ("205", "20261122101500100"), ("804", "5"), ("102", "\u0662\u0660261122"), (None, "1"),
        ("718", "2026112220261"), ("102", ""), ("608", "20265"), ("614", "2026114"),
    ],
)  # fmt: skip
def test_what_fits_no_form_is_none(code: str | None, text: str) -> None:
    assert dated(text, code) is None


def test_x12_dates_have_two_forms_and_times_three() -> None:
    assert timed("261122") == timed("20261122") == datetime(2026, 11, 22, tzinfo=UTC)
    assert timed("20261122", "101530") == datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)
    assert timed("20261122", "10153099") == datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)
    assert timed("20261122", "2561") is None
    assert timed("2026112", "1015") is None
    assert timed("20261122", "ten") is None


@pytest.mark.parametrize("code", ["2", "3", "4", "101", "102", "201", "203", "204", "616", "610"])
def test_what_is_spelt_reads_back(code: str) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    spelt = stamp(moment, code)
    assert spelt is not None
    assert dated(spelt, code) == (moment.replace(day=1) if code == "610" else moment)


@given(st.sampled_from([*PICTURES, None, "x"]), st.text(alphabet="0123456789-+ZCET", max_size=26))
def test_no_text_makes_it_raise(code: str | None, text: str) -> None:
    dated(text, code)
    dated_until(text, code)
    timed(text, text)


FIELDS = """
fields:
  cart_id: {const: c}
  currency: {const: SEK}
  buyer_cookie: {const: x}
  lines:
    each: src.LIN
    fields:
      line_id: string(row)
      quantity: {fields: {value: {const: 1}, unit: {const: EA}}}
      item: {fields: {sku: "it.DTM[2005='2'] | dated | string"}}
"""


def test_a_segment_of_a_date_stands_for_its_text_and_form() -> None:
    mapped = read(FIELDS, "UNH+1\nLIN+1\nDTM+2:2648:615\nLIN+2\nDTM+2:20261201", "Cart")
    assert mapped.faults == ()
    assert [line.item.sku for line in mapped.document.lines] == [  # type: ignore[union-attr]
        "2026-11-23 00:00:00+00:00", "2026-12-01 00:00:00+00:00",
    ]  # fmt: skip


def test_a_date_that_fits_not_its_form_is_a_fault_at_its_segment() -> None:
    mapped = read(FIELDS, "UNH+1\nLIN+1\nDTM+2:2026-11-22:102", "Cart")
    assert [(fault.code, fault.found) for fault in mapped.faults] == [("MAP-003", "2026-11-22")]
    place = mapped.faults[0].place
    assert place is not None
    assert (place.line, place.path) == (3, "LIN/DTM")
