"""Ask for rows whose column has one of many values, on both databases.

PostgreSQL takes the values as one array: the statement stays the same whatever their number, so
that it is parsed once. SQLite has no arrays and lists them.
"""

from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

ValueT = TypeVar("ValueT", int, str)


def among(
    connection: sa.Connection, column: sa.Column[ValueT], values: Iterable[ValueT]
) -> sa.ColumnElement[bool]:
    """Return the condition that a column has one of `values`."""
    several = list(values)
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(several, postgresql.ARRAY(column.type)))
    return column.in_(several)
