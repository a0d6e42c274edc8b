"""Blank what the envelope of an interchange keeps secret: passwords, and who may use them.

Each character becomes an X, so that every other byte stays where it is and faults point right.
"""

from collections.abc import Iterable, Mapping

from edi.cutting import Kind, Token
from edi.locating import Locator
from edi.text import Slice

Secrets = Mapping[Kind, tuple[int, ...]]
"""The elements that are secret, by the segment of the envelope."""


def redacted(content: bytes, tokens: Iterable[Token], secrets: Secrets) -> bytes:
    """Return `content` with every secret blanked; blanks behind one stay blank."""
    pieces, done = [], 0
    for token in tokens:
        elements = secrets.get(token.kind) if token.whole else None
        if elements is None:
            continue
        own = token.separators
        locator = Locator(Slice("", "", token.raw, own, own, offset=token.offset))
        for element in elements:
            start, end = locator.span(1, element)
            secret = content[start:end].rstrip()
            if secret:
                pieces += [content[done:start], b"X" * len(secret)]
                done = start + len(secret)
    return b"".join([*pieces, content[done:]]) if pieces else content
