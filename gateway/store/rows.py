"""Insert rows fast, the same way on both databases.

An arrival is a dozen rows, and building and keying a statement object for each costs more than
the database does. So the text of an insert is made once per table, set of columns and number of
rows; then rows cost their values and one call of the driver. Each such call also lets go of the
interpreter, for which the threads of a busy process queue: rows that come together go in one. The
caller's transaction has begun by then: these functions are called from the work of
`Database.write`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, object]
_Processor = Callable[[object], object]
_Insert = sqlite.Insert | postgresql.Insert
_Taken = Callable[[_Insert], _Insert]
"""Say in a statement what becomes of a row whose key is taken."""

MAX_STATEMENTS: Final = 512
MAX_ROWS: Final = 32
"""Rows of one statement; its columns times this stay below what both databases bind at once."""


def insert(connection: sa.Connection, table: sa.Table, values: Row) -> None:
    """Insert a row; raises SQLAlchemy's `IntegrityError` when its key is taken."""
    _prepared(table, tuple(values), connection.dialect).run(connection, (values,))


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns in the same order."""
    for start in range(0, len(rows), MAX_ROWS):
        some = rows[start : start + MAX_ROWS]
        prepared = _prepared(table, tuple(some[0]), connection.dialect, count=len(some))
        prepared.run(connection, some)


def insert_new(connection: sa.Connection, table: sa.Table, values: Row) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted.

    On PostgreSQL this waits for a concurrent transaction that holds the key.
    """
    prepared = _prepared(table, tuple(values), connection.dialect, taken=_leave)
    return prepared.run(connection, (values,)) == 1


def insert_or_renew(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Row], renewed: str
) -> None:
    """Insert a few rows; those whose key is taken only take over the new value of one column.

    No two may have the same key, and all callers bring them in the same order: PostgreSQL locks
    the rows that are there.
    """
    prepared = _prepared(
        table, tuple(rows[0]), connection.dialect, count=len(rows), taken=_renewing(renewed)
    )
    prepared.run(connection, rows)


def columns_of(row: object) -> Row:
    """Return the fields of a row class by name, as they are."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Hold an insert's text, the order of its values and how each becomes the driver's."""

    text: str
    names: tuple[tuple[int, str], ...]
    processors: tuple[tuple[int, _Processor], ...]
    parameters: tuple[str, ...] | None
    failure: type[Exception]

    def run(self, connection: sa.Connection, rows: Sequence[Row]) -> int:
        """Execute for `rows`, as many as this is for, and return how many were inserted."""
        cursor = connection.connection.cursor()
        values = self._values(rows)
        try:
            cursor.execute(self.text, values)
            inserted = cursor.rowcount
        except self.failure as error:
            raise sa.exc.DBAPIError.instance(self.text, values, error, self.failure) from error
        finally:
            cursor.close()
        return inserted

    def _values(self, rows: Sequence[Row]) -> list[object] | dict[str, object]:
        values = [rows[number][name] for number, name in self.names]
        for index, processor in self.processors:
            values[index] = processor(values[index])
        if self.parameters is None:
            return values
        return dict(zip(self.parameters, values, strict=True))


@lru_cache(maxsize=MAX_STATEMENTS)
def _prepared(
    table: sa.Table,
    names: tuple[str, ...],
    dialect: sa.Dialect,
    *,
    count: int = 1,
    taken: _Taken | None = None,
) -> _Prepared:
    build = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    places = {f"{name}_{number}": (number, name) for number in range(count) for name in names}
    statement: _Insert = build(table).values(
        [
            {name: sa.bindparam(f"{name}_{number}", type_=table.c[name].type) for name in names}
            for number in range(count)
        ]
    )
    compiled = (statement if taken is None else taken(statement)).compile(dialect=dialect)
    order = tuple(compiled.positiontup or places) if compiled.positional else tuple(places)
    made = (
        table.c[places[one][1]].type.dialect_impl(dialect).bind_processor(dialect) for one in order
    )
    return _Prepared(
        text=str(compiled),
        names=tuple(places[one] for one in order),
        processors=tuple((index, one) for index, one in enumerate(made) if one is not None),
        parameters=None if compiled.positional else order,
        failure=dialect.loaded_dbapi.Error,
    )


def _leave(statement: _Insert) -> _Insert:
    return statement.on_conflict_do_nothing()


@lru_cache
def _renewing(column: str) -> _Taken:
    """Return what overwrites one column of a row that is there; the same function each time."""

    def renew(statement: _Insert) -> _Insert:
        return statement.on_conflict_do_update(
            index_elements=list(statement.table.primary_key),
            set_={column: statement.excluded[column]},
        )

    return renew
