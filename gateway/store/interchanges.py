"""Keep one row for each interchange, in and out: who, when, which bytes, and what was answered.

Of all that come under one id of a partner, the one that was answered yes is the claimant: the index
lets no second one in, and what it was answered is what the same again is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from gateway.store.rows import Into, columns_of, insert_new
from gateway.store.schema import Instant, metadata


class Direction(StrEnum):
    """Say whether bytes came or went."""

    IN = "in"
    OUT = "out"


interchange: Final = sa.Table(
    "interchange",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("syntax", sa.String(16), nullable=False),
    sa.Column("endpoint", sa.String(2048), nullable=False),
    sa.Column("media_type", sa.String(255), nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("payload_sha256", sa.String(64), nullable=False),
    sa.Column("remote", sa.String(255), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("verdict", sa.String(32), nullable=True),
    sa.Column("reply_sha256", sa.String(64), nullable=True),
    sa.Column("reply_media_type", sa.String(255), nullable=True),
    sa.Column("claimant", sa.String(64), nullable=True),
    sa.Column("claimed_id", sa.String(255), nullable=True),
    sqlite_with_rowid=False,
)
sa.Index(
    "ux_interchange_claim",
    interchange.c.claimant,
    interchange.c.syntax,
    interchange.c.claimed_id,
    unique=True,
    sqlite_where=interchange.c.claimed_id.is_not(None),
    postgresql_where=interchange.c.claimed_id.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Interchange:
    """Hold one row.

    `body_sha256` names the bytes as they came, `payload_sha256` the archived ones, where secrets
    are blanked; `endpoint` is the transport it came by or the address it goes to. `claimant` is the
    partner that used up the id `claimed_id` with it.
    """

    id: str
    direction: str
    syntax: str
    endpoint: str
    media_type: str
    body_sha256: str
    payload_sha256: str
    received_at: datetime
    remote: str = ""
    verdict: str | None = None
    reply_sha256: str | None = None
    reply_media_type: str | None = None
    claimant: str | None = None
    claimed_id: str | None = None


def record_interchange(into: Into, row: Interchange) -> bool:
    """Insert one interchange; False means that another one has the id that it claims."""
    return insert_new(into, interchange, columns_of(row))


def forget_claims(
    connection: sa.Connection, partner: str, syntaxes: Sequence[str], before: datetime
) -> int:
    """Let a partner use ids again that were used before an instant; return how many."""
    changed = connection.execute(
        interchange.update()
        .where(interchange.c.claimant == partner, interchange.c.syntax.in_(syntaxes))
        .where(interchange.c.claimed_id.is_not(None), interchange.c.received_at < before)
        .values(claimant=None, claimed_id=None)
    )
    return changed.rowcount


def record_reply(
    connection: sa.Connection, interchange_id: str, reply_sha256: str, media_type: str
) -> None:
    """Note what was answered to an interchange."""
    connection.execute(
        interchange.update()
        .where(interchange.c.id == interchange_id)
        .values(reply_sha256=reply_sha256, reply_media_type=media_type)
    )


def interchange_of(connection: sa.Connection, interchange_id: str) -> Interchange | None:
    """Return one interchange, or None."""
    row = connection.execute(
        sa.select(interchange).where(interchange.c.id == interchange_id)
    ).first()
    return None if row is None else Interchange(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name
