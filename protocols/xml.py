"""Parse XML from strangers: the one place of the whole product where XML is read.

What libxml2 does by itself is not enough (measured): it builds 2,000,000 empty elements of 8 MB
into 245 MB, injects attributes that an internal subset declares, accepts UTF-7, expands
entities in attribute values whatever `resolve_entities` says, and loses the text of an entity
that a DOCTYPE it did not load might define. So the bytes are judged before the tree is built:
size, encoding, prolog, count of tags and attributes. Everything then goes to the parser as UTF-8,
with comments and processing instructions removed, so that `admin@x.com<!-- -->.evil.com` is one
text.

Nothing here opens a file or a connection; a DOCTYPE is recognised, never fetched. Signed documents
are to be verified on the raw bytes, before.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from canonical.faults import Fault, FaultKind, FaultTable, Place, Severity

Element = etree._Element  # noqa: SLF001 -- lxml exports its element class under no other name
"""Be one element of a parsed tree; it has the shape of `canonical.wire.Node`."""

FAULTS: Final = (
    FaultKind(code="XML-001", title="the document is empty"),
    FaultKind(
        code="XML-002",
        title="the document is larger than allowed",
        hint="send attachments as MIME parts or raise the limit of this endpoint",
    ),
    FaultKind(code="XML-003", title="encoding not accepted", hint="send UTF-8"),
    FaultKind(
        code="XML-004",
        title="bytes that do not exist in the declared encoding",
        hint="declare the encoding in which the document is really written",
    ),
    FaultKind(
        code="XML-005",
        title="the charset of the transport contradicts the XML declaration",
        hint="send the same charset in both, or none in the Content-Type",
    ),
    FaultKind(code="XML-006", title="DOCTYPE not allowed", hint="leave the DOCTYPE away"),
    FaultKind(
        code="XML-007",
        title="unknown DOCTYPE",
        hint="use the root element's name and the official system identifier",
    ),
    FaultKind(
        code="XML-008",
        title="internal subset in the DOCTYPE",
        hint="declare no entities or attributes in the document",
    ),
    FaultKind(
        code="XML-009",
        title="entity that XML does not predefine",
        hint="write the character itself or a numeric reference such as &#233;",
    ),
    FaultKind(code="XML-010", title="more tags than allowed"),
    FaultKind(code="XML-011", title="more attributes than allowed"),
    FaultKind(code="XML-012", title="elements nested too deeply or too much text in one place"),
    FaultKind(code="XML-013", title="not well-formed"),
    FaultKind(
        code="XML-014",
        title="declared encoding corrected",
        severity=Severity.WARNING,
        hint="declare the encoding in which the document is really written",
    ),
    FaultKind(
        code="XML-015",
        title="white space before the XML declaration",
        severity=Severity.WARNING,
        hint="begin the document with <?xml",
    ),
    FaultKind(
        code="XML-020",
        title="children not as the schema orders them",
        hint="give all required children, in the expected order",
    ),
    FaultKind(
        code="XML-021",
        title="element that the schema does not know",
        hint="check its spelling and the declared version",
    ),
    FaultKind(
        code="XML-022",
        title="attribute that the schema does not know",
        hint="check its spelling and the declared version",
    ),
    FaultKind(
        code="XML-023",
        title="attribute value that the schema does not list",
        hint="use a listed value, in the listed spelling",
    ),
    FaultKind(
        code="XML-024", title="required attribute missing", hint="give the attribute a value"
    ),
    FaultKind(code="XML-025", title="schema not followed"),
    FaultKind(code="XML-030", title="the schema itself cannot be used"),
)
"""Every fault that reading and validating XML can give."""

fault: Final = FaultTable(FAULTS)
"""Make a fault of this table by its code."""

_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1",
    "latin1": "latin-1",
    "latin-1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
    "unicode": "utf-16",
}
"""The encodings accepted, by the names met for them, to Python's name."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION: Final = re.compile(
    rb"<\?xml\s+version\s*=\s*[\"'][^\"'<>]*[\"']"
    rb"(?:\s+encoding\s*=\s*[\"']([^\"'<>]*)[\"'])?[^<>]*?\?>"
)
_DOCTYPE: Final = re.compile(
    rb"<!DOCTYPE\s+([^\s\[>]+)"
    rb"(?:\s+(?:SYSTEM|PUBLIC\s+(?:\"[^\"]*\"|'[^']*'))\s*(\"[^\"]*\"|'[^']*'))?\s*([\[>])"
)
_MISCELLANEOUS: Final = re.compile(rb"(?:[ \t\r\n]+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_FOREIGN_ENTITY: Final = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)")
_REFERENCE: Final = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|(&(?!#|(?:amp|lt|gt|quot|apos);)[^\s;&<]{0,40};?)",
    re.DOTALL,
)
"""What hides an ampersand, or in group 1 a reference that is none of XML's own."""

_TOO_MUCH: Final = ("depth", "too long", "too large", "huge")


@dataclass(frozen=True, slots=True)
class Doctypes:
    """Name the DOCTYPEs a syntax needs: root elements and a pattern of system identifiers."""

    roots: frozenset[str]
    system: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what a document may cost; the tree takes some 120 bytes a tag and 340 an attribute."""

    size: int = 25_000_000
    tags: int = 500_000
    attributes: int = 200_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """Hold the tree of a document, or the faults that kept it from being one.

    With a `root` the faults are warnings. `doctype` is the system identifier that was named.
    """

    root: Element | None
    faults: tuple[Fault, ...] = ()
    encoding: str | None = None
    doctype: str | None = None


class _Refused(Exception):  # noqa: N818 -- carries a fault out of a step, not an error
    """Carry the fault that ends the reading."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def parse(
    content: bytes,
    *,
    charset: str | None = None,
    doctypes: Doctypes | None = None,
    limits: Limits = Limits(),
) -> Parsed:
    """Return the tree of `content`, or faults XML-001 to XML-013; never raises on any bytes.

    `charset` is what the transport said of the encoding; `doctypes` are the DOCTYPEs allowed, by
    default none.
    """
    warnings: list[Fault] = []
    try:
        _check_size(content, limits)
        data, encoding = _to_utf8(content, charset, warnings)
        data = _move_leading_space(data, warnings)
        _check_counts(data, limits)
        system = _check_prolog(data, doctypes)
        _check_entities(data)
        root = _build(data)
    except _Refused as refused:
        return Parsed(root=None, faults=(*warnings, refused.fault))
    return Parsed(root=root, faults=tuple(warnings), encoding=encoding, doctype=system)


