"""Promise: invoices and credit notes leave as 810 with tax and terms; so they come in."""

from datetime import date
from decimal import Decimal

import msgspec

from canonical.identifiers import Identifier
from canonical.invoice import Invoice
from tests.mappings.examples import INVOICE
from tests.mappings.standards import X12, codes


def test_totals_have_implied_decimals() -> None:
    assert X12.sent(INVOICE, "810").segments == [
        "ST*810*0001", "BIG*20261122*F1", "CUR*SE*SEK",
        "IT1*1*****VP*A", "QTY*01*2*PC", "PAM****1*100",
        "IT1*2*****VP*B", "QTY*01*1*PC", "PAM****1*0.50",
        "TDS*11313", "TXI*VA*22.63*25*****90.50", "AMT*N*90.50", "AMT*T*22.63", "AMT*C4*100",
        "AMT*EAF*13.00", "SAC*A*C310***1000", "CTT*2", "SE*18*0001",
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
    odd = msgspec.structs.replace(
        INVOICE, prepaid=None, payable=Decimal("113.135"), payment_terms="word " * 60
    )
    assert codes(X12.sent(odd, "810")) == ["MAP-011", "MAP-011"]


def test_who_is_paid_is_who_sells_where_nobody_else_is_named() -> None:
    body = "BIG*20261122*F1~CUR*SE*USD~N1*RE*Payee*UL*7309876543210~IT1*1*1*EA*2**VP*A~TDS*200~"
    invoice = X12.read(body, "810").document
    assert isinstance(invoice, Invoice)
    assert invoice.seller is not None
    assert invoice.seller.identifiers == (Identifier(value="7309876543210", scheme="GLN"),)
