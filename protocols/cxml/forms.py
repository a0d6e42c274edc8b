"""Put a cXML document into the field of an HTML form, and take it out again.

The cart goes home through the shopper's browser, in a field named `cXML-base64` or
`cXML-urlencoded`; names are case-insensitive, and who reads looks for base64 first (cXML User's
Guide, "PunchOutOrderMessage"). base64 honours the encoding declaration; urlencoded is us-ascii with
character references, whatever the declaration says.
"""

import html
import re
from collections.abc import Iterable
from typing import Final

from canonical.wire import Posted
from protocols import encoded, xml
from protocols.cxml.faults import fault

FIELDS: Final = {"base64": "cXML-base64", "urlencoded": "cXML-urlencoded"}
"""The name of the field, by `Dialect.form_encoding`."""

_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^<>]*\?>")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


def form_field(content: bytes, form_encoding: str) -> tuple[str, str]:
    """Return name and value of the form field for a document that we wrote.

    The value still has to be escaped as an HTML attribute, which templates do.
    """
    name = FIELDS[form_encoding]
    if form_encoding == "base64":
        return name, encoded.encode(content)
    text = xml.decode(content)
    if text is None:
        message = "a document in an encoding that cannot be read; write it through the codec"
        raise ValueError(message)
    return name, text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def from_form(fields: Iterable[tuple[str, str]]) -> Posted:
    """Return the document in the fields of a posted form; faults CXML-070 to CXML-074."""
    values = {name.strip().lower(): value for name, value in reversed(list(fields))}
    for encoding, reader in (("base64", _from_base64), ("urlencoded", _from_urlencoded)):
        value = values.get(FIELDS[encoding].lower())
        if value:
            return reader(value)
    found = ", ".join(sorted(values))[:200] or "no field"
    return Posted(content=None, faults=(fault("CXML-070", "no field with cXML", found=found),))


def _from_base64(value: str) -> Posted:
    name = FIELDS["base64"]
    decoded = encoded.decode(value)
    if decoded.content is None:
        faults = (fault("CXML-071", f"not base64: {decoded.error}", found=value[:40]),)
        return Posted(content=None, name=name, faults=faults)
    if not decoded.mended:
        return Posted(content=decoded.content, name=name)
    mended = fault("CXML-074", "base64 damaged and mended", found=value[:40])
    return Posted(content=decoded.content, name=name, faults=(mended,))


def _from_urlencoded(value: str) -> Posted:
    faults = []
    if value.lstrip()[:4].lower() == "&lt;":
        value = html.unescape(value)
        faults.append(fault("CXML-072", "escaped twice", found=value[:20]))
    if beyond := _BEYOND_ASCII.search(value):
        message = f"not us-ascii at character {beyond.start() + 1}"
        faults.append(fault("CXML-073", message, found=beyond[0][:40]))
    text = _DECLARATION.sub("", value, count=1)
    return Posted(
        content=text.encode("utf-8", "replace"),
        media_type="text/xml; charset=UTF-8",
        name=FIELDS["urlencoded"],
        faults=tuple(faults),
    )