def decode(content: bytes, charset: str | None = None) -> str | None:
    """Return `content` as text by the rules of `parse`, or None when they refuse it."""
    try:
        data, _ = _to_utf8(content, charset, [])
    except _Refused:
        return None
    return data.decode("utf-8")


def is_known_encoding(name: str) -> bool:
    """Tell whether `parse` accepts an encoding of this name."""
    return name.strip().lower() in _ENCODINGS


def declared_encoding(content: bytes) -> str | None:
    """Return the encoding that the XML declaration of 8-bit `content` names."""
    match = _DECLARATION.match(content.lstrip(b" \t\r\n"))
    return match[1].decode("latin-1").strip() if match and match[1] else None


def line_of(element: Element) -> int | None:
    """Return the line in the received bytes where an element begins."""
    line: int | None = element.sourceline  # type: ignore[assignment] # lxml-stubs have no type
    return line


def path_of(element: Element) -> str:
    """Return the path of an element below its root: `Request/OrderRequest/ItemOut[2]`."""
    return element.getroottree().getpath(element).lstrip("/").partition("/")[2]


def _check_size(content: bytes, limits: Limits) -> None:
    if len(content) > limits.size:
        raise _Refused(
            fault("XML-002", f"more than {limits.size} bytes", found=f"{len(content)} bytes")
        )


