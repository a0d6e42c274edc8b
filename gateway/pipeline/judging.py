"""Judge one arrival: read, identify, compare with what came before, map, and let it be handled.

`CHECKS` is the order in which that happens; the first check that says stop decides the verdict.
Bytes that cannot be read are never called a matter of identity, and whoever is not identified
learns nothing further. Nothing is written here: the commit is `gateway.pipeline.recording`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
import structlog

from canonical.document import Document
from canonical.faults import Fault, has_errors, sentence
from canonical.order import Order, OrderCancellation, OrderChange
from canonical.rules.change import changed_order
from canonical.stored import NAMES, load_as
from canonical.wire import Dialect, Envelope, Message, Payload, Verdict
from gateway.errors import NotFoundError
from gateway.partners.directory import Refused
from gateway.partners.model import Partner
from gateway.pipeline.contract import Arrival, Received, Reduce
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.states import State
from gateway.pipeline.writing import Manner, WrittenDocument, write_document
from gateway.store.claims import Claim, claim_of, messages_about, order_taken
from gateway.store.messages import StoredMessage
from gateway.store.payloads import sha256_of
from gateway.store.references import references_in
from gateway.store.rows import Into

_log: Final = structlog.get_logger(__name__)

YES: Final = frozenset({Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE})
"""Verdicts after which a message id is taken for good."""
ORDERS: Final = (Order, OrderChange, OrderCancellation)
MAX_NUMBER: Final = 150
MAX_VERSION: Final = 40
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
    return given if len(given) <= MAX_ID else f"sha256:{sha256_of(given.encode())}"


REFUSALS: Final = {
    Verdict.FORBIDDEN: "PIPELINE-019",
    Verdict.SIGNATURE_UNACCEPTABLE: "PIPELINE-024",
    Verdict.THROTTLED: "PIPELINE-025",
}
"""What a refused sender may be told; all others hear the same words."""

Check = Callable[[Equipment, Case], Verdict | None]


def judge(
    equipment: Equipment,
    arrival: Arrival,
    *,
    contested: bool = False,
    checks: "Sequence[Check] | None" = None,
) -> Case:
    """Return the case with its verdict and reply; an error of our own is a verdict too.

    `checks` are `CHECKS` unless given.

    Whether its message id or order number is free shows when they are taken, in the commit; only
    a case that lost them there, or that is refused anyway, looks for what came before.
    """
    case = Case(
        arrival=arrival,
        interchange_id=equipment.ambient.new_id(),
        message_id=equipment.ambient.new_id(),
        body_sha256=sha256_of(arrival.content),
        contested=contested,
    )
    try:
        case.verdict = _verdict(equipment, case, CHECKS if checks is None else checks)
        if case.claim is None and case.reply is None:
            case.reply = acknowledge(equipment, case)
    except Exception as error:  # noqa: BLE001 -- the step boundary: answered and recorded
        _log.exception("an arrival could not be handled", message_id=case.message_id)
        case.claim = None
        case.verdict = case.stop(Verdict.ERROR, fault("PIPELINE-007"))
        case.log_note = f"{type(error).__name__}: {error}"
        case.reply = acknowledge(equipment, case)
    return case


def acknowledge(equipment: Equipment, case: Case) -> Payload:
    """Return the syntax's own answer to a case."""
    codec = equipment.codecs[case.arrival.syntax]
    envelope = equipment.own_envelope(case.partner, test=case.test, syntax=case.arrival.syntax)
    return codec.acknowledgement(case.verdict, envelope, case.dialect, detail=case.detail)


def _verdict(equipment: Equipment, case: Case, checks: Sequence[Check]) -> Verdict:
    for check in checks:
        verdict = check(equipment, case)
        if verdict is not None:
            break
    else:
        verdict = Verdict.ACCEPTED
    if verdict in YES or case.contested:
        return verdict
    return claimed(equipment, case) or verdict


def _read(equipment: Equipment, case: Case, *, strict: bool = False) -> Verdict | None:
    arrival = case.arrival
    codec = equipment.codecs[arrival.syntax]
    dialect = _addressed(equipment, case)
    reading = codec.read(arrival.content, arrival.media_type, strict=strict, dialect=dialect)
    case.envelope, case.faults = reading.envelope, list(reading.faults)
    if not reading.messages:
        return case.stop(Verdict.UNREADABLE, detail=spelt(reading.faults))
    case.message = reading.messages[0]
    case.envelope = case.message.envelope
    if len(reading.messages) > 1:
        return case.stop(Verdict.UNSUPPORTED, fault("PIPELINE-009"))
    return None


