"""Create and change the tables on a user's machine, once, whoever starts first.

One file a step under `versions`; `upgrade` runs those that are missing, with the job engine's own
tables, under one lock. To add a step: change a table's definition, then have the step written by
`python -m tests.gateway.store.make_migration "what it does"` and read it; a test holds the two
together.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.errors import StoreError
from gateway.store.database import Database

LOCK: Final = 0x67617465
"""PostgreSQL advisory lock of whoever migrates."""

POLL: Final = 0.05
"""Seconds between two looks at the lock."""

EngineMigration = Callable[[str], None]
"""Create the job engine's tables at a database's address."""


def upgrade(database: Database, migrate_engine: EngineMigration) -> tuple[str | None, str | None]:
    """Bring the database to this release; return its revision before and after.

    Raises `StoreError` when it cannot be reached, or a newer release was there before.
    Two processes may call this at once: the second waits, then finds nothing to do.
    """
    database.reach()
    with _alone(database):
        with database.engine.begin() as connection:
            before = revision(connection)
            _refuse_newer(before, ScriptDirectory.from_config(configuration(connection)))
            command.upgrade(configuration(connection), "head")
            after = revision(connection)
        migrate_engine(database.url)
    return before, after


def configuration(connection: sa.Connection) -> Config:
    """Return what alembic needs to run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def revision(connection: sa.Connection) -> str | None:
    """Return the step that the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Raise StoreError, which names the way out, when the tables are not those of this release."""
    database.reach()
    with database.read() as connection:
        found = revision(connection)
        steps = ScriptDirectory.from_config(configuration(connection))
        wanted = steps.get_current_head()
    _refuse_newer(found, steps)
    if found != wanted:
        message = (
            f"the database is at {found or 'nothing'}, this release needs {wanted}; "
            "bring it there with: gateway db upgrade"
        )
        raise StoreError(message)


def _refuse_newer(found: str | None, steps: ScriptDirectory) -> None:
    """Raise StoreError when another release has brought the database where this one never was."""
    if found is not None and found not in {step.revision for step in steps.walk_revisions()}:
        message = (
            f"the database is at {found}, which this release does not know; it ends at "
            f"{steps.get_current_head()}: use the newer release that was here, or a backup from "
            "before it"
        )
        raise StoreError(message)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Hold the lock of whoever changes tables.

    On SQLite each transaction of this engine and of the job engine begins IMMEDIATE, which is
    that lock already.
    """
    if database.engine.dialect.name != "postgresql":
        yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        # Asked again and again: a statement that waits holds a snapshot, and the job engine builds
        # indexes concurrently, which waits for every older snapshot to end.
        while not session.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
            time.sleep(POLL)
        try:
            yield
        finally:
            session.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
