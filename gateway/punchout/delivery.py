"""Say when the lines of a cart arrive at the address that their shopper chose.

The address is what was chosen on the page, else what the setup said, else the customer's only one.
The core says how warehouses serve it and what they have; a core that does not answer costs the
days, never the cart. A day told on a page is worked out again when the cart goes home.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from canonical.delivery import Arrival, DeliveryRoute, arrival
from canonical.faults import Fault
from canonical.party import Address, Customer
from canonical.product import Product
from canonical.punchout import Cart, CartLine
from canonical.stock import StockLevel
from gateway.errors import CoreError
from gateway.punchout.faults import fault
from gateway.punchout.filling import Wish
from gateway.punchout.means import Means
from gateway.store.sessions import Session

SHIP_TO: Final = "ship-to"
FEATURE: Final = "deliveries.query"
SECONDS: Final = 60
"""How long a route, and what a core can do, is remembered: a cut-off may pass unnoticed so long."""
CAPACITY: Final = 1000


class Routes:
    """Ask the core for routes at most once in `SECONDS` an address; safe to share."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._known: OrderedDict[tuple[str, str], tuple[datetime, Sequence[DeliveryRoute] | None]]
        self._known = OrderedDict()
        self._able: tuple[datetime, bool] | None = None
        self._lock = threading.Lock()

    def to(self, ship_to: Address | None) -> Sequence[DeliveryRoute] | None:
        """Return the routes to an address; None when nothing is known. Raises `CoreError`."""
        now = self._means.ambient.now()
        if ship_to is None or not self._asked(now):
            return None
        key = (ship_to.country or "", ship_to.postal_code or "")
        with self._lock:
            until, routes = self._known.get(key, (now, None))
        if until > now:
            return routes
        found = self._means.core.deliveries(ship_to)
        with self._lock:
            self._known[key] = (now + timedelta(seconds=SECONDS), found)
            self._known.move_to_end(key)
            while len(self._known) > CAPACITY:
                self._known.popitem(last=False)
        return found

    def _asked(self, now: datetime) -> bool:
        if self._able is None or self._able[0] <= now:
            able = FEATURE in self._means.core.capabilities().features
            self._able = (now + timedelta(seconds=SECONDS), able)
        return self._able[1]


class Deliveries:
    """Know where a session's goods go, and when they are there."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._routes = Routes(means)

    def address(self, session: Session) -> Address | None:
        """Return where the goods of a session go, as far as anybody has said."""
        chosen = self._means.store.notes.get(session.id, SHIP_TO)
        if chosen is not None:
            found = by_key(session.customer, chosen.decode())
            if found is not None:
                return found
        return session.setup.ship_to or _only(session.customer.addresses)

    def choose(self, session: Session, key: str) -> Fault | None:
        """Send the goods of a session to another of its customer's addresses."""
        if by_key(session.customer, key) is None:
            return fault("PUNCHOUT-108", found=key[:40])
        self._means.store.notes.put(session.id, SHIP_TO, key.encode())
        return None

    def arrivals(self, session: Session, wishes: Sequence[Wish]) -> tuple[Arrival, ...] | None:
        """Return when each of these is there; None when the core does not say."""
        try:
            routes = self._routes.to(self.address(session))
            levels = _by_sku(self._means.core.stock_of([wish.product.sku for wish in wishes]))
        except CoreError:
            return None
        today = self._means.ambient.now().date()
        return tuple(
            arrival(
                wish.quantity,
                levels.get(wish.product.sku, ()),
                routes,
                today,
                wish.product.lead_time_days,
            )
            for wish in wishes
        )

    def of_lines(
        self,
        session: Session,
        lines: Sequence[CartLine],
        products: Mapping[str, Product] | None = None,
    ) -> dict[str, Arrival]:
        """Return when lines arrive, by their auxiliary id; those that nobody knows of are not in.

        Earlier lines of one product take from the stock of later ones. `products` are those of the
        lines, where the caller has them.
        """
        if products is None:
            products = self._means.products.products([line.item.sku or "" for line in lines])
        before: dict[str, Decimal] = {}
        wishes = []
        for line in lines:
            product = products.get(line.item.sku or "")
            if product is not None and product.unit == line.quantity.unit:
                so_far = before.get(product.sku, Decimal(0)) + line.quantity.value
                before[product.sku] = so_far
                wishes.append((line.item.auxiliary_id or "", Wish(product, so_far)))
        found = self.arrivals(session, [wish for _, wish in wishes]) if wishes else None
        if found is None:
            return {}
        return {key: one for (key, _), one in zip(wishes, found, strict=True)}

    def dated(self, session: Session, cart: Cart, products: Mapping[str, Product]) -> Cart:
        """Return a cart whose lines say when they arrive, as it goes home."""
        arrivals = self.of_lines(session, cart.lines, products)
        today = self._means.ambient.now().date()
        return replace(cart, lines=tuple(_dated(line, arrivals, today) for line in cart.lines))


def address_key(customer: Customer, address: Address) -> str:
    """Return what names one of a customer's addresses on a page: its place in their list."""
    return str(customer.addresses.index(address))


def by_key(customer: Customer, key: str) -> Address | None:
    """Return the address that a key of `address_key` names."""
    if not (key.isascii() and key.isdigit()) or len(key) > len(str(len(customer.addresses))):
        return None
    at = int(key)
    return customer.addresses[at] if at < len(customer.addresses) else None


def _only(addresses: tuple[Address, ...]) -> Address | None:
    return addresses[0] if len(addresses) == 1 else None


def _by_sku(levels: Sequence[StockLevel]) -> dict[str, list[StockLevel]]:
    found: dict[str, list[StockLevel]] = {}
    for level in levels:
        found.setdefault(level.sku, []).append(level)
    return found


def _dated(line: CartLine, arrivals: Mapping[str, Arrival], today: date) -> CartLine:
    found = arrivals.get(line.item.auxiliary_id or "")
    if found is None or found.day is None:
        return line
    return replace(line, delivery=found.day, lead_time_days=(found.day - today).days)
