"""List what can be wrong with an EDIFACT interchange around and between its messages.

`EDIFACT-001` to `-049` are found on reading, `-050` to `-099` on writing and in acknowledgements;
from `-100` on they are those of segments and elements, which all syntaxes share (`edi.faults`).
What real senders do every day without harm is a warning or a note; a count or reference that does
not match is an error, as the standard says, until a partner's profile lowers it.
"""

from typing import Final, Unpack

from canonical.faults import Fault, FaultKind, FaultTable, Severity, Told

FAULTS: Final = (
    FaultKind(code="EDIFACT-001", title="nothing was received"),
    FaultKind(
        code="EDIFACT-002",
        title="no interchange here",
        hint="an interchange begins with UNA or UNB, a bare message with UNH",
    ),
    FaultKind(
        code="EDIFACT-003",
        title="text between messages belongs to none and was skipped",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-004",
        title="a byte order mark stands before the interchange",
        severity=Severity.NOTE,
    ),
    FaultKind(
        code="EDIFACT-005",
        title="the separators that UNA announces cannot be used",
        severity=Severity.WARNING,
        hint="they must be different and neither letters, digits nor blank; those of the standard "
        "were taken",
    ),
    FaultKind(code="EDIFACT-006", title="the interchange ends without UNZ"),
    FaultKind(code="EDIFACT-007", title="the group ends without UNE"),
    FaultKind(
        code="EDIFACT-008",
        title="the message ends without UNT",
        hint="it may have been cut off: ask for it again",
    ),
    FaultKind(code="EDIFACT-009", title="UNT ends a message that never began"),
    FaultKind(code="EDIFACT-010", title="UNE ends a group that never began"),
    FaultKind(code="EDIFACT-011", title="UNZ ends an interchange that never began"),
    FaultKind(code="EDIFACT-012", title="UNB lacks what every interchange must tell"),
    FaultKind(
        code="EDIFACT-013",
        title="the syntax identifier names no character set that is known",
        hint="UNOA to UNOL, UNOW to UNOY and KECA are; the partner's profile may say how to read",
    ),
    FaultKind(code="EDIFACT-014", title="the syntax version is none of 1 to 4"),
    FaultKind(
        code="EDIFACT-015",
        title="a message without interchange around it",
        severity=Severity.NOTE,
    ),
    FaultKind(code="EDIFACT-016", title="the number of messages or groups in UNZ is not that sent"),
    FaultKind(code="EDIFACT-017", title="UNZ names another interchange than UNB"),
    FaultKind(code="EDIFACT-018", title="the number of messages in UNE is not that sent"),
    FaultKind(code="EDIFACT-019", title="UNE names another group than UNG"),
    FaultKind(code="EDIFACT-020", title="the number of segments in UNT is not that sent"),
    FaultKind(code="EDIFACT-021", title="UNT names another message than UNH"),
    FaultKind(code="EDIFACT-022", title="UNH lacks what every message must tell"),
    FaultKind(
        code="EDIFACT-023",
        title="the reference of the message was used before in this interchange",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-024",
        title="messages stand beside groups in one interchange",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-025",
        title="the date or time of preparation is none",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-026",
        title="a segment is longer than any can be and was left out",
        hint="a segment terminator seems to be missing",
    ),
    FaultKind(
        code="EDIFACT-027",
        title="the last segment has no terminator",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-028",
        title="text in UTF-8 under another character set's name was read as UTF-8",
        severity=Severity.WARNING,
        hint="UTF-8 is UNOY or UNOW, which need syntax version 4",
    ),
    FaultKind(
        code="EDIFACT-029",
        title="text in Windows-1252 under another character set's name was read as such",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-030",
        title="a character is not in the character set that UNB declares",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-031",
        title="bytes are no characters of the set that UNB declares",
        hint="they were read as Latin-1; the partner's profile may name the character set",
    ),
    FaultKind(
        code="EDIFACT-032",
        title="a control character stands in the data",
        severity=Severity.WARNING,
    ),
    FaultKind(
        code="EDIFACT-033",
        title="a release character stands where nothing needs it and was left out",
        severity=Severity.NOTE,
        hint="a release character that is data is written twice",
    ),
    FaultKind(code="EDIFACT-034", title="the interchange holds no message"),
    FaultKind(
        code="EDIFACT-035",
        title="interactive interchanges and object packages are not read",
        hint="send batch messages, which begin with UNB and UNH",
    ),
    FaultKind(code="EDIFACT-036", title="UNG lacks what every group must tell"),
    FaultKind(
        code="EDIFACT-037",
        title="the message is of a directory that is not installed",
        hint="gateway edi directory import takes the archive of the UN",
    ),
    FaultKind(code="EDIFACT-038", title="the directory does not have this message"),
    FaultKind(
        code="EDIFACT-039",
        title="more messages than are taken in at once",
        hint="send them in several interchanges of less than 50,000 messages",
    ),
    FaultKind(
        code="EDIFACT-040",
        title="more is wrong around the messages than is told here",
        hint="mend what is told and send it again",
    ),
    FaultKind(
        code="EDIFACT-041",
        title="the message is too long to be taken in",
        hint="send it in several messages of less than 64 MB",
    ),
    FaultKind(
        code="EDIFACT-050",
        title="a character cannot be written in the agreed character set",
        hint="agree on UNOC or UNOY, or name a substitute in the partner's profile",
    ),
    FaultKind(
        code="EDIFACT-051",
        title="a character was replaced that the agreed character set does not hold",
        severity=Severity.NOTE,
    ),
)

_SYNTAX_ERRORS: Final = {
    "EDIFACT-001": "18",
    "EDIFACT-002": "18",
    "EDIFACT-003": "33",
    "EDIFACT-005": "22",
    "EDIFACT-006": "13",
    "EDIFACT-007": "13",
    "EDIFACT-008": "13",
    "EDIFACT-009": "33",
    "EDIFACT-010": "33",
    "EDIFACT-011": "33",
    "EDIFACT-012": "13",
    "EDIFACT-013": "2",
    "EDIFACT-014": "2",
    "EDIFACT-016": "29",
    "EDIFACT-017": "28",
    "EDIFACT-018": "29",
    "EDIFACT-019": "28",
    "EDIFACT-020": "29",
    "EDIFACT-021": "28",
    "EDIFACT-022": "13",
    "EDIFACT-023": "26",
    "EDIFACT-024": "30",
    "EDIFACT-025": "12",
    "EDIFACT-026": "39",
    "EDIFACT-027": "13",
    "EDIFACT-028": "21",
    "EDIFACT-029": "21",
    "EDIFACT-030": "21",
    "EDIFACT-031": "21",
    "EDIFACT-032": "21",
    "EDIFACT-033": "22",
    "EDIFACT-034": "32",
    "EDIFACT-035": "47",
    "EDIFACT-036": "13",
    "EDIFACT-037": "15",
    "EDIFACT-038": "15",
    "EDIFACT-039": "36",
    "EDIFACT-040": "18",
    "EDIFACT-041": "39",
}
"""Each code's own word in CONTRL: code list 0085, "Syntax error, coded"."""


class _Table(FaultTable):
    """Make faults that know their code in CONTRL."""

    def __call__(self, code: str, message: str = "", **told: Unpack[Told]) -> Fault:
        """Return the fault with this code."""
        word = _SYNTAX_ERRORS.get(code)
        if word is not None and "standard" not in told:
            told["standard"] = f"0085:{word}"
        return super().__call__(code, message, **told)


fault = _Table(FAULTS)
