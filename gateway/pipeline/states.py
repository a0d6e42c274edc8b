"""Know every state of a message and every move between two of them, with its reason.

The one table `MOVES` is all there is: the pipeline asks it, the diagram in the documentation is
made from it. A message is in exactly one state at any moment.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.errors import StateError


class State(StrEnum):
    """Say where a message is."""

    ARRIVED = "arrived"
    """In: an interchange that is stored; a job takes its messages out."""
    ACCEPTED = "accepted"
    """In: stored and answered; its business check waits."""
    CHECKED = "checked"
    """In: the rules let it pass; its delivery waits."""
    DELIVERED = "delivered"
    """In: it had its effect in the core, exactly once."""
    TESTED = "tested"
    """In: a test that the rules let pass; delivered nowhere."""
    REJECTED = "rejected"
    """In: the rules, the core or a person said no."""
    HELD = "held"
    """Waits for a person; the timeline says why."""
    CANCELLED = "cancelled"
    """In: its sender took it back."""
    ANSWERED = "answered"
    """In: had its whole effect when it was taken in (setup, profile, status, interchange)."""
    REFUSED = "refused"
    """Kept as evidence only: nobody was told yes."""
    PREPARED = "prepared"
    """Out: written and archived; a browser or a job carries it."""
    SENT = "sent"
    """Out: the partner has it and said nothing wrong."""
    DISPUTED = "disputed"
    """Out: the partner has it and said no."""


@dataclass(frozen=True, slots=True)
class Move:
    """Allow one move; `reason` completes "becomes <state> when ..."."""

    leaving: State
    entering: State
    reason: str


MOVES: Final = (
    Move(State.ARRIVED, State.ANSWERED, "each of its messages is on record"),
    Move(State.ARRIVED, State.HELD, "its messages cannot be taken out, or nobody is told that not"),
    Move(State.HELD, State.ARRIVED, "a person releases the interchange"),
    Move(State.ACCEPTED, State.CHECKED, "the business rules let it pass"),
    Move(State.ACCEPTED, State.REJECTED, "a business rule refuses it"),
    Move(State.ACCEPTED, State.HELD, "a rule asks a person, or the check failed too often"),
    Move(State.ACCEPTED, State.CANCELLED, "its sender takes it back before the check"),
    Move(State.ACCEPTED, State.TESTED, "it is a test and the rules let it pass"),
    Move(State.CHECKED, State.DELIVERED, "the core has it"),
    Move(State.CHECKED, State.REJECTED, "it comes too late for the core"),
    Move(State.CHECKED, State.HELD, "the core did not take it after all attempts"),
    Move(State.HELD, State.CHECKED, "a person releases it"),
    Move(State.HELD, State.REJECTED, "a person refuses it"),
    Move(State.HELD, State.ACCEPTED, "a person replays it"),
    Move(State.HELD, State.CANCELLED, "its sender takes it back"),
    Move(State.HELD, State.PREPARED, "a person sends it again"),
    Move(State.DELIVERED, State.CANCELLED, "its cancellation reached the core"),
    Move(State.DELIVERED, State.ACCEPTED, "a person replays it; the core knows its reference"),
    Move(State.TESTED, State.ACCEPTED, "a person replays it"),
    Move(State.REJECTED, State.ACCEPTED, "a person replays it"),
    Move(State.REFUSED, State.ACCEPTED, "a person replays it with a mapping that reads it"),
    Move(State.PREPARED, State.SENT, "the partner took it"),
    Move(State.PREPARED, State.DISPUTED, "the partner answered no"),
    Move(State.PREPARED, State.HELD, "the partner did not take it after all attempts"),
    Move(State.SENT, State.DISPUTED, "the partner reports later that it says no"),
    Move(State.DISPUTED, State.SENT, "the partner reports later that it took it"),
    Move(State.DISPUTED, State.PREPARED, "a person sends it again"),
    Move(State.SENT, State.PREPARED, "a person sends it again"),
)

BIRTHS: Final = (
    State.ARRIVED,
    State.ACCEPTED,
    State.ANSWERED,
    State.HELD,
    State.REFUSED,
    State.PREPARED,
)
"""States that a message can begin in."""

MOVED_BY_JOBS: Final = {
    State.ARRIVED: "unpack",
    State.ACCEPTED: "check",
    State.CHECKED: "deliver",
    State.PREPARED: "respond",
}
"""The step that takes a message with a job out of a state: none of them waits for a person."""


def require_move(leaving: str, entering: str) -> Move:
    """Return the move between two states; raises `StateError` when the table has none."""
    for move in MOVES:
        if move.leaving == leaving and move.entering == entering:
            return move
    exits = [move.entering.value for move in MOVES if move.leaving == leaving]
    way_out = ", ".join(exits) if exits else "nowhere"
    message = f"a {leaving} message cannot become {entering}; from here: {way_out}"
    raise StateError(message)


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state.value}" for state in BIRTHS]
    lines += [f"    {m.leaving.value} --> {m.entering.value}: {m.reason}" for m in MOVES]
    return "\n".join(lines) + "\n"
