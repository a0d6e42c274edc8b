"""Promise: invoices and credit notes leave as 810 with tax and terms; so they come in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Money, Quantity
from canonical.identifiers import Identifier, Reference
from canonical.invoice import AllowanceCharge, CreditNote, Invoice, InvoiceLine, TaxTotal
from canonical.order import Item
from canonical.party import Address
from canonical.product import TaxCategory
from tests.mappings.x12.trading import (
    AMOUNTS,
    DAYS,
    IDS,
    ITEMS,
    PARTIES,
    PRICES,
    QUANTITIES,
    TIMES,
    VERSIONS,
    WORDS,
    back,
    codes,
    read,
    sent,
)

TAXES = st.builds(
    TaxCategory,
    category=st.sampled_from(["S", "Z", "E", "AE", "O"]),
    percent=st.sampled_from([Decimal(0), Decimal(25), Decimal("12.5")]),
    scheme=st.sampled_from(["VAT", "GST"]),
)
CHARGES = st.builds(
    AllowanceCharge,
    amount=AMOUNTS,
    charge=st.booleans(),
    code=st.none() | st.sampled_from(["95", "FC", "DL", "D015"]),
    reason=st.none() | WORDS,
    percent=st.none() | st.sampled_from([Decimal(10), Decimal("2.5")]),
    tax=st.none() | TAXES,
)
LINES = st.builds(
    InvoiceLine,
    line_id=IDS,
    quantity=QUANTITIES,
    item=ITEMS,
    net=AMOUNTS,
    price=st.none() | PRICES,
    description=st.none() | WORDS,
    tax=st.none() | TAXES,
    order_id=st.none() | IDS,
    order_line_id=st.none() | IDS,
    despatch_id=st.none() | IDS,
    allowances=st.lists(CHARGES, max_size=2).map(tuple),
)
FIELDS = {
    "invoice_id": IDS,
    "issued_at": TIMES,
    "currency": st.just("SEK"),
    "lines": st.lists(LINES, min_size=1, max_size=3).map(tuple),
    "net": AMOUNTS,
    "tax_amount": AMOUNTS,
    "payable": AMOUNTS,
    "due_on": st.none() | DAYS,
    "delivered_on": st.none() | DAYS,
    "order_id": st.none() | IDS,
    "order_issued_at": st.none() | TIMES,
    "despatch_id": st.none() | IDS,
    "buyer": st.none() | PARTIES,
    "seller": PARTIES,
    "invoicee": st.none() | PARTIES,
    "ship_to": st.none() | st.just(Address(address_id="7300030000005", scheme="GLN", name="S")),
    "allowances": st.lists(CHARGES, max_size=2).map(tuple),
    "taxes": st.lists(
        st.builds(TaxTotal, tax=TAXES, base=AMOUNTS, amount=AMOUNTS), max_size=2
    ).map(tuple),
    "prepaid": st.none() | st.builds(Money, amount=AMOUNTS, currency=st.just("SEK")),
    "payment_terms": st.none() | WORDS,
    "payment_reference": st.none() | IDS,
    "accounts": st.sampled_from([
        (),
        (Identifier(value="SE4550000000058398257466", scheme="IBAN"),
         Identifier(value="5555-5555", scheme="bankgiro")),
    ]),
    "references": st.sampled_from([(), (Reference(kind="invoice", value="F1"),)]),
    "note": st.none() | WORDS,
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=30, deadline=None)
@given(invoice=st.builds(Invoice, **FIELDS))
def test_an_invoice_reads_back_the_same(version: str, invoice: Invoice) -> None:
    assert back(invoice, "810", version) == invoice


@settings(max_examples=10, deadline=None)
@given(credit=st.builds(CreditNote, **FIELDS))
def test_a_credit_note_reads_back_the_same(credit: CreditNote) -> None:
    assert back(credit, "810.credit") == credit


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
    assert sent(INVOICE, "810").segments == [
        "ST*810*0001", "BIG*20261122*F1", "CUR*SE*SEK", "IT1*1*****VP*A-1", "QTY*01*5*PC",
        "PAM****1*10",
        "TDS*1250", "AMT*N*10", "AMT*T*2.5", "CTT*1", "SE*11*0001",
    ]  # fmt: skip


def test_what_is_not_said_is_reckoned() -> None:
    body = (
        "BIG*20261122*F1~CUR*SE*USD~ITD*01*3*****30~IT1*1*100*EA*250*HP*VP*A-1~"
        "SAC*A*C310***1000~SAC*C*D240***500~TDS*30625~TXI*VA*61.25*25~CTT*1~"
    )
    invoice = read(body, "810").document
    assert isinstance(invoice, Invoice)
    (line,) = invoice.lines
    assert (line.net, invoice.net) == (Decimal(245), Decimal(245))
    assert (invoice.tax_amount, invoice.payable) == (Decimal("61.25"), Decimal("306.25"))
    assert invoice.taxes[0].base == Decimal(245)
    assert invoice.due_on == date(2026, 12, 22)
    assert [one.code for one in line.allowances] == ["95", "FC"]


def test_what_is_cut_or_rounded_is_told() -> None:
    odd = msgspec.structs.replace(INVOICE, payable=Decimal("12.505"), payment_terms="word " * 60)
    assert codes(sent(odd, "810")) == ["MAP-011", "MAP-011"]


def test_who_is_paid_is_who_sells_where_nobody_else_is_named() -> None:
    body = "BIG*20261122*F1~CUR*SE*USD~N1*RE*Payee*UL*7309876543210~IT1*1*1*EA*2**VP*A~TDS*200~"
    invoice = read(body, "810").document
    assert isinstance(invoice, Invoice)
    assert invoice.seller is not None
    assert invoice.seller.identifiers == (Identifier(value="7309876543210", scheme="GLN"),)
