"""Read the service segments around the messages: UNB, UNG, UNH, UNT, UNE, UNZ.

Rows of values, all restored, are what this module understands; where they stand in the bytes is
asked of their token when something is wrong. Syntax versions 1 to 4 have the same elements at the
same places here; version 4 writes the year with four digits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from canonical.faults import Fault, Place
from canonical.wire import Credential, CredentialRole, Envelope
from edi import units
from edi.cutting import Token
from edi.edifact.charsets import UNKNOWN, Repertoire, decide, named
from edi.edifact.charsets import allowed as allowed_bytes
from edi.edifact.faults import fault
from edi.locating import Locator
from edi.text import EDIFACT, Separators, Slice, put_aside, respeller, restoring
from edi.units import Group

RESTORED: Final = restoring(EDIFACT)
"""What gives released characters back in any message of EDIFACT."""

Values = list[list[str]]
"""The elements of a segment, its tag first, each as its components."""

_VERSIONS: Final = frozenset("1234")
_CENTURY: Final = 70
"""Two digits of a year below this are of this century."""


@dataclass(frozen=True, slots=True)
class Required:
    """Name an element that must be there, its place, and its path."""

    element: int
    component: int
    path: str


_UNB: Final = (
    Required(1, 0, "UNB/S001/0001"),
    Required(1, 1, "UNB/S001/0002"),
    Required(2, 0, "UNB/S002/0004"),
    Required(3, 0, "UNB/S003/0010"),
    Required(4, 0, "UNB/S004/0017"),
    Required(4, 1, "UNB/S004/0019"),
    Required(5, 0, "UNB/0020"),
)
_UNG: Final = (Required(5, 0, "UNG/0048"),)
_UNH: Final = (
    Required(1, 0, "UNH/0062"),
    Required(2, 0, "UNH/S009/0065"),
    Required(2, 1, "UNH/S009/0052"),
    Required(2, 2, "UNH/S009/0054"),
)


@dataclass(frozen=True, slots=True)
class Interchange(units.Interchange):
    """Hold what UNB says; `version` is that of the syntax."""

    repertoire: Repertoire = UNKNOWN
    version: int = 3


def value(values: Values, element: int, component: int = 0) -> str:
    """Return one value, empty where there is none."""
    try:
        return values[element][component].strip()
    except IndexError:
        return ""


def values_of(token: Token, repertoire: Repertoire) -> Values:
    """Return the elements of a service segment."""
    own = token.separators
    fitting = allowed_bytes(repertoire, own)
    text = put_aside(token.raw.decode(decide(token.raw, repertoire, fitting).codec, "replace"))
    spelt = respeller(own, EDIFACT)(text.encode("utf-8", "replace")).content.decode()
    return [
        [part.translate(RESTORED) for part in element.split(":")]
        for element in spelt.strip("\r\n\t ").removesuffix("'").split("+")
    ]


def place_of(
    token: Token,
    interchange: int,
    element: int | None = None,
    component: int | None = None,
    path: str | None = None,
) -> Place:
    """Return the place of a service segment of the envelope, or of an element in it."""
    piece = Slice(
        "",
        "",
        token.raw,
        EDIFACT,
        token.separators,
        offset=token.offset,
        line=token.line,
        column=token.column,
        interchange=interchange,
        number=0,
    )
    return Locator(piece).place(1, element, component, path=path)


def missing(
    values: Values, required: tuple[Required, ...], token: Token, number: int, code: str
) -> tuple[Fault, ...]:
    """Return a fault for each element that must be there and is not."""
    return tuple(
        fault(
            code,
            place=place_of(token, number, item.element, item.component, item.path),
            expected=item.path,
        )
        for item in required
        if not value(values, item.element, item.component)
    )


def interchange_of(
    token: Token, number: int, reads_as: Repertoire | None
) -> tuple[Interchange, tuple[Fault, ...]]:
    """Return what UNB says, and what is wrong with it.

    `reads_as` is the partner's word on the character set, which stands against UNB's.
    """
    declared = named(value(values_of(token, UNKNOWN), 1).upper())
    repertoire = reads_as or declared or UNKNOWN
    values = values_of(token, repertoire)
    found = list(missing(values, _UNB, token, number, "EDIFACT-012"))
    found += _identifier_faults(values, token, number, known=declared is not None)
    sent_at = instant(value(values, 4), value(values, 4, 1))
    if sent_at is None and value(values, 4):
        place = place_of(token, number, 4, None, "UNB/S004")
        found.append(fault("EDIFACT-025", place=place, found=":".join(values[4])))
    envelope = Envelope(
        message_id=value(values, 5),
        sent_at=sent_at,
        credentials=_credentials(values),
        version=":".join(filter(None, (value(values, 1), value(values, 1, 1)))) or None,
        test=value(values, 11) not in {"", "0"},
        acknowledge=value(values, 9) not in {"", "0"},
        application=value(values, 7) or None,
        agreement=value(values, 10) or None,
    )
    version = value(values, 1, 1)
    return Interchange(
        number=number,
        envelope=envelope,
        separators=token.separators,
        repertoire=repertoire,
        version=int(version) if version in _VERSIONS else 3,
    ), tuple(found)


def _identifier_faults(
    values: Values, token: Token, number: int, *, known: bool
) -> Iterator[Fault]:
    name, version = value(values, 1), value(values, 1, 1)
    if name and not known:
        place = place_of(token, number, 1, 0, "UNB/S001/0001")
        yield fault("EDIFACT-013", place=place, found=name, expected="UNOC or another of ISO 9735")
    if version and version not in _VERSIONS:
        place = place_of(token, number, 1, 1, "UNB/S001/0002")
        yield fault("EDIFACT-014", place=place, found=version, expected="1, 2, 3 or 4")


def _credentials(values: Values) -> tuple[Credential, ...]:
    """Return who sends to whom: the qualifier is the domain, the address for routing the kind.

    The password or reference that the recipient agreed (0022) proves the sender.
    """
    return tuple(
        Credential(
            role=role,
            domain=value(values, element, 1),
            identity=value(values, element),
            kind=value(values, element, 2) or None,
            secret=value(values, 6) or None if role is CredentialRole.FROM else None,
        )
        for role, element in ((CredentialRole.FROM, 2), (CredentialRole.TO, 3))
        if value(values, element)
    )


def instant(day: str, time: str) -> datetime | None:
    """Return the time of preparation, taken as UTC because nothing says where; None for none.

    Version 4 has four digits of the year, earlier ones two. A time that is none counts as midnight
    only where it is left out.
    """
    if not (day.isdecimal() and day.isascii() and len(day) in {6, 8}):
        return None
    if len(day) == len("yymmdd"):
        day = ("20" if int(day[:2]) < _CENTURY else "19") + day
    try:
        return datetime.strptime(f"{day}{time or '0000'}", "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def bare(number: int, separators: Separators, reads_as: Repertoire | None) -> Interchange:
    """Return what stands for the interchange of messages that have none around them."""
    return Interchange(
        number=number,
        envelope=Envelope(message_id=""),
        separators=separators,
        repertoire=reads_as or UNKNOWN,
        bare=True,
    )


def group_of(
    token: Token, interchange: Interchange, number: int
) -> tuple[Group, tuple[Fault, ...]]:
    """Return what UNG says, and what is wrong with it."""
    values = values_of(token, interchange.repertoire)
    found = missing(values, _UNG, token, interchange.number, "EDIFACT-036")
    return Group(value(values, 5), number), found


def ending(
    token: Token,
    interchange: Interchange,
    counts: tuple[int, ...],
    reference: str,
    codes: tuple[str, str],
) -> Iterator[Fault]:
    """Give what UNZ or UNE says otherwise than what was received.

    `counts` are those it may name, the right one first; `codes` those of the faults for the count
    and for the reference.
    """
    values = values_of(token, interchange.repertoire)
    tag, elements = token.kind, _TRAILERS[token.kind]
    count = value(values, 1)
    if not (count.isdecimal() and int(count[:9]) in counts):
        place = place_of(token, interchange.number, 1, None, f"{tag}/{elements[0]}")
        yield fault(codes[0], place=place, found=count, expected=str(counts[0]))
    if value(values, 2) != reference:
        place = place_of(token, interchange.number, 2, None, f"{tag}/{elements[1]}")
        yield fault(codes[1], place=place, found=value(values, 2), expected=reference)


_TRAILERS: Final = {"UNZ": ("0036", "0020"), "UNE": ("0060", "0048")}


def header_faults(piece: Slice, header: Values) -> Iterator[Fault]:
    """Give what UNH lacks."""
    for item in _UNH:
        if not value(header, item.element, item.component):
            place = Locator(piece).place(1, item.element, item.component, path=item.path)
            yield fault("EDIFACT-022", place=place, expected=item.path)


def trailer_faults(piece: Slice, reference: str, last: str, number: int) -> Iterator[Fault]:
    """Give what UNT says otherwise: `last` is the segment, the `number`-th of its message."""
    if last == f"UNT+{number}+{reference}":
        return
    elements = [part.translate(RESTORED).strip() for part in last.split("+")]
    count = elements[1] if len(elements) > 1 else ""
    if not (count.isdecimal() and int(count[:9]) == number):
        place = Locator(piece).place(number, 1, path="UNT/0074")
        yield fault("EDIFACT-020", place=place, found=count, expected=str(number))
    told = elements[2] if len(elements) > 2 else ""  # noqa: PLR2004 -- tag, count, reference
    if told != reference:
        place = Locator(piece).place(number, 2, path="UNT/0062")
        yield fault("EDIFACT-021", place=place, found=told, expected=reference)
