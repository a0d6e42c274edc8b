"""Promise: every sample of a message that we map becomes its document, or a fault says why not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from canonical.catalogue import Catalogue, InventoryReport, ListScope, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.faults import sentence
from canonical.interchange import AcknowledgedState, Acknowledgement
from canonical.invoice import Invoice
from canonical.order import LineAction, LineStatus, Order, OrderChange, OrderResponse
from canonical.returns import ReceiptAdvice
from canonical.wire import Message
from edi.edifact.codec import EdifactCodec
from edi.edifact.directory.editions import bare_edition
from edi.x12.codec import X12Codec
from tests.mappings.workbench import SHIPPED
from tests.reference import reference_folder

NEAR = {
    "D.93A": "D.96A", "D.97B": "D.96A", "D.03A": "D.01B", "D.03B": "D.01B", "D.10A": "D.01B",
    "D.11A": "D.01B",
}  # fmt: skip
"""Editions of samples, and the shipped ones that their messages fit."""
CODECS = (EdifactCodec({name: bare_edition(near) for name, near in NEAR.items()}), X12Codec())
SYNTAXES = {codec.name: codec for codec in CODECS}
DOCUMENTS = {
    "ORDERS": Order, "ORDCHG": OrderChange, "ORDRSP": OrderResponse, "DESADV": DespatchAdvice,
    "INVOIC": Invoice, "PRICAT": Catalogue, "PRODAT": Catalogue, "INVRPT": InventoryReport,
    "SLSRPT": SalesReport, "RECADV": ReceiptAdvice,
    "850": Order, "860": OrderChange, "855": OrderResponse, "865": OrderResponse,
    "856": DespatchAdvice, "810": Invoice, "832": Catalogue, "846": InventoryReport,
    "852": SalesReport,
}  # fmt: skip
QUANTITY = {"lines[].quantity.value"}
REFUSED: dict[str, set[str]] = {
    # a quantity of another kind (1, 145) than the one ordered or to be delivered
    "sample_crlf_line_ending_formatted.edi": QUANTITY,
    "sample_esc_release_char_before_seg_delimiter_formatted.edi": QUANTITY,
    "sample_hash_seg_delimiter_formatted.edi": QUANTITY,
    "seperate_lines_different_special_characters.edi": QUANTITY,
    "wikipedia_de.edi": QUANTITY,
    "BAD_ORDERS_D.03B_Interchange.txt": QUANTITY,
    "edifact.ORDRSP.edi": QUANTITY,
    "edifact.ORDRSP-formatted.edi": QUANTITY,
    # numbers that are none: 1020A, $1.179
    "invoic_d97b_bad.edi": {*QUANTITY, "lines[].price.amount"},
    # no BGM or BEG, or none that says anything
    "order-batch.edi": {"order_id"},
    "x12.810.mandatory-conditions.edi": {"order_id", "issued_at"},
    "x12.Issue101.edi": {"order_id", "issued_at"},
    # invoices without a single amount
    "d96a_invoic_conforming.edi": {"net", "payable"},
    "invoic_conforming.edi": {"net", "payable"},
    "d01b_invoic_malformed.edi": {"invoice_id", "net", "payable"},
    # versions that no table is known of (003010, 004060): nothing has a place
    "1.edi": {"order_id", "issued_at", *QUANTITY},
    "856.edi": {"despatch_id", "issued_at"},
    "asn856.txt": {"despatch_id", "issued_at"},
}
"""Samples that no document is made of, with the fields that they do not tell, and why."""


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("edi")


def messages(path: Path) -> Iterator[tuple[str, Message]]:
    """Give what a file holds, with the syntax that finds anything in it."""
    content = path.read_bytes()
    for codec in CODECS:
        for message in codec.read(content, codec.media_type).messages:
            yield codec.name, message


def documents(path: Path) -> list[Document | None]:
    """Return what the messages of a file become; the partner's currency is agreed."""
    found = []
    for syntax, message in messages(path):
        reader = SHIPPED.reader(syntax, message.name)
        assert reader is not None
        mapped = reader.read(message, currency="SEK")
        errors = [sentence(one) for one in mapped.faults if one.severity == "error"]
        assert not errors, (path.name, errors)
        found.append(mapped.document)
    return found


