"""Promise: the shipped mappings of flat files do what their samples show, by their own schemas."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from canonical.amounts import Quantity
from canonical.catalogue import (
    Catalogue,
    CatalogueItem,
    InventoryLine,
    InventoryReport,
    ItemAction,
)
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage
from canonical.document import Document
from canonical.identifiers import Identifier
from canonical.invoice import AllowanceCharge, CreditNote, Invoice, InvoiceLine
from canonical.order import (
    Item,
    LineStatus,
    OrderResponse,
    OrderResponseLine,
    ResponseStatus,
)
from canonical.party import Party
from canonical.price import Price
from canonical.product import Product, TaxCategory
from canonical.stock import IncomingStock
from canonical.wire import Envelope
from edi.bodies import Long
from edi.flatfile.codec import FlatCodec
from edi.flatfile.dialect import FlatDialect
from gateway.cli.map_samples import Samples
from gateway.partners.flatfiles import shipped_schemas
from mappings.engine.library import Library
from tests.mappings.workbench import SHIPPED

FOLDER = Path(__file__).parents[2] / "mappings" / "flat"
SAMPLES = sorted(FOLDER.rglob("*.in.txt"))
CODEC = FlatCodec(shipped_schemas())
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SAMPLES, ids=shown)
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_the_samples_reach_every_field() -> None:
    samples = Samples(SHIPPED)
    for path in SAMPLES:
        samples.one(path)
    assert set(samples.coverage) == {
        "flat/fixed-order -> Order", "flat/semicolon-order -> Order"
    }  # fmt: skip
    assert [one.missed for one in samples.coverage.values()] == [{}, {}]


@pytest.mark.parametrize(
    "name", [entry.name for entry in SHIPPED.entries() if entry.name.startswith("flat/")]
)
def test_every_name_in_a_mapping_is_one_of_its_schema(name: str) -> None:
    head = next(entry.head for entry in SHIPPED.entries() if entry.name == name)
    assert head is not None
    layout = shipped_schemas()[head.message].layout
    judged = Library(SHIPPED.mappings, SHIPPED.tables, layouts=lambda *_: (layout,))
    entry = next(entry for entry in judged.entries() if entry.name == name)
    compiled = judged.reader_of(entry) if head.reads else judged.writer_of(entry)
    assert compiled.warnings == ()


def exported(document: Document, name: str, *, streamed: bool = True) -> bytes:
    """Return a document as a file, which its schema has nothing against; row by row the same."""
    writer = SHIPPED.writer("flat", type(document), name)
    assert writer is not None
    dialect = FlatDialect(schema=name)
    content = b""
    if streamed:
        stream = writer.stream(document, layout=CODEC.layout(name, dialect))
        body = Long(name, stream.head(), stream.items(), stream.tail)
        content = b"".join(CODEC.writing((body,), Envelope(message_id=""), dialect))
    written = writer.write(document, layout=CODEC.layout(name, dialect)).markup
    assert written is not None
    payload = CODEC.write(written, Envelope(message_id=""), dialect)
    assert payload.content == content or not streamed
    assert CODEC.check(payload, name, dialect) == ()
    return payload.content


def test_a_price_list_leaves_with_headings_and_decimal_commas() -> None:
    product = Product(sku="A1", name="Kätting; 6 mm", unit="MTR", gtin="7350053850019")
    price = Price(amount=Decimal("18.9"), currency="SEK", base_quantity=Decimal(10))
    catalogue = Catalogue(
        catalogue_id="C1",
        issued_at=NOW,
        currency="SEK",
        valid_from=date(2026, 12, 1),
        items=(
            CatalogueItem(line_id="1", item=Item(sku="A1"), product=product, price=price),
            CatalogueItem(line_id="2", item=Item(sku="A2"), action=ItemAction.DELETE),
        ),
    )
    assert exported(catalogue, "price-list").decode("cp1252").splitlines() == [
        "Article;GTIN;Description;Unit;Price;Currency;Price per;Valid from;Valid until;Action",
        'A1;7350053850019;"Kätting; 6 mm";MTR;18,90;SEK;10;2026-12-01;;N',
        "A2;;;C62;;SEK;;2026-12-01;;D",
    ]


def test_a_stock_report_leaves_with_a_byte_order_mark() -> None:
    incoming = (IncomingStock(expected_on=date(2026, 12, 1), quantity=Decimal(40)),)
    report = InventoryReport(
        report_id="R1",
        issued_at=NOW,
        lines=(
            InventoryLine(
                line_id="1",
                item=Item(sku="A1", gtin="7350053850019"),
                available=Quantity(value=Decimal("12.5"), unit="MTR"),
                warehouse="STO",
                incoming=incoming,
            ),
        ),
    )
    assert exported(report, "stock-report").decode("utf-8").splitlines() == [
        "\ufeffarticle,gtin,warehouse,available,unit,incoming,expected",
        "A1,7350053850019,STO,12.5,MTR,40,2026-12-01",
    ]


ITEM = Item(sku="A1", buyer_sku="B-7", gtin="7350053850019")
FIVE = Quantity(value=Decimal("5.5"), unit="MTR")


def test_an_answer_to_an_order_leaves_line_by_line() -> None:
    response = OrderResponse(
        response_id="R1",
        order_id="PO-1",
        issued_at=NOW,
        status=ResponseStatus.CHANGED,
        currency="SEK",
        core_reference="S-9",
        lines=(
            OrderResponseLine(
                line_id="1",
                status=LineStatus.BACKORDERED,
                quantity=FIVE,
                item=ITEM,
                price=Price(amount=Decimal("12.5"), currency="SEK"),
                delivery=date(2026, 12, 3),
                reason="väntar; på gods",
            ),
            OrderResponseLine(line_id="2", status=LineStatus.REJECTED, quantity=FIVE),
        ),
    )
    content = exported(response, "order-response", streamed=False)
    assert content.decode("cp1252").splitlines() == [
        "H;PO-1;2026-11-22;C;S-9;SEK;;",
        'L;1;B;A1;B-7;5,5;MTR;12,5;;2026-12-03;"väntar; på gods"',
        "L;2;R;;;5,5;MTR;;;;",
        "E;2",
    ]


def test_a_despatch_advice_leaves_in_fixed_positions_with_its_packages() -> None:
    advice = DespatchAdvice(
        despatch_id="D1",
        issued_at=NOW,
        order_id="PO-1",
        carrier=Party(name="Åkeriet"),
        tracking=(Identifier(value="T-1", scheme="waybill"),),
        packages=(DespatchPackage(package_id="1", kind="CT", ssccs=("373500000000000012",)),),
        lines=(DespatchLine(line_id="1", quantity=FIVE, item=ITEM, packages=("1",)),),
    )
    text = exported(advice, "despatch-advice", streamed=False).decode("iso-8859-1")
    assert text.splitlines() == [
        "DHD1                  20261122PO-1                                Åkeriet"
        + " " * 23
        + "T-1"
        + " " * 27,
        "DP1                   CT 373500000000000012",
        "DL1     PO-1" + " " * 22 + "A1" + " " * 18 + "07350053850019000005500MTR1" + " " * 9,
        "DT00001",
    ]


@pytest.mark.parametrize(("kind", "letter"), [(Invoice, "I"), (CreditNote, "C")])
def test_an_invoice_and_a_credit_note_leave_by_one_schema(kind: type[Invoice], letter: str) -> None:
    invoice = kind(
        invoice_id="F1",
        issued_at=NOW,
        currency="SEK",
        net=Decimal(60),
        tax_amount=Decimal(15),
        payable=Decimal(75),
        order_id="PO-1",
        lines=(
            InvoiceLine(
                line_id="1",
                quantity=FIVE,
                item=ITEM,
                net=Decimal(55),
                price=Price(amount=Decimal(10), currency="SEK"),
                tax=TaxCategory(percent=Decimal(25)),
            ),
        ),
        allowances=(AllowanceCharge(amount=Decimal(5), charge=True, reason="Frakt"),),
    )
    content = exported(invoice, "invoice", streamed=False)
    assert content.decode("utf-8").splitlines() == [
        f"\ufeffH;{letter};F1;2026-11-22;;PO-1;;SEK;60,00;15,00;75,00;",
        "L;1;PO-1;;A1;;5,5;MTR;10;;55,00;25",
        "A;C;5,00;Frakt",
        "E;1",
    ]
