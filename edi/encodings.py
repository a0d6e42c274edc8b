"""Say by which character sets a file of segments can be read, by the names people use for them.

Segments are cut before they are decoded, so only sets will do in which every separator is the one
byte that it is in ASCII: those of ISO 8859, of Windows and DOS, UTF-8, and the Asian ones that keep
ASCII where it is. UTF-16, EBCDIC and Python's transformations are none of these.
"""

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
