"""Write text into XML so that a parser reads the same text back, and take markup out of it again.

Generated code asks once whether any value of a row needs care (`needs_care`); the exact, slow
functions here run only then. Characters that XML 1.0 cannot hold are left out, and reported.
"""

import re
from typing import Final
from xml.parsers import expat

from canonical.wire import Node
from mappings.engine.walking import XML_NAMESPACE

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What is no `Char` of XML 1.0 (production 2)."""


def needs_care(text: str) -> bool:
    """Tell whether `text` holds anything that cannot stand in XML as it is.

    White space other than a blank only makes it look more closely.
    """
    return not text.isprintable() or "&" in text or "<" in text or ">" in text or '"' in text


def allowed(text: str) -> bool:
    """Tell whether XML 1.0 can hold every character of `text`."""
    return text.isprintable() or _FORBIDDEN.search(text) is None


def escaped(text: str) -> str:
    """Return `text` fit to stand between tags, without what XML cannot hold."""
    if not needs_care(text):
        return text
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def escaped_attribute(text: str) -> str:
    """Return `text` fit to stand between double quotes, without what XML cannot hold."""
    text = escaped(text).replace('"', "&quot;")
    if text.isprintable():
        return text
    return text.replace("\t", "&#9;").replace("\n", "&#10;")


def is_markup(text: str) -> bool:
    """Tell whether `text` could stand inside an element: well-formed, no entity of its own."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(f"<m>{text}</m>".encode("utf-8", "surrogatepass"), True)  # noqa: FBT003  # expat takes it by position
    except expat.ExpatError:
        return False
    return True


def inner_markup(node: Node | None) -> str | None:
    """Return all that stands inside an element as markup: text escaped, children written out.

    The answer says the same as what was received, though not byte for byte: quotes, character
    references and CDATA are written one way. Nothing is trimmed.
    """
    if node is None:
        return None
    parts: list[str] = [escaped(node.text or "")]
    waiting: list[tuple[Node, str] | str] = []
    _queue(node, "", waiting)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            parts.append(entry)
        else:
            _open(entry[0], entry[1], parts, waiting)
    return "".join(parts)


def _queue(node: Node, namespace: str, waiting: list[tuple[Node, str] | str]) -> None:
    for child in reversed(list(node)):
        waiting.append(escaped(child.tail or ""))
        if isinstance(child.tag, str):
            waiting.append((child, namespace))


def _open(node: Node, outer: str, parts: list[str], waiting: list[tuple[Node, str] | str]) -> None:
    namespace, name = _split(node.tag)
    declared = f' xmlns="{escaped_attribute(namespace)}"' if namespace != outer else ""
    start = f"<{name}{declared}{_attributes(node)}"
    if next(iter(node), None) is None and not node.text:
        parts.append(f"{start}/>")
        return
    parts.append(f"{start}>{escaped(node.text or '')}")
    waiting.append(f"</{name}>")
    _queue(node, namespace, waiting)


def _attributes(node: Node) -> str:
    written: list[str] = []
    for number, (key, value) in enumerate(node.attrib.items()):
        namespace, name = _split(str(key))
        if namespace == XML_NAMESPACE[1:-1]:
            name = f"xml:{name}"
        elif namespace:
            written.append(f' xmlns:n{number}="{escaped_attribute(namespace)}"')
            name = f"n{number}:{name}"
        written.append(f' {name}="{escaped_attribute(value)}"')
    return "".join(written)


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("}")
    return namespace[1:], local
