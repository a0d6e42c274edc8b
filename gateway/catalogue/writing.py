"""Write many rows at once, over those that are there, on both databases.

A change of the catalogue touches up to a hundred thousand postings, so rows are plain tuples in
their table's order of columns and go to the driver as they are: SQLite runs one statement for
each, PostgreSQL takes them as one array a column.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, TypeVar

import sqlalchemy as sa

ItemT = TypeVar("ItemT")
Row = tuple[object, ...]

KEYS_A_STATEMENT: Final = 500
ROWS_A_STATEMENT: Final = 10_000

_POSTGRESQL_TYPES: Final[Mapping[type, str]] = {
    sa.Boolean: "boolean",
    sa.Integer: "integer",
    sa.LargeBinary: "bytea",
    sa.String: "text",
}


def parts(keys: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    """Yield distinct keys in lists that one statement can name."""
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), KEYS_A_STATEMENT):
        yield distinct[start : start + KEYS_A_STATEMENT]


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows of distinct keys; one whose key is there takes its place."""
    _write(connection, table, rows, over=True)


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows; one whose key is there stays as it is."""
    _write(connection, table, rows, over=False)


def _write(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], *, over: bool) -> None:
    on_postgresql = connection.dialect.name == "postgresql"
    text = _text(table, over=over, arrays=on_postgresql)
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        if on_postgresql:
            columns = tuple(map(list, zip(*some, strict=True)))
            connection.exec_driver_sql(text, columns)
        else:
            connection.exec_driver_sql(text, list(some))


@cache
def _text(table: sa.Table, *, over: bool, arrays: bool) -> str:
    """Return the statement for a table: its names are ours, the values are parameters."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    if arrays:
        values = ", ".join(f"%s::{_type(column)}[]" for column in table.columns)
        source = f"SELECT * FROM unnest({values})"  # noqa: S608 -- names and types of our tables
    else:
        source = f"VALUES ({', '.join('?' for _ in names)})"
    others = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    what = f"({', '.join(keys)}) DO UPDATE SET {others}" if over else "DO NOTHING"
    return f"INSERT INTO {table.name} ({', '.join(names)}) {source} ON CONFLICT {what}"


def _type(column: sa.Column[object]) -> str:
    return next(name for kind, name in _POSTGRESQL_TYPES.items() if isinstance(column.type, kind))
