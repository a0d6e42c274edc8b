"""List what can be wrong with an X12 interchange around and between its messages.

`X12-001` to `-049` are found on reading, `-050` to `-099` on writing; from `-100` on they are those
of segments and elements, which all syntaxes share (`edi.faults`). Each has a code of TA1 (I18)
where the interchange is wrong, of AK9 (716) where the group is, of AK5 (718) where the message is.
"""

from typing import Final, Unpack

from canonical.faults import Fault, FaultKind, FaultTable, Severity, Told

FAULTS: Final = (
    FaultKind(code="X12-001", title="nothing was received"),
    FaultKind(
        code="X12-002",
        title="no interchange here",
        hint="an interchange begins with ISA and has 16 elements there",
    ),
    FaultKind(
        code="X12-003",
        title="text between messages belongs to none and was skipped",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-004",
        title="a byte order mark stands before the interchange",
        severity=Severity.NOTE,
    ),
    FaultKind(
        code="X12-005",
        title="the separators in ISA cannot be used",
        hint="they must be different signs of ASCII and neither letters nor digits",
    ),
    FaultKind(code="X12-006", title="the interchange ends without IEA"),
    FaultKind(code="X12-007", title="the group ends without GE"),
    FaultKind(
        code="X12-008",
        title="the message ends without SE",
        hint="it may have been cut off: ask for it again",
    ),
    FaultKind(code="X12-009", title="SE ends a message that never began"),
    FaultKind(code="X12-010", title="GE ends a group that never began"),
    FaultKind(code="X12-011", title="IEA ends an interchange that never began"),
    FaultKind(code="X12-012", title="ISA lacks what every interchange must tell"),
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
        code="X12-015",
        title="a group or message without interchange around it",
        severity=Severity.NOTE,
    ),
    FaultKind(code="X12-016", title="the number of groups in IEA is not that sent"),
    FaultKind(code="X12-017", title="IEA names another interchange than ISA"),
    FaultKind(code="X12-018", title="the number of messages in GE is not that sent"),
    FaultKind(code="X12-019", title="GE names another group than GS"),
    FaultKind(code="X12-020", title="the number of segments in SE is not that sent"),
    FaultKind(code="X12-021", title="SE names another message than ST"),
    FaultKind(code="X12-022", title="ST lacks what every message must tell"),
    FaultKind(
        code="X12-023",
        title="the number of the message was used before in this group",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-024",
        title="a message stands outside of any group",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-025",
        title="the date or time of the interchange is none",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-026",
        title="a segment is longer than any can be and was left out",
        hint="a segment terminator seems to be missing",
    ),
    FaultKind(
        code="X12-027",
        title="the last segment has no terminator",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="X12-028",
        title="a loop belongs to one that does not stand before it",
        severity=Severity.WARNING,
        hint="HL02 names the HL01 of an earlier loop; it was read as a loop at the top",
    ),
    FaultKind(
        code="X12-031",
        title="bytes are no characters of the set that was agreed",
        hint="they were read as Latin-1; the partner's profile may name the character set",
    ),
    FaultKind(
        code="X12-032",
        title="a control character stands in the data",
        severity=Severity.WARNING,
    ),
    FaultKind(code="X12-034", title="the interchange holds no message"),
    FaultKind(code="X12-036", title="GS lacks what every group must tell"),
    FaultKind(
        code="X12-037",
        title="the message is of a version that is not installed",
        hint="gateway edi directory import takes tables of other versions as facts",
    ),
    FaultKind(code="X12-038", title="the tables of this version do not have this message"),
    FaultKind(
        code="X12-039",
        title="more messages than are taken in at once",
        hint="send them in several interchanges of less than 50,000 messages",
    ),
    FaultKind(
        code="X12-040",
        title="more is wrong around the messages than is told here",
        hint="mend what is told and send it again",
    ),
    FaultKind(
        code="X12-041",
        title="the message is too long to be taken in",
        hint="send it in several messages of less than 64 MB",
    ),
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

_CODES: Final = {
    "X12-001": "TA1:022",
    "X12-002": "TA1:022",
    "X12-003": "TA1:024",
    "X12-005": "TA1:026",
    "X12-006": "TA1:023",
    "X12-007": "AK905:3",
    "X12-008": "AK502:2",
    "X12-009": "TA1:022",
    "X12-010": "TA1:022",
    "X12-011": "TA1:022",
    "X12-012": "TA1:024",
    "X12-014": "TA1:017",
    "X12-016": "TA1:021",
    "X12-017": "TA1:001",
    "X12-018": "AK905:5",
    "X12-019": "AK905:4",
    "X12-020": "AK502:4",
    "X12-021": "AK502:3",
    "X12-022": "AK502:6",
    "X12-023": "AK502:23",
    "X12-024": "TA1:022",
    "X12-025": "TA1:014",
    "X12-026": "AK502:5",
    "X12-027": "TA1:004",
    "X12-028": "AK502:5",
    "X12-031": "AK502:5",
    "X12-032": "AK502:5",
    "X12-034": "TA1:024",
    "X12-036": "AK905:6",
    "X12-037": "AK905:2",
    "X12-038": "AK502:1",
    "X12-039": "TA1:024",
    "X12-040": "TA1:024",
    "X12-041": "AK502:5",
}
"""Each code's own word in the acknowledgements, after the element that says it."""


class _Table(FaultTable):
    """Make faults that know their code in TA1, 997 and 999."""

    def __call__(self, code: str, message: str = "", **told: Unpack[Told]) -> Fault:
        """Return the fault with this code."""
        if code in _CODES and "standard" not in told:
            told["standard"] = _CODES[code]
        return super().__call__(code, message, **told)


fault = _Table(FAULTS)
