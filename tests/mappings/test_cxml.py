"""Promise: the shipped cXML mappings read what buyers send and write what every DTD version accepts."""  # noqa: E501

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from canonical.amounts import Quantity
from canonical.faults import has_errors, sentence
from canonical.order import LineStatus, OrderResponse, OrderResponseLine, ResponseStatus
from canonical.price import Price
from canonical.wire import Dialect
from gateway.cli.map_samples import Samples
from protocols.cxml.vocabulary import DOCTYPES, module_of
from protocols.xml import parse
from tests.mappings.workbench import CODEC, SHIPPED
from tests.reference import reference_folder

FOLDER = Path(__file__).parents[2] / "mappings" / "cxml"
SAMPLES = sorted(FOLDER.rglob("*.in.xml"))
OURS = (
    "OrderRequest",
    "PunchOut",
    "Profile",
    "StatusUpdate",
    "Confirmation",
    "confirmation",
    "punchout",
)
VERSIONS = ("1.1.010", "1.2.014", "1.2.020", "1.2.050", "1.2.063", "1.2.071")


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("cxml")


@pytest.mark.parametrize("path", SAMPLES, ids=shown)
def test_sample_gives_what_is_written_beside_it(path: Path) -> None:
    assert Samples(SHIPPED).one(path).failures == []


def test_every_mapping_that_reads_has_samples_and_most_fields_are_hit() -> None:
    samples = Samples(SHIPPED)
    list(samples.run(FOLDER))
    heads = [
        str(entry.head)
        for entry in SHIPPED.entries()
        if entry.head is not None and entry.head.reads and entry.head.syntax == "cxml"
    ]
    assert set(heads) == set(samples.coverage)
    missed = samples.coverage["cxml/OrderRequest.new -> Order"].missed
    assert set(missed) <= {
        f"attachments[].{name}" for name in ("content_id", "file_name", "media_type", "size")
    }


def test_documents_of_others_are_read_without_error(reference: Path) -> None:
    paths = [path for path in sorted(reference.rglob("*.xml")) if path.name.startswith(OURS)]
    assert len(paths) > 10
    for path in paths:
        _read_without_error(path)


def _read_without_error(path: Path) -> None:
    for message in CODEC.read(path.read_bytes(), "text/xml").messages:
        reader = SHIPPED.reader("cxml", message.name)
        if reader is None:
            continue
        mapped = reader.read(message)
        errors = [sentence(fault) for fault in mapped.faults if has_errors((fault,))]
        expected = ["MAP-006"] if "quirks" in path.name else []
        assert [error[:7] for error in errors] == expected, errors


def _dtd(folder: Path, version: str, name: str) -> etree.DTD | None:
    path = folder / "dtd" / version / f"{module_of(name)}.dtd"
    return etree.DTD(str(path)) if path.exists() else None


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_valid_in_every_version_that_knows_it(
    reference: Path, version: str
) -> None:
    validated = 0
    for path in SAMPLES:
        message = CODEC.read(path.read_bytes(), "text/xml").messages[0]
        reader = SHIPPED.reader("cxml", message.name)
        assert reader is not None
        document = reader.read(message).document
        dtd = _dtd(reference, version, message.name)
        if document is None or dtd is None:
            continue
        writer = SHIPPED.writer("cxml", type(document), message.name)
        assert writer is not None
        result = writer.write(document, version=version)
        assert result.markup is not None, result.faults
        payload = CODEC.write(result.markup, message.envelope, Dialect(versions={"*": version}))
        root = parse(payload.content, doctypes=DOCTYPES).root
        assert dtd.validate(root), f"{shown(path)}: {dtd.error_log}"
        validated += 1
    assert validated >= 10


def test_every_writer_names_a_mapping_that_reads_it_back() -> None:
    names = {entry.name for entry in SHIPPED.entries()}
    for entry in SHIPPED.entries():
        pair = next(
            (
                line.split(": ")[1]
                for line in entry.source.text.splitlines()
                if line.startswith("pair: ")
            ),
            None,
        )
        assert pair is None or pair in names, f"{entry.name} names {pair}"


def test_a_confirmed_price_holds_for_one_unit_whatever_its_base() -> None:
    line = OrderResponseLine(
        line_id="1",
        status=LineStatus.CHANGED,
        quantity=Quantity(value=Decimal(200), unit="EA"),
        price=Price(amount=Decimal(95), currency="SEK", base_quantity=Decimal(100)),
    )
    response = OrderResponse(
        response_id="R1",
        order_id="PO-1",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        status=ResponseStatus.CHANGED,
        currency="SEK",
        lines=(line,),
    )
    writer = SHIPPED.writer("cxml", OrderResponse)
    assert writer is not None
    written = writer.write(response)
    assert written.markup is not None
    assert '<Money currency="SEK">0.95</Money>' in written.markup.text
