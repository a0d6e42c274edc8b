"""Read the segments around messages: what both syntaxes do alike, in the words of each.

A row is a segment of the envelope in the spelling that all share, so that one way serves to split
it; where its elements stand in the bytes is asked of its token when something is wrong. Elements
are held against the service segments of the syntax's own facts, as a message's are against its
directory. What is odd there is a warning, for the interchange can be read: what cannot do without
has faults of its own, which a syntax tells itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, FaultKind, FaultTable, Place, Severity
from canonical.rows import Row
from canonical.wire import Credential, CredentialRole
from edi.cutting import Kind, Token
from edi.explaining.elements import Elements, Found
from edi.explaining.telling import Subjects, element_names
from edi.faults import Kind as Wrong
from edi.faults import kinds
from edi.locating import Locator
from edi.rules import Rules, Syntax
from edi.schema import Directory, MessageTable, Segment
from edi.text import Slice, restoring

_CENTURY: Final = 70
"""Two digits of a year below this are of this century."""
_COUNTED: Final = 9
"""How many digits of a count are read, and one more: no file holds as much."""
_NOWHERE: Final = Directory("", {}, {})


@dataclass(frozen=True, slots=True)
class Ending:
    """Name what a trailer repeats: how much came before it (1), and what it ends (2).

    `count` and `reference` are their names in paths; `wrong_count` and `wrong_reference` the
    numbers of the faults when they are not those received.
    """

    count: str
    reference: str
    wrong_count: str
    wrong_reference: str


@dataclass(frozen=True)
class Words:
    """Hold what a syntax calls the parts of its envelope, and how it compares them."""

    syntax: Syntax
    fault: FaultTable
    tags: Mapping[Kind, str]
    endings: Mapping[Kind, Ending]
    reference: int
    """Which element of a message's header is its reference."""
    standard: Callable[[str, Wrong], str]
    """Return the standard's own code for what is wrong at a path of the envelope."""
    subjects: Subjects
    source: str
    """Which standard rules around messages."""
    element_of: Callable[[str], str]
    """Return the id of the element at a path of the envelope, empty for a whole segment."""
    foreign: re.Pattern[bytes]
    """What an interchange of another syntax begins with."""
    same: Callable[[str, str], bool] = str.__eq__
    """Tell whether two references are the same."""
    type_of: Callable[[str], str] = str
    """Return what a group calls messages of a name; empty where nobody knows."""

    @cached_property
    def restored(self) -> Mapping[int, str]:
        """Return what gives data its own characters back, in any message of the syntax."""
        return restoring(self.syntax.separators)

    def code(self, number: str) -> str:
        """Return the code of a fault by its number."""
        return f"{self.syntax.prefix}-{number}"

    def value(self, row: Row, element: int, component: int = 0) -> str:
        """Return one value of a row as its sender meant it, empty where there is none."""
        parts = row[element].split(self.syntax.separators.component) if element < len(row) else ()
        return parts[component].translate(self.restored).strip() if component < len(parts) else ""

    def named(self, one: Fault) -> Fault:
        """Return a fault of the envelope with the name of what it is about, and who rules there."""
        path = (one.place and one.place.path) or ""
        tag = path.partition("/")[0]
        if tag not in self.tags.values():
            return one
        subject = one.subject or self.subjects.subject([tag], self.element_of(path), None)
        return replace(one, subject=subject, source=one.source or self.source)

    def path(self, kind: Kind, name: str) -> str:
        """Return the path of an element in a segment of the envelope."""
        return f"{self.tags[kind]}/{name}"

    def place(
        self,
        token: Token,
        interchange: int,
        element: int | None = None,
        component: int | None = None,
        path: str | None = None,
    ) -> Place:
        """Return the place of a segment of the envelope, or of an element in it."""
        standard = self.syntax.separators
        piece = Slice(
            "",
            "",
            token.raw,
            standard,
            token.separators,
            offset=token.offset,
            line=token.line,
            column=token.column,
            interchange=interchange,
            number=0,
        )
        return Locator(piece).place(1, element, component, path=path or self.tags.get(token.kind))

    @cached_property
    def _looking(self) -> Elements:
        return Elements(Rules(MessageTable("", ()), _NOWHERE, self.syntax))

    @cached_property
    def _kinds(self) -> Mapping[str, FaultKind]:
        return {kind.code: kind for kind in kinds(self.syntax.prefix)}

    def odd(
        self, token: Token, interchange: int, row: Row, known: Segment, source: str
    ) -> Iterator[Fault]:
        """Give what is wrong with the elements of a segment by what is known of it."""
        for found in self._looking.look(row, known):
            names = self._names(known, found)
            path = "/".join([known.tag, *names])
            kind = self._kinds[self.code(found.kind)]
            yield kind.fault(
                severity=min(kind.severity, Severity.WARNING, key=_WEIGHTS.index),
                place=self.place(token, interchange, found.element, found.component, path),
                found=None if found.value is None else found.value.translate(self.restored),
                expected=found.expected,
                hint=found.hint,
                source=source,
                standard=self.standard(path, found.kind),
                subject=self.subjects.subject(row, _element(known, found), None),
            )

    def _names(self, known: Segment, found: Found) -> list[str]:
        if found.element is None:
            return []
        if self.syntax.by_position:
            return [f"{found.element:02}"]
        return element_names(known, found.element, found.component)

    def mismatches(
        self,
        kind: Kind,
        row: Row,
        counts: tuple[int, ...],
        reference: str,
        place: Callable[[int, str], Place],
    ) -> Iterator[Fault]:
        """Give what a trailer says otherwise than what was received.

        `counts` are those it may name, the right one first; `place` finds an element by its number,
        under a path.
        """
        ending = self.endings[kind]
        count, told = self.value(row, 1), self.value(row, 2)
        digits = count.lstrip("0")[: _COUNTED + 1] or "0"
        if not (count.isdecimal() and int(digits) in counts):
            yield self.fault(
                self.code(ending.wrong_count),
                place=place(1, self.path(kind, ending.count)),
                found=count,
                expected=str(counts[0]),
            )
        if not self.same(told, reference):
            yield self.fault(
                self.code(ending.wrong_reference),
                place=place(2, self.path(kind, ending.reference)),
                found=told,
                expected=reference or None,
            )


