"""Lay an interchange out for people: its messages as trees of named segments, faults in place.

A file is read twice: once for what stands at the top of a page, and once message by message as
they are shown. So its size does not matter.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from canonical.faults import Fault, Severity
from canonical.rows import Branch, Layout, Row, SegmentTree
from canonical.wire import Envelope, Message
from edi.naming import Names
from edi.trees import rows_of

TOLD: Final = 1000
"""How many faults stand at the top: nobody reads on."""

Units = Callable[[], Iterable[Message | Fault | Envelope]]
"""Read a file from its beginning."""


@dataclass(frozen=True, slots=True)
class Value:
    """Hold one value of a segment under what people call it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one segment: its number in the message, its values, its faults, those below it."""

    number: int
    tag: str
    name: str
    values: tuple[Value, ...]
    faults: tuple[Fault, ...]
    below: "tuple[Line, ...]"

    def walk(self, depth: int = 0) -> "Iterator[tuple[int, Line]]":
        """Walk this segment and all below it, each with how deep it stands.

        What begins a message without a header is no segment, and stands nowhere.
        """
        if self.tag:
            yield depth, self
        for line in self.below:
            yield from line.walk(depth + bool(self.tag))


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one message; `faults` are those that belong to none of its segments."""

    number: int
    name: str
    version: str
    reference: str
    root: Line
    segments: int
    faults: tuple[Fault, ...]
    errors: int
    notes: int
    group: str = ""
    begins: Envelope | None = None
    """The interchange that it is the first message of, in a file of several."""


@dataclass(slots=True)
class Inspection:
    """Hold what there is to show of a file as a whole; its messages are read as they are shown."""

    file: str
    syntax: str
    names: Names
    units: Units = field(repr=False)
    envelope: Envelope | None = None
    faults: list[Fault] = field(default_factory=list)
    """Those around the messages."""
    told: list[tuple[str, Fault]] = field(default_factory=list)
    """The first of all faults, each with the anchor of its segment."""
    interchanges: int = 0
    messages: int = 0
    errors: int = 0
    notes: int = 0

    @property
    def untold(self) -> int:
        """Return how many faults there are beyond those told at the top."""
        return self.errors + self.notes - len(self.told)

    @property
    def parts(self) -> Iterator[Part]:
        """Walk the messages."""
        number, begins = 0, None
        for unit in self.units():
            if isinstance(unit, Envelope):
                begins = unit if self.interchanges > 1 else None
            elif isinstance(unit, Message):
                number += 1
                yield replace(_part(number, unit, self.names), begins=begins)
                begins = None

    def take(self, unit: Message | Fault | Envelope) -> None:
        """Count what a file holds."""
        if isinstance(unit, Envelope):
            self.envelope = self.envelope or unit
            self.interchanges += 1
        elif isinstance(unit, Fault):
            self._count("", (unit,))
            if len(self.faults) < TOLD:
                self.faults.append(unit)
        else:
            self.messages += 1
            self._count(f"m{self.messages}", unit.faults, unit)

    def _count(self, part: str, found: Sequence[Fault], message: Message | None = None) -> None:
        errors, notes = _weights(found)
        self.errors += errors
        self.notes += notes
        if not found or len(self.told) >= TOLD:
            return
        tree = None if message is None else message.tree
        size = sum(1 for _ in rows_of(tree.root)) if isinstance(tree, SegmentTree) else 0
        told = ((_anchor(part, fault, size), fault) for fault in found)
        self.told += list(told)[: TOLD - len(self.told)]


def parties_of(envelope: Envelope | None) -> dict[str, str]:
    """Return who sent an interchange and to whom, as `7300010000001 (14)`."""
    credentials = envelope.credentials if envelope is not None else ()
    return {one.role.value: f"{one.identity} ({one.domain})" for one in credentials}


