"""Cut a line into cells, where each stands in it, and which cell is which field.

A delimited line has cells in order, quoted or not, addressed by their column or by the headings in
the first line; a line of fixed width has them at positions. Blanks around a value are no part of
it, in either.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from edi.flatfile.schema import Record, Schema

Span = tuple[int, int]
"""Where a cell begins and ends in its line, quotes included."""

BLANKS: Final = " \t"


class Cells(Protocol):
    """Cut the lines of one file."""

    def type(self, line: str) -> str:
        """Return what a line says of its own type, empty where there is but one."""

    def taken(self, line: str) -> tuple[str, Record | None, list[str]]:
        """Return the type that a line says, its record if there is such, and the values.

        There is a value for each field of the record, then what stands behind the last one.
        """

    def values(self, line: str, record: Record) -> list[str]:
        """Return the values of a line that is such a record."""

    def span(self, line: str, record: Record, field: int) -> Span:
        """Return where a field (from 1) stands; one behind the last is what stands behind."""

    def unclosed(self, line: str) -> Span | None:
        """Return where a quote is opened and never closed."""


class Delimited:
    """Cut delimited lines; `headings` are the names in the first line, if it has any."""

    def __init__(self, schema: Schema, headings: Sequence[str] | None = None) -> None:
        self._schema: Final = schema
        self._delimiter: Final = schema.delimiter
        self._quote: Final = schema.quote
        self._cell: Final = _cell_pattern(schema.delimiter, schema.quote, schema.escape)
        self._known: Final = _columns(schema, headings)
        self._open: Final = headings is None
        self._outer: Final = BLANKS.replace(schema.delimiter, "")
        around = ((schema.delimiter + one, one + schema.delimiter) for one in self._outer)
        self._blanks: Final = tuple(both for pair in around for both in pair)
        if headings is None or not schema.type_title:
            self._type = schema.type_column - 1
        else:
            self._type = _position(headings, schema.type_title)
        last = {tag: max(columns, default=-1) for tag, columns in self._known.items()}
        self._behind: Final = {tag: max(one, self._type) + 1 for tag, one in last.items()}
        self._run: Final = {tag: _run(columns) for tag, columns in self._known.items()}

    def type(self, line: str) -> str:
        """Return the cell that says the type."""
        return self._said(self.cells(line))

    def _said(self, cells: Sequence[str]) -> str:
        return cells[self._type] if 0 <= self._type < len(cells) else ""

    def cells(self, line: str) -> list[str]:
        """Return all cells of a line, unquoted."""
        if self._quote and self._quote in line:
            return [self._bare(line[start:end]) for start, end in self._spans(line)]
        cells = line.strip(self._outer).split(self._delimiter)
        if any(map(line.__contains__, self._blanks)):
            return [cell.strip(BLANKS) for cell in cells]
        return cells

    def taken(self, line: str) -> tuple[str, Record | None, list[str]]:
        """Return type, record and values of a line."""
        cells = self.cells(line)
        said = self._said(cells)
        record = self._schema.by_type.get(said)
        return said, record, [] if record is None else self._values(cells, record)

    def values(self, line: str, record: Record) -> list[str]:
        """Return the values of a record's fields in their order, and what stands behind them."""
        return self._values(self.cells(line), record)

    def _values(self, cells: list[str], record: Record) -> list[str]:
        columns, behind = self._known[record.tag], self._behind[record.tag]
        if len(cells) < behind:
            cells += [""] * (behind - len(cells))
        run = self._run[record.tag]
        values = cells[run] if run is not None else [cells[at] if at >= 0 else "" for at in columns]
        if self._open and len(cells) > behind:
            values += [cell for cell in cells[behind:] if cell]
        return values

    def span(self, line: str, record: Record, field: int) -> Span:
        """Return where the cell of a field stands."""
        spans, columns = self._spans(line), self._known[record.tag]
        if field <= len(columns):
            at = columns[field - 1]
            return spans[at] if 0 <= at < len(spans) else (len(line), len(line))
        filled = [one for one in spans[self._behind[record.tag] :] if line[slice(*one)].strip()]
        return filled[0] if filled else (len(line), len(line))

    def unclosed(self, line: str) -> Span | None:
        """Return the cell that begins with a quote and has no other."""
        if not self._quote or self._quote not in line:
            return None
        for start, end in self._spans(line):
            cell = line[start:end].strip(BLANKS)
            if cell.startswith(self._quote) and not self._closed(cell):
                return start, end
        return None

    def _closed(self, cell: str) -> bool:
        return len(cell) > 1 and cell.endswith(self._quote)

    def _spans(self, line: str) -> list[Span]:
        return [found.span(1) for found in self._cell.finditer(line)]

    def _bare(self, cell: str) -> str:
        """Return a cell without the quotes around it and the signs that protect those in it."""
        cell = cell.strip(BLANKS)
        if not cell.startswith(self._quote) or not self._closed(cell):
            return cell
        inner, escape = cell[1:-1], self._schema.escape
        if escape:
            return re.sub(f"{re.escape(escape)}(.)", r"\1", inner, flags=re.DOTALL).strip(BLANKS)
        return inner.replace(self._quote * 2, self._quote).strip(BLANKS)


