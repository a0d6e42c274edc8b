"""Read and write orders by hand, for tests of what surrounds a mapping."""

from datetime import datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.order import (
    Item,
    Order,
    OrderCancellation,
    OrderChange,
    OrderLine,
    OrderResponse,
)
from canonical.party import Address, Contact
from canonical.price import Price
from canonical.wire import Markup, Message
from mappings.engine.library import Mapped, Reader, Writer, Written

TYPES = {"OrderRequest.new": Order, "OrderRequest.update": OrderChange}


class PlainReader:
    def read(self, message: Message) -> Mapped:
        return Mapped(_document(message), (), "plain/order", "1+0")


class PlainWriter:
    def write(self, document: Document, **_context: str) -> Written:
        assert isinstance(document, OrderResponse)
        text = (
            f'<ConfirmationRequest><ConfirmationHeader type="accept" '
            f'noticeDate="2026-11-22T12:00:00+00:00"/><OrderReference '
            f'orderID="{document.order_id}"><DocumentReference '
            f'payloadID="{document.order_payload_id}"/></OrderReference></ConfirmationRequest>'
        )
        return Written(Markup("ConfirmationRequest", text), (), "plain/confirmation", "1+0")


class PlainLibrary:
    def reader(self, syntax: str, message_name: str) -> Reader | None:
        known = message_name.startswith("OrderRequest.") and syntax == "cxml"
        return PlainReader() if known else None  # type: ignore[return-value]

    def writer(self, _syntax: str, document_type: str) -> Writer | None:
        return PlainWriter() if document_type == "OrderResponse" else None  # type: ignore[return-value]


def _document(message: Message) -> Document:
    header = message.tree.find(".//OrderRequestHeader")  # type: ignore[attr-defined]
    issued = datetime.fromisoformat(header.get("orderDate"))
    number, version = header.get("orderID"), header.get("orderVersion")
    if message.name == "OrderRequest.delete":
        return OrderCancellation(order_id=number, issued_at=issued, order_version=version)
    return TYPES[message.name](
        order_id=number,
        order_version=version,
        issued_at=issued,
        currency="EUR",
        lines=tuple(_line(item) for item in message.tree.iter("ItemOut")),  # type: ignore[attr-defined]
        total=Money(amount=Decimal(header.findtext("Total/Money")), currency="EUR"),
        ship_to=Address(address_id=header.find("ShipTo/Address").get("addressID")),
        originator=Contact(email=header.findtext("Contact/Email")),
        test=message.envelope.test,
    )


def _line(item) -> OrderLine:
    return OrderLine(
        line_id=item.get("lineNumber"),
        quantity=Quantity(
            value=Decimal(item.get("quantity")), unit=item.findtext("ItemDetail/UnitOfMeasure")
        ),
        item=Item(sku=item.findtext("ItemID/SupplierPartID")),
        price=Price(
            amount=Decimal(item.findtext("ItemDetail/UnitPrice/Money")),
            currency=item.find("ItemDetail/UnitPrice/Money").get("currency"),
        ),
    )
