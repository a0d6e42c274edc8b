"""What a dead worker was doing is done by another; a job that kills its workers is given up."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gateway.ambient import Ambient
from gateway.pipeline.engine import DurableEngine, migrate
from gateway.pipeline.jobs import JobFilter, Placing
from gateway.pipeline.worker import Work, Worker, WorkerSettings
from gateway.store.database import Database
from gateway.store.liveness import liveness_for
from tests.patience import STALLED

MORTAL = """
import os, sys, time
from gateway.ambient import Ambient
from gateway.pipeline.worker import Work, Worker, WorkerSettings
from gateway.store.database import open_database

def die(*_):
    os._exit(137)

database = open_database(sys.argv[1])
work = Work(jobs={"job": die}, give_up=lambda *_: None)
Worker(database, Ambient(), work, WorkerSettings(poll=0.02, adopt_every=3600), ("check",)).start()
time.sleep(600)
"""


@pytest.fixture
def engine(database: Database) -> DurableEngine:
    migrate(database.url)
    return DurableEngine(database)


def let_a_worker_die(database: Database, tmp_path: Path) -> None:
    script = tmp_path / "mortal.py"
    script.write_text(MORTAL)
    root = Path(__file__).parents[3]
    died = subprocess.run(
        [sys.executable, script, database.url],
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
        timeout=600,
        capture_output=True,
        check=False,
    )
    assert died.returncode == 137, died.stderr.decode()


@pytest.mark.faults
@pytest.mark.parametrize("adoptions", [1, 0])
def test_a_job_outlives_its_worker_but_not_for_ever(
    database: Database, engine: DurableEngine, tmp_path: Path, adoptions: int
) -> None:
    done, abandoned, over = [], [], threading.Event()

    def job(*arguments: str) -> None:
        done.append(arguments)
        over.set()

    def give_up(name: str, arguments: tuple[str, ...], _worker: str) -> None:
        abandoned.append((name, arguments))
        over.set()

    database.write(lambda c: engine.submit(c, "job", "key", ("a",), Placing(queue="check")))
    let_a_worker_die(database, tmp_path)
    assert [one.status for one in engine.jobs(JobFilter(keys=("key",)))] == ["running"]
    settings = WorkerSettings(poll=0.02, adopt_every=0.05, adoptions=adoptions)
    heir = Worker(database, Ambient(), Work({"job": job}, give_up), settings, ("check",))
    heir.start()
    try:
        assert over.wait(STALLED)
    finally:
        heir.stop(grace=0)
    assert (done, abandoned) == (([("a",)], []) if adoptions else ([], [("job", ("a",))]))


def test_only_the_dead_can_be_seized(database: Database) -> None:
    living, other = liveness_for(database), liveness_for(database)
    living.hold("w1")
    with other.seize("w1") as dead:
        assert not dead
    with living.seize("w1") as dead:
        assert not dead
    living.close()
    with other.seize("w1") as dead:
        assert dead
