"""Keep one row for each message: its document, its one state and its three statuses.

The state changes only by `move`, which names the state that it leaves: of two writers that
want the same message, one wins and the other learns it. Which moves exist is for
`gateway.pipeline.states` to say.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gateway.errors import NotFoundError
from gateway.store.references import reference
from gateway.store.rows import Into, columns_of, insert
from gateway.store.schema import Instant, metadata
from gateway.store.timeline import timeline

PAGE: Final = 500
"""Messages that one look at those left behind returns."""
CARTS: Final = 50
"""Carts that one look returns: a line that comes home again and again is in many."""
CART_NAMES: Final = ("cart", "message-id", "quote-line")
"""Kinds of reference by which an order or a line of it may name a cart."""

message: Final = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("interchange", sa.String(32), nullable=False, index=True),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("syntax", sa.String(16), nullable=False),
    sa.Column("partner", sa.String(64), nullable=True),
    sa.Column("name", sa.String(64), nullable=True),
    sa.Column("kind", sa.String(32), nullable=True),
    sa.Column("document", sa.LargeBinary, nullable=True),
    sa.Column("external_id", sa.String(255), nullable=True),
    sa.Column("cause", sa.String(32), nullable=True),
    sa.Column("order_id", sa.String(255), nullable=True),
    sa.Column("order_version", sa.String(64), nullable=True),
    sa.Column("core_key", sa.String(512), nullable=True),
    sa.Column("core_number", sa.String(255), nullable=True),
    sa.Column("mapping", sa.String(128), nullable=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("validation", sa.String(16), nullable=False),
    sa.Column("delivery", sa.String(16), nullable=False),
    sa.Column("acknowledgement", sa.String(16), nullable=False),
    sa.Column("judgement", sa.LargeBinary, nullable=True),
    sa.Column("jobs", sa.Integer, nullable=False),
    sa.Column("job", sa.String(255), nullable=True),
    sa.Column("test", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index(None, "state", "updated_at"),
    sa.Index(None, "partner", "order_id"),
)
_WITHOUT_DOCUMENTS: Final = tuple(
    column for column in message.c if column.name not in {"document", "judgement"}
)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """Hold one row.

    `document` is the canonical document in its stored form, `judgement` what the order rules said
    of it, `cause` the message that this one answers, `core_key` our reference in the core,
    `core_number` the core's own number, `jobs` how many jobs were made for it and `job` the key of
    the latest.
    """

    id: str
    interchange: str
    direction: str
    syntax: str
    state: str
    created_at: datetime
    updated_at: datetime
    partner: str | None = None
    name: str | None = None
    kind: str | None = None
    document: bytes | None = field(default=None, repr=False)
    external_id: str | None = None
    cause: str | None = None
    order_id: str | None = None
    order_version: str | None = None
    core_key: str | None = None
    core_number: str | None = None
    mapping: str | None = None
    validation: str = "none"
    delivery: str = "none"
    acknowledgement: str = "none"
    judgement: bytes | None = field(default=None, repr=False)
    jobs: int = 0
    job: str | None = None
    test: bool = False


def record_message(into: Into, row: StoredMessage) -> None:
    """Insert one message."""
    insert(into, message, columns_of(row))


def is_message(connection: sa.Connection, message_id: str) -> bool:
    """Tell whether there is a message of that id."""
    found = connection.scalar(sa.select(message.c.id).where(message.c.id == message_id))
    return found is not None


def known_messages(connection: sa.Connection, ids: Sequence[str]) -> frozenset[str]:
    """Return which of `ids` are messages on record."""
    found: set[str] = set()
    for start in range(0, len(ids), PAGE):
        some = ids[start : start + PAGE]
        found.update(connection.scalars(sa.select(message.c.id).where(message.c.id.in_(some))))
    return frozenset(found)


def message_of(connection: sa.Connection, message_id: str) -> StoredMessage:
    """Return one message; raises `NotFoundError`."""
    row = connection.execute(sa.select(message).where(message.c.id == message_id)).first()
    if row is None:
        text = f"there is no message {message_id}; list them with: gateway messages list"
        raise NotFoundError(text)
    return StoredMessage(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name


def move(
    connection: sa.Connection, message_id: str, leaving: str, jobs: int, changes: dict[str, object]
) -> bool:
    """Change a message if it is still in the state `leaving` with `jobs` made; tell whether it was.

    The count of jobs tells the rounds of a message apart: a job of an earlier round finds another.
    """
    changed = connection.execute(
        message.update()
        .where(message.c.id == message_id, message.c.state == leaving, message.c.jobs == jobs)
        .values(**changes)
        .returning(message.c.id)
    ).first()
    return changed is not None


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Choose messages; what is None does not matter.

    `reference` is the exact value of any reference (order number, SKU, payload id), `text` a part
    of one.
    """

    state: str | None = None
    partner: str | None = None
    reference: str | None = None
    text: str | None = None
    acknowledgement: str | None = None
    since: datetime | None = None
    limit: int = 50


