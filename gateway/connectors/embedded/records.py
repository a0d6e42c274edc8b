"""Read a CSV or JSON file as records that know their line, and say what is wrong with it."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from canonical.faults import Fault, FaultKind, FaultTable, Place

FAULTS: Final[tuple[FaultKind, ...]] = (
    FaultKind(
        code="CORE-001",
        title="a file that must be there is missing",
        hint="add it as CSV or JSON; docs/reference/core-data.md lists the files",
    ),
    FaultKind(
        code="CORE-002",
        title="the file cannot be read",
        hint="CSV with a header, or a JSON array of objects; both in UTF-8",
    ),
    FaultKind(code="CORE-003", title="no such column", hint="correct the name or remove it"),
    FaultKind(code="CORE-004", title="a column that must be there is missing"),
    FaultKind(code="CORE-005", title="a value that must be there is missing"),
    FaultKind(code="CORE-006", title="the value does not fit its column"),
    FaultKind(
        code="CORE-007",
        title="the same key stands on an earlier line",
        hint="remove one of the two",
    ),
    FaultKind(
        code="CORE-008",
        title="the value names something that is not there",
        hint="add it, or correct the value",
    ),
    FaultKind(
        code="CORE-009",
        title="the row has another number of values than the header",
        hint="a value with a comma or a quote must stand in quotes",
    ),
    FaultKind(code="CORE-010", title="the customer does not fit the form of a customer"),
)
"""Everything that loading a data folder can find."""

_fault: Final = FaultTable(FAULTS)


@dataclass(frozen=True, slots=True)
class Spot:
    """Name a line of a file, and a column of it."""

    file: str
    line: int | None = None
    column: str | None = None


def fault(code: str, spot: Spot, *, found: str | None = None, expected: str | None = None) -> Fault:
    """Return a fault of the table at a spot."""
    source = spot.file if spot.line is None else f"{spot.file}:{spot.line}"
    place = Place(line=spot.line, path=spot.column)
    return _fault(code, place=place, found=found, expected=expected, source=source)


def finding(one: Fault) -> str:
    """Return a fault as `file:line: CORE-nnn what is wrong`."""
    text = f"{one.source}: {one.code} "
    if one.place is not None and one.place.path:
        text += f"{one.place.path}: "
    text += one.message
    if one.found is not None:
        text += f", found {one.found!r}"
    if one.expected is not None:
        text += f", expected {one.expected}"
    return text + (f" -- {one.hint}" if one.hint else "")


@dataclass(slots=True)
class Records:
    """Hold what a file says: rows with their lines, and what is wrong with it as a file."""

    file: str
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def find_file(folder: Path, name: str) -> Path | None:
    """Return `name.csv` or `name.json` in `folder`."""
    for suffix in (".csv", ".json"):
        path = folder / f"{name}{suffix}"
        if path.is_file():
            return path
    return None


def read_records(path: Path) -> Records:
    """Return the records of a file; what cannot be read is a fault, not an exception."""
    records = Records(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        records.faults.append(fault("CORE-002", Spot(path.name), found=str(error)))
        return records
    (_read_json if path.suffix == ".json" else _read_csv)(text, records)
    return records


def _read_csv(text: str, records: Records) -> None:
    lines = text.splitlines(keepends=True)
    # Where the decimal sign is a comma, spreadsheets write semicolons between the columns.
    semicolons = bool(lines) and ";" in lines[0] and "," not in lines[0]
    reader = csv.reader(lines, delimiter=";" if semicolons else ",", strict=True)
    try:
        header = next(reader, None)
        if header is None:
            records.faults.append(fault("CORE-002", Spot(records.file), found="(empty)"))
            return
        records.columns = tuple(name.strip() for name in header)
        begins = reader.line_num + 1
        for cells in reader:
            _csv_row(cells, begins, records)
            begins = reader.line_num + 1
    except csv.Error as error:
        spot = Spot(records.file, reader.line_num)
        records.faults.append(fault("CORE-002", spot, found=str(error)))


def _csv_row(cells: list[str], line: int, records: Records) -> None:
    if not cells:
        return
    if len(cells) != len(records.columns):
        wanted = f"{len(records.columns)} values"
        spot = Spot(records.file, line)
        records.faults.append(fault("CORE-009", spot, found=str(len(cells)), expected=wanted))
        return
    records.rows.append((line, dict(zip(records.columns, cells, strict=True))))


def _read_json(text: str, records: Records) -> None:
    try:
        for line, value in _json_items(text):
            if not isinstance(value, dict):
                spot = Spot(records.file, line)
                found, expected = json.dumps(value, default=str), "an object"
                records.faults.append(fault("CORE-002", spot, found=found, expected=expected))
                continue
            records.rows.append((line, value))
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        spot = Spot(records.file, line)
        records.faults.append(fault("CORE-002", spot, found=str(error)))
    records.columns = tuple(dict.fromkeys(name for _, row in records.rows for name in row))


def _json_items(text: str) -> Iterator[tuple[int, object]]:
    """Yield each element of a JSON array with the line where it begins."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    at, line, counted = _skip(text, 0), 1, 0
    if text[at : at + 1] != "[":
        message = "expected a JSON array"
        raise json.JSONDecodeError(message, text, at)
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        value, at = decoder.raw_decode(text, at)
        yield line, value
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            message = "expected a comma or the end of the array"
            raise json.JSONDecodeError(message, text, at)
    if _skip(text, at + 1) != len(text):
        message = "expected nothing after the array"
        raise json.JSONDecodeError(message, text, at + 1)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
