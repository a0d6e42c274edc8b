"""Hold exact amounts: finite decimals only, always with their currency or unit.

`Decimal` admits NaN, infinities and exponents that explode when written out; none of them
is an amount of anything. Every decimal that enters a document goes through `decimal_of`.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from canonical.document import Document

MAX_DIGITS: Final = 28
"""Digits that one amount may have in all, the precision of Python's default context."""


class Money(Document):
    """Hold an amount in a currency (ISO 4217 alphabetic code)."""

    amount: Decimal
    currency: str


class Quantity(Document):
    """Hold a number of units (UN/ECE Recommendation 20 code)."""

    value: Decimal
    unit: str


def decimal_of(text: str) -> Decimal | None:
    """Return the finite decimal that `text` spells with a dot, or None when it spells none.

    Accepts a sign and surrounding blanks; refuses exponents, digit grouping, NaN, infinities
    and more than `MAX_DIGITS` digits.
    """
    stripped = text.strip()
    if not stripped or not stripped.isascii() or "_" in stripped:
        return None
    if len(stripped) > MAX_DIGITS + 2 or "e" in stripped or "E" in stripped:
        return None
    try:
        value = Decimal(stripped)
    except InvalidOperation:
        return None
    return value if value.is_finite() and len(value.as_tuple().digits) <= MAX_DIGITS else None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return `value` with exactly `decimals` places, halves away from zero as invoices round."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Return `value` in plain notation without exponent, as every wire format wants it."""
    return format(value, "f")
