"""Read and write the fields of an HTML form: a query string, or a body of the same shape.

Logins of procurement systems and carts in hidden fields travel so (`application/x-www-form-
urlencoded`, WHATWG URL standard, section 5). Nobody declares the charset reliably: it is the
declared one where the bytes allow, else UTF-8 if they are that, else what browsers mean by
ISO-8859-1, which is windows-1252. Names come in any case and with or without a tilde, so they are
looked up folded. Reading never raises; whatever is odd becomes a fault, and a field that can be
read in two ways is never read in one of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Unpack
from urllib.parse import quote_plus, unquote_to_bytes

from canonical.faults import Fault, FaultKind, FaultTable, Place, Severity, Told
from canonical.wire import Node

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"

FAULTS: Final = (
    FaultKind(code="FORM-001", title="a form without any field"),
    FaultKind(code="FORM-002", title="a form larger than allowed"),
    FaultKind(code="FORM-003", title="more fields than allowed"),
    FaultKind(code="FORM-004", title="a field longer than allowed"),
    FaultKind(
        code="FORM-005",
        title="a percent sign that begins no escape",
        severity=Severity.WARNING,
        hint="write a percent sign as %25; it was taken as it stands",
    ),
    FaultKind(
        code="FORM-006",
        title="bytes that are not of the declared charset",
        severity=Severity.WARNING,
        hint="send UTF-8, or say in which charset; it was read as windows-1252",
    ),
    FaultKind(
        code="FORM-007",
        title="a control character in a field",
        hint="no field may hold control characters besides tab and line breaks",
    ),
    FaultKind(
        code="FORM-008",
        title="a field given twice with different values",
        hint="send the field once; case and a tilde before the name make no difference",
    ),
    FaultKind(code="FORM-009", title="a field given twice", severity=Severity.WARNING),
)
"""Every fault that reading a form can give."""


class FieldFaults(FaultTable):
    """Make the faults of one table in the fields of a form: their place is the field's name."""

    def __call__(
        self, code: str, message: str = "", *, path: str | None = None, **told: Unpack[Told]
    ) -> Fault:
        """Return a fault of the kind with this code; `path` is the field's name as it is sent."""
        if path is not None:
            told["place"] = Place(path=path)
        return super().__call__(code, message, **told)


fault: Final = FieldFaults(FAULTS)
"""Make a fault of this table by its code."""

MAX_FAULTS: Final = 100

_LOOSE_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EQUALS, _BETWEEN = "\x1e", "\x1f"
"""Stand for the separators of a form until everything else in it is escaped."""
_ESCAPES: Final = (
    ("%", "%25"),
    ("\n", "%0D%0A"),
    ("+", "%2B"),
    (" ", "+"),
    *((sign, f"%{ord(sign):02X}") for sign in "!\"#$&'(),/:;<=>?@[\\]^`{|}"),
)
"""What a browser escapes of the printable characters, in an order that escapes nothing twice."""
_REST: Final = re.compile("[^ -~\x1e\x1f]+")
_SECRET_WORDS: Final = (
    "PASS", "PWD", "SECRET", "TOKEN", "KENNWORT", "PASSWORT", "SIGNATURE", "APIKEY", "API_KEY",
    "SAP-USER", "CREDENTIAL", "LOSENORD", "WACHTWOORD",
)  # fmt: skip
_CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "1100": "cp1252",
    "4110": "utf-8",
}
"""Charsets by the names met for them, SAP's own numbers among them, as browsers take them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what a form may cost, in bytes before decoding."""

    size: int = 10_000_000
    fields: int = 100_000
    name: int = 300
    value: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Fields:
    """Hold the fields of a form in order, decoded, and every fault found in them.

    `charset` is Python's name of the one they were read in.
    """

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    faults: tuple[Fault, ...] = ()
    charset: str = "utf-8"


