"""Open the database and commit durably: one file for one machine, PostgreSQL for several.

SQLite has one writer, so the writes of a process take turns, and each turn commits whatever waits
by then: each caller returns when its own work is on disk, and a commit's cost is shared. The
processes on one file take turns at a gate. PostgreSQL groups commits by itself, so there each
caller has a transaction of its own.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa

from gateway.errors import StoreError
from gateway.store.gate import Gate
from gateway.store.rows import Batch, run_together
from gateway.store.turns import Turns

ResultT = TypeVar("ResultT")
Work = Callable[[sa.Connection], ResultT]

MAX_GROUP: Final = 64
"""Callers whose work may share one commit."""
BUSY_SECONDS: Final = 30
"""How long one connection to SQLite waits for another process."""
READER_CACHE: Final = 512
WRITER_CACHE: Final = 4096
"""Kilobytes of the file that a connection to SQLite keeps: a thread that reads a few rows needs
little, and there are dozens; what a group of callers changes should fit into the writer's.
"""


class Database:
    """Read and write through one engine; make it with `open_database`."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.turns = Turns()
        """Whose turn it is to compute, for all who use this database."""
        self._writer = None
        if engine.dialect.name == "sqlite":
            self._writer = _Writer(engine, self.turns)

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

    def batch(self) -> Batch:
        """Return an empty batch for `append`."""
        return Batch(self.engine.dialect)

    def append(self, batch: Batch) -> None:
        """Do what `batch` holds in a transaction; durable when this returns.

        Cheaper than `write` where many do the same: on SQLite their rows go in together. Raises
        `TakenError` when a key is taken that was to be new, and then nothing was done.
        """
        if self._writer is not None:
            self._writer.run(batch.run, batch)
        else:
            self.write(batch.run)

    def reach(self) -> None:
        """Raise `StoreError`, which says why, unless the database lets us in."""
        try:
            self.engine.connect().close()
        except sa.exc.DBAPIError as error:
            address = self.engine.url.render_as_string(hide_password=True)
            why = str(error.orig).strip().partition("\n")[0]
            message = (
                f"the database {address} cannot be used: {why} -- is it running, may this user "
                "reach it, and is database.url in gateway.toml right?"
            )
            raise StoreError(message) from error

    def probe(self) -> None:
        """Raise unless the database takes a transaction that writes, as accepting does."""
        self.write(lambda connection: connection.execute(sa.text("SELECT 1")))

    def close(self) -> None:
        """Let go of every connection."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


class _Writer:
    """Commit the work of many threads together.

    Whoever finds nobody committing does it for all who wait; the others find their work done when
    their turn comes. Alone, a caller pays no more than its own commit.
    """

    def __init__(self, engine: sa.Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self._gate = Gate(Path(engine.url.database or "gateway.sqlite"))
        self._waiting: deque[_Job] = deque()
        self._turn = threading.Lock()
        self._connection: sa.Connection | None = None

    def run(self, work: Callable[[sa.Connection], ResultT], batch: Batch | None = None) -> ResultT:
        """Return what `work` returns once it is committed, or raise what it raised.

        `batch` is what `work` does, if others may do it together with their own.
        """
        job = _Job(work, batch)
        self._waiting.append(job)
        with self._turn:
            while not job.settled:  # more may wait than share a commit
                self._commit_next()
        if job.failure is not None:
            raise job.failure
        result: ResultT = job.result  # type: ignore[assignment]  # work's own result
        return result

    def close(self) -> None:
        """Let go of the connection once nobody commits."""
        with self._turn:
            self._let_go()
            self._gate.close()

    def _own_connection(self) -> sa.Connection:
        # Always the same one: SQLite drops a connection's cache when another has written.
        if self._connection is None:
            self._connection = self._engine.connect()
            cursor = self._connection.connection.cursor()
            cursor.execute(f"PRAGMA cache_size=-{WRITER_CACHE}")
            cursor.close()
        return self._connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _next_group(self) -> list["_Job"]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_GROUP))]

    def _commit_next(self) -> None:
        group: list[_Job] = []
        try:
            connection = self._own_connection()
            with self._gate.passed():
                group = self._next_group()  # who came while we waited at the gate goes along
                with connection.begin():
                    with self._turns.turn():
                        together = _do_together(connection, group)
                    for job in group:
                        if job not in together:
                            job.do(connection)
        except Exception as error:  # noqa: BLE001 -- every waiting caller must hear of it
            self._let_go()
            failure = StoreError(f"the database refused a commit: {error}")
            failure.__cause__ = error
            group = group or self._next_group()
            for job in group:
                job.failure = failure
        for job in group:
            job.settled = True


class _Job:
    """Hold one caller's work and what became of it."""

    __slots__ = ("batch", "failure", "result", "settled", "work")

    def __init__(self, work: Callable[[sa.Connection], object], batch: Batch | None) -> None:
        self.work = work
        self.batch = batch
        self.settled = False
        self.result: object = None
        self.failure: BaseException | None = None

    def do(self, connection: sa.Connection) -> None:
        """Run the work in a savepoint, so that its failure undoes nothing of its neighbours."""
        try:
            with _savepoint(connection):
                self.result = self.work(connection)
        except BaseException as error:  # noqa: BLE001 -- raised again in its caller
            self.failure = error


def _do_together(connection: sa.Connection, group: Sequence[_Job]) -> Sequence[_Job]:
    """Do the batches of a group at once and return whose they were: none if any of them fails.

    A failure tells nothing of the others, so then each is done by itself.
    """
    jobs = {job: job.batch for job in group if job.batch is not None}
    if len(jobs) == 1:
        return ()
    try:
        with _savepoint(connection):
            run_together(connection, tuple(jobs.values()))
    except Exception:  # noqa: BLE001 -- it comes again in the job that it belongs to
        return ()
    return tuple(jobs)


@contextmanager
def _savepoint(connection: sa.Connection) -> Iterator[None]:
    """Undo what fails inside, and nothing that was done before."""
    cursor = connection.connection.cursor()
    cursor.execute("SAVEPOINT job")
    try:
        yield
    except BaseException:
        cursor.execute("ROLLBACK TO job")
        raise
    finally:
        cursor.execute("RELEASE job")
        cursor.close()


def open_database(url: str, *, pool_size: int = 16) -> Database:
    """Open `sqlite:///file` or `postgresql+psycopg://...`; creates no tables."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_use_lifo=True,  # few connections with warm caches beat many with cold ones
            poolclass=sa.QueuePool,
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = sa.create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    return Database(engine)


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
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "wal_autocheckpoint=4000",
        f"cache_size=-{READER_CACHE}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch the file to its write-ahead log, or wait until another process has.

    Of several that switch a new file at once SQLite refuses all but one without waiting: each
    holds a read lock that the others would wait for.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as locked:
            busy = locked.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # of any kind
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.005)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    # IMMEDIATE takes the write lock at once: a read that later wants to write would fail instead.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
