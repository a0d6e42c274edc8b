"""Keep what a person buys again: marked products, and the carts that went home before.

Both come back at today's prices and by today's contract: each product is looked up and priced
anew, and one that cannot be had says why. Whose they are, `gateway.punchout.shoppers` knows; into
the cart they go like any list, by `gateway.punchout.quick_order`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from canonical.faults import Fault
from canonical.product import Product
from canonical.punchout import CartLine
from gateway.errors import CoreError
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.offers import Offer, Wanted, offers_of
from gateway.punchout.packaging import fitting
from gateway.punchout.shoppers import key_of
from gateway.store.sessions import Session
from gateway.store.shoppers import EarlierCart, Owner

MOST_CARTS: Final = 20
"""Earlier carts that a page shows."""


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
class CartBefore:
    """Hold an earlier cart as it can be had today."""

    session_id: str
    returned_at: datetime
    picks: tuple[Pick, ...]


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

    def cart_before(self, session: Session, session_id: str) -> CartBefore | None:
        """Return one of them as it can be had today; None for one that is not theirs."""
        found = self._means.store.shoppers.earlier_cart(self._owner(session), session_id)
        if found is None:
            return None
        rows = [
            (line.item.sku or "", line.name or line.description or line.item.sku or "", line)
            for line in found.cart.lines
        ]
        return CartBefore(found.session_id, found.returned_at, self._picks(session, rows))

    def _owner(self, session: Session) -> Owner:
        return Owner(session.partner, key_of(self._means.partner(session.partner), session))

    def _picks(
        self, session: Session, rows: Sequence[tuple[str, str, CartLine | None]]
    ) -> tuple[Pick, ...]:
        """Return products as they can be had today; a line says how many were bought before."""
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


def _pick(
    row: tuple[str, str, CartLine | None],
    products: Mapping[str, Product],
    offers: Mapping[str, Offer],
) -> Pick:
    sku, name, line = row
    product = products.get(sku)
    if product is None:
        before = Decimal(1) if line is None else line.quantity.value
        return Pick(sku, name, before, blocked=fault("PUNCHOUT-109", found=sku))
    same_unit = line is not None and line.quantity.unit == product.unit
    before = line.quantity.value if line is not None and same_unit else Decimal(0)
    offer = offers.get(sku)
    return Pick(
        sku,
        product.name,
        fitting(product, before),
        product,
        offer,
        None if offer is None else offer.blocked,
    )
