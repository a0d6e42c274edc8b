"""Hold what is wrong in somebody's data: a fault is a value with a code and an address.

Readers, mappings and rules return all the faults they find and never raise for data. A fault's
code is stable and documented (`docs/reference/faults.md` is made from the same tables); its
message is for people and may change.

A fault is made by its kind, so that severity, hint and title stand in the table only; an area that
has a table makes its own by code: `fault = FaultTable(FAULTS)`.
"""

from enum import StrEnum
from typing import Final, TypedDict, Unpack

from msgspec.structs import replace

from canonical.document import Document

SHOWN: Final = 200
"""How many characters of a stranger's text a fault repeats: enough to recognise it."""

SHOWN_PATH: Final = 400
"""How many characters of a path a fault repeats: strangers choose the names in it."""


class Severity(StrEnum):
    """Say what a fault does: an error stops the document, the others go with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(Document):
    """Point into the bytes received: line and column from 1, offset in bytes from 0.

    Syntaxes of segments count their envelopes too: interchanges, groups and messages in the bytes,
    and segments in their message (the header is 1), all from 1.
    """

    line: int | None = None
    column: int | None = None
    offset: int | None = None
    path: str | None = None
    """Path in the message, e.g. `Request/OrderRequest/ItemOut[2]/@quantity`."""
    interchange: int | None = None
    group: int | None = None
    message: int | None = None
    segment: int | None = None
    element: int | None = None
    """Its number in the segment from 1, where the trouble is one element's."""
    component: int | None = None
    """Its number in the element from 1, where the trouble is one component's."""
    excerpt: str | None = None
    """The raw segment as it was received, shortened."""
    mark: tuple[int, int] | None = None
    """Where in `excerpt` the trouble begins and ends: what a caret is put under."""


class Fault(Document):
    """Report one thing that is wrong: what, where, what was found and what was expected.

    `target` is the path in the canonical document and `source` the `file:line` of the mapping
    that ruled, where a mapping did; where a table ruled it names that (`UN D.96A`). `standard` is
    the code that the syntax's own acknowledgement has for this, and `subject` what people call the
    thing (`ordered quantity of line 3`).
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    place: Place | None = None
    found: str | None = None
    expected: str | None = None
    hint: str | None = None
    target: str | None = None
    source: str | None = None
    standard: str | None = None
    subject: str | None = None


class Told(TypedDict, total=False):
    """Name what can be told of one fault beyond its code and message.

    `severity` and `hint` stand for those of the kind where a case has its own.
    """

    severity: Severity
    place: Place | None
    found: str | None
    expected: str | None
    hint: str | None
    target: str | None
    source: str | None
    standard: str | None
    subject: str | None


class FaultKind(Document):
    """Describe one code: a line of a codec's or rule set's fault table."""

    code: str
    title: str
    severity: Severity = Severity.ERROR
    hint: str = ""

    def fault(self, message: str = "", **told: Unpack[Told]) -> Fault:
        """Return a fault of this kind; `message` says more than the title where there is more.

        What was found and where is shortened to what a person looks at.
        """
        found, place = told.get("found"), told.get("place")
        if place is not None and place.path is not None and len(place.path) > SHOWN_PATH:
            place = replace(place, path=place.path[:SHOWN_PATH])
        return Fault(
            code=self.code,
            message=message or self.title,
            severity=told.get("severity", self.severity),
            place=place,
            found=None if found is None else found[:SHOWN],
            expected=told.get("expected"),
            hint=told.get("hint") or self.hint or None,
            target=told.get("target"),
            source=told.get("source"),
            standard=told.get("standard"),
            subject=told.get("subject"),
        )


class FaultTable:
    """Make the faults of one table by their codes."""

    def __init__(self, kinds: tuple[FaultKind, ...]) -> None:
        self.kinds: Final = {kind.code: kind for kind in kinds}

    def __call__(self, code: str, message: str = "", **told: Unpack[Told]) -> Fault:
        """Return a fault of the kind with this code, as `FaultKind.fault` makes it."""
        return self.kinds[code].fault(message, **told)


class FaultList(Document):
    """Hold the faults of one step, as a timeline stores them."""

    faults: tuple[Fault, ...]


def has_errors(faults: tuple[Fault, ...]) -> bool:
    """Tell whether any of `faults` stops its document."""
    return any(fault.severity is Severity.ERROR for fault in faults)


def sentence(fault: Fault) -> str:
    """Return `fault` as one line: code, place, message, what was found and the way out.

    The place is that in the bytes; where nothing there has a path, that in the document is named.
    """
    parts = [fault.code]
    if fault.place is not None:
        if fault.place.line is not None:
            parts.append(f"line {fault.place.line}")
        if fault.place.path:
            parts.append(fault.place.path)
    if fault.target and (fault.place is None or not fault.place.path):
        parts.append(fault.target)
    if fault.source:
        parts.append(f"({fault.source})")
    text = " ".join(parts) + f": {fault.message}"
    if fault.found is not None:
        text += f", found {fault.found!r}"
    if fault.expected is not None:
        text += f", expected {fault.expected}"
    return text + (f" -- {fault.hint}" if fault.hint else "")
