"""Search the replica: every word must begin a token of the product; the exact number comes first.

A word is a range of the token index on both databases. The score of a product is the sum of its
best token a word, doubled where the word is the whole token; ties go by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from canonical.product import Product
from canonical.stored import load
from gateway.catalogue.tables import assortments, categories, products, tokens
from gateway.catalogue.tokens import compact, terms

MAX_PAGE: Final = 200
MAX_FACETS: Final = 200
MAX_OFFSET: Final = 1_000_000
AFTER: Final = "\U0010ffff"
"""Sorts after every token with the same beginning."""
SEPARATOR: Final = "\x1f"
"""Stands between the levels of a category path."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Count the products of a result in one category."""

    path: tuple[str, ...]
    count: int

    @property
    def name(self) -> str:
        """Return the category's own name."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one page of a result, how many there are in all, and where they are."""

    items: tuple[Product, ...]
    total: int
    categories: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Say what may be found: the customer's assortments, and a category path."""

    assortments: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


def search(connection: sa.Connection, text: str, scope: Scope, offset: int, limit: int) -> Found:
    """Return one page of what `text` finds in `scope`, with the categories one level below."""
    wanted = terms(text)
    if text.strip() and not wanted:
        return Found((), 0, ())
    matches = _matches(wanted, compact(text), scope).cte("matches")
    total = connection.execute(sa.select(sa.func.count()).select_from(matches)).scalar_one()
    page = (
        sa.select(products.c.document)
        .join(matches, matches.c.sku == products.c.sku)
        .order_by(
            matches.c.exact.desc(), matches.c.score.desc(), products.c.name_key, products.c.sku
        )
        .offset(max(0, min(offset, MAX_OFFSET)))
        .limit(max(1, min(limit, MAX_PAGE)))
    )
    items = tuple(_product(row.document) for row in connection.execute(page))
    return Found(items, total, _facets(connection, matches, scope.category))


def categories_in(connection: sa.Connection, scope: Scope) -> tuple[Facet, ...]:
    """Return the categories one level below the scope's path."""
    return _facets(connection, _matches((), "", scope).cte("matches"), scope.category)


def _matches(wanted: Sequence[str], exact: str, scope: Scope) -> sa.Select[tuple[str, int, int]]:
    source: sa.FromClause = products
    score: sa.ColumnElement[int] = sa.literal(0)
    for number, term in enumerate(wanted):
        hits = _hits(term).subquery(f"term_{number}")
        source = source.join(hits, hits.c.sku == products.c.sku)
        score = score + hits.c.score
    is_exact = sa.case((products.c.exact == exact, 1), else_=0) if exact else sa.literal(0)
    statement = sa.select(
        products.c.sku, score.label("score"), is_exact.label("exact")
    ).select_from(source)
    if scope.assortments:
        allowed = sa.select(assortments.c.sku).where(
            assortments.c.assortment.in_(scope.assortments)
        )
        statement = statement.where(
            sa.or_(products.c.restricted.is_(False), products.c.sku.in_(allowed))
        )
    if scope.category:
        inside = sa.select(categories.c.sku).where(
            categories.c.path == SEPARATOR.join(scope.category)
        )
        statement = statement.where(products.c.sku.in_(inside))
    return statement


def _hits(term: str) -> sa.Select[tuple[str, int]]:
    best = sa.func.max(
        sa.case((tokens.c.token == term, tokens.c.weight * 2), else_=tokens.c.weight)
    )
    return (
        sa.select(tokens.c.sku, best.label("score"))
        .where(tokens.c.token >= term, tokens.c.token < term + AFTER)
        .group_by(tokens.c.sku)
    )


def _facets(
    connection: sa.Connection, matches: sa.CTE, below: tuple[str, ...]
) -> tuple[Facet, ...]:
    count = sa.func.count().label("count")
    statement = (
        sa.select(categories.c.path, count)
        .join(matches, matches.c.sku == categories.c.sku)
        .where(categories.c.depth == len(below) + 1)
        .group_by(categories.c.path)
        .order_by(categories.c.path)
        .limit(MAX_FACETS)
    )
    if below:
        prefix = SEPARATOR.join(below) + SEPARATOR
        statement = statement.where(categories.c.path >= prefix, categories.c.path < prefix + AFTER)
    return tuple(
        Facet(tuple(path.split(SEPARATOR)), number)
        for path, number in connection.execute(statement)
    )


def _product(document: bytes) -> Product:
    product = load(document)
    assert isinstance(product, Product)  # noqa: S101 -- the column holds nothing else
    return product
