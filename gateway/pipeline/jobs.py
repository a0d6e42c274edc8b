"""Say what the pipeline asks of an engine that runs jobs durably: six verbs, no queue logic.

A job is a name and a few ids; the truth about a message lives in our own tables. An engine may
run a job more than once and must run it at least once, so a job first looks whether its work is
still to be done. `gateway.pipeline.engine` is the durable one, `InlineEngine` the one for tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import sqlalchemy as sa

Job = Callable[..., None]
"""Do one piece of work that the ids name; takes only strings."""

QUEUES: Final = ("check", "deliver", "respond", "upkeep")
"""Every queue there is; few, since each costs a polling thread in a worker."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Say where and when a job runs: lower `priority` first, `delay` in seconds."""

    queue: str
    priority: int = 1
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Choose jobs; what is None does not matter."""

    keys: tuple[str, ...] | None = None
    queue: str | None = None
    status: tuple[str, ...] | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class JobState:
    """Tell how a job stands: `status` is waiting, running, done, failed or cancelled."""

    key: str
    job: str
    queue: str | None
    status: str


class Engine(Protocol):
    """Run jobs; see the module."""

    def submit(
        self, connection: sa.Connection, job: str, key: str, args: tuple[str, ...], placing: Placing
    ) -> None:
        """Enqueue in the caller's transaction; a key that is known already changes nothing."""

    def jobs(self, wanted: JobFilter) -> tuple[JobState, ...]:
        """Return jobs as they stand."""

    def cancel(self, key: str) -> None:
        """Stop a job before it runs, or keep a running one from being run again."""

    def replay(self, key: str) -> None:
        """Run a finished job again under its key."""


@dataclass(slots=True)
class InlineEngine:
    """Keep jobs in memory and run them when `drain` is called, in this thread.

    For unit tests: `waiting` shows what was asked for. Delays are not waited for.
    """

    handlers: Mapping[str, Job] = field(default_factory=dict)
    waiting: dict[str, tuple[str, tuple[str, ...], Placing]] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)

    def submit(
        self,
        connection: sa.Connection,  # noqa: ARG002 -- part of the contract
        job: str,
        key: str,
        args: tuple[str, ...],
        placing: Placing,
    ) -> None:
        """Remember a job unless its key is known."""
        if key not in self.waiting and key not in self.done:
            self.waiting[key] = (job, args, placing)

    def jobs(self, wanted: JobFilter) -> tuple[JobState, ...]:
        """Return the jobs by key; queues and limits do not matter here."""
        known = [
            JobState(key, job, placing.queue, "waiting")
            for key, (job, _args, placing) in self.waiting.items()
        ]
        known += [JobState(key, job, None, "done") for key, job in self.done.items()]
        return tuple(job for job in known if wanted.keys is None or job.key in wanted.keys)

    def cancel(self, key: str) -> None:
        """Forget a waiting job."""
        self.waiting.pop(key, None)

    def replay(self, key: str) -> None:
        """Allow a key again."""
        self.done.pop(key, None)

    def drain(self, limit: int = 1000) -> int:
        """Run what waits, and what that enqueues, oldest first; return how many ran."""
        ran = 0
        while self.waiting and ran < limit:
            key = next(iter(self.waiting))
            job, args, _placing = self.waiting.pop(key)
            self.done[key] = job
            self.handlers[job](*args)
            ran += 1
        return ran
