"""Know the one statement that both databases spell alike but SQLAlchemy does not: insert if new."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted.

    On PostgreSQL this waits for a concurrent transaction that holds the key.
    """
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = (
        build(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
    )
    return connection.execute(statement).first() is not None
