"""Keep who came to shop, which visits and orders were theirs, and what they marked as favourites.

People are known by what their own system calls them (`key`), within a partner. An empty key is
what all people of a partner share. Visits go with their session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from canonical.order import Order
from canonical.punchout import Cart, SessionState, Shopper
from canonical.stored import load_as
from gateway.store.database import Database
from gateway.store.messages import message
from gateway.store.references import reference
from gateway.store.rows import insert_new
from gateway.store.schema import Instant, metadata

MOST_FAVOURITES: Final = 1000
"""Favourites of one person; the oldest make room."""

shoppers: Final = sa.Table(
    "punchout_shopper",
    metadata,
    sa.Column("partner", sa.String(100), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("user_id", sa.Text),
    sa.Column("first_seen", Instant, nullable=False),
    sa.Column("last_seen", Instant, nullable=False),
    sa.Column("visits", sa.Integer, nullable=False),
)

visits: Final = sa.Table(
    "punchout_visit",
    metadata,
    sa.Column("session_id", sa.String(40), sa.ForeignKey("punchout_session.id"), primary_key=True),
    sa.Column("partner", sa.String(100), nullable=False),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Index("ix_punchout_visit_partner_key_began_at", "partner", "key", "began_at"),
)

favourites: Final = sa.Table(
    "punchout_favourite",
    metadata,
    sa.Column("partner", sa.String(100), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("sku", sa.String(80), primary_key=True),
    sa.Column("marked_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Name whose visits and favourites are meant."""

    partner: str
    key: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Hold what is known of a person who came."""

    owner: Owner
    shopper: Shopper
    first_seen: datetime
    last_seen: datetime
    visits: int


@dataclass(frozen=True, slots=True)
class EarlierCart:
    """Hold a cart that went home, and when."""

    session_id: str
    returned_at: datetime
    cart: Cart


@dataclass(frozen=True, slots=True)
class Orders:
    """Name whose orders are meant: those of a partner by one person's e-mail address, in any case.

    Without an `orderer` they are everybody's. `states` are those of orders that count.
    """

    partner: str
    orderer: str | None
    states: tuple[str, ...]
    test: bool = False


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """Hold an order that came in, and when; `message_id` is the gateway's own."""

    message_id: str
    received_at: datetime
    order: Order


