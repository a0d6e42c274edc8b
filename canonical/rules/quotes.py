"""Let the price of a quote stand in the place of today's contract price.

A cart that named the day until which its prices hold was a promise: a line that refers to it is
judged by the promised price, for as much as was quoted and until that day. Who looks the promises
up is the caller; here it is decided which of them stand.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import msgspec

from canonical.amounts import Quantity, plain
from canonical.order import Order, OrderLine
from canonical.price import Price
from canonical.product import Product
from canonical.rules.judgement import Finding, OrderFacts, QuotedLine, QuoteUse
from canonical.rules.order_line import contract_price, price_per_unit, price_words, product_of
from canonical.rules.units import exact_decimal, product_units

MAX_NAMED: Final = 3
"""Other orders of a quote that a finding names."""


def by_quotes(order: Order, facts: OrderFacts) -> tuple[OrderFacts, tuple[Finding, ...]]:
    """Return the facts with the prices of quotes that stand, and what there is to say of quotes.

    `quotes` of these facts are those that stand. Lines of one order that refer to one promise
    count together, and with what other orders took of it. A line that cannot be counted in the
    product's unit is left to the rules that say so.
    """
    if not facts.quotes:
        return facts, ()
    wanted = _together(order, facts)
    standing: dict[str, QuotedLine] = {}
    said: list[Finding] = []
    for one in _referring(order, facts):
        against = next(_against(one, wanted[one.promise], facts), None)
        if against is not None:
            said.append(against)
            continue
        standing[one.line.line_id] = one.quoted
        said += _instead(one, facts)
    prices = {line_id: _promised(quoted) for line_id, quoted in standing.items()}
    return replace(facts, prices={**facts.prices, **prices}, quotes=standing), tuple(said)


def uses_of(
    order: Order, facts: OrderFacts, standing: Mapping[str, QuotedLine]
) -> Iterator[QuoteUse]:
    """Yield what the lines of an order take of the promises of `facts`, of which some stand."""
    for one in _referring(order, facts):
        stands = one.line.line_id in standing
        if stands or _claims(one):
            exact = exact_decimal(one.quantity)
            own = None if exact is None else Quantity(value=exact, unit=one.product.unit)
            yield QuoteUse(promise=one.promise, quantity=own or one.line.quantity, standing=stands)


@dataclass(frozen=True, slots=True)
class _Reference:
    """Hold a line that refers to a quote; `quantity` is in the product's own unit."""

    index: int
    line: OrderLine
    quoted: QuotedLine
    product: Product
    quantity: Fraction

    @property
    def promise(self) -> str:
        """Return the name of the promise."""
        return self.quoted.promise or f"{self.quoted.quote}/{self.quoted.line}"


def _referring(order: Order, facts: OrderFacts) -> Iterator[_Reference]:
    """Yield the lines that refer to a quote and can be counted."""
    for index, line in enumerate(order.lines):
        quoted, product = facts.quotes.get(line.line_id), product_of(line, facts)
        if quoted is None or product is None or line.quantity.value <= 0:
            continue
        factor = product_units(product, line.quantity.unit)
        if factor is not None:
            quantity = Fraction(line.quantity.value) * factor
            yield _Reference(index, line, quoted, product, quantity)


def _together(order: Order, facts: OrderFacts) -> Mapping[str, Fraction]:
    """Return how much the order wants of each promise, in the product's unit."""
    wanted: dict[str, Fraction] = defaultdict(Fraction)
    for one in _referring(order, facts):
        wanted[one.promise] += one.quantity
    return wanted


def _against(one: _Reference, ordered: Fraction, facts: OrderFacts) -> Iterator[Finding]:
    """Yield why a quote does not stand for a line."""
    quoted, product = one.quoted, one.product
    if facts.came is not None and facts.came > quoted.until:
        ended = f"quote {quoted.quote}, which ended {quoted.until}"
        yield Finding("ORDER-025", f"lines[{one.index}].price", ended, line=one.index)
    promised = _counted(quoted.quantity, product)
    taken = [_counted(other.quantity, product) for other in quoted.taken]
    counted = [quantity for quantity in taken if quantity is not None]
    uncounted = promised is None or len(counted) < len(taken)
    if uncounted or ordered + sum(counted) > (promised or 0):
        most = f"{plain(quoted.quantity.value)} {quoted.quantity.unit}"
        before = "".join(
            f", after {plain(other.quantity.value)} {other.quantity.unit} in order {other.order}"
            for other in quoted.taken[:MAX_NAMED]
        )
        more = len(quoted.taken) - MAX_NAMED
        yield Finding(
            "ORDER-026",
            f"lines[{one.index}].quantity",
            f"{float(ordered):g} {product.unit}{before}"
            + (f" and {more} more" if more > 0 else ""),
            f"at most {most}, as in quote {quoted.quote}",
            line=one.index,
        )


def _counted(quantity: Quantity, product: Product) -> Fraction | None:
    """Return a quantity in the product's own unit."""
    factor = product_units(product, quantity.unit)
    return None if factor is None else Fraction(quantity.value) * factor


def _instead(one: _Reference, facts: OrderFacts) -> Iterator[Finding]:
    """Yield the note that a quote's price holds, where today's is another."""
    promised, contract = _promised(one.quoted), facts.prices.get(one.line.line_id)
    product = one.product
    today = None if contract is None else contract_price(one.line, product, contract)
    if today is not None and today.currency == promised.currency:
        unit = product.unit
        if price_per_unit(today, product, unit) == price_per_unit(promised, product, unit):
            return
    yield Finding(
        "ORDER-024",
        f"lines[{one.index}].price",
        f"{price_words(promised)}, quote {one.quoted.quote} until {one.quoted.until}",
        hint="the core has no price today" if today is None else f"today's: {price_words(today)}",
        line=one.index,
    )


def _claims(one: _Reference) -> bool:
    """Tell whether a line asks for the price of its quote."""
    asked, promised, unit = one.line.price, _promised(one.quoted), one.line.quantity.unit
    if asked is None or asked.currency != promised.currency:
        return False
    paid = price_per_unit(asked, one.product, unit)
    return paid is not None and paid == price_per_unit(promised, one.product, unit)


def _promised(quoted: QuotedLine) -> Price:
    """Return the price of a quote as a contract price is given: its unit named, without breaks."""
    unit = quoted.price.unit or quoted.quantity.unit
    return msgspec.structs.replace(quoted.price, unit=unit, breaks=())
