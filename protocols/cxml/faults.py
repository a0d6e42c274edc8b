"""Hold every fault of the cXML codec that is not one of XML itself."""

from typing import Final

from canonical.faults import FaultKind, FaultTable, Severity

_WARNING: Final = Severity.WARNING

FAULTS: Final = (
    FaultKind(
        code="CXML-001",
        title="the root element is no cXML",
        hint="the root must be <cXML>, spelt so",
    ),
    FaultKind(code="CXML-002", title="the document holds no message"),
    FaultKind(code="CXML-003", title="a request without Header"),
    FaultKind(
        code="CXML-004",
        title="no payloadID",
        severity=_WARNING,
        hint="without payloadID a repetition cannot be told from a new document",
    ),
    FaultKind(code="CXML-005", title="no timestamp", severity=_WARNING),
    FaultKind(
        code="CXML-006",
        title="timestamp not as cXML writes it",
        severity=_WARNING,
        hint="write 2026-05-19T18:29:48+02:00, with offset; Z is not allowed",
    ),
    FaultKind(code="CXML-007", title="a party without Credential", severity=_WARNING),
    FaultKind(code="CXML-008", title="a Credential without Identity", severity=_WARNING),
    FaultKind(code="CXML-009", title="no UserAgent", severity=_WARNING),
    FaultKind(
        code="CXML-010",
        title="unknown deploymentMode",
        severity=_WARNING,
        hint="only production and test exist; it was read as production",
    ),
    FaultKind(code="CXML-011", title="more than one message in the document"),
    FaultKind(code="CXML-012", title="a Response without Status"),
    FaultKind(code="CXML-013", title="a Status whose code is no number"),
    FaultKind(code="CXML-020", title="a multipart body without usable boundary"),
    FaultKind(code="CXML-021", title="a multipart body without cXML part"),
    FaultKind(code="CXML-022", title="a part without Content-ID", severity=_WARNING),
    FaultKind(
        code="CXML-023",
        title="unknown Content-Transfer-Encoding",
        hint="use binary, 8bit, base64 or quoted-printable",
    ),
    FaultKind(code="CXML-024", title="a part that cannot be decoded"),
    FaultKind(
        code="CXML-025",
        title="a cid: reference without part",
        hint="send the attachment in the same multipart, under that Content-ID",
    ),
    FaultKind(code="CXML-026", title="two parts with the same Content-ID"),
    FaultKind(code="CXML-027", title="more parts than allowed"),
    FaultKind(
        code="CXML-028", title="a multipart body without closing boundary", severity=_WARNING
    ),
    FaultKind(code="CXML-030", title="unknown value of an attribute that decides"),
    FaultKind(code="CXML-031", title="missing part without which the message is useless"),
    FaultKind(code="CXML-032", title="missing part that the DTD requires", severity=_WARNING),
    FaultKind(
        code="CXML-033",
        title="children in another order than the DTD wants",
        severity=_WARNING,
    ),
    FaultKind(code="CXML-034", title="a child that the DTD does not know", severity=_WARNING),
    FaultKind(code="CXML-035", title="unknown value of an attribute", severity=_WARNING),
    FaultKind(
        code="CXML-070",
        title="the form holds no cXML",
        hint="post a field named cXML-base64 or cXML-urlencoded",
    ),
    FaultKind(code="CXML-071", title="the field cXML-base64 is not base64"),
    FaultKind(
        code="CXML-072",
        title="the field was escaped twice",
        severity=_WARNING,
        hint="escape the document once, as an HTML attribute value",
    ),
    FaultKind(
        code="CXML-073",
        title="characters beyond us-ascii in cXML-urlencoded",
        severity=_WARNING,
        hint="write them as numeric references, or use cXML-base64",
    ),
    FaultKind(
        code="CXML-074",
        title="the base64 of the field had to be mended",
        severity=_WARNING,
        hint="write base64 of RFC 4648 section 4, padding included, and escape nothing in it",
    ),
)
"""Every fault of this package, by code."""

fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""
