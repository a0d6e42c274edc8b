"""An order is shipped and billed as the core agreed it, to the last cent, and told once."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from canonical.amounts import Quantity
from canonical.order import Item, Order, OrderLine
from gateway.connectors.embedded import EmbeddedCore, load_folder
from gateway.store.database import Database

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATA = {
    "products.csv": "sku,name,unit,tax_category,tax_percent\n"
    "A,Pen,EA,S,25\nB,Book,EA,S,6\nC,Gift,EA,,\n",
    "price_lists.csv": "price_list,currency,standard\nstd,SEK,yes\n",
    "prices.csv": "price_list,sku,amount,breaks\nstd,A,0.33,\nstd,B,10.05,\nstd,C,1,\n",
    "stock.csv": "sku,warehouse,on_hand\nA,Oslo,50\nB,Oslo,50\nC,Oslo,50\n",
    "customers.json": '[{"customer_id":"1","name":"Buyer","currency":"SEK"}]',
}


@pytest.fixture
def core(database: Database, tmp_path: Path) -> EmbeddedCore:
    for name, text in DATA.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load_folder(database, tmp_path)
    core = EmbeddedCore(database, lambda: MONDAY)
    lines = tuple(
        OrderLine(
            line_id=str(number),
            quantity=Quantity(value=Decimal(3), unit="EA"),
            item=Item(sku=sku),
        )
        for number, sku in enumerate("ABC", 10)
    )
    core.submit(
        "acme:PO1",
        "1",
        Order(order_id="PO1", issued_at=MONDAY, currency="SEK", lines=lines),
    )
    return core


def test_an_order_leaves_whole_by_its_reference_or_its_number(core: EmbeddedCore) -> None:
    report = core.shipped("acme:PO1")
    state = core.order("acme:PO1")
    assert report is not None
    assert state is not None
    assert core.shipped(state.order_number) == report
    advice = report.despatch_advice
    assert advice is not None
    assert (report.customer_id, report.external_reference) == ("1", "acme:PO1")
    assert [(one.order_line_id, one.quantity.value) for one in advice.lines] == [
        ("10", 3),
        ("11", 3),
        ("12", 3),
    ]
    assert {one.packages for one in advice.lines} == {("1",)}


def test_an_invoice_rounds_each_line_and_each_rate_once(core: EmbeddedCore) -> None:
    report = core.billed("acme:PO1")
    assert report is not None
    invoice = report.invoice
    assert invoice is not None
    assert [line.net for line in invoice.lines] == [
        Decimal("0.99"),
        Decimal("30.15"),
        Decimal("3.00"),
    ]
    rates = {(one.tax.category, one.tax.percent): (one.base, one.amount) for one in invoice.taxes}
    assert rates == {
        ("S", Decimal(25)): (Decimal("0.99"), Decimal("0.25")),
        ("S", Decimal(6)): (Decimal("30.15"), Decimal("1.81")),
        ("O", Decimal(0)): (Decimal("3.00"), Decimal("0.00")),
    }
    assert (invoice.net, invoice.tax_amount, invoice.payable) == (
        Decimal("34.14"),
        Decimal("2.06"),
        Decimal("36.20"),
    )


def test_a_report_is_kept_once_and_told_in_order(core: EmbeddedCore) -> None:
    shipped, billed = core.shipped("acme:PO1"), core.billed("acme:PO1")
    assert shipped is not None
    assert billed is not None
    assert core.reports().items == ()
    assert [core.report(one) for one in (shipped, billed, shipped)] == [True, True, False]
    first = core.reports(None, 1)
    assert first.items == (shipped,)
    rest = core.reports(first.next, 5)
    assert (rest.items, rest.more) == ((billed,), False)


def test_an_unknown_order_cannot_be_shipped(core: EmbeddedCore) -> None:
    assert core.shipped("nobody") is None
    assert core.billed("nobody") is None
