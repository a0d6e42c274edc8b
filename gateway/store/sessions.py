"""Keep punchout sessions: who came, with which cart, what went back, and what happened.

Tokens are stored as hashes only: whoever reads this table cannot enter a session. Every change of
a session names the revision it was made on, so that of two changes at once one is made again and
none is lost.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import sqlalchemy as sa

from canonical.document import Document
from canonical.party import Customer
from canonical.punchout import Cart, PunchoutSetup, SessionState
from canonical.stored import dump, load
from canonical.wire import Payload
from gateway.errors import StoreError, TakenError
from gateway.store.database import Database
from gateway.store.notes import SessionNotes
from gateway.store.rows import Into, columns_of, insert, insert_or_renew
from gateway.store.schema import Instant, metadata
from gateway.store.shoppers import ShopperStore

DocumentT = TypeVar("DocumentT", bound=Document)

sessions: Final = sa.Table(
    "punchout_session",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("message_id", sa.String(64), nullable=False, unique=True),
    sa.Column("partner", sa.String(100), nullable=False),
    sa.Column("syntax", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("external", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("start_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("start_expires_at", Instant, nullable=False),
    sa.Column("start_used_at", Instant),
    sa.Column("token_hash", sa.String(64), unique=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("customer", sa.LargeBinary, nullable=False),
    sa.Column("setup", sa.LargeBinary, nullable=False),
    sa.Column("cart", sa.LargeBinary, nullable=False),
    sa.Column("remarks", sa.LargeBinary, nullable=False),
    sa.Column("language", sa.String(10)),
    sa.Index("ix_punchout_session_state_expires_at", "state", "expires_at"),
)

returns: Final = sa.Table(
    "punchout_return",
    metadata,
    sa.Column("session_id", sa.String(40), sa.ForeignKey("punchout_session.id"), primary_key=True),
    sa.Column("message_id", sa.String(64), nullable=False),
    sa.Column("media_type", sa.String(200), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("request_hash", sa.String(64)),
    sa.Column("made_at", Instant, nullable=False),
)

issued_lines: Final = sa.Table(
    "punchout_line",
    metadata,
    sa.Column("partner", sa.String(100), primary_key=True),
    sa.Column("auxiliary_id", sa.String(255), primary_key=True),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("session_id", sa.String(40), nullable=False),
    sa.Column("issued_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

events: Final = sa.Table(
    "punchout_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.String(40), sa.ForeignKey("punchout_session.id"), nullable=False),
    sa.Column("happened_at", Instant, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("ix_punchout_event_session_id", "session_id"),
)


@dataclass(frozen=True, slots=True)
class Session:
    """Hold one session as stored; `remarks` is what `gateway.punchout` notes beside its lines.

    `language` is what the shopper chose on the page; the setup says what their system wanted.
    `syntax` is what the setup came in and the cart goes home in.
    """

    id: str
    message_id: str
    partner: str
    state: SessionState
    external: bool
    created_at: datetime
    expires_at: datetime
    revision: int
    customer: Customer
    setup: PunchoutSetup
    cart: Cart
    remarks: bytes
    language: str | None = None
    syntax: str = "cxml"


@dataclass(frozen=True, slots=True)
class Start:
    """Hold a one-time start link: the hash of its token and until when it works."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Hold one thing that happened in a session, for the audit."""

    happened_at: datetime
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """Describe the next form of a session: what is None stays as it is."""

    event: SessionEvent
    state: SessionState | None = None
    cart: Cart | None = None
    remarks: bytes | None = None
    token: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """Hold what goes home with the buyer's browser, ready to be posted again and again."""

    message_id: str
    payload: Payload
    made_at: datetime
    request_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FoundStart:
    """Hold what a start token leads to, whether or not it may still be used."""

    session: Session
    expires_at: datetime
    used_at: datetime | None


