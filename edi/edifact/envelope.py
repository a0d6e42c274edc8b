"""Read the service segments around the messages: UNB, UNG, UNH, UNT, UNE, UNZ.

Syntax versions 1 to 4 have the same elements at the same places here; version 4 writes the year
with four digits. What else is known of the elements stands in the facts of the syntax.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from canonical.faults import Fault
from canonical.rows import Row
from canonical.wire import Envelope
from edi import units
from edi.cutting import Kind, Token
from edi.edifact.charsets import UNKNOWN, Repertoire, decide, named
from edi.edifact.charsets import allowed as allowed_bytes
from edi.edifact.directory.editions import envelope_of
from edi.edifact.directory.names import names
from edi.edifact.faults import fault
from edi.enveloping import Ending, Words, instant, parties, untold
from edi.faults import Kind as Wrong
from edi.faults import standard_code
from edi.locating import Locator
from edi.rules import EDIFACT
from edi.text import EDIFACT as SEPARATORS
from edi.text import Separators, Slice, respelt_apart
from edi.units import Group


def _standard(path: str, wrong: Wrong) -> str:  # noqa: ARG001 -- the kind tells it here
    return standard_code("EDIFACT", wrong) or ""


def _element_of(path: str) -> str:
    return path.rpartition("/")[2] if "/" in path else ""


WORDS: Final = Words(
    syntax=EDIFACT,
    fault=fault,
    tags={
        Kind.SEPARATORS: "UNA",
        Kind.INTERCHANGE: "UNB",
        Kind.GROUP: "UNG",
        Kind.MESSAGE: "UNH",
        Kind.MESSAGE_END: "UNT",
        Kind.GROUP_END: "UNE",
        Kind.INTERCHANGE_END: "UNZ",
    },
    endings={
        Kind.INTERCHANGE_END: Ending("0036", "0020", "016", "017"),
        Kind.GROUP_END: Ending("0060", "0048", "018", "019"),
        Kind.MESSAGE_END: Ending("0074", "0062", "020", "021"),
    },
    reference=1,
    standard=_standard,
    subjects=names(),
    source="ISO 9735",
    element_of=_element_of,
    foreign=re.compile(rb"\bISA([^\w\s])\d\d\1"),
)
RESTORED: Final = WORDS.restored
"""What gives released characters back in any message of EDIFACT."""

_VERSIONS: Final = frozenset("1234")


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


def row_of(token: Token, repertoire: Repertoire) -> Row:
    """Return a service segment in the spelling that all share."""
    own = token.separators
    fitting = allowed_bytes(repertoire, own)
    codec = decide(token.raw, repertoire, fitting).codec
    spelt = respelt_apart(token.raw, codec, own, SEPARATORS).content.decode()
    return spelt.strip("\r\n\t ").removesuffix("'").split("+")


def missing(
    row: Row, required: tuple[Required, ...], token: Token, number: int, code: str
) -> Iterator[Fault]:
    """Give a fault for each element that must be there and is not."""
    for item in required:
        if not WORDS.value(row, item.element, item.component):
            place = WORDS.place(token, number, item.element, item.component, item.path)
            yield fault(code, place=place, expected=item.path)


def oddities(token: Token, row: Row, interchange: int, version: int) -> Iterator[Fault]:
    """Give what is wrong with the elements of a segment by the facts of its syntax version."""
    facts = envelope_of(version)
    known = facts.segment(WORDS.tags[token.kind])
    if known is not None:
        yield from WORDS.odd(token, interchange, row, known, facts.source)


def interchange_of(
    token: Token, number: int, reads_as: Repertoire | None
) -> tuple[Interchange, tuple[Fault, ...]]:
    """Return what UNB says, and what is wrong with it.

    `reads_as` is the partner's word on the character set, which stands against UNB's.
    """
    value = WORDS.value
    declared = named(value(row_of(token, UNKNOWN), 1).upper())
    repertoire = reads_as or declared or UNKNOWN
    row = row_of(token, repertoire)
    told = value(row, 1, 1)
    version = int(told) if told in _VERSIONS else 3
    sent_at = instant(value(row, 4), value(row, 4, 1))
    found = list(missing(row, _UNB, token, number, "EDIFACT-012"))
    found += _identifier_faults(row, token, number, known=declared is not None)
    if sent_at is None and value(row, 4):
        place = WORDS.place(token, number, 4, None, "UNB/S004")
        found.append(fault("EDIFACT-025", place=place, found=row[4].translate(RESTORED)))
    found += untold(oddities(token, row, number, version), found)
    envelope = Envelope(
        message_id=value(row, 5),
        sent_at=sent_at,
        credentials=parties(_party(row, 2), _party(row, 3), value(row, 6)),
        version=":".join(filter(None, (value(row, 1), told))) or None,
        test=value(row, 11) not in {"", "0"},
        acknowledge=value(row, 9) not in {"", "0"},
        application=value(row, 7) or None,
        agreement=value(row, 10) or None,
    )
    return Interchange(
        number=number,
        envelope=envelope,
        separators=token.separators,
        repertoire=repertoire,
        version=version,
    ), tuple(found)


def _identifier_faults(row: Row, token: Token, number: int, *, known: bool) -> Iterator[Fault]:
    name, version = WORDS.value(row, 1), WORDS.value(row, 1, 1)
    if name and not known:
        place = WORDS.place(token, number, 1, 0, "UNB/S001/0001")
        yield fault("EDIFACT-013", place=place, found=name, expected="UNOC or another of ISO 9735")
    if version and version not in _VERSIONS:
        place = WORDS.place(token, number, 1, 1, "UNB/S001/0002")
        yield fault("EDIFACT-014", place=place, found=version, expected="1, 2, 3 or 4")


def _party(row: Row, element: int) -> tuple[str, str, str]:
    """Return qualifier, identity and address for routing of who sends or receives."""
    identity, qualifier, routing = (WORDS.value(row, element, part) for part in range(3))
    return qualifier, identity, routing


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
    row = row_of(token, interchange.repertoire)
    found = list(missing(row, _UNG, token, interchange.number, "EDIFACT-036"))
    found += untold(oddities(token, row, interchange.number, interchange.version), found)
    return Group(WORDS.value(row, 5), number, kind=WORDS.value(row, 1)), tuple(found)


def header_faults(piece: Slice, header: Row) -> Iterator[Fault]:
    """Give what UNH lacks."""
    for item in _UNH:
        if not WORDS.value(header, item.element, item.component):
            place = Locator(piece).place(1, item.element, item.component, path=item.path)
            yield fault("EDIFACT-022", place=place, expected=item.path)
