"""Promise: messages that others wrote become documents, with all that the document asks for."""

from pathlib import Path

import pytest

from canonical.catalogue import Catalogue, InventoryReport, ListScope, SalesReport
from canonical.despatch import DespatchAdvice
from canonical.document import Document
from canonical.faults import sentence
from canonical.invoice import Invoice
from canonical.order import LineAction, LineStatus, Order, OrderChange, OrderResponse
from canonical.returns import ReceiptAdvice
from edi.edifact.codec import EdifactCodec
from edi.edifact.directory.editions import bare_edition
from tests.mappings.workbench import SHIPPED
from tests.reference import reference_folder

NEAR = {"D.97B": "D.96A", "D.03B": "D.01B"}
"""Editions of samples, and the shipped ones that their messages fit."""
CODEC = EdifactCodec({name: bare_edition(near) for name, near in NEAR.items()})
OURS = {
    "DESADV_D96A_nested_packages_eancom_codes": DespatchAdvice,
    "INVRPT_D96A": InventoryReport,
    "ORDCHG_D96A": OrderChange,
    "ORDERS_D01B_utf8_UNOW": Order,
    "ORDERS_D96A_crlf": Order,
    "ORDERS_D96A_custom_UNA": Order,
    "ORDERS_D96A_min": Order,
    "ORDERS_D96A_release_chars": Order,
    "ORDERS_D96A_two_groups": Order,
    "ORDRSP_D96A_changed_lines": OrderResponse,
    "PRICAT_D96A_change_only": Catalogue,
    "PRICAT_D96A_full": Catalogue,
    "PRODAT_D01B": Catalogue,
    "RECADV_D96A": ReceiptAdvice,
    "SLSRPT_D96A_eancom_codes": SalesReport,
}


@pytest.fixture(scope="module")
def reference() -> Path:
    return reference_folder("edi")


def documents(path: Path) -> list[Document | None]:
    """Return what the messages of a file become; the partner's currency is agreed."""
    found = []
    for message in CODEC.read(path.read_bytes(), "application/edifact").messages:
        reader = SHIPPED.reader("edifact", message.name)
        assert reader is not None
        mapped = reader.read(message, currency="SEK")
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


def test_lines_and_packages_are_those_of_the_reference(reference: Path) -> None:
    own = reference / "own"
    (response,) = documents(own / "ORDRSP_D96A_changed_lines.edi")
    assert isinstance(response, OrderResponse)
    assert [(line.status, str(line.quantity.value)) for line in response.lines] == [
        (LineStatus.ACCEPTED, "100"), (LineStatus.CHANGED, "40"), (LineStatus.REJECTED, "10"),
    ]  # fmt: skip
    (change,) = documents(own / "ORDCHG_D96A.edi")
    assert isinstance(change, OrderChange)
    assert [line.action for line in change.lines] == [
        LineAction.DELETE, LineAction.CHANGE, LineAction.ADD,
    ]  # fmt: skip
    (advice,) = documents(own / "DESADV_D96A_nested_packages_eancom_codes.edi")
    assert isinstance(advice, DespatchAdvice)
    assert [(one.package_id, one.parent, one.kind) for one in advice.packages] == [
        ("1", None, "201"), ("2", "1", "CT"), ("3", "1", "CT"),
    ]  # fmt: skip
    assert advice.packages[1].ssccs == ("373098765432100017", "373098765432100024")
    assert [line.packages for line in advice.lines] == [("2",), ("3",)]
    (changes,) = documents(own / "PRICAT_D96A_change_only.edi")
    assert isinstance(changes, Catalogue)
    assert (changes.scope, changes.previous_id) == (ListScope.CHANGES, "PL2026-11")


@pytest.mark.parametrize("name", ["invoic_d97b.edi", "INVOIC_D.03B_Interchange_with_UNA.txt"])
def test_invoices_that_leave_amounts_out_are_read(reference: Path, name: str) -> None:
    (path,) = (reference / "samples").rglob(name)
    found = documents(path)
    assert found
    assert all(isinstance(one, Invoice) for one in found)
