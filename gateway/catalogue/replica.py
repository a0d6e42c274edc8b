"""Apply the core's changes to the replica, search it, and read single products and stock back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

import sqlalchemy as sa

from canonical.order import Item
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from canonical.stored import load_as
from gateway.catalogue.asking import NO_FILTERS, Facet, Filters, Found, Question
from gateway.catalogue.facets import categories_in
from gateway.catalogue.feeds import (
    FEEDS,
    PART_NUMBER_FEED,
    PART_NUMBERS,
    PRODUCT_FEED,
    PRODUCTS,
    STOCK,
    STOCK_FEED,
    Feed,
    lock,
    move_cursor,
)
from gateway.catalogue.search import search
from gateway.catalogue.tables import feeds, numbers, part_numbers, products, stock
from gateway.catalogue.tokens import compact
from gateway.catalogue.tokens import numbers as numbers_of
from gateway.catalogue.writing import parts
from gateway.store.among import among
from gateway.store.database import Database

ItemT = TypeVar("ItemT")
ReadyT = TypeVar("ReadyT")
ItemT_co = TypeVar("ItemT_co", covariant=True)

NAMED: Final = 2000
"""Products at most that other numbers than ours are looked for in."""


class Changed(Protocol[ItemT_co]):
    """Be a page of changes, as a core gives it."""

    @property
    def items(self) -> tuple[ItemT_co, ...]:
        """Return what is new or changed."""

    @property
    def deleted(self) -> tuple[str, ...]:
        """Return the keys of what is gone."""

    @property
    def next(self) -> str:
        """Return the cursor of what comes after."""

    @property
    def more(self) -> bool:
        """Tell whether anything comes after now."""


class Catalogue:
    """Hold products and stock for searching; a price is asked of the core, never of this."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply_products(self, page: Changed[Product], *, keep_cursor: bool = True) -> None:
        """Take over a page of changes and its cursor, in one transaction; repeating is harmless."""
        self._apply(PRODUCTS, PRODUCT_FEED, page, keep_cursor=keep_cursor)

    def apply_stock(self, page: Changed[StockLevel], *, keep_cursor: bool = True) -> None:
        """Take over a page of changes and its cursor, in one transaction; repeating is harmless."""
        self._apply(STOCK, STOCK_FEED, page, keep_cursor=keep_cursor)

    def apply_part_numbers(self, page: Changed[PartNumber], *, keep_cursor: bool = True) -> None:
        """Take over a page of changes and its cursor, in one transaction; repeating is harmless."""
        self._apply(PART_NUMBERS, PART_NUMBER_FEED, page, keep_cursor=keep_cursor)

    def _apply(
        self, name: str, feed: Feed[ItemT, ReadyT], page: Changed[ItemT], *, keep_cursor: bool
    ) -> None:
        items = {feed.key(item): item for item in page.items}
        gone = [key for key in page.deleted if key not in items]
        ready = [feed.ready(item) for item in items.values()]

        def work(connection: sa.Connection) -> None:
            lock(connection)
            feed.drop(connection, gone)
            feed.put(connection, ready)
            if keep_cursor:
                move_cursor(connection, name, page.next)

        self._database.write(work)

    def cursor(self, feed: str) -> str | None:
        """Return how far a feed (`products`, `stock`) has been applied; None before the first."""
        statement = sa.select(feeds.c.cursor).where(feeds.c.feed == feed)
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one_or_none() or None

    def finish(self, feed: str, keys: Iterable[str], cursor: str) -> int:
        """Delete all of a feed but these keys and keep its cursor, after a reading of it all."""
        wanted = set(keys)

        def work(connection: sa.Connection) -> int:
            lock(connection)
            gone = FEEDS[feed].held(connection) - wanted
            FEEDS[feed].drop(connection, sorted(gone))
            move_cursor(connection, feed, cursor)
            return len(gone)

        return self._database.write(work)

    def product(self, sku: str) -> Product | None:
        """Return one product, whatever assortment it is in."""
        return self.products([sku]).get(sku)

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """Return products by article number; unknown ones are left out."""
        found: dict[str, Product] = {}
        with self._database.read() as connection:
            for some in _askable(skus):
                statement = sa.select(products.c.sku, products.c.document).where(
                    among(connection, products.c.sku, some)
                )
                found |= {row.sku: _product(row.document) for row in connection.execute(statement)}
        return found

    def named(self, items: Iterable[Item]) -> dict[str, Product]:
        """Return products whose GTIN or manufacturer's number an item carries, by article number.

        A number may find several, among them some where it is a number of another kind.
        """
        wanted = [token for item in items for token in numbers_of(item)]
        found: dict[str, Product] = {}
        with self._database.read() as connection:
            for some in _askable(wanted):
                statement = (
                    sa.select(products.c.sku, products.c.document)
                    .where(
                        products.c.id.in_(
                            sa.select(numbers.c.product).where(
                                among(connection, numbers.c.number, some)
                            )
                        )
                    )
                    .order_by(products.c.sku)
                    .limit(NAMED)
                )
                found |= {row.sku: _product(row.document) for row in connection.execute(statement)}
        return found

    def by_buyer_number(self, customer: str, wanted: Iterable[str]) -> dict[str, str]:
        """Return our article numbers by what a customer calls them, as asked.

        Signs and case make no difference, unless the customer has several numbers that
        differ in nothing else: then only the one exactly like it is meant.
        """
        asked = {number: compact(number) for number in wanted}
        held: dict[str, dict[str, str]] = {}
        with self._database.read() as connection:
            for some in _askable(asked.values()):
                statement = sa.select(
                    part_numbers.c.number, part_numbers.c.buyer_sku, part_numbers.c.sku
                ).where(
                    part_numbers.c.customer == customer,
                    among(connection, part_numbers.c.number, some),
                )
                for number, buyer_sku, sku in connection.execute(statement):
                    held.setdefault(number, {})[buyer_sku] = sku
        found: dict[str, str] = {}
        for number, key in asked.items():
            mine = held.get(key, {})
            if number in mine:
                found[number] = mine[number]
            elif len(set(mine.values())) == 1:
                found[number] = next(iter(mine.values()))
        return found

    def buyer_numbers(self, customer: str, skus: Iterable[str]) -> dict[str, str]:
        """Return what a customer calls our products, by article number; the first of several."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for some in _askable(skus):
                statement = (
                    sa.select(part_numbers.c.sku, sa.func.min(part_numbers.c.buyer_sku))
                    .where(
                        part_numbers.c.customer == customer,
                        among(connection, part_numbers.c.sku, some),
                    )
                    .group_by(part_numbers.c.sku)
                )
                found |= dict(connection.execute(statement).all())
        return found

    def stock(self, skus: Iterable[str]) -> dict[str, tuple[StockLevel, ...]]:
        """Return stock levels by article number, a warehouse each; without any, none."""
        found: dict[str, list[StockLevel]] = {}
        with self._database.read() as connection:
            for some in _askable(skus):
                statement = (
                    sa.select(stock.c.sku, stock.c.document)
                    .where(among(connection, stock.c.sku, some))
                    .order_by(stock.c.sku, stock.c.warehouse)
                )
                for row in connection.execute(statement):
                    level = load_as(StockLevel, row.document)
                    found.setdefault(row.sku, []).append(level)
        return {sku: tuple(levels) for sku, levels in found.items()}

    def search(  # noqa: PLR0913 -- each narrows on its own, and all but the text are named
        self,
        text: str,
        *,
        assortments: Sequence[str] = (),
        category: Sequence[str] = (),
        filters: Filters = NO_FILTERS,
        customer: str = "",
        offset: int = 0,
        limit: int = 24,
        facets: bool = True,
    ) -> Found:
        """Return the products that every word of `text` begins a word or number of, best first.

        No text finds all. No `assortments` means a customer who may buy everything. `category` is
        a path, widest first; the facets of the result count what lies below it. `filters` are
        what the buyer ticked among the result's facets (`gateway.catalogue.asking` says how), and
        `customer` is whose part numbers find products too. `offset` counts from 0. Without
        `facets` the result does not say how it can be narrowed, which costs as much as finding it.
        """
        question = Question(text, tuple(assortments), tuple(category), filters, customer)
        with self._database.read() as connection:
            return search(connection, question, offset, limit, facets=facets)

    def categories(
        self, *, assortments: Sequence[str] = (), below: Sequence[str] = ()
    ) -> tuple[Facet, ...]:
        """Return the categories directly below a path, with how many products each has."""
        question = Question(assortments=tuple(assortments), category=tuple(below))
        with self._database.read() as connection:
            return categories_in(connection, question)


def _product(document: bytes) -> Product:
    return load_as(Product, document)


def _askable(keys: Iterable[str]) -> Iterator[list[str]]:
    return parts(key for key in keys if "\x00" not in key)
