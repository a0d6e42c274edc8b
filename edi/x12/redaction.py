"""Blank what an interchange of X12 keeps secret: ISA02 and ISA04, authorisation and password.

Each character becomes an X, so that every other byte stays where it is and faults point right.
"""

from typing import Final

from edi.cutting import Kind
from edi.locating import Locator
from edi.text import X12, Slice
from edi.x12.lexer import Lexer

_SECRETS: Final = (2, 4)


def redacted(content: bytes) -> bytes:
    """Return `content` with every authorisation and password blanked; blanks stay blank."""
    pieces, done = [], 0
    for token in Lexer((content,)):
        if token.kind != Kind.INTERCHANGE:
            continue
        piece = Slice("", "", token.raw, X12, token.separators, offset=token.offset)
        locator = Locator(piece)
        for element in _SECRETS if token.whole else ():
            start, end = locator.span(1, element)
            secret = content[start:end].rstrip()
            if secret:
                pieces += [content[done:start], b"X" * len(secret)]
                done = start + len(secret)
    return b"".join([*pieces, content[done:]]) if pieces else content
