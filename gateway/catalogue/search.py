"""Answer a question to the replica: one page, how many, and how the result can be narrowed.

What is equally good goes by name, as long as that is at most `SORTED` products; more of them keep
the order of the core's feed. Facets beside the categories are counted on at most about `SAMPLE`
products of a large result.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from canonical.product import Product
from canonical.stored import load_as
from gateway.catalogue.asking import Choice, Correction, Facet, Found, PropertyFacet, Question
from gateway.catalogue.bits import members_of, page_of, thinned
from gateway.catalogue.corrections import corrected
from gateway.catalogue.matching import Matches, Matching
from gateway.catalogue.postings import Postings
from gateway.catalogue.ranking import ranked
from gateway.catalogue.tables import categories, products
from gateway.catalogue.terms import (
    AFTER,
    IN_STOCK,
    SEPARATOR,
    category,
)
from gateway.catalogue.traits import Traits, load_traits

MAX_PAGE: Final = 200
MAX_OFFSET: Final = 1_000_000
MAX_FACETS: Final = 200
MAX_CHOICES: Final = 20
MAX_PROPERTIES: Final = 12
SORTED: Final = 1_000
SAMPLE: Final = 200


def search(connection: sa.Connection, question: Question, offset: int, limit: int) -> Found:
    """Return one page of what a question finds."""
    matching = Matching(connection)
    matches = matching.matches(question)
    corrections: tuple[Correction, ...] = ()
    if not matches.bits and matches.words:
        matches, corrections = corrected(connection, matching, matches)
    bits = matches.bits
    if not bits:
        return Found(total_is_exact=matches.complete)
    matching.postings.within(bits)
    start, size = max(0, min(offset, MAX_OFFSET)), max(1, min(limit, MAX_PAGE))
    ids = _page(connection, matches, bits, start, size)
    return replace(
        _narrowings(connection, matching.postings, bits, question.category),
        items=_documents(connection, ids),
        total=bits.bit_count(),
        total_is_exact=matches.complete,
        corrections=corrections,
    )


def categories_in(connection: sa.Connection, question: Question) -> tuple[Facet, ...]:
    """Return the categories one level below the question's."""
    matching = Matching(connection)
    return _categories(connection, matching.postings, matching.scope(question), question.category)


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
        sa.select(products.c.id)
        .where(products.c.id.in_(list(members_of(group))))
        .order_by(products.c.name_key, products.c.sku)
        .offset(offset)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def _documents(connection: sa.Connection, ids: list[int]) -> tuple[Product, ...]:
    statement = sa.select(products.c.id, products.c.document).where(products.c.id.in_(ids))
    found = dict(connection.execute(statement).all())
    return tuple(load_as(Product, found[number]) for number in ids)


def _traits(connection: sa.Connection, bits: int) -> Iterator[Traits]:
    statement = sa.select(products.c.traits).where(products.c.id.in_(list(members_of(bits))))
    return map(load_traits, connection.execute(statement).scalars().all())


def _narrowings(
    connection: sa.Connection, postings: Postings, bits: int, below: tuple[str, ...]
) -> Found:
    sample = thinned(bits, SAMPLE)
    factor = bits.bit_count() / sample.bit_count()
    makers: Counter[str] = Counter()
    values: dict[str, Counter[str]] = {}
    for traits in _traits(connection, sample):
        if traits.manufacturer:
            makers[traits.manufacturer] += 1
        for name, value in traits.properties:
            if name not in values:
                values[name] = Counter()
            values[name][value] += 1
    groups = sorted(values.items(), key=lambda group: (-group[1].total(), group[0]))
    return Found(
        categories=_categories(connection, postings, bits, below),
        manufacturers=_choices(makers, factor),
        properties=tuple(
            PropertyFacet(name, _choices(counts, factor))
            for name, counts in groups[:MAX_PROPERTIES]
        ),
        in_stock=postings.counts([IN_STOCK], bits).get(IN_STOCK, 0),
        counts_are_exact=sample == bits,
    )


def _choices(counts: Counter[str], factor: float) -> tuple[Choice, ...]:
    best = sorted(counts.items(), key=lambda choice: (-choice[1], choice[0]))[:MAX_CHOICES]
    return tuple(Choice(value, round(count * factor)) for value, count in best)


def _categories(
    connection: sa.Connection, postings: Postings, bits: int, below: tuple[str, ...]
) -> tuple[Facet, ...]:
    statement = (
        sa.select(categories.c.path)
        .where(categories.c.depth == len(below) + 1)
        .order_by(categories.c.path)
    )
    if below:
        prefix = SEPARATOR.join(below).replace("\x00", "\ufffd") + SEPARATOR
        statement = statement.where(categories.c.path >= prefix, categories.c.path < prefix + AFTER)
    paths = [tuple(path.split(SEPARATOR)) for path in connection.execute(statement).scalars()]
    counts = postings.counts([category(path) for path in paths], bits)
    facets = (Facet(path, counts.get(category(path), 0)) for path in paths)
    return tuple(facet for facet in facets if facet.count)[:MAX_FACETS]
