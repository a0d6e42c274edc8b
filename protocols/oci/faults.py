"""Hold every fault of the OCI codec that is not one of forms or of XML."""

from typing import Final

from canonical.faults import FaultKind, Severity
from protocols.form import FieldFaults

_WARNING: Final = Severity.WARNING

FAULTS: Final = (
    FaultKind(
        code="OCI-001",
        title="the call names no user",
        hint="send USERNAME, or name the partner's own parameter in oci.parameters",
    ),
    FaultKind(
        code="OCI-002",
        title="the call has no HOOK_URL, so no cart can go home",
        hint="send HOOK_URL, or name the partner's own parameter in oci.parameters",
    ),
    FaultKind(code="OCI-003", title="an unknown FUNCTION"),
    FaultKind(code="OCI-004", title="a parameter that the FUNCTION needs is missing"),
    FaultKind(code="OCI-005", title="neither a call of a catalogue nor a cart"),
    FaultKind(
        code="OCI-006",
        title="an OCI_VERSION that we do not know",
        severity=_WARNING,
        hint="the version in the partner's file holds",
    ),
    FaultKind(
        code="OCI-010",
        title="JSON that is no answer of a catalogue",
    ),
    FaultKind(code="OCI-011", title="the XML field is not base64"),
    FaultKind(code="OCI-012", title="the XML field holds no cart"),
    FaultKind(
        code="OCI-020",
        title="an item field that cannot be read",
        severity=_WARNING,
        hint="item fields are spelt NEW_ITEM-DESCRIPTION[1]; this one was left out",
    ),
    FaultKind(
        code="OCI-021",
        title="items are not numbered from the first without a hole",
        severity=_WARNING,
        hint="a buyer's system stops at the first number that is missing; number them from 1 on",
    ),
    FaultKind(
        code="OCI-022",
        title="a number with a comma",
        severity=_WARNING,
        hint="OCI writes numbers with a dot and nothing between thousands; it was read so",
    ),
    FaultKind(
        code="OCI-023",
        title="a field of an item given twice",
        severity=_WARNING,
        hint="the first value was read",
    ),
    FaultKind(
        code="OCI-030",
        title="a field longer than OCI has room for",
        hint="the buyer's system cuts it or refuses the item; shorten it in the mapping",
    ),
    FaultKind(
        code="OCI-031",
        title="not a number",
        hint="write digits with a dot, nothing between thousands",
    ),
    FaultKind(
        code="OCI-032",
        title="more decimals than OCI has room for",
        hint="the buyer's system would round it; price a larger base quantity instead",
    ),
    FaultKind(code="OCI-033", title="more digits than OCI has room for"),
    FaultKind(code="OCI-034", title="a mandatory field is missing"),
    FaultKind(
        code="OCI-035",
        title="the unit is no ISO code",
        hint="OCI takes the three letters of UN/ECE Recommendation 20, such as PCE or KGM",
    ),
    FaultKind(code="OCI-036", title="a value that OCI does not know"),
    FaultKind(
        code="OCI-037",
        title="a field that OCI does not know",
        severity=_WARNING,
        hint="allow it in oci.custom_fields if the buyer's system takes it",
    ),
    FaultKind(
        code="OCI-038",
        title="a field that this version of OCI does not know",
        severity=_WARNING,
        hint="the buyer's system may refuse the item; set oci.version to what it speaks",
    ),
    FaultKind(
        code="OCI-039",
        title="a character that the form's charset does not hold",
        severity=_WARNING,
        hint="it arrives as a character reference; agree on UTF-8 with the buyer",
    ),
)
"""Every fault of this package, by code."""

fault: Final = FieldFaults(FAULTS)
"""Make a fault of this table by its code; `path` is the field's name as it is sent."""