_WEIGHTS: Final = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


def _element(known: Segment, found: Found) -> str:
    """Return the id of the element that something is said of, empty for the whole segment."""
    within = found.element is not None and found.element <= len(known.uses)
    return known.uses[found.element - 1].of.id if found.element and within else ""


def untold(odd: Iterable[Fault], told: Iterable[Fault]) -> Iterator[Fault]:
    """Give what is odd in elements of which nothing was told yet: one fault stays one."""
    elements = {one.place.element for one in told if one.place is not None}
    for one in odd:
        if one.place is None or one.place.element not in elements:
            yield one


def parties(
    sender: tuple[str, ...], recipient: tuple[str, ...], secret: str
) -> tuple[Credential, ...]:
    """Return who sends to whom, each given as qualifier, identity and address for routing.

    The qualifier is the domain, the address the kind; the secret proves the sender.
    """
    return tuple(
        Credential(
            role=role,
            domain=domain,
            identity=identity,
            kind=next(iter(routing), "") or None,
            secret=(secret or None) if role is CredentialRole.FROM else None,
        )
        for role, (domain, identity, *routing) in (
            (CredentialRole.FROM, sender),
            (CredentialRole.TO, recipient),
        )
        if identity
    )


def instant(day: str, time: str) -> datetime | None:
    """Return a date (YYMMDD or CCYYMMDD) and a time (HHMM and more); None for what is none.

    They are taken as UTC because nothing says where. A time that is none counts as midnight only
    where it is left out.
    """
    if not (day.isdecimal() and day.isascii() and len(day) in {6, 8}):
        return None
    if len(day) == len("yymmdd"):
        day = ("20" if int(day[:2]) < _CENTURY else "19") + day
    try:
        return datetime.strptime(f"{day}{time[:4] or '0000'}", "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
