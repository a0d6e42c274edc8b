"""Send the cart home, once: the same bytes however often the button is pressed.

The cart document goes through the pipeline like any outgoing message (mapped, checked, recorded);
what comes out is stored with the session, and every later look at the transfer page shows that.
Leaving without a cart sends a document too, one that says "no change": an empty cart would delete
what the buyer had before.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace

from canonical.faults import Fault, has_errors
from canonical.product import Product
from canonical.punchout import Cart, Operation, SessionState
from canonical.wire import Dialect, Face, Payload
from gateway.errors import TakenError
from gateway.partners.model import Partner
from gateway.pipeline.contract import Sent
from gateway.pipeline.emitting import Outgoing
from gateway.punchout.baskets import homeward, load_remarks
from gateway.punchout.delivery import Deliveries
from gateway.punchout.faults import fault
from gateway.punchout.fitting import (
    fitted,
    from_supplier,
    under_contract,
    with_wanted,
    without_files,
)
from gateway.punchout.limits import Spelling, check_cart, check_limits, check_line
from gateway.punchout.means import Means
from gateway.punchout.naming import with_buyer_numbers
from gateway.punchout.offers import quantity_fault
from gateway.punchout.pictures import with_pictures
from gateway.punchout.return_url import ReturnAddress, checked_before, is_frame
from gateway.punchout.sessions import Event, after
from gateway.punchout.shopping import is_changeable
from gateway.store.sessions import Change, Returned, Session, SessionEvent

STRIPES: Final = 64


@dataclass(frozen=True, slots=True)
class Homecoming:
    """Hold where the browser posts which fields: in their charset, to a frame of that name."""

    address: ReturnAddress
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    charset: str
    target: str


def homecoming_of(
    face: Face, payload: Payload, dialect: Dialect, address: ReturnAddress, target: str | None
) -> Homecoming:
    """Return how `payload` goes to `address`, in the frame that the setup named if it may."""
    form = face.form(payload, dialect)
    repeated = address.parameters(form.charset) if form.repeats_query else ()
    frame = target if target and is_frame(target) else form.target
    return Homecoming(address, (*repeated, *form.fields), form.charset, frame)


class Returning:
    """Close sessions with what goes home."""

    def __init__(self, means: Means, deliveries: Deliveries) -> None:
        self._means = means
        self._deliveries = deliveries
        self._locks = [threading.Lock() for _ in range(STRIPES)]

    def transfer(
        self, session_id: str, *, confirmed: bool = False, request_hash: str | None = None
    ) -> tuple[Fault, ...]:
        """Close a session with its cart; no faults means that it is done, now or before.

        An edited cart without lines needs `confirmed`, for the buyer loses his lines.
        """
        with self._alone(session_id):
            session = self._means.store.find(session_id)
            if session is None:
                return (fault("PUNCHOUT-028"),)
            if session.state is SessionState.RETURNED:
                return ()
            if not is_changeable(session, self._means):
                return (fault("PUNCHOUT-028"),)
            cart = self._homeward(session)
            # A shop of the supplier's own knows its packages and days better than our replica does.
            skus = () if session.external else [line.item.sku or "" for line in cart.lines]
            products = self._means.products.products(skus) if skus else {}
            faults = self._unfit(session, cart, products, confirmed=confirmed)
            if has_errors(faults):
                return faults
            if not session.external:
                cart = self._deliveries.dated(session, cart, products)
            return self._close(session, cart, Event.RETURN, request_hash)

    def examined(self, session: Session) -> dict[str, tuple[Fault, ...]]:
        """Return what the buyer's system would do to the cart as it is now, for its page.

        Keys are the auxiliary ids of lines; an empty one is for the cart as a whole. Lines that
        cannot be ordered do not go home: their remarks say why.
        """
        partner = self._means.partner(session.partner)
        if partner is None or not is_changeable(session, self._means):
            return {}
        cart, spelling = self._homeward(session), self._spelling(partner, session)
        found = {"": tuple(check_cart(cart, partner.limits))}
        for line in cart.lines:
            key = line.item.auxiliary_id or ""
            found[key] = (*found.get(key, ()), *check_line(line, partner.limits, spelling))
        return {key: faults for key, faults in found.items() if faults}

    def cancel(self, session_id: str, *, request_hash: str | None = None) -> tuple[Fault, ...]:
        """Close a session without touching the buyer's cart; no faults means that it is done."""
        with self._alone(session_id):
            session = self._means.store.find(session_id)
            if session is None:
                return (fault("PUNCHOUT-028"),)
            if session.state is SessionState.CANCELLED:
                return ()
            if session.state is not SessionState.ACTIVE:
                return (fault("PUNCHOUT-028"),)
            if session.setup.return_url is None:
                self._means.store.change(session, self._change(session, Event.CANCEL))
                return ()
            cart = replace(session.cart, lines=(), total=None, cancelled=True)
            return self._close(session, cart, Event.CANCEL, request_hash)

    def homecoming(self, session: Session) -> Homecoming | None:
        """Return what the browser posts home and where; None when nothing goes home."""
        returned = self._means.store.returned(session.id)
        partner = self._means.partner(session.partner)
        if returned is None or partner is None:
            return None
        address = checked_before(session.setup.return_url)
        if address is None:
            return None
        setup, face = session.setup, self._means.faces[session.syntax]
        dialect = self._means.dialect(partner, session.syntax, setup.properties)
        return homecoming_of(face, returned.payload, dialect, address, setup.return_target)

    def _close(
        self, session: Session, cart: Cart, event: Event, request_hash: str | None
    ) -> tuple[Fault, ...]:
        partner = self._means.partner(session.partner)
        if partner is None:
            return (fault("PUNCHOUT-028"),)
        cart = replace(cart, lines=tuple(without_files(line, partner) for line in cart.lines))
        change, now = self._change(session, event), self._means.ambient.now()

        def close(connection: sa.Connection, sent: Sent) -> None:
            if sent.payload is not None and not has_errors(sent.faults):
                returned = Returned(sent.message_id, sent.payload, now, request_hash)
                self._means.store.close_in(connection, session, change, returned)

        dialect = self._means.dialect(partner, session.syntax, session.setup.properties)
        outgoing = Outgoing(
            partner,
            _issued(cart, now, dialect),
            session.syntax,
            references=(("punchout-session", session.id),),
            test=session.setup.test,
            dialect=dialect,
        )
        try:
            sent = self._means.emit(outgoing, close)
        except TakenError:
            newer = self._means.store.find(session.id)
            done = newer is not None and newer.state is after(session.state, event)
            return () if done else (fault("PUNCHOUT-031"),)
        return sent.faults if sent.payload is None or has_errors(sent.faults) else ()

    def _change(self, session: Session, event: Event) -> Change:
        happened = SessionEvent(happened_at=self._means.ambient.now(), kind=event, detail="")
        return Change(event=happened, state=after(session.state, event))

    def _unfit(
        self, session: Session, cart: Cart, products: Mapping[str, Product], *, confirmed: bool
    ) -> tuple[Fault, ...]:
        if not cart.lines:
            return _empty(session, confirmed=confirmed)
        partner = self._means.partner(session.partner)
        quantities = _quantities(cart, products)
        if partner is None:
            return tuple(quantities)
        spelling = self._spelling(partner, session)
        return (*quantities, *check_limits(cart, partner.limits, spelling))

    def _homeward(self, session: Session) -> Cart:
        """Return the cart as this buyer's system will get it."""
        cart = homeward(session.cart, load_remarks(session.remarks))
        lines = with_buyer_numbers(self._means, session.customer.customer_id, cart.lines)
        cart = replace(cart, lines=with_pictures(self._means.base_url, lines))
        partner = self._means.partner(session.partner)
        if partner is None:
            return cart
        if partner.punchout.name_contract:
            cart = under_contract(cart, session.customer.contract)
        if partner.punchout.name_supplier:
            cart = from_supplier(cart, partner.us)
        if not session.external:
            cart = replace(cart, lines=tuple(with_wanted(line, partner) for line in cart.lines))
        return fitted(cart, partner)

    def _spelling(self, partner: Partner, session: Session) -> Spelling:
        return cache(partial(self._means.unit_written, partner, session.syntax))

    @contextmanager
    def _alone(self, session_id: str) -> Iterator[None]:
        # The second of two clicks waits here and finds the work done; across processes the
        # session's revision decides, and the loser shows what the winner stored.
        with self._locks[hash(session_id) % STRIPES]:
            yield


def _quantities(cart: Cart, products: Mapping[str, Product]) -> Iterator[Fault]:
    # An edited cart may hold quantities that were right when it was made.
    for line in cart.lines:
        product = products.get(line.item.sku or "")
        found = None if product is None else quantity_fault(product, line.quantity.value)
        if found is not None:
            yield replace(found, target=f"lines[{line.line_id}] {line.item.sku}")


def _issued(cart: Cart, now: datetime, dialect: Dialect) -> Cart:
    """Return a cart as it leaves, with the day until which its document will say it holds."""
    until = cart.valid_until
    if until is None and dialect.validity_days is not None and not cart.cancelled:
        until = now.date() + timedelta(days=dialect.validity_days)
    return replace(cart, issued_at=now, valid_until=until)


def _empty(session: Session, *, confirmed: bool) -> tuple[Fault, ...]:
    if session.setup.operation is not Operation.EDIT:
        return (fault("PUNCHOUT-029"),)
    return () if confirmed else (fault("PUNCHOUT-030"),)
