"""Hold small documents that tests of both standards send, one of each kind."""

from datetime import UTC, date, datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage, NumberRange
from canonical.invoice import AllowanceCharge, Invoice, InvoiceLine, TaxTotal
from canonical.order import (
    Item,
    LineStatus,
    Order,
    OrderLine,
    OrderResponse,
    OrderResponseLine,
    ResponseStatus,
)
from canonical.price import Price
from canonical.product import TaxCategory

ORDER = Order(
    order_id="PO-1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    currency="SEK",
    lines=(
        OrderLine(
            line_id="1",
            quantity=Quantity(value=Decimal(5), unit="C62"),
            item=Item(sku="A-1"),
        ),
    ),
)
(LINE,) = ORDER.lines
RESPONSE = OrderResponse(
    response_id="AB-1",
    order_id="PO-1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    status=ResponseStatus.CHANGED,
    currency="SEK",
    lines=(
        OrderResponseLine(
            line_id="10",
            status=LineStatus.BACKORDERED,
            quantity=Quantity(value=Decimal(5), unit="C62"),
            delivery=date(2026, 12, 1),
        ),
    ),
)
INVOICE = Invoice(
    invoice_id="F1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    currency="SEK",
    lines=(
        InvoiceLine(
            line_id="1",
            quantity=Quantity(value=Decimal(2), unit="C62"),
            item=Item(sku="A"),
            net=Decimal(100),
        ),
        InvoiceLine(
            line_id="2",
            quantity=Quantity(value=Decimal(1), unit="C62"),
            item=Item(sku="B"),
            net=Decimal("0.50"),
        ),
    ),
    net=Decimal("90.50"),
    tax_amount=Decimal("22.63"),
    payable=Decimal("13.00"),
    prepaid=Money(amount=Decimal(100), currency="SEK"),
    allowances=(AllowanceCharge(amount=Decimal(10), code="95"),),
    taxes=(
        TaxTotal(
            tax=TaxCategory(percent=Decimal(25)), base=Decimal("90.50"), amount=Decimal("22.63")
        ),
    ),
)
SSCC = "373098765432100017"
PACKAGES = (
    DespatchPackage(package_id="PALL", kind="PX", ssccs=(SSCC,)),
    DespatchPackage(
        package_id="2",
        parent="PALL",
        kind="CT",
        ssccs=("373098765432100024", "373098765432100031"),
        gross_weight=Quantity(value=Decimal("12.5"), unit="KGM"),
        volume=Quantity(value=Decimal("0.125"), unit="MTQ"),
    ),
    DespatchPackage(package_id="3", parent="2", kind="BX", count=4),
    DespatchPackage(
        package_id="B'4",
        sscc_ranges=(NumberRange(first="373098765432100048", last="373098765432100093"),),
    ),
)
"""A pallet with a carton with boxes, and something that stands beside it."""
ADVICE = DespatchAdvice(
    despatch_id="FS1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    lines=(
        DespatchLine(
            line_id="1",
            quantity=Quantity(value=Decimal(5), unit="C62"),
            item=Item(sku="A"),
            order_id="PO1",
            order_line_id="10",
            packages=("2", "3"),
        ),
    ),
    packages=PACKAGES[:3],
    order_id="PO1",
)
PRICED = CatalogueItem(
    line_id="1",
    item=Item(sku="A"),
    action=ItemAction.CHANGE,
    price=Price(amount=Decimal("65.67"), currency="EUR", base_quantity=Decimal(100), unit="C62"),
)
LIST = Catalogue(
    catalogue_id="L1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    items=(PRICED,),
    scope=ListScope.CHANGES,
    currency="SEK",
)
