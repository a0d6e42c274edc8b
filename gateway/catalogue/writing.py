"""Insert rows that may be there already, on both databases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

ItemT = TypeVar("ItemT")
Row = Mapping[str, object]

KEYS_A_STATEMENT: Final = 500


def parts(keys: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    """Yield distinct keys in lists that one statement can name."""
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), KEYS_A_STATEMENT):
        yield distinct[start : start + KEYS_A_STATEMENT]


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows; one whose key is there takes its place."""
    if not rows:
        return
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    others = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows; one whose key is there stays as it is."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
