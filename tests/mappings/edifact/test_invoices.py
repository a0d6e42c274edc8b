"""Promise: invoices and credit notes leave as INVOIC with all that they tell, and come in so."""

from datetime import UTC, datetime
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
from tests.mappings.edifact.trading import (
    AMOUNTS,
    DAYS,
    EDITIONS,
    IDS,
    ITEMS,
    PARTIES,
    PRICES,
    QUANTITIES,
    TIMES,
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
)
ALLOWANCES = st.builds(
    AllowanceCharge,
    amount=AMOUNTS,
    charge=st.just(False),
    code=st.none() | st.sampled_from(["95", "100", "41", "DL"]),
    reason=st.none() | WORDS,
    percent=st.none() | st.sampled_from([Decimal(10), Decimal("2.5")]),
    tax=st.none() | TAXES,
)
CHARGES = st.builds(
    AllowanceCharge,
    amount=AMOUNTS,
    charge=st.just(True),
    code=st.none() | st.sampled_from(["FC", "PC"]),
    reason=st.none() | WORDS,
    percent=st.none() | st.just(Decimal(10)),
    tax=st.none() | TAXES,
)
BOTH = st.lists(ALLOWANCES | CHARGES, max_size=2).map(tuple)
LINES = st.builds(
    InvoiceLine,
    line_id=IDS | st.just("7"),
    quantity=QUANTITIES,
    item=ITEMS,
    net=AMOUNTS,
    price=st.none() | PRICES,
    description=st.none() | WORDS,
    tax=st.none() | TAXES,
    order_id=st.none() | IDS,
    order_line_id=st.none() | IDS | st.just("10"),
    despatch_id=st.none() | IDS,
    allowances=BOTH,
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
    "order_issued_at": st.none(),
    "despatch_id": st.none() | IDS,
    "buyer": st.none() | PARTIES,
    "seller": PARTIES,
    "invoicee": st.none() | PARTIES,
    "ship_to": st.none() | st.just(Address(address_id="7300030000005", scheme="GLN")),
    "allowances": BOTH,
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


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=30, deadline=None)
@given(invoice=st.builds(Invoice, **FIELDS))
def test_an_invoice_reads_back_the_same(edition: str, invoice: Invoice) -> None:
    assert back(invoice, "INVOIC", edition) == invoice


@settings(max_examples=10, deadline=None)
@given(credit=st.builds(CreditNote, **FIELDS))
def test_a_credit_note_reads_back_the_same(credit: CreditNote) -> None:
    assert back(credit, "INVOIC.credit") == credit


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
    found = sent(INVOICE, "INVOIC").segments
    assert found[4:7] == ["CUX+2:SEK:4", "ALC+A++++DI", "MOA+8:10"]
    assert found[-14:-3] == [
        "UNS+S", "CNT+2:2", "MOA+79:100.50", "MOA+125:90.50", "MOA+124:22.63", "MOA+77:113.13",
        "MOA+113:100", "MOA+9:13.13", "TAX+7+VAT+++:::25+S", "MOA+124:22.63", "MOA+125:90.50",
    ]  # fmt: skip


CODES = {"381": "INVOIC.credit", "83": "INVOIC.credit", "380": "INVOIC", "384": "INVOIC"}


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_a_code_says_whether_it_is_an_invoice_or_a_credit_note(code: str, name: str) -> None:
    body = (
        f"BGM+{code}+F1+9'DTM+137:20261122:102'CUX+2:SEK:4'LIN+1'QTY+47:1'MOA+203:1'"
        "UNS+S'MOA+125:1'MOA+124:0'MOA+77:1'"
    )
    document = read(body, "INVOIC:D:96A:UN").document
    assert type(document) is (CreditNote if name == "INVOIC.credit" else Invoice)


def test_what_an_invoice_must_tell_is_asked_for() -> None:
    body = "BGM+380+F1+9'DTM+137:20261122:102'LIN+1'QTY+47:1'UNS+S'MOA+79:1'"
    found = read(body, "INVOIC:D:96A:UN", currency="SEK").faults
    assert [(one.code, one.target) for one in found] == [
        ("MAP-001", "lines[0].net"), ("MAP-001", "payable"),
    ]  # fmt: skip
    assert all(one.hint for one in found)


def test_what_is_cut_is_told() -> None:
    line = msgspec.structs.replace(INVOICE.lines[0], description="word " * 60)
    long = msgspec.structs.replace(INVOICE, note="word " * 90, lines=(line,))
    assert codes(sent(long, "INVOIC")) == ["MAP-011", "MAP-011"]
