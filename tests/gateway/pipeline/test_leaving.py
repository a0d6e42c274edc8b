"""What is agreed as a flat file leaves as one: whole, once, under a name with its number."""

from decimal import Decimal
from pathlib import Path

import pytest

from canonical.amounts import Quantity
from canonical.catalogue import Catalogue, CatalogueItem, InventoryLine, InventoryReport
from canonical.despatch import DespatchAdvice, DespatchLine
from canonical.document import Document
from canonical.invoice import CreditNote, Invoice, InvoiceLine
from canonical.order import Item
from canonical.price import Price
from gateway.connectors.contract import Report
from gateway.errors import TransportError
from gateway.partners.model import Partner
from gateway.pipeline.collecting import collect_inboxes
from gateway.pipeline.emitting import draft, record_draft
from gateway.pipeline.following import follow_reports
from gateway.pipeline.leaving import leaving
from gateway.pipeline.operations import list_messages
from gateway.store.database import Database
from gateway.store.messages import MessageFilter
from gateway.transports.folder import FolderSender
from tests.builders import NOON, make_partner
from tests.gateway.pipeline.conftest import House, build_house
from tests.gateway.pipeline.interchanges import PARTNER_FIELDS, interchange, order_message
from tests.gateway.pipeline.test_collecting import drop

FILES = {
    "OrderResponse": "order-response",
    "DespatchAdvice": "despatch-advice",
    "Invoice": "invoice",
    "CreditNote": "invoice",
    "Catalogue": "price-list",
    "InventoryReport": "stock-report",
}
AGREED = {
    "inbox": "inbox/buyer",
    "endpoint": "folder:outbox/buyer",
    "flat": "semicolon-order",
    "files": FILES,
}
PARTNER = make_partner(**{**PARTNER_FIELDS, "state": "live", "edi": AGREED})
ORDER = b"H;PO-7;2026-11-22;EUR;K-7\r\nL;1;SKU-1;;;;2;C62\r\nE;1\r\n"
ITEM = Item(sku="SKU-1")
TWO = Quantity(value=Decimal(2), unit="EA")
ADVICE = DespatchAdvice(
    despatch_id="D1", issued_at=NOON, lines=(DespatchLine(line_id="1", quantity=TWO, item=ITEM),)
)
INVOICE = Invoice(
    invoice_id="F1",
    issued_at=NOON,
    currency="EUR",
    net=Decimal(20),
    tax_amount=Decimal(5),
    payable=Decimal(25),
    lines=(InvoiceLine(line_id="1", quantity=TWO, item=ITEM, net=Decimal(20)),),
)
LIST = Catalogue(
    catalogue_id="C1",
    issued_at=NOON,
    currency="EUR",
    items=(
        CatalogueItem(
            line_id="1", item=ITEM, price=Price(amount=Decimal("9.5"), currency="EUR", unit="EA")
        ),
    ),
)
STOCK = InventoryReport(
    report_id="S1",
    issued_at=NOON,
    lines=(InventoryLine(line_id="1", item=ITEM, available=TWO),),
)


def living(database: Database, workspace: Path, partner: Partner = PARTNER) -> House:
    house = build_house(database, workspace, partner)
    house.shop.sender.send = FolderSender(workspace).send  # type: ignore[method-assign]
    return house


def left(workspace: Path) -> dict[str, bytes]:
    folder = workspace / "outbox/buyer"
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def send(house: House, document: Document, partner: Partner = PARTNER) -> None:
    outgoing = leaving(partner, document)
    assert outgoing is not None
    made = draft(house.equipment, outgoing)
    house.database.write(lambda connection: record_draft(connection, house.equipment, made))
    house.engine.drain()


def reports() -> list[Report]:
    def report(name: str, **document: Document) -> Report:
        return Report(report_id=name, customer_id="C1", **document)  # type: ignore[arg-type]

    credit = CreditNote(**{name: getattr(INVOICE, name) for name in INVOICE.__struct_fields__})
    return [
        report("r1", despatch_advice=ADVICE),
        report("r2", invoice=INVOICE),
        report("r3", credit_note=credit),
    ]


