"""Keep what a shopper has under way in a session beside its cart: rows to correct, an address.

One note a kind; what a note says is its owner's business. Notes go with their session.
"""

from typing import Final

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.rows import insert_new
from gateway.store.schema import metadata

notes: Final = sa.Table(
    "punchout_note",
    metadata,
    sa.Column("session_id", sa.String(40), sa.ForeignKey("punchout_session.id"), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


class SessionNotes:
    """Read and write notes of sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, session_id: str, kind: str) -> bytes | None:
        """Return a note, or None when there is none."""
        query = sa.select(notes.c.content).where(
            notes.c.session_id == session_id, notes.c.kind == kind
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def put(self, session_id: str, kind: str, content: bytes | None) -> None:
        """Replace a note; None takes it away. Of two at once one stays."""

        def work(connection: sa.Connection) -> None:
            connection.execute(
                notes.delete().where(notes.c.session_id == session_id, notes.c.kind == kind)
            )
            if content is not None:
                row = {"session_id": session_id, "kind": kind, "content": content}
                insert_new(connection, notes, row)

        self._database.write(work)
