"""Ask for rows whose column has one of many values, on both databases.

The values go as one parameter, PostgreSQL's as an array and SQLite's as a list in JSON: the
statement stays the same whatever their number, so that it is compiled and parsed once. Hundreds of
parameters cost more than the rows that they find.
"""

import json
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
    listed = sa.func.json_each(sa.literal(json.dumps(several), sa.Text)).table_valued("value")
    return column.in_(sa.select(listed.c.value))
