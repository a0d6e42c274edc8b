"""Send a recorded message to the partner's endpoint and read what it says to it.

Each attempt sends the same message: id and time stay, as cXML asks; only the secret, which is never
stored, is put in anew. An interchange of EDI has none: its archived bytes are what leaves, and what
the partner makes of it comes later, as an interchange of its own.
"""

from dataclasses import replace

import msgspec
import sqlalchemy as sa

from canonical.wire import Payload, Status
from gateway.errors import TransportError
from gateway.pipeline.advancing import Advance, advance, try_again
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.states import State
from gateway.pipeline.steps import Task
from gateway.pipeline.writing import Manner, WrittenDocument, write_document
from gateway.store.interchanges import Interchange, interchange_of, record_reply

PATIENCE_CODES = range(500, 600)
"""Statuses after which the same message may succeed later."""


def respond(task: Task) -> None:
    """Send the message; what the partner answers sets the acknowledgement status."""
    equipment, message = task.shop.equipment, task.message
    with equipment.database.read() as connection:
        interchange = interchange_of(connection, message.interchange)
    exchanged = message.syntax in equipment.edi
    if interchange is None:
        written = WrittenDocument(None)
    elif exchanged:
        written = WrittenDocument(_archived(equipment, interchange))
    else:
        written = _written(task)
    if written.payload is None or interchange is None:
        advance(equipment, message, replace(task.begun, state=State.HELD, faults=written.faults))
        return
    try:
        answer = task.shop.sender.send(interchange.endpoint, written.payload)
    except TransportError as error:
        made = replace(task.begun, faults=(fault("PIPELINE-020"),), note=str(error))
        try_again(equipment, message, made, task.shop.patience)
        return
    if exchanged:
        _sent(task, interchange.endpoint)
    else:
        _take_answer(task, answer, _status(task, answer))


def _written(task: Task) -> WrittenDocument:
    """Return the message with the secret that proves it."""
    equipment, message = task.shop.equipment, task.message
    envelope = equipment.own_envelope(task.partner, test=message.test, proof=True)
    envelope = msgspec.structs.replace(
        envelope,
        message_id=message.external_id or envelope.message_id,
        sent_at=message.created_at,
    )
    manner = Manner(message.syntax)
    return write_document(equipment, task.partner, manner, task.document, envelope)


def _archived(equipment: Equipment, interchange: Interchange) -> Payload:
    with equipment.database.read() as connection:
        content = equipment.archive.load(connection, interchange.payload_sha256)
    return Payload(content=content, media_type=interchange.media_type)


def _sent(task: Task, endpoint: str) -> None:
    """Note that the bytes are there; an acknowledgement that is owed still waits."""
    owed = task.partner.edi.acknowledged_within_hours is not None
    waits = owed and task.message.acknowledgement == "pending"
    made = replace(
        task.begun,
        state=State.SENT,
        note=f"taken by {endpoint}",
        changes=(("delivery", "delivered"), ("acknowledgement", "pending" if waits else "none")),
    )
    advance(task.shop.equipment, task.message, made)


def _status(task: Task, answer: Payload) -> Status | None:
    codec = task.shop.equipment.codecs[task.message.syntax]
    reading = codec.read(answer.content, answer.media_type)
    return next((one.status for one in reading.messages if one.status is not None), None)


def _take_answer(task: Task, answer: Payload, status: Status | None) -> None:
    equipment, message = task.shop.equipment, task.message
    stored = equipment.archive.prepare(answer.content)
    said = "no status" if status is None else f"{status.code} {status.text}"
    made = replace(task.begun, output=stored, note=f"the partner answered {said}")
    if status is None or status.code in PATIENCE_CODES:
        again = replace(made, faults=(fault("PIPELINE-020", found=said),))
        try_again(equipment, message, again, task.shop.patience)
        return
    accepted = status.code < 300  # noqa: PLR2004 -- the class of codes that says yes
    made = _settled(made, said, accepted=accepted)

    def also(connection: sa.Connection) -> None:
        record_reply(connection, message.interchange, stored.sha256, answer.media_type)

    advance(equipment, message, made, also)


def _settled(made: Advance, said: str, *, accepted: bool) -> Advance:
    acknowledgement = "positive" if accepted else "negative"
    return replace(
        made,
        state=State.SENT if accepted else State.DISPUTED,
        faults=() if accepted else (fault("PIPELINE-021", found=said),),
        changes=(("delivery", "delivered"), ("acknowledgement", acknowledgement)),
    )
