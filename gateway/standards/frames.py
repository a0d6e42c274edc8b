"""Know what the rule process is asked and answers, and how that travels.

A frame is four bytes of length before MessagePack. A stylesheet comes along once and stays
compiled.
"""

import struct
from typing import Final

import msgspec

_LENGTH: Final = struct.Struct(">I")


class Request(msgspec.Struct, frozen=True):
    """Ask what the rule set `code` has against `document`; `stylesheet` if it is new there."""

    code: str
    document: bytes
    stylesheet: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """Name a rule that a document breaks, and where."""

    rule: str
    flag: str
    place: str
    text: str


class Reply(msgspec.Struct, frozen=True):
    """Hold what was broken, or why nothing could be said."""

    failures: tuple[Failure, ...] = ()
    problem: str = ""


def frame(message: msgspec.Struct) -> bytes:
    """Return a request or reply as it travels."""
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


def length_of(head: bytes) -> int:
    """Return how long the frame is that `head`, its first four bytes, begins."""
    return int(_LENGTH.unpack(head)[0])


HEAD: Final = _LENGTH.size
