"""Apply what the core's feeds say to the replica: products, stock, and customers' part numbers.

A feed is one class here and a line in `FEEDS`. All of them change postings, so whoever applies
one holds the same lock until its commit: several processes may follow the same core.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import sqlalchemy as sa

from canonical.product import PartNumber, Product, part_number_key, part_number_key_parts
from canonical.stock import StockLevel, stock_key, stock_key_parts
from canonical.stored import dump, load_as
from gateway.catalogue.postings import Changes
from gateway.catalogue.spelling import stored_keys
from gateway.catalogue.tables import (
    categories,
    feeds,
    numbers,
    part_numbers,
    products,
    spellings,
    stock,
    traits,
)
from gateway.catalogue.terms import IN_STOCK, NO_TIER, SEPARATOR, Term, terms_of, word
from gateway.catalogue.tokens import PLACE, compact, folded, own_numbers
from gateway.catalogue.traits import dump_traits, traits_of
from gateway.catalogue.writing import Row, insert_missing, parts, upsert

ItemT_contra = TypeVar("ItemT_contra", contravariant=True)
ReadyT = TypeVar("ReadyT")

PRODUCTS: Final = "products"
STOCK: Final = "stock"
PART_NUMBERS: Final = "part_numbers"

_AVAILABLE: Final[Term] = (IN_STOCK, NO_TIER)
_WORD: Final = word("")


class Feed(Protocol[ItemT_contra, ReadyT]):
    """Be what is done with one feed's changes; all but `key` and `ready` hold the lock."""

    def key(self, item: ItemT_contra) -> str:
        """Return the key that a deletion would name the item by."""

    def ready(self, item: ItemT_contra) -> ReadyT:
        """Return what is written of an item: worked out before the lock is taken."""

    def put(self, connection: sa.Connection, items: Sequence[ReadyT]) -> None:
        """Take over items that are new or changed, each key once; repeating is harmless."""

    def drop(self, connection: sa.Connection, keys: Collection[str]) -> None:
        """Forget items; unknown keys are nothing."""

    def held(self, connection: sa.Connection) -> set[str]:
        """Return the keys of everything that is held."""


@dataclass(frozen=True, slots=True)
class ReadyProduct:
    """Hold a product with what it is found by; rows are all but the id."""

    product: Product
    terms: set[Term]
    numbers: Mapping[str, int]
    row: Row
    traits: Row

    @property
    def sku(self) -> str:
        """Return the article number."""
        return self.product.sku


class ProductFeed:
    """Keep products, and the terms and numbers that they are found by."""

    def key(self, item: Product) -> str:
        """Return the article number."""
        return item.sku

    def ready(self, item: Product) -> ReadyProduct:
        """Return a product with its terms and numbers."""
        looks = (folded(item.name), item.sku, dump_traits(traits_of(item)))
        row = (item.sku, dump(item))
        return ReadyProduct(item, terms_of(item), own_numbers(item), row, looks)

    def put(self, connection: sa.Connection, items: Sequence[ReadyProduct]) -> None:
        """Take over products; one that did not change costs a look."""
        before = _held_products(connection, (item.sku for item in items))
        changed = [
            item for item in items if item.sku not in before or before[item.sku][1] != item.product
        ]
        fresh = [item.sku for item in changed if item.sku not in before]
        ids = {sku: number for sku, (number, _) in before.items()} | _new_ids(connection, fresh)
        available = _in_stock(connection, fresh)
        changes = Changes()
        for item in changed:
            old = terms_of(before[item.sku][1]) if item.sku in before else set()
            changes.gain(ids[item.sku], item.terms - old)
            changes.lose(ids[item.sku], old - item.terms)
            if item.sku in available:
                changes.gain(ids[item.sku], [_AVAILABLE])
        _keep_words(connection, changes.write(connection))
        _keep_categories(connection, (item.product for item in changed))
        _forget_numbers(connection, [ids[item.sku] for item in changed if item.sku in before])
        named = [
            (number, ids[item.sku], tier)
            for item in changed
            for number, tier in item.numbers.items()
        ]
        upsert(connection, numbers, named)
        upsert(connection, products, [(ids[item.sku], *item.row) for item in changed])
        upsert(connection, traits, [(ids[item.sku], *item.traits) for item in changed])

    def drop(self, connection: sa.Connection, keys: Collection[str]) -> None:
        """Forget products."""
        gone = _held_products(connection, keys)
        changes = Changes()
        for number, product in gone.values():
            changes.lose(number, {*terms_of(product), _AVAILABLE})
        changes.write(connection)
        _forget_numbers(connection, [number for number, _ in gone.values()])
        for some in parts(number for number, _ in gone.values()):
            connection.execute(products.delete().where(products.c.id.in_(some)))
            connection.execute(traits.delete().where(traits.c.id.in_(some)))

    def held(self, connection: sa.Connection) -> set[str]:
        """Return all article numbers."""
        return set(connection.execute(sa.select(products.c.sku)).scalars())


