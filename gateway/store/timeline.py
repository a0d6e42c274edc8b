"""Keep what happened to each message: one row a step and attempt, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from canonical.faults import Fault, FaultList
from canonical.stored import dump, load_as
from gateway.store.rows import Into, columns_of, insert
from gateway.store.schema import Instant, metadata

timeline: Final = sa.Table(
    "timeline",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("message", sa.String(32), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("input_sha256", sa.String(64), nullable=True),
    sa.Column("output_sha256", sa.String(64), nullable=True),
    sa.Column("mapping", sa.String(128), nullable=True),
    sa.Column("duration_us", sa.BigInteger, nullable=False),
    sa.Column("faults", sa.LargeBinary, nullable=True),
    sa.Column("note", sa.Text, nullable=False),
)

FIRST: Final = "receive"
"""The step that every message which came in begins with."""
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one row; `state` is the message's state after the step, durations are microseconds."""

    message: str
    at: datetime
    step: str
    state: str
    attempt: int = 1
    input_sha256: str | None = None
    output_sha256: str | None = None
    mapping: str | None = None
    duration_us: int = 0
    faults: tuple[Fault, ...] = ()
    note: str = ""


def record_entry(into: Into, entry: Entry) -> None:
    """Append one entry."""
    faults = dump(FaultList(faults=entry.faults)) if entry.faults else None
    insert(into, timeline, {**columns_of(entry), "faults": faults})


def timeline_of(connection: sa.Connection, message_id: str) -> Sequence[Entry]:
    """Return what happened to a message, oldest first."""
    columns = [column for column in timeline.c if column.name not in {"id", "faults"}]
    rows = connection.execute(
        sa.select(*columns, timeline.c.faults.label("stored_faults"))
        .where(timeline.c.message == message_id)
        .order_by(timeline.c.id)
    )
    return [_entry(dict(row._mapping)) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def _entry(values: dict[str, object]) -> Entry:
    stored = values.pop("stored_faults")
    faults: tuple[Fault, ...] = ()
    if isinstance(stored, bytes):
        faults = load_as(FaultList, stored).faults
    return Entry(faults=faults, **values)  # type: ignore[arg-type]  # the table's own columns


def first_faults(
    connection: sa.Connection, messages: Sequence[str], state: str
) -> dict[str, tuple[Fault, ...]]:
    """Return what was found in each of `messages` that its first step left in `state`."""
    found: dict[str, tuple[Fault, ...]] = {}
    for start in range(0, len(messages), PAGE):
        rows = connection.execute(
            sa.select(timeline.c.message, timeline.c.faults)
            .where(timeline.c.message.in_(messages[start : start + PAGE]))
            .where(timeline.c.state == state, timeline.c.step == FIRST)
        )
        for message, stored in rows:
            found[message] = load_as(FaultList, stored).faults if stored is not None else ()
    return found
