"""Take in what a partner reports later of something that we sent.

cXML's StatusUpdateRequest names our message by its payload id: codes below 300 are a yes, from 400
on a no. An acknowledgement of EDI names the control number of our interchange, or the document in
it. Either is on that message's timeline in the same commit that records the report. A report of
anything else is kept and answered as well, and says nothing about us.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from canonical.document import Document
from canonical.faults import Fault
from canonical.interchange import AcknowledgedState, Acknowledgement
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
MAX_WORDS: Final = 2_000
TRIES: Final = 3
"""Times that a report is applied to a message which another process moves meanwhile."""


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what was said of a message of ours: `yes` is None when it was neither yes nor no."""

    about: str
    yes: bool | None
    words: str


def report_handler(database: Database, ambient: Ambient) -> Handler:
    """Return what takes reports in: status updates and acknowledgements."""

    def take(received: Received) -> Outcome:
        said = _said(received.document)
        if said is None:
            return Outcome(verdict=Verdict.ACCEPTED)
        with database.read() as connection:
            known = sent_message(connection, received, said.about)
        if known is None:
            unknown = fault("PIPELINE-023", found=said.about)
            return Outcome(verdict=Verdict.ACCEPTED, faults=(unknown,))

        def write(connection: sa.Connection) -> None:
            apply_report(connection, received, said, ambient.now())

        return Outcome(verdict=Verdict.ACCEPTED, write=write)

    return take


def _said(report: Document) -> Said | None:
    if isinstance(report, StatusUpdate) and report.payload_id:
        yes = True if report.code < BELOW_IS_YES else False if report.code >= FROM_IS_NO else None
        words = (str(report.code), report.text, report.comment)
        return Said(report.payload_id, yes, " ".join(filter(None, words)))
    if isinstance(report, Acknowledgement):
        about = report.control_reference or report.group_reference or report.document_id
        return None if about is None else Said(about, *_acknowledged(report))
    return None


def _acknowledged(report: Acknowledgement) -> tuple[bool | None, str]:
    """Return what an acknowledgement says, each message of the interchange counted."""
    states = {report.state, *(one.state for one in report.messages)}
    reasons = [*report.reasons, *(reason for one in report.messages for reason in one.reasons)]
    words = "; ".join((f"{report.kind} {report.state.value}", *dict.fromkeys(reasons)))
    if AcknowledgedState.REJECTED in states:
        return False, words[:MAX_WORDS]
    only_received = states == {AcknowledgedState.RECEIVED}
    return None if only_received and not report.messages else True, words[:MAX_WORDS]


def sent_message(connection: sa.Connection, received: Received, about: str) -> StoredMessage | None:
    """Return the newest message that we sent to who reports, under a number, or None.

    In EDI that is the control number of the interchange, else the number of a document in it; in
    cXML the message's own id.
    """
    partner = received.partner.id
    found = [
        one
        for one in find_messages(connection, MessageFilter(partner=partner, reference=about))
        if one.direction == "out" and one.syntax == received.syntax
    ]
    exact = [one for one in found if one.external_id == about]
    named = found if isinstance(received.document, Acknowledgement) else []
    return next(iter([*exact, *named]), None)


def apply_report(connection: sa.Connection, received: Received, said: Said, now: datetime) -> None:
    """Set the acknowledgement of the message that was reported, in the caller's transaction."""
    for _ in range(TRIES):
        message = sent_message(connection, received, said.about)
        if message is None or _apply(connection, message, received, said, now):
            return


def _apply(
    connection: sa.Connection,
    message: StoredMessage,
    received: Received,
    said: Said,
    now: datetime,
) -> bool:
    """Tell whether the message still was as it was read."""
    state, changes, faults = _effect(message, said)
    if state != message.state:
        require_move(message.state, state)
    changes |= {"state": state, "updated_at": now}
    if not move(connection, message.id, message.state, message.jobs, changes):
        return False
    record_entry(
        connection,
        Entry(
            message=message.id,
            at=now,
            step="report",
            state=state,
            faults=faults,
            note=f"the partner reports {said.words} in {received.message_id}",
        ),
    )
    return True


def _effect(message: StoredMessage, said: Said) -> tuple[str, dict[str, object], tuple[Fault, ...]]:
    """Return the state, the statuses and the faults that a report leads to."""
    if said.yes is None or message.state not in {State.PREPARED, State.SENT, State.DISPUTED}:
        return message.state, {}, ()  # neither yes nor no; or held, or never sent: only noted
    if said.yes:
        return State.SENT, {"delivery": "delivered", "acknowledgement": "positive"}, ()
    disputed = fault("PIPELINE-021", found=said.words)
    no: dict[str, object] = {"delivery": "delivered", "acknowledgement": "negative"}
    return State.DISPUTED, no, (disputed,)