class StockFeed:
    """Keep stock levels, and which products are in stock anywhere."""

    def key(self, item: StockLevel) -> str:
        """Return warehouse and article."""
        return stock_key(item.sku, item.warehouse)

    def ready(self, item: StockLevel) -> tuple[str, str, bool, bytes]:
        """Return the row of a level."""
        return item.sku, item.warehouse, item.available > 0, dump(item)

    def put(self, connection: sa.Connection, items: Sequence[tuple[str, str, bool, bytes]]) -> None:
        """Take over levels."""
        skus = {sku for sku, _, _, _ in items}
        before = _in_stock(connection, skus)
        upsert(connection, stock, items)
        _mark_stock(connection, before, _in_stock(connection, skus))

    def drop(self, connection: sa.Connection, keys: Collection[str]) -> None:
        """Forget levels."""
        places = [stock_key_parts(key) for key in keys]
        if not places:
            return
        before = _in_stock(connection, (sku for sku, _ in places))
        at = (stock.c[name] == sa.bindparam(f"at_{name}") for name in ("sku", "warehouse"))
        connection.execute(
            stock.delete().where(*at),
            [{"at_sku": sku, "at_warehouse": warehouse} for sku, warehouse in places],
        )
        _mark_stock(connection, before, _in_stock(connection, (sku for sku, _ in places)))

    def held(self, connection: sa.Connection) -> set[str]:
        """Return the keys of all levels."""
        rows = connection.execute(sa.select(stock.c.sku, stock.c.warehouse))
        return {stock_key(row.sku, row.warehouse) for row in rows}


class PartNumberFeed:
    """Keep what customers call our products."""

    def key(self, item: PartNumber) -> str:
        """Return customer and number."""
        return part_number_key(item.customer_id, item.buyer_sku)

    def ready(self, item: PartNumber) -> Row:
        """Return the row of a part number."""
        return item.customer_id, compact(item.buyer_sku), item.buyer_sku, item.sku

    def put(self, connection: sa.Connection, items: Sequence[Row]) -> None:
        """Take over part numbers."""
        upsert(connection, part_numbers, items)

    def drop(self, connection: sa.Connection, keys: Collection[str]) -> None:
        """Forget part numbers."""
        rows = [
            {"at_customer": customer, "at_number": compact(number), "at_buyer_sku": number}
            for customer, number in map(part_number_key_parts, keys)
        ]
        if rows:
            names = ("customer", "number", "buyer_sku")
            at = (part_numbers.c[name] == sa.bindparam(f"at_{name}") for name in names)
            connection.execute(part_numbers.delete().where(*at), rows)

    def held(self, connection: sa.Connection) -> set[str]:
        """Return the keys of all part numbers."""
        rows = connection.execute(sa.select(part_numbers.c.customer, part_numbers.c.buyer_sku))
        return {part_number_key(row.customer, row.buyer_sku) for row in rows}


def lock(connection: sa.Connection) -> None:
    """Hold off whoever else applies changes, until the commit."""
    insert_missing(connection, feeds, [(PRODUCTS, "")])
    same = feeds.update().where(feeds.c.feed == PRODUCTS).values(cursor=feeds.c.cursor)
    connection.execute(same)


def move_cursor(connection: sa.Connection, feed: str, cursor: str) -> None:
    """Note how far a feed has been applied."""
    upsert(connection, feeds, [(feed, cursor)])


def _held_products(
    connection: sa.Connection, skus: Iterable[str]
) -> dict[str, tuple[int, Product]]:
    found: dict[str, tuple[int, Product]] = {}
    for some in parts(sku for sku in skus if "\x00" not in sku):
        statement = sa.select(products.c.id, products.c.sku, products.c.document).where(
            products.c.sku.in_(some)
        )
        for number, sku, document in connection.execute(statement):
            found[sku] = (number, load_as(Product, document))
    return found


def _new_ids(connection: sa.Connection, skus: Sequence[str]) -> dict[str, int]:
    last = connection.execute(sa.select(sa.func.max(products.c.id))).scalar_one()
    return dict(zip(skus, range(0 if last is None else last + 1, 2**62), strict=False))


def _in_stock(connection: sa.Connection, skus: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in parts(skus):
        statement = sa.select(stock.c.sku).where(stock.c.sku.in_(some), stock.c.available)
        found.update(connection.execute(statement).scalars())
    return found


def _mark_stock(connection: sa.Connection, before: set[str], after: set[str]) -> None:
    changes = Changes()
    for some in parts(before ^ after):
        statement = sa.select(products.c.id, products.c.sku).where(products.c.sku.in_(some))
        for number, sku in connection.execute(statement):
            (changes.gain if sku in after else changes.lose)(number, [_AVAILABLE])
    changes.write(connection)


def _keep_words(connection: sa.Connection, fresh: Iterable[Term]) -> None:
    found = {
        term.removeprefix(_WORD) for term, tier in fresh if tier >= PLACE and term.startswith(_WORD)
    }
    rows = [(key, one) for one in sorted(found) for key in sorted(stored_keys(one))]
    insert_missing(connection, spellings, rows)


def _keep_categories(connection: sa.Connection, items: Iterable[Product]) -> None:
    paths = {item.category[:depth] for item in items for depth in range(1, len(item.category) + 1)}
    rows = [(len(path), SEPARATOR.join(path)) for path in sorted(paths)]
    insert_missing(connection, categories, rows)


def _forget_numbers(connection: sa.Connection, ids: Iterable[int]) -> None:
    for some in parts(ids):
        connection.execute(numbers.delete().where(numbers.c.product.in_(some)))


PRODUCT_FEED: Final = ProductFeed()
STOCK_FEED: Final = StockFeed()
PART_NUMBER_FEED: Final = PartNumberFeed()
FEEDS: Final[Mapping[str, ProductFeed | StockFeed | PartNumberFeed]] = {
    PRODUCTS: PRODUCT_FEED,
    STOCK: STOCK_FEED,
    PART_NUMBERS: PART_NUMBER_FEED,
}
"""Everything that the replica follows."""
