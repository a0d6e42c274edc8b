"""Gather what a stream of messages gives into one reading, within bounds.

A stream is read message by message and needs no bound; a reading holds all at once, and strangers
choose how many tiny messages and how much rubbish there is in ten megabytes.
"""

import dataclasses
from collections.abc import Iterable
from typing import Final

from canonical.faults import Fault, FaultTable, Place
from canonical.rows import SegmentTree
from canonical.wire import Envelope, Message, Reading
from edi.weighing import hardened

MESSAGES: Final = 50_000
"""How many messages one reading holds."""

FAULTS_TOLD: Final = 1_000
"""How many faults around messages one reading holds."""

TOO_MANY: Final = "039"
MORE: Final = "040"
"""The numbers of the faults that say so, in every syntax."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """Say how much one reading holds."""

    messages: int = MESSAGES
    faults: int = FAULTS_TOLD


USUAL: Final = Bounds()


def gathered(
    units: Iterable[Message | Fault | Envelope],
    fault: FaultTable,
    prefix: str,
    *,
    strict: bool = False,
    bounds: Bounds = USUAL,
) -> Reading:
    """Return what `units` gives; the envelope is the first one's.

    With `strict` every fault is an error. What is beyond the bounds is told by `fault`, the table
    of the syntax whose codes begin with `prefix`.
    """
    messages: list[Message] = []
    found: list[Fault] = []
    envelope = None
    for unit in units:
        if isinstance(unit, Message):
            if len(messages) == bounds.messages:
                found.append(fault(f"{prefix}-{TOO_MANY}", place=Place(), found=unit.reference))
                break
            messages.append(_hardened(unit) if strict else unit)
        elif isinstance(unit, Fault):
            if len(found) < bounds.faults:
                found.append(hardened(unit) if strict else unit)
            elif len(found) == bounds.faults:
                found.append(fault(f"{prefix}-{MORE}", place=unit.place))
        elif envelope is None:
            envelope = unit
    return Reading(tuple(messages), tuple(found), envelope)


def outlined(unit: Message | Fault | Envelope) -> Message | Fault | Envelope:
    """Return a message without its segments, anything else as it is."""
    if not isinstance(unit, Message) or not isinstance(unit.tree, SegmentTree):
        return unit
    return dataclasses.replace(unit, tree=SegmentTree([[unit.name]], unit.tree.layout))


def _hardened(message: Message) -> Message:
    return dataclasses.replace(message, faults=tuple(map(hardened, message.faults)))
