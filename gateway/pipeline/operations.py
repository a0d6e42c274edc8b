"""Let a person look at messages and decide about those that wait: release, refuse, replay."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import sqlalchemy as sa

from canonical.document import Document
from canonical.faults import Fault, has_errors
from canonical.interchange import ReceivedInterchange
from canonical.order import Order, OrderChange
from canonical.stored import NAMES, dump, load
from canonical.wire import Message
from gateway.errors import GatewayError, NotFoundError, StateError
from gateway.partners.model import Partner
from gateway.pipeline.advancing import Advance, AlsoWork, Next, advance
from gateway.pipeline.answering import judgement_of
from gateway.pipeline.case import ORDERS
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.ordering import completed, core_key_of
from gateway.pipeline.states import MOVED_BY_JOBS, State, require_move
from gateway.pipeline.steps import Task, Workshop, finish
from gateway.pipeline.unpacking import number_in
from gateway.store.claims import messages_before, take_order
from gateway.store.database import Database
from gateway.store.interchanges import Interchange, interchange_of
from gateway.store.messages import (
    MessageFilter,
    StoredMessage,
    find_messages,
    is_message,
    message_of,
)
from gateway.store.payloads import PayloadArchive
from gateway.store.references import record_references, references_in, references_of
from gateway.store.timeline import Entry, timeline_of

MAX_NAMED: Final = 10
INTERCHANGE: Final = NAMES[ReceivedInterchange]
"""The kind of what stands for an interchange whose messages a job takes out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold all that is known of one message; payloads are None unless asked for."""

    message: StoredMessage
    interchange: Interchange | None
    references: Sequence[tuple[str, str]]
    timeline: Sequence[Entry]
    payload: bytes | None = None
    reply: bytes | None = None


class ReplayError(GatewayError):
    """Report a message that cannot be read again; `faults` say why."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


def list_messages(database: Database, wanted: MessageFilter) -> Sequence[StoredMessage]:
    """Return the newest messages that fit."""
    with database.read() as connection:
        return find_messages(connection, wanted)


def message_named(database: Database, name: str) -> str:
    """Return the id of the message that `name` names: its own, or a number that only it has.

    Raises `NotFoundError` when there is none, or when several have that number.
    """
    with database.read() as connection:
        if is_message(connection, name):
            return name
        found = find_messages(connection, MessageFilter(reference=name, limit=MAX_NAMED))
    if len(found) == 1:
        return found[0].id
    if not found:
        text = f"there is no message {name}; list them with: gateway messages list"
        raise NotFoundError(text)
    listed = "".join(f"\n  {one.id}  {one.state}  {one.name}" for one in found)
    text = f"several messages have the number {name}; name one of them:{listed}"
    raise NotFoundError(text)


def show_message(
    database: Database, archive: PayloadArchive, message_id: str, *, payload: bool = False
) -> Shown:
    """Return one message with its timeline; raises `NotFoundError`."""
    with database.read() as connection:
        message = message_of(connection, message_id)
        interchange = interchange_of(connection, message.interchange)
        shown = Shown(
            message,
            interchange,
            references_of(connection, message_id),
            timeline_of(connection, message_id),
        )
        if not payload or interchange is None:
            return shown
        reply = interchange.reply_sha256
        return replace(
            shown,
            payload=archive.load(connection, interchange.payload_sha256),
            reply=None if reply is None else archive.load(connection, reply),
        )


def release(equipment: Equipment, message_id: str, reason: str) -> None:
    """Let a held message go on; raises `StateError` when it is not held.

    An order that the rules have judged goes to the core; one that was held before they could judge
    it (the core did not answer then) is judged first; of an interchange the messages are taken out.
    One of ours is sent again.
    """
    message = _message(equipment, message_id)
    _require_held(message)
    if message.direction == "out":
        _send_again(equipment, message, reason)
        return
    judged = message.judgement is not None or message.kind == "order-cancellation"
    if message.kind == INTERCHANGE:
        state = State.ARRIVED
    else:
        state = State.CHECKED if judged else State.ACCEPTED
    made = Advance(
        "release",
        state,
        note=reason,
        following=Next(MOVED_BY_JOBS[state]),
        changes=(("delivery", "none" if state is State.ARRIVED else "pending"),),
    )
    _advance(equipment, message, made)


def refuse(shop: Workshop, message_id: str, reason: str) -> None:
    """Refuse a held order; the partner is told if it wants to be.

    Raises `StateError` when it is not held, or is one of ours: there is nobody to be refused.
    """
    message = _message(shop.equipment, message_id)
    _require_held(message)
    if message.direction == "out":
        text = (
            f"message {message_id} is one of ours, which its partner did not take; it is not "
            f"refused but sent again: gateway messages release {message_id} --reason TEXT"
        )
        raise StateError(text)
    partner, document = _parts(shop.equipment, message)
    made = Advance("release", State.REJECTED, note=reason, changes=(("delivery", "none"),))
    task = Task(shop, message, partner, document, made)
    finish(task, made, judgement_of(message), rejected=True)