def find_messages(connection: sa.Connection, wanted: MessageFilter) -> Sequence[StoredMessage]:
    """Return the newest messages that fit, without their documents."""
    statement = sa.select(*_WITHOUT_DOCUMENTS).order_by(message.c.id.desc()).limit(wanted.limit)
    if wanted.state is not None:
        statement = statement.where(message.c.state == wanted.state)
    if wanted.partner is not None:
        statement = statement.where(message.c.partner == wanted.partner)
    if wanted.acknowledgement is not None:
        statement = statement.where(message.c.acknowledgement == wanted.acknowledgement)
    if wanted.since is not None:
        statement = statement.where(message.c.updated_at >= wanted.since)
    if wanted.reference is not None:
        statement = statement.where(
            message.c.id.in_(
                sa.select(reference.c.message).where(reference.c.value == wanted.reference)
            )
        )
    if wanted.text is not None:
        statement = statement.where(
            message.c.id.in_(
                sa.select(reference.c.message).where(
                    reference.c.value.icontains(wanted.text, autoescape=True)
                )
            )
        )
    rows = connection.execute(statement)
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def find_carts(
    connection: sa.Connection, partner: str, names: Collection[str]
) -> Sequence[StoredMessage]:
    """Return the newest carts that went to a partner and are known by one of `names`."""
    known = sa.select(reference.c.message).where(
        reference.c.value.in_(tuple(names)), reference.c.kind.in_(CART_NAMES)
    )
    rows = connection.execute(
        sa.select(message)
        .where(message.c.id.in_(known), message.c.partner == partner)
        .where(message.c.direction == "out", message.c.kind == "cart")
        .where(message.c.state != "refused")
        .order_by(message.c.id.desc())
        .limit(CARTS)
    )
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def unacknowledged(
    connection: sa.Connection, partner: str, syntaxes: Sequence[str], before: datetime
) -> Sequence[StoredMessage]:
    """Return a page of what a partner has since an instant and has not acknowledged."""
    rows = connection.execute(
        sa.select(message)
        .where(message.c.state == "sent", message.c.updated_at < before)
        .where(message.c.partner == partner, message.c.direction == "out")
        .where(message.c.acknowledgement == "pending", message.c.syntax.in_(syntaxes))
        .order_by(message.c.id)
        .limit(PAGE)
    )
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def waiting_beside(
    connection: sa.Connection, beside: StoredMessage, state: str, step: str
) -> Sequence[StoredMessage]:
    """Return what came from the same partner in the same syntax, is in a state and lacks a step."""
    done = sa.exists().where(timeline.c.message == message.c.id, timeline.c.step == step)
    rows = connection.execute(
        sa.select(message)
        .where(message.c.state == state, message.c.id != beside.id)
        .where(message.c.partner == beside.partner, message.c.syntax == beside.syntax, ~done)
        .order_by(message.c.id)
    )
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def count_by_state(connection: sa.Connection) -> dict[str, int]:
    """Return how many messages are in each state."""
    rows = connection.execute(sa.select(message.c.state, sa.func.count()).group_by(message.c.state))
    return {state: count for state, count in rows}  # noqa: C416 -- rows are not tuples to mypy


def left_behind(
    connection: sa.Connection, states: Sequence[str], before: datetime, after_id: str = ""
) -> Sequence[StoredMessage]:
    """Return a page of messages with a job that wait in `states` since `before`, by id.

    They come without their documents, of which a page would be megabytes.
    """
    rows = connection.execute(
        sa.select(*_WITHOUT_DOCUMENTS)
        .where(message.c.state.in_(states), message.c.updated_at < before)
        .where(message.c.job.is_not(None), message.c.id > after_id)
        .order_by(message.c.id)
        .limit(PAGE)
    )
    return [StoredMessage(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name
