"""Gather what the core and the replica know about an order, for the rules to judge it by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from canonical.order import Item, Order, OrderLine
from canonical.product import Product
from canonical.rules.judgement import OrderFacts
from canonical.rules.order_line import product_of
from canonical.rules.units import exact_decimal, product_units
from gateway.connectors.contract import Core, PriceQuestion
from gateway.pipeline.quoting import Quotes, nothing_quoted

Products = Callable[[Sequence[str]], Mapping[str, Product]]
"""Look products up by our article number; the local replica does."""
Named = Callable[[Sequence[Item]], Mapping[str, Product]]
"""Look products up by the numbers of others (GTIN, manufacturer's); by our article number."""


def nothing_named(_items: Sequence[Item]) -> Mapping[str, Product]:
    """Know products by our article number alone."""
    return {}


@dataclass(frozen=True, slots=True)
class Sources:
    """Hold where facts come from."""

    core: Core
    products: Products
    named: Named = nothing_named
    quotes: Quotes = nothing_quoted


def gather_facts(
    sources: Sources, customer_id: str, order: Order, on: date, came: date | None = None
) -> OrderFacts:
    """Ask for customer, products and the contract price of each line; raises `CoreError`.

    Prices are those of the day `on`; quotes must not have ended when the order `came`, which is
    the same day unless given.
    """
    customer = sources.core.customer(customer_id)
    facts = OrderFacts(customer=customer, products=_products(sources, order))
    if customer is None:
        return facts
    facts = replace(facts, quotes=sources.quotes(order), came=came or on)
    questions = {line.line_id: _question(line, facts) for line in order.lines}
    asked = {line_id: question for line_id, question in questions.items() if question is not None}
    answers = sources.core.prices(customer_id, tuple(asked.values()), on) if asked else ()
    answered = dict(zip(asked, answers, strict=True))
    return replace(
        facts,
        prices={line: one.price for line, one in answered.items() if one.price is not None},
        reasons={line: one.reason for line, one in answered.items() if one.reason is not None},
    )


def _products(sources: Sources, order: Order) -> Mapping[str, Product]:
    """Return the products that the lines name by our number, and may mean by another's."""
    skus = tuple(dict.fromkeys(line.item.sku for line in order.lines if line.item.sku))
    others = [line.item for line in order.lines if not line.item.sku]
    known = sources.products(skus)
    return {**known, **sources.named(others)} if others else known


def _question(line: OrderLine, facts: OrderFacts) -> PriceQuestion | None:
    """Return what to ask for a line, in the product's own unit; None where that is not known."""
    product, quantity = product_of(line, facts), line.quantity
    factor = None if product is None else product_units(product, quantity.unit)
    if product is None or factor is None or quantity.value <= 0:
        return None
    exact = exact_decimal(Fraction(quantity.value) * factor)
    return None if exact is None else PriceQuestion(sku=product.sku, quantity=exact)
