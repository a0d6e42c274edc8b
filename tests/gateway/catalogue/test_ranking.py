"""Products come in order of what all words together are worth to them."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.bits import bits_of, members_of
from gateway.catalogue.ranking import anything, ranked, worth

WORDS = st.lists(
    st.dictionaries(st.integers(0, 20), st.integers(2, 15), min_size=1), min_size=1, max_size=8
)


@given(WORDS, st.sets(st.integers(0, 20)))
def test_groups_fall_in_worth_and_leave_nobody_out(
    words: list[dict[int, int]], asked: set[int]
) -> None:
    values = [
        {value: bits_of([one for one in word if word[one] == value]) for value in word.values()}
        for word in words
    ]
    groups = [list(members_of(group)) for group in ranked(bits_of(sorted(asked)), values)]
    sums = {one: sum(word.get(one, 0) for word in words) for one in asked}
    assert [{sums[one] for one in group} for group in groups] == [
        {value} for value in sorted(set(sums.values()), reverse=True)
    ]
    assert sorted(one for group in groups for one in group) == sorted(asked)


def test_the_greatest_value_counts_where_several_are_given() -> None:
    both = {8: 0b01, 3: 0b11}
    assert anything(both) == 0b11
    assert list(ranked(0b11, [both])) == [0b01, 0b10]


def test_a_whole_word_is_worth_more_than_its_beginning_but_less_than_a_better_place() -> None:
    assert worth(1, whole=False) < worth(1, whole=True) < worth(2, whole=False)
