"""Open the database and commit durably: one file for one machine, PostgreSQL for several.

SQLite has one writer, so all writes of a process go through one thread that commits whatever
waits together: each caller returns when its own work is on disk, and a commit's cost is shared.
PostgreSQL groups commits by itself, so there each caller has a transaction of its own.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final, TypeVar

import sqlalchemy as sa

from gateway.errors import StoreError

ResultT = TypeVar("ResultT")
Work = Callable[[sa.Connection], ResultT]

MAX_GROUP: Final = 64
"""Callers whose work may share one commit."""


class Database:
    """Read and write through one engine; make it with `open_database`."""

    def __init__(self, engine: sa.Engine, *, commit_pause: float = 0.0) -> None:
        self.engine = engine
        self._writer = _Writer(engine, commit_pause) if engine.dialect.name == "sqlite" else None

    @property
    def url(self) -> str:
        """Return the address that this was opened with, password included."""
        return self.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Lend a connection for reading; what it sees is one snapshot."""
        with self.engine.connect().execution_options(read_only=True) as connection:
            yield connection

    def write(self, work: Callable[[sa.Connection], ResultT]) -> ResultT:
        """Run `work` in a transaction and return its result once that is durable.

        What `work` raises undoes its own writes only and comes out here. `work` must be short
        and may not call `write` itself.
        """
        if self._writer is not None:
            return self._writer.run(work)
        with self.engine.begin() as connection:
            return work(connection)

    def probe(self) -> None:
        """Raise unless the database takes a transaction that writes, as accepting does."""
        self.write(lambda connection: connection.execute(sa.text("SELECT 1")))

    def close(self) -> None:
        """Finish what waits, then let go of every connection."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


class _Writer:
    """Run work of many threads in one, several to a commit."""

    def __init__(self, engine: sa.Engine, pause: float) -> None:
        self._engine = engine
        self._pause = pause
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def run(self, work: Callable[[sa.Connection], ResultT]) -> ResultT:
        """Hand `work` over and wait until it is committed."""
        self._start()
        job = _Job(work)
        self._waiting.put(job)
        result: ResultT = job.future.result()  # type: ignore[assignment]  # work's own result
        return result

    def close(self) -> None:
        """Commit what waits and stop."""
        with self._lock:
            if self._thread is not None:
                self._waiting.put(None)
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._loop, name="group-commit", daemon=True
                    )
                    self._thread.start()

    def _loop(self) -> None:
        while True:
            job = self._waiting.get()
            if job is None:
                return
            group, last = self._gather(job)
            self._commit(group)
            if last:
                return
            if self._pause:
                time.sleep(self._pause)  # SQLite is unfair: without this a worker may starve

    def _gather(self, first: "_Job") -> tuple[list["_Job"], bool]:
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list["_Job"]) -> None:
        try:
            with self._engine.begin() as connection:
                for job in group:
                    job.do(connection)
        except Exception as error:  # noqa: BLE001 -- every waiting caller must hear of it
            failure = StoreError(f"the database refused a commit: {error}")
            failure.__cause__ = error
            for job in group:
                job.failure = failure
        for job in group:
            job.settle()


class _Job:
    """Hold one caller's work and what became of it."""

    def __init__(self, work: Callable[[sa.Connection], object]) -> None:
        self.work = work
        self.future: Future[object] = Future()
        self.result: object = None
        self.failure: BaseException | None = None

    def do(self, connection: sa.Connection) -> None:
        """Run the work in a savepoint, so that its failure undoes nothing of its neighbours."""
        savepoint = connection.begin_nested()
        try:
            self.result = self.work(connection)
        except BaseException as error:  # noqa: BLE001 -- handed to the caller in `settle`
            savepoint.rollback()
            self.failure = error
        else:
            savepoint.commit()

    def settle(self) -> None:
        """Let the caller go on."""
        if self.failure is not None:
            self.future.set_exception(self.failure)
        else:
            self.future.set_result(self.result)


def open_database(url: str, *, pool_size: int = 16, commit_pause: float = 0.0) -> Database:
    """Open `sqlite:///file` or `postgresql+psycopg://...`; creates no tables.

    `commit_pause` seconds pass after each commit of SQLite's writer: a flood of arrivals then
    leaves room for the worker process on the same file.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            address, pool_size=pool_size, max_overflow=pool_size, poolclass=sa.QueuePool
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = sa.create_engine(
            address, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
        )
    return Database(engine, commit_pause=commit_pause)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    prepare_sqlite(connection)


def prepare_sqlite(connection: sqlite3.Connection) -> None:
    """Set a connection up for durable commits beside other processes.

    The job engine's statements use `unixepoch('subsec')`, which SQLite has since 3.42 only;
    Debian 12 has 3.40.
    """
    connection.create_function("unixepoch", 1, lambda _modifier: round(time.time(), 3))
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # IMMEDIATE takes the write lock at once: a read that later wants to write would fail instead.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
