"""Know how far the core's reports were followed, and which of them went to whom.

A report is taken in the transaction that records what is sent for it: it goes to a partner once,
however often it is read.
"""

from typing import Final

import sqlalchemy as sa

from gateway.store.rows import insert_new, insert_or_renew
from gateway.store.schema import metadata

followed: Final = sa.Table(
    "report_followed",
    metadata,
    sa.Column("feed", sa.String(32), primary_key=True),
    sa.Column("cursor", sa.String(255), nullable=False),
    sqlite_with_rowid=False,
)
taken: Final = sa.Table(
    "report_taken",
    metadata,
    sa.Column("report", sa.String(120), primary_key=True),
    sa.Column("partner", sa.String(64), primary_key=True),
    sqlite_with_rowid=False,
)
FEED: Final = "reports"


def cursor_of(connection: sa.Connection) -> str | None:
    """Return where reading goes on, None at the beginning."""
    found: str | None = connection.scalar(
        sa.select(followed.c.cursor).where(followed.c.feed == FEED)
    )
    return found


def note_cursor(connection: sa.Connection, cursor: str) -> None:
    """Note where reading goes on."""
    insert_or_renew(connection, followed, [{"feed": FEED, "cursor": cursor}], "cursor")


def take_report(connection: sa.Connection, report: str, partner: str) -> bool:
    """Take a report for a partner; False when it was taken before."""
    return insert_new(connection, taken, {"report": report, "partner": partner})


def is_taken(connection: sa.Connection, report: str, partner: str) -> bool:
    """Tell whether a report was taken for a partner."""
    statement = sa.select(taken.c.report).where(
        taken.c.report == report, taken.c.partner == partner
    )
    return connection.execute(statement).first() is not None
