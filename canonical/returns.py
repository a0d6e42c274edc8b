"""Hold what came back from the receiver: what was received, and what is to be returned."""

from datetime import datetime

from canonical.amounts import Quantity
from canonical.document import Document
from canonical.identifiers import Reference
from canonical.order import Item
from canonical.party import Address, Party


class ReceiptLine(Document):
    """Hold what was received of one item; what was not `accepted` is told with its reason."""

    line_id: str
    received: Quantity
    item: Item
    accepted: Quantity | None = None
    order_id: str | None = None
    order_line_id: str | None = None
    package: str | None = None
    reason: str | None = None


class ReceiptAdvice(Document):
    """Tell the supplier what arrived of a delivery (RECADV)."""

    receipt_id: str
    issued_at: datetime
    lines: tuple[ReceiptLine, ...]
    received_at: datetime | None = None
    despatch_id: str | None = None
    order_id: str | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Address | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False


class ReturnLine(Document):
    """Ask to send back a quantity of one item; `reason` is the sender's own word or code."""

    line_id: str
    quantity: Quantity
    item: Item
    reason: str | None = None
    order_id: str | None = None
    order_line_id: str | None = None
    despatch_id: str | None = None
    invoice_id: str | None = None
    note: str | None = None


class ReturnRequest(Document):
    """Announce that goods come back, or ask whether they may (RETANN, 180)."""

    return_id: str
    issued_at: datetime
    lines: tuple[ReturnLine, ...]
    buyer: Party | None = None
    seller: Party | None = None
    pick_up: Address | None = None
    note: str | None = None
    references: tuple[Reference, ...] = ()
    test: bool = False
