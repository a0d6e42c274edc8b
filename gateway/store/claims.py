"""Know which names are taken: message ids with the reply they got, and order numbers.

A message id is taken by the interchange that brought it, an order number by a row of its own; both
tables decide by a key who came first, so two processes that take the same name at the same moment
cannot both succeed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from gateway.store.interchanges import interchange
from gateway.store.messages import StoredMessage, message
from gateway.store.rows import Into, insert_new
from gateway.store.schema import metadata

order_identity: Final = sa.Table(
    "order_identity",
    metadata,
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("order_id", sa.String(255), primary_key=True),
    sa.Column("order_version", sa.String(64), primary_key=True),
    sa.Column("message", sa.String(32), nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold who took a message id: the body that it came with and the reply that it got."""

    body_sha256: str
    interchange: str
    message: str
    verdict: str
    reply_sha256: str
    reply_media_type: str


_CLAIM: Final = (
    sa.select(
        interchange.c.body_sha256,
        interchange.c.id.label("interchange"),
        message.c.id.label("message"),
        interchange.c.verdict,
        interchange.c.reply_sha256,
        interchange.c.reply_media_type,
    )
    .join(message, message.c.interchange == interchange.c.id)
    .where(
        interchange.c.claimant == sa.bindparam("partner"),
        interchange.c.syntax == sa.bindparam("syntax"),
        interchange.c.claimed_id == sa.bindparam("external_id"),
    )
)
_TAKEN: Final = sa.select(order_identity.c.message).where(
    order_identity.c.partner == sa.bindparam("partner"),
    order_identity.c.order_id == sa.bindparam("order_id"),
    order_identity.c.order_version == sa.bindparam("order_version"),
)


def claim_of(
    connection: sa.Connection, partner: str, syntax: str, external_id: str
) -> Claim | None:
    """Return who has a message id, or None."""
    key = {"partner": partner, "syntax": syntax, "external_id": external_id}
    row = connection.execute(_CLAIM, key).first()
    return None if row is None else Claim(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name


def take_order(into: Into, partner: str, order_id: str, version: str, message_id: str) -> bool:
    """Take an order number in a version; False means that another message has it."""
    return insert_new(
        into,
        order_identity,
        {
            "partner": partner,
            "order_id": order_id,
            "order_version": version,
            "message": message_id,
        },
    )


def order_taken(connection: sa.Connection, partner: str, order_id: str, version: str) -> str | None:
    """Return the message that has an order number in a version, or None."""
    key = {"partner": partner, "order_id": order_id, "order_version": version}
    found: str | None = connection.scalar(_TAKEN, key)
    return found


def messages_about(
    connection: sa.Connection, partner: str, order_id: str
) -> Sequence[StoredMessage]:
    """Return the messages of an order that were not refused at the door, oldest first."""
    rows = connection.execute(
        sa.select(message)
        .where(
            message.c.partner == partner,
            message.c.order_id == order_id,
            message.c.direction == "in",
            message.c.state != "refused",
        )
        .order_by(message.c.id)
    )
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def messages_before(connection: sa.Connection, later: StoredMessage) -> list[StoredMessage]:
    """Return the messages of the same order in the core that came before one, oldest first."""
    about = messages_about(connection, later.partner or "", later.order_id or "")
    return [one for one in about if one.id < later.id and one.core_key == later.core_key]
