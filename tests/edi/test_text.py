"""A message means the same in the spelling of the standard as in its sender's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.text import (
    EDIFACT,
    RESERVED,
    X12,
    Separators,
    Slice,
    last_end,
    put_aside,
    released,
    respeller,
    restoring,
    run_before,
    segment_end,
)

ODD = Separators("#", "|", ",", "!", "=")
NONE = Separators("'", "+", ":")


def respelt(content: bytes, own: Separators, standard: Separators = EDIFACT) -> str:
    return respeller(own, standard)(content).content.decode()


def restored(text: str, standard: Separators = EDIFACT) -> str:
    return text.translate(restoring(standard))


def test_released_separators_are_data() -> None:
    text = respelt(b"FTX+A?+B??+C?:D?'E?*'BGM'", EDIFACT)
    assert [restored(part) for part in text.split("'")[0].split("+")] == ["FTX", "A+B?", "C:D'E*"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"a??b", "a?b"),
        (b"a????", "a??"),
        (b"a???'b", "a?'b"),
        (b"a?", "a?"),
        (b"?xb", "xb"),
        (b"a?????+", "a??+"),
    ],
)
def test_a_release_character_frees_what_follows_it(written: bytes, meant: str) -> None:
    assert restored(respelt(written, EDIFACT)) == meant


def test_release_characters_nobody_needs_are_counted() -> None:
    assert respeller(EDIFACT, EDIFACT)(b"a?bc??d?+e?f").needless == 2


def test_foreign_separators_become_those_of_the_standard() -> None:
    text = respelt(b"RFF|ON,A+B:C?D'E=|F#", ODD)
    assert text.startswith("RFF+ON:A")
    assert text.endswith("'")
    assert [restored(part) for part in text[:-1].split("+")[1].split(":")] == ["ON", "A+B:C?D'E|F"]


def test_what_a_sender_does_not_use_is_data() -> None:
    found = respeller(NONE, EDIFACT)(b"COM+a*b?c:TE'")
    assert found.protected
    text = found.content.decode()
    assert "*" not in text
    assert "?" not in text
    assert restored(text) == "COM+a*b?c:TE'"


def test_line_ends_between_segments_are_left_out_and_in_data_kept() -> None:
    content = b"UNH+1'\r\nBGM+220'\n\n  DTM+1'\rFTX+a\nb'\r\n"
    assert respelt(content, EDIFACT) == "UNH+1'BGM+220'DTM+1'FTX+a\nb'"


def test_a_line_end_may_be_the_terminator() -> None:
    lines = Separators("\n", "|", ":", None, "?")
    assert respelt(b"UNH|1\r\nBGM|220?\n1\n", lines) == "UNH+1'BGM+220\n1'"


def test_nothing_is_protected_where_nothing_was_released() -> None:
    found = respeller(EDIFACT, EDIFACT)(b"UNH+1'BGM+220'")
    assert (found.protected, found.needless) == (False, 0)


def test_x12_separators_become_those_of_the_standard() -> None:
    own = Separators("\n", "|", ">", None)
    text = respelt(b"ST|850|0001\nREF|ZZ|a*b~c^d\n", own, X12)
    assert text.startswith("ST*850*0001~REF*ZZ*a")
    assert text.count("*") == 4
    assert restored(text.split("*")[-1][:-1], X12) == "a*b~c^d"


def test_control_characters_in_the_data_come_back() -> None:
    controls = "".join(sorted(RESERVED))
    data = f"a{controls}b\ufdd0"
    content = put_aside(data).encode()
    assert restored(respelt(content + b"?+", EDIFACT)) == f"a{controls}b\ufffd+"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)))
def test_any_data_released_and_respelt_is_the_same(values: list[str]) -> None:
    spelt = []
    for value in values:
        clean = put_aside(value)
        spelt.append("".join(f"?{char}" if char in "'+:*?" else char for char in clean))
    text = respelt(("FTX+" + "+".join(spelt) + "'").encode(), EDIFACT)
    meant = [value.translate({0xFDD0 + n: "\ufffd" for n in range(10)}) for value in values] or [""]
    assert [restored(part) for part in text[:-1].split("+")[1:]] == meant


def test_rows_tags_and_count_agree() -> None:
    piece = Slice("ORDERS", "UNH+1'BGM+220+7'UNT+3+1'", b"", EDIFACT, EDIFACT)
    assert piece.rows() == [["UNH", "1"], ["BGM", "220", "7"], ["UNT", "3", "1"]]
    assert piece.tags() == ["UNH", "BGM", "UNT"]
    assert piece.count == 3


def test_a_segment_without_terminator_counts() -> None:
    piece = Slice("ORDERS", "UNH+1'BGM", b"", EDIFACT, EDIFACT)
    assert piece.rows() == [["UNH", "1"], ["BGM"]]
    assert (piece.tags(), piece.count) == (["UNH", "BGM"], 2)


def test_the_end_of_a_segment_is_not_a_released_terminator() -> None:
    content = b"FTX+a?'b??'BGM"
    assert segment_end(content, 0, EDIFACT) == 11
    assert segment_end(content, 11, EDIFACT) == -1
    assert last_end(content, 0, EDIFACT) == 11
    assert last_end(b"a?'", 0, EDIFACT) == -1
    assert released(b"??'", 2, b"?") is False
    assert released(b"?'", 1, b"?") is True
    assert released(b"?'", 1, None) is False


SIGNS = st.lists(st.sampled_from([b"?", b"'", b"+", b"x", b"??", b"?'", b"?'" * 20, b"?" * 33]))


@given(SIGNS, st.integers(0, 3))
def test_an_end_is_found_among_any_number_of_released_ones(
    pieces: list[bytes], before: int
) -> None:
    content = b"x" * before + b"".join(pieces)
    found = re.compile(rb"(?:[^?']|\?.)*?'", re.DOTALL).match(content, before)
    assert segment_end(content, before, EDIFACT) == (-1 if found is None else found.end())


@given(SIGNS)
def test_the_last_end_is_found_among_any_number_of_released_ones(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    ends = [one.end() for one in re.finditer(rb"(?:[^?']|\?.)*?'", content, re.DOTALL)]
    whole = [
        end for end in ends if re.fullmatch(rb"(?:(?:[^?']|\?.)*?')*", content[:end], re.DOTALL)
    ]
    assert last_end(content, 0, EDIFACT) == (whole[-1] if whole else -1)


def test_an_end_is_found_behind_more_released_ones_than_one_window_holds() -> None:
    content = b"?'" * 100_000 + b"??'" + b"x'"
    assert segment_end(content, 0, EDIFACT) == 200_003
    assert last_end(content, 0, EDIFACT) == 200_005
    assert last_end(content, 0, EDIFACT, 200_002) == -1
    assert segment_end(b"?'" * 100_000 + b"?", 0, EDIFACT) == -1


@given(st.integers(0, 5000), st.integers(0, 40))
def test_a_run_of_signs_is_counted_whatever_its_length(run: int, before: int) -> None:
    content = b"x" * before + b"?" * run
    assert run_before(content, len(content), b"?") == run
