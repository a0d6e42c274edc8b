"""Insert rows fast, the same way on both databases.

An arrival is a dozen rows, and building and keying a statement object for each costs more than
the database does. So the text of an insert is made once per table and set of columns; then a row
costs its values and one call of the driver. The caller's transaction has begun by then: these
functions are called from the work of `Database.write`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, object]
_Processor = Callable[[object], object]

MAX_STATEMENTS: Final = 512


def insert(connection: sa.Connection, table: sa.Table, values: Row) -> None:
    """Insert a row; raises SQLAlchemy's `IntegrityError` when its key is taken."""
    _prepared(table, tuple(values), connection.dialect, new=False).run(connection, [values])


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns in the same order."""
    if rows:
        prepared = _prepared(table, tuple(rows[0]), connection.dialect, new=False)
        prepared.run(connection, rows)


def insert_new(connection: sa.Connection, table: sa.Table, values: Row) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted.

    On PostgreSQL this waits for a concurrent transaction that holds the key.
    """
    prepared = _prepared(table, tuple(values), connection.dialect, new=True)
    return prepared.run(connection, [values]) == 1


def columns_of(row: object) -> Row:
    """Return the fields of a row class by name, as they are."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Hold an insert's text, the order of its values and how each becomes the driver's."""

    text: str
    names: tuple[str, ...]
    processors: tuple[tuple[int, _Processor], ...]
    positional: bool
    failure: type[Exception]

    def run(self, connection: sa.Connection, rows: Sequence[Row]) -> int:
        """Execute for each row and return how many rows were inserted."""
        cursor = connection.connection.cursor()
        inserted = 0
        try:
            for row in rows:
                values = self._values(row)
                try:
                    cursor.execute(self.text, values)
                except self.failure as error:
                    raise sa.exc.DBAPIError.instance(
                        self.text, values, error, self.failure
                    ) from error
                inserted += cursor.rowcount
        finally:
            cursor.close()
        return inserted

    def _values(self, row: Row) -> tuple[object, ...] | dict[str, object]:
        values = [row[name] for name in self.names]
        for index, processor in self.processors:
            values[index] = processor(values[index])
        return tuple(values) if self.positional else dict(zip(self.names, values, strict=True))


@lru_cache(maxsize=MAX_STATEMENTS)
def _prepared(
    table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect, *, new: bool
) -> _Prepared:
    build = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    statement: sa.sql.dml.Insert = build(table)
    if new:
        statement = build(table).on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or names) if compiled.positional else names
    made = (table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order)
    processors = tuple((index, one) for index, one in enumerate(made) if one is not None)
    failure: type[Exception] = dialect.loaded_dbapi.Error
    return _Prepared(str(compiled), order, processors, bool(compiled.positional), failure)