def test_every_sample_becomes_its_document_or_tells_why_not(reference: Path) -> None:
    """Nothing is skipped: a message that we have a mapping for is read, whatever is wrong in it."""
    seen: dict[str, int] = {}
    refused: dict[str, set[str]] = {}
    files = sorted(path for path in reference.rglob("*") if path.is_file())
    for path in files:
        if path.parts[-2] in ("untdid", "licences") or path.suffix in (".tsv", ".md", ".zip"):
            continue
        for syntax, message in messages(path):
            kind = DOCUMENTS.get(message.name)
            if kind is None:
                continue
            seen[message.name] = seen.get(message.name, 0) + 1
            reader = SHIPPED.reader(syntax, message.name)
            assert reader is not None
            mapped = reader.read(message, currency="SEK")
            wrong = [one for one in mapped.faults if one.severity == "error"]
            if mapped.document is None:
                named = {re.sub(r"\d+", "", one.target or "") for one in wrong}
                refused.setdefault(path.name, set()).update(named)
                assert all(one.hint and one.place for one in wrong), path
            else:
                assert type(mapped.document) is kind, path
                assert not wrong, path
    assert refused == REFUSED
    assert set(seen) == set(DOCUMENTS)


SETTLED = {
    "X12_997_accept": AcknowledgedState.ACCEPTED,
    "X12_997_reject_element": AcknowledgedState.REJECTED,
    "X12_TA1_only": AcknowledgedState.ACCEPTED,
}


@pytest.mark.parametrize(("name", "state"), SETTLED.items())
def test_each_acknowledgement_of_the_reference_says_what_became_of_ours(
    reference: Path, name: str, state: AcknowledgedState
) -> None:
    ((syntax, message),) = messages(reference / "own" / f"{name}.edi")
    found = SYNTAXES[syntax].settlement(message)
    assert isinstance(found, Acknowledgement)
    assert (found.kind, found.state) == (message.name, state)


def test_lines_and_packages_are_those_of_the_reference(reference: Path) -> None:
    own = reference / "own"
    answers = {
        "ORDRSP_D96A_changed_lines": [
            (LineStatus.ACCEPTED, "100"), (LineStatus.CHANGED, "40"), (LineStatus.REJECTED, "10"),
        ],
        "X12_855_4010": [(LineStatus.ACCEPTED, "100"), (LineStatus.CHANGED, "40")],
    }  # fmt: skip
    for name, lines in answers.items():
        (response,) = documents(own / f"{name}.edi")
        assert isinstance(response, OrderResponse)
        assert [(line.status, str(line.quantity.value)) for line in response.lines] == lines
    changes = {
        "ORDCHG_D96A": [LineAction.DELETE, LineAction.CHANGE, LineAction.ADD],
        "X12_860_4010": [LineAction.DELETE, LineAction.CHANGE],
    }
    for name, actions in changes.items():
        (change,) = documents(own / f"{name}.edi")
        assert isinstance(change, OrderChange)
        assert [line.action for line in change.lines] == actions


def test_packages_are_those_of_the_reference(reference: Path) -> None:
    own = reference / "own"
    (advice,) = documents(own / "DESADV_D96A_nested_packages_eancom_codes.edi")
    assert isinstance(advice, DespatchAdvice)
    assert [(one.package_id, one.parent, one.kind) for one in advice.packages] == [
        ("1", None, "201"), ("2", "1", "CT"), ("3", "1", "CT"),
    ]  # fmt: skip
    assert advice.packages[1].ssccs == ("373098765432100017", "373098765432100024")
    assert [line.packages for line in advice.lines] == [("2",), ("3",)]
    (advice,) = documents(own / "X12_856_4010_HL.edi")
    assert isinstance(advice, DespatchAdvice)
    assert [line.packages for line in advice.lines] == [("3",), ("5",)]
    assert advice.packages[0].ssccs == ("373098765432100017",)
    assert advice.order_id == "PO1403829"


def test_amounts_and_scopes_are_those_of_the_reference(reference: Path) -> None:
    own = reference / "own"
    (invoice,) = documents(own / "X12_810_4010.edi")
    assert isinstance(invoice, Invoice)
    assert [str(line.net) for line in invoice.lines] == ["6567.00", "20625.00"]
    assert (str(invoice.net), str(invoice.payable)) == ("27192.00", "27192.00")
    (changes,) = documents(own / "PRICAT_D96A_change_only.edi")
    assert isinstance(changes, Catalogue)
    assert (changes.scope, changes.previous_id) == (ListScope.CHANGES, "PL2026-11")


def test_a_catalogue_without_number_goes_by_its_control_numbers(reference: Path) -> None:
    folder = reference / "samples" / "kputnam__stupidedi" / "spec" / "fixtures" / "004010"
    (catalogue,) = documents(folder / "SC832" / "fail" / "1.edi")
    assert isinstance(catalogue, Catalogue)
    assert catalogue.catalogue_id == "000062996-015547001"
    first = catalogue.items[0]
    assert (first.item.sku, first.item.manufacturer_sku) == ("0073155", "SYPSP")
    assert first.price is not None
    assert str(first.price.amount) == "99.99"