def replay(
    equipment: Equipment, message_id: str, reason: str = "", *, current_mapping: bool = False
) -> None:
    """Work on a message anew, under the same reference in the core.

    With `current_mapping` its document is made again from the archived bytes. Raises `StateError`
    for a state that it cannot leave, `ReplayError` for one that had no effect to repeat.
    """
    message = _message(equipment, message_id)
    if message.direction == "out":
        _send_again(equipment, message, reason)
        return
    require_move(message.state, State.ACCEPTED)
    started = time.perf_counter()
    faults: tuple[Fault, ...] = ()
    changes: dict[str, object] = {"judgement": None, "delivery": "pending"}
    core_key, also = message.core_key, None
    if current_mapping:
        document, mapping, faults = _mapped_again(equipment, message)
        document = _whole(equipment, message, document)
        changes |= {"document": dump(document), "mapping": mapping}
        if core_key is None and type(document) is Order:
            core_key = core_key_of(equipment.partners.get(message.partner or ""), document)
            changes |= _names(document, core_key)
            also = _taking(message, document)
    elif message.document is None:
        text = f"message {message_id} was never read: replay it with --current-mapping"
        raise ReplayError(text)
    if core_key is None:
        text = (
            f"message {message_id} was refused before it had a place in the core; ask for it anew"
        )
        raise ReplayError(text, faults)
    made = Advance(
        "replay",
        State.ACCEPTED,
        started=started,
        faults=faults,
        note=reason,
        following=Next("check"),
        changes=tuple(changes.items()),
    )
    _advance(equipment, message, made, also)


def _names(order: Order, core_key: str) -> dict[str, object]:
    """Return what a message is known by once its order could be read."""
    return {
        "kind": NAMES[type(order)],
        "validation": "valid",
        "core_key": core_key,
        "order_id": order.order_id,
        "order_version": order.order_version,
    }


def _taking(message: StoredMessage, order: Order) -> AlsoWork:
    """Return what takes an order's number for a message that was refused before it had one."""

    def also(connection: sa.Connection) -> None:
        version = order.order_version or ""
        if not take_order(connection, message.partner or "", order.order_id, version, message.id):
            text = f"order {order.order_id} came in again meanwhile, in another message"
            raise ReplayError(text)
        record_references(connection, message.id, references_in(order))

    return also


def _whole(equipment: Equipment, message: StoredMessage, document: Document) -> Document:
    """Return what was read again, a change in part as one of the whole order."""
    if message.core_key is None or not isinstance(document, OrderChange) or not document.partial:
        return document
    with equipment.database.read() as connection:
        earlier = messages_before(connection, message)
    if not any(one.kind == "order" for one in earlier):
        text = f"message {message.id} changes some lines of an order that came after it"
        raise ReplayError(text)
    whole, faults = completed(document, earlier)
    if faults:
        text = f"message {message.id} does not fit its order any more"
        raise ReplayError(text, faults)
    return whole


def _mapped_again(
    equipment: Equipment, message: StoredMessage
) -> tuple[Document, str, tuple[Fault, ...]]:
    partner = equipment.partners.get(message.partner or "")
    with equipment.database.read() as connection:
        interchange = interchange_of(connection, message.interchange)
        if interchange is None:
            text = f"the interchange of message {message.id} is gone"
            raise NotFoundError(text)
    received, faults = _read_again(equipment, message, partner, interchange)
    name = "" if received is None else received.name
    reader = equipment.library(partner).reader(message.syntax, name)
    if received is None or reader is None:
        text = f"message {message.id} holds nothing that a mapping reads as an order"
        raise ReplayError(text, faults)
    mapped = reader.read(received, **partner.edi.known)
    if isinstance(mapped.document, ORDERS) and not has_errors(mapped.faults):
        return mapped.document, f"{mapped.mapping} {mapped.version}", mapped.faults
    text = f"message {message.id} still cannot be read"
    raise ReplayError(text, mapped.faults)


def _read_again(
    equipment: Equipment, message: StoredMessage, partner: Partner, interchange: Interchange
) -> tuple[Message | None, tuple[Fault, ...]]:
    """Return a message as its archived bytes say it, and what is wrong with it or around it.

    Of an interchange of many it alone is held; among its neighbours it is known by its place, for
    their references may be the same. All of the bytes are read, which proves them.
    """
    syntax, stored = message.syntax, interchange.payload_sha256
    exchange, dialect = equipment.edi.get(syntax), partner.dialect_of(syntax)
    with equipment.database.read() as connection:
        if exchange is None:
            content = equipment.archive.load(connection, stored)
            codec = equipment.codecs[syntax]
            reading = codec.read(content, interchange.media_type, dialect=dialect)
            return next(iter(reading.messages), None), reading.faults
        chunks = equipment.archive.stream(connection, stored)
    units = exchange.messages(chunks, dialect, media_type=interchange.media_type)
    messages = (unit for unit in units if isinstance(unit, Message))
    received = next(islice(messages, number_in(message.id), None), None)
    for _ in chunks:
        pass
    return received, () if received is None else received.faults


def _send_again(equipment: Equipment, message: StoredMessage, reason: str) -> None:
    require_move(message.state, State.PREPARED)
    made = Advance(
        "replay",
        State.PREPARED,
        note=reason,
        following=Next("respond"),
        changes=(("delivery", "pending"), ("acknowledgement", "pending")),
    )
    _advance(equipment, message, made)


def _require_held(message: StoredMessage) -> None:
    if message.state != State.HELD:
        text = f"message {message.id} is {message.state}; only a held one can be decided about"
        raise StateError(text)


def _message(equipment: Equipment, message_id: str) -> StoredMessage:
    with equipment.database.read() as connection:
        return message_of(connection, message_id)


def _parts(equipment: Equipment, message: StoredMessage) -> tuple[Partner, Document]:
    if message.document is None:
        text = f"message {message.id} has no document"
        raise ReplayError(text)
    return equipment.partners.get(message.partner or ""), load(message.document)


def _advance(
    equipment: Equipment, message: StoredMessage, made: Advance, also: AlsoWork | None = None
) -> None:
    if not advance(equipment, message, made, also):
        text = f"message {message.id} was moved by somebody else meanwhile; look at it again"
        raise StateError(text)
