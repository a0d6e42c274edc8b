"""Read products, customers, prices and shelves: the statements that every verb shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa

from canonical.identifiers import Identifier
from canonical.party import Customer
from canonical.product import PartNumber, Product
from canonical.rules.order_line import sold_to
from canonical.stock import StockLevel
from canonical.stored import load_as
from gateway.connectors.contract import PriceAnswer, PriceQuestion
from gateway.connectors.embedded.confirming import Shelf, unpromised
from gateway.connectors.embedded.forms import load_breaks, load_incoming
from gateway.connectors.embedded.pricing import Discount, Offer, Offers, price_of
from gateway.connectors.embedded.tables import (
    customer_identifiers,
    customers,
    discounts,
    list_prices,
    net_prices,
    price_lists,
    products,
    stock,
)
from gateway.errors import CoreRefusedError
from gateway.store.among import among

CHUNK: Final = 500
"""Keys in one statement."""
_PRICE: Final = ("amount", "base_quantity", "breaks", "valid_from", "valid_to")


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield the distinct keys that a database can hold, some hundred at a time."""
    distinct = [key for key in dict.fromkeys(keys) if "\x00" not in key]
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def product_of(document: bytes) -> Product:
    """Return a stored product."""
    return load_as(Product, document)


def part_number_of(row: sa.RowMapping) -> PartNumber:
    """Return a part number of its row."""
    return PartNumber(customer_id=row["customer_id"], buyer_sku=row["buyer_sku"], sku=row["sku"])


def read_products(connection: sa.Connection, skus: Iterable[str]) -> dict[str, Product]:
    """Return the products of these article numbers that are sold."""
    found: dict[str, Product] = {}
    for part in chunks(skus):
        statement = sa.select(products.c.sku, products.c.document).where(
            among(connection, products.c.sku, part), products.c.deleted.is_(False)
        )
        found |= {sku: product_of(document) for sku, document in connection.execute(statement)}
    return found


class Account(msgspec.Struct, frozen=True):
    """Hold a customer with what only this core knows of it."""

    customer: Customer
    price_list: str | None


_ACCOUNT: Final = sa.select(customers).where(customers.c.customer_id == sa.bindparam("customer_id"))


def read_account(connection: sa.Connection, customer_id: str) -> Account | None:
    """Return a customer by number."""
    if "\x00" in customer_id:
        return None
    row = connection.execute(_ACCOUNT, {"customer_id": customer_id}).one_or_none()
    if row is None:
        return None
    return Account(load_as(Customer, row.document), row.price_list)


def known_account(connection: sa.Connection, customer_id: str) -> Account:
    """Return a customer by number; refuses an unknown one."""
    account = read_account(connection, customer_id)
    if account is None:
        raise unknown_customer(customer_id)
    return account


def unknown_customer(customer_id: str) -> CoreRefusedError:
    """Return the refusal of a customer that is not there."""
    message = f"there is no customer {customer_id[:80]!r}; customers come with the core's data"
    return CoreRefusedError(message, code="customer-unknown")


def customer_number(connection: sa.Connection, identifier: Identifier) -> str | None:
    """Return the number of the customer with that identifier; schemes ignore case."""
    if "\x00" in identifier.value + identifier.scheme:
        return None
    statement = sa.select(customer_identifiers.c.customer_id).where(
        customer_identifiers.c.scheme == identifier.scheme.casefold(),
        customer_identifiers.c.value == identifier.value,
    )
    return connection.execute(statement).scalar_one_or_none()


def read_shelves(connection: sa.Connection, skus: Iterable[str]) -> dict[str, list[Shelf]]:
    """Return what each warehouse has of these products."""
    found: dict[str, list[Shelf]] = {}
    for part in chunks(skus):
        statement = (
            sa.select(stock)
            .where(among(connection, stock.c.sku, part), stock.c.deleted.is_(False))
            .order_by(stock.c.sku, stock.c.warehouse)
        )
        for row in connection.execute(statement).mappings():
            found.setdefault(row["sku"], []).append(shelf_of(row))
    return found


def shelf_of(row: Mapping[str, object] | sa.RowMapping) -> Shelf:
    """Return a row of stock."""
    lead = row["lead_time_days"]
    return Shelf(
        sku=str(row["sku"]),
        warehouse=str(row["warehouse"]),
        on_hand=Decimal(str(row["on_hand"])),
        reserved=Decimal(str(row["reserved"])),
        incoming=load_incoming(_bytes(row["incoming"])),
        lead_time_days=lead if isinstance(lead, int) else None,
    )


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)  # noqa: S101 -- binary columns give bytes
    return value


