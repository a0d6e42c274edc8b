"""Of all who want to write to a file one does; who dies meanwhile stops nobody."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store.database import Database, open_database
from gateway.store.gate import Gate

HOLDER = """
import sys
from pathlib import Path
from gateway.store.gate import Gate
with Gate(Path(sys.argv[1])).passed():
    print("inside", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _holder(database: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that stands in the gate until its input ends."""
    words = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        yield process
        process.kill()


@pytest.mark.parametrize("killed", [False, True])
def test_a_process_waits_for_the_one_before_it_and_for_no_dead_one(
    tmp_path: Path, killed: bool
) -> None:
    through = threading.Event()

    def pass_gate() -> None:
        with closing(Gate(tmp_path / "x.sqlite")) as gate, gate.passed():
            through.set()

    with _holder(tmp_path / "x.sqlite") as process:
        waiting = threading.Thread(target=pass_gate)
        waiting.start()
        assert not through.wait(0.3)
        if killed:
            process.kill()
        else:
            process.communicate("")
        waiting.join(60)
        assert through.is_set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_write_waits_for_another_process_and_is_done(database: Database) -> None:
    done: list[int] = []

    def write() -> None:
        done.append(database.write(lambda connection: connection.scalar(sa.text("SELECT 7"))))

    with _holder(Path(database.engine.url.database or "")) as process:
        waiting = threading.Thread(target=write)
        waiting.start()
        waiting.join(0.3)
        assert done == []
        process.communicate("")
        waiting.join(60)
    assert done == [7]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_failed_commit_leaves_the_gate_open(database: Database) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(fail)
    with closing(open_database(database.url)) as other:
        assert other.write(lambda connection: connection.scalar(sa.text("SELECT 7"))) == 7


def test_whoever_may_write_to_the_database_may_pass(tmp_path: Path) -> None:
    database = tmp_path / "x.sqlite"
    database.touch()
    database.chmod(0o660)
    owner = (1234, 4321) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(database, *owner)
    with closing(Gate(database)) as gate, gate.passed():
        made = (tmp_path / "x.sqlite.writer").stat()
    assert (made.st_uid, made.st_gid, stat.S_IMODE(made.st_mode)) == (*owner, 0o660)
