"""Keep how much of each promised line was ordered, so that a quote for ten gives ten once.

A row belongs to the order message that refers to the promise, and counts as long as that message
is in effect: what is rejected, refused or cancelled gives its quantity back without a write. Of an
order and its changes only what stands counts: the newest that reached the core, and what came
after it and may still. Two orders that want one promise at the same moment wait for each other at
its row in `quote_promise`, which holds nothing else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from canonical.amounts import Quantity, plain
from canonical.rules.judgement import QuoteUse, Taken
from gateway.errors import TakenError
from gateway.store.messages import message
from gateway.store.rows import insert_all, insert_new
from gateway.store.schema import metadata

OUT_OF_EFFECT: Final = ("refused", "rejected", "cancelled", "tested")
PASSED: Final = ("checked", "delivered")
"""States of an order that goes to the core, or went, whoever let it."""

promises: Final = sa.Table(
    "quote_promise",
    metadata,
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("promise", sa.String(512), primary_key=True),
    sqlite_with_rowid=False,
)
uses: Final = sa.Table(
    "quote_use",
    metadata,
    sa.Column("message", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("partner", sa.String(64), nullable=False),
    sa.Column("promise", sa.String(512), nullable=False),
    sa.Column("quantity", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("standing", sa.Boolean, nullable=False),
    sa.Index(None, "partner", "promise"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold one row with what there is to know of its message."""

    message: str
    core_key: str
    order_id: str
    state: str
    promise: str
    quantity: Quantity
    standing: bool


def taken_of(
    connection: sa.Connection, partner: str, wanted: Collection[str], core_key: str | None
) -> Mapping[str, tuple[Taken, ...]]:
    """Return what other orders than that of `core_key` took of each promise, the oldest first."""
    rows = [one for one in _rows(connection, partner, wanted) if one.core_key != core_key]
    since = _delivered(connection, partner, {one.order_id for one in rows})
    most: dict[tuple[str, str], list[_Row]] = {}
    for (promise, key, _), together in _by_message(rows, since).items():
        # A change that still may fail leaves the order before it: the larger of both counts.
        before = most.get((promise, key), [])
        most[promise, key] = max(before, together, key=_sum)
    found: dict[str, tuple[Taken, ...]] = {}
    for (promise, _), counted in most.items():
        mine = tuple(Taken(order=one.order_id, quantity=one.quantity) for one in counted)
        found[promise] = (*found.get(promise, ()), *mine)
    return found


def take_promises(
    connection: sa.Connection,
    about: tuple[str, str, str | None],
    wanted: Sequence[QuoteUse],
    seen: Mapping[str, tuple[Taken, ...]],
) -> None:
    """Record what the message of `about` (partner, message, core key) takes, in place of before.

    Raises `TakenError` when the promises are not any more as `seen`: it must be judged again.
    """
    partner, message_id, core_key = about
    named = sorted({one.promise for one in wanted})
    for promise in named:
        key = {"partner": partner, "promise": promise}
        if not insert_new(connection, promises, key):
            mine = (promises.c.partner == partner, promises.c.promise == promise)
            connection.execute(sa.select(promises.c.promise).where(*mine).with_for_update())
    now = taken_of(connection, partner, named, core_key)
    if any(now.get(promise, ()) != seen.get(promise, ()) for promise in named):
        text = f"another order took of the same quote while {message_id} was judged"
        raise TakenError(text)
    connection.execute(uses.delete().where(uses.c.message == message_id))
    insert_all(
        connection,
        uses,
        [
            {
                "message": message_id,
                "number": number,
                "partner": partner,
                "promise": use.promise,
                "quantity": plain(use.quantity.value),
                "unit": use.quantity.unit,
                "standing": use.standing,
            }
            for number, use in enumerate(wanted)
        ],
    )


def _rows(connection: sa.Connection, partner: str, wanted: Collection[str]) -> Iterator[_Row]:
    """Yield the uses of promises by orders in effect, the oldest first."""
    if not wanted:
        return
    found = connection.execute(
        sa.select(
            message.c.id,
            message.c.core_key,
            message.c.order_id,
            message.c.state,
            uses.c.promise,
            uses.c.quantity,
            uses.c.unit,
            uses.c.standing,
        )
        .join(message, message.c.id == uses.c.message)
        .where(uses.c.partner == partner, uses.c.promise.in_(tuple(wanted)))
        .where(message.c.state.not_in(OUT_OF_EFFECT), message.c.test.is_(False))
        .order_by(message.c.id, uses.c.number)
    )
    for row in found:
        if row.standing or row.state in PASSED:
            quantity = Quantity(value=Decimal(row.quantity), unit=row.unit)
            about = (row.id, row.core_key or row.id, row.order_id or "", row.state)
            yield _Row(*about, row.promise, quantity, row.standing)


def _delivered(
    connection: sa.Connection, partner: str, order_ids: Collection[str]
) -> Mapping[str, str]:
    """Return the newest message of each order, by its key in the core, that reached the core."""
    if not order_ids:
        return {}
    newest = (
        sa.select(message.c.core_key, sa.func.max(message.c.id))
        .where(message.c.partner == partner, message.c.order_id.in_(tuple(order_ids)))
        .where(message.c.direction == "in", message.c.state == "delivered")
        .where(message.c.kind.in_(("order", "order-change")))
        .group_by(message.c.core_key)
    )
    return {key: last for key, last in connection.execute(newest) if key}


def _by_message(
    rows: Iterable[_Row], since: Mapping[str, str]
) -> Mapping[tuple[str, str, str], list[_Row]]:
    """Return the rows that count, by promise, order and message."""
    found: dict[tuple[str, str, str], list[_Row]] = {}
    for row in rows:
        if row.message >= since.get(row.core_key, ""):
            found.setdefault((row.promise, row.core_key, row.message), []).append(row)
    return found


def _sum(rows: Sequence[_Row]) -> Decimal:
    return sum((row.quantity.value for row in rows), Decimal(0))
