"""Gather what the core and the replica know about an order, for the rules to judge it by."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from canonical.order import Order
from canonical.product import Product
from canonical.rules.judgement import OrderFacts
from canonical.rules.units import exact_decimal, product_units
from gateway.connectors.contract import Core, PriceQuestion

Products = Callable[[Sequence[str]], Mapping[str, Product]]
"""Look products up by number; the local replica does."""


def gather_facts(
    core: Core, products: Products, customer_id: str, order: Order, on: date
) -> OrderFacts:
    """Ask for customer, products and the contract price of each line; raises `CoreError`."""
    customer = core.customer(customer_id)
    skus = tuple(dict.fromkeys(line.item.sku for line in order.lines if line.item.sku))
    known = products(skus)
    if customer is None:
        return OrderFacts(customer=None, products=known)
    asked = {
        line.line_id: question
        for line in order.lines
        if (
            question := _question(
                known.get(line.item.sku or ""), line.quantity.value, line.quantity.unit
            )
        )
        is not None
    }
    answers = core.prices(customer_id, tuple(asked.values()), on) if asked else ()
    answered = dict(zip(asked, answers, strict=True))
    return OrderFacts(
        customer=customer,
        products=known,
        prices={line: one.price for line, one in answered.items() if one.price is not None},
        reasons={line: one.reason for line, one in answered.items() if one.reason is not None},
    )


def _question(product: Product | None, quantity: Decimal, unit: str) -> PriceQuestion | None:
    """Return what to ask for a line, in the product's own unit; None where that is not known."""
    factor = None if product is None else product_units(product, unit)
    if product is None or factor is None or quantity <= 0:
        return None
    exact = exact_decimal(Fraction(quantity) * factor)
    return None if exact is None else PriceQuestion(sku=product.sku, quantity=exact)
