"""Promise: invoices and credit notes leave by either standard with what they tell, and come in so.

Amounts hang together as `canonical.invoice` says; what does not is told, whichever way it goes.
"""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Money, rounded
from canonical.identifiers import Identifier, Property
from canonical.invoice import AllowanceCharge, CreditNote, Invoice, InvoiceLine, TaxTotal
from canonical.party import Address
from canonical.product import TaxCategory
from tests.mappings.examples import INVOICE
from tests.mappings.standards import (
    AMOUNTS,
    DAYS,
    EDIFACT,
    QUANTITIES,
    REFERENCES,
    X12,
    Standard,
    Way,
    codes,
    ways,
    with_breaks,
)

CODES = {"edifact": (["95", "100", "41", "DL"], ["FC", "PC"]), "x12": (["95", "DL", "D015"],) * 2}
"""Codes of allowances and of charges; in EDIFACT those are two lists."""
SCHEMES = {"edifact": ["VAT"], "x12": ["VAT", "GST"]}


def taxes(standard: Standard) -> st.SearchStrategy[TaxCategory]:
    return st.builds(
        TaxCategory,
        category=st.sampled_from(["S", "Z", "E", "AE", "O"]),
        percent=st.sampled_from([Decimal(0), Decimal(25), Decimal("12.5")]),
        scheme=st.sampled_from(SCHEMES[standard.name]),
    )


def charges(standard: Standard) -> st.SearchStrategy[tuple[AllowanceCharge, ...]]:
    one = [
        st.builds(
            AllowanceCharge,
            amount=AMOUNTS,
            charge=st.just(charge),
            code=st.none() | st.sampled_from(CODES[standard.name][charge]),
            reason=st.none() | standard.words,
            percent=st.none() | st.sampled_from([Decimal(10), Decimal("2.5")]),
            tax=st.none() | taxes(standard),
        )
        for charge in (False, True)
    ]
    return st.lists(one[0] | one[1], max_size=2).map(tuple)


def lines(standard: Standard) -> st.SearchStrategy[InvoiceLine]:
    ids = standard.ids
    prices = with_breaks(standard.prices) if standard is X12 else standard.prices
    return st.builds(
        InvoiceLine,
        line_id=ids | st.just("7"),
        quantity=QUANTITIES,
        item=standard.items,
        net=AMOUNTS,
        price=st.none() | prices,
        description=st.none() | standard.words,
        tax=st.none() | taxes(standard),
        order_id=st.none() | ids,
        order_line_id=st.none() | ids | st.just("10"),
        despatch_id=st.none() | ids,
        allowances=charges(standard),
    )


ACCOUNTS = st.sampled_from([
    (),
    (Identifier(value="SE4550000000058398257466", scheme="IBAN"),
     Identifier(value="5555-5555", scheme="bankgiro")),
])  # fmt: skip
ZERO = Decimal(0)


@st.composite
def invoices(draw: st.DrawFn, standard: Standard, kind: type[Invoice] = Invoice) -> Invoice:
    """Return an invoice whose amounts hang together, with a tax for each rate and a rounding."""
    ids, words = standard.ids, standard.words
    rows = tuple(draw(st.lists(lines(standard), min_size=1, max_size=3)))
    whole = draw(charges(standard))
    net = sum((one.net for one in rows), ZERO)
    net += sum((one.amount if one.charge else -one.amount for one in whole), ZERO)
    totals = tuple(
        TaxTotal(tax=tax, base=net, amount=rounded(net * tax.percent / 100, 2))
        for tax in draw(st.lists(taxes(standard), max_size=2))
    )
    tax_amount = sum((one.amount for one in totals), ZERO)
    prepaid = draw(st.none() | AMOUNTS.map(lambda amount: Money(amount=amount, currency="SEK")))
    payable = net + tax_amount - (prepaid.amount if prepaid else ZERO)
    order_issued_at = st.none() | standard.times if standard is X12 else st.none()
    return kind(
        invoice_id=draw(ids),
        issued_at=draw(standard.times),
        currency="SEK",
        lines=rows,
        net=net,
        tax_amount=tax_amount,
        payable=payable + draw(st.sampled_from([ZERO, Decimal("0.25"), Decimal("-0.49")])),
        due_on=draw(st.none() | DAYS),
        delivered_on=draw(st.none() | DAYS),
        order_id=draw(st.none() | ids),
        order_issued_at=draw(order_issued_at),
        despatch_id=draw(st.none() | ids),
        buyer=draw(st.none() | standard.parties),
        seller=draw(standard.parties),
        invoicee=draw(st.none() | standard.parties),
        ship_to=draw(
            st.none() | st.just(Address(address_id="7300030000005", scheme="GLN", name="S"))
        ),
        allowances=whole,
        taxes=totals,
        prepaid=prepaid,
        payment_terms=draw(st.none() | words),
        payment_reference=draw(st.none() | ids),
        accounts=draw(ACCOUNTS),
        references=draw(REFERENCES),
        note=draw(st.none() | words),
    )


