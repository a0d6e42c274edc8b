"""Hold what is known of one arrival, and say how its judging can end.

Every check of `judging`, `ordering` and `arriving` fills in a `Case` and either lets it pass or
stops it with a verdict. Nothing is written here.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from canonical.document import Document
from canonical.faults import Fault, has_errors, sentence
from canonical.order import Order, OrderCancellation, OrderChange
from canonical.stored import NAMES
from canonical.wire import Dialect, Envelope, Message, Payload, Verdict
from gateway.partners.agreements import SYNTAXES
from gateway.partners.directory import Refused
from gateway.partners.model import Partner
from gateway.pipeline.contract import Arrival
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.numbering import counted_in
from gateway.pipeline.states import State
from gateway.store.claims import Claim, claim_of
from gateway.store.payloads import sha256_of
from gateway.store.rows import Into

YES: Final = frozenset({Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE})
"""Verdicts after which a message id is taken for good."""
ORDERS: Final = (Order, OrderChange, OrderCancellation)
MAX_ID: Final = 255
SHOWN_FAULTS: Final = 10
"""Faults that an answer spells out; the timeline has them all."""


@dataclass(slots=True)
class Case:
    """Hold what is known of an arrival so far; checks fill it in."""

    arrival: Arrival
    interchange_id: str
    message_id: str
    body_sha256: str
    started: float = field(default_factory=time.perf_counter)
    envelope: Envelope | None = None
    message: Message | None = None
    partner: Partner | None = None
    test: bool = False
    claim: Claim | None = None
    document: Document | None = None
    mapping: str | None = None
    faults: list[Fault] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    core_key: str | None = None
    verdict: Verdict = Verdict.ACCEPTED
    detail: str = ""
    log_note: str = ""
    reply: Payload | None = None
    answered: Document | None = None
    """What `reply` says, where a handler gave a document."""
    insert: Callable[[Into], None] | None = None
    write: Callable[[sa.Connection], None] | None = None
    contested: bool = False
    """Somebody took its id or order number while it was judged before: look first, this time."""
    born: State | None = None
    """The state that it begins in, where the verdict does not say."""

    @property
    def name(self) -> str:
        """Return the name of the message, or what stands for many: `interchange`."""
        if self.message is not None:
            return self.message.name
        return NAMES[type(self.document)] if self.document is not None else ""

    @property
    def external_id(self) -> str | None:
        """Return the sender's id of the message, shortened to its hash when it is very long.

        A message without an id is known by its bytes: sent again, it gets the same answer. One that
        is made anew each time (a login) has none at all.
        """
        if self.envelope is None or self.envelope.anew:
            return None
        named = external_id_of(self.envelope, self.message)
        return named or f"sha256:{self.body_sha256}"

    @property
    def claimed_as(self) -> str | None:
        """Return what nobody else may be called: the id, or the number among those of its pair.

        A control number is one only between two identities, and among tests or not: of a partner
        with several identities each counts for itself.
        """
        named, envelope = self.external_id, self.envelope
        if named is None or envelope is None or self.message is not None:
            return named
        if self.arrival.syntax not in SYNTAXES:
            return named
        return shortened(f"{counted_in(self.arrival.syntax, envelope)} {named}")

    @property
    def dialect(self) -> Dialect:
        """Return how to answer."""
        if self.partner is None:
            return Dialect()
        return self.partner.dialect_of(self.arrival.syntax)

    @property
    def is_order(self) -> bool:
        """Tell whether work follows the answer."""
        return self.verdict in YES and isinstance(self.document, ORDERS)

    def stop(self, verdict: Verdict, *faults: Fault, detail: str = "") -> Verdict:
        """Add faults and return the verdict, for a check to return."""
        self.faults += faults
        self.detail = detail or "; ".join(sentence(one) for one in faults)
        return verdict


def external_id_of(envelope: Envelope, message: Message | None) -> str:
    """Return the sender's id of a message, in an interchange of many its own reference with it."""
    given = envelope.message_id
    if message is not None and message.reference:
        given = "/".join(filter(None, (given, message.group, message.reference)))
    return shortened(given)


def shortened(given: str) -> str:
    """Return an id, or its hash when it is very long."""
    return given if len(given) <= MAX_ID else f"sha256:{sha256_of(given.encode())}"


Check = Callable[[Equipment, Case], Verdict | None]

REFUSALS: Final = {
    Verdict.FORBIDDEN: "PIPELINE-019",
    Verdict.SIGNATURE_UNACCEPTABLE: "PIPELINE-024",
    Verdict.THROTTLED: "PIPELINE-025",
}
"""What a refused sender may be told; all others hear the same words."""


def refuse(case: Case, found: Refused) -> Verdict:
    """Stop a case whose sender is not known; the reason is for our log."""
    case.log_note = found.reason
    # What else is wrong with it is nothing that a stranger should be told.
    refusal = fault(REFUSALS.get(found.verdict, "PIPELINE-001"))
    return case.stop(found.verdict, refusal, detail=refusal.message)


def claimed(equipment: Equipment, case: Case) -> Verdict | None:
    """Return the verdict of who took the message id before: the same again, or a conflict."""
    if case.partner is None or case.claimed_as is None:
        return None
    with equipment.database.read() as connection:
        claim = claim_of(connection, case.partner.id, case.arrival.syntax, case.claimed_as)
    if claim is None:
        return None
    if claim.body_sha256 != case.body_sha256:
        return case.stop(Verdict.CONFLICT, fault("PIPELINE-003", found=case.external_id))
    case.claim = claim
    return Verdict(claim.verdict)


def spelt(faults: tuple[Fault, ...]) -> str:
    """Return the worst of `faults` as text for the sender."""
    errors = [one for one in faults if has_errors((one,))] or list(faults)
    more = len(errors) - SHOWN_FAULTS
    text = "\n".join(sentence(one) for one in errors[:SHOWN_FAULTS])
    return f"{text}\nand {more} more" if more > 0 else text
