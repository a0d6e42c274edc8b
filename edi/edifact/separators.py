"""Say which characters an EDIFACT interchange separates with.

ISO 9735 lets the sender announce them in nine characters before the interchange: `UNA`, component
separator, element separator, decimal sign, release character, a reserved character and the segment
terminator. In syntax version 4 the reserved one became the repetition separator. A space there, or
in the place of the release character, means that it is not used.
"""

from dataclasses import replace
from typing import Final

from edi.text import EDIFACT, RESERVED, Separators

LENGTH: Final = 9
"""How many bytes the string UNA has, its name included."""

REPEATING: Final = 4
"""The syntax version that brought the repetition separator."""

_NEVER: Final = RESERVED | {"\x00"}


def announced(una: bytes) -> Separators | None:
    """Return the separators that the nine bytes of UNA announce; None for unusable ones.

    They have to be single characters of ASCII or Latin-1, all different, no letters or digits, and
    no space for one that cannot lack.
    """
    component, element, decimal, release, repetition, terminator = list(
        una[3:LENGTH].decode("latin-1")
    )
    used = [component, element, terminator]
    if " " in used:
        return None
    used += [char for char in (release, repetition) if char != " "]
    if len(set(used)) < len(used) or any(char.isalnum() or char in _NEVER for char in used):
        return None
    return Separators(
        terminator,
        element,
        component,
        repetition if repetition != " " else None,
        release if release != " " else None,
        decimal,
    )


def effective(announced_ones: Separators | None, version: int) -> Separators:
    """Return what separates in an interchange of this syntax version.

    Without UNA the defaults stand; before version 4 nothing is repeated, whatever UNA says.
    """
    if announced_ones is None:
        return EDIFACT if version >= REPEATING else replace(EDIFACT, repetition=None)
    if version >= REPEATING:
        return announced_ones
    return replace(announced_ones, repetition=None)


def written(own: Separators) -> str:
    """Return the string UNA that announces these separators."""
    return (
        f"UNA{own.component}{own.element}{own.decimal}{own.release or ' '}"
        f"{own.repetition or ' '}{own.terminator}"
    )
