"""Answer the core contract from our own database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

import sqlalchemy as sa

from canonical.delivery import DeliveryRoute
from canonical.identifiers import Identifier
from canonical.order import Order
from canonical.party import Address, Customer
from canonical.product import PartNumber, Product, part_number_key
from canonical.stock import StockLevel, stock_key
from gateway.ambient import Clock, system_clock
from gateway.connectors.contract import (
    Capabilities,
    OrderState,
    Page,
    PriceAnswer,
    PriceQuestion,
    Report,
    Submission,
)
from gateway.connectors.embedded import orders as ordering
from gateway.connectors.embedded.deliveries import routes_to
from gateway.connectors.embedded.feeds import Feed, changes
from gateway.connectors.embedded.forms import load_report
from gateway.connectors.embedded.reading import (
    answer_prices,
    customer_number,
    known_account,
    level_of,
    part_number_of,
    product_of,
    read_account,
    read_shelves,
    shelf_of,
)
from gateway.connectors.embedded.reporting import billed, keep_report, shipped
from gateway.connectors.embedded.tables import orders, part_numbers, products, reports, stock
from gateway.errors import CoreRefusedError, CoreUnreachableError, StoreError
from gateway.store.database import Database

VERSION: Final = "1"
FEATURES: Final = (
    "deliveries.query",
    "orders.cancel",
    "orders.change",
    "orders.salesperson",
    "prices.breaks",
    "prices.query",
    "products.part_numbers",
    "reports",
    "stock.incoming",
    "stock.multi",
)
PRODUCTS: Final = Feed("products", products, lambda row: str(row["sku"]))
STOCK: Final = Feed("stock", stock, lambda row: stock_key(row["sku"], row["warehouse"]))
PART_NUMBERS: Final = Feed(
    "part_numbers",
    part_numbers,
    lambda row: part_number_key(row["customer_id"], row["buyer_sku"]),
)
ORDERS: Final = Feed("orders", orders, lambda row: str(row["external_reference"]))
REPORTS: Final = Feed("reports", reports, lambda row: str(row["report_id"]))
MAX_REFERENCE: Final = 255


class EmbeddedCore:
    """Be the core of a supplier that has none: see `gateway.connectors.contract.Core`."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def capabilities(self) -> Capabilities:
        """Return name, version and features."""
        return Capabilities(name="embedded", version=VERSION, features=FEATURES)

    def reports(self, since: str | None = None, limit: int = 100) -> Page[Report]:
        """Return what happened since a cursor."""
        with _answering():
            return changes(
                self._database,
                REPORTS,
                since,
                limit,
                lambda _, rows: tuple(load_report(row["document"]) for row in rows),
            )

    def report(self, report: Report) -> bool:
        """Put a report on record; False when one of its id was there before."""
        with _answering():
            return self._database.write(lambda connection: keep_report(connection, report))

    def shipped(self, order: str) -> Report | None:
        """Return the report that an order left whole; None for an unknown one.

        The order is named by our reference or by its number.
        """
        with _answering(), self._database.read() as connection:
            return shipped(connection, order, self._clock())

    def billed(self, order: str) -> Report | None:
        """Return the report of an order's invoice; None for an unknown one."""
        with _answering(), self._database.read() as connection:
            return billed(connection, order, self._clock())

    def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
        """Return products changed since a cursor."""
        with _answering():
            return changes(
                self._database,
                PRODUCTS,
                since,
                limit,
                lambda _, rows: tuple(product_of(row["document"]) for row in rows),
            )

    def stock(self, since: str | None = None, limit: int = 500) -> Page[StockLevel]:
        """Return stock levels changed since a cursor."""
        with _answering():
            return changes(
                self._database,
                STOCK,
                since,
                limit,
                lambda _, rows: tuple(level_of(shelf_of(row)) for row in rows),
            )

    def part_numbers(self, since: str | None = None, limit: int = 500) -> Page[PartNumber]:
        """Return part numbers changed since a cursor."""
        with _answering():
            return changes(
                self._database,
                PART_NUMBERS,
                since,
                limit,
                lambda _, rows: tuple(part_number_of(row) for row in rows),
            )

    def stock_of(self, skus: Sequence[str]) -> tuple[StockLevel, ...]:
        """Return the stock levels of these products now."""
        with _answering(), self._database.read() as connection:
            shelves = read_shelves(connection, skus)
        return tuple(
            level_of(shelf) for sku in dict.fromkeys(skus) for shelf in shelves.get(sku, ())
        )

    def deliveries(self, ship_to: Address) -> tuple[DeliveryRoute, ...] | None:
        """Return how each warehouse serves an address now."""
        with _answering(), self._database.read() as connection:
            return routes_to(connection, ship_to, self._clock())

    def prices(
        self, customer_id: str, questions: Sequence[PriceQuestion], on: date
    ) -> tuple[PriceAnswer, ...]:
        """Return what the customer pays, one answer a question."""
        with _answering(), self._database.read() as connection:
            account = known_account(connection, customer_id)
            return answer_prices(connection, account, questions, on)

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer by number."""
        with _answering(), self._database.read() as connection:
            account = read_account(connection, customer_id)
        return account.customer if account else None

    def customer_by_identifier(self, identifier: Identifier) -> Customer | None:
        """Return a customer by GLN, DUNS, NetworkId or the like; schemes ignore case."""
        with _answering(), self._database.read() as connection:
            number = customer_number(connection, identifier)
            account = read_account(connection, number) if number is not None else None
        return account.customer if account else None

    def submit(self, external_reference: str, customer_id: str, order: Order) -> Submission:
        """Create or replace an order; idempotent by reference and body."""
        _check_reference(external_reference)
        with _answering():
            with self._database.read() as connection:
                new = ordering.incoming(
                    connection, external_reference, customer_id, order, self._clock()
                )
            return self._database.write(lambda connection: ordering.submit(connection, new))

    def cancel(self, external_reference: str, reason: str) -> OrderState | None:
        """Cancel an order if it still can be."""
        with _answering():
            return self._database.write(
                lambda connection: ordering.cancel(connection, external_reference, reason)
            )

    def order(self, external_reference: str) -> OrderState | None:
        """Return an order by our reference."""
        with _answering(), self._database.read() as connection:
            return ordering.read_order(connection, external_reference)

    def orders(self, since: str | None = None, limit: int = 100) -> Page[OrderState]:
        """Return orders changed since a cursor."""
        with _answering():
            return changes(self._database, ORDERS, since, limit, ordering.states_of)


def _check_reference(reference: str) -> None:
    if not reference or len(reference) > MAX_REFERENCE or "\x00" in reference:
        message = (
            f"the reference {reference[:80]!r} has {len(reference)} characters;"
            f" it must have 1 to {MAX_REFERENCE} and no NUL"
        )
        raise CoreRefusedError(message, code="reference-invalid")


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a failing database into the contract's word for it: nothing is known of the effect."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, StoreError) as error:
        message = f"the embedded core's database does not answer: {error}"
        raise CoreUnreachableError(message) from error
