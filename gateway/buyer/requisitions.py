"""Keep the requisitions of a small procurement system: punched out, came home, ordered.

In memory: this is the buyer's side of the demo and forgets everything when it stops.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from canonical.order import Order
from canonical.punchout import Cart, Operation
from gateway.ambient import Ambient
from gateway.buyer.account import Account
from gateway.buyer.documents import Person, make_order, make_setup
from gateway.buyer.exchange import Exchange, Post
from gateway.buyer.findings import Finding
from gateway.buyer.homecoming import Awaited, decode_cart, receive
from gateway.buyer.journey import LOST, start_page
from gateway.buyer.kept import kept
from gateway.errors import NotFoundError

KEPT: Final = 200
"""Requisitions that the desk remembers; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Office:
    """Hold one buyer at the desk: the company, its account and the person who shops."""

    partner: str
    company: str
    system: str
    person: Person
    post: Post

    @property
    def account(self) -> Account:
        """Return the account at the supplier's gateway."""
        return self.post.account


@dataclass
class Requisition:
    """Hold one requisition; `events` are pairs of what happened and the payloadID it used."""

    key: str
    office: Office
    awaited: Awaited | None = None
    start_url: str | None = None
    cart: Cart | None = None
    findings: tuple[Finding, ...] = ()
    order: Order | None = None
    answer: Exchange | None = None
    closed: bool = False
    problem: str = ""
    events: list[tuple[str, str]] = field(default_factory=list)


class Requisitions:
    """Lead requisitions from punchout to order; `home` is this desk's own address."""

    def __init__(self, offices: Mapping[str, Office], home: str, ambient: Ambient) -> None:
        self.offices = offices
        self.home = home
        self._ambient = ambient
        self._kept: dict[str, Requisition] = {}
        self._lock = threading.Lock()

    def all(self) -> tuple[Requisition, ...]:
        """Return every requisition, the newest first."""
        with self._lock:
            return tuple(reversed(self._kept.values()))

    def get(self, key: str) -> Requisition:
        """Return a requisition; `NotFoundError` when there is none of that key."""
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            message = "this requisition is not known here; the desk forgets when it stops"
            raise NotFoundError(message)
        return found

    def begin(self, partner: str) -> Requisition:
        """Punch out with a new requisition."""
        office = self.offices.get(partner)
        if office is None:
            message = f"there is no buyer {partner!r} here; known: {', '.join(self.offices)}"
            raise NotFoundError(message)
        requisition = Requisition(self._ambient.new_token(), office)
        with self._lock:
            self._kept[requisition.key] = requisition
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        self.punchout(requisition, Operation.CREATE)
        return requisition

    def punchout(self, requisition: Requisition, operation: Operation) -> None:
        """Ask for a session; edit and inspect bring the requisition's cart along."""
        office = requisition.office
        cookie = self._ambient.new_token()[:22]
        brought = None if operation is Operation.CREATE else requisition.cart
        return_url = f"{self.home}/return/{requisition.key}"
        setup = make_setup(
            office.account.system, office.person, cookie, return_url, operation, brought
        )
        exchange = office.post.send(setup)
        requisition.events.append((f"punched out ({operation.value})", exchange.message_id))
        requisition.start_url = start_page(exchange)
        requisition.problem = "" if requisition.start_url else _said(exchange)
        requisition.awaited = Awaited(cookie=cookie, brought=brought, shopped_by_hand=True)
        requisition.closed = False

    def receive(self, key: str, fields: list[tuple[str, str]]) -> Requisition:
        """Take what the browser posts: a cart, or the word that there is none."""
        requisition = self.get(key)
        content, problems = decode_cart(fields)
        awaited = requisition.awaited
        if content is None or awaited is None:
            requisition.findings = problems
            return requisition
        office = requisition.office
        arrival = receive(content, awaited, office.account, office.post.tools)
        what = "left without a cart" if arrival.closed else "the cart came home"
        requisition.events.append((what, arrival.message_id))
        requisition.findings = (*problems, *arrival.findings)
        requisition.closed = arrival.closed
        requisition.start_url = None
        if arrival.cart is not None:
            requisition.cart = arrival.cart
        return requisition

    def send_order(self, requisition: Requisition) -> None:
        """Order the cart; pressed twice, it is the same order."""
        if requisition.cart is None or requisition.order is not None:
            return
        office = requisition.office
        cart = kept(requisition.cart, office.account.system, office.account.limits)
        if cart is None:
            requisition.problem = LOST
            return
        order_id = f"PO-{self._ambient.new_id()[8:20].upper()}"
        order = make_order(cart, office.person, order_id, self._ambient.now())
        exchange = office.post.send(order)
        requisition.answer = exchange
        requisition.events.append((f"ordered as {order_id}", exchange.message_id))
        requisition.problem = "" if exchange.accepted else _said(exchange)
        if exchange.accepted:
            requisition.order = order


def _said(exchange: Exchange) -> str:
    status = None if exchange.message is None else exchange.message.status
    if status is None:
        return f"the gateway answered HTTP {exchange.http_status} without a cXML status"
    return f"the gateway said {status.code} {status.text}. {status.detail or ''}".strip()