def _cell_pattern(delimiter: str, quote: str, escape: str) -> re.Pattern[str]:
    """Return the pattern of one cell (the group) and of what is before it."""
    mark = re.escape(delimiter)
    plain = f"[^{mark}]*+"
    if not quote:
        return re.compile(f"(?:^|{mark})({plain})")
    sign = re.escape(quote)
    inside = f"{sign}{sign}" if not escape else f"{re.escape(escape)}."
    other = f"[^{sign}{re.escape(escape)}]"
    quoted = f"[ \\t]*+{sign}(?:{other}|{inside})*+{sign}[ \\t]*+(?={mark}|$)"
    return re.compile(f"(?:^|{mark})({quoted}|{plain})", re.DOTALL)


def _columns(schema: Schema, headings: Sequence[str] | None) -> Mapping[str, list[int]]:
    """Return the columns, from 0, of each record's fields; -1 for one that the file lacks."""
    return {
        record.tag: [
            one.column - 1 if headings is None else _position(headings, one.title)
            for one in record.fields
        ]
        for record in schema.records
    }


def _position(headings: Sequence[str], title: str) -> int:
    wanted = folded(title)
    return next((at for at, one in enumerate(headings) if folded(one) == wanted), -1)


def folded(title: str) -> str:
    """Return a heading without what does not tell two apart."""
    return " ".join(title.split()).casefold()


def _run(columns: Sequence[int]) -> slice | None:
    """Return columns that follow each other as a slice, for speed."""
    if not columns or list(columns) != list(range(columns[0], columns[0] + len(columns))):
        return None
    return slice(columns[0], columns[0] + len(columns)) if columns[0] >= 0 else None


class Fixed:
    """Cut lines of fixed width."""

    def __init__(self, schema: Schema) -> None:
        self._by_type: Final = schema.by_type
        self._start: Final = schema.type_start - 1
        self._end: Final = self._start + schema.type_width
        self._slices: Final = {
            record.tag: [
                (one.start - 1, one.start - 1 + one.width, one.fill if one.fill != " " else "",
                 one.right, one.number)
                for one in record.fields
            ]
            for record in schema.records
        }  # fmt: skip
        self._behind: Final = {
            tag: max([self._end, *(end for _, end, *_ in slices)])
            for tag, slices in self._slices.items()
        }

    def type(self, line: str) -> str:
        """Return what stands at the position of the type."""
        return line[self._start : self._end].strip(BLANKS) if self._start >= 0 else ""

    def taken(self, line: str) -> tuple[str, Record | None, list[str]]:
        """Return type, record and values of a line."""
        said = self.type(line)
        record = self._by_type.get(said)
        return said, record, [] if record is None else self.values(line, record)

    def values(self, line: str, record: Record) -> list[str]:
        """Return the values of a record's fields, and what stands behind the last position."""
        values = []
        for start, end, fill, right, number in self._slices[record.tag]:
            value = line[start:end].strip(BLANKS)
            if fill and not number:
                value = value.lstrip(fill) if right else value.rstrip(fill)
            values.append(value)
        behind = line[self._behind[record.tag] :].strip(BLANKS)
        return [*values, behind] if behind else values

    def span(self, line: str, record: Record, field: int) -> Span:
        """Return the positions of a field, as far as the line goes."""
        slices = self._slices[record.tag]
        if field > len(slices):
            behind = min(self._behind[record.tag], len(line))
            return behind, len(line)
        start, end, *_ = slices[field - 1]
        start = min(start, len(line))
        cell = line[start:end]
        bare = cell.strip(BLANKS)
        if not bare:
            return start, min(end, len(line))
        start += len(cell) - len(cell.lstrip(BLANKS))
        return start, start + len(bare)

    def unclosed(self, line: str) -> Span | None:  # noqa: ARG002 -- positions need no quotes
        """Return nothing: a quote is a character like others."""
        return None


def cells_of(schema: Schema, headings: Sequence[str] | None = None) -> Cells:
    """Return what cuts the lines of a file."""
    return Delimited(schema, headings) if schema.delimiter else Fixed(schema)
