"""Apply the core's changes to the replica and read single products and stock back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from canonical.order import Item
from canonical.product import Product
from canonical.stock import StockLevel, stock_key, stock_key_parts
from canonical.stored import dump, load_as
from gateway.catalogue.search import SEPARATOR, Facet, Found, Scope, categories_in, search
from gateway.catalogue.tables import assortments, categories, feeds, products, stock, tokens
from gateway.catalogue.tokens import compact, folded, numbers, weighted
from gateway.store.database import Database

CHUNK: Final = 500
NAMED: Final = 2000
"""Products at most that other numbers than ours are looked for in."""
PRODUCTS: Final = "products"
STOCK: Final = "stock"


class ProductChanges(Protocol):
    """Be a page of changed products, as a core gives it."""

    @property
    def items(self) -> tuple[Product, ...]:
        """Return products that are new or changed."""

    @property
    def deleted(self) -> tuple[str, ...]:
        """Return article numbers that are gone."""

    @property
    def next(self) -> str:
        """Return the cursor of what comes after."""

    @property
    def more(self) -> bool:
        """Tell whether anything comes after now."""


class StockChanges(Protocol):
    """Be a page of changed stock levels; `deleted` are keys made by `stock_key`."""

    @property
    def items(self) -> tuple[StockLevel, ...]:
        """Return levels that are new or changed."""

    @property
    def deleted(self) -> tuple[str, ...]:
        """Return keys of levels that are gone."""

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

    def apply_products(self, page: ProductChanges, *, keep_cursor: bool = True) -> None:
        """Take over a page of changes and its cursor, in one transaction; repeating is harmless."""

        def work(connection: sa.Connection) -> None:
            _lock(connection, PRODUCTS)
            _remove_products(connection, [*page.deleted, *(one.sku for one in page.items)])
            _insert_products(connection, {one.sku: one for one in page.items}.values())
            if keep_cursor:
                _keep_cursor(connection, PRODUCTS, page.next)

        self._database.write(work)

    def apply_stock(self, page: StockChanges, *, keep_cursor: bool = True) -> None:
        """Take over a page of changes and its cursor, in one transaction; repeating is harmless."""

        def work(connection: sa.Connection) -> None:
            _lock(connection, STOCK)
            changed = {stock_key(one.sku, one.warehouse): one for one in page.items}
            _remove_stock(connection, [*page.deleted, *changed])
            _insert_stock(connection, changed.values())
            if keep_cursor:
                _keep_cursor(connection, STOCK, page.next)

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
            _lock(connection, feed)
            _keep_cursor(connection, feed, cursor)
            if feed == PRODUCTS:
                held = set(connection.execute(sa.select(products.c.sku)).scalars())
                _remove_products(connection, sorted(held - wanted))
            else:
                rows = connection.execute(sa.select(stock.c.sku, stock.c.warehouse))
                held = {stock_key(row.sku, row.warehouse) for row in rows}
                _remove_stock(connection, sorted(held - wanted))
            return len(held - wanted)

        return self._database.write(work)

    def product(self, sku: str) -> Product | None:
        """Return one product, whatever assortment it is in."""
        return self.products([sku]).get(sku)

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """Return products by article number; unknown ones are left out."""
        found: dict[str, Product] = {}
        with self._database.read() as connection:
            for part in _chunks(skus):
                statement = sa.select(products.c.sku, products.c.document).where(
                    products.c.sku.in_(part)
                )
                found |= {row.sku: _product(row.document) for row in connection.execute(statement)}
        return found

    def named(self, items: Iterable[Item]) -> dict[str, Product]:
        """Return products whose GTIN or manufacturer's number an item carries, by article number.

        A number may find several, among them some where it is only a word of the text.
        """
        wanted = [token for item in items for token in numbers(item)]
        found: dict[str, Product] = {}
        with self._database.read() as connection:
            for part in _chunks(wanted):
                statement = (
                    sa.select(products.c.sku, products.c.document)
                    .where(
                        products.c.sku.in_(sa.select(tokens.c.sku).where(tokens.c.token.in_(part)))
                    )
                    .order_by(products.c.sku)
                    .limit(NAMED)
                )
                found |= {row.sku: _product(row.document) for row in connection.execute(statement)}
        return found

    def stock(self, skus: Iterable[str]) -> dict[str, tuple[StockLevel, ...]]:
        """Return stock levels by article number, a warehouse each; without any, none."""
        found: dict[str, list[StockLevel]] = {}
        with self._database.read() as connection:
            for part in _chunks(skus):
                statement = (
                    sa.select(stock.c.sku, stock.c.document)
                    .where(stock.c.sku.in_(part))
                    .order_by(stock.c.sku, stock.c.warehouse)
                )
                for row in connection.execute(statement):
                    level = load_as(StockLevel, row.document)
                    found.setdefault(row.sku, []).append(level)
        return {sku: tuple(levels) for sku, levels in found.items()}

    def search(
        self,
        text: str,
        *,
        assortments: Sequence[str] = (),
        category: Sequence[str] = (),
        offset: int = 0,
        limit: int = 24,
    ) -> Found:
        """Return the products that every word of `text` begins a token of, best first.

        No text finds all, by name. No `assortments` means a customer who may buy everything.
        `category` is a path, widest first; the facets of the result count what lies below it.
        """
        scope = Scope(tuple(assortments), tuple(category))
        with self._database.read() as connection:
            return search(connection, text, scope, offset, limit)

    def categories(
        self, *, assortments: Sequence[str] = (), below: Sequence[str] = ()
    ) -> tuple[Facet, ...]:
        """Return the categories directly below a path, with how many products each has."""
        with self._database.read() as connection:
            return categories_in(connection, Scope(tuple(assortments), tuple(below)))


def _product(document: bytes) -> Product:
    return load_as(Product, document)


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    distinct = [key for key in dict.fromkeys(keys) if "\x00" not in key]
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def _remove_products(connection: sa.Connection, skus: Iterable[str]) -> None:
    for part in _chunks(skus):
        for table in (tokens, assortments, categories, products):
            connection.execute(table.delete().where(table.c.sku.in_(part)))


def _insert_products(connection: sa.Connection, items: Iterable[Product]) -> None:
    rows: dict[sa.Table, list[Mapping[str, object]]] = {
        table: [] for table in (products, tokens, assortments, categories)
    }
    for product in items:
        sku = product.sku
        rows[products].append(
            {
                "sku": sku,
                "exact": compact(sku),
                "name_key": folded(product.name),
                "restricted": bool(product.assortments),
                "document": dump(product),
            }
        )
        rows[tokens] += [
            {"token": token, "sku": sku, "weight": weight}
            for token, weight in weighted(product).items()
        ]
        rows[assortments] += [
            {"sku": sku, "assortment": one} for one in dict.fromkeys(product.assortments)
        ]
        rows[categories] += [
            {"path": SEPARATOR.join(product.category[:depth]), "sku": sku, "depth": depth}
            for depth in range(1, len(product.category) + 1)
        ]
    for table, several in rows.items():
        if several:
            connection.execute(table.insert(), several)


def _remove_stock(connection: sa.Connection, keys: Iterable[str]) -> None:
    places = [stock_key_parts(key) for key in dict.fromkeys(keys)]
    if places:
        connection.execute(
            stock.delete().where(
                stock.c.sku == sa.bindparam("at_sku"),
                stock.c.warehouse == sa.bindparam("at_warehouse"),
            ),
            [{"at_sku": sku, "at_warehouse": warehouse} for sku, warehouse in places],
        )


def _insert_stock(connection: sa.Connection, levels: Iterable[StockLevel]) -> None:
    rows = [{"sku": one.sku, "warehouse": one.warehouse, "document": dump(one)} for one in levels]
    if rows:
        connection.execute(stock.insert(), rows)


def _lock(connection: sa.Connection, feed: str) -> None:
    """Hold off whoever else applies this feed: several processes may follow the same core."""
    insert: Callable[[sa.Table], sqlite.Insert | postgresql.Insert] = (
        sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    )
    row = {"feed": feed, "cursor": ""}
    connection.execute(insert(feeds).values(row).on_conflict_do_nothing())
    same = feeds.update().where(feeds.c.feed == feed).values(cursor=feeds.c.cursor)
    connection.execute(same)


def _keep_cursor(connection: sa.Connection, feed: str, cursor: str) -> None:
    connection.execute(feeds.update().where(feeds.c.feed == feed).values(cursor=cursor))