def fold(name: str) -> str:
    """Return a field's name as it is looked up: in capitals, without blanks and tildes around."""
    return name.strip().lstrip("~").upper()


def charset_of(media_type: str) -> str | None:
    """Return the charset that a media type declares, as it is written there."""
    found = re.search(r";\s*charset\s*=\s*\"?([^\s;\"]{1,40})", media_type, re.IGNORECASE)
    return found[1] if found else None


def python_charset(name: str | None) -> str | None:
    """Return Python's name of a charset that browsers know, or None."""
    return _CHARSETS.get(name.strip().lower()) if name else None


def read(content: bytes, *, charset: str | None = None, limits: Limits = Limits()) -> Fields:
    """Return the fields of `content` with faults FORM-001 to FORM-007; never raises.

    `charset` is what the sender says of it. A leading question mark belongs to no field.
    """
    data = content.strip(b" \t\r\n").removeprefix(b"?")
    refused = _too_much(data, limits)
    if refused is not None:
        return Fields(faults=(refused,))
    raw = [piece.partition(b"=")[::2] for piece in data.split(b"&") if piece]
    if not raw:
        return Fields(faults=(fault("FORM-001", "there is no field in it"),))
    found = list(_too_long(raw, limits))
    if found:
        return Fields(faults=limited(found))
    if _LOOSE_PERCENT.search(data):
        found += _loose_percents(raw)
    texts, used = _decoded(_unescaped(raw), charset)
    if charset is not None and used != python_charset(charset):
        found.append(fault("FORM-006", f"not {charset}, read as {used}", found=charset))
    pairs = tuple(zip(texts[::2], texts[1::2], strict=True))
    if _CONTROL.search("".join(texts)):
        found += _controls(pairs)
    return Fields(pairs, limited(found), used)


def write(pairs: Iterable[tuple[str, str]], charset: str = "utf-8") -> bytes:
    """Return the fields as a browser posts them in `charset` (Python's name).

    Line breaks become CR LF, and what the charset cannot hold a numeric character reference: both
    are rules of the WHATWG standard, so what is read back is what will arrive.
    """
    listed = list(pairs)
    text = _BETWEEN.join([_EQUALS.join(pair) for pair in listed])
    if text.count(_EQUALS) == len(listed) and text.count(_BETWEEN) < max(len(listed), 1):
        escaped = _escaped(text, charset).replace(_EQUALS, "=").replace(_BETWEEN, "&")
        return escaped.encode("ascii")
    marks = str.maketrans({_EQUALS: "%1E", _BETWEEN: "%1F"})
    slowly = (tuple(_escaped(each, charset).translate(marks) for each in pair) for pair in listed)
    return "&".join(map("=".join, slowly)).encode("ascii")


