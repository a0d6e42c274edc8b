"""Count the numbers of interchanges in the order of their arrival, whichever job is done first.

Several jobs take interchanges apart at once, so one that came later may be done before. Who counts
counts first what arrived before and still waits for its job: otherwise numbers that are here would
be told as skipped, and then as late. A series is held meanwhile, and each timeline says what is
counted already.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from canonical.interchange import ReceivedInterchange
from canonical.stored import load
from canonical.wire import Credential, CredentialRole, Envelope
from gateway.partners.agreements import qualifier_of
from gateway.pipeline.faults import fault
from gateway.pipeline.numbering import counted_in
from gateway.pipeline.states import State
from gateway.store.messages import StoredMessage, waiting_beside
from gateway.store.series import begin_series, hold_series, note_number
from gateway.store.timeline import Entry, record_entry, timeline_of

MAX_DIGITS: Final = 14
"""Digits of a control number that counts; a longer one is a name."""
COUNT: Final = "count"
"""The step of a timeline that says how the number of an interchange follows those before it."""
INSTANT: Final = 12
"""Digits of an id that tell when a message came, in milliseconds."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Hold an interchange and the number that it came with."""

    carrier: StoredMessage
    number: int

    @property
    def moment(self) -> str:
        """Return when it came, as far as its id tells."""
        return self.carrier.id[:INSTANT]


def count(connection: sa.Connection, carrier: StoredMessage, theirs: Envelope) -> None:
    """Note the number of an interchange, and on its timeline which ones it jumped over.

    One that becomes held is counted then: its timeline says so, that it is not when it is released.
    """
    mine, partner = _numbered(carrier, theirs), carrier.partner or ""
    if mine is None:
        return
    series = counted_in(carrier.syntax, theirs)
    fresh = hold_series(connection, partner, series, carrier.created_at)
    if any(one.step == COUNT for one in timeline_of(connection, carrier.id)):
        return
    turns = [mine]
    for other in waiting_beside(connection, carrier, State.ARRIVED, COUNT):
        envelope = _envelope_of(other)
        numbered = _numbered(other, envelope)
        if numbered is not None and counted_in(other.syntax, envelope) == series:
            turns.append(numbered)
    turns = sorted((one for one in turns if one.moment <= mine.moment), key=_turn)
    if fresh:
        begin_series(connection, partner, series, turns[0].number)
    for one in turns:
        _note(connection, one, series, told=one is not mine)


def _turn(one: _Numbered) -> tuple[str, int]:
    """Return when it is to be counted: of those of one moment the lower number first."""
    return one.moment, one.number


def _numbered(carrier: StoredMessage, theirs: Envelope) -> _Numbered | None:
    number = theirs.message_id
    counts = number.isdecimal() and len(number) <= MAX_DIGITS
    return _Numbered(carrier, int(number)) if counts else None


def _envelope_of(carrier: StoredMessage) -> Envelope:
    """Return what is kept of the envelope of an interchange: enough to tell its series."""
    document = load(carrier.document or b"")
    if not isinstance(document, ReceivedInterchange):
        return Envelope(message_id="")
    parties = (
        (CredentialRole.FROM, document.sender),
        (CredentialRole.TO, document.recipient),
    )
    credentials = tuple(
        Credential(role=role, domain=qualifier_of(one.scheme or "") or "", identity=one.value)
        for role, one in parties
        if one is not None
    )
    return Envelope(
        message_id=document.control_reference, credentials=credentials, test=document.test
    )


def _note(connection: sa.Connection, one: _Numbered, series: str, *, told: bool) -> None:
    """Note a number; the timeline says what is odd about it, and of what is not done yet, that."""
    carrier, number = one.carrier, one.number
    seen = note_number(connection, carrier.partner or "", series, number, carrier.created_at)
    faults = (fault("PIPELINE-027", found=str(number)),) if seen.late else ()
    if seen.skipped is not None:
        first, last = seen.skipped
        span = str(first) if first == last else f"{first} to {last}"
        faults = (fault("PIPELINE-026", found=str(number), expected=span),)
    if faults or told or carrier.state == State.HELD:
        note = "" if faults else f"number {number} is counted"
        at, state = carrier.created_at, carrier.state
        record_entry(connection, Entry(carrier.id, at, COUNT, state, faults=faults, note=note))
