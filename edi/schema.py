"""Say what a directory knows: messages, segments, composites, elements, codes, notes.

One model for the UN directories, X12 and flat files, filled from facts in `*/directory`; the fast
check, the exact explanation, the shape of the tree and the positions that mappings name are all
made from these values and from nothing else. Everything is frozen and compared by value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

UNLIMITED: Final = 1_000_000_000
"""The repeats of what a standard does not limit (X12's `>1`)."""


class Format(StrEnum):
    """Name what an element's characters may be."""

    ALPHABETIC = "a"
    NUMERIC = "n"
    ALPHANUMERIC = "an"
    IDENTIFIER = "id"
    """X12 ID: a code, or text as long as no list is known."""
    DATE = "dt"
    TIME = "tm"
    DECIMAL = "r"
    IMPLIED = "n0"
    """X12 Nn: a whole number; `Element.decimals` digits of it are decimals."""
    BINARY = "b"


@dataclass(frozen=True, slots=True)
class Element:
    """Describe a data element: its id (`3039`, X12 `353`), characters, length and codes.

    `codes` is None where no list is known: everything of the format is allowed.
    """

    id: str
    format: Format
    shortest: int
    longest: int
    codes: frozenset[str] | None = None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Composite:
    """Describe a composite (`C082`, X12 `C040`) by its components in order."""

    id: str
    parts: "tuple[Use, ...]"
    notes: "tuple[Note, ...]" = ()


@dataclass(frozen=True, slots=True)
class Use:
    """Use an element or composite at one position of a segment or composite."""

    of: Element | Composite
    mandatory: bool = False
    repeats: int = 1
    """How often one position may be repeated with the repetition separator."""
    forbidden: bool = False
    """A partner's guide leaves it out: it must be empty."""


class Dependency(StrEnum):
    """Name what a note demands of positions: EDIFACT dependency notes and X12 syntax notes."""

    ALL_OR_NONE = "P"
    """X12 P (paired), EDIFACT D2."""
    ONE_OR_MORE = "R"
    """X12 R (required), EDIFACT D3."""
    ONE_OR_NONE = "E"
    """X12 E (exclusion), EDIFACT D4."""
    ONLY_ONE = "1"
    """EDIFACT D1: exactly one."""
    IF_FIRST_THEN_ALL = "C"
    """X12 C (conditional), EDIFACT D5."""
    IF_FIRST_THEN_ANY = "L"
    """X12 L (list conditional), EDIFACT D6."""
    IF_FIRST_THEN_NONE = "N"
    """EDIFACT D7."""


@dataclass(frozen=True, slots=True)
class Note:
    """Demand something of several positions, numbered from 1, of a segment or composite."""

    kind: Dependency
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Describe a segment by what stands at its positions, from 1."""

    tag: str
    uses: tuple[Use, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Place a segment, or a group that begins with it, in a message's table.

    A group has a `group` (UN `25` of SG25, X12 the name of its loop) and what follows its trigger
    in `body`; a segment alone has neither. In a group, `mandatory` and `repeats` are the group's;
    its trigger stands once and always.
    """

    tag: str
    mandatory: bool = False
    repeats: int = 1
    group: str | None = None
    body: "tuple[Entry, ...]" = ()
    segment: Segment | None = None
    """What this place alone allows, where a partner's guide says other than the directory."""

    def walk(self) -> "Iterator[Entry]":
        """Walk this entry and all below it, in the order of the table."""
        yield self
        for entry in self.body:
            yield from entry.walk()


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Tell a segment by what one of its elements says; `element` from 1, `component` from 0."""

    element: int
    component: int | None
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """Go to an entry among those of one level, and there only to what has all these qualifiers."""

    index: int
    qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand something of the segments of one place that qualifiers tell from the others there.

    Only a partner's guide does: how often they stand in what the steps before the last lead to,
    and what they have to be (`segment`). `spot` is the element meant, counted as in `Qualifier`.
    """

    steps: tuple[Step, ...]
    name: str
    """The last step as the guide has it (`NAD[3035='BY']`)."""
    least: int = 0
    most: int = UNLIMITED
    segment: Segment | None = None
    spot: tuple[int, int | None] | None = None
    source: str = ""
    """The line of the guide that says so, as faults name it."""
    weight: str = ""
    """What a fault of it leads to, if the guide says that."""


@dataclass(frozen=True, slots=True)
class MessageTable:
    """Describe a message: `name` (`ORDERS`, `850`) and its table between header and trailer.

    The service segments around it (UNH, UNT; ST, SE) are not part of `body`.
    """

    name: str
    body: tuple[Entry, ...]
    demands: tuple[Demand, ...] = ()

    def walk(self) -> Iterator[Entry]:
        """Walk all entries in the order of the table."""
        for entry in self.body:
            yield from entry.walk()


@dataclass(frozen=True)
class Directory:
    """Hold one edition of a standard: `D.96A`, `004010`, or a flat file's schema.

    `source` says in words where it comes from; faults name it as the layer that ruled.
    """

    name: str
    messages: Mapping[str, MessageTable]
    segments: Mapping[str, Segment]
    source: str = ""
    service: Mapping[str, Segment] = field(default_factory=dict)
    """The segments of the envelope, by tag (`UNB`, `UNH`; `ISA`, `ST`)."""

    def segment(self, tag: str) -> Segment | None:
        """Return what this directory says of a segment, service segments included."""
        return self.segments.get(tag) or self.service.get(tag)
