"""Blank the secrets in a cXML interchange before it is archived.

By structure, not by value: whatever stands in a SharedSecret, CredentialMac or DigitalSignature,
and the number of a payment card. The bytes may be anything, well-formed or not, so this walks
over the text by itself: comments and CDATA inside a secret belong to it, a secret that never ends
lasts to the end of the document, and what cannot be understood as text at all is withheld whole.
When in doubt more is blanked: a lost detail costs less than a kept secret.
"""

import re
from typing import Final

from protocols import xml
from protocols.cxml import mime

BLANK: Final = b"***"

_NAMES: Final = (b"sharedsecret", b"credentialmac", b"digitalsignature", b"pcard")
_TAG: Final = re.compile(
    rb"<(?P<name>(?:[^\s<>/:]+:)?(?:(?P<secret>SharedSecret|CredentialMac|DigitalSignature)|PCard))"
    rb"(?=[\s/>]|\Z)(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>)?",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|</([^\s>]+)\s*>|<([^\s/>!?]+)",
    re.DOTALL,
)
_MAX_SECRETS: Final = 1_000
_MAX_PREFIX: Final = 300
_MAX_ESCAPED: Final = 4_096
_CARD_NUMBER: Final = re.compile(
    rb"(\bnumber\s*=\s*)(?:\"[^\"]*\"?|'[^']*'?|[^\s>]+)", re.IGNORECASE
)
_TRANSFER: Final = b"content-transfer-encoding"
_BEFORE_MARKUP: Final = b"\xef\xbb\xbf \t\r\n"
_WIDE: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def redacted(content: bytes, media_type: str) -> bytes:
    """Return `content` with its secrets blanked; never raises on any bytes."""
    kind = mime.media_type_of(media_type)
    if kind.is_multipart:
        return _redact_parts(content, kind)
    if not content.lstrip(_BEFORE_MARKUP).startswith(b"<") and _TRANSFER in content.lower():
        return _withheld(content, "a MIME package without its media type")
    return _redact_document(content)


def _redact_parts(content: bytes, kind: mime.MediaType) -> bytes:
    """Return a multipart body with the secrets of every part blanked, attachments included."""
    sections, _ = mime.split(content, kind)
    if sections is None or len(sections) > mime.MAX_PARTS:
        return _withheld(content, "a multipart body that cannot be taken apart")
    pieces = []
    end = 0
    for section in sections:
        pieces.append(_redact_text(content[end : section.start]))
        pieces.append(_redact_section(content[section.start : section.end], section))
        end = section.end
    return b"".join(pieces) + _redact_text(content[end:])


def _redact_section(raw: bytes, section: mime.Section) -> bytes:
    if section.content is None:
        return _withheld(raw, "a part that cannot be decoded")
    clean = _redact_document(section.content) if _is_markup(section) else section.content
    return raw if clean == section.content else mime.encode(clean, section.encoding)


def _is_markup(section: mime.Section) -> bool:
    """Tell whether a part may hold cXML: by its type, or by a name of ours in any spelling."""
    if section.media_type.is_xml:
        return True
    squeezed = (section.content or b"").replace(b"\0", b"").lower()
    return any(
        name in squeezed for name in (b"sharedsecret", b"credentialmac", b"digitalsignature")
    )


def _redact_document(content: bytes) -> bytes:
    """Return one document with its secrets blanked."""
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            return _redact_wide(content, mark, encoding)
    if b"\0" in content:
        return _withheld(content, "an encoding that cannot be told")
    declared = xml.declared_encoding(content.removeprefix(b"\xef\xbb\xbf"))
    if declared is not None and not xml.is_known_encoding(declared):
        return _withheld(content, "an encoding that is not accepted")
    if content.strip() and b"<" not in content:
        return _withheld(content, "something that is no XML")
    return _redact_text(content)