def _check_counts(data: bytes, limits: Limits) -> None:
    """Refuse by counting bytes: `<` bounds the tags, `=` the attributes.

    What is shorter than a limit cannot exceed it, so that most documents are not even counted.
    """
    if len(data) > limits.tags and data.count(b"<") > limits.tags:
        raise _Refused(fault("XML-010", f"more than {limits.tags} tags"))
    if len(data) > limits.attributes and data.count(b"=") > limits.attributes:
        raise _Refused(fault("XML-011", f"more than {limits.attributes} attributes"))


def _to_utf8(content: bytes, charset: str | None, warnings: list[Fault]) -> tuple[bytes, str]:
    """Return `content` as UTF-8 without byte order mark, and the encoding it came in."""
    mark, by_mark = next(((b, name) for b, name in _BOMS if content.startswith(b)), (b"", ""))
    data = content[len(mark) :]
    if not data.strip(b" \t\r\n\0"):
        raise _Refused(fault("XML-001", "there is nothing in it", place=Place(offset=0)))
    if data[1:2] == b"\0" or data[:1] == b"\0":
        if data[:2] == b"\0\0" or not by_mark.startswith("utf-16"):
            message = "UTF-16 or UTF-32 without byte order mark"
            raise _Refused(fault("XML-003", message, place=Place(offset=0)))
    elif by_mark.startswith("utf-16"):
        message = "a byte order mark of UTF-16 before 8-bit text"
        raise _Refused(fault("XML-003", message, place=Place(offset=0)))
    encoding = by_mark or _choose(data, charset, warnings)
    if encoding in {"utf-8", "ascii"} and data.isascii():
        return data, encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _Refused(_undecodable(data, len(mark), encoding, error)) from None
    return (data, encoding) if encoding == "utf-8" else (text.encode("utf-8"), encoding)


def _undecodable(data: bytes, shift: int, encoding: str, error: UnicodeDecodeError) -> Fault:
    place = _place_at(data, error.start, shift)
    found = data[error.start : error.start + 4].hex(" ")
    return fault("XML-004", f"not valid {encoding}: {error.reason}", place=place, found=found)


def _choose(data: bytes, charset: str | None, warnings: list[Fault]) -> str:
    """Return the encoding of 8-bit `data`: as declared, else as the transport says, else UTF-8."""
    declared = declared_encoding(data)
    by_declaration = _known(declared)
    by_transport = _known(charset)
    if by_declaration == "utf-16":
        message = "8-bit text that declares UTF-16, read as UTF-8"
        warnings.append(fault("XML-014", message, found=declared))
        by_declaration = "utf-8"
    if by_transport == "utf-16":
        message = "8-bit text that the transport calls UTF-16"
        warnings.append(fault("XML-014", message, found=charset))
        by_transport = None
    if by_declaration is None or by_transport is None or by_declaration == by_transport:
        return by_declaration or by_transport or "utf-8"
    if data.isascii():
        return "ascii"
    if {by_declaration, by_transport} == {"latin-1", "cp1252"}:
        return "cp1252"
    if by_transport == "ascii":  # RFC 2376 made this the default of text/xml; nobody means it
        return by_declaration
    message = f"declared {declared}, the transport says {charset}"
    raise _Refused(fault("XML-005", message, found=charset))


def _known(name: str | None) -> str | None:
    """Return Python's name of an accepted encoding, None when none was named."""
    if not name:
        return None
    known = _ENCODINGS.get(name.strip().strip("\"'").lower())
    if known is None:
        raise _Refused(fault("XML-003", "encoding not accepted", found=name[:40]))
    return known


def _move_leading_space(data: bytes, warnings: list[Fault]) -> bytes:
    """Return `data` with white space before `<?xml` put behind it: line numbers stay true."""
    if data[:1] not in b" \t\r\n":
        return data
    stripped = data.lstrip(b" \t\r\n")
    match = _DECLARATION.match(stripped)
    if match is None:
        return data
    warnings.append(fault("XML-015", "white space before <?xml", place=Place(line=1, offset=0)))
    return match[0] + data[: len(data) - len(stripped)] + stripped[match.end() :]


