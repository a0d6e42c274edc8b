"""Write a folder's contents over what is there, in the caller's transaction.

Only what differs gets a new revision, so a reader of changes hears of nothing else.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeVar

import msgspec
import sqlalchemy as sa

from canonical.amounts import plain
from canonical.party import Customer
from canonical.price import PriceBreak
from canonical.product import Product
from canonical.stock import IncomingStock
from canonical.stored import dump
from gateway.connectors.embedded.feeds import take
from gateway.connectors.embedded.forms import dump_breaks, dump_incoming
from gateway.connectors.embedded.tables import (
    customer_identifiers,
    customers,
    deliveries,
    discounts,
    list_prices,
    net_prices,
    part_numbers,
    price_lists,
    products,
    stock,
)

Row = dict[str, object]
Key = tuple[str, ...]
NewT = TypeVar("NewT")


class ProductEntry(msgspec.Struct, frozen=True):
    """Hold a product with what only this core knows of it."""

    product: Product
    discount_group: str | None


class CustomerEntry(msgspec.Struct, frozen=True):
    """Hold a customer with what only this core knows of it, and the line it came from."""

    file: str
    line: int
    customer: Customer
    price_list: str | None


class StockEntry(msgspec.Struct, frozen=True):
    """Hold what a warehouse has of a product."""

    sku: str
    warehouse: str
    on_hand: Decimal
    incoming: tuple[IncomingStock, ...] = ()
    lead_time_days: int | None = None


class Contents(msgspec.Struct, frozen=True):
    """Hold everything that a folder says."""

    products: tuple[ProductEntry, ...] = ()
    price_lists: tuple[Row, ...] = ()
    prices: tuple[Row, ...] = ()
    discounts: tuple[Row, ...] = ()
    net_prices: tuple[Row, ...] = ()
    part_numbers: tuple[Row, ...] = ()
    deliveries: tuple[Row, ...] = ()
    stock: tuple[StockEntry, ...] = ()
    customers: tuple[CustomerEntry, ...] = ()


class Loaded(msgspec.Struct, frozen=True):
    """Count what a load found and did."""

    products: int
    products_changed: int
    products_removed: int
    stock: int
    stock_changed: int
    stock_removed: int
    prices: int
    customers: int


def write_contents(connection: sa.Connection, contents: Contents) -> Loaded:
    """Make the core's data what `contents` says; orders and what they hold stay."""
    goods = _Differences(connection, products, "products", ("sku",))
    goods.write({(one.product.sku,): _product_row(one) for one in contents.products})
    shelves = _Differences(connection, stock, "stock", ("sku", "warehouse"), {"reserved": "0"})
    shelves.write({(one.sku, one.warehouse): _stock_row(one) for one in contents.stock})
    names = _Differences(connection, part_numbers, "part_numbers", ("customer_id", "buyer_sku"))
    names.write(
        {
            (str(row["customer_id"]), str(row["buyer_sku"])): {"sku": row["sku"]}
            for row in contents.part_numbers
        }
    )
    _replace(connection, price_lists, contents.price_lists)
    _replace(connection, list_prices, [_price_row(row) for row in contents.prices])
    _replace(connection, net_prices, [_price_row(row) for row in contents.net_prices])
    _replace(connection, discounts, [_discount_row(row) for row in contents.discounts])
    _replace(connection, deliveries, contents.deliveries)
    _replace(connection, customers, [_customer_row(one) for one in contents.customers])
    _replace(connection, customer_identifiers, _identifier_rows(contents.customers))
    return Loaded(
        products=len(contents.products),
        products_changed=goods.changed,
        products_removed=goods.removed,
        stock=len(contents.stock),
        stock_changed=shelves.changed,
        stock_removed=shelves.removed,
        prices=len(contents.prices) + len(contents.net_prices),
        customers=len(contents.customers),
    )


