"""Turn text into search tokens: folded, without accents, split at all but letters and digits.

`Malmö` is found by `malmo`, `10-200` by `10200` and by `10-2`. Pure.
"""

import unicodedata
from collections.abc import Iterable, Iterator
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

SKU: Final = 100
GTIN: Final = 100
MANUFACTURER_SKU: Final = 60
NAME: Final = 20
MANUFACTURER: Final = 8
CATEGORY: Final = 5
DESCRIPTION: Final = 1


def folded(text: str) -> str:
    """Return `text` without case and accents; letters without a base letter are spelt out."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Return the tokens of `text` in order."""
    spaced = "".join(letter if letter.isalnum() else " " for letter in folded(text))
    return [word[:MAX_TOKEN] for word in spaced.split()]


def compact(text: str) -> str:
    """Return `text` as one token: an article number as it is typed without its signs."""
    return "".join(words(text))[:MAX_TOKEN]


def terms(question: str) -> list[str]:
    """Return the distinct tokens that a question asks for."""
    return list(dict.fromkeys(words(question)))[:MAX_TERMS]


def weighted(product: Product) -> dict[str, int]:
    """Return the tokens that find a product, each with its greatest weight."""
    found: dict[str, int] = {}
    for text, weight in _texts(product):
        for token in _tokens(text, weight):
            found[token] = max(weight, found.get(token, 0))
    return found


def numbers(item: Item) -> Iterator[str]:
    """Return the tokens of the numbers that others than we gave an item; GTINs in every length."""
    if item.gtin:
        digits = item.gtin.lstrip("0")
        yield from (compact(digits.zfill(length)) for length in LENGTHS)
        yield compact(item.gtin)
    if item.manufacturer_sku:
        yield compact(item.manufacturer_sku)


def _tokens(text: str, weight: int) -> Iterable[str]:
    tokens = words(text)
    return (*tokens, compact(text)) if weight >= MANUFACTURER_SKU else tokens


def _texts(product: Product) -> Iterator[tuple[str, int]]:
    yield product.sku, SKU
    yield product.name, NAME
    yield product.gtin or "", GTIN
    yield product.manufacturer_sku or "", MANUFACTURER_SKU
    yield product.manufacturer or "", MANUFACTURER
    yield product.description or "", DESCRIPTION
    for name in product.category:
        yield name, CATEGORY
