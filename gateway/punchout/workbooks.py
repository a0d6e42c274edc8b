"""Read the first sheet of an Excel workbook (.xlsx, ECMA-376) as rows of cells.

A workbook is a zip of XML parts, and comes from strangers: what it unpacks to is bounded before
anything is unpacked, and the parts are read by `protocols.xml` like all XML. Values are taken as
they were saved: formulas are not computed, dates stay numbers, styles and macros are not looked at.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from canonical.faults import Fault
from gateway.punchout.faults import fault
from gateway.punchout.lists import MAX_CELL, Row, rows_of_cells
from protocols import xml

MAX_FILE: Final = 2_000_000
MAX_PART: Final = 8_000_000
"""Bytes that one part may unpack to: a thousand rows take some 200 kB."""
MAX_PARTS: Final = 1000
MAX_COLUMNS: Final = 50
_LIMITS: Final = xml.Limits(size=MAX_PART, tags=200_000, attributes=400_000)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError,
                      RuntimeError, ValueError, OSError)  # fmt: skip
"""What `zipfile` raises on files that are broken, encrypted or packed in an odd way."""


class _UnfitError(Exception):
    """Carry the fault that ends the reading."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found.code)
        self.found = found


def is_workbook(content: bytes) -> bool:
    """Tell whether bytes begin as a zip does."""
    return content.startswith(b"PK")


def rows_of_workbook(content: bytes) -> tuple[Row, ...] | Fault:
    """Return the rows of the first sheet; a fault for what cannot or should not be read."""
    if len(content) > MAX_FILE:
        return fault("PUNCHOUT-107", expected=f"at most {MAX_FILE} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return rows_of_cells(_cells(archive))
    except _UnfitError as error:
        return error.found
    except _UNREADABLE as error:
        return fault("PUNCHOUT-106", found=str(error)[:100] or type(error).__name__)


def _cells(archive: zipfile.ZipFile) -> list[list[str]]:
    if len(archive.infolist()) > MAX_PARTS:
        raise _UnfitError(fault("PUNCHOUT-107", found=f"{len(archive.infolist())} parts"))
    shared = _shared(archive)
    sheet = _part(archive, _first_sheet(archive))
    return [_row(row, shared) for row in sheet.iter() if _name(row) == "row"]


def _part(archive: zipfile.ZipFile, name: str) -> xml.Element:
    if archive.getinfo(name).file_size > MAX_PART:  # a part never gives more than it declares
        raise _UnfitError(fault("PUNCHOUT-107", found=name, expected=f"at most {MAX_PART} bytes"))
    parsed = xml.parse(archive.read(name), limits=_LIMITS)
    if parsed.root is None:
        why = parsed.faults[-1]
        raise _UnfitError(fault("PUNCHOUT-106", found=f"{name}: {why.message}"))
    return parsed.root


def _first_sheet(archive: zipfile.ZipFile) -> str:
    workbook = _part(archive, "xl/workbook.xml")
    first = next((one for one in workbook.iter() if _name(one) == "sheet"), None)
    if first is None:
        raise _UnfitError(fault("PUNCHOUT-106", found="a workbook without a sheet"))
    for relation in _part(archive, "xl/_rels/workbook.xml.rels").iter():
        if relation.get("Id") == first.get(_RELATION):
            return posixpath.normpath(posixpath.join("/xl", relation.get("Target") or ""))[1:]
    raise _UnfitError(fault("PUNCHOUT-106", found="a workbook whose sheet is missing"))


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(one) for one in _part(archive, "xl/sharedStrings.xml") if _name(one) == "si"]


def _text(item: xml.Element) -> str:
    """Return the text of a string item, without the readings (`rPh`) beside it."""
    runs = (
        text
        for text in item.iter()
        if _name(text) == "t" and not any(_name(up) == "rPh" for up in text.iterancestors())
    )
    return "".join(text.text or "" for text in runs)


def _row(row: xml.Element, shared: Sequence[str]) -> list[str]:
    found = dict(_placed(row, shared))
    return [found.get(column, "") for column in range(max(found, default=-1) + 1)]


def _placed(row: xml.Element, shared: Sequence[str]) -> Iterator[tuple[int, str]]:
    column = -1
    for cell in row:
        if _name(cell) != "c":
            continue
        named = _column(cell.get("r") or "")
        column = column + 1 if named is None else named
        if column < MAX_COLUMNS:
            yield column, _value(cell, shared)[:MAX_CELL]


def _column(reference: str) -> int | None:
    """Return the column of a reference such as `AB12`, from 0."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return None
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: xml.Element, shared: Sequence[str]) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _text(cell)
    text = next((one.text or "" for one in cell if _name(one) == "v"), "").strip()
    if kind == "s":
        at = int(text) if text.isascii() and text.isdigit() else len(shared)
        return shared[at] if at < len(shared) else ""
    return _number(text) if kind == "n" else text


def _number(text: str) -> str:
    """Return a number as a person would type it: no exponent, no binary crumbs, no `.0`."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 15:  # noqa: PLR2004 -- digits of a double
        return text
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - 14))
    plain = f"{rounded:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _name(element: xml.Element) -> str:
    return element.tag.rpartition("}")[2]
