"""Fit a cart to the buyer's system where that loses nothing: prices said otherwise, one class.

A price with more decimals than the system keeps is written per 10, 100, ... units, and a price per
several units as one for a single unit where the system knows no other; both only where the amount
stays exactly the same. What cannot be fitted is left for `gateway.punchout.limits` to report.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from canonical.rules.units import exact_decimal
from gateway.partners.model import ClassificationChoice, Limits, Preferences
from gateway.punchout.limits import decimals_of

LARGEST_BASE: Final = Decimal(99_999)
"""Most units that one price is written for: OCI's PRICEUNIT has five digits."""
DECIMALS: Final = 6
"""Most decimals of a price for one unit where the system sets no limit."""


def fitted(cart: Cart, wishes: Preferences) -> Cart:
    """Return `cart` as the buyer who has these wishes takes it."""
    return replace(cart, lines=tuple(fitted_line(line, wishes) for line in cart.lines))


def fitted_line(line: CartLine, wishes: Preferences) -> CartLine:
    """Return one line as that buyer takes it."""
    return replace(
        line,
        classifications=_classified(line.classifications, wishes.classification),
        price=None if line.price is None else _priced(line.price, wishes.limits),
    )


def _classified(
    known: tuple[Classification, ...], choice: ClassificationChoice
) -> tuple[Classification, ...]:
    """Return the one classification that is wanted, by its name there; all if none is named."""
    if choice.scheme is None:
        return known
    domain = choice.domain or choice.scheme
    fitting = [one for one in known if one.scheme.casefold() == choice.scheme.casefold()]
    fitting.sort(key=lambda one: (one.version != choice.version, one.version is not None))
    if fitting:
        return (replace(fitting[0], scheme=domain),)
    if choice.fallback is not None:
        fallback = Classification(scheme=domain, code=choice.fallback, version=choice.version)
        return (fallback,)
    return ()


def _priced(price: Price, limits: Limits) -> Price:
    if not limits.price_unit:
        return _for_one(price, limits)
    kept, has = limits.price_decimals, decimals_of(price.amount)
    if kept is None or has <= kept:
        return price
    factor = Decimal(10) ** (has - kept)
    if price.base_quantity * factor > LARGEST_BASE:
        return price
    return _scaled(price, factor)


def _scaled(price: Price, factor: Decimal) -> Price:
    listed = None if price.list_amount is None else price.list_amount * factor
    return replace(
        price,
        amount=price.amount * factor,
        base_quantity=price.base_quantity * factor,
        list_amount=listed,
    )


def _for_one(price: Price, limits: Limits) -> Price:
    if price.base_quantity == 1:
        return price
    one = exact_decimal(Fraction(price.amount) / Fraction(price.base_quantity))
    most = DECIMALS if limits.price_decimals is None else limits.price_decimals
    if one is None or decimals_of(one) > most:
        return price
    return replace(price, amount=one, base_quantity=Decimal(1), list_amount=None)
