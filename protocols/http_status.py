"""Say in the status codes of HTTP what became of a call.

For protocols without a code of their own for it (OCI, Peppol Punch Out): what a program or the
archive reads there is a number of RFC 9110 and its phrase. Busy and unreachable are 503, for the
same call may do later; only who calls too often himself gets 429. What is wrong in our own set-up
is a plain 500: no waiting mends it. A browser is shown 403 where this says 401, which HTTP allows
only together with a challenge.
"""

from typing import Final

from canonical.wire import Status, Verdict

STATUSES: Final[tuple[tuple[Verdict, int, str], ...]] = (
    (Verdict.ACCEPTED, 200, "OK"),
    (Verdict.RECEIVED, 202, "Accepted"),
    (Verdict.NO_CHANGE, 204, "No Content"),
    (Verdict.INVALID, 400, "Bad Request"),
    (Verdict.UNREADABLE, 400, "Bad Request"),
    (Verdict.UNAUTHENTICATED, 401, "Unauthorized"),
    (Verdict.SIGNATURE_REQUIRED, 401, "Unauthorized"),
    (Verdict.SIGNATURE_INVALID, 401, "Unauthorized"),
    (Verdict.SIGNATURE_UNACCEPTABLE, 401, "Unauthorized"),
    (Verdict.FORBIDDEN, 403, "Forbidden"),
    (Verdict.CONFLICT, 409, "Conflict"),
    (Verdict.PRECONDITION, 412, "Precondition Failed"),
    (Verdict.EXPECTATION, 417, "Expectation Failed"),
    (Verdict.THROTTLED, 429, "Too Many Requests"),
    (Verdict.ERROR, 500, "Internal Server Error"),
    (Verdict.MISCONFIGURED, 500, "Internal Server Error"),
    (Verdict.UNSUPPORTED, 501, "Not Implemented"),
    (Verdict.BUSY, 503, "Service Unavailable"),
    (Verdict.CORE_UNREACHABLE, 503, "Service Unavailable"),
)
"""Verdict, status of HTTP and its phrase, in the order of the codes."""

_BY_VERDICT: Final = {verdict: (code, text) for verdict, code, text in STATUSES}


def status_of(verdict: Verdict, detail: str = "") -> Status:
    """Return the status that says `verdict`."""
    code, text = _BY_VERDICT[verdict]
    return Status(code=code, text=text, detail=detail or None)
