"""List what can be wrong with an EDIFACT interchange around and between its messages.

What X12 knows too stands in `edi.envelope_faults`; here is what it does not: the string UNA,
declared character sets, release characters, directories of the UN.
"""

from typing import Final

from canonical.faults import FaultKind, Severity
from edi.envelope_faults import EnvelopeFaults, Names, codes_in_contrl, kinds_around

_NAMES: Final = Names(
    interchange="UNB",
    interchange_end="UNZ",
    group="UNG",
    group_end="UNE",
    message="UNH",
    message_end="UNT",
    counted="messages or groups",
    beginning="an interchange begins with UNA or UNB, a bare message with UNH",
    unique="the reference of the message was used before in this interchange",
    charset="that UNB declares",
)

FAULTS: Final = kinds_around(
    "EDIFACT",
    _NAMES,
    FaultKind(
        code="EDIFACT-005",
        title="the separators that UNA announces cannot be used",
        severity=Severity.WARNING,
        hint="they must be different and neither letters, digits nor blank; those of the standard "
        "were taken",
    ),
    FaultKind(
        code="EDIFACT-013",
        title="the syntax identifier names no character set that is known",
        hint="UNOA to UNOL, UNOW to UNOY and KECA are; the partner's profile may say how to read",
    ),
    FaultKind(code="EDIFACT-014", title="the syntax version is none of 1 to 4"),
    FaultKind(
        code="EDIFACT-024",
        title="messages stand beside groups in one interchange",
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
        code="EDIFACT-033",
        title="a release character stands where nothing needs it and was left out",
        severity=Severity.NOTE,
        hint="a release character that is data is written twice",
    ),
    FaultKind(
        code="EDIFACT-035",
        title="interactive interchanges and object packages are not read",
        hint="send batch messages, which begin with UNB and UNH",
    ),
    FaultKind(
        code="EDIFACT-037",
        title="the message is of a directory that is not installed",
        hint="gateway edi directory import takes the archive of the UN",
    ),
    FaultKind(code="EDIFACT-038", title="the directory does not have this message"),
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

_OWN: Final = {
    "EDIFACT-005": "0085:20",
    "EDIFACT-013": "0085:2",
    "EDIFACT-014": "0085:2",
    "EDIFACT-024": "0085:30",
    "EDIFACT-028": "0085:21",
    "EDIFACT-029": "0085:21",
    "EDIFACT-030": "0085:21",
    "EDIFACT-033": "0085:22",
    "EDIFACT-035": "0085:47",
    "EDIFACT-037": "0085:14",
    "EDIFACT-038": "0085:14",
}
"""The code of each kind of our own in list 0085, "Syntax error, coded"."""

fault = EnvelopeFaults(FAULTS, codes_in_contrl() | _OWN)
