"""Check one order line against its product and contract price.

All arithmetic is on fractions, so that a price per 100 and a price per piece compare exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from canonical.amounts import Quantity, plain, rounded
from canonical.order import Item, OrderLine
from canonical.party import Customer
from canonical.price import Price, amount_at
from canonical.product import Product
from canonical.rules.judgement import Finding, OrderFacts, OrderPolicy
from canonical.rules.units import exact_decimal, product_units


@dataclass(frozen=True, slots=True)
class _View:
    """Hold a line with its product; `factor` is how many product units one ordered unit holds."""

    index: int
    line: OrderLine
    product: Product
    factor: Fraction

    @property
    def quantity(self) -> Fraction:
        """Return the ordered quantity in the product's unit."""
        return Fraction(self.line.quantity.value) * self.factor

    def target(self, name: str) -> str:
        """Return the path of a field of this line."""
        return f"lines[{self.index}].{name}"


def check_line(
    index: int, line: OrderLine, facts: OrderFacts, policy: OrderPolicy
) -> Iterator[Finding]:
    """Yield what is wrong with one line; stops where nothing further can be judged."""
    if line.quantity.value <= 0:
        target = f"lines[{index}].quantity"
        yield Finding("ORDER-021", target, plain(line.quantity.value), "more than zero", line=index)
        return
    product = product_of(line, facts)
    if product is None:
        yield Finding("ORDER-007", f"lines[{index}].item", _item_words(line), line=index)
        return
    sold = facts.customer is None or sold_to(product, facts.customer)
    if not sold:
        yield _outside(index, product, facts)
    factor = product_units(product, line.quantity.unit)
    if factor is None:
        expected = _units_words(product)
        target = f"lines[{index}].quantity.unit"
        yield Finding("ORDER-015", target, line.quantity.unit, expected, line=index)
        return
    view = _View(index, line, product, factor)
    yield from _quantity(view)
    yield from _price(view, facts, policy, sold=sold)


def product_of(line: OrderLine, facts: OrderFacts) -> Product | None:
    """Return the product that a line means: by our article number, else by another's number.

    A GTIN goes before the manufacturer's number; either counts only if it names one product.
    """
    item = line.item
    if item.sku:
        return facts.products.get(item.sku)
    for means in (_by_gtin, _by_manufacturer):
        found = [product for product in facts.products.values() if means(item, product)]
        if len(found) == 1:
            return found[0]
    return None


def _by_gtin(item: Item, product: Product) -> bool:
    """Tell whether a product has the GTIN of an item; padding with zeros does not count."""
    if not item.gtin or not product.gtin:
        return False
    return item.gtin.lstrip("0") == product.gtin.lstrip("0")


def _by_manufacturer(item: Item, product: Product) -> bool:
    """Tell whether the manufacturer's number is that of an item, and the manufacturer if named."""
    if not item.manufacturer_sku or item.manufacturer_sku != product.manufacturer_sku:
        return False
    named, known = item.manufacturer, product.manufacturer
    return not named or not known or named.casefold() == known.casefold()


def sold_to(product: Product, customer: Customer) -> bool:
    """Tell whether the product is in an assortment of the customer.

    A product in no assortment is open to all; a customer without assortments may buy all.
    """
    if not product.assortments or not customer.assortments:
        return True
    return not set(product.assortments).isdisjoint(customer.assortments)


def _outside(index: int, product: Product, facts: OrderFacts) -> Finding:
    assortments = facts.customer.assortments if facts.customer else ()
    return Finding(
        "ORDER-008",
        f"lines[{index}].item.sku",
        f"{product.sku} in {', '.join(product.assortments)}",
        f"a product of {', '.join(assortments)}",
        line=index,
    )


def _item_words(line: OrderLine) -> str:
    item = line.item
    for words, number in (
        ("", item.sku),
        ("GTIN ", item.gtin),
        ("manufacturer's number ", item.manufacturer_sku),
        ("buyer's number ", item.buyer_sku),
    ):
        if number:
            return words + number
    return "(no number)"


def _units_words(product: Product) -> str:
    packages = (f"{one.unit} of {plain(one.content)}" for one in product.packages)
    return " or ".join((product.unit, *packages))


def _quantity(view: _View) -> Iterator[Finding]:
    product, ordered = view.product, view.line.quantity
    if view.factor != 1:
        found = f"{plain(ordered.value)} {ordered.unit}"
        expected = f"{_words(view.quantity)} {product.unit}"
        target = view.target("quantity.unit")
        yield Finding("ORDER-016", target, found, expected, line=view.index)
    for code, wrong, expected in (
        (
            "ORDER-013",
            view.quantity < Fraction(product.minimum_quantity),
            f"at least {plain(product.minimum_quantity)} {product.unit}",
        ),
        (
            "ORDER-014",
            product.quantity_multiple > 0
            and view.quantity % Fraction(product.quantity_multiple) != 0,
            f"a multiple of {plain(product.quantity_multiple)} {product.unit}",
        ),
    ):
        if wrong:
            right = allowed_quantity(view.line, product, view.factor)
            yield Finding(
                code,
                view.target("quantity"),
                f"{plain(ordered.value)} {ordered.unit}",
                expected,
                f"order {plain(right.value)} {right.unit}",
                line=view.index,
                quantity=right,
            )


