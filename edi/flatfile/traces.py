"""Find in a written file what could not be written: the SUBSTITUTE characters that it left."""

from collections.abc import Iterator

from canonical.faults import Fault
from edi.flatfile.cells import Cells, Delimited, cells_of
from edi.flatfile.faults import fault
from edi.flatfile.lines import Line, Lines
from edi.flatfile.placing import place_in
from edi.flatfile.schema import Field, Record, Schema
from edi.flatfile.writer import UNWRITABLE


def traces(content: bytes, schema: Schema) -> Iterator[Fault]:
    """Walk what is lost in a file, field by field."""
    cells = cells_of(schema)
    headed = not schema.headings
    for line in Lines((content,), schema.charset, schema.quote):
        if not headed and isinstance(cells, Delimited):
            headed = True
            cells = Delimited(schema, cells.cells(line.text))
        elif UNWRITABLE in line.text:
            record = schema.by_type.get(cells.type(line.text))
            if record is not None:
                yield from _in_line(line, record, cells, schema)


def _in_line(line: Line, record: Record, cells: Cells, schema: Schema) -> Iterator[Fault]:
    for number, one in enumerate(record.fields, start=1):
        span = cells.span(line.text, record, number)
        text = line.text[slice(*span)]
        if UNWRITABLE in text:
            path = f"{schema.name}/{record.tag}/{one.name}"
            place = place_in(line, span, path=path)
            yield fault(_code(text.strip(schema.quote), one), place=place, source=one.at or None)


def _code(text: str, one: Field) -> str:
    """Return what a trace says, as the writer leaves it."""
    bare = text.strip(one.fill + " ")
    if not bare.strip(UNWRITABLE):
        return "FLAT-052" if len(bare) == 1 else "FLAT-051"
    room = one.width or one.element.longest
    return "FLAT-051" if text.endswith(UNWRITABLE) and len(text) >= room else "FLAT-050"
