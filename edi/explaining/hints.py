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
LEAVE_OUT: Final = "leave it out"
HINTS: Final = (LETTER, MEANT, BLANKS, THOUSANDS, DIGITS, PLUS, CALENDAR, CLOCK, LEAVE_OUT)
"""Every hint there is beside those of the kinds; `edi.speaking` has them in other languages."""


def number_hint(value: str) -> str | None:
    """Return what is probably wrong with a value that is no number."""
    for letter, digit in _LOOKALIKES.items():
        if letter in value and value.translate(_AS_DIGITS).strip("-").replace(".", "", 1).isdigit():
            return LETTER.format(letter, digit)
    bare = "".join(value.split())
    if bare != value and bare.strip("-").replace(",", ".").replace(".", "", 1).isdigit():
        return BLANKS if value.strip() == bare else THOUSANDS
    if value.startswith("+"):
        return PLUS
    marks = value.count(".") + value.count(",")
    if marks > 1 and value.replace(".", "").replace(",", "").isdigit():
        return THOUSANDS
    return DIGITS if marks == 1 and value.strip("-.,").isdigit() else None


_AS_DIGITS: Final = str.maketrans({**_LOOKALIKES, ",": "."})


def nearest(value: str, allowed: Collection[str]) -> list[str]:
    """Return the texts of `allowed` that look most like `value`, the most alike first."""
    bare = value.strip()
    if bare in allowed:
        return [bare]
    by_capitals = {one.upper(): one for one in allowed}
    if bare.upper() in by_capitals:
        return [by_capitals[bare.upper()]]
    short = bare[:_LONG]
    begun = [one for one in allowed if 2 * _alike(one, short) > len(short)]
    begun.sort(key=lambda one: (-_alike(one, short), abs(len(one) - len(short)), one))
    alike = get_close_matches(short, allowed, n=_NEAR, cutoff=0.6)
    return list(dict.fromkeys([*begun, *alike]))[:_NEAR]


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common from the first on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


_NEAR: Final = 6
_LONG: Final = 40
"""Nobody means a code by more characters; comparing costs their square."""


def meant(value: str, allowed: Collection[str]) -> str | None:
    """Return the question whether the nearest was meant, where there is one."""
    near = nearest(value, allowed)
    if not near:
        return None
    return BLANKS if near[0] == value.strip() else MEANT.format(near[0])


def listed(texts: Iterable[str], near: Iterable[str] = ()) -> str:
    """Return `texts` as people list them, the near ones first, and how many there are."""
    every = list(dict.fromkeys([*near, *texts]))
    shown = ", ".join(every[:LISTED])
    return shown if len(every) <= LISTED else f"{shown} … ({len(every)})"
