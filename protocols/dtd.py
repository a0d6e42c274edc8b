"""Validate trees against a DTD, from any number of threads, with faults in our words.

libxml2 loads a DTD from memory and never from where it points: one that pulls in entities from
outside is refused, as nothing is ever fetched.
"""

import io
import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from canonical.faults import Fault, Place
from protocols.xml import Element, fault

_DTD_ENTITY_FROM_OUTSIDE: Final = re.compile(
    rb"<!ENTITY\s+(?:%\s+)?[^\s>\"']+\s+(?:SYSTEM|PUBLIC)\b"
)
_DTD_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_MAX_SCHEMA_FAULTS: Final = 100


class Dtd:
    """Validate trees against one DTD, from any number of threads.

    libxml2 keeps the complaints of the last validation in the DTD object, so that an object is
    taken out of the pool while it is in use; taking and giving back are atomic.
    """

    def __init__(self, content: bytes) -> None:
        """Load `content`, the bytes of a self-contained DTD; see `load_dtd`."""
        self._content = content
        self._idle: deque[etree.DTD] = deque((etree.DTD(io.BytesIO(content)),))
        self._free: dict[str, bool] = {}

    def validate(self, root: Element) -> tuple[Fault, ...]:
        """Return what the DTD has against the document of `root`, at most 100 faults."""
        try:
            dtd = self._idle.pop()
        except IndexError:
            dtd = etree.DTD(io.BytesIO(self._content))
        try:
            if dtd.validate(root):
                return ()
            first = islice(dtd.error_log, _MAX_SCHEMA_FAULTS)  # type: ignore[call-overload] # lxml-stubs: it iterates
            return tuple(_schema_fault(entry) for entry in first)
        finally:
            self._idle.append(dtd)

    def leaves_free(self, attribute: str) -> bool:
        """Tell whether an attribute may have any value, wherever this DTD declares it."""
        if attribute not in self._free:
            declared = (
                one
                for element in etree.DTD(io.BytesIO(self._content)).iterelements()  # type: ignore[attr-defined] # lxml-stubs lack it
                for one in element.iterattributes()
                if one.name == attribute
            )
            self._free[attribute] = all(
                one.type == "cdata" and one.default != "fixed" for one in declared
            )
        return self._free[attribute]


def load_dtd(content: bytes) -> tuple[Dtd | None, tuple[Fault, ...]]:
    """Return a validator for the DTD in `content`, or XML-030.

    A DTD that pulls in entities from outside is refused: nothing is ever fetched.
    """
    declarations = _DTD_COMMENT.sub(b"", content)
    if b"<!ELEMENT" not in declarations:
        return None, (fault("XML-030", "the DTD declares no element"),)
    match = _DTD_ENTITY_FROM_OUTSIDE.search(declarations)
    if match is not None:
        found = match[0].decode("utf-8", "replace")[:100]
        return None, (fault("XML-030", "the DTD loads an entity from outside", found=found),)
    try:
        return Dtd(content), ()
    except etree.DTDError as error:
        return None, (fault("XML-030", f"the DTD cannot be loaded: {error}"[:300]),)


@dataclass(frozen=True, slots=True)
class _SchemaRule:
    """Say how one kind of complaint of libxml2 becomes a fault."""

    code: str
    pattern: re.Pattern[str]
    message: str


_SCHEMA_RULES: Final = {
    "DTD_CONTENT_MODEL": _SchemaRule(
        "XML-020",
        re.compile(
            r"Element (?P<name>\S+) content does not follow the DTD, "
            r"expecting (?P<expected>.*), got ?(?P<found>.*)",
            re.DOTALL,
        ),
        "{name} has other children, or in another order, than the DTD says",
    ),
    "DTD_UNKNOWN_ELEM": _SchemaRule(
        "XML-021",
        re.compile(r"No declaration for element (?P<name>\S+)"),
        "the DTD has no element {name}",
    ),
    "DTD_UNKNOWN_ATTRIBUTE": _SchemaRule(
        "XML-022",
        re.compile(r"No declaration for attribute (?P<found>\S+) of element (?P<name>\S+)"),
        "{name} has no attribute {found}",
    ),
    "DTD_ATTRIBUTE_VALUE": _SchemaRule(
        "XML-023",
        re.compile(
            r"Value \"(?P<found>.*)\" for attribute (?P<at>\S+) of (?P<name>\S+) ", re.DOTALL
        ),
        "@{at} of {name} has a value that the DTD does not list",
    ),
    "DTD_MISSING_ATTRIBUTE": _SchemaRule(
        "XML-024",
        re.compile(r"Element (?P<name>\S+) does not carry attribute (?P<at>\S+)"),
        "{name} has no @{at}",
    ),
}
"""The complaints of libxml2 by type; any other becomes XML-025 in libxml2's words."""


def _schema_fault(entry: etree._LogEntry) -> Fault:
    """Return the fault for one complaint of libxml2."""
    path = (entry.path or "").removeprefix("/cXML/").removeprefix("/") or None
    place = Place(line=entry.line or None, path=path)
    text = entry.message.strip()
    rule = _SCHEMA_RULES.get(entry.type_name)
    match = rule.pattern.match(text) if rule else None
    if rule is None or match is None:
        return fault("XML-025", text[:300], place=place)
    parts = match.groupdict()
    expected = parts.get("expected")
    found = parts.get("found")
    return fault(
        rule.code,
        rule.message.format_map(parts),
        place=place,
        found=found.strip() if found is not None else None,
        expected=expected[:300] if expected else None,
    )
