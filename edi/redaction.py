"""Blank what the envelope of an interchange keeps secret: passwords, and who may use them.

Each byte becomes an X, so that every other one stays where it is and faults point right. What is in
the archive is read once more, and nothing may be wrong with it then that was right: separators in a
composite stay, and what is released still counts as one character.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from edi.cutting import Kind, Token
from edi.locating import Locator
from edi.text import Separators, Slice

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
                pieces += [content[done:start], _blanked(secret, own)]
                done = start + len(secret)
    return b"".join([*pieces, content[done:]]) if pieces else content


def _blanked(secret: bytes, own: Separators) -> bytes:
    """Return an X for each byte but separators; a released character is told by its release."""
    return _data(own).sub(
        lambda found: found["kept"] or (found["release"] or b"X") * len(found[0]), secret
    )


@lru_cache(maxsize=256)
def _data(own: Separators) -> re.Pattern[bytes]:
    """Return what matches one character, of those that stay `kept`, of a pair its `release`.

    Element 0025 stays: AA and BB say what kind of secret stands before them.
    """
    component, repetition, release = (
        re.escape((sign or "").encode("latin-1"))
        for sign in (own.component, own.repetition, own.release)
    )
    kept = rb"(?P<kept>%s(?:AA|BB)\Z|[%s%s])" % (component, component, repetition)
    pair = rb"(?P<release>%s)." % (release or b"(?!)")
    return re.compile(b"%s|%s|." % (pair, kept), re.DOTALL)
