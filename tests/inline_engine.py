"""Lend an engine that runs jobs when a test says so: the contract of `gateway.pipeline.jobs`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.pipeline.jobs import Job, JobFilter, JobState, Placing


@dataclass(slots=True)
class InlineEngine:
    """Keep jobs in memory and run them when `drain` is called, in this thread.

    `waiting` shows what was asked for. Delays are not waited for.
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
