"""Look at records: fast where they are right, exactly where they are not.

The values of a record are joined and held against one pattern of its type, which knows texts, codes
and what must be there; numbers and dates are looked at by reading them, which has to be done
anyway. So a right record is looked at once. What is wrong in one that was not accepted is told
field by field (`Fields`, for `edi.explaining`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from canonical.rows import Row
from edi.checking.values import value_pattern
from edi.explaining.elements import Found
from edi.faults import Kind
from edi.flatfile.schema import Field, Record, Schema
from edi.flatfile.values import Read, Signs, reading, signs_of, wrong
from edi.schema import Segment, Use

_BETWEEN: Final = "\x1f"
_STOPS: Final = re.escape(_BETWEEN)


class Form:
    """Accept records of one type, or say nothing of them."""

    def __init__(self, record: Record, signs: Signs) -> None:
        self.record: Final = record
        self._read: Final[list[tuple[int, Read, bool]]] = []
        for at, field in enumerate(record.fields):
            read = reading(field, signs)
            if read is not None:
                self._read.append((at, read, field.required))
        self._pattern: Final = re.compile(_BETWEEN.join(map(_pattern, record.fields)))

    def row(self, values: list[str]) -> Row | None:
        """Return a record as a row of values in our spelling, None if it must be looked at."""
        if self._pattern.fullmatch(_BETWEEN.join(values)) is None:
            return None
        for at, read, required in self._read:
            text = values[at]
            if text:
                value = read(text)
                if value is None or (required and not value):
                    return None
                values[at] = value
        return [self.record.tag, *values]

    def tolerant(self, values: Sequence[str]) -> Row:
        """Return a record as a row, with what could not be read as it was sent."""
        row = [self.record.tag, *values[: len(self.record.fields)]]
        for at, read, _ in self._read:
            text = row[at + 1]
            value = read(text) if text else ""
            row[at + 1] = text if value is None else value
        return row


def _pattern(field: Field) -> str:
    """Return the pattern of a field's texts; of numbers and dates only whether they are there."""
    if field.forbidden:
        return ""
    by_text = not field.number and not field.mask and not field.void
    there = value_pattern(field.element, _STOPS) if by_text else f"[^{_STOPS}]++"
    return there if field.required else f"(?:{there})?+"


class Fields:
    """Tell what is wrong in the records of one schema, whose rows hold values as they were sent."""

    def __init__(self, schema: Schema) -> None:
        self._signs: Final = signs_of(schema)
        self._fields: Final = {record.tag: record.fields for record in schema.records}

    def look(self, row: Row, segment: Segment) -> Iterator[Found]:
        """Walk what is wrong with a record, from its first field to its last."""
        fields = self._fields[segment.tag]
        pairs = zip(fields, segment.uses, row[1:], strict=False)
        for position, (field, use, text) in enumerate(pairs, start=1):
            yield from self._value(field, use, text, position)
        known = len(fields)
        if len(row) > known + 1:
            yield Found(Kind.ELEMENTS, known + 1, value=row[known + 1], expected=f"≤ {known}")

    def _value(self, field: Field, use: Use, text: str, position: int) -> Iterator[Found]:
        if not text or text in field.void:
            if use.mandatory:
                yield Found(Kind.MISSING_ELEMENT, position, value=text or None,
                            expected=field.element.id)  # fmt: skip
            return
        if use.forbidden:
            yield Found(Kind.FORBIDDEN, position, value=text)
            return
        for one in wrong(field, text, self._signs):
            yield Found(one.kind, position, value=text, expected=one.expected, hint=one.hint)


def forms_of(schema: Schema) -> dict[str, Form]:
    """Return what accepts the records of a schema, by tag."""
    signs = signs_of(schema)
    return {record.tag: Form(record, signs) for record in schema.records}
