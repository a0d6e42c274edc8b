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
_CARD_NUMBER: Final = re.compile(
    rb"(\bnumber\s*=\s*)(?:\"[^\"]*\"?|'[^']*'?|[^\s>]+)", re.IGNORECASE
)
_TRANSFER: Final = re.compile(rb"content-transfer-encoding", re.IGNORECASE)
_WIDE: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def redacted(content: bytes, media_type: str) -> bytes:
    """Return `content` with its secrets blanked; never raises on any bytes."""
    kind = mime.media_type_of(media_type)
    if kind.is_multipart:
        return _redact_parts(content, kind)
    if _TRANSFER.search(content):
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
    blanked = _redact_text(text.encode("utf-8")).decode("utf-8")
    return mark + blanked.encode(encoding)


def _redact_text(content: bytes) -> bytes:
    """Return 8-bit text with its secrets blanked; tags are ASCII in every encoding accepted.

    Goes from name to name by plain search: most of a large document is never looked at closely.
    """
    pieces = []
    end, start = 0, -1
    for position in _positions(content.lower()):
        before = content.rfind(b"<", max(end, start + 1), position)
        if position < end or before < 0:
            continue
        start = before
        match = _TAG.match(content, start)
        if match is None:
            continue
        pieces.append(content[end:start])
        replacement, end = _blank_secret(content, match) if match["secret"] else _blank_card(match)
        pieces.append(replacement)
    pieces.append(content[end:])
    return b"".join(pieces)


def _positions(lowered: bytes) -> list[int]:
    """Return where one of the names stands, in order."""
    found = []
    for name in _NAMES:
        position = lowered.find(name)
        while position >= 0:
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
