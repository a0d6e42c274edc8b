"""Find words that a mistyped one may mean: by what is left when letters are taken away. Pure.

Two words that differ by one letter have a beginning in common once each has lost one, so the
words stand in a table under their beginnings with up to two letters taken away, and a question
looks its own up. What is found that way is then really compared.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

MIN_LETTERS: Final = 4
"""Letters of a word that can be mistyped; from `TWICE` on, two of them may be wrong."""
TWICE: Final = 8
BEGINNING: Final = 6


def mistakes_in(word: str) -> int:
    """Return how many letters of a word may be wrong; 0 for one that is taken as it is."""
    if len(word) < MIN_LETTERS or not word.isalpha():
        return 0
    return 2 if len(word) >= TWICE else 1


def stored_keys(word: str) -> set[str]:
    """Return the keys that a word of the catalogue stands under; none for one too short."""
    # A word of six letters may be meant by one of eight, so it has lost two.
    letters = MIN_LETTERS - 1
    if len(word) < letters or not word.isalpha():
        return set()
    return set(_shortened(word[:BEGINNING], 2 if len(word) >= TWICE - 2 else 1))


def asked_keys(word: str) -> set[str]:
    """Return the keys under which the words that `word` may mean are found."""
    return set(_shortened(word[:BEGINNING], mistakes_in(word)))


def distance(first: str, second: str, most: int) -> int:
    """Return how many letters are missing, extra, other or swapped; over `most`, just more.

    The optimal string alignment distance: no letter is touched twice.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, 1):
        older, before, row = before, row, [place]
        for other_place, other in enumerate(second, 1):
            cost = min(
                before[other_place] + 1,
                row[-1] + 1,
                before[other_place - 1] + (letter != other),
            )
            if (
                place > 1
                and other_place > 1
                and letter == second[other_place - 2]
                and first[place - 2] == other
            ):
                cost = min(cost, older[other_place - 2] + 1)
            row.append(cost)
    return row[-1]


def _shortened(text: str, most: int) -> Iterator[str]:
    for lost in range(min(most, len(text) - 1) + 1):
        for places in combinations(range(len(text)), lost):
            yield "".join(letter for place, letter in enumerate(text) if place not in places)
