"""A job enqueued in a transaction that commits runs at least once; in one that does not, never."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gateway.ambient import Ambient, system_clock
from gateway.pipeline.engine import DurableEngine, migrate
from gateway.pipeline.jobs import JobFilter, Placing
from gateway.pipeline.worker import Work, Worker, WorkerSettings
from gateway.store.database import Database
from tests.patience import STALLED, wait_until

QUICK = WorkerSettings(concurrency=8, poll=0.02, adopt_every=0.05)
CHECK = Placing(queue="check")


class Notebook:
    """Note what ran, and let a test wait for it."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, ...]] = []
        self._changed = threading.Condition()

    def note(self, *args: str) -> None:
        with self._changed:
            self.pages.append(args)
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.pages) >= count, timeout=STALLED)


@pytest.fixture
def engine(database: Database) -> DurableEngine:
    migrate(database.url)
    return DurableEngine(database)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def worker(engine: DurableEngine, notebook: Notebook) -> Iterator[Worker]:
    running = Worker(
        engine.database,
        Ambient(),
        Work(jobs={"note": notebook.note}, give_up=lambda *_: None),
        QUICK,
        ("check", "upkeep"),
    )
    yield running
    running.stop(grace=0)


def submit(database: Database, engine: DurableEngine, key: str, placing: Placing = CHECK) -> None:
    database.write(lambda c: engine.submit(c, "note", key, (key,), placing))


def test_a_committed_job_runs_once_per_key(
    database: Database, engine: DurableEngine, worker: Worker, notebook: Notebook
) -> None:
    worker.start()
    for key in ("a", "a", "b"):
        submit(database, engine, key)
    notebook.wait_for(2)
    assert sorted(notebook.pages) == [("a",), ("b",)]


def test_a_job_of_an_undone_transaction_never_exists(
    database: Database, engine: DurableEngine
) -> None:
    def work(connection: object) -> None:
        engine.submit(connection, "note", "ghost", ("ghost",), CHECK)  # type: ignore[arg-type]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(work)
    assert engine.jobs(JobFilter(keys=("ghost",))) == ()


def test_a_cancelled_job_waits_no_more(database: Database, engine: DurableEngine) -> None:
    submit(database, engine, "a")
    assert [job.status for job in engine.jobs(JobFilter(keys=("a",)))] == ["waiting"]
    engine.cancel("a")
    assert [job.status for job in engine.jobs(JobFilter(keys=("a",)))] == ["cancelled"]


def test_a_finished_job_can_be_replayed_and_forgotten(
    database: Database, engine: DurableEngine, worker: Worker, notebook: Notebook
) -> None:
    worker.start()
    submit(database, engine, "a")
    notebook.wait_for(1)
    _until_done(engine, "a")
    engine.replay("a")
    notebook.wait_for(2)
    _until_done(engine, "a")
    assert engine.forget(system_clock() + timedelta(minutes=1)) == 1  # the database rounds its time
    assert engine.jobs(JobFilter(keys=("a",))) == ()


def test_arguments_are_json_in_the_database(database: Database, engine: DurableEngine) -> None:
    submit(database, engine, "a")
    (job,) = engine.client.list_workflows(workflow_ids=["a"])
    assert job.input == {"args": ["a"], "kwargs": {}}


def test_a_wall_clock_time_that_comes_twice_submits_once(engine: DurableEngine) -> None:
    context = {"name": "nightly", "job": "note", "args": ["x"], "timezone": "Europe/Stockholm"}
    engine.tick("2027-10-31T02:30:00+02:00", context)
    engine.tick("2027-10-31T02:30:00+01:00", context)
    assert [job.key for job in engine.jobs(JobFilter(queue="upkeep"))] == [
        "nightly:2027-10-31T02:30:00"
    ]


def test_a_schedule_submits_its_job_until_unscheduled(
    engine: DurableEngine, worker: Worker, notebook: Notebook
) -> None:
    engine.schedule("often", "note", "* * * * * *", args=("tick",))
    worker.start()
    notebook.wait_for(1)
    engine.unschedule("often")
    assert notebook.pages[0] == ("tick",)


def _until_done(engine: DurableEngine, key: str) -> None:
    def done() -> bool:
        return [job.status for job in engine.jobs(JobFilter(keys=(key,)))] == ["done"]

    assert wait_until(done, pause=0.01), f"job {key} did not finish"
