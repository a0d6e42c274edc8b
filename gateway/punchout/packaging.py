"""Say in which units and quantities a product can be had: packages, minimum, multiple. Pure.

A cart line always counts in the product's own unit; "2 boxes" becomes what two boxes hold, exactly
or not at all. Where a quantity cannot be had, the next larger one that can is what we suggest.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from canonical.amounts import Quantity
from canonical.faults import Fault
from canonical.product import Product
from canonical.rules.units import exact_decimal, product_units
from gateway.punchout.faults import fault


def fitting(product: Product, quantity: Decimal) -> Decimal:
    """Return the smallest quantity from `quantity` on that can be ordered, in the own unit."""
    least, step = max(quantity, product.minimum_quantity), product.quantity_multiple
    if step <= 0:
        return least
    steps, rest = divmod(least, step)
    return (steps + (1 if rest else 0)) * step


def units_of(product: Product) -> tuple[str, ...]:
    """Return the units that a buyer may choose: the product's own, then its packages, small first.

    A package of broken content is left out, for no whole number of it could be ordered.
    """
    packages = sorted(product.packages, key=lambda one: one.content)
    usable = (one.unit for one in packages if one.content > 0)
    return tuple(dict.fromkeys((product.unit, *usable)))


def in_own_unit(product: Product, quantity: Decimal, unit: str) -> Decimal | Fault:
    """Return what `quantity` of `unit` comes to in the product's own unit, exactly."""
    if not unit or unit == product.unit:
        return quantity
    held = product_units(product, unit)
    value = None if held is None else exact_decimal(Fraction(quantity) * held)
    if value is None:
        return fault("PUNCHOUT-104", found=unit, expected=" or ".join(units_of(product)))
    return value


def packed(product: Product, quantity: Decimal) -> Quantity | None:
    """Return `quantity` in the largest package that holds it in whole ones, if any does."""
    for package in sorted(product.packages, key=lambda one: one.content, reverse=True):
        if package.content > 1 and quantity >= package.content and quantity % package.content == 0:
            return Quantity(value=quantity / package.content, unit=package.unit)
    return None


def unit_called(product: Product, typed: str, names: Iterable[tuple[str, str]]) -> str | None:
    """Return the unit of the product that a person typed as a code or by one of `names`.

    Nothing typed is the product's own unit; `names` are pairs of a name and its code. A name of
    several units means the one that this product has.
    """
    wanted = typed.strip().casefold().rstrip(".")
    if not wanted:
        return product.unit
    offered = units_of(product)
    for unit in offered:
        if unit.casefold() == wanted:
            return unit
    meant = {code for name, code in names if name.casefold() == wanted}
    found = next((unit for unit in offered if unit in meant), None)
    if found is not None:
        return found
    return next((code for code in sorted(meant) if product_units(product, code)), None) or (
        wanted.upper() if product_units(product, wanted.upper()) else None
    )
