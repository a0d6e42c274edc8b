"""Give out revisions and read changes: the feeds of products, stock and orders.

A cursor names this database and the last revision seen. Counting up locks the counter's row
until the commit, so no revision appears after a higher one has been read.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gateway.connectors.contract import Page
from gateway.connectors.embedded.tables import counters, identities
from gateway.errors import CoreRefusedError
from gateway.store.database import Database

ItemT = TypeVar("ItemT")
Row = sa.RowMapping

MAX_PAGE: Final = 1000
_CORE: Final = "core"


@dataclass(frozen=True, slots=True)
class Feed:
    """Tie a feed to its table, the statement that reads it and the key of a deleted row."""

    name: str
    table: sa.Table
    key: Callable[[Row], str]


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Count `count` up on a counter and return the first number taken; holds its lock."""
    statement = (
        counters.update()
        .where(counters.c.name == name)
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    )
    last = connection.execute(statement).scalar_one_or_none()
    if last is None:
        _insert_missing(connection, counters, {"name": name, "value": 0})
        last = connection.execute(statement).scalar_one()
    return int(last) - count + 1


def _insert_missing(
    connection: sa.Connection, table: sa.Table, values: Mapping[str, object]
) -> None:
    insert: Callable[[sa.Table], sqlite.Insert | postgresql.Insert] = (
        sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    )
    connection.execute(insert(table).values(values).on_conflict_do_nothing())


def core_id(database: Database) -> str:
    """Return the id of this core's data, made on first use."""
    statement = sa.select(identities.c.value).where(identities.c.name == _CORE)
    with database.read() as connection:
        known = connection.execute(statement).scalar_one_or_none()
    if known is not None:
        return str(known)

    def make(connection: sa.Connection) -> str:
        _insert_missing(connection, identities, {"name": _CORE, "value": secrets.token_hex(4)})
        return str(connection.execute(statement).scalar_one())

    return database.write(make)


def changes(
    database: Database,
    feed: Feed,
    since: str | None,
    limit: int,
    item: Callable[[sa.Connection, list[Row]], tuple[ItemT, ...]],
) -> Page[ItemT]:
    """Return a page of what changed after `since`, oldest change first."""
    core = core_id(database)
    seen = revision_of(core, feed, since)
    size = max(1, min(limit, MAX_PAGE))
    statement = (
        sa.select(feed.table)
        .where(feed.table.c.revision > seen)
        .order_by(feed.table.c.revision)
        .limit(size + 1)
    )
    with database.read() as connection:
        rows = list(connection.execute(statement).mappings())
        page = rows[:size]
        items = item(connection, [row for row in page if not row.get("deleted", False)])
    last = page[-1]["revision"] if page else seen
    return Page(
        items=items,
        next=f"{core}.{feed.name}.{last}",
        more=len(rows) > size,
        deleted=tuple(feed.key(row) for row in page if row.get("deleted", False)),
    )


def revision_of(core: str, feed: Feed, since: str | None) -> int:
    """Return the revision that a cursor names; refuses one that this core never gave out."""
    if since is None:
        return 0
    named, _, rest = since.partition(".")
    feed_name, _, number = rest.partition(".")
    plain = number.isascii() and number.isdigit() and len(number) < MAX_NUMBER
    if named != core or feed_name != feed.name or not plain:
        message = (
            f"the cursor {since[:80]!r} is not one of this core's {feed.name} feed;"
            " start again without one"
        )
        raise CoreRefusedError(message, code="cursor-unknown")
    return int(number)


MAX_NUMBER: Final = 19
"""Digits of a revision: less than a 64-bit number has."""
