"""Undo base64 that came in the field of a form, with the damage that forms do to it.

A `+` turned into a blank, padding lost, lines folded, the alphabet of addresses: all of it is met,
and none of it leaves a doubt about the bytes that were meant (RFC 4648 sections 4 and 5).
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

_PADDING: Final = re.compile(rb"=[=\s]*\Z")
_ALPHABET: Final = bytes.maketrans(b"-_ ", b"+/+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Hold the bytes, or in `error` why there are none; `mended` tells damage."""

    content: bytes | None = field(repr=False)
    mended: bool = False
    error: str = ""


def decode(value: str) -> Decoded:
    """Return what base64 in `value` stands for; blanks before it are none of a `+`."""
    data = value.lstrip().rstrip("\t\r\n").encode("ascii", "replace")
    padding = _PADDING.search(data)
    joined = b"".join(data[: padding.start() if padding else None].splitlines())
    lines = joined.translate(_ALPHABET)
    try:
        content = binascii.a2b_base64(lines + b"=" * (-len(lines) % 4), strict_mode=True)
    except binascii.Error as error:
        return Decoded(None, error=str(error))
    return Decoded(content, "".join(value.split()) != encode(content))


def encode(content: bytes) -> str:
    """Return `content` in base64 without line breaks."""
    return base64.b64encode(content).decode("ascii")
