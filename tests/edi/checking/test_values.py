"""The pattern of a value matches what the standards allow, and nothing else."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi.checking.values import QUALIFIED, code_pattern, qualified_pattern, value_pattern
from edi.explaining.values import MOMENTS, wrong_moment, wrong_value
from edi.schema import Element, Format

STOPS = re.escape("'+:*")

RIGHT = [
    ("a..3", "ABC"), ("a..3", "Å Ö"), ("a3", "abc"), ("an..5", "a 1-?"), ("an1..3", "åäö"),
    ("n..3", "123"), ("n..3", "-123"), ("n..3", "1.23"), ("n..3", "-1,23"), ("n3", "0.12"),
    ("n0..3", "-123"), ("r1..3", ".123"), ("r1..3", "123."), ("r1..3", "-1.2"),
    ("dt8", "20240229"), ("dt8", "20000229"), ("dt6..8", "000229"), ("dt6..8", "20251231"),
    ("tm4..8", "2359"), ("tm4..8", "235959"), ("tm4..8", "2359599"), ("tm4..8", "00000099"),
    ("id2..3", "ZZ"), ("b..9", "any"),
]  # fmt: skip
WRONG = [
    ("a..3", "A1"), ("a..3", "ABCD"), ("a3", "AB"), ("a..3", "A-B"), ("an..5", "123456"),
    ("an2..3", "1"), ("n..3", "1234"), ("n..3", "1.234"), ("n3", "1.2"), ("n..3", "1."),
    ("n..3", ".1"), ("n..3", "+1"), ("n..3", "1-"), ("n..3", "1 "), ("n..3", "1,2.3"),
    ("n..3", "--1"), ("n..3", "-"), ("n..3", "\u0661"), ("n0..3", "1.2"), ("r1..3", "1,2"),
    ("r1..3", "."), ("r1..3", "1234."), ("dt8", "20230229"), ("dt8", "19000229"),
    ("dt8", "20251301"), ("dt8", "20250431"), ("dt8", "250431"), ("dt6", "20250430"),
    ("dt6..8", "2504301"), ("dt8", "2025O101"), ("dt8", "00000000"), ("dt8", "\u0662\u0660240101"),
    ("tm4..8", "2400"), ("tm4..8", "2360"), ("tm4..8", "235960"), ("tm4..8", "235"),
    ("tm4..8", "23595"), ("tm4..6", "2359590"), ("tm4..8", "23:59"), ("id2..3", "Z"),
]  # fmt: skip


def element(spelling: str) -> Element:
    match = re.fullmatch(r"([a-z]+?0?)(?:(\d)?\.\.)?(\d)", spelling)
    assert match is not None
    longest = int(match[3])
    shortest = int(match[2] or 1) if ".." in spelling else longest
    return Element("1", Format(match[1]), shortest, longest)


def matches(one: Element, value: str) -> bool:
    return re.fullmatch(value_pattern(one, STOPS), value) is not None


@pytest.mark.parametrize(("spelling", "value"), RIGHT)
def test_a_right_value_is_accepted_and_explained_by_nothing(spelling, value):
    assert matches(element(spelling), value)
    assert wrong_value(element(spelling), value) == []


@pytest.mark.parametrize(("spelling", "value"), WRONG)
def test_a_wrong_value_is_not_accepted_and_explained(spelling, value):
    assert not matches(element(spelling), value)
    assert wrong_value(element(spelling), value)


FORMATS = st.sampled_from([one for one in Format if one is not Format.BINARY])
CHARACTERS = st.text("0123456789.,- ABxåO²Ⅷ_\x0e", min_size=1, max_size=9)


@given(FORMATS, st.integers(1, 4), st.integers(0, 5), CHARACTERS)
def test_pattern_and_explanation_agree_on_any_value(form, shortest, more, value):
    one = Element("1", form, shortest, shortest + more)
    assert matches(one, value) is (wrong_value(one, value) == [])


@given(
    st.sampled_from([Format.DATE, Format.TIME]),
    st.sampled_from([(4, 8), (6, 6), (8, 8), (6, 8), (4, 6)]),
    st.from_regex(r"[0-9]{3,9}", fullmatch=True),
)
def test_pattern_and_explanation_agree_on_days_and_times(form, lengths, value):
    one = Element("1", form, *lengths)
    assert matches(one, value) is (wrong_value(one, value) == [])


MOMENT = st.from_regex(r"(20|19|00)?[0-9]{2}(0[0-9]|1[0-3]|02)([0-3][0-9]){0,4}", fullmatch=True)


@given(st.sampled_from([*QUALIFIED, "718", ""]), MOMENT | st.text("0129A", max_size=15))
@example("102", "20250229")
@example("102", "20240229")
@example("101", "000229")
@example("203", "202501012400")
@example("204", "20250101235960")
def test_pattern_and_explanation_agree_on_dates_of_a_named_form(form, value):
    period = Element("2380", Format.ALPHANUMERIC, 1, 35)
    pattern = qualified_pattern(period, f"[^{STOPS}]++", ":", STOPS) + ":" + form
    right = value != "" and not wrong_moment(value, form)
    assert (re.fullmatch(pattern, f"{value}:{form}") is not None) is right


@pytest.mark.parametrize(
    ("element", "fits"),
    [
        (Element("2380", Format.NUMERIC, 8, 8), {"102"}),
        (Element("2380", Format.ALPHANUMERIC, 1, 9), {"102", "101", "401", "602", "610"}),
        (Element("2380", Format.ALPHABETIC, 1, 35), set()),
        (Element("2380", Format.ALPHANUMERIC, 1, 35, frozenset({"20240229"})), set()),
    ],
)
def test_a_form_is_right_only_where_its_element_has_room_for_it(element, fits):
    said = {"102": "20240229", "203": "202402291200", "101": "240229", "201": "2402291200",
            "204": "20240229120000", "401": "1200", "602": "2024", "610": "202402"}  # fmt: skip
    pattern = re.compile(qualified_pattern(element, f"[^{STOPS}]++", ":", STOPS) + ":[0-9]+")
    assert {code for code, one in said.items() if pattern.fullmatch(f"{one}:{code}")} == fits
    assert pattern.fullmatch("whatever:718")


def test_the_forms_are_those_of_the_explanation():
    assert set(QUALIFIED) == set(MOMENTS)


@given(st.sets(st.text("AB1.+[]-^", min_size=1, max_size=4), max_size=20), st.text("AB1.+[]-^"))
def test_a_code_list_matches_its_codes_alone(codes, value):
    pattern = re.compile(code_pattern(frozenset(codes)))
    assert all(pattern.fullmatch(code) for code in codes)
    assert (pattern.fullmatch(value) is not None) is (value in codes)


def test_a_code_list_decides_alone_unless_it_is_not_asked():
    one = Element("1", Format.NUMERIC, 1, 2, frozenset({"ABC"}))
    assert matches(one, "ABC")
    assert not matches(one, "12")
    assert re.fullmatch(value_pattern(one, STOPS, listed=False), "12")
