"""Make the text of each insert once, and run it for any number of rows in few calls of the driver.

An arrival is a dozen rows, and building and keying a statement object for each costs more than
the database does. So the text is made once per table, set of columns and rule for taken keys, from
the same table objects as everything else; then rows cost their values. Each call of the driver
also lets go of the interpreter, for which the threads of a busy process queue: rows that come
together go in one. Only a few numbers of rows have a text, so that the driver can keep them all
compiled.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, object]
Bound = Sequence[object]
"""The values of one row in the order of a statement, as the driver takes them."""
_Processor = Callable[[object], object]

MAX_STATEMENTS: Final = 256
SIZES: Final = (32, 16, 8, 7, 6, 5, 4, 3, 2, 1)
"""Numbers of rows that one statement takes, the largest first."""
LEAVE: Final = "(leave)"
"""Instead of a column's name: a row whose key is taken is left out."""

_NAMED: Final = re.compile(r"%\((\w+)\)s")
_PARTS: Final = re.compile(r"(.* VALUES )(\(.*?\))( ON CONFLICT .*)?", re.DOTALL)


class Cursor(Protocol):
    """Be what both drivers' cursors have in common, as far as it is needed here."""

    @property
    def rowcount(self) -> int:
        """Return how many rows the last statement changed."""

    def execute(self, text: str, values: Bound, /) -> object:
        """Run a statement."""


class Insert:
    """Insert rows of certain columns into one table; make it with `prepared`."""

    def __init__(
        self, table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect, taken: str | None
    ) -> None:
        build = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
        binds = {name: sa.bindparam(name, type_=table.c[name].type) for name in names}
        statement = _on_conflict(build(table).values([binds]), taken)
        compiled = statement.compile(dialect=dialect)
        text = str(compiled)
        self._order = tuple(compiled.positiontup or _NAMED.findall(text))
        parts = _PARTS.fullmatch(_NAMED.sub("%s", text))
        if parts is None or sorted(self._order) != sorted(names):
            message = f"an insert into {table.name} came out in an unforeseen form: {text}"
            raise TypeError(message)
        self._head, self._row, self._tail = parts[1], parts[2], parts[3] or ""
        made = (
            table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._order
        )
        self._processors: tuple[tuple[int, _Processor], ...] = tuple(
            (index, one) for index, one in enumerate(made) if one is not None
        )
        self._failure: type[Exception] = dialect.loaded_dbapi.Error
        self._texts = {size: self._text(size) for size in SIZES}
        self.must_be_new = taken == LEAVE
        """Tells whether a caller wants to know if all rows went in."""

    def bound(self, row: Row) -> Bound:
        """Return the values of a row as `run` takes them."""
        values = [row[name] for name in self._order]
        for index, processor in self._processors:
            values[index] = processor(values[index])
        return values

    def run(self, cursor: Cursor, rows: Sequence[Bound]) -> int:
        """Insert `rows` and return how many went in; raises SQLAlchemy's errors."""
        inserted = start = 0
        while left := len(rows) - start:
            size = next(size for size in SIZES if size <= left)
            values = list(chain.from_iterable(rows[start : start + size]))
            text = self._texts[size]
            try:
                cursor.execute(text, values)
            except self._failure as error:
                raise sa.exc.DBAPIError.instance(text, values, error, self._failure) from error
            inserted += cursor.rowcount
            start += size
        return inserted

    def _text(self, size: int) -> str:
        return f"{self._head}{', '.join([self._row] * size)}{self._tail}"


def _on_conflict(
    statement: sqlite.Insert | postgresql.Insert, taken: str | None
) -> sqlite.Insert | postgresql.Insert:
    if taken is None:
        return statement
    if taken == LEAVE:
        return statement.on_conflict_do_nothing()
    return statement.on_conflict_do_update(
        index_elements=list(statement.table.primary_key),
        set_={taken: statement.excluded[taken]},
    )


@lru_cache(maxsize=MAX_STATEMENTS)
def prepared(
    table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect, taken: str | None = None
) -> Insert:
    """Return the insert of rows with the columns `names`, always the same one.

    A key that is taken is an error; with `LEAVE` the row is left out, with a column's name only
    that column is renewed.
    """
    return Insert(table, names, dialect, taken)
