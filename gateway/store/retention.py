"""Forget what is older than it has to be kept: bytes of interchanges, and closed punchout sessions.

What was decided stays: messages, timelines and references keep their rows; only the bytes go, and
with them the stored reply to a repeated message. Ids given to cart lines outlive their session,
since a buyer may come back to an old cart; they go with the bytes. Who has not come for as long as
sessions are kept is forgotten with them, favourites too.
"""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.interchanges import interchange
from gateway.store.notes import notes
from gateway.store.payloads import PayloadArchive, payload
from gateway.store.sessions import events, issued_lines, returns, sessions
from gateway.store.shoppers import forget_shoppers, visits

BATCH: Final = 500
"""Rows that one transaction forgets; there is another round soon."""


def forget_payloads(database: Database, archive: PayloadArchive, before: datetime) -> int:
    """Delete payloads that nothing has named since `before`; return how many went."""

    def work(connection: sa.Connection) -> list[str]:
        old = sa.select(payload.c.sha256).where(payload.c.named_at < before).limit(BATCH)
        names = list(connection.scalars(old))
        connection.execute(
            interchange.update()
            .where(interchange.c.reply_sha256.in_(names), interchange.c.claimed_id.is_not(None))
            .values(claimant=None, claimed_id=None)
        )
        connection.execute(issued_lines.delete().where(issued_lines.c.issued_at < before))
        connection.execute(payload.delete().where(payload.c.sha256.in_(names)))
        return names

    names = database.write(work)
    for name in names:
        archive.discard(name)
    return len(names)


def forget_sessions(database: Database, before: datetime) -> int:
    """Delete sessions whose time was over before `before`; return how many went."""

    def work(connection: sa.Connection) -> int:
        old = sa.select(sessions.c.id).where(sessions.c.expires_at < before).limit(BATCH)
        ids = list(connection.scalars(old))
        for table in (returns, events, notes, visits):
            connection.execute(table.delete().where(table.c.session_id.in_(ids)))
        connection.execute(sessions.delete().where(sessions.c.id.in_(ids)))
        forget_shoppers(connection, before, BATCH)
        return len(ids)

    return database.write(work)
