"""Take the messages out of an interchange, each for itself, then acknowledge it once.

An interchange is read anew by each attempt and its messages have ids that follow from its own, so
that an attempt which died half way is finished by the next: what is on record is left alone. One
bad message is refused and its neighbours go on. The interchange leaves its state in the commit that
records its acknowledgement, with the number that it takes: neither is there without the other.

It is read twice, in pieces: whether its trailer counts right is known at its end only, and till
then no message of it may go on. So no more is held than some messages and what is said of all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Final

import sqlalchemy as sa

from canonical.faults import Fault, has_errors
from canonical.wire import Message, Reading, Receipt
from gateway.errors import NotFoundError, TakenError
from gateway.pipeline.acknowledging import acknowledgement_draft
from gateway.pipeline.advancing import advance
from gateway.pipeline.case import Case
from gateway.pipeline.contract import Arrival
from gateway.pipeline.counting import count
from gateway.pipeline.emitting import record_draft
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.judging import judge_message
from gateway.pipeline.recording import record_unpacked
from gateway.pipeline.states import State
from gateway.pipeline.steps import Task
from gateway.store.interchanges import Interchange, interchange_of
from gateway.store.messages import StoredMessage, known_messages
from gateway.store.timeline import first_faults

TOGETHER: Final = 50
TOGETHER_BYTES: Final = 1 << 18
"""Messages that are judged and committed at once, and about how many bytes of them at most."""
TOLD: Final = 100
"""Faults of messages that are told with an interchange."""


def unpack(task: Task) -> None:
    """Put every message of an interchange on record, then acknowledge it."""
    equipment, carrier = task.shop.equipment, task.message
    codec, interchange = equipment.edi[carrier.syntax], _interchange(equipment, carrier)
    dialect, media_type = task.partner.dialect_of(carrier.syntax), interchange.media_type
    chunks = _archived(equipment, interchange)
    reading = codec.outline(chunks, dialect, media_type=media_type)
    receipts = tuple(map(receipt_of, reading.messages))
    if not has_errors(reading.faults):
        units = codec.messages(_archived(equipment, interchange), dialect, media_type=media_type)
        messages = (unit for unit in units if isinstance(unit, Message))
        cases = _cases(task, interchange, messages, len(receipts))
        for some in _together(cases):
            _put_on_record(equipment, some, interchange)
        receipts = tuple(_with_refusals(equipment, carrier.id, receipts))
    _finish(task, reading, receipts)


def _interchange(equipment: Equipment, carrier: StoredMessage) -> Interchange:
    with equipment.database.read() as connection:
        interchange = interchange_of(connection, carrier.interchange)
    if interchange is None:
        text = f"the interchange of message {carrier.id} is gone"
        raise NotFoundError(text)
    return interchange


def _archived(equipment: Equipment, interchange: Interchange) -> Iterator[bytes]:
    """Give the bytes of an interchange in pieces."""
    with equipment.database.read() as connection:
        return equipment.archive.stream(connection, interchange.payload_sha256)


def receipt_of(message: Message) -> Receipt:
    """Return what an acknowledgement says of a message: what its own syntax has against it."""
    name, _, _ = message.name.partition(".")
    return Receipt(
        name=name,
        reference=message.reference,
        group=message.group,
        group_kind=message.group_kind,
        version=message.envelope.version or "",
        faults=message.faults,
    )


def _with_refusals(
    equipment: Equipment, carrier_id: str, receipts: tuple[Receipt, ...]
) -> Iterator[Receipt]:
    """Add what a mapping or a rule had against messages: their timelines say it."""
    ids = [message_id_of(carrier_id, number) for number, _ in enumerate(receipts)]
    with equipment.database.read() as connection:
        found = first_faults(connection, ids, State.REFUSED)
    for message_id, one in zip(ids, receipts, strict=True):
        known = {fault.code for fault in one.faults}
        refused = found.get(message_id, ())
        yield replace(one, refused=tuple(fault for fault in refused if fault.code not in known))


def message_id_of(carrier_id: str, number: int) -> str:
    """Return the id of the n-th message of an interchange: each attempt finds the same.

    Ids sort by the time of the interchange, then in the order that its messages stand in.
    """
    return f"{carrier_id[:12]}{number:08x}{sha256(carrier_id.encode()).hexdigest()[:12]}"


def number_in(message_id: str) -> int:
    """Return which message of its interchange an id names, the first being 0."""
    return int(message_id[12:20], 16)


def _cases(
    task: Task, interchange: Interchange, messages: Iterable[Message], count: int
) -> Iterator[Case]:
    """Judge the messages that are not on record yet."""
    equipment, carrier = task.shop.equipment, task.message
    ids = [message_id_of(carrier.id, number) for number in range(count)]
    with equipment.database.read() as connection:
        known = known_messages(connection, ids)
    arrival = Arrival(
        syntax=carrier.syntax,
        content=b"",
        media_type=interchange.media_type,
        received_at=interchange.received_at,
        origin=interchange.endpoint,
    )
    for message_id, message in zip(ids, messages, strict=True):
        if message_id not in known:
            case = _case(task, arrival, message_id, message)
            judge_message(equipment, case)
            yield case


def _case(task: Task, arrival: Arrival, message_id: str, message: Message) -> Case:
    return Case(
        arrival=arrival,
        interchange_id=task.message.interchange,
        message_id=message_id,
        body_sha256="",
        envelope=message.envelope,
        message=message,
        partner=task.partner,
        test=task.message.test or message.envelope.test,
        faults=list(message.faults),
    )


def _together(cases: Iterable[Case]) -> Iterator[Sequence[Case]]:
    """Give cases in runs: no more messages than may be held at once."""
    run: list[Case] = []
    held = 0
    for case in cases:
        run.append(case)
        held += 0 if case.message is None else case.message.size
        if len(run) == TOGETHER or held >= TOGETHER_BYTES:
            yield run
            run, held = [], 0
    if run:
        yield run


def _put_on_record(equipment: Equipment, cases: Sequence[Case], interchange: Interchange) -> None:
    try:
        record_unpacked(equipment, cases, interchange)
    except TakenError:
        for case in cases:
            _put_one(equipment, case, interchange)


def _put_one(equipment: Equipment, case: Case, interchange: Interchange) -> None:
    """Record one message; its order number may be taken by a neighbour or by another arrival."""
    try:
        record_unpacked(equipment, (case,), interchange)
    except TakenError:
        case.contested = True
        case.faults = list(case.message.faults) if case.message else []
        case.references.clear()
        judge_message(equipment, case)
        record_unpacked(equipment, (case,), interchange)


def _finish(task: Task, reading: Reading, receipts: tuple[Receipt, ...]) -> None:
    """Move the interchange on; its acknowledgement and its number are noted in the same commit."""
    equipment, carrier, partner = task.shop.equipment, task.message, task.partner
    refused = has_errors(reading.faults)
    bad = sum(has_errors((*one.faults, *one.refused)) for one in receipts)
    taken = 0 if refused else len(receipts)
    theirs, made = reading.envelope, None
    if theirs is not None:
        faults = reading.faults
        made = acknowledgement_draft(equipment, partner, carrier, theirs, receipts, faults)

    def also(connection: sa.Connection) -> None:
        if made is not None:
            record_draft(connection, equipment, made)
        if partner.edi.gaps and theirs is not None:
            count(connection, replace(carrier, state=settled.state), theirs)

    note = f"{taken} of {len(receipts)} messages taken out" + (f", {bad} faulty" if bad else "")
    verdict = "negative" if refused or bad else "positive"
    silent = refused and made is None
    settled = replace(
        task.begun,
        state=State.HELD if silent else State.ANSWERED,
        faults=(*reading.faults, *(_all_of(receipts) if silent else ())),
        note=note if made is not None else f"{note}; no acknowledgement is agreed",
        changes=(("acknowledgement", verdict if made is not None else "none"),),
    )
    advance(equipment, carrier, settled, also)


def _all_of(receipts: Iterable[Receipt]) -> Iterator[Fault]:
    """Give what is wrong with messages of an interchange that is refused and not acknowledged.

    They are on no record of their own, and a person has to tell the sender.
    """
    return islice((fault for one in receipts for fault in one.faults), TOLD)
