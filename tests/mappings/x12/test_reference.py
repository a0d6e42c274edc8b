"""Promise: messages of X12 that others wrote become documents, or are acknowledgements."""

from pathlib import Path

import pytest

from canonical.catalogue import Catalogue, InventoryReport, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.faults import sentence
from canonical.interchange import AcknowledgedState, Acknowledgement
from canonical.invoice import Invoice
from canonical.order import LineAction, LineStatus, Order, OrderChange, OrderResponse
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
SETTLED = {
    "X12_997_accept": AcknowledgedState.ACCEPTED,
    "X12_997_reject_element": AcknowledgedState.REJECTED,
    "X12_TA1_only": AcknowledgedState.ACCEPTED,
}
THEIRS = {
    "aaronhuggins/node-x12": {"850.edi": Order, "850_3.edi": Order},
    "indice-co/EDI.Net": {"x12.810a.edi": Invoice, "x12.810c.edi": Invoice},
    "olmelabs/EdiEngine": {"850.OK.edi": Order},
    "Stedi-Demos/bootstrap": {"inbound.edi": OrderResponse},
    "glitchassassin/python-edi": {"test_edi.txt": Invoice},
    "moov-io/x12": {"sample.txt": Invoice},
    "xlate/staedi": {"multi-tx-transaction-type.edi": OrderResponse},
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
    (found,) = documents(reference / "own" / f"{name}.edi")
    assert type(found) is kind


@pytest.mark.parametrize(("name", "state"), SETTLED.items())
def test_each_acknowledgement_of_the_reference_says_what_became_of_ours(
    reference: Path, name: str, state: AcknowledgedState
) -> None:
    content = (reference / "own" / f"{name}.edi").read_bytes()
    (message,) = CODEC.read(content, "application/edi-x12").messages
    found = CODEC.settlement(message)
    assert isinstance(found, Acknowledgement)
    assert (found.kind, found.state) == (message.name, state)


@pytest.mark.parametrize(
    ("folder", "name", "kind"),
    [(folder, name, kind) for folder, names in THEIRS.items() for name, kind in names.items()],
)
def test_messages_of_other_projects_become_documents(
    reference: Path, folder: str, name: str, kind: type[Document]
) -> None:
    (path,) = (reference / "samples" / folder.replace("/", "__")).rglob(name)
    found = documents(path)
    assert found
    assert {type(one) for one in found} == {kind}


def test_lines_and_packages_are_those_of_the_reference(reference: Path) -> None:
    own = reference / "own"
    (response,) = documents(own / "X12_855_4010.edi")
    assert isinstance(response, OrderResponse)
    assert [(line.status, str(line.quantity.value)) for line in response.lines] == [
        (LineStatus.ACCEPTED, "100"), (LineStatus.CHANGED, "40"),
    ]  # fmt: skip
    (change,) = documents(own / "X12_860_4010.edi")
    assert isinstance(change, OrderChange)
    assert [line.action for line in change.lines] == [LineAction.DELETE, LineAction.CHANGE]
    (advice,) = documents(own / "X12_856_4010_HL.edi")
    assert isinstance(advice, DespatchAdvice)
    assert [line.packages for line in advice.lines] == [("3",), ("5",)]
    assert advice.packages[0].ssccs == ("373098765432100017",)
    assert advice.order_id == "PO1403829"
    (invoice,) = documents(own / "X12_810_4010.edi")
    assert isinstance(invoice, Invoice)
    assert [str(line.net) for line in invoice.lines] == ["6567.00", "20625.00"]
    assert (str(invoice.net), str(invoice.payable)) == ("27192.00", "27192.00")


def test_a_catalogue_without_number_goes_by_its_control_numbers(reference: Path) -> None:
    folder = reference / "samples" / "kputnam__stupidedi" / "spec" / "fixtures" / "004010"
    (catalogue,) = documents(folder / "SC832" / "fail" / "1.edi")
    assert isinstance(catalogue, Catalogue)
    assert catalogue.catalogue_id == "000062996-015547001"
    first = catalogue.items[0]
    assert (first.item.sku, first.item.manufacturer_sku) == ("0073155", "SYPSP")
    assert first.price is not None
    assert str(first.price.amount) == "99.99"
