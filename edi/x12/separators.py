"""Say which characters an X12 interchange separates with: its first segment shows them.

ISA has 16 elements of fixed lengths, 106 characters in all; the fourth separates elements, the last
element is the component separator and what follows it ends segments. Many systems do not pad the
elements, so they are counted here and not measured. ISA11 is the repetition separator since version
004020; before, and in many files since, it is the letter U and nothing is repeated.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from edi.text import RESERVED, X12, Separators

ELEMENTS: Final = 16
LONGEST_HEADER: Final = 400
"""How many bytes ISA may have, blanks in odd encodings included."""

REPEATING: Final = "00402"
"""The version that brought the repetition separator."""

_NEVER: Final = RESERVED | {"\x00"}
_BLANK: Final = b"\r\n\t "
_NEXT: Final = re.compile(rb"[\r\n\t ]*(?:GS|TA1|IEA)")


@dataclass(frozen=True, slots=True)
class Header:
    """Hold where ISA ends, its terminator included, and the separators that it shows."""

    end: int
    separators: Separators | None
    """None for some that nobody can separate with."""


def header_at(content: bytes, start: int) -> Header | None:
    """Return what ISA at `start` shows, None where there is no such segment as a whole."""
    sign = content[start + 3 : start + 4]
    if not sign or sign.isalnum() or sign in _BLANK:
        return None
    stop, at, bounds = start + LONGEST_HEADER, start + 3, [start + 3]
    while len(bounds) < ELEMENTS:
        at = content.find(sign, at + 1, stop)
        if at < 0:
            return None
        bounds.append(at)
    component, terminator = _last(content, at + 1)
    if not terminator:
        return None
    end = at + 1 + len(component) + len(terminator)
    values = [content[a + 1 : b].strip() for a, b in pairwise(bounds)]
    own = _usable(sign, component, terminator, _repetition(values[10], values[11]))
    return Header(end, own)


def _last(content: bytes, at: int) -> tuple[bytes, bytes]:
    """Return component separator and terminator; the first lacks where ISA16 is empty.

    A line end behind it may be the terminator or stand after one: what ends the next segment tells.
    """
    first, second = content[at : at + 1], content[at + 1 : at + 2]
    if _NEXT.match(content, at + 1) is None:
        return first, second
    following = content[at + 1 : at + LONGEST_HEADER].lstrip(_BLANK)
    line = following.partition(b"\n")[0].rstrip(b"\r\t ")
    if second.strip(_BLANK) or line.endswith(first):
        return b"", first
    return first, second


def _repetition(told: bytes, version: bytes) -> bytes:
    """Return ISA11 where it separates: a sign, and not a letter, since the version that may."""
    if len(told) != 1 or told.isalnum() or version.decode("latin-1") < REPEATING:
        return b""
    return told


def _usable(*signs: bytes) -> Separators | None:
    element, component, terminator, repetition = (sign.decode("latin-1") for sign in signs)
    used = [sign for sign in (element, component, terminator, repetition) if sign]
    odd = any(sign in _NEVER or sign.isalnum() or not sign.isascii() for sign in used)
    if odd or len(set(used)) < len(used) or element in " \t\r\n":
        return None
    return Separators(terminator, element, component or _spare(used), repetition or None)


def _spare(used: list[str]) -> str:
    """Return a component separator for an interchange that shows none: one it does not use."""
    return next(sign for sign in (X12.component, ">", "\x1f", "\x1e") if sign not in used)
