"""Run jobs in this process and look after those of workers that died.

Each worker holds a lock that dies with it; whoever gets the lock of another re-queues what that
one was running. How often that happened to a job is counted by us, so that one which kills its
worker each time is given up. One worker a process: the library keeps one instance of itself.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, WorkflowStatus

from gateway.ambient import Ambient
from gateway.pipeline.engine import APPLICATION, TICK, VERSION, DurableEngine, JsonSerializer
from gateway.pipeline.jobs import QUEUES, Job
from gateway.store.adoptions import note_adoption
from gateway.store.database import Database, prepare_sqlite
from gateway.store.liveness import liveness_for

_log: Final = structlog.get_logger(__name__)

WRITERS: Final = 4
"""Connections of the library to SQLite. One writes at a time anyway, and threads that queue here
lose less than those that sleep and retry in SQLite's busy handler: a quarter more orders a second.
"""
WRITER_WAIT: Final = 300.0
"""Seconds that a thread waits for one of them."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Say how a worker works; all times are in seconds but `keep_days`.

    `concurrency` is jobs at once of a queue, `poll` the pause between looks at it, `adoptions` how
    many workers a job may outlive before it is given up.
    """

    concurrency: int = 12
    poll: float = 0.2
    adopt_every: float = 1.0
    upkeep_every: float = 30.0
    adoptions: int = 5
    keep_days: int = 14


@dataclass(frozen=True, slots=True)
class Work:
    """Hold what a worker runs.

    `give_up` is told the name, arguments and last worker of a job that kills its workers; `upkeep`
    is done by each worker now and then, `watch` at each look around.
    """

    jobs: Mapping[str, Job]
    give_up: Callable[[str, tuple[str, ...], str], None]
    upkeep: tuple[Callable[[], object], ...] = ()
    watch: tuple[Callable[[], object], ...] = ()


class Worker:
    """Work off queues in threads of this process, from `start` to `stop`."""

    def __init__(
        self,
        database: Database,
        ambient: Ambient,
        work: Work,
        settings: WorkerSettings | None = None,
        queues: Iterable[str] = QUEUES,
    ) -> None:
        self._database = database
        self._ambient = ambient
        self._work = work
        self._settings = settings or WorkerSettings()
        self._queues = tuple(queues)
        self._engine = DurableEngine(database)
        self._liveness = liveness_for(database)
        self._system = _system_engine(database)
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="upkeep", daemon=True)
        self.executor_id = ambient.new_id()

    def start(self) -> None:
        """Be alive, then take jobs."""
        self._liveness.hold(self.executor_id)
        settings = self._settings
        for queue in self._queues:
            self._engine.client.register_queue(
                queue,
                worker_concurrency=settings.concurrency,
                polling_interval_sec=settings.poll,
                application_name=APPLICATION,
            )
        self._launch()
        self._keeper.start()

    def stop(self, grace: int = 5) -> None:
        """Finish what runs for up to `grace` seconds, then let go; others adopt the rest."""
        self._stopping.set()
        self._keeper.join()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=grace)
        self._system.dispose()
        self._liveness.close()

    def adopt(self) -> int:
        """Re-queue what dead workers were running; return how many jobs that was."""
        running = self._engine.client.list_workflows(
            status="PENDING", load_input=False, load_output=False
        )
        adopted = 0
        for executor in {job.executor_id for job in running if job.executor_id}:
            if executor != self.executor_id:
                with self._liveness.seize(executor) as dead:
                    adopted += self._adopt_from(executor) if dead else 0
        return adopted

    def _adopt_from(self, executor: str) -> int:
        # Listed again under the lock: what it finished before it died is not running any more.
        client = self._engine.client
        orphans = client.list_workflows(status="PENDING", executor_id=executor)
        for job in orphans:
            times = self._count(job.workflow_id)
            if times > self._settings.adoptions:
                client.cancel_workflow(job.workflow_id)
                self._work.give_up(job.name, _arguments(job), executor)
            else:
                client.resume_workflow(job.workflow_id, queue_name=job.queue_name)
            _log.warning("job adopted", job=job.name, key=job.workflow_id, times=times)
        return len(orphans)

    def _count(self, key: str) -> int:
        return self._database.write(lambda connection: note_adoption(connection, key))

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": self.executor_id,
            "system_database_engine": self._system,
            "serializer": JsonSerializer(),
            "run_migrations": False,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        for name, job in {**self._work.jobs, TICK: self._engine.tick}.items():
            DBOS.workflow(name=name)(_plain(job))
        DBOS.listen_queues(self._queues)
        DBOS.launch()

    def _keep(self) -> None:
        """Adopt, mend and forget until told to stop."""
        upkeep_at = self._ambient.now()
        while not self._stopping.wait(self._settings.adopt_every):
            try:
                self.adopt()
                for look in self._work.watch:
                    look()
                if self._ambient.now() >= upkeep_at:
                    upkeep_at = self._ambient.now() + timedelta(seconds=self._settings.upkeep_every)
                    self._upkeep()
            except Exception:  # noqa: BLE001 -- a thread's last resort; the database may come back
                _log.exception("upkeep failed; it is tried again")

    def _upkeep(self) -> None:
        self._engine.forget(self._ambient.now() - timedelta(days=self._settings.keep_days))
        for task in self._work.upkeep:
            task()


def _plain(job: Callable[..., None]) -> Callable[..., None]:
    """Return `job` as a plain function: the library renames and marks what it registers."""

    def run(*args: object) -> None:
        job(*args)

    return run


def _arguments(job: WorkflowStatus) -> tuple[str, ...]:
    return tuple(map(str, job.input["args"])) if job.input else ()


def _system_engine(database: Database) -> sa.Engine:
    """Return the library's own engine on the same database; it begins transactions itself."""
    url = sa.make_url(database.url)
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    engine = sa.create_engine(
        url, poolclass=sa.QueuePool, pool_size=WRITERS, max_overflow=0, pool_timeout=WRITER_WAIT
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    prepare_sqlite(connection)
