"""Check a cart against what the buyer's system keeps, before it is sent there.

Buyers' systems lose whole carts over one unknown unit, or drop a line without a word; so the line
and the reason are shown to the person who can still do something about it.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault
from canonical.punchout import Cart, CartLine
from gateway.partners.model import Limits
from gateway.punchout.faults import fault

Check = Callable[[CartLine, Limits], Fault | None]
Spelling = Callable[[str], str]
"""Return a unit of UN/ECE Rec 20 as it will be written for the buyer."""


def check_limits(cart: Cart, limits: Limits, spelling: Spelling = str) -> tuple[Fault, ...]:
    """Return what the buyer's system would lose of `cart`, line by line."""
    lines = (_as_written(line, spelling) for line in cart.lines)
    return tuple(found for line in lines for found in _line_faults(line, limits))


def _as_written(line: CartLine, spelling: Spelling) -> CartLine:
    unit = spelling(line.quantity.unit)
    return replace(line, quantity=replace(line.quantity, unit=unit))


def _line_faults(line: CartLine, limits: Limits) -> Iterable[Fault]:
    for check in CHECKS:
        found = check(line, limits)
        if found is not None:
            yield found


def _part_id_length(line: CartLine, limits: Limits) -> Fault | None:
    return _too_long("PUNCHOUT-040", line, line.item.sku, limits.sku_length, limits)


def _auxiliary_length(line: CartLine, limits: Limits) -> Fault | None:
    given = line.item.auxiliary_id
    return _too_long("PUNCHOUT-045", line, given, limits.auxiliary_length, limits)


def _part_id_characters(line: CartLine, limits: Limits) -> Fault | None:
    refused = sorted(set(line.item.sku or "") & set(limits.refused_characters))
    if not refused:
        return None
    return fault("PUNCHOUT-041", found=" ".join(refused), target=_target(line))


def _unit(line: CartLine, limits: Limits) -> Fault | None:
    if not limits.units or line.quantity.unit in limits.units:
        return None
    expected = ", ".join(limits.units)
    return fault("PUNCHOUT-042", found=line.quantity.unit, expected=expected, target=_target(line))


def _classification(line: CartLine, limits: Limits) -> Fault | None:
    wanted = limits.classification
    if not wanted or any(one.scheme.lower() == wanted.lower() for one in line.classifications):
        return None
    return fault("PUNCHOUT-043", expected=wanted, target=_target(line))


def _price_decimals(line: CartLine, limits: Limits) -> Fault | None:
    kept = limits.price_decimals
    if kept is None or line.price is None or _decimals(line.price.amount) <= kept:
        return None
    found, expected = f"{line.price.amount:f}", f"at most {kept} decimals"
    return fault("PUNCHOUT-044", found=found, expected=expected, target=_target(line))


def _description(line: CartLine, limits: Limits) -> Fault | None:
    text, most = line.description, limits.description_length
    return _too_long("PUNCHOUT-046", line, text, most, limits)


def _too_long(
    code: str, line: CartLine, text: str | None, most: int | None, limits: Limits
) -> Fault | None:
    if most is None or text is None:
        return None
    length = len(text.encode()) if limits.count_bytes else len(text)
    if length <= most:
        return None
    measure = "bytes" if limits.count_bytes else "characters"
    expected = f"at most {most} {measure}"
    return fault(code, found=text[:100], expected=expected, target=_target(line))


CHECKS: Final[tuple[Check, ...]] = (
    _part_id_length,
    _auxiliary_length,
    _part_id_characters,
    _unit,
    _classification,
    _price_decimals,
    _description,
)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _target(line: CartLine) -> str:
    return f"lines[{line.line_id}] {line.item.sku or ''}".strip()
