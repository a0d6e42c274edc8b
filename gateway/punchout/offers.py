"""Say what a customer may buy and for how much: the core is asked, nothing is computed here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from canonical.faults import Fault
from canonical.party import Customer
from canonical.price import Price, amount_at
from canonical.product import Product
from gateway.connectors.contract import Core, PriceAnswer, PriceQuestion
from gateway.punchout.faults import fault


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ask for a quantity of a product."""

    product: Product
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """Answer for one product: its price, or the fault that says why there is none.

    The price's amount is that of the quantity wanted; its breaks say what others would cost. The
    product's tax is the customer's own, if he has one.
    """

    product: Product
    price: Price | None = None
    blocked: Fault | None = None


def offers_of(
    core: Core, customer: Customer, wanted: Sequence[Wanted], on: date
) -> tuple[Offer, ...]:
    """Return one offer for each that is wanted, with a single question to the core.

    Products outside the customer's assortment are not asked for, so their price stays unknown
    to him. Raises `CoreError` when the core does not answer.
    """
    open_to_him = [one for one in wanted if in_assortment(customer, one.product)]
    questions = [PriceQuestion(sku=one.product.sku, quantity=one.quantity) for one in open_to_him]
    answers = core.prices(customer.customer_id, questions, on) if questions else ()
    priced = iter(answers)
    return tuple(_offer(customer, one, priced) for one in wanted)


def in_assortment(customer: Customer, product: Product) -> bool:
    """Tell whether a customer may buy a product; no list on either side means yes."""
    if not customer.assortments or not product.assortments:
        return True
    return not set(customer.assortments).isdisjoint(product.assortments)


def quantity_fault(product: Product, quantity: Decimal) -> Fault | None:
    """Return what speaks against ordering `quantity` of `product`, in its own unit."""
    if quantity < product.minimum_quantity:
        return fault(
            "PUNCHOUT-024", found=f"{quantity:f}", expected=f"at least {product.minimum_quantity:f}"
        )
    if product.quantity_multiple > 0 and quantity % product.quantity_multiple != 0:
        return fault(
            "PUNCHOUT-025",
            found=f"{quantity:f}",
            expected=f"a multiple of {product.quantity_multiple:f}",
        )
    return None


def _offer(customer: Customer, one: Wanted, priced: Iterator[PriceAnswer]) -> Offer:
    product, quantity = one.product, one.quantity
    if not in_assortment(customer, product):
        return Offer(product=product, blocked=fault("PUNCHOUT-021", target=product.sku))
    answer = next(priced)
    if answer.price is None:
        blocked = fault("PUNCHOUT-022", answer.reason or "", target=product.sku)
        return Offer(product=product, blocked=blocked)
    amount = amount_at(answer.price, quantity)
    if customer.tax is not None:
        product = replace(product, tax=customer.tax)
    return Offer(product=product, price=replace(answer.price, amount=amount))
