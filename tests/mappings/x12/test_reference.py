"""Promise: messages that others wrote become documents, with all that the document asks for."""

from pathlib import Path

import pytest

from canonical.catalogue import Catalogue, InventoryReport, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.faults import sentence
from canonical.invoice import Invoice
from canonical.order import Order, OrderChange, OrderResponse
from edi.x12.codec import X12Codec
from tests.mappings.workbench import SHIPPED
from tests.reference import reference_folder

CODEC = X12Codec()
OURS = {
    "X12_810_4010": Invoice,
    "X12_832_4010": Catalogue,
    "X12_846_4010": InventoryReport,
    "X12_850_4010": Order,
    "X12_852_4010": SalesReport,
    "X12_855_4010": OrderResponse,
    "X12_856_4010_HL": DespatchAdvice,
    "X12_860_4010": OrderChange,
    "X12_865_4010": OrderResponse,
}


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("edi")


def documents(path: Path) -> list[Document | None]:
    """Return what the messages of a file become; the partner's currency is agreed."""
    found = []
    for message in CODEC.read(path.read_bytes(), "application/edi-x12").messages:
        reader = SHIPPED.reader("x12", message.name)
        assert reader is not None
        mapped = reader.read(message, currency="USD")
        errors = [sentence(one) for one in mapped.faults if one.severity == "error"]
        assert not errors, (path.name, errors)
        found.append(mapped.document)
    return found


@pytest.mark.parametrize(("name", "kind"), OURS.items())
def test_each_message_of_the_reference_becomes_its_document(
    reference: Path, name: str, kind: type[Document]
) -> None:
    found = documents(reference / "own" / f"{name}.edi")
    assert found
    assert {type(one) for one in found} == {kind}


def test_a_catalogue_without_number_goes_by_its_control_numbers(reference: Path) -> None:
    folder = reference / "samples" / "kputnam__stupidedi" / "spec" / "fixtures" / "004010"
    (catalogue,) = documents(folder / "SC832" / "fail" / "1.edi")
    assert isinstance(catalogue, Catalogue)
    assert catalogue.catalogue_id == "000062996-015547001"
    first = catalogue.items[0]
    assert (first.item.sku, first.item.manufacturer_sku) == ("0073155", "SYPSP")
    assert first.price is not None
    assert str(first.price.amount) == "99.99"
