"""Blank the secrets of a call before it is archived.

The password comes in the address, under a name that each partner may choose; the bytes alone do not
say which. So what is known to hold no secret stays and every other value is blanked: a lost detail
costs less than a kept secret. What goes home in a cart is our own and stays whole.
"""

from typing import Final
from urllib.parse import unquote_to_bytes

from protocols import form
from protocols.oci import catalogue, parameters, status

BLANK: Final = b"***"
_ITEM: Final = b"NEW_ITEM"
_OWN: Final = ("NEW_ITEM", "HEADER-", "XMLDOCUMENT")


def redacted(content: bytes, media_type: str) -> bytes:
    """Return `content` with every value blanked that may be a secret; never raises."""
    if status.is_json(media_type):
        ours = status.read(content) is not None or not catalogue.read(content).faults
        return content if ours else f"[{len(content)} bytes of JSON withheld]".encode("ascii")
    return b"&".join(_piece(piece) for piece in content.split(b"&"))


def _piece(piece: bytes) -> bytes:
    name, equals, value = piece.partition(b"=")
    if equals and name.startswith(_ITEM):
        return piece  # nearly all of a cart, and never a parameter of the call
    folded = _folded(name)
    if not equals:
        return piece if not folded or folded in parameters.SAFE else BLANK
    known = folded in parameters.SAFE or folded.startswith(_OWN)
    tells = folded == parameters.HOOK_URL and form.address_tells(_folded(value))
    return piece if not value or (known and not tells) else name + b"=" + BLANK


def _folded(text: bytes) -> str:
    """Return text as names are looked up, whatever its escapes."""
    plain = unquote_to_bytes(text.strip().removeprefix(b"?").replace(b"+", b" "))
    return form.fold(plain.decode("utf-8", "replace"))
