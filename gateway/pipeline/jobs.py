"""Say what the pipeline asks of an engine that runs jobs durably: six verbs, no queue logic.

A job is a name and a few ids; the truth about a message lives in our own tables. An engine may
run a job more than once and must run it at least once, so a job first looks whether its work is
still to be done. `gateway.pipeline.engine` is the durable one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import sqlalchemy as sa

Job = Callable[..., None]
"""Do one piece of work that the ids name; takes only strings."""

QUEUES: Final = ("unpack", "check", "deliver", "respond", "upkeep")
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
