"""Find decimals in a document that are no amounts: not finite, or too long to be written out.

JSON decoders build `Decimal` from any text that it spells, `NaN` and `1E+999999` among it. Whoever
decodes a document from outside asks here before using it.
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from canonical.amounts import MAX_DIGITS


def unfit_amount(value: object) -> str | None:
    """Return the place and value of the first decimal that is no amount, as `lines[2].price: NaN`.

    Looks into structs, tuples, lists and dictionaries.
    """
    for path, found in _decimals(value, ""):
        if not fits(found):
            return f"{path.lstrip('.')}: {found!s:.40}"
    return None


def fits(value: Decimal) -> bool:
    """Tell whether `value` is finite and can be written out within `MAX_DIGITS` digits."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    return len(digits) + max(exponent, 0) <= MAX_DIGITS and -exponent <= MAX_DIGITS


def _decimals(value: object, path: str) -> Iterator[tuple[str, Decimal]]:
    if isinstance(value, Decimal):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _decimals(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _decimals(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _decimals(item, f"{path}.{name}")
