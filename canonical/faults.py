"""Hold what is wrong in somebody's data: a fault is a value with a code and an address.

Readers, mappings and rules return all the faults they find and never raise for data. A fault's
code is stable and documented (`docs/reference/faults.md` is made from the same tables); its
message is for people and may change.
"""

from enum import StrEnum

from canonical.document import Document


class Severity(StrEnum):
    """Say what a fault does: an error stops the document, the others go with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(Document):
    """Point into the bytes received: line and column from 1, offset in bytes from 0."""

    line: int | None = None
    column: int | None = None
    offset: int | None = None
    path: str | None = None
    """Path in the message, e.g. `Request/OrderRequest/ItemOut[2]/@quantity`."""


class FaultKind(Document):
    """Describe one code: a line of a codec's or rule set's fault table."""

    code: str
    title: str
    severity: Severity = Severity.ERROR
    hint: str = ""


class Fault(Document):
    """Report one thing that is wrong: what, where, what was found and what was expected.

    `target` is the path in the canonical document and `source` the `file:line` of the mapping
    that ruled, where a mapping did.
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


class FaultList(Document):
    """Hold the faults of one step, as a timeline stores them."""

    faults: tuple[Fault, ...]


def has_errors(faults: tuple[Fault, ...]) -> bool:
    """Tell whether any of `faults` stops its document."""
    return any(fault.severity is Severity.ERROR for fault in faults)


def sentence(fault: Fault) -> str:
    """Return `fault` as one line: code, place, message, what was found and the way out.

    The place is that in the bytes; a rule that saw only the document names the place there.
    """
    parts = [fault.code]
    if fault.place is not None:
        if fault.place.line is not None:
            parts.append(f"line {fault.place.line}")
        if fault.place.path:
            parts.append(fault.place.path)
    if fault.source:
        parts.append(f"({fault.source})")
    if fault.target and fault.place is None and fault.source is None:
        parts.append(fault.target)
    text = " ".join(parts) + f": {fault.message}"
    if fault.found is not None:
        text += f", found {fault.found!r}"
    if fault.expected is not None:
        text += f", expected {fault.expected}"
    return text + (f" -- {fault.hint}" if fault.hint else "")
