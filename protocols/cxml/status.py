"""Say in cXML's status codes what became of an interchange.

A refusal travels inside HTTP 200 as a Response: anything else counts as a transport error, and is
retried (cXML User's Guide, "Response").
"""

from typing import Final

from canonical.wire import Status, Verdict
from protocols.xml import escape_attribute, escape_text

STATUSES: Final[tuple[tuple[Verdict, int, str], ...]] = (
    (Verdict.ACCEPTED, 200, "OK"),
    (Verdict.RECEIVED, 201, "Accepted"),
    (Verdict.NO_CHANGE, 204, "No Content"),
    (Verdict.INVALID, 400, "Bad Request"),
    (Verdict.UNAUTHENTICATED, 401, "Unauthorized"),
    (Verdict.FORBIDDEN, 403, "Forbidden"),
    (Verdict.UNREADABLE, 406, "Not Acceptable"),
    (Verdict.CONFLICT, 409, "Conflict"),
    (Verdict.PRECONDITION, 412, "Precondition Failed"),
    (Verdict.EXPECTATION, 417, "Expectation Failed"),
    (Verdict.UNSUPPORTED, 450, "Not Implemented"),
    (Verdict.SIGNATURE_REQUIRED, 475, "Signature Required"),
    (Verdict.SIGNATURE_INVALID, 476, "Signature Verification Failed"),
    (Verdict.SIGNATURE_UNACCEPTABLE, 477, "Signature Unacceptable"),
    (Verdict.ERROR, 500, "Internal Server Error"),
    (Verdict.CORE_UNREACHABLE, 550, "Unable to reach cXML server"),
    (Verdict.MISCONFIGURED, 551, "Unable to forward request"),
    (Verdict.BUSY, 560, "Temporary server error"),
    (Verdict.THROTTLED, 560, "Temporary server error"),
)
"""Verdict, code and text, in the order of the codes."""

_BY_VERDICT: Final = {verdict: (code, text) for verdict, code, text in STATUSES}


def status_of(verdict: Verdict, detail: str = "") -> Status:
    """Return the status that says `verdict`."""
    code, text = _BY_VERDICT[verdict]
    return Status(code=code, text=text, detail=detail or None)


def write(status: Status) -> str:
    """Return the `Status` element."""
    start = f'<Status code="{status.code}" text="{escape_attribute(status.text)}"'
    return f"{start}>{escape_text(status.detail)}</Status>" if status.detail else f"{start}/>"
