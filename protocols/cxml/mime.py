"""Take a MIME package apart and put one together.

cXML travels alone or as a part of a multipart body with its attachments; `multipart/mixed` and
`multipart/related` are treated alike, as the User's Guide asks. Each part needs a Content-ID and is
named from the document by `cid:`. Parts are cut out of the bytes as they are: a binary
attachment keeps its line ends.
"""

import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from hashlib import sha256
from typing import Final
from urllib.parse import quote, unquote

from canonical.faults import Fault, Place
from canonical.identifiers import Attachment
from canonical.wire import Part, Payload
from protocols.cxml.faults import fault

MAX_PARTS: Final = 200
_XML_TYPES: Final = frozenset({"text/xml", "application/xml", "application/cxml+xml"})
_PARAMETER: Final = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\"]*)")
_LINE_END: Final = re.compile(rb"\r?\n")
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_MAX_HEADER: Final = 16_384
_MAX_BOUNDARY: Final = 200


@dataclass(frozen=True, slots=True)
class MediaType:
    """Hold a media type and its parameters, names in lower case."""

    name: str
    parameters: dict[str, str]

    @property
    def is_multipart(self) -> bool:
        """Tell whether a body of this type has parts."""
        return self.name.startswith("multipart/")

    @property
    def is_xml(self) -> bool:
        """Tell whether a body of this type is XML."""
        return self.name in _XML_TYPES or self.name.endswith("+xml")


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one part of a multipart body: where it lies, its headers and its decoded content."""

    start: int
    end: int
    headers: dict[str, str]
    media_type: MediaType
    encoding: str
    content: bytes | None = field(repr=False)
    """None when its transfer encoding is unknown or broken."""

    @property
    def content_id(self) -> str | None:
        """Return the Content-ID without its angle brackets."""
        return self.headers.get("content-id", "").strip().strip("<>").strip() or None


@dataclass(frozen=True, slots=True)
class Package:
    """Hold the cXML document of an interchange, its charset and the files beside it."""

    root: bytes | None = field(repr=False)
    charset: str | None = None
    parts: tuple[Part, ...] = ()
    faults: tuple[Fault, ...] = ()


def media_type_of(text: str) -> MediaType:
    """Return the media type that a Content-Type header names."""
    name, separator, rest = text.partition(";")
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(separator + rest):
        value = match[2].strip()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        parameters.setdefault(match[1].lower(), value)
    return MediaType(name=name.strip().lower(), parameters=parameters)


def unpack(content: bytes, media_type: str) -> Package:
    """Return the document and the files in `content`; faults CXML-020 to CXML-028."""
    kind = media_type_of(media_type)
    if not kind.is_multipart:
        return Package(root=content, charset=kind.parameters.get("charset"))
    sections, closed = split(content, kind)
    if sections is None:
        return Package(root=None, faults=(fault("CXML-020", "no usable boundary"),))
    if len(sections) > MAX_PARTS:
        return Package(root=None, faults=(fault("CXML-027", f"more than {MAX_PARTS} parts"),))
    faults = [] if closed else [fault("CXML-028", "the closing boundary is missing")]
    root = _root_of(sections, kind)
    if root is None:
        return Package(root=None, faults=(*faults, fault("CXML-021", "no part is XML")))
    for section in sections:
        faults.extend(_section_faults(section))
    files = [section for section in sections if section is not root]
    faults.extend(_identity_faults(files))
    return Package(
        root=root.content,
        charset=root.media_type.parameters.get("charset"),
        parts=tuple(_part(section, number) for number, section in enumerate(files, 2)),
        faults=tuple(faults),
    )


def split(content: bytes, kind: MediaType) -> tuple[list[Section] | None, bool]:
    """Return the sections of a multipart body, and whether it was closed.

    None without usable boundary. At most one section more than MAX_PARTS is returned.
    """
    boundary = kind.parameters.get("boundary", "")
    if not boundary or len(boundary) > _MAX_BOUNDARY or _CONTROL.search(boundary):
        return None, False
    mark = re.escape(b"--" + boundary.encode("latin-1", "replace"))
    # The mark first, then that it begins a line: a pattern with a fixed start is searched for
    # some twenty times as fast.
    at_line_start = rb"(?:(?<=\n" + mark + rb")|(?<=\A" + mark + rb"))"
    delimiter = re.compile(mark + at_line_start + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    sections: list[Section] = []
    start: int | None = None
    for match in delimiter.finditer(content):
        if start is not None:
            sections.append(_section(content, start, _before_line_end(content, match.start())))
        if match[1] or len(sections) > MAX_PARTS:
            return sections, True
        line_end = _LINE_END.match(content, match.end())
        start = line_end.end() if line_end else match.end()
    if start is None:
        return None, False
    sections.append(_section(content, start, len(content)))
    return sections, False


def _before_line_end(content: bytes, position: int) -> int:
    """Return where a part ends: the line end before a boundary belongs to the boundary."""
    if content[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1


def _section(content: bytes, start: int, end: int) -> Section:
    first = _LINE_END.match(content, start, end)
    blank = _BLANK_LINE.search(content, start, min(end, start + _MAX_HEADER))
    head, body = b"", start
    if first is not None:
        body = first.end()
    elif blank is not None:
        head, body = content[start : blank.start()], blank.end()
    headers = _headers(head)
    encoding = headers.get("content-transfer-encoding", "binary").strip().lower()
    return Section(
        start=min(body, end),
        end=max(end, body),
        headers=headers,
        media_type=media_type_of(headers.get("content-type", "application/octet-stream")),
        encoding=encoding,
        content=_decode(content[body:end], encoding),
    )


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in _FOLD.sub(" ", head.decode("utf-8", "replace")).splitlines():
        name, separator, value = line.partition(":")
        if separator:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _decode(body: bytes, encoding: str) -> bytes | None:
    """Return a part's content, None when its transfer encoding is unknown or broken."""
    if encoding in {"", "7bit", "8bit", "binary"}:
        return body
    try:
        if encoding == "base64":
            return binascii.a2b_base64(b"".join(body.split()), strict_mode=True)
    except binascii.Error:
        return None
    return binascii.a2b_qp(body) if encoding == "quoted-printable" else None


