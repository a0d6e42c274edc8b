"""Say how one partner exchanges X12 with us: what is written, and how theirs is read."""

from typing import Final

from canonical.wire import Dialect
from edi.dialect import SegmentDialect
from edi.text import RESERVED, Separators
from edi.x12.separators import REPEATING

USUAL: Final = {"997": "always", "999": "always", "TA1": "asked"}
"""When what is acknowledged if nothing is agreed; 999 takes the place of 997 since 005010."""

GROUPS: Final = {
    "810": "IN",
    "832": "SC",
    "846": "IB",
    "850": "PO",
    "852": "PD",
    "855": "PR",
    "856": "SH",
    "860": "PC",
    "865": "CA",
    "997": "FA",
    "999": "FA",
}
"""What a group of such messages is called (GS01)."""

IMPLEMENTATION: Final = "005010"
"""The version since which 999 acknowledges in the place of 997."""

_USUAL_VERSION: Final = "004010"
_USUAL_SIGNS: Final = "*>^~"
_SIGNS: Final = 4


class X12Dialect(SegmentDialect):
    """Say how one partner wants X12.

    `versions` holds per message the version of its group (`004010`), `*` for the others. `signs`
    are the separators of elements, components and repetitions and the terminator, in this order.
    """

    signs: str = _USUAL_SIGNS
    encoding: str = "latin-1"
    """Python's name of the character set that is written."""


def dialect_of(dialect: Dialect | None) -> X12Dialect:
    """Return the partner's dialect, or the usual one with their versions."""
    if isinstance(dialect, X12Dialect):
        return dialect
    return X12Dialect(versions={} if dialect is None else dialect.versions)


def separators_of(dialect: X12Dialect, version: str) -> Separators:
    """Return what a partner wants us to separate with in a message of this version.

    Raises ValueError for what no interchange can use: our own mistake.
    """
    signs = dialect.signs
    odd = any(sign.isalnum() or sign == " " or sign in RESERVED for sign in signs)
    if len(signs) != _SIGNS or len(set(signs)) < _SIGNS or odd or not signs.isascii():
        message = f"separators {signs!r}: expected four different signs such as {_USUAL_SIGNS!r}"
        raise ValueError(message)
    element, component, repetition, terminator = list(signs)
    repeating = header_version(version) >= REPEATING
    return Separators(terminator, element, component, repetition if repeating else None)


def version_of(name: str, dialect: X12Dialect) -> str:
    """Return the version in which a partner wants a message: `004010`."""
    plain, versions = name.partition(".")[0], dialect.versions
    agreed = versions.get(name) or versions.get(plain) or versions.get("*", _USUAL_VERSION)
    if plain == "999" and agreed[:6] < IMPLEMENTATION:
        return IMPLEMENTATION
    return agreed


def header_version(version: str) -> str:
    """Return what ISA12 says for a version of GS08: `00401` for `004010`."""
    return version[:5]
