"""Take the body of a request whole, up to a limit, and say when to come back.

A body is read before anything is answered: an answer before that would cut the connection, which
other requests of its sender may share.
"""

from typing import Final

import flask
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

RETRY_SECONDS: Final = 10
"""Told with `Retry-After` to who asks too often, and where the shop is busy."""


def read_body(request: flask.Request, limit: int) -> bytes:
    """Return the body, empty where the sender hung up.

    Raises `RequestEntityTooLarge` when it has more than `limit` bytes.
    """
    if request.content_length is not None and request.content_length > limit:
        raise RequestEntityTooLarge
    # A chunked body tells no length, and is cut at the maximum without a word: hence one more.
    request.max_content_length = limit + 1
    try:
        content = request.get_data(cache=False, parse_form_data=False)
    except ClientDisconnected:
        return b""
    if len(content) > limit:
        raise RequestEntityTooLarge
    return content
