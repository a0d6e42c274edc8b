"""Record an outgoing message before it travels: mapped, written, checked, archived."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from canonical.document import Document
from canonical.stored import NAMES, dump
from canonical.wire import Dialect, Envelope, Payload
from gateway.partners.model import Partner
from gateway.pipeline.contract import Sent
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.jobs import Placing
from gateway.pipeline.numbering import numbered
from gateway.pipeline.states import State
from gateway.pipeline.writing import Manner, WrittenDocument, write_document
from gateway.store.interchanges import Direction, Interchange, record_interchange
from gateway.store.messages import StoredMessage, record_message
from gateway.store.payloads import sha256_of
from gateway.store.references import record_references, references_in
from gateway.store.timeline import Entry, record_entry


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Hold what is to be sent: `endpoint` is empty when a browser carries it, not a job.

    `message_id` may be given so that a step which runs twice makes one message; `cause` is the
    message that this one answers. `dialect` stands above the partner's own.
    """

    partner: Partner
    document: Document
    syntax: str = "cxml"
    endpoint: str = ""
    references: Sequence[tuple[str, str]] = ()
    message_id: str | None = None
    cause: str | None = None
    test: bool = False
    dialect: Dialect | None = None
    answered: bool = True
    """The partner says later, or at once, what became of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold an outgoing message that is written but not recorded yet.

    `rewritten` writes it anew in another envelope: what carries a control number gets it in the
    transaction that records it, so that none is skipped or used twice.
    """

    outgoing: Outgoing
    envelope: Envelope
    written: WrittenDocument
    sent: Sent
    duration_us: int
    rewritten: Callable[[Envelope], Payload] | None = None


def draft(equipment: Equipment, outgoing: Outgoing) -> Draft:
    """Write `outgoing`; opens no transaction."""
    started = time.perf_counter()
    partner, syntax, proof = outgoing.partner, outgoing.syntax, bool(outgoing.endpoint)
    envelope = equipment.own_envelope(partner, test=outgoing.test, proof=proof, syntax=syntax)
    manner = Manner(syntax, outgoing.dialect)
    written = write_document(equipment, partner, manner, outgoing.document, envelope)
    message_id = outgoing.message_id or equipment.ambient.new_id()
    duration = round((time.perf_counter() - started) * 1_000_000)
    sent = Sent(written.payload, message_id, written.faults)
    markup, codec = written.markup, equipment.codecs[syntax]
    if syntax not in equipment.edi or markup is None:
        return Draft(outgoing, envelope, written, sent, duration)
    dialect = outgoing.dialect or partner.dialect_of(syntax)
    return Draft(
        outgoing,
        envelope,
        written,
        sent,
        duration,
        rewritten=lambda own: codec.write(markup, own, dialect),
    )


def _numbered(connection: sa.Connection, made: Draft) -> Draft:
    """Return a draft with the control number that it keeps."""
    if made.rewritten is None or made.written.payload is None:
        return made
    outgoing = made.outgoing
    envelope = numbered(connection, outgoing.partner.id, outgoing.syntax, made.envelope)
    payload = made.rewritten(envelope)
    return replace(
        made,
        envelope=envelope,
        written=replace(made.written, payload=payload),
        sent=replace(made.sent, payload=payload),
    )


def record_draft(connection: sa.Connection, equipment: Equipment, made: Draft) -> None:
    """Record a written message in the caller's transaction, with the job that sends it."""
    made = _numbered(connection, made)
    outgoing, written, message_id = made.outgoing, made.written, made.sent.message_id
    now = made.envelope.sent_at or equipment.ambient.now()
    interchange_id = equipment.ambient.new_id()
    state = State.PREPARED if written.payload is not None else State.REFUSED
    sha256 = _archive(connection, equipment, outgoing, written.payload, interchange_id)
    job = None
    if outgoing.endpoint and state is State.PREPARED:
        job = f"respond:{message_id}:1"
        placing = Placing(queue="respond")
        equipment.engine.submit(connection, "respond", job, (message_id, "1", "1"), placing)
    record_message(
        connection,
        StoredMessage(
            id=message_id,
            interchange=interchange_id,
            direction=Direction.OUT,
            syntax=outgoing.syntax,
            state=state,
            created_at=now,
            updated_at=now,
            partner=outgoing.partner.id,
            name=written.name or None,
            kind=NAMES[type(outgoing.document)],
            document=dump(outgoing.document),
            external_id=made.envelope.message_id,
            cause=outgoing.cause,
            mapping=written.mapping,
            validation="valid" if state is State.PREPARED else "refused",
            delivery="pending" if job else "none",
            acknowledgement="pending" if job and outgoing.answered else "none",
            jobs=0 if job is None else 1,
            job=job,
            test=outgoing.test,
        ),
    )
    names = [(_called(outgoing, equipment), made.envelope.message_id), *outgoing.references]
    names += references_in(outgoing.document)
    record_references(connection, message_id, tuple(dict.fromkeys(names)))
    record_entry(
        connection,
        Entry(
            message=message_id,
            at=now,
            step="emit",
            state=state,
            output_sha256=sha256,
            mapping=written.mapping,
            duration_us=made.duration_us,
            faults=written.faults,
            note=f"for {outgoing.endpoint or 'the browser'}",
        ),
    )


def _called(outgoing: Outgoing, equipment: Equipment) -> str:
    """Return what the sender's id of a message is called in references."""
    return "control" if outgoing.syntax in equipment.edi else "message-id"


def _archive(
    connection: sa.Connection,
    equipment: Equipment,
    outgoing: Outgoing,
    payload: Payload | None,
    interchange_id: str,
) -> str | None:
    """Keep the bytes without secrets; the interchange row stands even when nothing was written."""
    content = b"" if payload is None else payload.content
    media_type = "" if payload is None else payload.media_type
    codec = equipment.codecs[outgoing.syntax]
    archived = codec.redacted(content, media_type) if payload is not None else b""
    stored = equipment.archive.prepare(archived)
    equipment.archive.keep(connection, equipment.ambient.now(), stored)
    record_interchange(
        connection,
        Interchange(
            id=interchange_id,
            direction=Direction.OUT,
            syntax=outgoing.syntax,
            endpoint=outgoing.endpoint,
            media_type=media_type,
            body_sha256=sha256_of(content),
            payload_sha256=stored.sha256,
            received_at=equipment.ambient.now(),
        ),
    )
    return stored.sha256 if payload is not None else None
