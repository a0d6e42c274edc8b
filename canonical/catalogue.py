"""Hold lists that travel between companies: catalogues and prices, stock, sales."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Reference
from canonical.order import Item
from canonical.party import Party
from canonical.price import Price
from canonical.product import Product
from canonical.stock import IncomingStock


class ListScope(StrEnum):
    """Say whether a list holds everything: who is not in a full one is gone."""

    FULL = "full"
    CHANGES = "changes"


class ItemAction(StrEnum):
    """Say what a list does with an entry."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    NONE = "none"


class CatalogueItem(Document):
    """Hold one product of a catalogue with what the receiver pays.

    Without `product` the entry is a price or a deletion of what `item` names.
    """

    line_id: str
    item: Item
    action: ItemAction = ItemAction.ADD
    product: Product | None = None
    price: Price | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    successor: Item | None = None


class Catalogue(Document):
    """Hold a list of products, with their prices where it is a price list (PRICAT, 832)."""

    catalogue_id: str
    issued_at: datetime
    items: tuple[CatalogueItem, ...]
    scope: ListScope = ListScope.FULL
    currency: str | None = None
    contract: str | None = None
    previous_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    buyer: Party | None = None
    seller: Party | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False


class InventoryLine(Document):
    """Hold what is there of one item in the quantities that the partners speak of."""

    line_id: str
    item: Item
    available: Quantity
    warehouse: str | None = None
    incoming: tuple[IncomingStock, ...] = ()
    as_of: datetime | None = None


class InventoryReport(Document):
    """Tell what is in stock (INVRPT, 846)."""

    report_id: str
    issued_at: datetime
    lines: tuple[InventoryLine, ...]
    as_of: datetime | None = None
    buyer: Party | None = None
    seller: Party | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False


class SalesLine(Document):
    """Hold what was sold of one item at one place in a period."""

    line_id: str
    item: Item
    quantity: Quantity
    location: str | None = None
    sold_on: date | None = None
    amount: Money | None = None
    price: Decimal | None = None


class SalesReport(Document):
    """Tell the supplier what was sold (SLSRPT, 852)."""

    report_id: str
    issued_at: datetime
    lines: tuple[SalesLine, ...]
    period_start: date | None = None
    period_end: date | None = None
    currency: str | None = None
    buyer: Party | None = None
    seller: Party | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False
