"""Read the segments around the messages of X12: ISA, GS, ST, SE, GE, IEA.

Nothing is released in X12, so a segment is split and that is all. Numbers are compared as numbers:
many systems write `1` in IEA for `000000001` in ISA.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from canonical.faults import Fault, Place
from canonical.wire import Credential, CredentialRole, Envelope
from edi import units
from edi.cutting import Token
from edi.locating import Locator
from edi.text import X12, Separators, Slice
from edi.units import Interchange
from edi.x12.faults import fault

Row = list[str]

_LENGTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""How long each element of ISA is."""

VERSIONS: Final = ("00304", "00801")
"""The first and the last version in ISA12 that is known."""

_REQUIRED: Final = {"ISA": (6, 8, 9, 10, 12, 13), "GS": (1, 6, 8), "ST": (1, 2)}
_MISSING: Final = {"ISA": "X12-012", "GS": "X12-036", "ST": "X12-022"}
_TAGS: Final = frozenset({"ISA", "TA1", "GS", "SE", "GE", "IEA"})
_CENTURY: Final = 70
"""Two digits of a year below this are of this century."""


@dataclass(slots=True)
class Group(units.Group):
    """Count in a group: `version` is GS08."""

    version: str = ""


def values_of(token: Token) -> Row:
    """Return the elements of a segment of the envelope, its tag first, without blanks around."""
    text = token.raw.decode("latin-1").strip("\r\n\t ").removesuffix(token.separators.terminator)
    return [part.strip() for part in text.split(token.separators.element)]


def value(row: Row, element: int) -> str:
    """Return one element, empty where there is none."""
    return row[element] if element < len(row) else ""


def place_of(token: Token, interchange: int, element: int | None = None) -> Place:
    """Return the place of a segment of the envelope, or of an element in it."""
    piece = Slice(
        "",
        "",
        token.raw,
        X12,
        token.separators,
        offset=token.offset,
        line=token.line,
        column=token.column,
        interchange=interchange,
        number=0,
    )
    path = token.kind if token.kind in _TAGS else None
    if element is not None:
        path = f"{path}/{element:02}"
    return Locator(piece).place(1, element, path=path)


def missing(row: Row, token: Token, number: int) -> Iterator[Fault]:
    """Give a fault for each element of the envelope that must be there and is not."""
    for element in _REQUIRED[token.kind]:
        if not value(row, element):
            place = place_of(token, number, element)
            yield fault(_MISSING[token.kind], place=place, expected=place.path)


def interchange_of(token: Token, number: int) -> tuple[Interchange, tuple[Fault, ...]]:
    """Return what ISA says, and what is wrong with it."""
    row = values_of(token)
    found = list(missing(row, token, number))
    sent_at = instant(value(row, 9), value(row, 10))
    if sent_at is None and value(row, 9):
        found.append(fault("X12-025", place=place_of(token, number, 9), found=value(row, 9)))
    version = value(row, 12)
    if version and not (version.isdecimal() and VERSIONS[0] <= version <= VERSIONS[1]):
        found.append(fault("X12-014", place=place_of(token, number, 12), found=version))
    if not _padded(token):
        found.append(fault("X12-013", place=place_of(token, number)))
    envelope = Envelope(
        message_id=value(row, 13),
        sent_at=sent_at,
        credentials=_credentials(row),
        version=version or None,
        test=value(row, 15) == "T",
        acknowledge=value(row, 14) == "1",
    )
    return Interchange(number, envelope, token.separators), tuple(found)


def _padded(token: Token) -> bool:
    parts = token.raw.decode("latin-1").split(token.separators.element)[1:]
    lengths = tuple(map(len, parts[:-1]))
    return lengths == _LENGTHS[:-1]


def _credentials(row: Row) -> tuple[Credential, ...]:
    """Return who sends to whom; ISA04, the password, proves the sender."""
    return tuple(
        Credential(
            role=role,
            domain=value(row, element - 1),
            identity=value(row, element),
            secret=value(row, 4) or None if role is CredentialRole.FROM else None,
        )
        for role, element in ((CredentialRole.FROM, 6), (CredentialRole.TO, 8))
        if value(row, element)
    )


def instant(day: str, time: str) -> datetime | None:
    """Return a date (YYMMDD or CCYYMMDD) and time (HHMM and more) as UTC; None for none."""
    if not (day.isdecimal() and day.isascii() and len(day) in {6, 8}):
        return None
    if len(day) == len("yymmdd"):
        day = ("20" if int(day[:2]) < _CENTURY else "19") + day
    try:
        return datetime.strptime(f"{day}{time[:4] or '0000'}", "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def bare(number: int, separators: Separators) -> Interchange:
    """Return what stands for the interchange of groups or messages that have none around them."""
    return Interchange(number, Envelope(message_id=""), separators, bare=True)


def group_of(token: Token, interchange: int, number: int) -> tuple[Group, tuple[Fault, ...]]:
    """Return what GS says, and what is wrong with it."""
    row = values_of(token)
    group = Group(value(row, 6), number, version=value(row, 8))
    return group, tuple(missing(row, token, interchange))


def same(one: str, other: str) -> bool:
    """Tell whether two control numbers are the same, whatever zeros stand before them."""
    return one == other or (one.isdecimal() and other.isdecimal() and int(one) == int(other))


def ending(
    token: Token, number: int, counted: int, reference: str, codes: tuple[str, str]
) -> Iterator[Fault]:
    """Give what IEA or GE says otherwise than what was received: the count, then the number."""
    row = values_of(token)
    count, told = value(row, 1), value(row, 2)
    if not (count.isdecimal() and int(count[:9]) == counted):
        place = place_of(token, number, 1)
        yield fault(codes[0], place=place, found=count, expected=str(counted))
    if not same(told[:30], reference[:30]):
        place = place_of(token, number, 2)
        yield fault(codes[1], place=place, found=told, expected=reference)


def trailer_faults(piece: Slice, reference: str, last: str, number: int) -> Iterator[Fault]:
    """Give what SE says otherwise: `last` is the segment, the `number`-th of its message."""
    if last == f"SE*{number}*{reference}":
        return
    row = [part.strip() for part in last.split("*")]
    count, told = value(row, 1), value(row, 2)
    if not (count.isdecimal() and int(count[:9]) == number):
        place = Locator(piece).place(number, 1, path="SE/01")
        yield fault("X12-020", place=place, found=count, expected=str(number))
    if not same(told[:30], reference[:30]):
        place = Locator(piece).place(number, 2, path="SE/02")
        yield fault("X12-021", place=place, found=told, expected=reference)
