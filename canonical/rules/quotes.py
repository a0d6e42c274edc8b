"""Let the price of a quote stand in the place of today's contract price.

A cart that named the day until which its prices hold was a promise: a line that refers to it is
judged by the promised price, for as much as was quoted and until that day. Who looks the promises
up is the caller; here it is decided which of them stand.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import msgspec

from canonical.amounts import plain
from canonical.order import Order, OrderLine
from canonical.price import Price
from canonical.product import Product
from canonical.rules.judgement import Finding, OrderFacts, QuotedLine
from canonical.rules.order_line import contract_price, price_per_unit, price_words, product_of
from canonical.rules.units import product_units


def by_quotes(order: Order, facts: OrderFacts) -> tuple[OrderFacts, tuple[Finding, ...]]:
    """Return the facts with the prices of quotes that stand, and what there is to say of quotes.

    `quotes` of these facts are those that stand. Lines of one order that refer to one line of a
    quote count together. A line that cannot be counted in the product's unit is left to the rules
    that say so.
    """
    if not facts.quotes:
        return facts, ()
    wanted = _together(order, facts)
    standing: dict[str, QuotedLine] = {}
    said: list[Finding] = []
    for index, line, quoted, product in _referring(order, facts):
        against = next(_against(index, wanted, quoted, product, facts), None)
        if against is not None:
            said.append(against)
            continue
        standing[line.line_id] = quoted
        said += _instead(index, line, quoted, product, facts)
    prices = {line_id: _promised(quoted) for line_id, quoted in standing.items()}
    return replace(facts, prices={**facts.prices, **prices}, quotes=standing), tuple(said)


def _referring(
    order: Order, facts: OrderFacts
) -> Iterator[tuple[int, OrderLine, QuotedLine, Product]]:
    """Yield the lines that refer to a quote and can be counted, with it and their product."""
    for index, line in enumerate(order.lines):
        quoted, product = facts.quotes.get(line.line_id), product_of(line, facts)
        if quoted is None or product is None or line.quantity.value <= 0:
            continue
        if product_units(product, line.quantity.unit) is not None:
            yield index, line, quoted, product


def _together(order: Order, facts: OrderFacts) -> Mapping[tuple[str, str], Fraction]:
    """Return how much the order wants of each line of a quote, in the product's unit."""
    wanted: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for _, line, quoted, product in _referring(order, facts):
        factor = product_units(product, line.quantity.unit) or Fraction(0)
        wanted[quoted.quote, quoted.line] += Fraction(line.quantity.value) * factor
    return wanted


def _against(
    index: int,
    wanted: Mapping[tuple[str, str], Fraction],
    quoted: QuotedLine,
    product: Product,
    facts: OrderFacts,
) -> Iterator[Finding]:
    """Yield why a quote does not stand for a line."""
    if facts.came is not None and facts.came > quoted.until:
        ended = f"quote {quoted.quote}, which ended {quoted.until}"
        yield Finding("ORDER-025", f"lines[{index}].price", ended, line=index)
    factor = product_units(product, quoted.quantity.unit)
    ordered = wanted[quoted.quote, quoted.line]
    if factor is None or ordered > Fraction(quoted.quantity.value) * factor:
        most = f"{plain(quoted.quantity.value)} {quoted.quantity.unit}"
        yield Finding(
            "ORDER-026",
            f"lines[{index}].quantity",
            f"{float(ordered):g} {product.unit}",
            f"at most {most}, as in quote {quoted.quote}",
            line=index,
        )


def _instead(
    index: int, line: OrderLine, quoted: QuotedLine, product: Product, facts: OrderFacts
) -> Iterator[Finding]:
    """Yield the note that a quote's price holds, where today's is another."""
    promised, contract = _promised(quoted), facts.prices.get(line.line_id)
    today = None if contract is None else contract_price(line, product, contract)
    if today is not None and today.currency == promised.currency:
        unit = product.unit
        if price_per_unit(today, product, unit) == price_per_unit(promised, product, unit):
            return
    yield Finding(
        "ORDER-024",
        f"lines[{index}].price",
        f"{price_words(promised)}, quote {quoted.quote} until {quoted.until}",
        hint="the core has no price today" if today is None else f"today's: {price_words(today)}",
        line=index,
    )


def _promised(quoted: QuotedLine) -> Price:
    """Return the price of a quote as a contract price is given: its unit named, without breaks."""
    unit = quoted.price.unit or quoted.quantity.unit
    return msgspec.structs.replace(quoted.price, unit=unit, breaks=())
