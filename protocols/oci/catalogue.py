"""Write and read the JSON that DOWNLOADJSON answers with: one page of a catalogue.

Not SAP's text but what connectors in use send and take: CTI, CURRENTPAGE, TOTALPAGES, TOTALITEMS,
TRANSACTIONID and `Items`, each with one `NEWITEM`. Mappings make and read it as elements: an
element of `LISTS` is an array whose entries are `Item` elements, one of `NUMBERS` a number, one
with children an object, every other a text.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from canonical.amounts import MAX_DIGITS, decimal_of
from canonical.wire import Envelope, Message, Reading
from protocols.form import FormNode
from protocols.oci.faults import fault
from protocols.xml import Element

ENTRY: Final = "Item"
LISTS: Final = frozenset(
    {
        "Items",
        "ATTACHMENTS",
        "ATTRIBUTES",
        "PRICE_SCALES",
        "DESCRIPTION",
        "LONGTEXT",
        "descriptions",
    }
)
NUMBERS: Final = frozenset(
    {"CURRENTPAGE", "TOTALPAGES", "TOTALITEMS", "MINORDER_QTY", "PRICE_QUANTITY", "low"}
)
NAME: Final = "Catalogue"
MAX_DEPTH: Final = 8
MAX_NODES: Final = 200_000


def write(root: Element) -> bytes:
    """Return the elements below `root` as JSON."""
    return msgspec.json.encode(_object(root))


def read(content: bytes) -> Reading:
    """Return the page in `content` as a message, or fault OCI-010; never raises on any bytes."""
    try:
        plain = msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _refused(str(error)[:200])
    if not isinstance(plain.get("Items"), list):
        return _refused("there are no Items in it")
    left = [MAX_NODES]
    root = FormNode(NAME, None, [_node(name, value, left, 1) for name, value in plain.items()])
    if left[0] <= 0:
        return _refused(f"deeper than {MAX_DEPTH} levels or more than {MAX_NODES} values")
    envelope = Envelope(message_id="", anew=True)
    return Reading((Message(NAME, envelope, root),), (), envelope)


def _refused(why: str) -> Reading:
    return Reading(faults=(fault("OCI-010", why),))


def _object(element: Element) -> dict[str, object]:
    return {str(child.tag): _value(child) for child in element}


def _value(element: Element) -> object:
    if element.tag in LISTS:
        return [_value(entry) for entry in element]
    if len(element):
        return _object(element)
    text = element.text or ""
    return _number(text) if element.tag in NUMBERS else text


def _number(text: str) -> object:
    """Return a number as JSON writes it, digit for digit; what is none stays text."""
    value = decimal_of(text)
    return text if value is None else msgspec.Raw(format(value, "f").encode("ascii"))


def _node(name: str, value: object, left: list[int], depth: int) -> FormNode:
    """Return a JSON value as an element; `left` counts down what one page may hold."""
    left[0] -= 1
    if left[0] <= 0 or depth > MAX_DEPTH:
        left[0] = 0
        return FormNode(name)
    if isinstance(value, Mapping):
        inner = [_node(str(key), each, left, depth + 1) for key, each in value.items()]
        return FormNode(name, None, inner)
    if isinstance(value, list):
        return FormNode(name, None, [_node(ENTRY, each, left, depth + 1) for each in value])
    return FormNode(name, _text(value))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = format(value, "f") if isinstance(value, float) else str(value)
    return text.rstrip("0").rstrip(".") if isinstance(value, float) else text[: MAX_DIGITS * 1000]
