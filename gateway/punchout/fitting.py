"""Fit a cart to the buyer's system where that loses nothing: prices said otherwise, one class.

A price with more decimals than the system keeps is written per 10, 100, ... units, and a price per
several units as one for a single unit where the system knows no other; both only where the amount
stays exactly the same. What cannot be fitted is left for `gateway.punchout.limits` to report.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from canonical.identifiers import Identifier
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from canonical.rules.units import exact_decimal
from gateway.partners.keeping import decimals_of
from gateway.partners.limits import Limits
from gateway.partners.model import ClassificationChoice, Preferences
from gateway.settings.model import Identity

LARGEST_BASE: Final = Decimal(99_999)
"""Most units that one price is written for: OCI's PRICEUNIT has five digits."""
DECIMALS: Final = 6
"""Most decimals of a price for one unit where the system sets no limit."""
EVERY: Final = "*"
"""Stands for every property in `punchout.properties`."""


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


def under_contract(cart: Cart, contract: str | None) -> Cart:
    """Return `cart` with the customer's contract on each line that names no agreement itself."""
    lines = tuple(
        line if line.agreement is not None else replace(line, agreement=contract)
        for line in cart.lines
    )
    return replace(cart, lines=lines)


def from_supplier(cart: Cart, us: Identity) -> Cart:
    """Return `cart` with who we are to the buyer on each line that names no supplier itself."""
    named = Identifier(value=us.identity, scheme=us.domain)
    lines = tuple(
        line if line.supplier is not None else replace(line, supplier=named) for line in cart.lines
    )
    return replace(cart, lines=lines)


def with_wanted(line: CartLine, wishes: Preferences) -> CartLine:
    """Return a line with those properties of its product that the buyer wants to have."""
    names = wishes.punchout.properties
    if not line.properties or EVERY in names:
        return line
    return replace(line, properties=tuple(one for one in line.properties if one.name in names))


def without_files(line: CartLine, wishes: Preferences) -> CartLine:
    """Return a line without documents and picture where the buyer's system takes none."""
    if wishes.limits.attachments or not (line.attachments or line.image):
        return line
    return replace(line, attachments=(), image=None)


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
    """Return the price for as many units as it takes to say it, if that changes nothing else."""
    wanted = _base(price, limits)
    if wanted == price.base_quantity or wanted > LARGEST_BASE:
        return price
    fitting = _said_for(price, wanted)
    most = DECIMALS if limits.price_decimals is None else limits.price_decimals
    return price if fitting is None or decimals_of(fitting.amount) > most else fitting


def _base(price: Price, limits: Limits) -> Decimal:
    """Return for how many units the price is best said."""
    if not limits.price_unit:
        return Decimal(1)
    kept, has = limits.price_decimals, decimals_of(price.amount)
    if kept is None or has <= kept:
        return price.base_quantity
    return price.base_quantity * Decimal(10) ** (has - kept)


def _said_for(price: Price, base: Decimal) -> Price | None:
    """Return the same price for `base` units, or None when an amount would not stay exact."""
    factor = Fraction(base) / Fraction(price.base_quantity)
    listed = price.list_amount
    amounts = [price.amount, *(step.amount for step in price.breaks)]
    exact = [exact_decimal(Fraction(amount) * factor) for amount in amounts]
    list_amount = None if listed is None else exact_decimal(Fraction(listed) * factor)
    known = [amount for amount in exact if amount is not None]
    if len(known) < len(exact):
        return None
    breaks = zip(price.breaks, known[1:], strict=True)
    return replace(
        price,
        amount=known[0],
        base_quantity=base,
        list_amount=list_amount,
        breaks=tuple(replace(step, amount=amount) for step, amount in breaks),
    )
