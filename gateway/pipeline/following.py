"""Send what the core reports of orders: confirmations, despatches, invoices, each once.

The core's cursor is kept when a page is done; until then a page is read again, and what was sent of
it already is known by the report's id.
"""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
import structlog

from canonical.document import Document
from gateway.connectors.contract import Core, Report
from gateway.errors import CoreRefusedError
from gateway.partners.model import Partner, State
from gateway.pipeline.emitting import Draft, draft, record_draft
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.leaving import leaving
from gateway.store.reports import cursor_of, is_taken, note_cursor, take_report

_log: Final = structlog.get_logger(__name__)

FEATURE: Final = "reports"
PAGE: Final = 100


def follow_reports(equipment: Equipment, core: Core, partners: Iterable[Partner]) -> int:
    """Send what was reported since the last time; return how many messages that made."""
    if FEATURE not in core.capabilities().features:
        return 0
    known, sent = tuple(partners), 0
    while True:
        with equipment.database.read() as connection:
            since = cursor_of(connection)
        try:
            page = core.reports(since, PAGE)
        except CoreRefusedError as error:
            if error.code != "cursor-unknown" or since is None:
                raise
            page = core.reports(None, PAGE)  # another core: what went out is known by its id
        for report in page.items:
            sent += _send(equipment, report, known)
        if page.next != since:
            following = page.next
            equipment.database.write(lambda c, at=following: note_cursor(c, at))  # type: ignore[misc]
        if not page.more:
            return sent


def _send(equipment: Equipment, report: Report, partners: tuple[Partner, ...]) -> int:
    """Send a report to every partner of its customer that wants it; tell of what nobody wants."""
    (document,) = report.documents
    name = type(document).__name__
    mine = _whose(report, partners)
    wanting = [
        one
        for one in mine
        if one.edi.endpoint and name in one.edi.reported and one.state is not State.BLOCKED
    ]
    if not wanting:
        _log.info("nobody wants a report", report=report.report_id, document=name)
    return sum(_send_to(equipment, report, document, one) for one in wanting)


def _whose(report: Report, partners: tuple[Partner, ...]) -> list[Partner]:
    """Return whom a report is for: who sent the order, else every partner of the customer."""
    mine = [one for one in partners if one.customer == report.customer_id]
    sender = (report.external_reference or "").partition(":")[0]
    return [one for one in mine if one.id == sender] or mine


def _send_to(equipment: Equipment, report: Report, document: Document, partner: Partner) -> bool:
    with equipment.database.read() as connection:
        if is_taken(connection, report.report_id, partner.id):
            return False
    made = _draft(equipment, report, document, partner)

    def work(connection: sa.Connection) -> bool:
        if not take_report(connection, report.report_id, partner.id):
            return False
        record_draft(connection, equipment, made)
        return True

    return equipment.database.write(work)


def _draft(equipment: Equipment, report: Report, document: Document, partner: Partner) -> Draft:
    order = report.external_reference
    test = bool(getattr(document, "test", False)) or partner.state is State.TESTING
    outgoing = leaving(
        partner,
        document,
        references=() if order is None else (("core-key", order),),
        test=test,
    )
    assert outgoing is not None  # noqa: S101  # who does not want it is not asked
    return draft(equipment, outgoing)
