"""Read a large form with a file in one piece.

Werkzeug 3.1 parses `multipart/form-data` in pieces of 64 kB, and where a piece ends within an empty
field it joins that field with the next: of a page with a thousand rows some would be lost without a
word. Read in one piece, every field arrives; so the size is bounded first.
"""

import io
from dataclasses import dataclass
from typing import Final

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from canonical.faults import Fault
from gateway.punchout.faults import fault

MAX_BODY: Final = 3_500_000
MAX_FIELDS: Final = 5000
MULTIPART: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold what a form brought: its fields, and the bytes of its file, if any."""

    fields: MultiDict[str, str]
    file: bytes = b""


def sent_form() -> Sent | Fault:
    """Return the form of this request; a fault for one that is larger than any of ours."""
    request = flask.request
    request.max_content_length = request.max_form_memory_size = MAX_BODY
    try:
        content = request.get_data(cache=True)
        if request.mimetype != MULTIPART:
            return Sent(request.form)
        return _in_one_piece(content, request.mimetype_params.get("boundary", ""))
    except RequestEntityTooLarge:
        megabytes = (request.content_length or 0) / 1_000_000
        return fault("PUNCHOUT-107", found=f"{megabytes:.1f} MB")
    except ValueError as error:
        return fault("PUNCHOUT-106", found=str(error)[:100])


def _in_one_piece(content: bytes, boundary: str) -> Sent:
    parser = MultiPartParser(
        max_form_memory_size=MAX_BODY, max_form_parts=MAX_FIELDS, buffer_size=len(content) + 1
    )
    fields, files = parser.parse(io.BytesIO(content), boundary.encode("latin-1"), len(content))
    sent = files.get("file")
    if sent is None:
        return Sent(fields)
    with sent.stream:
        return Sent(fields, sent.stream.read())
