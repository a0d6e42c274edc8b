"""Name the terms of the postings: everything that a set of products can be asked by.

The first letter says of what kind a term is, so kinds never meet. The beginnings of words up to
three letters are terms of their own: too many words begin with them to be read one by one.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Final

from canonical.product import Product
from gateway.catalogue.tokens import weighted
from gateway.catalogue.traits import traits_of

SEPARATOR: Final = "\x1f"
"""Stands between the levels of a category path, and between a property and its value."""
AFTER: Final = "\U0010ffff"
"""Sorts after every token with the same beginning."""
MAX_BEGINNING: Final = 3
MAX_TERM: Final = 300
NO_TIER: Final = 0

ALL: Final = "e"
OPEN: Final = "o"
"""Products that are in no assortment: everybody may buy them."""
IN_STOCK: Final = "s"

Term = tuple[str, int]
"""A term and its tier."""


def word(token: str) -> str:
    """Return the term of a whole word."""
    return "w" + token


def beginning(token: str) -> str:
    """Return the term of all words that begin with a short token."""
    return "b" + token


def assortment(name: str) -> str:
    """Return the term of an assortment."""
    return _named("a", name)


def category(path: Sequence[str]) -> str:
    """Return the term of a category and all below it."""
    return _named("c", *path)


def manufacturer(name: str) -> str:
    """Return the term of a manufacturer."""
    return _named("m", name)


def property_value(name: str, value: str) -> str:
    """Return the term of a property with a value."""
    return _named("p", name, value)


def terms_of(product: Product) -> set[Term]:
    """Return the terms of a product, all but whether it is in stock."""
    return {
        *chain.from_iterable(_word_terms(*word) for word in weighted(product).items()),
        *((term, NO_TIER) for term in _plain_terms(product)),
    }


@lru_cache(maxsize=65_536)
def _word_terms(token: str, tier: int) -> tuple[Term, ...]:
    short = (token[:length] for length in range(1, min(len(token), MAX_BEGINNING) + 1))
    return (word(token), tier), *((beginning(one), tier) for one in short)


def _plain_terms(product: Product) -> Iterable[str]:
    yield ALL
    if not product.assortments:
        yield OPEN
    yield from map(assortment, product.assortments)
    for depth in range(1, len(product.category) + 1):
        yield category(product.category[:depth])
    if product.manufacturer:
        yield manufacturer(product.manufacturer)
    for name, value in traits_of(product).properties:
        yield property_value(name, value)


def _named(kind: str, *names: str) -> str:
    text = kind + SEPARATOR.join(names).replace("\x00", "�")
    if len(text) <= MAX_TERM:
        return text
    return text[:MAX_TERM] + blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
