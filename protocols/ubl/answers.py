"""Say and read what became of an arrival.

Peppol defines no answer to a punchout login: the shopper's browser is shown the shop, or a page.
These small documents of our own are what the archive keeps of it.
"""

from typing import Final

from canonical.wire import Status, Verdict
from protocols.xml import Element, escape_attribute, escape_text

NAME: Final = "Answer"

STATUSES: Final[dict[Verdict, tuple[int, str]]] = {
    Verdict.ACCEPTED: (200, "OK"),
    Verdict.RECEIVED: (202, "Accepted"),
    Verdict.NO_CHANGE: (204, "No Content"),
    Verdict.INVALID: (400, "Bad Request"),
    Verdict.UNAUTHENTICATED: (401, "Unauthorized"),
    Verdict.FORBIDDEN: (403, "Forbidden"),
    Verdict.UNREADABLE: (400, "Bad Request"),
    Verdict.CONFLICT: (409, "Conflict"),
    Verdict.PRECONDITION: (412, "Precondition Failed"),
    Verdict.EXPECTATION: (417, "Expectation Failed"),
    Verdict.UNSUPPORTED: (501, "Not Implemented"),
    Verdict.SIGNATURE_REQUIRED: (401, "Signature Required"),
    Verdict.SIGNATURE_INVALID: (401, "Signature Invalid"),
    Verdict.SIGNATURE_UNACCEPTABLE: (401, "Signature Unacceptable"),
    Verdict.ERROR: (500, "Internal Server Error"),
    Verdict.CORE_UNREACHABLE: (503, "Service Unavailable"),
    Verdict.MISCONFIGURED: (500, "Internal Server Error"),
    Verdict.BUSY: (503, "Service Unavailable"),
}
"""Every verdict as a status of HTTP, which is what a browser understands."""


def write_answer(verdict: Verdict, message_id: str, detail: str) -> str:
    """Return the document that says `verdict`; `message_id` is its own."""
    code, text = STATUSES[verdict]
    return (
        f'<{NAME} id="{escape_attribute(message_id)}" code="{code}" '
        f'text="{escape_attribute(text)}">{escape_text(detail)}</{NAME}>'
    )


def read_answer(root: Element) -> Status | None:
    """Return what an answer says, None when it is not one that we write."""
    code = root.get("code") or ""
    if not (code.isascii() and code.isdigit() and len(code) == 3):  # noqa: PLR2004 -- of HTTP
        return None
    return Status(code=int(code), text=root.get("text") or "", detail=root.text or None)