def once(
    pairs: Iterable[tuple[str, str]], faults: list[Fault], deciding: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return the first value by folded name; faults FORM-008 and FORM-009 for the others.

    Two values of a name in `deciding` are an error, whatever else they are: there is no telling
    which one is meant.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        key = fold(name)
        if key not in values:
            values[key] = value
        elif values[key] != value and key in deciding:
            faults.append(fault("FORM-008", "two values for one field", path=key))
        else:
            faults.append(fault("FORM-009", "the first value holds", path=key))
    return values


def limited(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return at most `MAX_FAULTS` faults in their order; what goes first are warnings."""
    found = tuple(faults)
    if len(found) <= MAX_FAULTS:
        return found
    errors = [each for each in found if each.severity is Severity.ERROR]
    others = [each for each in found if each.severity is not Severity.ERROR]
    return tuple([*errors, *others][:MAX_FAULTS])


def _too_much(data: bytes, limits: Limits) -> Fault | None:
    if len(data) > limits.size:
        return fault("FORM-002", f"more than {limits.size} bytes", found=f"{len(data)} bytes")
    count = data.count(b"&") + 1
    if count > limits.fields:
        return fault("FORM-003", f"more than {limits.fields} fields", found=str(count))
    return None


def _too_long(raw: Iterable[tuple[bytes, bytes]], limits: Limits) -> Iterator[Fault]:
    for name, value in raw:
        if len(name) > limits.name:
            what = f"a name longer than {limits.name} bytes"
            yield fault("FORM-004", what, path=name.decode("ascii", "replace"))
        elif len(value) > limits.value:
            what = f"longer than {limits.value} bytes"
            yield fault("FORM-004", what, path=name.decode("ascii", "replace"))


def _loose_percents(raw: Iterable[tuple[bytes, bytes]]) -> Iterator[Fault]:
    """Give the fields with a broken escape, by name only: the value may be a secret."""
    for name, value in raw:
        if _LOOSE_PERCENT.search(name) or _LOOSE_PERCENT.search(value):
            shown = name.decode("ascii", "replace")
            yield fault("FORM-005", "a percent sign without two hex digits", path=shown)


def _unescaped(raw: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """Return names and values in turn without escapes, by one call where no null byte is in them.

    A call for each of thousands of fields would cost ten times as much.
    """
    flat = [text.replace(b"+", b" ") for pair in raw for text in pair]
    whole = unquote_to_bytes(b"\0".join(flat)).split(b"\0")
    return whole if len(whole) == len(flat) else [unquote_to_bytes(text) for text in flat]


def _decoded(flat: list[bytes], charset: str | None) -> tuple[list[str], str]:
    """Return the texts, and the charset that fits all of them; a null byte parts no text here."""
    joined = b"\0".join(flat)
    for candidate in dict.fromkeys((python_charset(charset) or "utf-8", "utf-8")):
        try:
            text = joined.decode(candidate)
        except UnicodeDecodeError:
            continue
        whole = text.split("\0")
        if len(whole) == len(flat):
            return whole, candidate
        return [piece.decode(candidate) for piece in flat], candidate
    return [_western(piece) for piece in flat], "cp1252"


def _western(text: bytes) -> str:
    """Decode windows-1252 as browsers do: its five holes are the control characters there."""
    try:
        return text.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text)


def _controls(pairs: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    for name, value in pairs:
        if _CONTROL.search(name) or _CONTROL.search(value):
            shown = _CONTROL.sub("\ufffd", name)
            yield fault("FORM-007", "a control character", path=shown)


def _escaped(text: str, charset: str) -> str:
    """Return text with everything escaped that a form cannot hold, but its separators to be.

    A search and replacement for each sign is far cheaper than a look at each character.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign, escape in _ESCAPES:
        if sign in text:
            text = text.replace(sign, escape)
    if not text.isprintable() or not text.isascii():
        text = _REST.sub(lambda run: quote_plus(run[0], "", charset, "xmlcharrefreplace"), text)
    return text


def may_be_secret(folded: str) -> bool:
    """Tell whether a parameter of a buyer's own looks like a secret by its name, folded."""
    return any(word in folded for word in _SECRET_WORDS)


def address_tells(address: str) -> bool:
    """Tell whether an address holds a user's name or what looks like a secret."""
    return "@" in address or may_be_secret(fold(address))


class FormNode:
    """Be an element of the tree that mappings read a form by; see `canonical.wire.Node`.

    A form has no lines, so it has no `sourceline`: the path names the field.
    """

    __slots__ = ("attrib", "children", "tag", "text")

    tail: None = None
    sourceline: None = None

    def __init__(
        self,
        tag: str,
        text: str | None = None,
        children: Iterable["FormNode"] = (),
        attrib: Mapping[str, str] | None = None,
    ) -> None:
        self.tag = tag
        self.text = text
        self.children = list(children)
        self.attrib: Mapping[str, str] = attrib or {}

    def get(self, name: str, /) -> str | None:
        """Return one attribute."""
        return self.attrib.get(name)

    def __iter__(self) -> Iterator[Node]:
        """Walk the child elements in order."""
        return iter(self.children)
