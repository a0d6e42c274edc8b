"""Read a stream of bytes as the messages of a flat file, none kept but the one at hand.

A record is looked at once (`records`) and put in its place in the message's table; a message with
anything wrong is explained whole, by the same code as EDIFACT and X12. Records around messages
belong to the file: those before them stand in the tree of each message, all are held against the
table of the file. Reading never raises on any bytes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, Place
from canonical.rows import Branch, Row, SegmentTree
from edi.explaining.explainer import Explainer
from edi.faults import Kind
from edi.flatfile.cells import Cells, Delimited, cells_of, folded
from edi.flatfile.faults import fault
from edi.flatfile.lines import Line, Lines
from edi.flatfile.placing import Held, Placed, Subjects, place_in, placing
from edi.flatfile.records import Fields, forms_of
from edi.flatfile.schema import END, FLAT, Count, Schema
from edi.rules import Rules
from edi.shaping import Growth
from edi.walking import Node, Plan, Walk
from edi.weighing import Severities, severities_of, weighed

_OF_RECORDS: Final = frozenset(
    f"FLAT-{kind}"
    for kind in (
        Kind.UNKNOWN_SEGMENT, Kind.FOREIGN_SEGMENT, Kind.UNEXPECTED_SEGMENT, Kind.MISSING_GROUP,
    )
)  # fmt: skip
"""The faults that expect records, and name them."""
FAULTS_KEPT: Final = 1_000
"""How many faults of lines and counts are told of one file."""


class Compiled:
    """Hold what is made of a schema once, for a partner's severities."""

    def __init__(self, schema: Schema, severities: Mapping[str, str] | None = None) -> None:
        self.schema: Final = schema
        self.severities: Final[Severities] = severities_of(
            {**schema.severities, **(severities or {})}
        )
        self.forms: Final = forms_of(schema)
        self.fields: Final = Fields(schema)
        self.subjects: Final = Subjects(schema)
        table = schema.directory.messages[schema.name]
        self.rules: Final = Rules(table, schema.directory, FLAT, self.severities, schema.layers)

    @cached_property
    def plan(self) -> Plan:
        """Return the table of a message as places."""
        return Plan(self.rules.table)

    @cached_property
    def around(self) -> tuple[Rules, Plan]:
        """Return the table of the file, where messages are entries in it."""
        schema = self.schema
        rules = Rules(schema.around, schema.directory, FLAT, self.severities, schema.layers)
        return rules, Plan(schema.around)

    def typed(self, one: Fault) -> Fault:
        """Return a fault that calls the records which it expects as their sender does: by type."""
        if one.code not in _OF_RECORDS or not one.expected:
            return one
        known = self.schema.by_tag
        named = [
            f"{tag} ({known[tag].type})" if tag in known and known[tag].type else tag
            for tag in one.expected.split(", ")
        ]
        return replace(one, expected=", ".join(named))

    def explainer(self) -> Explainer:
        """Return what explains one message."""
        return Explainer(self.rules, self.plan, self.subjects, self.fields)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Hold one message: its tree and all that is wrong with it; `number` counts from 1."""

    number: int
    tree: SegmentTree = field(repr=False)
    faults: tuple[Fault, ...] = ()


class Reader:
    """Give the messages of chunks of bytes, and the faults of the file where they are found."""

    def __init__(self, chunks: Iterable[bytes], compiled: Compiled) -> None:
        self._compiled: Final = compiled
        self._schema: Final = compiled.schema
        self._lines = Lines(chunks, self._schema.charset, self._schema.quote)
        self._cells: Cells = cells_of(self._schema)
        self._quote: Final = self._schema.quote
        self._found: list[Fault] = []
        self._told = 0
        self._message: list[Held] = []
        self._begun = 0
        self._number = 0
        self._records = 0
        self._opening: list[Branch] = []
        self._counter: Counter[str] = Counter()
        self._file = _Around(compiled)

    def __iter__(self) -> Iterator[Arrived | Fault]:
        """Walk the messages and faults."""
        headed = not self._schema.headings
        for line in self._lines:
            if not line.text.strip():
                continue
            if headed:
                yield from self._record(line)
            else:
                headed = True
                self._found += [*self._spoilt(line), *self._head(line)]
            if self._found or self._file.fresh:
                yield from self._faults()
        yield from self._end()
        yield from self._faults()

    # Lines.

    def _spoilt(self, line: Line) -> Iterator[Fault]:
        """Walk what is wrong with a line before anybody knows what it says."""
        if line.spoilt:
            at = next(n for n, one in enumerate(line.text) if "\udc80" <= one <= "\udcff")
            byte = f"0x{ord(line.text[at]) - 0xDC00:02X}"
            yield from self._told_of("FLAT-003", line, (at, at + 1), byte)
        if line.endless:
            yield from self._told_of("FLAT-004", line, (0, 1))
        unclosed = self._cells.unclosed(line.text)
        if unclosed is not None:
            yield from self._told_of("FLAT-005", line, unclosed)

    def _told_of(
        self, code: str, line: Line, span: tuple[int, int], found: str | None = None,
        expected: str | None = None,
    ) -> Iterator[Fault]:  # fmt: skip
        if self._told < FAULTS_KEPT:
            self._told += 1
            yield fault(code, place=place_in(line, span), found=found, expected=expected)

    def _head(self, line: Line) -> Iterator[Fault]:
        """Take the headings, the columns of this file, and walk what is wrong with them."""
        first = self._cells
        assert isinstance(first, Delimited)  # noqa: S101  # only delimited files have headings
        titles = first.cells(line.text)
        self._cells = Delimited(self._schema, titles)
        fields = [one for record in self._schema.records for one in record.fields]
        known = {folded(one.title) for one in fields} | {folded(self._schema.type_title)}
        seen: set[str] = set()
        for title in titles:
            name, begin = folded(title), max(line.text.find(title), 0)
            if name in seen and name in known:
                yield from self._told_of("FLAT-008", line, (begin, begin + len(title)), title)
            elif name and name not in known:
                yield from self._told_of("FLAT-007", line, (begin, begin + len(title)), title)
            seen.add(name)
        needed = [one.title for one in fields if one.required]
        end = len(line.text)
        for title in dict.fromkeys(filter(None, [*needed, self._schema.type_title])):
            if folded(title) not in seen:
                yield from self._told_of("FLAT-006", line, (end, end), expected=title)

    # Records.

    def _record(self, line: Line) -> Iterator[Arrived | Fault]:
        """Take one record into its message, or into the file around."""
        schema = self._schema
        said, record, values = self._cells.taken(line.text)
        tag = record.tag if record is not None else _stranger(said, schema)
        held = Held(line, tag, record)
        if line.spoilt or line.endless or (self._quote and self._quote in line.text):
            held.faults = tuple(self._spoilt(line))
        self._records += 1
        self._counter[tag] += 1
        if record is not None:
            held.row = self._compiled.forms[tag].row(values)
        if tag == schema.message:
            if self._begun >= schema.together:
                yield from self._flush()
            if not self._begun:
                self._file.message(held, self._cells)
            self._begun += 1
            self._message.append(held)
        elif schema.whole or (self._begun and (tag in schema.inner or record is None)):
            self._message.append(held)
        else:
            yield from self._flush()
            self._beside(held)

    def _beside(self, held: Held) -> None:
        """Take a record that is in no message."""
        self._found += held.faults
        row = self._row(held)
        if held.tag in self._schema.opening and not self._number:
            self._opening.append([row])
        self._file.record(held, self._raw(held), self._cells)
        self._check(held, self._counter, self._records)

    def _raw(self, held: Held) -> Row:
        """Return a record as a row of values as they were sent."""
        if held.record is None:
            return [held.tag]
        return [held.tag, *self._cells.values(held.line.text, held.record)]

    def _row(self, held: Held) -> Row:
        """Return a record as a row in our spelling, as far as it can be."""
        if held.row is None and held.record is not None:
            values = self._cells.values(held.line.text, held.record)
            held.row = self._compiled.forms[held.tag].tolerant(values)
        elif held.row is None:
            held.row = [held.tag]
        return held.row

    # Messages.

    def _flush(self) -> Iterator[Arrived]:
        """Give the message at hand, if there is one."""
        message = self._message
        if not message:
            return
        self._message, self._begun = [], 0
        self._number += 1
        yield self._arrived(message)

    def _arrived(self, message: list[Held]) -> Arrived:
        placed = Placed(message, self._cells, self._number)
        nodes = self._regular(message)
        found: tuple[Fault, ...] = ()
        if nodes is None:
            nodes, found = self._explained(message, placed)
        growth = Growth([""])
        growth.root.extend(self._opening)
        growth.add([self._row(held) for held in message], nodes)
        spoilt = tuple(weighed(self._of_lines(message), self._compiled.severities))
        tree = SegmentTree(growth.root, self._schema.layout, place=placing(message, placed))
        return Arrived(self._number, tree, (*spoilt, *found, *self._counted(message, placed)))

    @staticmethod
    def _of_lines(message: list[Held]) -> Iterator[Fault]:
        for held in message:
            yield from held.faults

    def _regular(self, message: list[Held]) -> list[Node | None] | None:
        """Return the places of the records of a message that is right, None for any other."""
        walk = Walk(self._compiled.plan)
        nodes: list[Node | None] = []
        for held in message:
            move = walk.regular(held.tag) if held.row is not None else None
            if move is None:
                return None
            walk.go(move)
            nodes.append(walk.node)
        return None if self._compiled.plan.rest(walk.node) else nodes

    def _explained(
        self, message: list[Held], placed: Placed
    ) -> tuple[list[Node | None], tuple[Fault, ...]]:
        explainer = self._compiled.explainer()
        rows = [self._raw(held) for held in message]
        nodes = explainer.look([*rows, [END]], placed)
        return nodes[:-1], tuple(map(self._compiled.typed, explainer.faults))

    # Counts.

    def _counted(self, message: Sequence[Held], placed: Placed) -> tuple[Fault, ...]:
        """Return what is wrong with the counts in a message."""
        inside = [one for one in self._schema.counts if one.record in self._schema.inner]
        if not inside:
            return ()
        counter = Counter(held.tag for held in message)
        found: list[Fault] = []
        for number, held in enumerate(message, start=1):
            for count in inside:
                if count.record == held.tag:
                    found += self._miscounted(count, held, counter, len(message), number, placed)
        return tuple(weighed(found, self._compiled.severities))

    def _check(self, held: Held, counter: Counter[str], records: int) -> None:
        """Tell what is wrong with the counts in a record of the file."""
        placed = Placed([held], self._cells, None)
        for count in self._schema.counts:
            if count.record == held.tag:
                self._found += self._miscounted(count, held, counter, records, 1, placed)

    def _miscounted(
        self, count: Count, held: Held, counter: Counter[str], records: int, number: int,
        placed: Placed,
    ) -> Iterator[Fault]:  # fmt: skip
        if held.record is None:
            return
        at = next(n for n, one in enumerate(held.record.fields, 1) if one.name == count.field)
        said, there = self._row(held)[at], counter[count.of] if count.of else records
        if said and said != str(there):
            path = f"{self._schema.name}/{held.tag}/{count.field}"
            place = placed.place(number, at, path=path)
            yield fault("FLAT-009", place=place, found=said, expected=str(there))

    # The end.

    def _end(self) -> Iterator[Arrived | Fault]:
        if self._lines.marked and self._schema.charset != "UTF-8":
            self._found.append(fault("FLAT-002", place=Place(line=1, column=1, offset=0)))
        yield from self._flush()
        if not self._records and not self._schema.empty:
            self._found.append(fault("FLAT-001", place=Place(line=1, column=1, offset=0)))
        elif not self._records and self._schema.whole:
            yield Arrived(1, SegmentTree([[""]], self._schema.layout))
        elif self._records:
            self._file.end(self._cells)

    def _faults(self) -> Iterator[Fault]:
        """Give what was found of the file since, as it weighs here."""
        found = [*weighed(self._found, self._compiled.severities), *self._file.faults()]
        self._found = []
        yield from found


def _stranger(said: str, schema: Schema) -> str:
    """Return the tag of a record whose type nobody knows: what it says of itself."""
    return said if said and said not in schema.by_tag and said != END else "?"


class _Around:
    """Follow the records of a file outside of its messages, and where its messages stand."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled: Final = compiled
        self._within = False
        self._number = 0
        self._near: dict[int, Held] = {}
        self._given = 0
        self.fresh = False
        """Something was looked at since the faults were last asked for."""

    @cached_property
    def _explainer(self) -> Explainer:
        rules, plan = self._compiled.around
        return Explainer(rules, plan, self._compiled.subjects, self._compiled.fields)

    def message(self, held: Held, cells: Cells) -> None:
        """Take note that a message begins; the next ones in a row say nothing new."""
        if not self._within:
            self._look(held, [held.tag], cells, elements=False)
        self._within = True

    def record(self, held: Held, raw: Row, cells: Cells) -> None:
        """Look at a record outside of messages."""
        self._within = False
        self._look(held, raw, cells, elements=True)

    def _look(self, held: Held, raw: Row, cells: Cells, *, elements: bool) -> None:
        self.fresh = True
        self._number += 1
        self._near = {n: one for n, one in self._near.items() if n == self._number - 1}
        self._near[self._number] = held
        placed = Placed(self._near, cells, None)
        self._explainer.look([raw], placed, elements=elements)

    def end(self, cells: Cells) -> None:
        """Look at what is missing where the file ends."""
        if not self._compiled.schema.whole:
            self._explainer.look([[END]], Placed(self._near, cells, None))

    def faults(self) -> tuple[Fault, ...]:
        """Return what was found since."""
        if "_explainer" not in self.__dict__:
            return ()
        self.fresh = False
        found = self._explainer.faults[self._given :]
        self._given += len(found)
        return found
