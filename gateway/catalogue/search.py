"""Answer a question to the replica: one page, how many, and how the result can be narrowed.

What is equally good goes by name, as long as that is at most `SORTED` products; more of them keep
the order of the core's feed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from canonical.product import Product
from canonical.stored import load_as
from gateway.catalogue.asking import Correction, Found, Question
from gateway.catalogue.bits import members_of, page_of
from gateway.catalogue.corrections import corrected
from gateway.catalogue.facets import narrowings
from gateway.catalogue.matching import Matches, Matching
from gateway.catalogue.ranking import ranked
from gateway.catalogue.tables import products, traits
from gateway.store.among import among

MAX_PAGE: Final = 200
MAX_OFFSET: Final = 1_000_000
SORTED: Final = 1_000


def search(
    connection: sa.Connection, question: Question, offset: int, limit: int, *, facets: bool = True
) -> Found:
    """Return one page of what a question finds, if wanted with how that can be narrowed."""
    matching = Matching(connection)
    matches = matching.matches(question)
    corrections: tuple[Correction, ...] = ()
    if not matches.bits and matches.words:
        if len(matches.words) > 1:
            matches = matching.matches(question, quick=False)
        matches, corrections = corrected(connection, matching, matches)
    bits = matches.bits
    if not bits:
        return Found(total_is_exact=matches.complete)
    matching.postings.within(bits)
    start, size = max(0, min(offset, MAX_OFFSET)), max(1, min(limit, MAX_PAGE))
    ids = _page(connection, matches, bits, start, size)
    narrowed = Found()
    if facets:
        narrowed = narrowings(connection, matching.postings, bits, question.category)
    return replace(
        narrowed,
        items=_documents(connection, ids),
        total=bits.bit_count(),
        total_is_exact=matches.complete,
        corrections=corrections,
    )


def _page(
    connection: sa.Connection, matches: Matches, bits: int, offset: int, limit: int
) -> list[int]:
    found: list[int] = []
    for group in _groups(matches, bits):
        count = group.bit_count()
        if offset < count:
            found += _of_group(connection, group, offset, limit - len(found))
        offset = max(0, offset - count)
        if len(found) == limit:
            break
    return found


def _groups(matches: Matches, bits: int) -> Iterator[int]:
    exact = bits & matches.exact
    if exact:
        yield exact
    yield from ranked(bits ^ exact, matches.words.values())


def _of_group(connection: sa.Connection, group: int, offset: int, limit: int) -> list[int]:
    if group.bit_count() > SORTED:
        return page_of(group, offset, limit)
    statement = (
        sa.select(traits.c.id)
        .where(among(connection, traits.c.id, members_of(group)))
        .order_by(traits.c.name_key, traits.c.sku)
        .offset(offset)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def _documents(connection: sa.Connection, ids: list[int]) -> tuple[Product, ...]:
    statement = sa.select(products.c.id, products.c.document).where(
        among(connection, products.c.id, ids)
    )
    found = dict(connection.execute(statement).all())
    return tuple(load_as(Product, found[number]) for number in ids)
