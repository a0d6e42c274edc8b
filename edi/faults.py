"""List what can be wrong with a message by its tables: once, for every syntax of segments.

A kind has one number in all syntaxes: `EDIFACT-126`, `X12-126` and `FLAT-126` are the same thing,
a code that is not in the list. Numbers below 100 belong to each syntax's own lexer and envelope.
Titles are fixed and what varies stands in found, expected and place, so that a fault can be said in
another language by its code (`edi.speaking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from canonical.faults import FaultKind, Severity


class Kind(StrEnum):
    """Name what can be wrong by its number."""

    UNKNOWN_SEGMENT = "101"
    FOREIGN_SEGMENT = "102"
    UNEXPECTED_SEGMENT = "103"
    MISSING_SEGMENT = "104"
    MISSING_GROUP = "105"
    SEGMENT_REPEATS = "106"
    GROUP_REPEATS = "107"
    MISSING_ELEMENT = "110"
    MISSING_COMPONENT = "111"
    FORBIDDEN = "112"
    ELEMENTS = "113"
    COMPONENTS = "114"
    REPETITIONS = "115"
    HOLLOW = "116"
    SHORT = "120"
    LONG = "121"
    NUMBER = "122"
    LETTERS = "123"
    DATE = "124"
    TIME = "125"
    CODE = "126"
    DEPENDENT = "130"
    EXCLUDED = "131"
    MORE = "199"


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold what is said of one kind; `edifact` and `x12` are the standards' codes for it."""

    kind: Kind
    title: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    edifact: str = "12"
    x12: str = "AK304:8"


_SKIPPED: Final = "it was skipped; the segments after it were read"

_LINES: Final = (
    _Line(Kind.UNKNOWN_SEGMENT, "a segment that this directory does not have", _SKIPPED,
          edifact="15", x12="AK304:1"),
    _Line(Kind.FOREIGN_SEGMENT, "a segment that this message does not have", _SKIPPED,
          edifact="15", x12="AK304:6"),
    _Line(Kind.UNEXPECTED_SEGMENT, "a segment that is not allowed in this place",
          "look for one before it that is missing, or that stands too early",
          edifact="15", x12="AK304:7"),
    _Line(Kind.MISSING_SEGMENT, "a mandatory segment is missing", edifact="13", x12="AK304:3"),
    _Line(Kind.MISSING_GROUP, "a mandatory group of segments is missing",
          edifact="13", x12="AK304:3"),
    _Line(Kind.SEGMENT_REPEATS, "a segment is repeated too often", edifact="35", x12="AK304:5"),
    _Line(Kind.GROUP_REPEATS, "a group of segments is repeated too often",
          edifact="36", x12="AK304:4"),
    _Line(Kind.MISSING_ELEMENT, "a mandatory element is missing", edifact="13", x12="AK403:1"),
    _Line(Kind.MISSING_COMPONENT, "a mandatory component is missing", edifact="13", x12="AK403:1"),
    _Line(Kind.FORBIDDEN, "an element that has to stay empty", "leave it out",
          edifact="15", x12="AK403:10"),
    _Line(Kind.ELEMENTS, "more elements than the segment has",
          "look for a separator too many, or for one in a text that ought to be released",
          edifact="16", x12="AK403:3"),
    _Line(Kind.COMPONENTS, "more components than the element has",
          "look for a separator too many, or for one in a text that ought to be released",
          edifact="16", x12="AK403:13"),
    _Line(Kind.REPETITIONS, "an element is repeated too often", edifact="35", x12="AK403:12"),
    _Line(Kind.HOLLOW, "separators with nothing behind them", "leave them out",
          Severity.NOTE, edifact="16", x12="AK403:3"),
    _Line(Kind.SHORT, "a value is too short", edifact="40", x12="AK403:4"),
    _Line(Kind.LONG, "a value is too long", edifact="39", x12="AK403:5"),
    _Line(Kind.NUMBER, "a value is not a number", edifact="37", x12="AK403:6"),
    _Line(Kind.LETTERS, "a value that is to have letters only has others",
          edifact="37", x12="AK403:6"),
    _Line(Kind.DATE, "a value is not a date", edifact="12", x12="AK403:8"),
    _Line(Kind.TIME, "a value is not a time of day", edifact="12", x12="AK403:9"),
    _Line(Kind.CODE, "a code that is not in the list", edifact="12", x12="AK403:7"),
    _Line(Kind.DEPENDENT, "an element is missing that another one needs",
          edifact="13", x12="AK403:2"),
    _Line(Kind.EXCLUDED, "elements that exclude each other", "leave all but one of them out",
          edifact="15", x12="AK403:10"),
    _Line(Kind.MORE, "more is wrong with this message than is told here",
          "mend what is told and send it again", Severity.WARNING, edifact="18"),
)  # fmt: skip

_BY_KIND: Final[Mapping[Kind, _Line]] = {line.kind: line for line in _LINES}


def _said(text: str, prefix: str) -> str:
    """Return a title or hint in the words of a syntax."""
    for usual, own in _WORDS.get(prefix, {}).items():
        text = text.replace(usual, own)
    return text


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "FLAT": {
        "group of segments": "record with those below it",
        "segment": "record",
        "element": "field",
        "directory": "schema",
    },
}
"""What is called otherwise in a syntax; a record of a flat file is always a group."""


def kinds(prefix: str) -> tuple[FaultKind, ...]:
    """Return the part of a syntax's fault table that is about tables, e.g. of `EDIFACT`."""
    return tuple(
        FaultKind(
            code=f"{prefix}-{line.kind}",
            title=_said(line.title, prefix),
            severity=line.severity,
            hint=_said(line.hint, prefix),
        )
        for line in _LINES
    )


FAULTS: Final = (*kinds("EDIFACT"), *kinds("X12"))
"""The part of EDIFACT's and X12's fault tables that is about tables."""


def standard_code(prefix: str, kind: Kind) -> str | None:
    """Return the code of a kind in the syntax's own acknowledgement, after its list's name.

    EDIFACT `0085:13` (CONTRL), X12 `AK304:3` for a segment and `AK403:1` for an element (997, and
    999 likewise); a flat file has none.
    """
    if prefix == "EDIFACT":
        return f"0085:{_BY_KIND[kind].edifact}"
    return _BY_KIND[kind].x12 if prefix == "X12" else None
