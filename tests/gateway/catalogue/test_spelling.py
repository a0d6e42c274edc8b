"""A word with one wrong letter, or two in a long one, shares a key with the word that is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.spelling import asked_keys, distance, mistakes_in, stored_keys

LETTERS = "abcde"
WORD = st.text(LETTERS, min_size=3, max_size=12)


def slow_distance(first: str, second: str) -> int:
    if not first or not second:
        return len(first) + len(second)
    options = [
        slow_distance(first[1:], second) + 1,
        slow_distance(first, second[1:]) + 1,
        slow_distance(first[1:], second[1:]) + (first[0] != second[0]),
    ]
    if len(first) > 1 and len(second) > 1 and first[:2] == second[1::-1]:
        options.append(slow_distance(first[2:], second[2:]) + 1)
    return min(options)


@given(st.text("ab", max_size=5), st.text("abc", max_size=5))
def test_the_distance_counts_letters_missing_extra_other_and_swapped(
    first: str, second: str
) -> None:
    expected = slow_distance(first, second)
    for most in range(1, 4):
        assert min(distance(first, second, most), most + 1) == min(expected, most + 1)


@given(WORD, WORD)
def test_words_within_the_distance_share_a_key(asked: str, held: str) -> None:
    most = mistakes_in(asked)
    if most and distance(asked, held, most) <= most:
        assert asked_keys(asked) & stored_keys(held)


@given(WORD, st.lists(st.tuples(st.integers(0, 12), st.sampled_from(LETTERS)), max_size=2))
def test_a_mistyped_word_shares_a_key(held: str, slips: list[tuple[int, str]]) -> None:
    asked = held
    for place, letter in slips:
        asked = asked[: place % len(asked)] + letter + asked[place % len(asked) + place % 2 :]
    most = mistakes_in(asked)
    if len(slips) <= most:
        assert asked_keys(asked) & stored_keys(held)


@pytest.mark.parametrize(
    ("word", "mistakes"),
    [("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2), ("m8x40", 0), ("1234", 0)],
)
def test_short_words_and_numbers_are_taken_as_they_are(word: str, mistakes: int) -> None:
    assert mistakes_in(word) == mistakes
    assert bool(asked_keys(word) - {word[:6]}) == bool(mistakes)


def test_a_number_is_no_word_to_be_meant() -> None:
    assert stored_keys("m8x40") == set()
    assert stored_keys("ab") == set()
