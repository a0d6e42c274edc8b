"""Say which price wins, for one customer, product and day.

    rank  source                 amount                                  list amount shown
    1     net price              as agreed with the customer             standard list
    2     contract price list    list amount less the group discount     standard list
    3     standard price list    list amount less the group discount     standard list

Only prices in the customer's currency that are valid on the day take part; the first rank that
has one wins, even over a cheaper one below: that is what was agreed. Within a rank the price that
began last wins, then the lowest. The discount of the customer for the product's group applies to
list prices and their breaks, never to net prices. A discounted amount is rounded once, half up,
to the decimals of the list amount and at least two. Validity includes both days; none is open.
Pure: rows in, price out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from canonical.amounts import rounded
from canonical.price import Price, PriceBreak

MIN_DECIMALS: Final = 2


class Dated(Protocol):
    """Be valid from one day to another, both included."""

    @property
    def valid_from(self) -> date | None:
        """Return the first day, None when it has always been valid."""

    @property
    def valid_to(self) -> date | None:
        """Return the last day, None when it has no end."""


DatedT = TypeVar("DatedT", bound=Dated)


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold one stored price: of a list, or net for a customer."""

    amount: Decimal
    currency: str
    base_quantity: Decimal = Decimal(1)
    breaks: tuple[PriceBreak, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """Hold a customer's discount on a group of products, in percent."""

    percent: Decimal
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """Hold everything that may price one product for one customer."""

    net: tuple[Offer, ...] = ()
    contract: tuple[Offer, ...] = ()
    standard: tuple[Offer, ...] = ()
    discounts: tuple[Discount, ...] = ()


def price_of(offers: Offers, currency: str, unit: str, on: date) -> Price | None:
    """Return what holds on that day in `currency`, or None; `unit` is the product's."""
    standard = _winner(offers.standard, currency, on)
    net = _winner(offers.net, currency, on)
    if net is not None:
        return _price(net, standard, unit, Decimal(0), net.valid_to)
    offer = _winner(offers.contract, currency, on) or standard
    if offer is None:
        return None
    discount = discount_on(offers.discounts, on)
    percent = discount.percent if discount else Decimal(0)
    ends = [end for end in (offer.valid_to, discount.valid_to if discount else None) if end]
    return _price(offer, standard, unit, percent, min(ends, default=None))


def _price(
    offer: Offer, standard: Offer | None, unit: str, percent: Decimal, until: date | None
) -> Price:
    comparable = standard is not None and standard.base_quantity == offer.base_quantity
    return Price(
        amount=less(offer.amount, percent),
        currency=offer.currency,
        base_quantity=offer.base_quantity,
        unit=unit,
        list_amount=standard.amount if standard is not None and comparable else None,
        breaks=tuple(
            PriceBreak(minimum=step.minimum, amount=less(step.amount, percent))
            for step in sorted(offer.breaks, key=lambda step: step.minimum)
        ),
        valid_until=until,
    )


def less(amount: Decimal, percent: Decimal) -> Decimal:
    """Return `amount` less a discount, rounded once as the module head says."""
    if not percent:
        return amount
    exponent = amount.as_tuple().exponent
    decimals = max(MIN_DECIMALS, -exponent if isinstance(exponent, int) else 0)
    return rounded(amount * (100 - percent) / 100, decimals)


def discount_on(discounts: Iterable[Discount], on: date) -> Discount | None:
    """Return the discount that holds on that day: the one that began last, then the highest."""
    return max(
        valid_on(discounts, on),
        key=lambda one: (one.valid_from or date.min, one.percent),
        default=None,
    )


def _winner(offers: Iterable[Offer], currency: str, on: date) -> Offer | None:
    return max(
        (offer for offer in valid_on(offers, on) if offer.currency == currency),
        key=lambda offer: (offer.valid_from or date.min, -offer.amount / offer.base_quantity),
        default=None,
    )


def valid_on(dated: Iterable[DatedT], on: date) -> Iterable[DatedT]:
    """Yield those that are valid on that day."""
    return (
        one
        for one in dated
        if (one.valid_from is None or one.valid_from <= on)
        and (one.valid_to is None or on <= one.valid_to)
    )