def _check_prolog(data: bytes, doctypes: Doctypes | None) -> str | None:
    """Refuse a DOCTYPE that is not allowed; return its system identifier."""
    prolog = _MISCELLANEOUS.match(data)
    start = prolog.end() if prolog else 0
    if data[start : start + 9].upper() != b"<!DOCTYPE":
        return None
    place = _place_at(data, start)
    if doctypes is None:
        raise _Refused(fault("XML-006", "a DOCTYPE is not allowed here", place=place))
    match = _DOCTYPE.match(data, start)
    if match is None:
        raise _Refused(fault("XML-007", "the DOCTYPE cannot be read", place=place))
    if match[3] == b"[":
        raise _Refused(fault("XML-008", "the DOCTYPE has an internal subset", place=place))
    root = match[1].decode("utf-8", "replace")
    system = match[2][1:-1].decode("utf-8", "replace") if match[2] else None
    if root not in doctypes.roots:
        raise _Refused(fault("XML-007", "unknown root in DOCTYPE", place=place, found=root[:60]))
    if system is not None and doctypes.system.fullmatch(system) is None:
        message = "unknown system identifier"
        raise _Refused(fault("XML-007", message, place=place, found=system[:200]))
    return system


def _check_entities(data: bytes) -> None:
    """Refuse references to entities that XML does not predefine: their text would be lost."""
    if _FOREIGN_ENTITY.search(data) is None:
        return
    match = next((match for match in _REFERENCE.finditer(data) if match[1]), None)
    if match is None:
        return
    found = match[0].decode("utf-8", "replace")
    place = _place_at(data, match.start())
    if found.endswith(";") and len(found) > 2:  # noqa: PLR2004 -- more than "&;"
        raise _Refused(fault("XML-009", "undefined entity", place=place, found=found))
    raise _Refused(fault("XML-013", "an ampersand that is not &amp;", place=place, found=found))


def _build(data: bytes) -> Element:
    """Return the tree of UTF-8 bytes whose prolog was judged before."""
    parser = etree.XMLParser(  # noqa: TID251 -- the one place
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)  # noqa: TID251 -- the one place
    except etree.XMLSyntaxError as error:
        raise _Refused(_syntax_fault(data, error)) from None
    if root is None or not isinstance(root.tag, str):
        raise _Refused(fault("XML-013", "there is no root element"))
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and (any(subset.entities()) or any(subset.elements())):  # type: ignore[union-attr] # lxml-stubs lack both
        raise _Refused(fault("XML-008", "the DOCTYPE has an internal subset"))
    return root


def _syntax_fault(data: bytes, error: etree.XMLSyntaxError) -> Fault:
    message = (error.msg or "not well-formed").split(", line ")[0].strip()
    line, column = error.position
    too_much = any(word in message.lower() for word in _TOO_MUCH)
    place = Place(line=line, column=column, offset=_offset_of(data, line, column))
    return fault("XML-012" if too_much else "XML-013", message[:300], place=place)


def _place_at(data: bytes, offset: int, shift: int = 0) -> Place:
    """Return the place of a byte; `shift` bytes were cut off before `data`."""
    line = data.count(b"\n", 0, offset) + 1
    column = offset - (data.rfind(b"\n", 0, offset) + 1) + 1
    return Place(line=line, column=column, offset=offset + shift)


def _offset_of(data: bytes, line: int | None, column: int | None) -> int | None:
    """Return the offset of a line and column, None when the parser could not tell them."""
    if not line or not column:
        return None
    start = 0
    for _ in range(line - 1):
        start = data.find(b"\n", start) + 1
        if start == 0:
            return None
    return min(start + column - 1, len(data))


_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
)


def clean(value: str) -> str:
    """Return `value` with what no XML document can hold replaced by U+FFFD.

    That is control characters and lone surrogates (XML 1.0, production 2).
    """
    return _NOT_XML.sub("\ufffd", value)


def escape_text(value: str) -> str:
    """Return `value` as it stands between tags."""
    return clean(value).translate(_TEXT)


def escape_attribute(value: str) -> str:
    """Return `value` as it stands between double quotes in a tag."""
    return clean(value).translate(_ATTRIBUTE)
