"""Keep what a person buys again: marked products, carts that went home before, and orders.

All come back at today's prices and by today's contract: each product is looked up and priced
anew, and one that cannot be had says why. Whose they are, `gateway.punchout.shoppers` knows; into
the cart they go like any list, by `gateway.punchout.quick_order`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from canonical.amounts import Quantity
from canonical.faults import Fault
from canonical.order import OrderLine
from canonical.product import Product
from canonical.punchout import CartLine
from gateway.errors import CoreError
from gateway.pipeline.states import State
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.offers import Offer, Wanted, offers_of
from gateway.punchout.packaging import fitting
from gateway.punchout.shoppers import key_of, orderer_of
from gateway.store.sessions import Session
from gateway.store.shoppers import EarlierCart, EarlierOrder, Orders, Owner

MOST_CARTS: Final = 20
"""Earlier carts that a page shows, and earlier orders."""
ORDERED: Final = (State.ACCEPTED, State.CHECKED, State.DELIVERED, State.HELD, State.TESTED)
"""States of orders that somebody said yes to, or may still."""

Row = tuple[str, str, Quantity | None]
"""Number and name of a product, and how many of it were bought."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Hold one product of a list as it can be had today: `quantity` is what a form suggests.

    `blocked` says why it cannot be had; without an offer the core did not answer.
    """

    sku: str
    name: str
    quantity: Decimal
    product: Product | None = None
    offer: Offer | None = None
    blocked: Fault | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """Hold an earlier cart, or the order of that number, as it can be had today."""

    happened_at: datetime
    picks: tuple[Pick, ...]
    order_id: str = ""


class Favourites:
    """Offer people what they bought and marked before."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def marked(self, session: Session) -> tuple[Pick, ...]:
        """Return the products that a session's shopper has marked, the last first."""
        skus = self._means.store.shoppers.favourites(self._owner(session))
        return self._picks(session, [(sku, sku, None) for sku in skus])

    def is_marked(self, session: Session, sku: str) -> bool:
        """Tell whether a product is among them."""
        return sku in self._means.store.shoppers.favourites(self._owner(session))

    def mark(self, session: Session, sku: str) -> Fault | None:
        """Mark a product that there is."""
        if self._means.products.product(sku) is None:
            return fault("PUNCHOUT-020", found=sku[:80])
        now = self._means.ambient.now()
        self._means.store.shoppers.mark(self._owner(session), [sku], now)
        return None

    def unmark(self, session: Session, sku: str) -> None:
        """Take a mark away; one that is not there is away already."""
        self._means.store.shoppers.unmark(self._owner(session), [sku])

    def earlier(self, session: Session) -> tuple[EarlierCart, ...]:
        """Return the carts that a session's shopper took home, the last first."""
        return self._means.store.shoppers.earlier_carts(self._owner(session), MOST_CARTS)

    def ordered(self, session: Session) -> tuple[EarlierOrder, ...]:
        """Return the orders that a session's shopper sent, the last first."""
        wanted = self._orders(session)
        return () if wanted is None else self._means.store.shoppers.orders(wanted, MOST_CARTS)

    def names(self, orders: Iterable[EarlierOrder], first: int) -> dict[str, str]:
        """Return today's names of the `first` products of each order, by their numbers.

        An order tells its lines in the words that the buyer's system sent.
        """
        skus = {line.item.sku for one in orders for line in one.order.lines[:first]}
        found = self._means.products.products([sku for sku in skus if sku])
        return {sku: product.name for sku, product in found.items()}

    def order_before(self, session: Session, message_id: str) -> Before | None:
        """Return one of them as it can be had today; None for one that is not theirs."""
        wanted = self._orders(session)
        found = wanted and self._means.store.shoppers.order(wanted, message_id)
        if not found:
            return None
        picks = self._picks(session, [_row(line) for line in found.order.lines])
        return Before(found.received_at, picks, found.order.order_id)

    def cart_before(self, session: Session, session_id: str) -> Before | None:
        """Return one of them as it can be had today; None for one that is not theirs."""
        found = self._means.store.shoppers.earlier_cart(self._owner(session), session_id)
        if found is None:
            return None
        return Before(
            found.returned_at, self._picks(session, [_row(line) for line in found.cart.lines])
        )

    def _orders(self, session: Session) -> Orders | None:
        """Return whose orders are a session's shopper's; None where nobody can tell."""
        partner = self._means.partner(session.partner)
        orderer = "" if partner is None else orderer_of(partner, session.setup)
        if orderer == "":
            return None
        return Orders(session.partner, orderer, ORDERED, test=session.setup.test)

    def _owner(self, session: Session) -> Owner:
        return Owner(session.partner, key_of(self._means.partner(session.partner), session))

    def _picks(self, session: Session, rows: Sequence[Row]) -> tuple[Pick, ...]:
        """Return products as they can be had today; a row says how many were bought before."""
        products = self._means.products.products([sku for sku, _, _ in rows])
        there = list(dict.fromkeys(sku for sku, _, _ in rows if sku in products))
        offers = self._offers(session, [products[sku] for sku in there])
        return tuple(_pick(row, products, offers) for row in rows)

    def _offers(self, session: Session, products: Sequence[Product]) -> dict[str, Offer]:
        wanted = [Wanted(product, fitting(product, Decimal(0))) for product in products]
        on = self._means.ambient.now().date()
        try:
            found = offers_of(self._means.core, session.customer, wanted, on)
        except CoreError:
            return {}
        return {offer.product.sku: offer for offer in found}


def _row(line: CartLine | OrderLine) -> Row:
    sku = line.item.sku or ""
    name = line.name if isinstance(line, CartLine) else None
    return sku, name or line.description or sku, line.quantity


def _pick(
    row: Row,
    products: Mapping[str, Product],
    offers: Mapping[str, Offer],
) -> Pick:
    sku, name, bought = row
    product = products.get(sku)
    if product is None:
        before = Decimal(1) if bought is None else bought.value
        return Pick(sku, name, before, blocked=fault("PUNCHOUT-109", found=sku or name))
    same_unit = bought is not None and bought.unit == product.unit
    before = bought.value if bought is not None and same_unit else Decimal(0)
    offer = offers.get(sku)
    return Pick(
        sku,
        product.name,
        fitting(product, before),
        product,
        offer,
        None if offer is None else offer.blocked,
    )
