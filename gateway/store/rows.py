"""Insert rows fast, the same way on both databases: now, or together with those of others.

What takes a `Connection` inserts at once, in the caller's transaction, which has begun by then:
these functions are called from the work of `Database.write`. What takes a `Batch` collects;
`Database.append` commits batches, on SQLite those of many callers together, and then all rows of a
table go in one statement.
"""

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from gateway.errors import TakenError
from gateway.store.prepared import LEAVE, Bound, Insert, Row, prepared


class Batch:
    """Collect rows, and work that needs a connection, for one transaction; all of it or nothing.

    Of rows that were to be new, one whose key is taken undoes the batch: `TakenError`.
    """

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect: Final = dialect
        self._rows: dict[Insert, list[Bound]] = {}
        self._works: list[Callable[[sa.Connection], object]] = []

    def add(self, insert: Insert, rows: Sequence[Row]) -> None:
        """Add rows; rows of one table stay in their order, tables in that of their first row."""
        self._rows.setdefault(insert, []).extend(map(insert.bound, rows))

    def also(self, work: Callable[[sa.Connection], object]) -> None:
        """Add work that is done in the same transaction, after all rows."""
        self._works.append(work)

    def run(self, connection: sa.Connection) -> None:
        """Do everything in the transaction of `connection`."""
        run_together(connection, (self,))


def run_together(connection: sa.Connection, batches: Sequence[Batch]) -> None:
    """Do everything that several batches hold; whatever this raises is the failure of some."""
    merged: dict[Insert, list[Bound]] = {}
    for batch in batches:
        for insert, rows in batch._rows.items():  # noqa: SLF001 -- the same class's business
            merged.setdefault(insert, []).extend(rows)
    cursor = connection.connection.cursor()
    try:
        for insert, rows in merged.items():
            if insert.run(cursor, rows) != len(rows) and insert.must_be_new:
                message = "a key that was to be new is taken"
                raise TakenError(message)
    finally:
        cursor.close()
    for batch in batches:
        for work in batch._works:  # noqa: SLF001 -- the same class's business
            work(connection)


Into = sa.Connection | Batch
"""Where rows go: into the open transaction now, or into a batch."""


def insert(into: Into, table: sa.Table, values: Row) -> None:
    """Insert a row; raises SQLAlchemy's `IntegrityError` when its key is taken."""
    _put(into, prepared(table, tuple(values), into.dialect), (values,))


def insert_all(into: Into, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns in the same order."""
    if rows:
        _put(into, prepared(table, tuple(rows[0]), into.dialect), rows)


def insert_new(into: Into, table: sa.Table, values: Row) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted.

    On PostgreSQL this waits for a concurrent transaction that holds the key. In a batch it shows
    later: nothing of the batch is done then.
    """
    return _put(into, prepared(table, tuple(values), into.dialect, LEAVE), (values,)) == 1


def insert_or_renew(into: Into, table: sa.Table, rows: Sequence[Row], renewed: str) -> None:
    """Insert a few rows; those whose key is taken only take over the new value of one column.

    No two may have the same key, and all callers bring them in the same order: PostgreSQL locks
    the rows that are there.
    """
    _put(into, prepared(table, tuple(rows[0]), into.dialect, renewed), rows)


def _put(into: Into, one: Insert, rows: Sequence[Row]) -> int:
    if isinstance(into, Batch):
        into.add(one, rows)
        return len(rows)
    cursor = into.connection.cursor()
    try:
        return one.run(cursor, [one.bound(row) for row in rows])
    finally:
        cursor.close()


def columns_of(row: object) -> Row:
    """Return the fields of a row class by name, as they are."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}  # type: ignore[attr-defined]