def level_of(shelf: Shelf) -> StockLevel:
    """Return what a shelf can still deliver."""
    return StockLevel(
        sku=shelf.sku,
        warehouse=shelf.warehouse,
        available=max(shelf.free, Decimal(0)),
        incoming=tuple(unpromised(shelf.incoming, max(-shelf.free, Decimal(0)))),
        lead_time_days=shelf.lead_time_days,
    )


def answer_prices(
    connection: sa.Connection, account: Account, questions: Sequence[PriceQuestion], on: date
) -> tuple[PriceAnswer, ...]:
    """Return what the customer pays, one answer a question in order."""
    skus = [question.sku for question in questions]
    goods = _goods(connection, skus)
    offers = _offers(connection, account, goods)
    priced = {
        sku: _answer(one.product, account.customer, offers[sku], on) for sku, one in goods.items()
    }
    return tuple(
        priced.get(sku) or PriceAnswer(sku=sku, reason=f"article {sku} is not known here")
        for sku in skus
    )


def _answer(product: Product, customer: Customer, offers: Offers, on: date) -> PriceAnswer:
    if not sold_to(product, customer):
        reason = f"article {product.sku} is outside the assortment of {customer.name}"
        return PriceAnswer(sku=product.sku, reason=reason)
    price = price_of(offers, customer.currency, product.unit, on)
    if price is None:
        reason = f"article {product.sku} has no price in {customer.currency} on {on.isoformat()}"
        return PriceAnswer(sku=product.sku, reason=reason)
    return PriceAnswer(sku=product.sku, price=price)


class _Goods(NamedTuple):
    """Hold a product that is sold, and the group that discounts know it by."""

    product: Product
    group: str | None


def _goods(connection: sa.Connection, skus: Iterable[str]) -> dict[str, _Goods]:
    found: dict[str, _Goods] = {}
    for part in chunks(skus):
        statement = sa.select(products.c.sku, products.c.document, products.c.discount_group).where(
            among(connection, products.c.sku, part), products.c.deleted.is_(False)
        )
        for sku, document, group in connection.execute(statement):
            found[sku] = _Goods(product_of(document), group)
    return found


def _offers(
    connection: sa.Connection, account: Account, goods: Mapping[str, _Goods]
) -> dict[str, Offers]:
    off = _discounts(connection, account.customer.customer_id)
    net: dict[str, list[Offer]] = {}
    contract: dict[str, list[Offer]] = {}
    standard: dict[str, list[Offer]] = {}
    for part in chunks(goods):
        for sku, price_list, is_standard, *price in connection.execute(
            _prices(connection, account, part)
        ):
            offer = _offer(*price)
            if price_list is None:
                net.setdefault(sku, []).append(offer)
                continue
            if price_list == account.price_list:
                contract.setdefault(sku, []).append(offer)
            if is_standard:
                standard.setdefault(sku, []).append(offer)
    return {
        sku: Offers(
            net=tuple(net.get(sku, ())),
            contract=tuple(contract.get(sku, ())),
            standard=tuple(standard.get(sku, ())),
            discounts=tuple(off.get(one.group or "", ())),
        )
        for sku, one in goods.items()
    }


def _prices(
    connection: sa.Connection, account: Account, skus: Sequence[str]
) -> sa.CompoundSelect[Any]:
    """Return the statement for every price that may hold for some products: net, then of lists."""
    net, listed, customer = net_prices.c, list_prices.c, account.customer
    agreed = sa.select(
        net.sku,
        sa.null().cast(sa.String),
        sa.false(),
        net.currency,
        *(net[name] for name in _PRICE),
    ).where(net.customer_id == customer.customer_id, among(connection, net.sku, skus))
    of_lists = (
        sa.select(
            listed.sku,
            listed.price_list,
            price_lists.c.standard,
            price_lists.c.currency,
            *(listed[name] for name in _PRICE),
        )
        .join(price_lists, price_lists.c.price_list == listed.price_list)
        .where(
            among(connection, listed.sku, skus),
            price_lists.c.currency == customer.currency,
            sa.or_(
                price_lists.c.standard.is_(True), price_lists.c.price_list == account.price_list
            ),
        )
    )
    return sa.union_all(agreed, of_lists)


def _discounts(connection: sa.Connection, customer_id: str) -> dict[str, list[Discount]]:
    found: dict[str, list[Discount]] = {}
    for row in connection.execute(
        sa.select(discounts).where(discounts.c.customer_id == customer_id)
    ):
        found.setdefault(row.discount_group, []).append(
            Discount(Decimal(row.percent), row.valid_from, row.valid_to)
        )
    return found


def _offer(
    currency: str,
    amount: str,
    base_quantity: str,
    breaks: bytes,
    valid_from: date | None,
    valid_to: date | None,
) -> Offer:
    return Offer(
        amount=Decimal(amount),
        currency=currency,
        base_quantity=Decimal(base_quantity),
        breaks=load_breaks(breaks),
        valid_from=valid_from,
        valid_to=valid_to,
    )