def allowed_quantity(line: OrderLine, product: Product, factor: Fraction) -> Quantity:
    """Return the smallest quantity from the ordered one up that the product allows.

    In the ordered unit when that is exact there, else in the product's own.
    """
    wanted = max(Fraction(line.quantity.value) * factor, Fraction(product.minimum_quantity))
    if product.quantity_multiple > 0:
        multiple = Fraction(product.quantity_multiple)
        wanted = ceil(wanted / multiple) * multiple
    in_ordered = exact_decimal(wanted / factor)
    if in_ordered is not None:
        return Quantity(value=in_ordered, unit=line.quantity.unit)
    return Quantity(value=_decimal(wanted), unit=product.unit)


def _decimal(value: Fraction) -> Decimal:
    exact = exact_decimal(value)
    return exact if exact is not None else Decimal(value.numerator) / Decimal(value.denominator)


def _words(value: Fraction) -> str:
    exact = exact_decimal(value)
    return plain(exact) if exact is not None else f"{float(value):.4f}"


def _price(view: _View, facts: OrderFacts, policy: OrderPolicy, *, sold: bool) -> Iterator[Finding]:
    contract, ordered = facts.prices.get(view.line.line_id), view.line.price
    if contract is None:
        if sold and facts.customer is not None:
            reason = facts.reasons.get(view.line.line_id)
            target = view.target("price")
            yield Finding("ORDER-009", target, view.product.sku, hint=reason, line=view.index)
        return
    agreed = contract_price(view.line, view.product, contract)
    if ordered is None:
        expected = price_words(agreed)
        target = view.target("price")
        yield Finding("ORDER-022", target, None, expected, line=view.index, price=agreed)
        return
    if ordered.currency != contract.currency:
        target = view.target("price.currency")
        yield Finding(
            "ORDER-012", target, ordered.currency, contract.currency, line=view.index, price=agreed
        )
        return
    promised = view.line.line_id in facts.quotes
    yield from _difference(view, ordered, agreed, policy, "quoted" if promised else "contract")


def contract_price(line: OrderLine, product: Product, contract: Price) -> Price:
    """Return the contract price for the line's quantity: its break applied, its unit named."""
    factor = product_units(product, line.quantity.unit) or Fraction(1)
    unit = contract.unit or product.unit
    quantity = Fraction(line.quantity.value) * factor / (product_units(product, unit) or 1)
    return Price(
        amount=amount_at(contract, _decimal(quantity)),
        currency=contract.currency,
        base_quantity=contract.base_quantity,
        unit=unit,
    )


def price_per_unit(price: Price, product: Product, default_unit: str) -> Fraction | None:
    """Return what one of the product's own units costs; None where that cannot be computed."""
    factor = product_units(product, price.unit or default_unit)
    if factor is None or price.base_quantity <= 0:
        return None
    return Fraction(price.amount) / (Fraction(price.base_quantity) * factor)


def _difference(
    view: _View, ordered: Price, agreed: Price, policy: OrderPolicy, whose: str
) -> Iterator[Finding]:
    unit = view.line.quantity.unit
    paid = price_per_unit(ordered, view.product, unit)
    owed = price_per_unit(agreed, view.product, view.product.unit)
    if paid is None or owed is None:
        yield Finding(
            "ORDER-023",
            view.target("price"),
            price_words(ordered),
            price_words(agreed),
            line=view.index,
            price=agreed,
        )
        return
    if paid == owed:
        return
    basis = Fraction(ordered.base_quantity) * (
        product_units(view.product, ordered.unit or unit) or Fraction(1)
    )
    apart = abs(paid - owed)
    within = (
        apart * basis <= Fraction(policy.price_tolerance)
        or apart <= owed * Fraction(policy.price_tolerance_percent) / 100
    )
    yield Finding(
        "ORDER-011" if within else "ORDER-010",
        view.target("price"),
        price_words(ordered),
        price_words(agreed),
        _difference_words(paid, owed, f"{whose} price {price_words(agreed)}"),
        line=view.index,
        price=agreed,
    )


def _difference_words(paid: Fraction, owed: Fraction, agreed: str) -> str:
    words = f"{'above' if paid > owed else 'below'} the {agreed}"
    if not owed:
        return words
    percent = abs(paid - owed) * 100 / owed
    share = rounded(Decimal(percent.numerator) / Decimal(percent.denominator), 2)
    return f"{plain(share)} % {words}"


def price_words(price: Price) -> str:
    """Return a price as a person reads it: `12.50 SEK per 100 EA`."""
    base = "" if price.base_quantity == 1 else f"{plain(price.base_quantity)} "
    unit = price.unit or ""
    per = f" per {base}{unit}".rstrip() if base or unit else ""
    return f"{plain(price.amount)} {price.currency}{per}"