@dataclass(slots=True)
class _Counter:
    """Number the segments of one message in the order received, and give each its faults.

    The records of a flat file are known by their lines: its message has no header to count from.
    """

    tree: SegmentTree
    faults: dict[int, list[Fault]]
    number: int = 0
    taken: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, tree: SegmentTree, faults: Sequence[Fault]) -> "_Counter":
        """Return what counts the segments of a tree."""
        counter = cls(tree, {})
        for fault in faults:
            place = fault.place
            at = None if place is None else place.segment if counter.headed else place.line
            if at is not None:
                counter.faults.setdefault(at, []).append(fault)
        return counter

    @property
    def headed(self) -> bool:
        """Tell whether the message begins with a segment of its own."""
        return bool(self.tree.root[0][0])

    def next(self, row: Row) -> tuple[int, tuple[Fault, ...]]:
        self.number += 1 if row[0] else 0
        found = self.faults.pop(self._at(row), [])
        self.taken += found
        return self.number, tuple(found)

    def _at(self, row: Row) -> int:
        """Return what the faults of a segment are known by."""
        if self.headed or self.tree.place is None:
            return self.number
        return (self.tree.place(row, 0, None).line or 0) if row[0] else 0


def inspected(file: str, syntax: str, units: Units, names: Names) -> Inspection:
    """Return what a file has, named in a language; `units` reads it."""
    inspection = Inspection(file, syntax, names, units)
    for unit in units():
        inspection.take(unit)
    return inspection


def _anchor(part: str, fault: Fault, segments: int) -> str:
    """Return where a page shows a fault: at its segment, where that is in the tree."""
    number = fault.place.segment if fault.place is not None else None
    return f"{part}s{number}" if part and number is not None and number <= segments else part


def _part(number: int, message: Message, names: Names) -> Part:
    tree = message.tree
    if not isinstance(tree, SegmentTree):
        what = f"{message.name} is not made of segments"
        raise TypeError(what)
    counter = _Counter.of(tree, message.faults)
    root = _line(tree.root, counter, _Labels(tree, names))
    errors, notes = _weights(message.faults)
    left = tuple(fault for fault in message.faults if fault not in counter.taken)
    return Part(
        number,
        message.name,
        message.envelope.version or "",
        message.reference,
        root,
        counter.number,
        left,
        errors,
        notes,
        message.group,
    )


def _line(branch: Branch, counter: _Counter, labels: "_Labels") -> Line:
    row: Row = branch[0]
    number, faults = counter.next(row)
    below = tuple(_line(one, counter, labels) for one in branch[1:])
    name = labels.names.name(row[0])
    return Line(
        number, row[0], "" if name == row[0] else name, tuple(labels.values(row)), faults, below
    )


def _weights(faults: Sequence[Fault]) -> tuple[int, int]:
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    return errors, len(faults) - errors


class _Labels:
    """Name the values of segments."""

    def __init__(self, tree: SegmentTree, names: Names) -> None:
        self.names: Final = names
        self._tree = tree
        self._known: dict[str, Mapping[tuple[int, int | None], str]] = {}
        self._by_place: dict[str, bool] = {}

    def values(self, row: Row) -> Iterator[Value]:
        """Walk the values of a segment that are there, with the characters its sender released."""
        known = self._known.get(row[0])
        if known is None:
            known = self._known[row[0]] = _places(row[0], self._tree.layout, self.names.known)
        for position, text in enumerate(row[1:], start=1):
            for repeat in self._split(text, self._tree.repetition):
                for part, value in enumerate(self._split(repeat, self._tree.component)):
                    if value:
                        name = known.get((position, part)) or known.get((position, None)) or ""
                        yield Value(self._label(name, row[0], position), self._restored(value))

    def _label(self, name: str, tag: str, position: int) -> str:
        """Return what a value is called, in X12 by its place first: so people speak of it."""
        label, spot = self.names.name(name), f"{tag}{position:02}"
        if not name or (label == name and name[:1].isdigit()):
            return spot
        by_place = self._by_place.get(tag)
        if by_place is None:
            by_place = self._by_place[tag] = "01" in self._tree.layout.elements(tag)
        return f"{spot} {label}" if by_place else label

    def _restored(self, value: str) -> str:
        restored = self._tree.restored
        return value if restored is None else value.translate(restored)

    @staticmethod
    def _split(text: str, separator: str | None) -> list[str]:
        return text.split(separator) if separator else [text]


def _places(
    tag: str, layout: Layout, known: Mapping[str, str]
) -> dict[tuple[int, int | None], str]:
    """Return the names of a segment's elements by where they stand: those that say something."""
    found: dict[tuple[int, int | None], str] = {}
    turns: dict[str, int] = {}
    for name in layout.elements(tag):
        turns[name] = turns.get(name, 0) + 1
        place = layout.position(tag, name, turns[name])
        if place is not None and found.get(place) not in known:
            found[place] = name if name in known else found.get(place, name)
    return found
