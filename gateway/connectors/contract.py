"""Say what the gateway asks of a core: some verbs over canonical documents.

The same contract over HTTP is `core-api/v1` (docs/reference/core-api.yaml). A core need be
neither fast, atomic nor idempotent beyond this: `submit` with a reference that it has seen with
the same body changes nothing, and `order` finds an order by our reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from canonical.delivery import DeliveryRoute
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.identifiers import Identifier
from canonical.invoice import CreditNote, Invoice
from canonical.order import Order, OrderResponse, OrderResponseLine
from canonical.party import Address, Contact, Customer
from canonical.price import Price
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel

ItemT = TypeVar("ItemT")


class Capabilities(Document):
    """Say what a core is and can do; `features` such as `orders.change`, `stock.multi`."""

    name: str
    version: str
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """Hold a slice of changes since a cursor; `deleted` are keys that are gone.

    `next` is opaque and asks for what comes after; `more` says whether anything does now. The
    keys of stock levels are those of `canonical.stock.stock_key`.
    """

    items: tuple[ItemT, ...]
    next: str
    more: bool
    deleted: tuple[str, ...] = ()


class PriceQuestion(Document):
    """Ask the price of one line, in the product's own unit."""

    sku: str
    quantity: Decimal


class PriceAnswer(Document):
    """Answer one question; no price means that the core does not sell it to this customer.

    A price with `breaks` holds for every quantity, its `amount` below the first break; one without
    holds for the quantity asked. `canonical.price.amount_at` reads both.
    """

    sku: str
    price: Price | None = None
    reason: str | None = None


class SubmissionState(StrEnum):
    """Say what a submission did."""

    CREATED = "created"
    EXISTING = "existing"
    """The same order was there before: nothing changed."""
    CONFLICT = "conflict"
    """Another order stands under this reference."""
    PENDING = "pending"
    """Taken in charge; ask `order` later."""


class OrderState(Document):
    """Tell how an order stands in the core; `lines` answer the order's lines.

    `salesperson` is who has its credit, told by cores with the feature `orders.salesperson`.
    """

    external_reference: str
    order_number: str
    state: str
    """`open`, `confirmed`, `cancelled`, `delivered`."""
    lines: tuple[OrderResponseLine, ...] = ()
    confirmed_on: date | None = None
    salesperson: Contact | None = None


class Submission(Document):
    """Answer `submit`: what it did, and the order's number in the core."""

    state: SubmissionState
    order: OrderState | None = None
    reason: str | None = None


class Report(Document):
    """Tell what happened to an order later: exactly one of the documents is there.

    `report_id` names the report for good: what comes again under it is the same. The order is named
    by our reference, where there is one.
    """

    report_id: str
    customer_id: str
    external_reference: str | None = None
    order_response: OrderResponse | None = None
    despatch_advice: DespatchAdvice | None = None
    invoice: Invoice | None = None
    credit_note: CreditNote | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the documents that are there: one, unless the core made a mistake."""
        all_of_them = (self.order_response, self.despatch_advice, self.invoice, self.credit_note)
        return tuple(one for one in all_of_them if one is not None)


class Core(Protocol):
    """Ask an ERP or commerce core.

    Every verb raises `CoreUnreachableError`, `CoreBusyError` or `CoreRefusedError`
    (gateway.errors) when it cannot answer, and nothing else.
    """

    def capabilities(self) -> Capabilities:
        """Return name, version and features."""

    def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
        """Return products changed since a cursor; None starts from the beginning.

        Refuses a cursor that it did not give out with the code `cursor-unknown`.
        """

    def stock(self, since: str | None = None, limit: int = 500) -> Page[StockLevel]:
        """Return stock levels changed since a cursor, one a product and warehouse."""

    def part_numbers(self, since: str | None = None, limit: int = 500) -> Page[PartNumber]:
        """Return changes since a cursor of what customers call products.

        Asked only of a core whose features name `products.part_numbers`. The keys of deleted ones
        are those of `canonical.product.part_number_key`.
        """

    def stock_of(self, skus: Sequence[str]) -> tuple[StockLevel, ...]:
        """Return the stock levels of these products now, one a warehouse."""

    def deliveries(self, ship_to: Address) -> tuple[DeliveryRoute, ...] | None:
        """Return how each warehouse that serves an address does so, as of now.

        None says that nothing is known, none at all that nobody delivers there. Asked only of a
        core whose features name `deliveries.query`.
        """

    def prices(
        self, customer_id: str, questions: Sequence[PriceQuestion], on: date
    ) -> tuple[PriceAnswer, ...]:
        """Return what `customer_id` pays, one answer a question in the same order.

        Refuses an unknown customer with the code `customer-unknown`.
        """

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer by the core's number, or None."""

    def customer_by_identifier(self, identifier: Identifier) -> Customer | None:
        """Return a customer by an outside identifier (GLN, DUNS, NetworkId), or None."""

    def submit(self, external_reference: str, customer_id: str, order: Order) -> Submission:
        """Create an order, or replace it by an `OrderChange`; idempotent by reference and body.

        Replacing answers `CREATED` too. Refuses an unknown customer (`customer-unknown`) and a
        change of an order that is not there (`order-unknown`).
        """

    def cancel(self, external_reference: str, reason: str) -> OrderState | None:
        """Cancel an order if it still can be; None when the reference is unknown."""

    def order(self, external_reference: str) -> OrderState | None:
        """Return an order by our reference, or None."""

    def orders(self, since: str | None = None, limit: int = 100) -> Page[OrderState]:
        """Return orders changed since a cursor."""

    def reports(self, since: str | None = None, limit: int = 100) -> Page[Report]:
        """Return what happened since a cursor: confirmations, despatches, invoices.

        Asked only of a core whose features name `reports`.
        """
