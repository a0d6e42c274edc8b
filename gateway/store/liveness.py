"""Know which workers are alive, by a lock that the operating system drops when one dies.

On PostgreSQL the lock is an advisory one of the worker's own session; on SQLite, where all
processes share a machine, it is an exclusive transaction on a small file beside the database.
Neither depends on clocks or on heartbeats being in time.

The same kind of lock keeps a second gateway away from an SQLite file.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy as sa

from gateway.errors import ConfigurationError
from gateway.store.database import Database

SPACE: Final = 77
"""First key of the advisory locks; the second is a hash of the worker's id."""

YOUNG: Final = 60.0
"""Seconds in which a file may still wait for its owner's lock; an older one without it is left."""

GIVE_WAY: Final = 2.0
"""Seconds that a gateway waits for one before it to be gone."""


class Liveness(Protocol):
    """Hold one's own lock, and try another's."""

    def hold(self, worker: str) -> None:
        """Be alive as `worker` until this process ends or `close` is called."""

    def seize(self, worker: str) -> AbstractContextManager[bool]:
        """Enter with True when `worker` is dead; it cannot be seized twice meanwhile."""

    def close(self) -> None:
        """Be alive no more."""


class SessionLiveness:
    """Know workers by advisory locks of PostgreSQL sessions.

    A machine that vanishes keeps its session until TCP gives up: set `tcp_keepalives_idle` and
    its kin on the server.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._held: sa.Connection | None = None

    def hold(self, worker: str) -> None:
        """Take the lock on a session of its own."""
        self._held = self._session()
        self._held.execute(sa.select(sa.func.pg_advisory_lock(SPACE, sa.func.hashtext(worker))))

    @contextmanager
    def seize(self, worker: str) -> Iterator[bool]:
        """Try the lock of another worker."""
        lock = sa.func.hashtext(worker)
        with self._session() as session:
            dead = bool(session.scalar(sa.select(sa.func.pg_try_advisory_lock(SPACE, lock))))
            try:
                yield dead
            finally:
                if dead:
                    session.execute(sa.select(sa.func.pg_advisory_unlock(SPACE, lock)))

    def close(self) -> None:
        """Let the lock go, then give the session up, not back: the lock must end with it.

        The server notices a closed session only after a while, so it is told.
        """
        if self._held is not None:
            with suppress(sa.exc.DBAPIError):  # a session that broke holds nothing
                self._held.execute(sa.select(sa.func.pg_advisory_unlock_all()))
            self._held.invalidate()
            self._held.close()
            self._held = None

    def _session(self) -> sa.Connection:
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")


class FileLiveness:
    """Know workers by exclusive transactions on files of a folder, one a worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: tuple[str, sqlite3.Connection] | None = None

    def hold(self, worker: str) -> None:
        """Take the lock, making its file; clear away the files of workers that died."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        connection = self._lock(worker)
        if connection is None:
            message = f"worker id {worker} is taken"
            raise ValueError(message)
        self._held = (worker, connection)

    @contextmanager
    def seize(self, worker: str) -> Iterator[bool]:
        """Try the lock of another worker; its file goes when it is dead."""
        if self._held is not None and self._held[0] == worker:
            yield False
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        connection = self._lock(worker)
        try:
            yield connection is not None
        finally:
            if connection is not None:
                connection.close()
                self._path(worker).unlink(missing_ok=True)

    def close(self) -> None:
        """Drop the lock and its file."""
        if self._held is not None:
            worker, connection = self._held
            self._held = None
            self._path(worker).unlink(missing_ok=True)
            connection.close()

    def _clear(self) -> None:
        for path in self._folder.glob("*.alive"):
            try:
                young = time.time() - path.stat().st_mtime < YOUNG
            except FileNotFoundError:
                continue  # somebody else clears too
            if not young:
                with self.seize(path.stem):
                    pass  # seizing a dead one removes its file

    def _path(self, worker: str) -> Path:
        return self._folder / f"{worker}.alive"

    def _lock(self, worker: str) -> sqlite3.Connection | None:
        return _exclusive(self._path(worker))


@contextmanager
def only_web(database_url: str) -> Iterator[None]:
    """Be the one that serves an SQLite file meanwhile; on PostgreSQL there may be many.

    Raises `ConfigurationError` when there is another. The lock's file stays: removing it could
    leave two processes with a lock each, on files of one name.
    """
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    path = Path(url.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = _exclusive(path.with_name(f"{path.name}.web"), GIVE_WAY)
    if connection is None:
        message = (
            f"another gateway serves {path} already, and an SQLite database has one: stop the "
            "other one, raise `web.workers` in gateway.toml for more processes, or set "
            "`database.url` to a PostgreSQL to have several gateways"
        )
        raise ConfigurationError(message)
    try:
        yield
    finally:
        connection.close()


def _exclusive(path: Path, patience: float = 0.0) -> sqlite3.Connection | None:
    """Return the lock on a file, or None when somebody has it for longer than `patience` s."""
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        return None
    return connection


def liveness_for(database: Database) -> Liveness:
    """Return the way that fits a database."""
    if database.engine.dialect.name == "postgresql":
        return SessionLiveness(database.engine)
    path = Path(database.engine.url.database or "gateway.sqlite")
    return FileLiveness(path.with_name(f"{path.name}.workers"))
