"""Move a message one step on: state, timeline and next job in one commit, or not at all.

Whoever moves a message names the state it was in; if another worker was faster nothing happens,
so a job that runs twice has its effect here once.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from canonical.faults import Fault
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.jobs import JobFilter, Placing
from gateway.pipeline.states import MOVED_BY_JOBS, State, require_move
from gateway.store.messages import StoredMessage, left_behind, message_of, move
from gateway.store.payloads import StoredPayload
from gateway.store.timeline import Entry, record_entry

AlsoWork = Callable[[sa.Connection], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how failed work is tried again: pauses grow from `base` to `cap` seconds.

    `jitter` is the share of each pause that is left to chance, so that many messages that wait
    for one core do not all come at once.
    """

    attempts: int = 12
    base: float = 2.0
    cap: float = 3600.0
    jitter: float = 0.2

    def pause(self, attempt: int, chance: float) -> float:
        """Return the seconds before the attempt that follows `attempt`; `chance` is 0 to 1."""
        full = min(self.cap, self.base * 2.0 ** min(attempt - 1, 40))
        return full * (1 - self.jitter * chance)


@dataclass(frozen=True, slots=True)
class Next:
    """Name the step that follows; `attempt` is counted from 1 in each step."""

    step: str
    attempt: int = 1
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """Say what a step did; `changes` are further columns of the message.

    `input` is what it worked on and `output` what came of it, archived as evidence.
    """

    step: str
    state: State
    attempt: int = 1
    started: float = field(default_factory=time.perf_counter)
    faults: tuple[Fault, ...] = ()
    note: str = ""
    mapping: str | None = None
    input: StoredPayload | None = None
    output: StoredPayload | None = None
    following: Next | None = None
    changes: tuple[tuple[str, object], ...] = ()


def advance(
    equipment: Equipment, message: StoredMessage, made: Advance, also: AlsoWork | None = None
) -> bool:
    """Commit what a step did; False when the message had been moved meanwhile.

    Raises `StateError` for a move that the table does not have.
    """

    def work(connection: sa.Connection) -> bool:
        if not advance_within(connection, equipment, message, made):
            return False
        if also is not None:
            also(connection)
        return True

    return equipment.database.write(work)


def advance_within(
    connection: sa.Connection, equipment: Equipment, message: StoredMessage, made: Advance
) -> bool:
    """Do as `advance` in a transaction of the caller's, so that several messages move at once."""
    if made.state != message.state:
        require_move(message.state, made.state)
    now = equipment.ambient.now()
    changes: dict[str, object] = dict(made.changes)
    changes |= {"state": made.state, "updated_at": now}
    following = made.following
    if following is not None:
        changes |= {"jobs": message.jobs + 1, "job": _key(message, following)}
    if not move(connection, message.id, message.state, message.jobs, changes):
        return False
    if following is not None:
        _submit(connection, equipment, message, following)
    evidence = filter(None, (made.input, made.output))
    equipment.archive.keep(connection, now, *evidence)
    record_entry(
        connection,
        Entry(
            message=message.id,
            at=now,
            step=made.step,
            state=made.state,
            attempt=made.attempt,
            input_sha256=made.input.sha256 if made.input else None,
            output_sha256=made.output.sha256 if made.output else None,
            mapping=made.mapping,
            duration_us=round((time.perf_counter() - made.started) * 1_000_000),
            faults=made.faults,
            note=made.note,
        ),
    )
    return True


def try_again(
    equipment: Equipment,
    message: StoredMessage,
    made: Advance,
    patience: Patience,
    retry_after: float | None = None,
) -> bool:
    """Re-enqueue the step after a pause, or hold the message when it was tried often enough.

    `retry_after` is the least pause in seconds, when the other side named one.
    """
    if made.attempt >= patience.attempts:
        spent = fault("PIPELINE-014", found=f"{made.attempt} attempts")
        held = replace(made, state=State.HELD, faults=(*made.faults, spent))
        return advance(equipment, message, replace(held, changes=(("delivery", "failed"),)))
    pause = patience.pause(made.attempt, random.random())  # noqa: S311 -- spreads load, no secret
    pause = max(pause, retry_after or 0.0)
    note = f"{made.note}; tried again in {pause:.1f} s".removeprefix("; ")
    following = Next(made.step, made.attempt + 1, pause)
    return advance(equipment, message, replace(made, following=following, note=note))


def give_up(equipment: Equipment, arguments: tuple[str, ...], worker: str) -> None:
    """Hold a message whose job killed its workers."""
    if not arguments:
        return
    with equipment.database.read() as connection:
        message = message_of(connection, arguments[0])
    step = MOVED_BY_JOBS.get(State(message.state))
    if step is not None:
        killed = fault("PIPELINE-015", found=f"last worker {worker}")
        advance(equipment, message, Advance(step, State.HELD, faults=(killed,)))


def mend(equipment: Equipment, older_than: float = 60.0) -> int:
    """Give a new job to each message whose job is gone without having moved it; return how many.

    A job and its message commit together, so this finds work only when a job failed for want of
    the database, or was cancelled or lost by other hands.
    """
    before = equipment.ambient.now() - timedelta(seconds=older_than)
    mended, after = 0, ""
    while True:
        with equipment.database.read() as connection:
            page = left_behind(connection, tuple(MOVED_BY_JOBS), before, after)
        if not page:
            return mended
        after = page[-1].id
        keys = tuple(message.job for message in page if message.job)
        alive = {
            job.key
            for job in equipment.engine.jobs(JobFilter(keys=keys, limit=len(keys)))
            if job.status in {"waiting", "running"}
        }
        for message in page:
            if message.job not in alive:
                mended += _mend_one(equipment, message)


def _mend_one(equipment: Equipment, message: StoredMessage) -> bool:
    state = State(message.state)
    step = MOVED_BY_JOBS[state]
    again = Advance(step, state, note="its job was gone; it has a new one", following=Next(step))
    return advance(equipment, message, again)


def _key(message: StoredMessage, following: Next) -> str:
    return f"{following.step}:{message.id}:{message.jobs + 1}"


def _submit(
    connection: sa.Connection, equipment: Equipment, message: StoredMessage, following: Next
) -> None:
    placing = Placing(queue=following.step, delay=following.delay)
    arguments = (message.id, str(following.attempt), str(message.jobs + 1))
    key = _key(message, following)
    equipment.engine.submit(connection, following.step, key, arguments, placing)


DEFAULT_PATIENCE: Final = Patience()
