"""Promise: invoices and credit notes leave as INVOIC with all that they tell, and come in so."""

from datetime import UTC, datetime
from decimal import Decimal

from canonical.amounts import Money, Quantity
from canonical.invoice import AllowanceCharge, Invoice, InvoiceLine, TaxTotal
from canonical.order import Item
from canonical.product import TaxCategory
from tests.mappings.standards import EDIFACT

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
    payable=Decimal("13.13"),
    prepaid=Money(amount=Decimal(100), currency="SEK"),
    allowances=(AllowanceCharge(amount=Decimal(10), code="95"),),
    taxes=(
        TaxTotal(
            tax=TaxCategory(percent=Decimal(25)), base=Decimal("90.50"), amount=Decimal("22.63")
        ),
    ),
)


def test_amounts_stand_where_the_standard_has_them() -> None:
    found = EDIFACT.sent(INVOICE, "INVOIC").segments
    assert found[4:7] == ["CUX+2:SEK:4", "ALC+A++++DI", "MOA+8:10"]
    assert found[-14:-3] == [
        "UNS+S", "CNT+2:2", "MOA+79:100.50", "MOA+125:90.50", "MOA+124:22.63", "MOA+77:113.13",
        "MOA+113:100", "MOA+9:13.13", "TAX+7+VAT+++:::25+S", "MOA+124:22.63", "MOA+125:90.50",
    ]  # fmt: skip
