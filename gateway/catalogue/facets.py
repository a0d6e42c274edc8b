"""Count how a result can be narrowed: categories, manufacturers, properties, what is in stock.

A result of some hundred products is counted whole. Of a larger one about `SAMPLE` products are,
and the counts are what that says of all: about right, and a value that less than one in a hundred
has may be missing. Its categories are still counted exactly when that reads few postings.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from gateway.catalogue.asking import Choice, Facet, Found, PropertyFacet, Question
from gateway.catalogue.bits import members_of, thinned
from gateway.catalogue.matching import Matching
from gateway.catalogue.postings import Postings
from gateway.catalogue.tables import categories, traits
from gateway.catalogue.terms import AFTER, IN_STOCK, SEPARATOR, category
from gateway.catalogue.traits import Traits, load_traits
from gateway.store.among import among

MAX_CATEGORIES: Final = 200
MAX_CHOICES: Final = 20
MAX_PROPERTIES: Final = 12
SAMPLE: Final = 200
MAX_COUNTED: Final = 500
"""Postings that are read to count the categories of a large result."""

Path = tuple[str, ...]


def narrowings(connection: sa.Connection, postings: Postings, bits: int, below: Path) -> Found:
    """Return the facets of a result, in a `Found` without the rest."""
    sample = thinned(bits, SAMPLE)
    factor = bits.bit_count() / sample.bit_count()
    drawn = _traits(connection, sample)
    makers = Counter(one.manufacturer for one in drawn if one.manufacturer)
    values: dict[str, Counter[str]] = {}
    for name, value in (pair for one in drawn for pair in one.properties):
        values.setdefault(name, Counter())[value] += 1
    groups = sorted(values.items(), key=lambda group: (-group[1].total(), group[0]))
    exact = sample == bits
    counted = None if exact else _counted(connection, postings, bits, below)
    return Found(
        categories=_sampled(drawn, below, factor) if counted is None else counted,
        manufacturers=_choices(makers, factor),
        properties=tuple(
            PropertyFacet(name, _choices(counts, factor))
            for name, counts in groups[:MAX_PROPERTIES]
        ),
        in_stock=postings.counts([IN_STOCK], bits).get(IN_STOCK, 0),
        counts_are_exact=exact,
    )


def categories_in(connection: sa.Connection, question: Question) -> tuple[Facet, ...]:
    """Return the categories one level below the question's, counted exactly."""
    matching = Matching(connection)
    scope = matching.scope(question)
    matching.postings.within(scope)
    paths = _paths(connection, question.category)
    return _facets(paths, _counts(matching.postings, paths, scope))


def _counted(
    connection: sa.Connection, postings: Postings, bits: int, below: Path
) -> tuple[Facet, ...] | None:
    paths = _paths(connection, below)
    if len(paths) * len(postings.chunks) > MAX_COUNTED:
        return None
    return _facets(paths, _counts(postings, paths, bits))


def _sampled(drawn: Sequence[Traits], below: Path, factor: float) -> tuple[Facet, ...]:
    depth = len(below) + 1
    places = Counter(
        one.category[:depth]
        for one in drawn
        if len(one.category) >= depth and one.category[: len(below)] == below
    )
    return _facets(sorted(places), [round(places[path] * factor) for path in sorted(places)])


def _facets(paths: Sequence[Path], counts: Sequence[int]) -> tuple[Facet, ...]:
    facets = (Facet(path, count) for path, count in zip(paths, counts, strict=True))
    return tuple(facet for facet in facets if facet.count)[:MAX_CATEGORIES]


def _counts(postings: Postings, paths: Sequence[Path], bits: int) -> list[int]:
    counts = postings.counts([category(path) for path in paths], bits)
    return [counts.get(category(path), 0) for path in paths]


def _paths(connection: sa.Connection, below: Path) -> list[Path]:
    """Return the categories that may lie one level below a path, in order."""
    statement = sa.select(categories.c.path).where(categories.c.depth == len(below) + 1)
    if below:
        prefix = SEPARATOR.join(below).replace("\x00", "\ufffd") + SEPARATOR
        statement = statement.where(categories.c.path >= prefix, categories.c.path < prefix + AFTER)
    paths = connection.execute(statement).scalars()
    return sorted(tuple(path.split(SEPARATOR)) for path in paths)


def _traits(connection: sa.Connection, bits: int) -> list[Traits]:
    statement = sa.select(traits.c.traits).where(among(connection, traits.c.id, members_of(bits)))
    return [load_traits(one) for one in connection.execute(statement).scalars().all()]


def _choices(counts: Counter[str], factor: float) -> tuple[Choice, ...]:
    best = sorted(counts.items(), key=lambda choice: (-choice[1], choice[0]))[:MAX_CHOICES]
    return tuple(Choice(value, round(count * factor)) for value, count in best)
