"""Turn the items that a mapping wrote into form fields, and form fields into items.

A mapping writes and reads one NEW_ITEM element for each line, its children named as the fields are
behind `NEW_ITEM-`, or FIELD with a `name` for one that is not SAP's; HEADER holds what a list of
search results says of itself, and every other child is a field of its own name. The number of an
item and the odd spelling of LONGTEXT belong to this module alone.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import Final

from canonical.amounts import decimal_of, plain
from canonical.faults import Fault, has_errors
from canonical.wire import Envelope, Markup, Message, Reading
from protocols import form, xml
from protocols.form import FormNode
from protocols.oci import fields, parameters
from protocols.oci.dialect import LongText, OciDialect, Variant
from protocols.oci.faults import fault
from protocols.oci.numbers import fitted, number_of

ITEM: Final = "NEW_ITEM"
FIELD: Final = "FIELD"
HEADER: Final = "HEADER"
ITEM_TYPE: Final = "ITEM_TYPE"
LINE_TYPE: Final = "LINE_TYPE"
"""Stands beside an ITEM_TYPE that was read, with the word that its code means."""
WORDS: Final = frozenset({"composite", "item", "lean"})
"""What mappings write in ITEM_TYPE: the words of cXML, for SAP's own are not public."""
NAME: Final = "Cart"
CARRIER: Final = ("~caller", "CTLG")
"""Says of a form that a catalogue sent it (OCI 4.0, "Call structure")."""

Values = dict[str, str]


def root_of(body: Markup) -> xml.Element:
    """Return the element that a mapping wrote; raises ValueError when it is none."""
    parsed = xml.parse(body.text.encode("utf-8", "surrogatepass") or b"<Cart/>")
    if parsed.root is None:
        message = f"the mapping of {body.name} wrote no XML: {parsed.faults[-1].message}"
        raise ValueError(message)
    return parsed.root


def write_cart(root: xml.Element, dialect: OciDialect) -> list[tuple[str, str]]:
    """Return the fields that carry the items of `root` home.

    A cart that brings nothing says at least that a catalogue sent it: a form without any field is
    no form to some servers. A cancelled one has no items, whatever stands in it.
    """
    if root.get("cancelled"):
        return list(dialect.cancelled.items()) or [CARRIER]
    constants = list(dialect.constants.items()) if root.tag != "Start" else []
    if dialect.variant == Variant.XML and root.tag == NAME:
        document = _document(root, dialect).encode("utf-8")
        encoded = base64.b64encode(document).decode("ascii")
        return [*constants, ("~xmlType", dialect.xml_type), (dialect.xml_field, encoded)]
    pairs = constants
    number = dialect.first_index
    taken = fields.FIELDS.keys() | fields.custom_names(dialect)
    for child in root:
        if child.tag == ITEM:
            values = {**dialect.item_constants, **_values(child, taken, dialect)}
            pairs += _item(_fitted(values, dialect), number, dialect)
            number += 1
        elif len(child):
            pairs += [(f"{child.tag}-{inner.tag}", inner.text or "") for inner in child]
        else:
            pairs.append((str(child.tag), child.text or ""))
    return pairs or [CARRIER]


def _values(item: xml.Element, taken: Set[str], dialect: OciDialect) -> Values:
    """Return the fields of an item by name; a FIELD only if its name is `taken` by this buyer."""
    values: Values = {}
    for child in item:
        name = str(child.tag)
        if name == FIELD:
            name = form.fold(child.get("name") or "")
            if name not in taken:
                continue
        values.setdefault(name, child.text or "")
    if values.get(ITEM_TYPE) in WORDS:  # the buyer's code for it, if one was agreed on
        word = values.pop(ITEM_TYPE)
        if word in dialect.item_types:
            values[ITEM_TYPE] = dialect.item_types[word]
    return values