def _redact_wide(content: bytes, mark: bytes, encoding: str) -> bytes:
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return _withheld(content, f"bytes that are not {encoding}")
    if "\0" in text:
        return _withheld(content, "an encoding that cannot be told")
    blanked = _redact_text(text.encode("utf-8")).decode("utf-8")
    return mark + blanked.encode(encoding)


def _redact_text(content: bytes) -> bytes:
    """Return 8-bit text with its secrets blanked; tags are ASCII in every encoding accepted.

    Goes from name to name by plain search: most of a large document is never looked at closely.
    """
    pieces = []
    end = 0
    lowered = content.lower()
    positions = _positions(lowered)
    if len(positions) > _MAX_SECRETS:
        return _withheld(content, "more secrets than a document has")
    for position in positions:
        if position < end:
            continue
        match = _tag_before(content, end, position)
        if match is None:
            span = _loose_secret(content, lowered, end, position)
            if span is not None:
                pieces += [content[end : span[0]], BLANK]
                end = span[1]
            continue
        pieces.append(content[end : match.start()])
        replacement, end = _blank_secret(content, match) if match["secret"] else _blank_card(match)
        pieces.append(replacement)
    pieces.append(content[end:])
    return b"".join(pieces)


def _tag_before(content: bytes, end: int, position: int) -> re.Match[bytes] | None:
    """Return the start tag whose name stands at `position`, prefix or not."""
    start = content.rfind(b"<", max(end, position - _MAX_PREFIX), position)
    match = _TAG.match(content, start) if start >= 0 else None
    return match if match is not None and match.end("name") > position else None


def _loose_secret(
    content: bytes, lowered: bytes, end: int, position: int
) -> tuple[int, int] | None:
    """Return what to blank around a name that is no start tag.

    An end tag whose start is lost takes the text before it along; an escaped document inside a
    document (`&lt;SharedSecret&gt;`) hides its secret up to its end tag or the next real tag.
    """
    if lowered.startswith(b"pcard", position):
        return None
    if lowered[position - 2 : position] == b"</":
        start = max(content.rfind(b">", end, position) + 1, end)
        return (start, position - 2) if start < position - 2 else None
    if lowered[position - 4 : position] != b"&lt;":
        return None
    window = position + _MAX_ESCAPED
    stops = [lowered.find(stop, position, window) for stop in (b"&lt;/", b"<")]
    return position, min((stop for stop in stops if stop >= 0), default=len(content))


def _positions(lowered: bytes) -> list[int]:
    """Return where one of the names stands, in order; one more than allowed at most."""
    found: list[int] = []
    for name in _NAMES:
        position = lowered.find(name)
        while position >= 0 and len(found) <= _MAX_SECRETS:
            found.append(position)
            position = lowered.find(name, position + 1)
    return sorted(found)


def _blank_secret(content: bytes, match: re.Match[bytes]) -> tuple[bytes, int]:
    """Return what replaces a secret up to its end tag, and where that begins."""
    rest = match["rest"]
    if rest is None:
        return b"<" + match["name"] + b">" + BLANK, len(content)
    if rest.endswith(b"/>"):
        return match[0], match.end()
    return match[0] + BLANK, _end_of(content, match.end(), match["name"])


def _blank_card(match: re.Match[bytes]) -> tuple[bytes, int]:
    """Return the tag of a payment card without its number, up to the next tag when it is broken."""
    following = match.string.find(b"<", match.start() + 1)
    end = match.end() if match["rest"] else following if following >= 0 else len(match.string)
    return _CARD_NUMBER.sub(rb'\1"' + BLANK + b'"', match.string[match.start() : end]), end


def _end_of(content: bytes, position: int, name: bytes) -> int:
    """Return where the end tag of an element begins; without one it is the end of the text."""
    depth = 1
    for token in _INSIDE.finditer(content, position):
        if token[1] == name:
            depth -= 1
            if depth == 0:
                return token.start()
        elif token[2] == name:
            depth += 1
    return len(content)


def _withheld(content: bytes, reason: str) -> bytes:
    return f"[{len(content)} bytes withheld: {reason}]".encode("ascii")
