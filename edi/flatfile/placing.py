"""Find the records and fields of a message in the bytes that were received, and name them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from canonical.faults import Fault, Place
from canonical.rows import Row
from edi.flatfile.cells import Cells
from edi.flatfile.lines import Line
from edi.flatfile.schema import Record, Schema

SHOWN: Final = 160
"""How many characters of a line a place repeats."""


@dataclass(slots=True)
class Held:
    """Hold one record of the message at hand; `row` is None until it was looked at."""

    line: Line
    tag: str
    record: Record | None
    row: Row | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()
    """What is wrong with the line itself."""


def place_in(
    line: Line, span: tuple[int, int], *, path: str | None = None, message: int | None = None
) -> Place:
    """Return the place of some characters of a line."""
    start, stop = span
    window = max(0, min(start - SHOWN // 4, stop + SHOWN // 4 - SHOWN))
    before = line.text.count("\n", 0, start)
    return Place(
        line=line.number + before,
        column=start - line.text.rfind("\n", 0, start),
        offset=line.at(start),
        path=path,
        message=message,
        excerpt=line.text[window : window + SHOWN].encode("utf-8", "replace").decode(),
        mark=(start - window, min(stop - window, SHOWN)),
    )


class Placed:
    """Give the places of the records of one message, counted from 1 (`edi.explaining.Places`)."""

    def __init__(
        self, held: Sequence[Held] | Mapping[int, Held], cells: Cells, message: int | None
    ) -> None:
        self._held = held
        self._cells = cells
        self._message = message

    def place(
        self,
        segment: int,
        element: int | None = None,
        component: int | None = None,
        repetition: int = 1,
        path: str | None = None,
    ) -> Place:
        """Return the place of a record, or of a field in it."""
        del component, repetition
        held = self._at(segment)
        if held is None:
            return Place(path=path, message=self._message)
        span = (0, len(held.line.text))
        if element is not None and held.record is not None:
            span = self._cells.span(held.line.text, held.record, element)
        return place_in(held.line, span, path=path, message=self._message)

    def _at(self, number: int) -> Held | None:
        if isinstance(self._held, Mapping):
            return self._held.get(number)
        return self._held[number - 1] if 0 < number <= len(self._held) else None


def placing(held: Sequence[Held], placed: Placed) -> Callable[[Row, int, int | None], Place]:
    """Return what finds a row in the bytes; it looks for it when it is asked."""
    numbers: dict[int, int] = {}

    def place(row: Row, element: int, component: int | None) -> Place:
        del component
        if not numbers:
            numbers.update({id(one.row): n for n, one in enumerate(held, start=1)})
        return placed.place(numbers.get(id(row), 1), element or None)

    return place


class Subjects:
    """Name fields as a schema does (`edi.explaining.Subjects`)."""

    def __init__(self, schema: Schema, language: str = "en") -> None:
        self._names: Final = {
            (record.tag, one.name): one.names.get(language, "")
            for record in schema.records
            for one in record.fields
        }

    def subject(self, row: Row, element: str, line: int | None) -> str | None:
        """Return what a field is called: `ordered quantity of line 3`."""
        name = self._names.get((row[0], element)) or None
        return name if name is None or line is None else f"{name} of line {line}"