def _fitted(values: Values, dialect: OciDialect) -> Values:
    """Return an item with its price for a base quantity that PRICE and PRICEUNIT can hold."""
    plainly = fields.plain_values(
        dialect.version, dialect.price_decimals, dialect.quantity_decimals
    )
    if all(plainly[name].fullmatch(values.get(name, "")) for name in ("PRICE", "PRICEUNIT")):
        return values
    price = decimal_of(values.get("PRICE", ""))
    base = decimal_of(values.get("PRICEUNIT") or "1")
    if price is None or base is None:
        return values
    room = fields.FIELDS["PRICEUNIT"].length_in(dialect.version)
    decimals = min(fields.MAX_DECIMALS, dialect.price_decimals)
    price, raised = fitted(price, base, decimals=decimals, base_digits=room)
    values["PRICE"] = plain(price)
    if raised != 1 or "PRICEUNIT" in values:
        values["PRICEUNIT"] = plain(raised)
    return values


def _item(values: Values, number: int, dialect: OciDialect) -> list[tuple[str, str]]:
    index = f"[{number}]"
    return [
        (_longtext(number, dialect.longtext), value)
        if name == fields.LONGTEXT
        else (_before_index(name) + index, value)
        for name, value in values.items()
    ]


@lru_cache(maxsize=1_024)
def _before_index(name: str) -> str:
    return name if name.startswith(ITEM) else f"{ITEM}-{name}"


def _longtext(number: int, spelling: LongText) -> str:
    index = f"[{number}]" if spelling == LongText.NUMBER else str(spelling)
    return f"{ITEM}-{fields.LONGTEXT}_{number}:132{index}"


def _document(root: xml.Element, dialect: OciDialect) -> str:
    """Return the items as one XML document, with the numbers of the form."""
    whole, item = dialect.xml_root, dialect.xml_item
    pieces = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole}>']
    taken = fields.FIELDS.keys() | fields.custom_names(dialect)
    for child in root.iterchildren(ITEM):
        values = {**dialect.item_constants, **_values(child, taken, dialect)}
        values = _fitted(values, dialect)
        pieces.append(f"<{item}>{''.join(map(_element, values.items()))}</{item}>")
    return "".join([*pieces, f"</{whole}>"])


def _element(pair: tuple[str, str]) -> str:
    """Return one field as an element; names that are not SAP's may be none of XML's either."""
    name, value = pair
    if name in fields.FIELDS or name == fields.LONGTEXT:
        return f"<{name}>{xml.escape_text(value)}</{name}>"
    return f'<{FIELD} name="{xml.escape_attribute(name)}">{xml.escape_text(value)}</{FIELD}>'


def read_cart(read: form.Fields, dialect: OciDialect) -> Reading:
    """Return the cart in the fields of a form, or why there is none."""
    found = list(read.faults)
    items: dict[int, Values] = {}
    other: list[tuple[str, str]] = []
    for name, value in read.pairs:
        folded = form.fold(name)
        if not folded.startswith(ITEM):
            other.append((folded, value))
        elif not _take(items, folded, value, found):
            found.append(fault("OCI-020", "no field of an item", path=name))
    values = form.once(other, found)
    document = values.pop(form.fold(dialect.xml_field), "") or values.pop("XMLDOCUMENT", "")
    if document:
        return _read_document(document, values, found, dialect)
    if not items and values.get("CALLER", "").upper() != "CTLG" and not _has_header(values):
        found.append(fault("OCI-005", "no field of OCI in it"))
        return Reading(faults=form.limited(found))
    found += fields.holes(items, dialect.first_index)
    return _reading([items[number] for number in sorted(items)], values, found, dialect)


def _has_header(values: Mapping[str, str]) -> bool:
    return any(name.startswith(f"{HEADER}-") for name in values)


def _take(items: dict[int, Values], name: str, value: str, found: list[Fault]) -> bool:
    """Put one field where it belongs; False when its name belongs nowhere."""
    if long := fields.LONG.fullmatch(name):
        values = items.setdefault(int(long[1]), {})
        earlier = values.get(fields.LONGTEXT)
        values[fields.LONGTEXT] = value if earlier is None else f"{earlier}\n{value}"
        return True
    known = fields.field_and_number(name)
    if known is None:
        return False
    field, number = known
    values = items.setdefault(number, {})
    if field in values:
        found.append(fault("OCI-023", "given twice", path=name))
    else:
        values[field] = value
    return True


