"""Enqueue durable jobs on DBOS Transact, ask how they stand, and schedule them.

With `gateway.pipeline.worker`, which runs them, the only module that knows the library. What it
needs to be told, each learnt the hard way: our own SQLite connections (write-ahead log,
`synchronous=FULL`, a `unixepoch` that old SQLite lacks); JSON instead of pickle; a fixed
application version, or every edit strands queued work; an executor id that no second process has;
who takes over from a process that died. Finished jobs are deleted by us. Nothing here opens a
connection other than to the database.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos._serialization import Serializer  # the base class has no public name

from gateway.pipeline.jobs import JobFilter, JobState, Placing
from gateway.store.adoptions import forget_adoptions
from gateway.store.database import Database

APPLICATION: Final = "gateway"
VERSION: Final = "1"
"""Raised only when the meaning of queued jobs changes; work of another version is not touched."""
TICK: Final = "tick"
STATUS: Final[Mapping[str, str]] = {
    "ENQUEUED": "waiting",
    "DELAYED": "waiting",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
FINISHED: Final = ["SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"]


class JsonSerializer(Serializer):
    """Write arguments as JSON, so that no row of the database is ever code."""

    def serialize(self, data: object) -> str:
        """Return `data` as JSON; what JSON cannot say becomes its text."""
        return json.dumps(data, default=str)

    def deserialize(cls, serialized_data: str) -> object:  # noqa: N805 -- named so in the base
        """Return what JSON says."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """Return the name that stands beside each value."""
        return "json"


class DurableEngine:
    """Enqueue from any process; `gateway.pipeline.worker` runs what is enqueued."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.client = DBOSClient(
            system_database_engine=database.engine,
            serializer=JsonSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def submit(
        self, connection: sa.Connection, job: str, key: str, args: tuple[str, ...], placing: Placing
    ) -> None:
        """Enqueue in the caller's transaction; a key that is known already changes nothing."""
        options: EnqueueOptions = {
            "workflow_name": job,
            "queue_name": placing.queue,
            "workflow_id": key,
            "app_version": VERSION,
            "priority": placing.priority,
        }
        if placing.delay is not None:
            options["delay_seconds"] = placing.delay
        self.client.enqueue_in_transaction(connection, options, *args)

    def schedule(
        self, name: str, job: str, cron: str, *, timezone: str = "UTC", args: tuple[str, ...] = ()
    ) -> None:
        """Submit `job` at each time that `cron` names in `timezone`, in any running worker.

        A wall-clock time that the end of summer repeats counts once.
        """
        context = {"name": name, "job": job, "args": list(args), "timezone": timezone}
        self.client.apply_schedules(
            [
                {
                    "schedule_name": name,
                    "workflow_name": TICK,
                    "schedule": cron,
                    "context": context,
                    "cron_timezone": timezone,
                    "queue_name": "upkeep",
                }
            ]
        )

    def unschedule(self, name: str) -> None:
        """Stop a schedule; unknown ones are no matter."""
        self.client.delete_schedule(name)

    def jobs(self, wanted: JobFilter) -> tuple[JobState, ...]:
        """Return jobs as they stand, newest first."""
        statuses = None
        if wanted.status is not None:
            statuses = [theirs for theirs, ours in STATUS.items() if ours in wanted.status]
        found = self.client.list_workflows(
            workflow_ids=None if wanted.keys is None else list(wanted.keys),
            queue_name=wanted.queue,
            status=statuses,
            limit=wanted.limit,
            sort_desc=True,
            load_input=False,
            load_output=False,
        )
        return tuple(
            JobState(job.workflow_id, job.name, job.queue_name, STATUS.get(job.status, job.status))
            for job in found
        )

    def cancel(self, key: str) -> None:
        """Stop a job before it runs, or keep a running one from being run again."""
        self.client.cancel_workflow(key)

    def replay(self, key: str) -> None:
        """Run a finished job again under its key."""
        (job,) = self.client.list_workflows(workflow_ids=[key], load_input=False)
        self.client.rewind_workflow(key, queue_name=job.queue_name)

    def tick(self, scheduled_at: str, context: Mapping[str, object]) -> None:
        """Submit the job that a schedule is for; the key is the wall-clock time of its zone."""
        zone = ZoneInfo(str(context["timezone"]))
        wall = datetime.fromisoformat(scheduled_at).astimezone(zone).replace(tzinfo=None)
        job, args = str(context["job"]), context["args"]
        if not isinstance(args, list):
            return
        key = f"{context['name']}:{wall.isoformat(timespec='seconds')}"
        placing = Placing(queue="upkeep")
        self.database.write(lambda c: self.submit(c, job, key, tuple(map(str, args)), placing))

    def forget(self, before: datetime, batch: int = 500) -> int:
        """Delete finished jobs that ended before an instant; return how many."""
        found = self.client.list_workflows(
            status=FINISHED,
            completed_before=before.isoformat(),
            limit=batch,
            load_input=False,
            load_output=False,
        )
        keys = [job.workflow_id for job in found]
        if keys:
            self.client.delete_workflows(keys)
            self.database.write(lambda c: forget_adoptions(c, keys))
        return len(keys)


def migrate(url: str) -> None:
    """Create or bring up to date the library's own tables at a database's address."""
    DBOS.migrate(url)
