"""List what can be wrong with a flat file beyond its records.

`FLAT-001` to `-049` are found on reading, `-050` to `-099` on writing; from `-100` on they are
those of records and fields, which all syntaxes share (`edi.faults`): a record is a segment there,
and a field an element.
"""

from typing import Final

from canonical.faults import FaultKind, FaultTable, Severity
from edi.faults import Kind, kinds

_MET: Final = frozenset(
    {
        Kind.UNKNOWN_SEGMENT, Kind.FOREIGN_SEGMENT, Kind.UNEXPECTED_SEGMENT, Kind.MISSING_GROUP,
        Kind.GROUP_REPEATS, Kind.MISSING_ELEMENT, Kind.FORBIDDEN, Kind.ELEMENTS, Kind.SHORT,
        Kind.LONG, Kind.NUMBER, Kind.LETTERS, Kind.DATE, Kind.CODE, Kind.MORE,
    }
)  # fmt: skip
"""What records and fields can have of it: they have no components, repetitions or notes."""

_SHARED: Final = tuple(kind for kind in kinds("FLAT") if kind.code.removeprefix("FLAT-") in _MET)

FAULTS: Final = (
    FaultKind(
        code="FLAT-001",
        title="a file without a record",
        hint="if that means an empty list, say `empty: list` in its schema",
    ),
    FaultKind(
        code="FLAT-002",
        title="a byte order mark of UTF-8 where another character set is agreed",
        severity=Severity.NOTE,
        hint="it is read as UTF-8",
    ),
    FaultKind(
        code="FLAT-003",
        title="bytes that are no character of the agreed set",
        hint="another set may be meant: `charset` in the schema",
    ),
    FaultKind(
        code="FLAT-004",
        title="a line that is longer than any may be",
        hint="look for line ends that are missing",
    ),
    FaultKind(
        code="FLAT-005",
        title="a quote that is never closed",
        hint="a quote within a quoted text must be doubled, or as the schema says",
    ),
    FaultKind(
        code="FLAT-006",
        title="a column is missing in the headings",
        hint="the first line must name it as the schema does",
    ),
    FaultKind(
        code="FLAT-007",
        title="a column that the schema does not know is not read",
        severity=Severity.NOTE,
    ),
    FaultKind(code="FLAT-008", title="two columns have the same heading"),
    FaultKind(
        code="FLAT-009",
        title="a count of records is not how many there are",
        hint="the file may have been cut off: ask for it again",
    ),
    FaultKind(
        code="FLAT-010",
        title="nobody knows the schema of this file",
        hint="name it in the partner's file: `edi: {flat: NAME}`",
    ),
    FaultKind(
        code="FLAT-050",
        title="a character that the set of the file does not hold",
        hint="agree on another character set, or on what stands for it",
    ),
    FaultKind(
        code="FLAT-051",
        title="a value that is too long for its field",
        hint="nothing is cut off in silence: shorten it in the mapping",
    ),
    FaultKind(code="FLAT-052", title="a value that its field cannot hold"),
    *_SHARED,
)

fault: Final = FaultTable(FAULTS)
