"""Read a list of numbers and quantities as a buyer pastes it or saves it from a spreadsheet.

CSV is what a spreadsheet of the buyer's country makes of it: tabs when pasted, semicolons where
the comma is the decimal mark, commas elsewhere; a header or none. The separator is looked for over
all lines, and no row is dropped: one that makes no sense comes out as it stands and is judged.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from canonical.faults import Fault
from gateway.punchout.faults import fault

MAX_ROWS: Final = 1000
MAX_BYTES: Final = 1_000_000
MAX_CELL: Final = 200
"""Characters of a cell that are kept: enough to recognise it."""

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SPACED: Final = re.compile(r"(?P<number>\S+)[ \u00a0]+(?P<quantity>\d+(?:[.,]\d+)?)")
_HEADINGS: Final = {
    "number": re.compile(
        r"(item|article|art|part|product|artikel|artikkeli|vare|tuote|bestell?|sku|gtin|ean|vnr)"
        r"([ .:_-]*(number|no|nr|nummer|numero|kod|code|koodi|id|#))?[.:]?"
        r"|(article|artikel|vare|bestell?)?nummer|tuotenumero|best\.?[ -]?nr\.?|nr\.?|sku|number"
        r"|supplier part( id)?"
    ),
    "quantity": re.compile(
        r"q(uanti)?ty|quantit(y|ies)|antal|antall|aantal|anzahl|menge|määrä|count|number of|amount"
        r"|kpl|stk\.?|st\.?|pcs\.?|units ordered"
    ),
    "unit": re.compile(r"unit|units|uom|enhet|enhed|einheit|eenheid|yksikkö|me|unit of measure"),
}
"""What columns are called in the languages of the shop."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row as it was given; `place` is its line in the list, from 1.

    `sku` is set when a person has chosen one of several products that the number stands for.
    """

    number: str
    quantity: str
    unit: str = ""
    place: int = 0
    sku: str = ""

    @property
    def empty(self) -> bool:
        """Tell whether nobody wrote anything into it."""
        return not (self.number or self.quantity or self.sku)


def rows_of_text(text: str) -> tuple[Row, ...] | Fault:
    """Return the rows of a pasted list or of the text of a CSV file."""
    if len(text) > MAX_BYTES:
        return fault("PUNCHOUT-107", expected=f"at most {MAX_BYTES} characters")
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff").replace("\x00", ""))
    separator = _separator([line for line in lines if line.strip()])
    if not separator:
        return rows_of_cells([_spaced(line) for line in lines])
    try:
        cells = _cells(lines, separator)
    except csv.Error as error:
        return fault("PUNCHOUT-106", found=str(error))
    return rows_of_cells(cells)


def rows_of_csv(content: bytes) -> tuple[Row, ...] | Fault:
    """Return the rows of a CSV file in UTF-8, UTF-16 or the usual Western encoding."""
    if len(content) > MAX_BYTES:
        return fault("PUNCHOUT-107", expected=f"at most {MAX_BYTES} bytes")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return rows_of_text(content.removeprefix(mark).decode(encoding, "replace"))
    if b"\x00" in content:
        return fault("PUNCHOUT-106", found="bytes that are no text")
    try:
        return rows_of_text(content.decode("utf-8"))
    except UnicodeDecodeError:
        return rows_of_text(content.decode("cp1252", "replace"))


def rows_of_cells(table: Iterable[Sequence[str]]) -> tuple[Row, ...] | Fault:
    """Return the rows of a table: by its headings if it has them, else number, quantity, unit."""
    filled = [
        (place, [cell.strip() for cell in cells])
        for place, cells in enumerate(table, start=1)
        if any(cell.strip() for cell in cells)
    ]
    columns = {"number": 0, "quantity": 1, "unit": 2}
    headed = _headings(filled[0][1]) if filled else None
    if headed is not None:
        columns, filled = headed, filled[1:]
    if len(filled) > MAX_ROWS:
        return fault("PUNCHOUT-105", found=str(len(filled)), expected=f"at most {MAX_ROWS}")
    return tuple(
        Row(
            **{name: _cell(cells, columns.get(name)) for name in ("number", "quantity", "unit")},
            place=place,
        )
        for place, cells in filled
    )


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the cells, or nothing where blanks do."""
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    for candidate in ("\t", ";"):
        if any(candidate in line for line in unquoted):
            return candidate
    if all(_SPACED.fullmatch(line.strip()) for line in unquoted):
        return ""
    return ","


def _cells(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Return the cells of each row; raises `csv.Error` for one that no spreadsheet writes.

    A cell may go on over several lines. Where a quotation mark opens one that nothing closes it is
    a mark of inches or of a hand, and every line is read by itself: else it took all that follow.
    """
    try:
        return list(csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error:
        return [_row(line, separator) for line in lines]


def _row(line: str, separator: str) -> list[str]:
    """Return the cells of one line; where its quotation marks make no sense they are text."""
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error:
        return next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE))


def _spaced(line: str) -> list[str]:
    found = _SPACED.fullmatch(line.strip())
    return [] if found is None else [found["number"], found["quantity"]]


def _headings(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the columns that a row of headings names, or None when it is no such row."""
    found: dict[str, int] = {}
    for name, pattern in _HEADINGS.items():
        at = [n for n, cell in enumerate(cells) if pattern.fullmatch(cell.casefold())]
        if at:
            found[name] = at[0]
    return found if {"number", "quantity"} <= found.keys() else None


def _cell(cells: Sequence[str], at: int | None) -> str:
    return "" if at is None or at >= len(cells) else cells[at][:MAX_CELL]
