"""Hold the states of a punchout session and the moves between them: one table, one reader."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from canonical.punchout import SessionState
from gateway.errors import StateError


class Event(StrEnum):
    """Name what moves a session on."""

    START = "start"
    RETURN = "return"
    CANCEL = "cancel"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Move:
    """Lead from one state to another by an event."""

    source: SessionState
    event: Event
    target: SessionState


MOVES: Final[tuple[Move, ...]] = (
    Move(SessionState.PENDING, Event.START, SessionState.ACTIVE),
    Move(SessionState.PENDING, Event.EXPIRE, SessionState.EXPIRED),
    Move(SessionState.ACTIVE, Event.RETURN, SessionState.RETURNED),
    Move(SessionState.ACTIVE, Event.CANCEL, SessionState.CANCELLED),
    Move(SessionState.ACTIVE, Event.EXPIRE, SessionState.EXPIRED),
)
"""Every move there is; a state without a line of its own as source is final."""

OPEN: Final = tuple(state for state in SessionState if any(move.source is state for move in MOVES))
"""States that still move."""

_TABLE: Final = {(move.source, move.event): move.target for move in MOVES}


def after(state: SessionState, event: Event) -> SessionState:
    """Return the state that `event` leads to; raises `StateError` when it leads nowhere."""
    target = _TABLE.get((state, event))
    if target is None:
        ways = ", ".join(move.event for move in MOVES if move.source is state) or "nothing"
        message = f"a session that is {state} does not {event}; from here: {ways}"
        raise StateError(message)
    return target
