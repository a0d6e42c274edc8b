"""Blank what the envelope of an interchange keeps secret: passwords, and who may use them.

Each byte becomes an X, so that every other one stays where it is and faults point right. What is in
the archive is read once more, and nothing may be wrong with it then that was right: separators in a
composite stay, and what is released still counts as one character. A header that nobody can read
holds its password as well: it is looked for by its tag, and the sign behind that counts elements.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

from edi.cutting import Kind, Token
from edi.locating import Locator
from edi.text import Separators, Slice

Secrets = Mapping[Kind, tuple[int, ...]]
"""The elements that are secret, by the segment of the envelope."""

_DAMAGED: Final[Mapping[bytes, tuple[int, ...]]] = {b"ISA": (2, 4), b"UNB": (6,), b"UNG": (8,)}
"""The same by tag, in whichever syntax it was taken for."""
_TAG: Final = re.compile(rb"(ISA|UNB|UNG)\s*([^0-9a-z\s])", re.IGNORECASE)
_TAG_IN_DATA: Final = re.compile(rb"(ISA(?=\W\d\d\W)|UNB(?=\WUN[A-Z]{2}\W))(\W)", re.IGNORECASE)
"""In a message that was cut off another interchange may begin anywhere, and names have letters."""
_FAR: Final = 1000
"""In how many bytes from its tag a secret is looked for: no header is as long."""


def redacted(content: bytes, tokens: Iterable[Token], secrets: Secrets) -> bytes:
    """Return `content` with every secret blanked; blanks behind one stay blank."""
    kept = None
    for token in tokens:
        for start, end, own in _found(content, token, secrets):
            secret = content[start:end].rstrip()
            if secret:
                kept = kept or bytearray(content)
                kept[start : start + len(secret)] = _blanked(secret, own)
    return content if kept is None else bytes(kept)


def _found(
    content: bytes, token: Token, secrets: Secrets
) -> Iterator[tuple[int, int, Separators | None]]:
    """Give where secrets begin and end in a token, with what separates there, if that is known."""
    if not token.whole or token.kind in {Kind.JUNK, Kind.ENDLESS}:
        for start, end in _in_damage(content, token):
            yield start, end, None
        return
    elements = secrets.get(token.kind)
    if elements is not None:
        own = token.separators
        locator = Locator(Slice("", "", token.raw, own, own, offset=token.offset))
        yield from ((*locator.span(1, element), own) for element in elements)


def _in_damage(content: bytes, token: Token) -> Iterator[tuple[int, int]]:
    """Give where secrets begin and end in what cannot be read; what ends their segment stays."""
    stop = token.offset + token.size
    ends = b"'~\r\n\t " + token.separators.terminator.encode("latin-1")
    tags = _TAG_IN_DATA if token.kind is Kind.MESSAGE else _TAG
    for header in tags.finditer(content, token.offset, stop):
        tag, sign = header[1].upper(), header[2]
        elements = _elements(sign, b"" if tag == b"ISA" else rb"\?.|")
        secret = _DAMAGED[tag]
        walk = elements.finditer(content, header.start(2), min(stop, header.start() + _FAR))
        for number, found in enumerate(islice(walk, max(secret)), start=1):
            if number in secret:
                yield found.start(1), found.start(1) + len(found[1].rstrip(ends))


def _elements(sign: bytes, released: bytes) -> re.Pattern[bytes]:
    """Return what matches one element with the sign before it."""
    sign = re.escape(sign)
    return re.compile(b"%s((?:%s[^%s])*+)" % (sign, released, sign), re.DOTALL)


def _blanked(secret: bytes, own: Separators | None) -> bytes:
    """Return an X for each byte but separators; a released character is told by its release."""
    if own is None:
        return b"X" * len(secret)
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
