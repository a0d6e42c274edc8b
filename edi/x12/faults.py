"""List what can be wrong with an X12 interchange around and between its messages.

What EDIFACT knows too stands in `edi.envelope_faults`; here is what it does not: the fixed lengths
of ISA, versions of the controls, loops of HL.
"""

from typing import Final

from canonical.faults import FaultKind, Severity
from edi.envelope_faults import EnvelopeFaults, Names, codes_in_acknowledgements, kinds_around

_NAMES: Final = Names(
    interchange="ISA",
    interchange_end="IEA",
    group="GS",
    group_end="GE",
    message="ST",
    message_end="SE",
    counted="groups",
    beginning="an interchange begins with ISA and has 16 elements there",
    unique="the number of the message was used before in this group",
    charset="that was agreed",
)

FAULTS: Final = kinds_around(
    "X12",
    _NAMES,
    FaultKind(
        code="X12-005",
        title="the separators in ISA cannot be used",
        hint="they must be different signs of ASCII and neither letters nor digits",
    ),
    FaultKind(
        code="X12-013",
        title="the elements of ISA do not have their lengths",
        severity=Severity.NOTE,
        hint="it was read by its separators",
    ),
    FaultKind(
        code="X12-014",
        title="the version in ISA12 is none that is known",
        severity=Severity.WARNING,
        hint="00304 to 00801 are",
    ),
    FaultKind(
        code="X12-024",
        title="a message stands outside of any group",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-028",
        title="a loop belongs to one that does not stand before it",
        severity=Severity.WARNING,
        hint="HL02 names the HL01 of an earlier loop, at most 100 deep; it was read as a loop at "
        "the top",
    ),
    FaultKind(
        code="X12-037",
        title="the message is of a version that is not installed",
        hint="gateway edi directory import takes tables of other versions as facts",
    ),
    FaultKind(code="X12-038", title="the tables of this version do not have this message"),
    FaultKind(
        code="X12-050",
        title="a character cannot be written",
        hint="X12 releases nothing: choose other separators or a substitute in the partner's "
        "profile, or a larger character set",
    ),
    FaultKind(
        code="X12-051",
        title="a character was replaced that cannot be written",
        severity=Severity.NOTE,
    ),
)

_OWN: Final = {
    "X12-005": "TA1:026",
    "X12-014": "TA1:017",
    "X12-024": "TA1:022",
    "X12-028": "AK502:5",
    "X12-037": "AK905:2",
    "X12-038": "AK502:1",
}
"""The code of each kind of our own, after the element of an acknowledgement that says it."""

fault = EnvelopeFaults(FAULTS, codes_in_acknowledgements() | _OWN)
