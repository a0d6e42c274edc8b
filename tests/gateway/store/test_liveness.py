"""A worker is alive as long as it holds its lock, and a dead one leaves nothing behind for ever."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.store import liveness
from gateway.store.database import Database
from gateway.store.liveness import YOUNG, FileLiveness, liveness_for, only_web


def test_a_worker_is_dead_once_its_lock_is_gone(database: Database) -> None:
    one, other = liveness_for(database), liveness_for(database)
    one.hold("one")
    with other.seize("one") as dead:
        assert not dead
    one.close()
    with other.seize("one") as dead:
        assert dead
    other.close()


def test_a_dead_worker_is_seized_by_one_at_a_time(database: Database) -> None:
    first, second = liveness_for(database), liveness_for(database)
    with first.seize("gone") as dead:
        assert dead
        with second.seize("gone") as also:
            assert not also


def test_a_new_worker_clears_away_the_files_of_dead_ones_only(tmp_path: Path) -> None:
    for name, age in (("dead", 2 * YOUNG), ("starting", 0.0)):
        (tmp_path / f"{name}.alive").touch()
        age_file(tmp_path / f"{name}.alive", age)
    alive = FileLiveness(tmp_path)
    alive.hold("alive")
    age_file(tmp_path / "alive.alive", 2 * YOUNG)
    newcomer = FileLiveness(tmp_path)
    newcomer.hold("newcomer")
    assert {path.stem for path in tmp_path.iterdir()} == {"starting", "alive", "newcomer"}
    with FileLiveness(tmp_path).seize("alive") as dead:
        assert not dead
    newcomer.close()
    alive.close()


def age_file(path: Path, seconds: float) -> None:
    at = path.stat().st_mtime - seconds
    os.utime(path, (at, at))


HOLDER = """
import sys, time
from gateway.store.liveness import only_web
with only_web(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def first_web(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that is the web process of a database file."""
    url = f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}"
    command = (sys.executable, "-c", HOLDER, url)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_second_web_process_on_an_sqlite_file_is_refused_until_the_first_is_dead(
    first_web: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "GIVE_WAY", 0.0)
    url = f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}"
    with pytest.raises(ConfigurationError, match=r"another gateway serves .*gateway\.sqlite"):
        ExitStack().enter_context(only_web(url))
    with only_web(f"sqlite:///{tmp_path / 'other.sqlite'}"):
        pass
    first_web.send_signal(signal.SIGKILL)
    first_web.wait()
    for _ in range(2):
        with only_web(url):
            pass


def test_web_processes_of_a_postgresql_or_of_memory_may_be_many() -> None:
    for url in ("postgresql+psycopg://user@host/name", "sqlite://"):
        with only_web(url), only_web(url):
            pass
