"""Keep what people search by: every number and name of a message, in one indexed table.

Which fields of a document are such names is the table `READERS`; a new document adds a line.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

import sqlalchemy as sa

from canonical.catalogue import Catalogue, InventoryReport, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.interchange import Acknowledgement, ReceivedInterchange
from canonical.invoice import CreditNote, Invoice
from canonical.order import Item, Order, OrderCancellation, OrderChange, OrderResponse
from canonical.punchout import Cart, PunchoutSetup, StatusUpdate
from canonical.returns import ReceiptAdvice, ReturnRequest
from gateway.store.rows import Into, insert_all
from gateway.store.schema import metadata

MAX_VALUE: Final = 255
"""Characters of a value that are kept; longer ones are no names."""

reference: Final = sa.Table(
    "reference",
    metadata,
    sa.Column("value", sa.String(MAX_VALUE), primary_key=True),
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("message", sa.String(32), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

Named: TypeAlias = tuple[str, str | None]
"""A kind and a value, where the document has one."""


def _items(items: Iterator[Item | None]) -> Iterator[Named]:
    for item in items:
        if item is not None:
            yield "sku", item.sku
            yield "buyer-sku", item.buyer_sku
            yield "gtin", item.gtin


def _order(document: Order) -> Iterator[Named]:
    yield "order", document.order_id
    if document.originator is not None and document.originator.email:
        yield "orderer", document.originator.email
        yield "orderer", document.originator.email.casefold()
    for pointer in document.references:
        yield pointer.kind, pointer.value
    yield from _items(line.item for line in document.lines)


def _cancellation(document: OrderCancellation) -> Iterator[Named]:
    yield "order", document.order_id
    for pointer in document.references:
        yield pointer.kind, pointer.value


def _response(document: OrderResponse) -> Iterator[Named]:
    yield "order", document.order_id
    yield "response", document.response_id
    yield "core-order", document.core_reference
    yield "payload-id", document.order_payload_id


def _cart(document: Cart) -> Iterator[Named]:
    yield "cart", document.cart_id
    if document.valid_until is not None:  # its prices are a promise: an order names its lines
        for line in document.lines:
            yield "quote-line", line.item.auxiliary_id
    yield from _items(line.item for line in document.lines)


def _setup(document: PunchoutSetup) -> Iterator[Named]:
    for contact in document.contacts:
        yield "contact", contact.email


def _interchange(document: ReceivedInterchange) -> Iterator[Named]:
    yield "control", document.control_reference


def _acknowledgement(document: Acknowledgement) -> Iterator[Named]:
    yield "control", document.control_reference
    yield "document", document.document_id


def _despatch(document: DespatchAdvice) -> Iterator[Named]:
    yield "despatch", document.despatch_id
    yield "order", document.order_id
    for package in document.packages:
        for sscc in package.ssccs:
            yield "sscc", sscc
    for line in document.lines:
        yield "order", line.order_id
    yield from _items(line.item for line in document.lines)


def _invoice(document: Invoice) -> Iterator[Named]:
    yield "invoice", document.invoice_id
    yield "order", document.order_id
    yield "despatch", document.despatch_id
    for line in document.lines:
        yield "order", line.order_id


def _catalogue(document: Catalogue) -> Iterator[Named]:
    yield "catalogue", document.catalogue_id


def _report(document: InventoryReport | SalesReport) -> Iterator[Named]:
    yield "report", document.report_id


def _receipt(document: ReceiptAdvice) -> Iterator[Named]:
    yield "receipt", document.receipt_id
    yield "order", document.order_id
    yield "despatch", document.despatch_id


def _return(document: ReturnRequest) -> Iterator[Named]:
    yield "return", document.return_id
    for line in document.lines:
        yield "order", line.order_id
        yield "invoice", line.invoice_id


def _status(document: StatusUpdate) -> Iterator[Named]:
    yield "payload-id", document.payload_id


READERS: Final[Mapping[type[Document], Callable[..., Iterator[Named]]]] = {
    ReceivedInterchange: _interchange,
    Acknowledgement: _acknowledgement,
    DespatchAdvice: _despatch,
    Invoice: _invoice,
    CreditNote: _invoice,
    Catalogue: _catalogue,
    InventoryReport: _report,
    SalesReport: _report,
    ReceiptAdvice: _receipt,
    ReturnRequest: _return,
    Order: _order,
    OrderChange: _order,
    OrderCancellation: _cancellation,
    OrderResponse: _response,
    Cart: _cart,
    PunchoutSetup: _setup,
    StatusUpdate: _status,
}


def references_in(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the (kind, value) pairs that `document` can be found by, each once."""
    reader = READERS.get(type(document))
    if reader is None:
        return ()
    found = {(kind, value): None for kind, value in reader(document) if value}
    return tuple(found)


def record_references(into: Into, message_id: str, found: tuple[tuple[str, str], ...]) -> None:
    """Make a message findable by every pair of `found`."""
    rows = {(kind[:32], value[:MAX_VALUE]) for kind, value in found if value}
    insert_all(
        into,
        reference,
        [{"kind": kind, "value": value, "message": message_id} for kind, value in rows],
    )


def references_of(connection: sa.Connection, message_id: str) -> list[tuple[str, str]]:
    """Return what a message can be found by."""
    rows = connection.execute(
        sa.select(reference.c.kind, reference.c.value)
        .where(reference.c.message == message_id)
        .order_by(reference.c.kind, reference.c.value)
    )
    return [(row.kind, row.value) for row in rows]
