"""Take in what a partner reports later of a message that we sent (cXML StatusUpdateRequest).

The report names our message by its payload id and sets its acknowledgement: codes below 300 are a
yes, from 400 on a no. It is on that message's timeline in the same commit that records the report.
A report of anything else is kept and answered as well, and says nothing about us.
"""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from canonical.faults import Fault
from canonical.punchout import StatusUpdate
from canonical.wire import Verdict
from gateway.ambient import Ambient
from gateway.pipeline.contract import Handler, Outcome, Received
from gateway.pipeline.faults import fault
from gateway.pipeline.states import State, require_move
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, StoredMessage, find_messages, move
from gateway.store.timeline import Entry, record_entry

BELOW_IS_YES: Final = 300
FROM_IS_NO: Final = 400
TRIES: Final = 3
"""Times that a report is applied to a message which another process moves meanwhile."""


def report_handler(database: Database, ambient: Ambient) -> Handler:
    """Return what takes status updates in."""

    def take(received: Received) -> Outcome:
        report = received.document
        if not isinstance(report, StatusUpdate) or not report.payload_id:
            return Outcome(verdict=Verdict.ACCEPTED)
        with database.read() as connection:
            known = sent_message(connection, received.partner.id, report.payload_id)
        if known is None:
            unknown = fault("PIPELINE-023", found=report.payload_id)
            return Outcome(verdict=Verdict.ACCEPTED, faults=(unknown,))

        def write(connection: sa.Connection) -> None:
            apply_report(connection, received, report, ambient.now())

        return Outcome(verdict=Verdict.ACCEPTED, write=write)

    return take


def sent_message(
    connection: sa.Connection, partner_id: str, payload_id: str
) -> StoredMessage | None:
    """Return the message that we sent to a partner under an id, or None."""
    wanted = MessageFilter(partner=partner_id, reference=payload_id)
    for found in find_messages(connection, wanted):
        if found.direction == "out" and found.external_id == payload_id:
            return found
    return None


def apply_report(
    connection: sa.Connection, received: Received, report: StatusUpdate, now: datetime
) -> None:
    """Set the acknowledgement of the message that `report` names, in the caller's transaction."""
    for _ in range(TRIES):
        message = sent_message(connection, received.partner.id, report.payload_id or "")
        if message is None or _apply(connection, message, received, report, now):
            return


def _apply(
    connection: sa.Connection,
    message: StoredMessage,
    received: Received,
    report: StatusUpdate,
    now: datetime,
) -> bool:
    """Tell whether the message still was as it was read."""
    state, changes, faults = _effect(message, report)
    if state != message.state:
        require_move(message.state, state)
    changes |= {"state": state, "updated_at": now}
    if not move(connection, message.id, message.state, message.jobs, changes):
        return False
    said = " ".join(filter(None, (str(report.code), report.text, report.comment)))
    record_entry(
        connection,
        Entry(
            message=message.id,
            at=now,
            step="report",
            state=state,
            faults=faults,
            note=f"the partner reports {said} in {received.message_id}",
        ),
    )
    return True


def _effect(
    message: StoredMessage, report: StatusUpdate
) -> tuple[str, dict[str, object], tuple[Fault, ...]]:
    """Return the state, the statuses and the faults that a report leads to."""
    if message.state not in {State.PREPARED, State.SENT, State.DISPUTED}:
        return message.state, {}, ()  # held, or never sent: only noted
    if report.code < BELOW_IS_YES:
        return State.SENT, {"delivery": "delivered", "acknowledgement": "positive"}, ()
    if report.code < FROM_IS_NO:
        return message.state, {}, ()
    disputed = fault("PIPELINE-021", found=f"{report.code} {report.text}".strip())
    no: dict[str, object] = {"delivery": "delivered", "acknowledgement": "negative"}
    return State.DISPUTED, no, (disputed,)
