"""Commit a judged case: bytes, message, references, timeline, claims and job, all or nothing.

The answer leaves only after this returns. Whoever comes second with a name that somebody else
took meanwhile gets `TakenError`: judged again, it will find the first. What is to be written is
put together before anybody is waited for, so that many arrivals can be committed as one.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from canonical.order import Order, OrderCancellation, OrderChange
from canonical.stored import NAMES, dump
from canonical.wire import Payload
from gateway.pipeline.case import YES, Case
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.jobs import Placing
from gateway.pipeline.states import MOVED_BY_JOBS, State
from gateway.store.claims import take_order
from gateway.store.interchanges import Direction, Interchange, record_interchange
from gateway.store.messages import StoredMessage, record_message
from gateway.store.payloads import StoredPayload
from gateway.store.references import record_references
from gateway.store.rows import Batch
from gateway.store.timeline import Entry, record_entry

MAX_MEDIA_TYPE: Final = 255


def put_together(equipment: Equipment, case: Case) -> Batch:
    """Return all that is to be recorded of `case`, for `Database.append`."""
    arrival, reply = case.arrival, case.reply
    codec = equipment.codecs[arrival.syntax]
    archived = codec.redacted(arrival.content, arrival.media_type)
    body = equipment.archive.prepare(archived)
    answer = None if reply is None else equipment.archive.prepare(reply.content)
    now = equipment.ambient.now()
    interchange = _interchange(case, body, reply, answer)
    batch = equipment.database.batch()
    record_interchange(batch, interchange)
    equipment.archive.keep(batch, now, body, *(() if answer is None else (answer,)))
    if case.claim is None:
        _record_message(batch, equipment, case, now)
        _take_order(batch, case)
        _record_entry(batch, case, interchange, now)
        if case.verdict in YES:
            _record_effect(batch, case)
    return batch


def record_unpacked(equipment: Equipment, cases: Sequence[Case], interchange: Interchange) -> None:
    """Commit messages of an interchange that is on record; all of them, or raises `TakenError`."""
    now = equipment.ambient.now()
    batch = equipment.database.batch()
    for case in cases:
        _record_message(batch, equipment, case, now)
        _take_order(batch, case)
        _record_entry(batch, case, interchange, now)
        if case.verdict in YES:
            _record_effect(batch, case)
    equipment.database.append(batch)


def _record_effect(batch: Batch, case: Case) -> None:
    """Add what the handler has to store."""
    if case.insert is not None:
        case.insert(batch)
    if case.write is not None:
        batch.also(case.write)


def _interchange(
    case: Case, body: StoredPayload, reply: Payload | None, answer: StoredPayload | None
) -> Interchange:
    arrival, claim = case.arrival, case.claim
    reply_sha256 = answer.sha256 if answer is not None else None
    reply_media_type = reply.media_type if reply is not None else None
    if claim is not None:
        reply_sha256, reply_media_type = claim.reply_sha256, claim.reply_media_type
    claimant = None
    taken = case.verdict in YES and answer is not None and case.born is not State.HELD
    if claim is None and case.partner is not None and taken:
        claimant = case.partner.id
    return Interchange(
        id=case.interchange_id,
        direction=Direction.IN,
        syntax=arrival.syntax,
        endpoint=arrival.origin,
        media_type=arrival.media_type[:MAX_MEDIA_TYPE],
        body_sha256=case.body_sha256,
        payload_sha256=body.sha256,
        received_at=arrival.received_at,
        remote=arrival.remote[:MAX_MEDIA_TYPE],
        verdict=case.verdict.value,
        reply_sha256=reply_sha256,
        reply_media_type=reply_media_type,
        claimant=claimant,
        claimed_id=None if claimant is None else case.claimed_as,
    )


def state_of(case: Case) -> State:
    """Return the state that a new message begins in."""
    if case.born is not None:
        return case.born
    if case.verdict not in YES:
        return State.REFUSED
    return State.ACCEPTED if case.is_order else State.ANSWERED


def _record_message(batch: Batch, equipment: Equipment, case: Case, now: datetime) -> None:
    document, state = case.document, state_of(case)
    order = document if isinstance(document, (Order, OrderCancellation)) else None
    step, job = MOVED_BY_JOBS.get(state), None
    if step is not None:
        job = f"{step}:{case.message_id}:1"
        batch.also(_submission(equipment, case, step, job))
    record_message(
        batch,
        StoredMessage(
            id=case.message_id,
            interchange=case.interchange_id,
            direction=Direction.IN,
            syntax=case.arrival.syntax,
            state=state,
            created_at=now,
            updated_at=now,
            partner=case.partner.id if case.partner else None,
            name=case.name[:64] or None,
            kind=NAMES[type(document)] if document is not None else None,
            document=dump(document) if document is not None else None,
            external_id=case.external_id,
            order_id=order.order_id[:255] if order else None,
            order_version=order.order_version[:64] if order and order.order_version else None,
            core_key=case.core_key,
            mapping=case.mapping,
            validation=_validation(case, state),
            delivery="pending" if state is State.ACCEPTED else "none",
            acknowledgement=_acknowledgement(case, state),
            jobs=0 if job is None else 1,
            job=job,
            test=case.test,
        ),
    )
    known = [("message-id", case.external_id)] if case.external_id else []
    record_references(batch, case.message_id, tuple(dict.fromkeys(known + case.references)))


def _submission(
    equipment: Equipment, case: Case, step: str, job: str
) -> Callable[[sa.Connection], None]:
    """Return what enqueues the first step of a message."""
    arguments = (case.message_id, "1", "1")
    return lambda connection: equipment.engine.submit(
        connection, step, job, arguments, Placing(queue=step)
    )


def _acknowledgement(case: Case, state: State) -> str:
    """Return what the sender was told: of an interchange nothing yet."""
    if state is State.ARRIVED:
        return "pending"
    return "positive" if case.verdict in YES else "negative"


def _validation(case: Case, state: State) -> str:
    if state is State.REFUSED:
        return "refused"
    return "warnings" if case.faults else "valid"


def _take_order(batch: Batch, case: Case) -> None:
    partner, order = case.partner, case.document
    if partner is None or case.verdict not in YES or not isinstance(order, Order):
        return
    version = order.order_version or ""
    if isinstance(order, OrderChange) and not version:
        return
    take_order(batch, partner.id, order.order_id, version, case.message_id)


def _record_entry(batch: Batch, case: Case, interchange: Interchange, now: datetime) -> None:
    record_entry(
        batch,
        Entry(
            message=case.message_id,
            at=now,
            step="receive",
            state=state_of(case),
            input_sha256=interchange.payload_sha256,
            output_sha256=interchange.reply_sha256,
            mapping=case.mapping,
            duration_us=round((time.perf_counter() - case.started) * 1_000_000),
            faults=tuple(case.faults),
            note=case.log_note or f"answered {case.verdict.value}",
        ),
    )