def encode(content: bytes, encoding: str) -> bytes:
    """Return `content` in a transfer encoding that `unpack` knows."""
    if encoding == "base64":
        return b"\r\n".join(
            binascii.b2a_base64(content[at : at + 57], newline=False)
            for at in range(0, len(content), 57)
        )
    return binascii.b2a_qp(content) if encoding == "quoted-printable" else content


def _root_of(sections: Sequence[Section], kind: MediaType) -> Section | None:
    """Return the section that holds the cXML: by `start`, by type, or by its look."""
    start = kind.parameters.get("start", "").strip().strip("<>")
    tests: tuple[Callable[[Section], bool], ...] = (
        lambda section: bool(start) and section.content_id == start,
        lambda section: section.media_type.is_xml,
        lambda section: (section.content or b"").lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"),
    )
    for test in tests:
        for section in sections:
            if test(section):
                return section
    return None


def _section_faults(section: Section) -> list[Fault]:
    if section.content is not None:
        return []
    place = Place(offset=section.start)
    if section.encoding in {"base64", "quoted-printable"}:
        return [fault("CXML-024", f"the part is not {section.encoding}", place=place)]
    return [fault("CXML-023", "unknown transfer encoding", place=place, found=section.encoding)]


def _identity_faults(files: Sequence[Section]) -> list[Fault]:
    faults = []
    seen: set[str] = set()
    for section in files:
        place = Place(offset=section.start)
        name = section.content_id
        if name is None:
            faults.append(fault("CXML-022", "a part without Content-ID", place=place))
        elif name in seen:
            faults.append(fault("CXML-026", "Content-ID used twice", place=place, found=name))
        else:
            seen.add(name)
    return faults


def _part(section: Section, number: int) -> Part:
    content = section.content or b""
    return Part(
        attachment=Attachment(
            content_id=section.content_id or f"part-{number}",
            file_name=_file_name(section),
            media_type=section.media_type.name or None,
            size=len(content),
        ),
        content=content,
    )


def _file_name(section: Section) -> str | None:
    """Return the name the sender gave a file: data, never a path to write to."""
    disposition = media_type_of(section.headers.get("content-disposition", "")).parameters
    extended = disposition.get("filename*")
    if extended is not None and extended.count("'") >= 2:  # noqa: PLR2004 -- charset'language'name
        charset, _, name = extended.split("'", 2)
        return _tidy(_unquote(name, charset))
    name = disposition.get("filename") or section.media_type.parameters.get("name") or ""
    return _tidy(_decode_words(name))


def _unquote(name: str, charset: str) -> str:
    try:
        return unquote(name, encoding=charset or "utf-8", errors="replace")
    except LookupError:
        return unquote(name, errors="replace")


def _decode_words(name: str) -> str:
    """Return a header text with its RFC 2047 encoded words decoded, as far as they can be."""
    if "=?" not in name:
        return name
    try:
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in decode_header(name)
        )
    except (HeaderParseError, LookupError, ValueError):
        return name


def _tidy(name: str) -> str | None:
    return _CONTROL.sub("", name).strip()[:255] or None


def reference_of(url: str) -> str | None:
    """Return the Content-ID that a `cid:` URL names (RFC 2392), None for any other URL."""
    url = url.strip()
    return unquote(url[4:]) if url[:4].lower() == "cid:" else None


def cid(content_id: str) -> str:
    """Return the URL by which a document names the part of a Content-ID."""
    return "cid:" + quote(content_id, safe="@.-_~")


def pack(root: Payload, parts: Sequence[Part], *, encoding: str = "binary") -> Payload:
    """Return a `multipart/related` body of a document and its files.

    The boundary comes from the contents, so that the same package has the same bytes.
    """
    digest = sha256(root.content)
    for part in parts:
        digest.update(part.content)
    name = digest.hexdigest()[:24]
    boundary = f"=_{name}"
    start = f"{name}@cxml"
    head = f"Content-Type: {root.media_type}\r\nContent-ID: <{start}>\r\n"
    pieces = [_packed(head, "binary", root.content)]
    pieces += [_packed(_part_head(part), encoding, part.content) for part in parts]
    mark = f"--{boundary}".encode("ascii")
    body = b"".join(mark + b"\r\n" + piece + b"\r\n" for piece in pieces) + mark + b"--\r\n"
    kind = root.media_type.partition(";")[0]
    media_type = f'multipart/related; boundary="{boundary}"; type="{kind}"; start="<{start}>"'
    return Payload(content=body, media_type=media_type)


def _packed(head: str, encoding: str, content: bytes) -> bytes:
    head += f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("utf-8", "replace") + encode(content, encoding)


def _part_head(part: Part) -> str:
    attachment = part.attachment
    media_type = _CONTROL.sub("", attachment.media_type or "application/octet-stream")
    head = f"Content-Type: {media_type}\r\n"
    head += f"Content-ID: <{_CONTROL.sub('', attachment.content_id or '')}>\r\n"
    if attachment.file_name:
        name = quote(attachment.file_name, safe="", errors="replace")
        head += f"Content-Disposition: attachment; filename*=UTF-8''{name}\r\n"
    return head
