"""Put sets of products in order of what their words are worth. Pure.

A word is worth most to a product in whose number it stands, then its name, its manufacturer or
category, its description; a whole word more than a beginning. A product's worth is the sum
over the words, added for all products at once: one set says which have the lowest binary digit of
the sum, another the next, and so on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gateway.catalogue.bits import without

DIGITS: Final = 4
"""Binary digits of what one word is worth."""

Values = Mapping[int, int]
"""Sets of products by what a word is worth to them; the greatest counts."""


def worth(tier: int, *, whole: bool) -> int:
    """Return what a word of a tier is worth."""
    return 2 * tier + whole


def anything(values: Values) -> int:
    """Return the products to which a word is worth anything."""
    found = 0
    for bits in values.values():
        found |= bits
    return found


def ranked(bits: int, words: Iterable[Values]) -> Iterator[int]:
    """Yield the members of `bits` in sets of equal worth, the greatest first."""
    digits: list[int] = []
    for values in words:
        digits = _sum(digits, _digits(bits, values))
    yield from _groups(bits, digits)


def _digits(bits: int, values: Values) -> list[int]:
    digits = [0] * DIGITS
    for value in sorted(values, reverse=True):
        here = bits & values[value]
        bits = without(bits, here)
        for place in range(DIGITS):
            if value >> place & 1:
                digits[place] |= here
    return digits


def _sum(first: Sequence[int], second: Sequence[int]) -> list[int]:
    total: list[int] = []
    carry = 0
    for place in range(max(len(first), len(second))):
        one = first[place] if place < len(first) else 0
        other = second[place] if place < len(second) else 0
        odd = one ^ other
        total.append(odd ^ carry)
        carry = one & other | odd & carry
    return [*total, carry] if carry else total


def _groups(bits: int, digits: Sequence[int]) -> Iterator[int]:
    if not bits:
        return
    if not digits:
        yield bits
        return
    with_digit = bits & digits[-1]
    yield from _groups(with_digit, digits[:-1])
    yield from _groups(without(bits, with_digit), digits[:-1])