def _reading(
    items: Iterable[Values], values: Mapping[str, str], found: list[Fault], dialect: OciDialect
) -> Reading:
    words = {code: word for word, code in dialect.item_types.items()}
    lines = [_line(number, item, found, words) for number, item in enumerate(items, start=1)]
    envelope = Envelope(message_id="", anew=True)
    tree = FormNode(NAME, None, [*_others(values), *lines])
    faults = form.limited(found)
    return Reading((Message(NAME, envelope, tree),), faults, envelope)


def _line(number: int, item: Values, found: list[Fault], words: Mapping[str, str]) -> FormNode:
    children = []
    for name, value in item.items():
        text = value.replace("\r\n", "\n")
        if name in fields.NUMBERS and "," in text:
            text = _dotted(f"{ITEM}-{name}[{number}]", text, found)
        children.append(FormNode(name, text))
        if name == ITEM_TYPE and text in words:
            children.append(FormNode(LINE_TYPE, words[text]))
        elif name == ITEM_TYPE or fields.is_free(name):  # a code that nobody explained, too
            children.append(FormNode(FIELD, text, attrib={"name": name}))
    return FormNode(ITEM, None, children, {"number": str(number)})


def _dotted(path: str, text: str, found: list[Fault]) -> str:
    value, comma = number_of(text)
    if value is None or not comma:
        return text
    found.append(fault("OCI-022", "a comma", path=path, found=text, expected=plain(value)))
    return plain(value)


def _others(values: Mapping[str, str]) -> list[FormNode]:
    """Return what stands beside the items: the header of a list, and the fields of a call."""
    header = [
        FormNode(name.removeprefix(f"{HEADER}-"), value)
        for name, value in values.items()
        if name.startswith(f"{HEADER}-")
    ]
    known = [FormNode(name, values[name]) for name in values if name in parameters.SAFE]
    return [*([FormNode(HEADER, None, header)] if header else []), *known]


def opened(
    pairs: tuple[tuple[str, str], ...], dialect: OciDialect
) -> tuple[list[tuple[str, str]], list[Fault]]:
    """Return fields with those of an XML document in the place of the field that carries it."""
    names = (form.fold(dialect.xml_field), "XMLDOCUMENT")
    others = [name for name, _ in pairs if name[: len(ITEM)] != ITEM]
    if not any(form.fold(name) in names for name in others):
        return list(pairs), []
    plainly: list[tuple[str, str]] = []
    found: list[Fault] = []
    for name, value in pairs:
        if name.startswith(ITEM) or form.fold(name) not in names:
            plainly.append((name, value))
            continue
        items, faults = _document_items(value, dialect)
        found += faults
        for number, item in enumerate(items, start=dialect.first_index):
            plainly += _item(item, number, dialect)
    return plainly, found


def _read_document(
    text: str, values: Mapping[str, str], found: list[Fault], dialect: OciDialect
) -> Reading:
    """Return the cart of the XML variant."""
    items, faults = _document_items(text, dialect)
    found += faults
    return (
        Reading(faults=form.limited(found))
        if has_errors(faults)
        else _reading(items, values, found, dialect)
    )


def _document_items(text: str, dialect: OciDialect) -> tuple[list[Values], tuple[Fault, ...]]:
    """Return the items in base64 of a document that holds an element for each."""
    squeezed = "".join(text.split()).encode("ascii", "replace")
    try:
        content = binascii.a2b_base64(squeezed, strict_mode=True)
    except binascii.Error as error:
        return [], (fault("OCI-011", str(error), path="~xmlDocument"),)
    parsed = xml.parse(content)
    if parsed.root is None:
        return [], parsed.faults
    if parsed.root.tag != dialect.xml_root:
        what = "an XML document of another kind"
        found = str(parsed.root.tag)
        other = fault("OCI-012", what, found=found, expected=dialect.xml_root)
        return [], (*parsed.faults, other)
    items = [
        {str(each.get("name") or each.tag): each.text or "" for each in item}
        for item in parsed.root.iter(dialect.xml_item)
    ]
    return items, parsed.faults