def _addressed(equipment: Equipment, case: Case) -> Dialect | None:
    """Return the dialect of the partner whose address it came to; it proves nothing."""
    if not case.arrival.addressee:
        return None
    try:
        partner = equipment.partners.get(case.arrival.addressee)
    except NotFoundError:
        return None
    return partner.dialect_of(case.arrival.syntax)


def _identify(equipment: Equipment, case: Case) -> Verdict | None:
    if case.envelope is None:
        return case.stop(Verdict.UNREADABLE, detail=spelt(tuple(case.faults)))
    now = equipment.ambient.now()
    arrival = case.arrival
    found = equipment.partners.identify(
        case.envelope, now, remote=arrival.remote, addressee=arrival.addressee
    )
    if isinstance(found, Refused):
        return refuse(case, found)
    case.partner, case.test = found.partner, found.test
    if found.slot != "current":
        case.log_note = f"proven by the {found.slot} {found.proof}"
    return None


def refuse(case: Case, found: Refused) -> Verdict:
    """Stop a case whose sender is not known; the reason is for our log."""
    case.log_note = found.reason
    # What else is wrong with it is nothing that a stranger should be told.
    refusal = fault(REFUSALS.get(found.verdict, "PIPELINE-001"))
    return case.stop(found.verdict, refusal, detail=refusal.message)


def _seen_before(equipment: Equipment, case: Case) -> Verdict | None:
    return claimed(equipment, case) if case.contested else None


def claimed(equipment: Equipment, case: Case) -> Verdict | None:
    """Return the verdict of who took the message id before: the same again, or a conflict."""
    if case.partner is None or case.external_id is None:
        return None
    with equipment.database.read() as connection:
        claim = claim_of(connection, case.partner.id, case.arrival.syntax, case.external_id)
    if claim is None:
        return None
    if claim.body_sha256 != case.body_sha256:
        return case.stop(Verdict.CONFLICT, fault("PIPELINE-003", found=case.external_id))
    case.claim = claim
    return Verdict(claim.verdict)


def _structure(equipment: Equipment, case: Case) -> Verdict | None:
    if case.partner is not None and case.dialect.strict:
        stopped = _read(equipment, case, strict=True)
        if stopped is not None:
            return stopped
    if has_errors(tuple(case.faults)):
        return case.stop(Verdict.INVALID, detail=spelt(tuple(case.faults)))
    return None


def _map(equipment: Equipment, case: Case) -> Verdict | None:
    partner, message = case.partner, case.message
    if partner is None or message is None:
        return Verdict.UNREADABLE
    if not partner.accepts(message.name):
        return case.stop(Verdict.FORBIDDEN, fault("PIPELINE-002", found=message.name))
    exchange = equipment.edi.get(case.arrival.syntax)
    settled = None if exchange is None else exchange.settlement(message)
    if settled is not None:
        case.document = settled
        case.references += references_in(settled)
        return None
    reader = equipment.library(partner).reader(case.arrival.syntax, message.name)
    if reader is None:
        return case.stop(Verdict.UNSUPPORTED, fault("PIPELINE-006", found=message.name))
    mapped = reader.read(message, **partner.edi.known)
    case.document = mapped.document
    case.mapping = f"{mapped.mapping} {mapped.version}"
    case.faults += mapped.faults
    if mapped.document is None or has_errors(mapped.faults):
        return case.stop(Verdict.INVALID, detail=spelt(mapped.faults))
    case.references += references_in(mapped.document)
    return None


def _order(equipment: Equipment, case: Case) -> Verdict | None:
    document, partner = case.document, case.partner
    if partner is None or not isinstance(document, ORDERS):
        return None
    number, version = document.order_id, document.order_version or ""
    if len(number) > MAX_NUMBER or len(version) > MAX_VERSION:
        return case.stop(Verdict.INVALID, fault("PIPELINE-008", found=number[:80]))
    case.core_key = core_key_of(partner, document)
    new = type(document) is Order
    if new and not case.contested:
        return Verdict.ACCEPTED
    with equipment.database.read() as connection:
        taken = order_taken(connection, partner.id, number, version)
        earlier = () if new else messages_about(connection, partner.id, number)
    if taken is not None and (new or (isinstance(document, OrderChange) and version)):
        # The same message may have been committed by another thread since we looked.
        return claimed(equipment, case) or case.stop(
            Verdict.CONFLICT, fault("PIPELINE-004", found=f"{number} {version}".strip())
        )
    return Verdict.ACCEPTED if new else _follow(case, earlier)


