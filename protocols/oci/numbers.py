"""Fit prices and quantities into OCI's numbers, exactly or not at all.

PRICE and QUANTITY have eleven digits before and three after the dot, PRICEUNIT is a whole number
(OCI 4.0, field list). A price of 0.00123 for one piece does not fit, 1.23 for a thousand is the
same price and does: so both are raised by tens until they fit. A price that fits at no base is
left as it is, and the check of the outgoing form reports it: nothing is ever rounded.
"""

from decimal import Context, Decimal
from typing import Final

from canonical.amounts import decimal_of, plain

_EXACT: Final = Context(prec=60)
_MAX_SHIFT: Final = 9


def fitted(
    price: Decimal, base: Decimal, *, decimals: int, base_digits: int
) -> tuple[Decimal, Decimal]:
    """Return the same price for a base quantity that OCI can write, if there is one.

    Raises by the fewest tens that serve; both come back unchanged when none does.
    """
    for shift in range(_MAX_SHIFT + 1):
        raised, larger = _raised(price, shift), _raised(base, shift)
        if places(raised) <= decimals and places(larger) == 0:
            if digits(larger) <= base_digits:
                return without_zeros(raised, decimals), without_zeros(larger, 0)
            break
    return price, base


def without_zeros(value: Decimal, decimals: int) -> Decimal:
    """Return `value` without the zeros beyond `decimals` places; other digits stay."""
    kept = max(decimals, places(value))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > kept:
        return value.quantize(Decimal(1).scaleb(-kept), context=_EXACT)
    return value


def places(value: Decimal) -> int:
    """Return how many decimals `value` needs: 2 for 1.50 is 1, and 100 needs none."""
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def digits(value: Decimal) -> int:
    """Return how many digits stand before the dot."""
    return len(plain(abs(value)).partition(".")[0].lstrip("0"))


def number_of(text: str) -> tuple[Decimal | None, bool]:
    """Return the number that `text` spells, and whether it had to be read with a comma.

    The last of comma and dot is the decimal sign, the other one stands between thousands.
    """
    plainly = decimal_of(text)
    if plainly is not None or "," not in text:
        return plainly, False
    stripped = text.strip()
    comma, dot = stripped.rfind(","), stripped.rfind(".")
    grouping, sign = (".", ",") if comma > dot else (",", ".")
    if stripped.count(sign) > 1 and dot < 0:
        grouping, sign = ",", "."
    return decimal_of(stripped.replace(grouping, "").replace(sign, ".")), True


def _raised(value: Decimal, shift: int) -> Decimal:
    return value.scaleb(shift, context=_EXACT)
