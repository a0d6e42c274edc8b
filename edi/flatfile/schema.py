"""Hold what a schema says of a flat file: its lines, its records and their fields.

A schema is one edition of a directory of its own: records are its segments, fields its elements,
by their names. A record with a `parent` stands below it, so that the table of a message follows
from the records; `message` names the record that begins one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from canonical.faults import Severity
from canonical.rows import SEPARATORS
from edi.faults import Kind
from edi.layout import DirectoryLayout
from edi.rules import Layers, Syntax
from edi.schema import UNLIMITED, Directory, Element, Entry, MessageTable, Segment, Use
from edi.text import Separators
from edi.weighing import IGNORED

END: Final = "\x03"
"""What ends the records of a message where they are looked at: no file holds it."""

SPELT: Final = Separators(*SEPARATORS["flat"])
"""What the bodies that mappings write are separated with; nothing that a file holds."""

FLAT: Final = Syntax("FLAT", SPELT, "", END, folded=True)

WHOLE: Final = "file"
"""What is said for a message that is the whole file."""


@dataclass(frozen=True, slots=True)
class Field:
    """Describe a field: what its values are, where they stand and how they are spelt.

    `column` counts from 1, as `start` does. `fill` is what a value is filled up with in fixed
    width, on its left if `right`. A number has `decimals` behind the mark, or without one where
    they are `implied`; `exact` ones are all written. `void` are spellings that mean nothing.
    """

    element: Element
    required: bool = False
    forbidden: bool = False
    column: int = 0
    title: str = ""
    start: int = 0
    width: int = 0
    right: bool = False
    fill: str = " "
    number: bool = False
    decimals: int = 0
    implied: bool = False
    exact: bool = False
    mask: str = ""
    void: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    severity: str = ""
    at: str = ""
    """The `file:line` that says so."""

    @property
    def name(self) -> str:
        """Return the name that mappings and paths have for it."""
        return self.element.id


@dataclass(frozen=True, slots=True)
class Record:
    """Describe a type of records by its fields; `type` is what the file says for it."""

    tag: str
    fields: tuple[Field, ...]
    type: str = ""
    parent: str = ""
    required: bool = False
    repeats: int = UNLIMITED
    """None at all, where a guide leaves the record out."""


@dataclass(frozen=True, slots=True)
class Count:
    """Say that a field of a record holds how many records there are.

    They are counted in its message, or in the file for a record outside of messages; without
    `of` all of them, itself too.
    """

    record: str
    field: str
    of: str = ""


@dataclass(frozen=True)
class Schema:
    """Hold all that is known of one kind of flat file."""

    name: str
    records: tuple[Record, ...]
    title: str = ""
    owner: str = ""
    """The partner whose own it is, if it is not shared."""
    message: str = WHOLE
    together: int = 1
    """How many of the record that begins a message are read as one."""
    delimiter: str = ""
    """Empty: fields have fixed positions."""
    quote: str = ""
    escape: str = ""
    """What stands before a quote that is data; the quote itself, doubled, where it is empty."""
    quote_all: bool = False
    headings: bool = False
    trailing: bool = False
    """A line that is written ends with a delimiter."""
    line_end: str = "\r\n"
    charset: str = "UTF-8"
    mark: bool = False
    """A byte order mark is written."""
    decimal: str = "."
    thousands: str = ""
    type_column: int = 0
    type_title: str = ""
    type_start: int = 0
    type_width: int = 0
    empty: bool = False
    """A file without records is an empty list, not a mistake."""
    counts: tuple[Count, ...] = ()
    severities: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    at: str = ""
    over: Layers | None = None
    """Where a partner's guide rules, if one lies over the schema."""

    @property
    def key(self) -> str:
        """Return the name that no other schema has."""
        return f"{self.owner}/{self.name}" if self.owner else self.name

    @property
    def whole(self) -> bool:
        """Tell whether the file is one message."""
        return self.message == WHOLE

    @cached_property
    def by_tag(self) -> Mapping[str, Record]:
        """Return the records by their names."""
        return {record.tag: record for record in self.records}

    @cached_property
    def by_type(self) -> Mapping[str, Record]:
        """Return the records by what the file says for them."""
        return {record.type: record for record in self.records}

    @cached_property
    def inner(self) -> frozenset[str]:
        """Return the records of messages; the others stand around them."""
        if self.whole:
            return frozenset(self.by_tag)
        found = {self.message}
        for record in self.records:
            if record.parent in found:
                found.add(record.tag)
        return frozenset(found)

    @cached_property
    def opening(self) -> frozenset[str]:
        """Return the records that stand before all messages: each message has them too."""
        tags = [record.tag for record in self.records if not record.parent]
        return frozenset() if self.whole else frozenset(tags[: tags.index(self.message)])

    @cached_property
    def directory(self) -> Directory:
        """Return the records as segments and the messages that they make."""
        segments = {record.tag: _segment(record) for record in self.records}
        messages = {self.name: MessageTable(self.name, self._body())}
        return Directory(self.key, messages, segments, self.at or self.title)

    @property
    def table(self) -> MessageTable:
        """Return all records as one table, those of messages and those around them."""
        return MessageTable(self.name, self._entries("", 0))

    @cached_property
    def around(self) -> MessageTable:
        """Return the table of the file: its messages as one entry each, and what is around them."""
        entries = [
            replace(entry, group=None, body=(), repeats=UNLIMITED, mandatory=False)
            if entry.tag == self.message
            else entry
            for entry in self._entries("", 0)
        ]
        return MessageTable(self.name, tuple(entries))

    @cached_property
    def layout(self) -> DirectoryLayout:
        """Return where the fields stand in rows."""
        return DirectoryLayout(self.directory)

    def _body(self) -> tuple[Entry, ...]:
        entries = self._entries("", 0)
        if self.whole:
            return entries
        return tuple(
            replace(entry, repeats=min(self.together, UNLIMITED - 2))
            for entry in entries
            if entry.tag == self.message
        )

    def _entries(self, parent: str, depth: int) -> tuple[Entry, ...]:
        """Return the entries below a record; the nearest lines are the lines of a message.

        Lines are those that may be repeated most often (`edi.explaining`), so what is without
        limit has a little less of it further down.
        """
        return tuple(
            Entry(
                record.tag,
                record.required,
                min(record.repeats, UNLIMITED - max(depth - 1, 0)),
                record.tag,
                self._entries(record.tag, depth + 1),
            )
            for record in self.records
            if record.parent == parent and record.repeats
        )

    @cached_property
    def layers(self) -> "Fields":
        """Return which line of the schema rules where."""
        return Fields(self)


