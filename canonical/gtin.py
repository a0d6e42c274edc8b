"""Check and complete Global Trade Item Numbers (GS1 General Specifications 7.9)."""

from typing import Final

LENGTHS: Final = frozenset({8, 12, 13, 14})


def check_digit(digits: str) -> str:
    """Return the last digit of the number that begins with `digits` (ASCII digits only)."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def is_gtin(text: str) -> bool:
    """Tell whether `text` is a GTIN-8, -12, -13 or -14 with the right check digit."""
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:-1]) == text[-1]