class _Differences:
    """Write a table that has revisions and tombstones, changing only what differs."""

    def __init__(
        self,
        connection: sa.Connection,
        table: sa.Table,
        feed: str,
        key: Key,
        fresh: Mapping[str, object] | None = None,
    ) -> None:
        self._connection = connection
        self._table = table
        self._feed = feed
        self._key = key
        self._fresh = dict(fresh or {})
        self.changed = 0
        self.removed = 0

    def write(self, wanted: Mapping[Key, Row]) -> None:
        """Insert, update and mark as deleted until the table says what is wanted."""
        take(self._connection, self._feed, 0)  # holds off every other writer of this table
        present = {
            tuple(str(row[name]) for name in self._key): row
            for row in self._connection.execute(sa.select(self._table)).mappings()
        }
        new = {key: row for key, row in wanted.items() if key not in present}
        other = {
            key: row
            for key, row in wanted.items()
            if key in present and self._differs(present[key], row)
        }
        gone = [key for key, row in present.items() if key not in wanted and not row["deleted"]]
        self.changed, self.removed = len(new) + len(other), len(gone)
        self._insert(new)
        self._update(other)
        self._update({key: {"deleted": True} for key in gone})

    def _differs(self, present: sa.RowMapping, row: Row) -> bool:
        return bool(present["deleted"]) or any(
            present[name] != value for name, value in row.items()
        )

    def _insert(self, rows: Mapping[Key, Row]) -> None:
        if not rows:
            return
        first = take(self._connection, self._feed, len(rows))
        self._connection.execute(
            self._table.insert(),
            [
                {
                    **dict(zip(self._key, key, strict=True)),
                    **self._fresh,
                    **row,
                    "deleted": False,
                    "revision": first + index,
                }
                for index, (key, row) in enumerate(rows.items())
            ],
        )

    def _update(self, rows: Mapping[Key, Row]) -> None:
        if not rows:
            return
        first = take(self._connection, self._feed, len(rows))
        names = [name for name in next(iter(rows.values())) if name != "deleted"]
        statement = (
            self._table.update()
            .where(*(self._table.c[name] == sa.bindparam(f"at_{name}") for name in self._key))
            .values(
                deleted=sa.bindparam("new_deleted"),
                revision=sa.bindparam("new_revision"),
                **{name: sa.bindparam(f"new_{name}") for name in names},
            )
        )
        self._connection.execute(
            statement,
            [
                {
                    **{f"at_{name}": part for name, part in zip(self._key, key, strict=True)},
                    **{f"new_{name}": row[name] for name in names},
                    "new_deleted": row.get("deleted", False),
                    "new_revision": first + index,
                }
                for index, (key, row) in enumerate(rows.items())
            ],
        )


def _replace(connection: sa.Connection, table: sa.Table, rows: tuple[Row, ...] | list[Row]) -> None:
    connection.execute(table.delete())
    if rows:
        columns: Final = [column.name for column in table.columns]
        connection.execute(
            table.insert(), [{name: row.get(name) for name in columns} for row in rows]
        )


def _product_row(entry: ProductEntry) -> Row:
    return {"document": dump(entry.product), "discount_group": entry.discount_group}


def _stock_row(entry: StockEntry) -> Row:
    return {
        "on_hand": plain(entry.on_hand),
        "incoming": dump_incoming(entry.incoming),
        "lead_time_days": entry.lead_time_days,
    }


def _price_row(row: Row) -> Row:
    return row | {
        "amount": _decimal(row["amount"]),
        "base_quantity": _decimal(row["base_quantity"]),
        "breaks": dump_breaks(_breaks(row["breaks"])),
    }


def _discount_row(row: Row) -> Row:
    return row | {"percent": _decimal(row["percent"])}


def _decimal(value: object) -> str:
    assert isinstance(value, Decimal)  # noqa: S101 -- its column's parser made it
    return plain(value)


def _breaks(value: object) -> tuple[PriceBreak, ...]:
    assert isinstance(value, tuple)  # noqa: S101 -- its column's parser made it
    return value


def _customer_row(entry: CustomerEntry) -> Row:
    return {
        "customer_id": entry.customer.customer_id,
        "document": dump(entry.customer),
        "price_list": entry.price_list,
    }


def _identifier_rows(entries: tuple[CustomerEntry, ...]) -> list[Row]:
    return [
        {
            "scheme": one.scheme.casefold(),
            "value": one.value,
            "customer_id": entry.customer.customer_id,
        }
        for entry in entries
        for one in entry.customer.identifiers
    ]
