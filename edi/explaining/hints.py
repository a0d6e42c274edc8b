"""Guess what a sender meant, to help a person see it: never used to read a value."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

LISTED: Final = 12
"""How many codes or tags are named before the rest is only counted."""

_LOOKALIKES: Final = {"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8"}

LETTER: Final = "letter {} instead of {}?"
MEANT: Final = "did you mean {}?"
BLANKS: Final = "leave the blanks out"
THOUSANDS: Final = "leave out what separates the thousands"
DIGITS: Final = "write a digit before and after the decimal mark"
PLUS: Final = "leave the plus sign out"
CALENDAR: Final = "there is no such day; write year, month, day"
CLOCK: Final = "there is no such time; write hours, minutes, seconds"
HINTS: Final = (LETTER, MEANT, BLANKS, THOUSANDS, DIGITS, PLUS, CALENDAR, CLOCK)
"""Every hint there is beside those of the kinds; `edi.speaking` has them in other languages."""


def number_hint(value: str) -> str | None:
    """Return what is probably wrong with a value that is no number."""
    for letter, digit in _LOOKALIKES.items():
        if letter in value and value.translate(_AS_DIGITS).strip("-").replace(".", "", 1).isdigit():
            return LETTER.format(letter, digit)
    if any(character.isspace() for character in value):
        return BLANKS if value.strip() == "".join(value.split()) else THOUSANDS
    if value.startswith("+"):
        return PLUS
    marks = value.count(".") + value.count(",")
    if marks > 1 and value.replace(".", "").replace(",", "").isdigit():
        return THOUSANDS
    return DIGITS if marks == 1 and value.strip("-.,").isdigit() else None


_AS_DIGITS: Final = str.maketrans({**_LOOKALIKES, ",": "."})


def nearest(value: str, allowed: Collection[str]) -> str | None:
    """Return the text of `allowed` that looks most like `value`."""
    if value.strip() in allowed:
        return value.strip()
    by_capitals = {one.upper(): one for one in allowed}
    if value.strip().upper() in by_capitals:
        return by_capitals[value.strip().upper()]
    near = get_close_matches(value[:_LONG], allowed, n=1, cutoff=0.6)
    return near[0] if near else None


_LONG: Final = 40
"""Nobody means a code by more characters; comparing costs their square."""


def meant(value: str, allowed: Collection[str]) -> str | None:
    """Return the question whether the nearest was meant, where there is one."""
    near = nearest(value, allowed)
    if near is None:
        return None
    return BLANKS if near == value.strip() else MEANT.format(near)


def listed(texts: Iterable[str], near: str | None = None) -> str:
    """Return `texts` as people list them, the nearest first, and how many are left out."""
    every = list(dict.fromkeys([near, *texts] if near is not None else texts))
    shown = ", ".join(every[:LISTED])
    return shown if len(every) <= LISTED else f"{shown} … ({len(every)})"
