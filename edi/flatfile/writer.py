"""Write flat files: spell, place, count and encode what mappings made of documents.

Bodies come in the spelling that all share (`canonical.rows`), rows of a record's name and values.
Nothing is cut off or rounded in silence: a value that its field cannot hold leaves SUBSTITUTE
characters, which no reader of ours lets pass, and a fault. Counts are written by what was counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from canonical.faults import Fault, Place
from canonical.rows import PROTECTED, Row
from canonical.wire import Markup
from edi.bodies import Body, chunked, encoded
from edi.flatfile.charsets import CHARSETS, MARK
from edi.flatfile.faults import fault
from edi.flatfile.schema import SPELT, Field, Record, Schema
from edi.flatfile.values import Unfit, signs_of, written

UNWRITABLE: Final = "\x1a"
"""What is written for what cannot be: SUBSTITUTE, which a check of what was written always finds.
One alone says that the value was none for its field; one that ends a text, or a field full of them,
that it was too long."""

FAULTS_KEPT: Final = 1_000
_BLANKED: Final = dict.fromkeys(map(ord, PROTECTED), " ")
"""A character that stands for a separator: control characters are no data of any file."""


class Writer:
    """Write files of one schema; `substitute` stands for characters that the set lacks."""

    def __init__(self, schema: Schema, substitute: str = "") -> None:
        self._schema: Final = schema
        self._signs: Final = signs_of(schema)
        self._codec: Final = CHARSETS[schema.charset]
        self._substitute: Final = substitute or UNWRITABLE
        self._silent: Final = bool(substitute)
        self._columns: Final = {record.tag: _columns(record, schema) for record in schema.records}
        self._counts: Final = {(one.record, one.field): one.of for one in schema.counts}
        self._in_file: Counter[str] = Counter()
        self._in_message: Counter[str] = Counter()
        self._line = 1
        self._faults: list[Fault] = []
        quoted = schema.delimiter + schema.quote + schema.escape + "\r\n"
        self._quoted: Final = frozenset(quoted)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what could not be written as it is, of all that was written so far."""
        return tuple(self._faults)

    def file(self, bodies: Iterable[Body]) -> Iterator[bytes]:
        """Give a file of bodies as it is written.

        Raises LookupError for a record that the schema does not have: a mistake in the mapping.
        """
        if self._schema.mark:
            yield MARK
        for text in chunked(self._lines(bodies)):
            yield self._encoded(text)

    def _encoded(self, text: str) -> bytes:
        return encoded(text, self._codec, lambda _: self._substitute)

    def _lines(self, bodies: Iterable[Body]) -> Iterator[str]:
        if self._schema.headings:
            yield self._headings()
        for body in bodies:
            for text in _texts(body):
                for segment in text.split(SPELT.terminator)[:-1]:
                    yield self._record(segment.split(SPELT.element))

    def _headings(self) -> str:
        titles: dict[int, str] = {}
        for record in self._schema.records:
            for one in record.fields:
                titles.setdefault(one.column, one.title)
        if self._schema.type_title:
            titles[0] = self._schema.type_title
        return self._joined([self._quotable(titles[at]) for at in sorted(titles)])

    def _record(self, row: Row) -> str:
        """Return one line; values behind those that the row has are empty."""
        record = self._schema.by_tag.get(row[0])
        if record is None:
            message = f"{self._schema.key} has no record {row[0]!r}"
            raise LookupError(message)
        if record.tag == self._schema.message:
            self._in_message.clear()
        self._in_file[record.tag] += 1
        self._in_message[record.tag] += 1
        values = [
            self._value(record, one, _restored(row[at]) if at < len(row) else "")
            for at, one in enumerate(record.fields, start=1)
        ]
        if self._schema.delimiter:
            return self._delimited(record, values)
        return self._fixed(record, values)

    def _value(self, record: Record, one: Field, text: str) -> str:
        counted = self._counts.get((record.tag, one.name))
        if counted is not None:
            text = self._count(record, counted)
        if not text:
            return ""
        self._lost(record, one, text)
        made = written(one, text, self._signs)
        if not isinstance(made, Unfit):
            return made
        self._tell("FLAT-051" if made.long else "FLAT-052", record, one, text)
        width = one.width or one.element.longest
        if not made.long:
            return UNWRITABLE
        if one.number or one.mask:
            return UNWRITABLE * width
        return text[: width - 1] + UNWRITABLE

    def _count(self, record: Record, counted: str) -> str:
        inside = record.tag in self._schema.inner and not self._schema.whole
        counter = self._in_message if inside else self._in_file
        return str(counter[counted] if counted else counter.total())

    def _lost(self, record: Record, one: Field, text: str) -> None:
        """Tell of characters that the file's set does not hold."""
        if self._silent or text.isascii():
            return
        try:
            text.encode(self._codec)
        except UnicodeEncodeError as error:
            self._tell("FLAT-050", record, one, text[error.start : error.end])

    def _tell(self, code: str, record: Record, one: Field, found: str) -> None:
        if len(self._faults) < FAULTS_KEPT:
            place = Place(line=self._line, path=f"{self._schema.name}/{record.tag}/{one.name}")
            self._faults.append(fault(code, place=place, found=found, source=one.at or None))

    # Lines.

    def _delimited(self, record: Record, values: list[str]) -> str:
        cells = []
        for column in self._columns[record.tag]:
            if column is None:
                cells.append("")
            else:
                cells.append(self._quotable(values[column] if column >= 0 else record.type))
        return self._joined(cells)

    def _quotable(self, text: str) -> str:
        """Return a cell, quoted where something in it would end it."""
        schema = self._schema
        wanted = bool(text) and (schema.quote_all or not self._quoted.isdisjoint(text))
        if not wanted or not schema.quote:
            return self._plain(text) if wanted else text
        if schema.escape:
            for sign in (schema.escape, schema.quote):
                text = text.replace(sign, schema.escape + sign)
        else:
            text = text.replace(schema.quote, schema.quote * 2)
        return f"{schema.quote}{text}{schema.quote}"

    def _plain(self, text: str) -> str:
        """Return a cell of a file without quotes: what would end it cannot be written."""
        lost = {ord(sign): self._substitute for sign in self._quoted}
        if not self._silent and len(self._faults) < FAULTS_KEPT:
            place = Place(line=self._line, path=self._schema.name)
            self._faults.append(fault("FLAT-050", place=place, found=text))
        return text.translate(lost)

    def _fixed(self, record: Record, values: list[str]) -> str:
        line: list[str] = []
        if self._schema.type_width:
            _put(line, self._schema.type_start, record.type.ljust(self._schema.type_width))
        for one, value in zip(record.fields, values, strict=True):
            fill = one.fill if value else " "
            padded = value.rjust(one.width, fill) if one.right else value.ljust(one.width, fill)
            _put(line, one.start, padded)
        return self._joined(["".join(line)])

    def _joined(self, cells: list[str]) -> str:
        self._line += 1
        end = self._schema.delimiter if self._schema.trailing else ""
        return self._schema.delimiter.join(cells) + end + self._schema.line_end


