"""Know the character sets of flat files: how they are named, and what Python calls them.

All of them have ASCII where ASCII has it, so lines are cut before they are decoded.
"""

from collections.abc import Mapping
from typing import Final

CHARSETS: Final[Mapping[str, str]] = {
    "UTF-8": "utf-8",
    "cp1252": "cp1252",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "cp850": "cp850",
    "us-ascii": "ascii",
}
"""What a schema may say; the Python name."""

MEDIA: Final[Mapping[str, str]] = {"cp1252": "windows-1252", "cp850": "IBM850"}
"""The names of IANA where ours are others."""

MARK: Final = b"\xef\xbb\xbf"
"""The byte order mark: what follows is UTF-8, whatever a schema says."""


def charset_of(name: str) -> str | None:
    """Return the name of a character set as a schema has it, however it is spelt; None: none."""
    plain = name.lower().replace("_", "-")
    plain = {"windows-1252": "cp1252", "latin-1": "iso-8859-1", "latin-9": "iso-8859-15",
             "ibm850": "cp850", "ascii": "us-ascii", "utf8": "utf-8"}.get(plain, plain)  # fmt: skip
    return next((one for one in CHARSETS if one.lower() == plain), None)