def test_a_flat_order_is_answered_by_flat_files(database: Database, tmp_path: Path) -> None:
    house = living(database, tmp_path)
    drop(tmp_path, "order.txt", ORDER)
    assert collect_inboxes(house.pipeline, [PARTNER], tmp_path) == 1
    house.engine.drain()
    house.core.told = reports()
    assert follow_reports(house.equipment, house.core, [PARTNER]) == 3
    assert follow_reports(house.equipment, house.core, [PARTNER]) == 0
    house.engine.drain()
    found = left(tmp_path)
    assert list(found) == [
        "despatch-advice-2.txt", "invoice-3.csv", "invoice-4.csv", "order-response-1.csv",
    ]  # fmt: skip
    assert found["order-response-1.csv"].startswith(b"H;PO-7;2026-11-22;A;")
    assert found["despatch-advice-2.txt"].startswith(b"DHD1 ")
    assert found["invoice-3.csv"].decode("utf-8-sig").startswith("H;I;F1;")
    assert found["invoice-4.csv"].decode("utf-8-sig").startswith("H;C;F1;")
    sent = [one for one in list_messages(database, MessageFilter()) if one.direction == "out"]
    assert {(one.syntax, one.state, one.acknowledgement) for one in sent} == {
        ("flat", "sent", "none")
    }


def test_a_price_list_and_stock_leave_likewise(database: Database, tmp_path: Path) -> None:
    house = living(database, tmp_path)
    for document in (LIST, STOCK, STOCK):
        send(house, document)
    found = left(tmp_path)
    assert list(found) == ["price-list-1.csv", "stock-report-2.csv", "stock-report-3.csv"]
    assert found["price-list-1.csv"].splitlines()[1].startswith(b"SKU-1;;;EA;9,50;EUR")
    assert found["stock-report-2.csv"] == found["stock-report-3.csv"], "one would hide the other"


def test_a_file_that_could_not_be_written_is_written_later_under_its_own_name(
    database: Database, tmp_path: Path
) -> None:
    house = living(database, tmp_path)
    (tmp_path / "outbox").write_text("in the way")
    sent = house.shop.sender.send
    refused: list[str] = []

    def clearing(url: str, payload: object) -> object:
        try:
            return sent(url, payload)  # type: ignore[arg-type]
        except TransportError as error:
            refused.append(str(error))
            (tmp_path / "outbox").unlink()
            raise

    house.shop.sender.send = clearing  # type: ignore[method-assign, assignment]
    send(house, INVOICE)
    house.engine.drain()
    assert len(refused) == 1
    assert list(left(tmp_path)) == ["invoice-1.csv"]


def test_orders_by_edi_may_be_answered_by_flat_files_and_the_reverse(
    database: Database, tmp_path: Path
) -> None:
    mixed = {**AGREED, "flat": None, "documents": ["Invoice"], "files": {"OrderResponse":
             "order-response"}, "acknowledge": {"CONTRL": "never"}}  # fmt: skip
    partner = make_partner(**{**PARTNER_FIELDS, "state": "live", "edi": mixed})
    house = living(database, tmp_path, partner)
    house.take(interchange("1", [order_message("PO-1")]))
    house.engine.drain()
    send(house, INVOICE, partner)
    kinds = {Path(name).suffix: content for name, content in left(tmp_path).items()}
    assert kinds[".csv"].startswith(b"H;PO-1;")
    assert b"INVOIC" in kinds[".edi"]


def test_what_is_not_agreed_does_not_leave() -> None:
    silent = make_partner(**{**PARTNER_FIELDS, "edi": {"files": {"Invoice": "invoice"}}})
    assert leaving(silent, INVOICE) is None, "there is no endpoint"
    assert leaving(PARTNER, INVOICE) is not None
    other = make_partner(**{**PARTNER_FIELDS, "edi": {**AGREED, "files": {}}})
    assert leaving(other, INVOICE) is None


@pytest.mark.parametrize("name", ["no-such-schema", "price-list"])
def test_a_schema_that_cannot_hold_the_document_is_told_and_nothing_leaves(
    database: Database, tmp_path: Path, name: str
) -> None:
    agreed = {**AGREED, "files": {"Invoice": name}}
    partner = make_partner(**{**PARTNER_FIELDS, "edi": agreed})
    house = living(database, tmp_path, partner)
    send(house, INVOICE, partner)
    (message,) = list_messages(database, MessageFilter())
    assert message.state == "refused"
    assert house.codes(message.id) == ["PIPELINE-022"]
    assert not (tmp_path / "outbox").exists()
