"""Keep the requisitions of a small procurement system: punched out, came home, ordered.

In memory: this is the buyer's side of the demo and forgets everything when it stops.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from canonical.amounts import Money
from canonical.order import Order
from canonical.punchout import Cart, Operation
from gateway.ambient import Ambient
from gateway.buyer.differ import Difference, judge_order
from gateway.buyer.documents import make_order, make_setup, total_in
from gateway.buyer.exchange import Exchange
from gateway.buyer.findings import Finding
from gateway.buyer.homecoming import Awaited, decode_cart, receive
from gateway.buyer.journey import LOST
from gateway.buyer.kept import kept
from gateway.buyer.logins import Login, login_of
from gateway.buyer.offices import Office
from gateway.buyer.readable import SHOWN, readable
from gateway.buyer.visiting import start_page
from gateway.errors import NotFoundError
from protocols import form

KEPT: Final = 200
"""Requisitions that the desk remembers; the oldest is forgotten first."""
LIMITS: Final = form.Limits(value=8_000_000)
STAGES: Final = ("Punch out", "Shop", "Cart comes home", "Order")
"""What a requisition goes through."""
IN_FRAME: Final = "The answer is the shop itself, in the frame: such a login has no other."
BY_BROWSER: Final = "Posted by the browser, which the shop sent here; a page is the answer."


@dataclass(frozen=True, slots=True)
class Event:
    """Hold what happened, under which id, and what was said: secrets blanked, for people."""

    what: str
    message_id: str = ""
    request: str = ""
    response: str = ""
    remark: str = ""


@dataclass
class Requisition:
    """Hold one requisition, and the way into the shop while it is open.

    `start_url` is what a frame shows; a login by form has `login` instead, which a page posts.
    """

    key: str
    office: Office
    awaited: Awaited | None = None
    start_url: str | None = None
    login: Login | None = None
    cart: Cart | None = None
    findings: tuple[Finding, ...] = ()
    order: Order | None = None
    answer: Exchange | None = None
    differences: tuple[Difference, ...] = ()
    closed: bool = False
    problem: str = ""
    events: list[Event] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Tell whether there is a shop to show."""
        return self.start_url is not None or self.login is not None

    @property
    def stage(self) -> int:
        """Return how far it has come, as an index into `STAGES`."""
        if self.is_open:
            return 1
        if self.order is not None:
            return 3
        return 0 if self.cart is None and not self.closed else 2

    @property
    def total(self) -> Money | None:
        """Return what its cart costs."""
        return None if self.cart is None else total_in(self.cart)

    @property
    def can_edit(self) -> bool:
        """Tell whether its protocol takes a cart back into the shop."""
        return self.office.account.takes_carts_back

    @property
    def can_order(self) -> bool:
        """Tell whether an order has a way: orders are cXML whatever the punchout was."""
        return self.office.account.orders

    def leave(self) -> None:
        """Forget the way into the shop."""
        self.start_url = self.login = None


class Requisitions:
    """Lead requisitions from punchout to order; `home` is this desk's own address."""

    def __init__(
        self, offices: Callable[[], Mapping[str, Office]], home: str, ambient: Ambient
    ) -> None:
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

    def begin(self, office_key: str) -> Requisition:
        """Punch out with a new requisition."""
        offices = self.offices()
        office = offices.get(office_key)
        if office is None:
            message = f"there is no buyer {office_key!r} here; known: {', '.join(offices)}"
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
        requisition.awaited = Awaited(cookie=cookie, brought=brought, shopped_by_hand=True)
        requisition.closed = False
        what = f"punched out ({operation.value})"
        if office.account.login is not None:
            self._log_in(requisition, login_of(office.account, setup))
            return
        exchange = office.post.send(setup)
        requisition.events.append(_event(what, office, exchange))
        requisition.start_url = start_page(exchange)
        requisition.problem = "" if requisition.start_url else _said(exchange)

    def _log_in(self, requisition: Requisition, login: Login) -> None:
        by_get = login.method == "get"
        requisition.start_url = login.address if by_get else None
        requisition.login = None if by_get else login
        fields = "\n".join(f"{name}={value}" for name, value in login.shown)
        asked = f"{login.method.upper()} {login.url}\n\n{fields}"
        event = Event("punched out (a login)", request=asked, remark=IN_FRAME)
        requisition.events.append(event)

    def receive(self, key: str, body: bytes) -> Requisition:
        """Take what the browser posts, urlencoded: a cart, or the word that there is none."""
        requisition = self.get(key)
        office, awaited = requisition.office, requisition.awaited
        account, tools = office.account, office.post.tools
        charset = "UTF-8" if account.login is None else account.theirs.charset
        fields = form.read(body, charset=charset, limits=LIMITS).pairs
        posted, problems = decode_cart(fields, account, tools)
        spelt = "\n".join(f"{name}={value}" for name, value in fields)[:SHOWN]
        to = f"POST {self.home}/return/{key}\n\n"
        if posted.content is None or awaited is None:
            requisition.findings = problems
            event = Event("something came home", request=to + spelt, remark=BY_BROWSER)
            requisition.events.append(event)
            return requisition
        arrival = receive(posted, awaited, account, tools)
        what = "left without a cart" if arrival.closed else "the cart came home"
        if posted.name is not None:
            spelt = f"{posted.name}, decoded:\n\n{readable(posted.content)}"
        event = Event(what, arrival.message_id, to + spelt, remark=BY_BROWSER)
        requisition.events.append(event)
        requisition.findings = (*problems, *arrival.findings)
        requisition.closed = arrival.closed
        requisition.leave()
        if arrival.cart is not None:
            requisition.cart = arrival.cart
        return requisition

    def send_order(self, requisition: Requisition) -> None:
        """Order the cart; pressed twice, it is the same order."""
        if requisition.cart is None or requisition.order is not None or not requisition.can_order:
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
        sent = office.post.as_sent(exchange)
        if isinstance(sent, Order):
            requisition.differences = judge_order(requisition.cart, sent)[0]
        requisition.events.append(_event(f"ordered as {order_id}", office, exchange))
        requisition.problem = "" if exchange.accepted else _said(exchange)
        if exchange.accepted:
            requisition.order = order


def _event(what: str, office: Office, exchange: Exchange) -> Event:
    """Return an exchange for people to read, its secret blanked."""
    codec = office.post.tools.faces["cxml"]
    sent = codec.redacted(exchange.sent.content, exchange.sent.media_type)
    asked = f"POST {office.account.url}\nContent-Type: {exchange.sent.media_type}"
    answer = exchange.answer
    answered = f"HTTP {exchange.http_status}\nContent-Type: {answer.media_type}"
    return Event(
        what,
        exchange.message_id,
        f"{asked}\n\n{readable(sent)}",
        f"{answered}\n\n{readable(answer.content)}",
    )


def _said(exchange: Exchange) -> str:
    status = None if exchange.message is None else exchange.message.status
    if status is None:
        return f"the gateway answered HTTP {exchange.http_status} without a cXML status"
    return f"the gateway said {status.code} {status.text}. {status.detail or ''}".strip()
