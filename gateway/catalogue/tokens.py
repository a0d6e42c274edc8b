"""Turn text into search tokens: folded, without accents, split at all but letters and digits.

`Malmö` is found by `malmo`, `10-200` by `10200` and by `10-2`. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from canonical.gtin import LENGTHS
from canonical.order import Item
from canonical.product import Product

MAX_TOKEN: Final = 60
MAX_TERMS: Final = 8
"""Words of a question that count; further ones are left out."""

_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
)
_WORD: Final = re.compile(r"[^\W_]+")

OUR_NUMBER: Final = 7
MANUFACTURER_NUMBER: Final = 6
NAME: Final = 4
PLACE: Final = 2
DESCRIPTION: Final = 1
"""Tiers: how much it says of a product that a word stands in this field."""


def folded(text: str) -> str:
    """Return `text` without case and accents; letters without a base letter are spelt out."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Return the tokens of `text` in order."""
    return [word[:MAX_TOKEN] for word in _WORD.findall(folded(text))]


def compact(text: str) -> str:
    """Return `text` as one token: an article number as it is typed without its signs."""
    return "".join(words(text))[:MAX_TOKEN]


def terms(question: str) -> list[str]:
    """Return the distinct tokens that a question asks for."""
    return list(dict.fromkeys(words(question)))[:MAX_TERMS]


def weighted(product: Product) -> dict[str, int]:
    """Return the words that find a product, each with the best of its tiers.

    The parts of a number count as words; the whole number is one of `own_numbers`.
    """
    found: dict[str, int] = {}
    for text, tier in _texts(product):
        for word in words(text):
            if found.get(word, 0) < tier:
                found[word] = tier
    return found


def own_numbers(product: Product) -> dict[str, int]:
    """Return the numbers of a product without their signs, each with its tier."""
    found = {compact(product.manufacturer_sku or ""): MANUFACTURER_NUMBER}
    found |= {compact(number or ""): OUR_NUMBER for number in (product.gtin, product.sku)}
    found.pop("", None)
    return found


def numbers(item: Item) -> Iterator[str]:
    """Return the tokens of the numbers that others than we gave an item; GTINs in every length."""
    if item.gtin:
        digits = item.gtin.lstrip("0")
        yield from (compact(digits.zfill(length)) for length in LENGTHS)
        yield compact(item.gtin)
    if item.manufacturer_sku:
        yield compact(item.manufacturer_sku)


def _texts(product: Product) -> Iterator[tuple[str, int]]:
    for number, tier in (
        (product.sku, OUR_NUMBER),
        (product.manufacturer_sku or "", MANUFACTURER_NUMBER),
    ):
        if not number.isalnum():
            yield number, tier
    yield product.name, NAME
    yield product.manufacturer or "", PLACE
    for name in product.category:
        yield name, PLACE
    yield product.description or "", DESCRIPTION
