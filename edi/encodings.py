"""Say by which character sets a file of segments can be read, by the names people use for them.

What a message is written in is decided by its syntax, and told as `Decided`.

Segments are cut before they are decoded, so only sets will do in which every separator is the one
byte that it is in ASCII: those of ISO 8859, of Windows and DOS, UTF-8, and the Asian ones that keep
ASCII where it is. UTF-16, EBCDIC and Python's transformations are none of these.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ASCII: Final = bytes(range(0x20, 0x7F))
_NOTATION: Final = "escape"
"""Python's own notations of text read a backslash as more than it is."""
_EVERY: Final = bytes(range(0x100))


@lru_cache(maxsize=256)
def encoding_named(name: str) -> str | None:
    """Return Python's name of a character set that segments can be cut in, None for any other."""
    if _NOTATION in name.lower():
        return None
    try:
        plain = _ASCII.decode(name) == _ASCII.decode("ascii") and "A'+~*".encode(name) == b"A'+~*"
        _EVERY.decode(name, "replace")
    except (LookupError, ValueError, TypeError):
        return None
    if not plain:
        return None
    return "utf-8" if name.lower().replace("_", "-") in {"utf-8", "utf8", "u8"} else name


@dataclass(frozen=True, slots=True)
class Stray:
    """Point at the first byte of a message that breaks a rule of its character set."""

    code: str
    at: int
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Hold what a message is really written in, and what has to be said about that."""

    codec: str
    strays: tuple[Stray, ...] = ()


def misfit(raw: bytes, codec: str) -> int | None:
    """Return where the first byte stands that is no character of a set; None: there is none."""
    try:
        raw.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return None
