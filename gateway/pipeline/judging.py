"""Judge one arrival: read, identify, compare with what came before, map, and let it be handled.

`CHECKS` is the order in which that happens; the first check that says stop decides the verdict.
Bytes that cannot be read are never called a matter of identity, and whoever is not identified
learns nothing further. Nothing is written here: the commit is `gateway.pipeline.recording`.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from canonical.document import Document
from canonical.faults import Fault, has_errors
from canonical.wire import Dialect, Payload, Verdict
from gateway.errors import NotFoundError
from gateway.partners.directory import Refused
from gateway.pipeline.case import YES, Case, Check, claimed, refuse, spelt
from gateway.pipeline.contract import Arrival, Received, Reduce
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.ordering import judge_order
from gateway.pipeline.writing import Manner, WrittenDocument, write_document
from gateway.store.payloads import sha256_of
from gateway.store.references import references_in

_log: Final = structlog.get_logger(__name__)


def judge(
    equipment: Equipment,
    arrival: Arrival,
    *,
    contested: bool = False,
    checks: Sequence[Check] | None = None,
) -> Case:
    """Return the case with its verdict and reply; an error of our own is a verdict too.

    `checks` are `CHECKS` unless given. Whether its message id or order number is free shows when
    they are taken, in the commit; only a case that lost them there, or that is refused anyway,
    looks for what came before.
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


def _seen_before(equipment: Equipment, case: Case) -> Verdict | None:
    return claimed(equipment, case) if case.contested else None


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


MESSAGE_CHECKS: Final[tuple[Check, ...]] = (_structure, _map, judge_order, _handle)

CHECKS: Final[tuple[Check, ...]] = (
    _read,
    _identify,
    _seen_before,
    _structure,
    _map,
    judge_order,
    _handle,
)
