"""Blank what an interchange of EDIFACT keeps secret: the passwords in UNB (0022) and UNG (0058).

Each character becomes an X, so that every other byte stays where it is and faults point right.
"""

from collections.abc import Mapping
from typing import Final

from edi.cutting import Kind
from edi.edifact.lexer import Lexer
from edi.locating import Locator
from edi.text import EDIFACT, Slice

_SECRETS: Final[Mapping[str, int]] = {Kind.INTERCHANGE: 6, Kind.GROUP: 8}
"""The element that holds a password, by the segment of the envelope."""


def redacted(content: bytes) -> bytes:
    """Return `content` with every password blanked."""
    pieces, done = [], 0
    for token in Lexer((content,)):
        element = _SECRETS.get(token.kind)
        if element is None:
            continue
        piece = Slice("", "", token.raw, EDIFACT, token.separators, offset=token.offset)
        start, end = Locator(piece).span(1, element)
        if end > start:
            pieces += [content[done:start], b"X" * (end - start)]
            done = end
    return b"".join([*pieces, content[done:]]) if pieces else content
