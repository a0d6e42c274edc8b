"""Hold every fault of the UBL codec that is not one of XML itself."""

from typing import Final

from canonical.faults import FaultKind, FaultTable, Severity

_WARNING: Final = Severity.WARNING

FAULTS: Final = (
    FaultKind(
        code="UBL-001",
        title="the login names no user",
        hint="`ubl.parameters` of partner.yaml says what the parameters are called",
    ),
    FaultKind(code="UBL-002", title="the login has no password"),
    FaultKind(code="UBL-003", title="two parameters of the login say the same thing differently"),
    FaultKind(
        code="UBL-004", title="the login names no return address, so no cart can go home"
    ),
    FaultKind(
        code="UBL-010",
        title="a document that is not understood here",
        hint="what is read is the cart of Peppol BIS Punch Out 3",
    ),
    FaultKind(
        code="UBL-011",
        title="the form holds no cart",
        hint="`ubl.cart_field` of partner.yaml names the field",
    ),
    FaultKind(code="UBL-012", title="the cart's field is not base64"),
    FaultKind(
        code="UBL-013",
        title="the base64 of the cart's field had to be mended",
        severity=_WARNING,
        hint="write base64 of RFC 4648 section 4, padding included, and escape nothing in it",
    ),
    FaultKind(code="UBL-020", title="a part is missing that Peppol requires"),
    FaultKind(code="UBL-021", title="a value that Peppol does not allow"),
    FaultKind(code="UBL-022", title="something stands twice that may stand once"),
    FaultKind(
        code="UBL-030",
        title="the official rules refuse the document",
        hint="the message begins with the rule's own name, which Peppol documents",
    ),
    FaultKind(
        code="UBL-031", title="the official rules warn of the document", severity=_WARNING
    ),
    FaultKind(
        code="UBL-032",
        title="the installed rules could not judge",
        severity=_WARNING,
        hint="`gateway standards list` shows what is installed; the document was not held back",
    ),
)  # fmt: skip
"""Every fault of this package, by code."""

fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""
