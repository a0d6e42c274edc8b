"""Tell the shape of a small document of ours: all that its faults can depend on.

A DTD says nothing of what stands in a text, nor of the value of an attribute that it declares as
plain CDATA. So of two documents that differ only in texts that are not blank, and in such values,
both are well-formed and valid or neither is, as long as no character in them means anything to
XML. Hence what is replaced here is free of `<`, `>`, `&` and control characters. A document with
anything that might hide one (CDATA, comments, single quotes) or that names a file (`cid:`) has no
shape, and neither has one in another encoding than UTF-8.
"""

import re
from typing import Final

from canonical.wire import Payload

MAX_BYTES: Final = 4096
"""Larger documents are carts and the like, of which hardly two have one shape."""
FREE: Final = ("payloadID", "timestamp")
"""Attributes whose values do not belong to the shape; a DTD has to leave them free."""

_UNSAFE: Final = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f\xed\xef"
"""What is left as it is: also the first bytes of surrogates and of U+FFFE."""
_TEXT: Final = re.compile(
    rb">[ \t\r\n]*[^ \t\r\n" + _UNSAFE + rb"][^" + _UNSAFE + rb"]*<",
)
_VALUE: Final = re.compile(rb' (payloadID|timestamp)="[^"' + _UNSAFE + rb']*"')
_MEDIA_TYPE: Final = "text/xml; charset=utf-8"


def shape_of(payload: Payload) -> bytes | None:
    """Return the shape of a document, or None where it has none."""
    content = payload.content
    if len(content) > MAX_BYTES or payload.media_type.lower() != _MEDIA_TYPE:
        return None
    if b"cid:" in content.lower():
        return None
    shape = _VALUE.sub(rb' \1="x"', _TEXT.sub(b">x<", content))
    if b"'" in shape or shape.count(b"<!") > 1 or shape.count(b"<?") > 1:
        return None
    return shape