@ways(edifact="INVOIC", x12="810")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_invoice_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    invoice = data.draw(invoices(way.standard))
    assert way.back(invoice) == invoice


@ways(edifact="INVOIC.credit", x12="810.credit")
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_credit_note_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    credit = data.draw(invoices(way.standard, CreditNote))
    assert way.back(credit) == credit


NAMES = {"edifact": "INVOIC", "x12": "810"}
BOTH = pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
(TOTAL,) = INVOICE.taxes
WRONG = {
    "net": replace(INVOICE, allowances=()),
    "tax": replace(INVOICE, taxes=(TOTAL, TOTAL)),
    "rates": replace(INVOICE, taxes=(replace(TOTAL, base=Decimal(9050)),)),
    "payable": replace(INVOICE, payable=Decimal("113.13")),
}
"""Invoices of which one amount is not what the others make of it."""


@BOTH
def test_amounts_that_hang_together_are_no_fault(standard: Standard) -> None:
    result = standard.sent(INVOICE, NAMES[standard.name])
    assert (result.document, result.faults) == (INVOICE, ())


@BOTH
@pytest.mark.parametrize("what", WRONG)
def test_an_amount_that_does_not_fit_is_told_both_ways(standard: Standard, what: str) -> None:
    faults = standard.sent(WRONG[what], NAMES[standard.name]).faults
    assert [(one.code, one.target) for one in faults] == [("MAP-011", f"checks.{what}")] * 2
    assert {str(one.severity) for one in faults} == {"warning"}


@BOTH
def test_what_is_cut_or_left_out_is_told(standard: Standard) -> None:
    first, second = INVOICE.lines
    described = replace(first, description="word " * 90)
    other = replace(second, properties=(Property(name="a", value="b"),))
    long = replace(INVOICE, note="word " * 300, lines=(described, other))
    found = standard.sent(long, NAMES[standard.name]).faults
    assert {one.target for one in found} == {
        "checks.note", "checks.description", "checks.properties"
    }  # fmt: skip


ASKED = {
    "edifact": ("BGM+380+F1+9'DTM+137:20261122:102'LIN+1'QTY+47:1'UNS+S'MOA+79:1'",
                "INVOIC:D:96A:UN", ["lines[0].net", "payable"]),
    "x12": ("BIG*20261122*F1~IT1*1*1*EA***VP*A~TDS~", "810", ["lines[0].net", "payable"]),
}  # fmt: skip


def test_what_an_invoice_must_tell_is_asked_for() -> None:
    body, kind, targets = ASKED["edifact"]
    found = EDIFACT.read(body, kind, currency="SEK").faults
    assert [(one.code, one.target) for one in found] == [("MAP-001", one) for one in targets]
    assert all(one.hint for one in found)


CREDITS = {
    "edifact": ("BGM+{}+F1+9'DTM+137:20261122:102'CUX+2:SEK:4'LIN+1'QTY+47:1'MOA+203:1'"
                "UNS+S'MOA+125:1'MOA+124:0'MOA+77:1'", "INVOIC:D:96A:UN",
                {"381": True, "83": True, "380": False, "384": False}),
    "x12": ("BIG*20261122*F1*****{}~CUR*SE*SEK~IT1*1*1*EA*1**VP*A~TDS*100~", "810",
            {"CR": True, "CN": True, "DI": False}),
}  # fmt: skip


@BOTH
def test_a_code_says_whether_it_is_an_invoice_or_a_credit_note(standard: Standard) -> None:
    body, kind, told = CREDITS[standard.name]
    for code, credit in told.items():
        mapped = standard.read(body.format(code), kind)
        assert type(mapped.document) is (CreditNote if credit else Invoice)
        assert codes(mapped) == []