def core_key_of(partner: Partner, order: Order | OrderCancellation) -> str:
    """Return our reference in the core: partner, number and version, `:` between them only."""
    parts = filter(None, (partner.id, order.order_id, order.order_version))
    return ":".join(map(_escaped, parts))


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")


def _follow(case: Case, earlier: Sequence[StoredMessage]) -> Verdict:
    """Give a change or cancellation the core's name of the order that it is about."""
    orders = [one for one in earlier if one.kind == "order"]
    if not orders:
        return case.stop(Verdict.PRECONDITION, fault("PIPELINE-005"))
    case.core_key = orders[-1].core_key
    if isinstance(case.document, OrderChange) and case.document.partial:
        return _completed(case, case.document, earlier)
    return Verdict.ACCEPTED


def _completed(case: Case, change: OrderChange, earlier: Sequence[StoredMessage]) -> Verdict:
    """Make a change of some lines one of the whole order, as it was agreed last."""
    latest = next(
        one
        for one in reversed(earlier)
        if one.kind in ("order", "order-change")
        and one.document is not None
        and (one.state != State.REJECTED or one.kind == "order")
    )
    whole, vain = changed_order(load_as(Order, latest.document or b""), change)
    if vain:
        lines = ", ".join(vain[:SHOWN_FAULTS])
        return case.stop(Verdict.INVALID, fault("PIPELINE-028", found=f"line {lines}"))
    case.document = whole
    return Verdict.ACCEPTED


def _handle(equipment: Equipment, case: Case) -> Verdict | None:
    document, partner, envelope = case.document, case.partner, case.envelope
    if document is None or partner is None or envelope is None:
        return Verdict.UNREADABLE
    handler = equipment.handlers.get(type(document))
    if handler is None:
        name = case.message.name if case.message else type(document).__name__
        return case.stop(Verdict.UNSUPPORTED, fault("PIPELINE-006", found=name))
    faults = tuple(case.faults)
    syntax = case.arrival.syntax
    outcome = handler(
        Received(case.message_id, partner, document, envelope, faults, syntax, test=case.test)
    )
    case.faults += outcome.faults
    case.references += outcome.references
    case.detail = outcome.detail
    case.insert, case.write = outcome.insert, outcome.write
    case.document = outcome.kept or document
    if outcome.reply is None:
        return outcome.verdict
    own = equipment.own_envelope(partner, test=case.test)
    manner = Manner(syntax, outcome.dialect)

    def write(reply: Document) -> WrittenDocument:
        return write_document(equipment, partner, manner, reply, own)

    _reply(case, outcome.reply, outcome.reduce, write)
    if case.reply is None:
        return case.stop(Verdict.ERROR, fault("PIPELINE-007"))
    return outcome.verdict


def _reply(
    case: Case,
    reply: Document,
    reduce: Reduce | None,
    write: Callable[[Document], WrittenDocument],
) -> None:
    """Write the reply, or what is left of it without what cannot be written."""

    def trial(document: Document) -> tuple[Fault, ...]:
        tried = write(document)
        return () if tried.payload is not None else tried.faults

    written = write(reply)
    if written.payload is None and reduce is not None:
        reply, left_out = reduce(trial)
        case.faults += left_out
        written = write(reply)
    case.faults += written.faults
    case.reply, case.answered = written.payload, reply


def judge_message(equipment: Equipment, case: Case) -> None:
    """Judge one message of an interchange whose sender is known, with what is known of it.

    An error of our own goes out: the job that takes the messages out comes again.
    """
    for check in MESSAGE_CHECKS:
        verdict = check(equipment, case)
        if verdict is not None:
            break
    else:
        verdict = Verdict.ACCEPTED
    case.verdict = verdict


MESSAGE_CHECKS: Final[tuple[Check, ...]] = (_structure, _map, _order, _handle)

CHECKS: Final[tuple[Check, ...]] = (
    _read,
    _identify,
    _seen_before,
    _structure,
    _map,
    _order,
    _handle,
)


def spelt(faults: tuple[Fault, ...]) -> str:
    """Return the worst of `faults` as text for the sender."""
    errors = [one for one in faults if has_errors((one,))] or list(faults)
    more = len(errors) - SHOWN_FAULTS
    text = "\n".join(sentence(one) for one in errors[:SHOWN_FAULTS])
    return f"{text}\nand {more} more" if more > 0 else text
