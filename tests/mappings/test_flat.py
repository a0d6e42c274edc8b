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
from canonical.document import Document
from canonical.order import Item
from canonical.price import Price
from canonical.product import Product
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
    judged = Library(SHIPPED.mappings, SHIPPED.tables, layouts=lambda _: (layout,))
    entry = next(entry for entry in judged.entries() if entry.name == name)
    compiled = judged.reader_of(entry) if head.reads else judged.writer_of(entry)
    assert compiled.warnings == ()


def exported(document: Document, name: str) -> bytes:
    """Return a document as a file, streamed row by row, which its schema has nothing against."""
    writer = SHIPPED.writer("flat", type(document), name)
    assert writer is not None
    dialect = FlatDialect(schema=name)
    stream = writer.stream(document, layout=CODEC.layout(name, dialect))
    body = Long(name, stream.head(), stream.items(), stream.tail)
    content = b"".join(CODEC.writing((body,), Envelope(message_id=""), dialect))
    written = writer.write(document, layout=CODEC.layout(name, dialect)).markup
    assert written is not None
    payload = CODEC.write(written, Envelope(message_id=""), dialect)
    assert payload.content == content
    assert CODEC.check(payload, name, dialect) == ()
    return content


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
