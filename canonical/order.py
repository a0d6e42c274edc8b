"""Hold orders, their changes and cancellations, and the answers to them."""

from datetime import date, datetime
from enum import StrEnum

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Attachment, Identifier, Property, Reference
from canonical.party import Address, Contact, Party
from canonical.price import Price
from canonical.product import Classification


class Item(Document):
    """Name what a line is about, in the words of supplier, buyer and manufacturer.

    `auxiliary_id` (cXML SupplierPartAuxiliaryID) is ours: it names a cart line and comes back
    unchanged through edit and order.
    """

    sku: str | None = None
    auxiliary_id: str | None = None
    buyer_sku: str | None = None
    gtin: str | None = None
    manufacturer: str | None = None
    manufacturer_sku: str | None = None


class AccountingSplit(Document):
    """Charge a share of a line to an account of the buyer (cXML Distribution)."""

    account: str
    name: str | None = None
    amount: Money | None = None


class LineAction(StrEnum):
    """Say what a change does with one order line."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    KEEP = "keep"


class ItemType(StrEnum):
    """Say what a line is to other lines (cXML itemType): a whole of parts, or a part or neither.

    A `LEAN` one stands where a whole may, and no part of it comes.
    """

    COMPOSITE = "composite"
    ITEM = "item"
    LEAN = "lean"


class PriceLevel(StrEnum):
    """Say where the price of a whole of parts stands (cXML compositeItemType).

    `GROUP`: on the whole, and its parts are in it. `ITEM`: on each part, and that of the whole is
    their sum.
    """

    GROUP = "group"
    ITEM = "item"


class OrderLine(Document):
    """Order a quantity of one item; `line_id` is the buyer's line number.

    `action` stands on the lines of a partial change only. `parent_line` is the line of this order
    that this one belongs to. `supplier` is who sells the item, where a line names it: orders of
    several suppliers' goods do. `suppliers` are those to choose from (cXML SupplierList): one that
    names them names none of them. `price_level` stands on a whole of parts.
    """

    line_id: str
    quantity: Quantity
    item: Item
    description: str | None = None
    price: Price | None = None
    classifications: tuple[Classification, ...] = ()
    requested_delivery: datetime | None = None
    ship_to: Address | None = None
    note: str | None = None
    accounting: tuple[AccountingSplit, ...] = ()
    properties: tuple[Property, ...] = ()
    action: LineAction | None = None
    parent_line: str | None = None
    item_type: ItemType | None = None
    supplier: Identifier | None = None
    attachments: tuple[Attachment, ...] = ()
    suppliers: tuple[Party, ...] = ()
    price_level: PriceLevel | None = None


class Order(Document):
    """Hold a buyer's order; identity within a partner is (`order_id`, `order_version`).

    `total` excludes tax and shipping unless the buyer's system says otherwise. `originator` is
    the person who orders; `references` hold contract, requisition and cart. `salesperson` is who
    of ours gets the credit; we add it, the buyer knows nothing of it.
    """

    order_id: str
    issued_at: datetime
    currency: str
    lines: tuple[OrderLine, ...]
    order_version: str | None = None
    total: Money | None = None
    shipping: Money | None = None
    tax: Money | None = None
    buyer: Party | None = None
    seller: Party | None = None
    originator: Contact | None = None
    ship_to: Address | None = None
    bill_to: Address | None = None
    requested_delivery: datetime | None = None
    note: str | None = None
    references: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    properties: tuple[Property, ...] = ()
    test: bool = False
    salesperson: Contact | None = None


class OrderChange(Order):
    """Replace an earlier order by this one, whole (cXML `type="update"`, ORDCHG of all lines).

    A `partial` one holds only lines that change, each with its `action` (ORDCHG, 860); what it
    leaves out stays as it was.
    """

    partial: bool = False


class OrderCancellation(Document):
    """Take back an earlier order, whole (cXML `type="delete"`)."""

    order_id: str
    issued_at: datetime
    order_version: str | None = None
    buyer: Party | None = None
    originator: Contact | None = None
    note: str | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False


class ResponseStatus(StrEnum):
    """Say what becomes of an order as a whole."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"


class LineStatus(StrEnum):
    """Say what becomes of one order line."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    BACKORDERED = "backordered"
    REJECTED = "rejected"


class OrderResponseLine(Document):
    """Answer one order line: what will be delivered, at which price, and when."""

    line_id: str
    status: LineStatus
    quantity: Quantity
    item: Item | None = None
    price: Price | None = None
    delivery: date | None = None
    reason: str | None = None


class OrderResponse(Document):
    """Answer an order, or a change of it; `order_payload_id` names the message that brought it.

    `order_version` is the version of the order that is answered, or the number of the change.
    """

    response_id: str
    order_id: str
    issued_at: datetime
    status: ResponseStatus
    currency: str
    lines: tuple[OrderResponseLine, ...]
    order_issued_at: datetime | None = None
    order_payload_id: str | None = None
    core_reference: str | None = None
    total: Money | None = None
    reason: str | None = None
    seller: Party | None = None
    order_version: str | None = None
    to_change: bool = False
    """What is answered is a change of the order (ORDCHG, 860): an 865 and no 855."""