class SessionStore:
    """Read and write punchout sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.notes = SessionNotes(database)
        self.shoppers = ShopperStore(database)

    def creation(
        self, session: Session, start: Start, event: SessionEvent
    ) -> Callable[[Into], None]:
        """Return what stores a new session with its start link, in the caller's transaction."""

        def work(into: Into) -> None:
            link = {
                "start_hash": token_hash(start.token),
                "start_expires_at": start.expires_at,
            }
            insert(into, sessions, {**_columns(session), **link})
            _record(into, session.id, event)

        return work

    def find(self, session_id: str) -> Session | None:
        """Return a session by its id."""
        with self._database.read() as connection:
            return _one(connection, sessions.c.id == session_id)

    def find_by_token(self, token: str) -> Session | None:
        """Return the session that a path token opens."""
        with self._database.read() as connection:
            return _one(connection, sessions.c.token_hash == token_hash(token))

    def find_start(self, token: str) -> FoundStart | None:
        """Return what a start token leads to, without using it."""
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(sessions).where(sessions.c.start_hash == token_hash(token))
            ).one_or_none()
        if row is None:
            return None
        return FoundStart(
            session=_session(row), expires_at=row.start_expires_at, used_at=row.start_used_at
        )

    def use_start(self, start_token: str, session: Session, change: Change) -> bool:
        """Use a start link up and apply `change`; tell False when either came too late."""
        return self._database.write(
            lambda connection: _apply(connection, session, change, start=start_token)
        )

    def change(self, session: Session, change: Change) -> bool:
        """Apply `change` if nobody changed the session since it was read; tell whether."""
        return self._database.write(lambda connection: _apply(connection, session, change))

    def close_in(
        self, connection: sa.Connection, session: Session, change: Change, returned: Returned
    ) -> None:
        """Close a session with what goes home, in the transaction that records it.

        Its line ids are known to the partner from now. Raises `TakenError` when somebody changed
        the session since it was read.
        """
        if not _apply(connection, session, change):
            message = f"session {session.id} was changed by somebody else meanwhile"
            raise TakenError(message)
        connection.execute(
            returns.insert().values(
                session_id=session.id,
                message_id=returned.message_id,
                media_type=returned.payload.media_type,
                content=returned.payload.content,
                request_hash=returned.request_hash,
                made_at=returned.made_at,
            )
        )
        _issue(connection, session, change.cart or session.cart, returned.made_at)

    def returned(self, session_id: str) -> Returned | None:
        """Return what went home from a session."""
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(returns).where(returns.c.session_id == session_id)
            ).one_or_none()
        if row is None:
            return None
        return Returned(
            message_id=row.message_id,
            payload=Payload(content=row.content, media_type=row.media_type),
            made_at=row.made_at,
            request_hash=row.request_hash,
        )

    def record(self, session_id: str, event: SessionEvent) -> None:
        """Write down something that happened and changed nothing."""
        self._database.write(lambda connection: _record(connection, session_id, event))

    def events(self, session_id: str) -> tuple[SessionEvent, ...]:
        """Return what happened in a session, oldest first."""
        query = sa.select(events).where(events.c.session_id == session_id).order_by(events.c.id)
        with self._database.read() as connection:
            return tuple(
                SessionEvent(happened_at=row.happened_at, kind=row.kind, detail=row.detail)
                for row in connection.execute(query)
            )

    def issued_skus(self, partner: str, auxiliary_ids: Iterable[str]) -> dict[str, str]:
        """Return the product behind each of these line ids that `partner` ever got from us."""
        query = sa.select(issued_lines.c.auxiliary_id, issued_lines.c.sku).where(
            issued_lines.c.partner == partner,
            issued_lines.c.auxiliary_id.in_(tuple(auxiliary_ids)),
        )
        with self._database.read() as connection:
            return {row.auxiliary_id: row.sku for row in connection.execute(query)}

    def last_carts(self, partner: str, auxiliary_ids: Iterable[str]) -> tuple[Cart, ...]:
        """Return the carts in which these lines went to `partner` last."""
        query = (
            sa.select(sessions.c.id, sessions.c.cart)
            .join(issued_lines, issued_lines.c.session_id == sessions.c.id)
            .where(issued_lines.c.partner == partner)
            .where(issued_lines.c.auxiliary_id.in_(tuple(auxiliary_ids)))
            .distinct()
        )
        with self._database.read() as connection:
            return tuple(_document(row.cart, Cart) for row in connection.execute(query))

    def overdue(
        self, now: datetime, states: Sequence[SessionState], limit: int
    ) -> tuple[Session, ...]:
        """Return sessions in one of `states` whose time is over, at most `limit`."""
        query = (
            sa.select(sessions)
            .where(sessions.c.state.in_(states), sessions.c.expires_at <= now)
            .order_by(sessions.c.expires_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_session(row) for row in connection.execute(query))


def token_hash(token: str) -> str:
    """Return what is stored of a token; 256 bits of chance need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _columns(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "message_id": session.message_id,
        "partner": session.partner,
        "syntax": session.syntax,
        "state": session.state.value,
        "external": session.external,
        "created_at": session.created_at,
        "expires_at": session.expires_at,
        "revision": session.revision,
        "customer": dump(session.customer),
        "setup": dump(session.setup),
        "cart": dump(session.cart),
        "remarks": session.remarks,
        "language": session.language,
    }


def _one(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Session | None:
    row = connection.execute(sa.select(sessions).where(where)).one_or_none()
    return None if row is None else _session(row)


def _session(row: "sa.Row[tuple[object, ...]]") -> Session:
    return Session(
        id=row.id,
        message_id=row.message_id,
        partner=row.partner,
        state=SessionState(row.state),
        external=row.external,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revision=row.revision,
        customer=_document(row.customer, Customer),
        setup=_document(row.setup, PunchoutSetup),
        cart=_document(row.cart, Cart),
        remarks=row.remarks,
        language=row.language,
        syntax=row.syntax,
    )


def _document(stored: bytes, kind: type[DocumentT]) -> DocumentT:
    document = load(stored)
    if not isinstance(document, kind):
        message = f"a punchout session holds a {type(document).__name__} for a {kind.__name__}"
        raise StoreError(message)
    return document


def _apply(
    connection: sa.Connection, session: Session, change: Change, *, start: str | None = None
) -> bool:
    """Tell whether the session still was as it was read, and its link `start` unused, if given."""
    values = _changed_columns(session, change)
    where = [sessions.c.id == session.id, sessions.c.revision == session.revision]
    if start is not None:
        values["start_used_at"] = change.event.happened_at
        where += [sessions.c.start_hash == token_hash(start), sessions.c.start_used_at.is_(None)]
    changed = connection.execute(sessions.update().where(*where).values(values))
    if changed.rowcount != 1:
        return False
    _record(connection, session.id, change.event)
    return True


def _changed_columns(session: Session, change: Change) -> dict[str, object]:
    values: dict[str, object] = {"revision": session.revision + 1}
    if change.state is not None:
        values["state"] = change.state.value
        if change.state not in {SessionState.PENDING, SessionState.ACTIVE}:
            values["closed_at"] = change.event.happened_at
    if change.cart is not None:
        values["cart"] = dump(change.cart)
    if change.remarks is not None:
        values["remarks"] = change.remarks
    if change.token is not None:
        values["token_hash"] = token_hash(change.token)
    if change.language is not None:
        values["language"] = change.language
    return values


def _record(into: Into, session_id: str, event: SessionEvent) -> None:
    insert(into, events, {"session_id": session_id, **columns_of(event)})


def _issue(connection: sa.Connection, session: Session, cart: Cart, at: datetime) -> None:
    skus = {
        line.item.auxiliary_id: line.item.sku
        for line in cart.lines
        if line.item.auxiliary_id and line.item.sku
    }
    # In one order for all, so that two sessions that return one cart never wait for each other.
    rows = [
        {
            "partner": session.partner,
            "auxiliary_id": auxiliary_id,
            "sku": skus[auxiliary_id],
            "session_id": session.id,
            "issued_at": at,
        }
        for auxiliary_id in sorted(skus)
    ]
    if rows:
        insert_or_renew(connection, issued_lines, rows, "session_id")
