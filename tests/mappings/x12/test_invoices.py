"""Promise: invoices and credit notes leave as 810 with tax and terms; so they come in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.invoice import Invoice, InvoiceLine
from canonical.order import Item
from tests.mappings.standards import X12, codes

INVOICE = Invoice(
    invoice_id="F1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    currency="SEK",
    lines=(
        InvoiceLine(
            line_id="1",
            quantity=Quantity(value=Decimal(5), unit="C62"),
            item=Item(sku="A-1"),
            net=Decimal(10),
        ),
    ),
    net=Decimal(10),
    tax_amount=Decimal("2.5"),
    payable=Decimal("12.5"),
)


def test_totals_have_implied_decimals() -> None:
    assert X12.sent(INVOICE, "810").segments == [
        "ST*810*0001", "BIG*20261122*F1", "CUR*SE*SEK", "IT1*1*****VP*A-1", "QTY*01*5*PC",
        "PAM****1*10",
        "TDS*1250", "AMT*N*10", "AMT*T*2.5", "CTT*1", "SE*11*0001",
    ]  # fmt: skip


def test_what_is_not_said_is_reckoned() -> None:
    body = (
        "BIG*20261122*F1~CUR*SE*USD~ITD*01*3*****30~IT1*1*100*EA*250*HP*VP*A-1~"
        "SAC*A*C310***1000~SAC*C*D240***500~TDS*30625~TXI*VA*61.25*25~CTT*1~"
    )
    invoice = X12.read(body, "810").document
    assert isinstance(invoice, Invoice)
    (line,) = invoice.lines
    assert (line.net, invoice.net) == (Decimal(245), Decimal(245))
    assert (invoice.tax_amount, invoice.payable) == (Decimal("61.25"), Decimal("306.25"))
    assert invoice.taxes[0].base == Decimal(245)
    assert invoice.due_on == date(2026, 12, 22)
    assert [one.code for one in line.allowances] == ["95", "FC"]


def test_what_is_cut_or_rounded_is_told() -> None:
    odd = msgspec.structs.replace(INVOICE, payable=Decimal("12.505"), payment_terms="word " * 60)
    assert codes(X12.sent(odd, "810")) == ["MAP-011", "MAP-011"]


def test_who_is_paid_is_who_sells_where_nobody_else_is_named() -> None:
    body = "BIG*20261122*F1~CUR*SE*USD~N1*RE*Payee*UL*7309876543210~IT1*1*1*EA*2**VP*A~TDS*200~"
    invoice = X12.read(body, "810").document
    assert isinstance(invoice, Invoice)
    assert invoice.seller is not None
    assert invoice.seller.identifiers == (Identifier(value="7309876543210", scheme="GLN"),)
