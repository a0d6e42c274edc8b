"""List every fault that a mapping can report; the codes are stable."""

from typing import Final

from msgspec.structs import replace

from canonical.faults import FaultKind, FaultTable, Severity

MISSING: Final = "MAP-001"
NOT_A_NUMBER: Final = "MAP-002"
NOT_AN_INSTANT: Final = "MAP-003"
NOT_A_TRUTH: Final = "MAP-004"
UNKNOWN_VALUE: Final = "MAP-005"
NOT_IN_TABLE: Final = "MAP-006"
TOO_LONG: Final = "MAP-007"
TRUNCATED: Final = "MAP-008"
NO_ZONE: Final = "MAP-009"
DIVISION: Final = "MAP-010"
CHECK: Final = "MAP-011"
STRIPPED: Final = "MAP-012"
TOO_MANY: Final = "MAP-013"
BROKEN: Final = "MAP-015"
MARKUP: Final = "MAP-016"
FOUND_BY: Final = "MAP-017"
EDITION: Final = "MAP-018"

FAULTS: Final[tuple[FaultKind, ...]] = (
    FaultKind(
        code=MISSING,
        title="A required value is missing",
        hint="Ask the sender for it, or give the field a default in the partner's mapping.",
    ),
    FaultKind(
        code=NOT_A_NUMBER,
        title="A value is not a number",
        hint="Numbers have a dot as decimal sign, no grouping and no exponent.",
    ),
    FaultKind(
        code=NOT_AN_INSTANT,
        title="A value is not a date or time",
        hint="Dates are written 2026-11-22 or 2026-11-22T10:15:00+01:00.",
    ),
    FaultKind(code=NOT_A_TRUTH, title="A value is neither yes nor no", hint="Say yes or no."),
    FaultKind(
        code=UNKNOWN_VALUE,
        title="A value is not among those that the mapping knows",
        hint="Add it to the `map` of that field in the partner's mapping.",
    ),
    FaultKind(
        code=NOT_IN_TABLE,
        title="A code is not in its code list",
        hint="Add it to the partner's own table that extends the shipped one.",
    ),
    FaultKind(
        code=TOO_LONG,
        title="A text is longer than allowed",
        hint="Shorten it, or set `truncate: yes` on the field.",
    ),
    FaultKind(
        code=TRUNCATED, title="A text was cut to the allowed length", severity=Severity.WARNING
    ),
    FaultKind(
        code=NO_ZONE,
        title="A time has no zone and was taken as UTC",
        severity=Severity.NOTE,
        hint="The standard asks for an offset such as +01:00.",
    ),
    FaultKind(code=DIVISION, title="An expression divides by zero"),
    FaultKind(
        code=CHECK,
        title="A check of the mapping failed (checks may carry a code of their own)",
    ),
    FaultKind(
        code=STRIPPED,
        title="Characters that the syntax forbids were left out",
        severity=Severity.WARNING,
        hint="Control characters cannot be written in XML, nor in segments.",
    ),
    FaultKind(
        code=TOO_MANY,
        title="More faults than are reported",
        severity=Severity.NOTE,
        hint="Mend the ones above first.",
    ),
    FaultKind(
        code=BROKEN,
        title="The mapping itself failed on this message",
        hint="Report it together with the message: this is a mistake of ours.",
    ),
    FaultKind(
        code=MARKUP,
        title="Markup that should be returned as it came is not well-formed",
        hint="It was written as plain text instead.",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code=FOUND_BY,
        title="A code was understood by a step beyond the partner's own list",
        hint="Say it in the partner's own list, such as `units` in partner.yaml, to be sure of it.",
        severity=Severity.NOTE,
    ),
    FaultKind(
        code=EDITION,
        title="The edition of the directory that the partner wants is not known here",
        hint="Import it (`gateway edi directory import`) or agree on another in partner.yaml.",
    ),
)

fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""


def is_check(code: str) -> bool:
    """Tell whether a code is that of a mapping's check, or its own: no other gives foreign ones."""
    return code == CHECK or code not in fault.kinds


def kind_of(code: str) -> FaultKind:
    """Return the kind of a code; one that a check brings along is a kind like `CHECK`."""
    return replace(fault.kinds[CHECK], code=code) if is_check(code) else fault.kinds[code]
