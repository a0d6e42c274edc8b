"""A hint says what was probably meant, or nothing."""

import pytest

from edi.explaining.hints import listed, meant, nearest, number_hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("1O", "letter O instead of 0?"),
        ("-1l,5", "letter l instead of 1?"),
        ("+5", "leave the plus sign out"),
        ("5 ", "leave the blanks out"),
        ("1 000", "leave out what separates the thousands"),
        ("1,000,000", "leave out what separates the thousands"),
        ("5.", "write a digit before and after the decimal mark"),
        ("-,5", "write a digit before and after the decimal mark"),
        ("twelve", None),
        ("3 LB", None),
        ("20260105\nPO1", None),
        ("", None),
        ("-", None),
    ],
)
def test_what_is_wrong_with_a_number(value, hint):
    assert number_hint(value) == hint


def test_the_nearest_is_first_alike_but_for_blanks_then_capitals_then_letters():
    assert nearest(" BY", ["BYE", "BY", "by"]) == ["BY"]
    assert nearest("by", ["BYE", "BY"]) == ["BY"]
    assert nearest("22X", ["105", "221", "9", "22"]) == ["221", "22"]
    assert nearest("QQQ", ["105", "221"]) == []
    assert meant("QQQ", ["105"]) is None


def test_a_long_value_costs_no_time():
    assert nearest("x" * 1_000_000, [str(number) for number in range(500)]) == []


def test_a_long_list_is_counted():
    assert listed(["1", "2"]) == "1, 2"
    assert listed(["1", "2"], ["2"]) == "2, 1"
    assert listed(map(str, range(20))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … (20)"
