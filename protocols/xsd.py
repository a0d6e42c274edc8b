"""Validate trees against an XSD, from any number of threads, with faults in our words.

How the schema is loaded is given: its files lie where the user installed them, and libxml2 finds
those that it imports beside it.
"""

import re
from collections import Counter, deque
from collections.abc import Callable
from itertools import islice
from typing import Final

from lxml import etree

from canonical.faults import Fault, Place
from protocols.xml import Element, fault

_MAX_FAULTS: Final = 100
_NAMESPACE: Final = re.compile(r"\{[^{}\s]*\}")
_VALUE: Final = re.compile(
    r": (?:The value |\[facet '\w+'\] The value )?'(?P<found>[^']*)' (?:is|has)"
)
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\(\s*(?P<expected>[^)]*?)\s*\)")

_CODES: Final = {
    "SCHEMAV_ELEMENT_CONTENT": "XML-020",
    "SCHEMAV_CVC_ELT_1": "XML-021",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "XML-022",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "XML-022",
    "SCHEMAV_CVC_ENUMERATION_VALID": "XML-023",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "XML-024",
}
"""The complaints of libxml2 by type; any other is XML-025."""


class Xsd:
    """Validate trees against one schema.

    libxml2 keeps the complaints of the last validation in the schema object, so that an object is
    taken out of the pool while it is in use; taking and giving back are atomic.
    """

    def __init__(self, load: Callable[[], etree.XMLSchema]) -> None:
        """Load the schema; raises what `load` raises when it cannot be used."""
        self._load = load
        self._idle: deque[etree.XMLSchema] = deque((load(),))

    def validate(self, root: Element) -> tuple[Fault, ...]:
        """Return what the schema has against the document of `root`, at most 100 faults."""
        try:
            schema = self._idle.pop()
        except IndexError:
            schema = self._load()
        try:
            if schema.validate(root):
                return ()
            entries = list(islice(schema.error_log, _MAX_FAULTS))  # type: ignore[call-overload] # lxml-stubs: it iterates
        finally:
            self._idle.append(schema)
        return tuple(_fault(root, entry) for entry in entries)


def local_path(element: Element) -> str:
    """Return the path of an element below its root, without namespaces: `CatalogueLine[2]/ID`."""
    steps: list[str] = []
    while (parent := element.getparent()) is not None:
        counts = Counter(str(child.tag) for child in parent)
        name = _NAMESPACE.sub("", str(element.tag))
        if counts[str(element.tag)] > 1:
            same = [child for child in parent if child.tag == element.tag]
            name += f"[{same.index(element) + 1}]"
        steps.append(name)
        element = parent
    return "/".join(reversed(steps))


def _fault(root: Element, entry: etree._LogEntry) -> Fault:
    """Return the fault for one complaint of libxml2."""
    code = _CODES.get(entry.type_name, "XML-025")
    text = _NAMESPACE.sub("", entry.message).strip()
    found, expected = _VALUE.search(text), _EXPECTED.search(text)
    return fault(
        code,
        text[:300],
        place=Place(line=entry.line or None, path=_path(root, entry.path)),
        found=found["found"] if found else None,
        expected=expected["expected"][:300] if expected else None,
    )


def _path(root: Element, path: str | None) -> str | None:
    """Return the path of libxml2, which counts nameless children, as people read it."""
    if not path:
        return None
    spaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        nodes = root.getroottree().xpath(path, namespaces=spaces)
    except etree.XPathEvalError:  # a prefix that is declared further down
        return None
    node = nodes[0] if isinstance(nodes, list) and nodes else None
    return local_path(node) if isinstance(node, etree._Element) else None  # noqa: SLF001 -- as in protocols.xml