class Fields:
    """Know where a schema rules, by the paths of faults (`edi.rules.Layers`)."""

    def __init__(self, schema: Schema) -> None:
        self._over: Final = schema.over
        self._fields: Final = {
            (record.tag, one.name): one for record in schema.records for one in record.fields
        }

    def source(self, path: str, kind: Kind) -> str | None:
        """Return the line of the guide that ruled, or the one that describes the field."""
        ruled = None if self._over is None else self._over.source(path, kind)
        found = self._field(path)
        return ruled or (found.at or None if found is not None else None)

    def severity(self, path: str, usual: Severity | None) -> Severity | None:
        """Return how much a fault in the field at a path weighs, None for nothing."""
        found = self._field(path)
        weight = usual
        if found is not None and found.severity and usual is not None:
            weight = None if found.severity == IGNORED else Severity(found.severity)
        return weight if self._over is None else self._over.severity(path, weight)

    def _field(self, path: str) -> Field | None:
        above, _, name = path.rpartition("/")
        return self._fields.get((above.rpartition("/")[2].partition("[")[0], name))


def _segment(record: Record) -> Segment:
    uses = (
        Use(one.element, mandatory=one.required, forbidden=one.forbidden) for one in record.fields
    )
    return Segment(record.tag, tuple(uses))