def _put(line: list[str], start: int, text: str) -> None:
    """Put a text into a line at a position, from 1."""
    end = start - 1 + len(text)
    line += " " * (end - len(line))
    line[start - 1 : end] = text


def _columns(record: Record, schema: Schema) -> list[int | None]:
    """Return for each column of a line the field in it, -1 for the type, None for nothing."""
    if not schema.delimiter:
        return []
    places = {one.column: at for at, one in enumerate(record.fields)}
    if schema.type_column:
        places[schema.type_column] = -1
    if schema.type_title:
        places[0] = -1
    first = 0 if schema.type_title else 1
    last = max(*places, *(_widest(schema) if schema.headings else ()), 0)
    return [places.get(column) for column in range(first, last + 1)]


def _widest(schema: Schema) -> Iterator[int]:
    return (one.column for record in schema.records for one in record.fields)


def _texts(body: Body) -> Iterator[str]:
    """Walk the text of a body in pieces of whole segments."""
    if isinstance(body, Markup):
        yield body.text
        return
    held = 0
    yield body.head
    for item in body.items:
        held += 1
        yield item
    yield body.tail(held)


def _restored(text: str) -> str:
    """Return a value without the characters that were protected between mapping and codec."""
    return text if text.isprintable() else text.translate(_BLANKED)
