"""Say and read what became of an arrival.

Peppol defines no answer to a punchout login: the shopper's browser is shown the shop, or a page.
These small documents of our own are what the archive keeps of it.
"""

from typing import Final

from canonical.wire import Status, Verdict
from protocols.http_status import status_of
from protocols.xml import Element, escape_attribute, escape_text

NAME: Final = "Answer"


def write_answer(verdict: Verdict, message_id: str, detail: str) -> str:
    """Return the document that says `verdict` as a status of HTTP; `message_id` is its own."""
    status = status_of(verdict, detail)
    return (
        f'<{NAME} id="{escape_attribute(message_id)}" code="{status.code}" '
        f'text="{escape_attribute(status.text)}">{escape_text(detail)}</{NAME}>'
    )


def read_answer(root: Element) -> Status | None:
    """Return what an answer says, None when it is not one that we write."""
    code = root.get("code") or ""
    if not (code.isascii() and code.isdigit() and len(code) == 3):  # noqa: PLR2004 -- of HTTP
        return None
    return Status(code=int(code), text=root.get("text") or "", detail=root.text or None)
