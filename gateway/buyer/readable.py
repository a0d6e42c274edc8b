"""Lay a message out for people to read: an XML document indented, anything else as it is.

What travels is written in one line. White space is added only where an element holds elements
and no text, so no value changes.
"""

import re
from typing import Final

from lxml import etree

from protocols import xml

SHOWN: Final = 40_000
"""Characters of a message that a page shows."""
_PROLOG: Final = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>\[]*>\s*)?")


def readable(content: bytes) -> str:
    """Return `content` as text, indented if it is XML, cut where a page would be too long."""
    text = content.decode("utf-8", "replace")
    found = _PROLOG.match(text)
    prolog = found[0] if found is not None else ""
    root = xml.parse(text[len(prolog) :].encode(), charset="utf-8").root
    if root is not None:
        etree.indent(root)
        text = f"{prolog.strip()}\n{etree.tostring(root, encoding='unicode')}".lstrip()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n... and {len(text) - SHOWN} more"
