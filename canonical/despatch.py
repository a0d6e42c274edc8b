"""Hold what was sent: the despatch advice with its packages, one inside the other."""

from datetime import date, datetime

from canonical.amounts import Quantity
from canonical.document import Document
from canonical.identifiers import Identifier, Property, Reference
from canonical.order import Item
from canonical.party import Address, Party


class NumberRange(Document):
    """Stand for all numbers from `first` to `last`, of labels or of units."""

    first: str
    last: str


class DespatchPackage(Document):
    """Hold a pallet, carton or other unit of a delivery.

    `package_id` names it within the document, `parent` the one that it stands in. `sscc` is the GS1
    serial number on its label; units of one kind without labels stand together as `count` of them.
    """

    package_id: str
    parent: str | None = None
    kind: str | None = None
    """UN/ECE Rec 21 code (`CT`, `PX`)."""
    count: int = 1
    ssccs: tuple[str, ...] = ()
    gross_weight: Quantity | None = None
    volume: Quantity | None = None
    sscc_ranges: tuple[NumberRange, ...] = ()
    """Labels that were told by the first and the last of a row; they are not in `ssccs`."""


class DespatchLine(Document):
    """Hold what was sent of one item, and of which order line; `packages` are where it is."""

    line_id: str
    quantity: Quantity
    item: Item
    order_id: str | None = None
    order_line_id: str | None = None
    packages: tuple[str, ...] = ()
    description: str | None = None
    outstanding: Quantity | None = None
    """What of the order line is still to come."""
    batch: str | None = None
    best_before: date | None = None
    serials: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    serial_ranges: tuple[NumberRange, ...] = ()


class DespatchAdvice(Document):
    """Tell the buyer what is on its way; with more than one order each line names its own."""

    despatch_id: str
    issued_at: datetime
    lines: tuple[DespatchLine, ...]
    packages: tuple[DespatchPackage, ...] = ()
    despatched_at: datetime | None = None
    expected_at: datetime | None = None
    order_id: str | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_from: Address | None = None
    ship_to: Address | None = None
    carrier: Party | None = None
    tracking: tuple[Identifier, ...] = ()
    """Numbers of the carrier: waybill, consignment (`scheme` says which)."""
    transport_mode: str | None = None
    """UN/ECE Rec 19 code (`30` road)."""
    references: tuple[Reference, ...] = ()
    note: str | None = None
    test: bool = False