class ShopperStore:
    """Read and write what belongs to people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def came(self, session_id: str, owner: Owner, shopper: Shopper, at: datetime) -> None:
        """Write down that a visit began; once a session, however often it is told."""

        def work(connection: sa.Connection) -> None:
            visit = {"session_id": session_id, **_columns(owner), "began_at": at}
            if not insert_new(connection, visits, visit):
                return
            told = {name: getattr(shopper, name) for name in ("name", "email", "user_id")}
            first = {**_columns(owner), **told, "first_seen": at, "last_seen": at, "visits": 1}
            if not insert_new(connection, shoppers, first):
                more = {**told, "last_seen": at, "visits": shoppers.c.visits + 1}
                connection.execute(shoppers.update().where(*_owned(shoppers, owner)).values(more))

        self._database.write(work)

    def seen(self, partner: str, limit: int = 100) -> tuple[Seen, ...]:
        """Return the people of a partner, those who came last first."""
        query = (
            sa.select(shoppers)
            .where(shoppers.c.partner == partner)
            .order_by(shoppers.c.last_seen.desc(), shoppers.c.key)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(
                Seen(
                    Owner(row.partner, row.key),
                    Shopper(name=row.name, email=row.email, user_id=row.user_id),
                    row.first_seen,
                    row.last_seen,
                    row.visits,
                )
                for row in connection.execute(query)
            )

    def earlier_carts(self, owner: Owner, limit: int) -> tuple[EarlierCart, ...]:
        """Return the carts with lines that a person's visits ended with, the last first."""
        with self._database.read() as connection:
            rows = connection.execute(_returned(owner).limit(limit * 2)).all()
        found = (EarlierCart(row.id, row.closed_at, load_as(Cart, row.cart)) for row in rows)
        return tuple(one for one in found if one.cart.lines)[:limit]

    def earlier_cart(self, owner: Owner, session_id: str) -> EarlierCart | None:
        """Return one of a person's own carts that went home."""
        query = _returned(owner).where(_SESSIONS.c.id == session_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else EarlierCart(row.id, row.closed_at, load_as(Cart, row.cart))

    def orders(self, wanted: Orders, limit: int) -> tuple[EarlierOrder, ...]:
        """Return the orders of a person, the last first."""
        query = _ordered(wanted).order_by(message.c.created_at.desc(), message.c.id).limit(limit)
        with self._database.read() as connection:
            return tuple(map(_earlier_order, connection.execute(query)))

    def order(self, wanted: Orders, message_id: str) -> EarlierOrder | None:
        """Return one of a person's own orders."""
        query = _ordered(wanted).where(message.c.id == message_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _earlier_order(row)

    def favourites(self, owner: Owner) -> tuple[str, ...]:
        """Return the products that a person has marked, the last first."""
        query = (
            sa.select(favourites.c.sku)
            .where(*_owned(favourites, owner))
            .order_by(favourites.c.marked_at.desc(), favourites.c.sku)
            .limit(MOST_FAVOURITES)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def mark(self, owner: Owner, skus: Iterable[str], at: datetime) -> None:
        """Mark products as favourites; those beyond the most that are kept go, oldest first."""
        rows = [
            {**_columns(owner), "sku": sku, "marked_at": at} for sku in sorted(set(skus)) if sku
        ]

        def work(connection: sa.Connection) -> None:
            for row in rows:
                insert_new(connection, favourites, row)
            kept = (
                sa.select(favourites.c.sku)
                .where(*_owned(favourites, owner))
                .order_by(favourites.c.marked_at.desc(), favourites.c.sku)
            )
            beyond = list(connection.execute(kept).scalars())[MOST_FAVOURITES:]
            _unmark(connection, owner, beyond)

        self._database.write(work)

    def unmark(self, owner: Owner, skus: Iterable[str]) -> None:
        """Take marks away."""
        gone = list(skus)
        self._database.write(lambda connection: _unmark(connection, owner, gone))


def forget_shoppers(connection: sa.Connection, before: datetime, limit: int) -> None:
    """Delete people who have not come since `before`, and what they marked."""
    old = sa.select(shoppers.c.partner, shoppers.c.key).where(shoppers.c.last_seen < before)
    for row in connection.execute(old.limit(limit)).all():
        owner = Owner(row.partner, row.key)
        connection.execute(favourites.delete().where(*_owned(favourites, owner)))
        connection.execute(shoppers.delete().where(*_owned(shoppers, owner)))


_SESSIONS: Final = sa.table(
    "punchout_session",
    sa.column("id"),
    sa.column("state"),
    sa.column("closed_at", Instant),
    sa.column("cart", sa.LargeBinary),
)
"""The columns of `gateway.store.sessions` that are read here; that module knows this one."""


def _returned(owner: Owner) -> sa.Select[tuple[str, datetime, bytes]]:
    return (
        sa.select(_SESSIONS.c.id, _SESSIONS.c.closed_at, _SESSIONS.c.cart)
        .join_from(visits, _SESSIONS, _SESSIONS.c.id == visits.c.session_id)
        .where(*_owned(visits, owner), _SESSIONS.c.state == SessionState.RETURNED.value)
        .order_by(visits.c.began_at.desc(), visits.c.session_id)
    )


def _ordered(wanted: Orders) -> sa.Select[tuple[str, datetime, bytes]]:
    query = sa.select(message.c.id, message.c.created_at, message.c.document).where(
        message.c.partner == wanted.partner,
        message.c.kind == "order",
        message.c.direction == "in",
        message.c.state.in_(wanted.states),
        message.c.test == wanted.test,
        message.c.document.is_not(None),
    )
    if wanted.orderer is None:
        return query
    own = sa.select(reference.c.message).where(
        reference.c.value == wanted.orderer.casefold(), reference.c.kind == "orderer"
    )
    return query.where(message.c.id.in_(own))


def _earlier_order(row: sa.Row[tuple[str, datetime, bytes]]) -> EarlierOrder:
    return EarlierOrder(row.id, row.created_at, load_as(Order, row.document))


def _unmark(connection: sa.Connection, owner: Owner, skus: list[str]) -> None:
    if skus:
        connection.execute(
            favourites.delete().where(*_owned(favourites, owner), favourites.c.sku.in_(skus))
        )


def _columns(owner: Owner) -> dict[str, object]:
    return {"partner": owner.partner, "key": owner.key}


def _owned(table: sa.Table, owner: Owner) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.partner == owner.partner, table.c.key == owner.key
