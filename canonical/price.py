"""Hold prices: what a customer pays for a quantity, and from which quantity it falls."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from canonical.amounts import Quantity
from canonical.document import Document


class PriceBreak(Document):
    """Hold the price `amount` that holds from `minimum` units on."""

    minimum: Decimal
    amount: Decimal


class Price(Document):
    """Hold a net price, excluding tax: `amount` of `currency` for `base_quantity` units.

    `list_amount` is the price before the contract, for the same base quantity; `breaks` rise
    by `minimum` and their amounts are for the same base quantity too.
    """

    amount: Decimal
    currency: str
    base_quantity: Decimal = Decimal(1)
    unit: str | None = None
    """UN/ECE Rec 20 unit of `base_quantity`; None means the unit of the line."""
    list_amount: Decimal | None = None
    breaks: tuple[PriceBreak, ...] = ()
    valid_until: date | None = None


def amount_at(price: Price, quantity: Decimal) -> Decimal:
    """Return the amount per base quantity that `price` gives when `quantity` units are bought."""
    amount = price.amount
    for step in price.breaks:
        if quantity >= step.minimum:
            amount = step.amount
    return amount


def line_amount(price: Price, quantity: Decimal) -> Decimal:
    """Return the exact amount of `quantity` units at `price.amount`, unrounded."""
    return quantity * price.amount / price.base_quantity


class PricedLine(Protocol):
    """Be a line of an order or cart: a quantity at a price."""

    @property
    def quantity(self) -> Quantity:
        """Return how much is wanted."""

    @property
    def price(self) -> Price | None:
        """Return what a base quantity costs, if known."""


def total_of(lines: Iterable[PricedLine]) -> Decimal:
    """Return the exact sum of all priced lines, unrounded, excluding tax."""
    return sum(
        (line_amount(line.price, line.quantity.value) for line in lines if line.price is not None),
        start=Decimal(0),
    )
