"""Turn cXML interchanges into messages and back: the entry of this package.

Reading is tolerant: what departs from the DTD becomes a warning with line, rule and hint, and an
error only with `strict`; an error is what makes the message useless. Writing composes what a
mapping made with the envelope, in the partner's version, charset and spelling of time, and `check`
holds it against the DTD before it leaves.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Final, cast

import msgspec

from canonical.faults import Fault, FaultKind, Place, Severity
from canonical.wire import (
    Dialect,
    Envelope,
    Form,
    Markup,
    Message,
    Node,
    Part,
    Payload,
    Posted,
    Reading,
    Status,
    Verdict,
)
from protocols import xml
from protocols.cxml import envelope as envelopes
from protocols.cxml import faults, forms, mime, redaction, shapes, status, structure, vocabulary
from protocols.cxml.schemas import Schemas

_BROWSER_MESSAGES: Final = frozenset({"PunchOutOrderMessage"})
"""What travels through the shopper's browser, and so without any proof of identity."""

_DEVIATIONS: Final = frozenset(
    {f"XML-0{number}" for number in range(20, 26)}
    | {f"CXML-00{number}" for number in range(4, 10)}
    | {"CXML-010", "CXML-022", "CXML-028", "CXML-032", "CXML-033", "CXML-034", "CXML-035"}
)
"""Where a document departs from the DTD or the guide: errors for a strict partner."""

_MAX_LOST: Final = 100
_MAX_SHAPES: Final = 256

_ROUTE: Final = re.compile(r"\A<Path>.*?</Path><OriginalDocument [^<>]*/>", re.DOTALL)
"""What a mapping writes before a message because it belongs into the Header: a chain of sites."""


class CxmlCodec:
    """Implement `canonical.wire.Codec` for cXML 1.1 and 1.2."""

    name = "cxml"

    def __init__(self, schemas: Schemas | None = None) -> None:
        """Take the official DTDs, if any are installed."""
        self._schemas = schemas
        self._sound: set[tuple[str, str, bytes]] = set()
        """Shapes of documents without a fault, by message and version."""

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of XML and cXML."""
        return (*xml.FAULTS, *faults.FAULTS)

    def read(
        self,
        content: bytes,
        media_type: str,
        *,
        strict: bool = False,
        dialect: Dialect | None = None,  # noqa: ARG002 -- a document says itself what it is
    ) -> Reading:
        """Return the message in `content` and every fault found; never raises on any bytes."""
        package = mime.unpack(content, media_type)
        if package.root is None:
            return Reading(faults=package.faults)
        parsed = xml.parse(package.root, charset=package.charset, doctypes=vocabulary.DOCTYPES)
        found = (*package.faults, *parsed.faults)
        if parsed.root is None:
            return Reading(faults=found)
        declared = vocabulary.version_in(parsed.doctype)
        if parsed.root.tag != "cXML":
            return self._read_bare(parsed.root, declared, package.parts, found)
        return self._read_document(parsed.root, declared, package.parts, found, strict=strict)

    def _read_document(
        self,
        root: xml.Element,
        declared: str | None,
        parts: tuple[Part, ...],
        found: tuple[Fault, ...],
        *,
        strict: bool,
    ) -> Reading:
        """Return the message of a `cXML` element."""
        opened = envelopes.open_document(root, declared)
        name = _name(opened)
        deviations = self._judge(root, opened.body, name, declared or opened.envelope.version)
        everything = chain(found, opened.faults, deviations, _dangling(root, parts))
        collected = tuple(_hardened(everything)) if strict else tuple(everything)
        if opened.container is None:
            return Reading(faults=collected, envelope=opened.envelope)
        _apply_defaults(opened.container, opened.body)
        message = _message(name, opened.envelope, root, parts, opened.status)
        return Reading(messages=(message,), faults=collected, envelope=opened.envelope)

    def _read_bare(
        self,
        root: xml.Element,
        declared: str | None,
        parts: tuple[Part, ...],
        found: tuple[Fault, ...],
    ) -> Reading:
        """Return a document without envelope, an Index for example, named by its root."""
        name = str(root.tag)
        if name not in vocabulary.ROOTS:
            place = Place(line=xml.line_of(root))
            unknown = faults.fault("CXML-001", "not a cXML document", place=place, found=name)
            return Reading(faults=(*found, unknown))
        envelope = Envelope(
            message_id=root.get("payloadID") or "", version=root.get("version") or declared
        )
        judged = self._judge(root, None, name, declared or envelope.version)
        message = _message(name, envelope, root, parts, None)
        return Reading(messages=(message,), faults=(*found, *judged), envelope=envelope)

    def _judge(
        self, root: xml.Element, body: xml.Element | None, name: str, version: str | None
    ) -> tuple[Fault, ...]:
        """Return what the DTD has against a document as warnings, and our own rules besides."""
        dtd = None
        if self._schemas is not None:
            dtd = self._schemas.for_reading(version, vocabulary.module_of(name))
        own: tuple[Fault, ...] = ()
        if body is not None:
            own = structure.check(body, name, errors_only=dtd is not None)
        if dtd is None:
            return own
        by_dtd = dtd.validate(root)
        return own + tuple(_soft(fault) for fault in by_dtd)

    def redacted(self, content: bytes, media_type: str) -> bytes:
        """Return `content` with every secret blanked, fit for the payload archive."""
        return redaction.redacted(content, media_type)

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the DTD version in which a partner wants the message `name`."""
        return vocabulary.version_for(name, dialect)

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return the document that holds `body`.

        A Response gets Status 200 unless its body begins with a `Status` of its own. Raises
        ValueError for an envelope without `sent_at`, and LookupError for an unknown charset or
        timestamp style: our own mistakes.
        """
        container = vocabulary.container_of(body.name)
        inner = body.text
        if container == "Response" and not inner.lstrip().startswith("<Status"):
            inner = status.write(status.status_of(Verdict.ACCEPTED)) + inner
        return _compose(body.name, inner, envelope, dialect)

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:
        """Return what the DTD of that dialect and message has against an outgoing document.

        All of it is an error. Gives nothing when neither that DTD nor a newer one is installed. Of
        small documents of one shape the first is looked at: see `protocols.cxml.shapes`.
        """
        version = vocabulary.version_for(name, dialect)
        shape = shapes.shape_of(payload)
        if shape is None:
            return self._check(payload, name, version)[0]
        if (name, version, shape) in self._sound:
            return ()
        found, free = self._check(payload, name, version)
        if free and not found:
            if len(self._sound) >= _MAX_SHAPES:
                self._sound.clear()
            self._sound.add((name, version, shape))
        return found

    def _check(self, payload: Payload, name: str, version: str) -> tuple[tuple[Fault, ...], bool]:
        """Return the faults of an outgoing document, and whether they depend on its shape alone."""
        package = mime.unpack(payload.content, payload.media_type)
        if package.root is None:
            return package.faults, False
        parsed = xml.parse(package.root, charset=package.charset, doctypes=vocabulary.DOCTYPES)
        if parsed.root is None:
            return parsed.faults, False
        found = _dangling(parsed.root, package.parts)
        if self._schemas is None:
            return found, True
        dtd, unusable = self._schemas.for_writing(version, vocabulary.module_of(name))
        if dtd is None:
            return (*found, *unusable), True
        return (*found, *dtd.validate(parsed.root)), all(map(dtd.leaves_free, shapes.FREE))

    def acknowledgement(
        self, verdict: Verdict, envelope: Envelope, dialect: Dialect, *, detail: str = ""
    ) -> Payload:
        """Return the Response that says `verdict`; `envelope` is the answer's."""
        inner = status.write(status.status_of(verdict, detail))
        return _compose("Response", inner, envelope, dialect)

    def adapted(
        self,
        dialect: Dialect,
        wishes: Mapping[str, str],  # noqa: ARG002 -- a setup chooses nothing of how cXML is written
    ) -> Dialect:
        """Return the partner's dialect unchanged."""
        return dialect

    def form(self, payload: Payload, dialect: Dialect) -> Form:
        """Return the form that carries a document home, in the partner's encoding of it."""
        return Form((forms.form_field(payload.content, dialect.form_encoding),))

    def posted(
        self,
        fields: Iterable[tuple[str, str]],
        dialect: Dialect,  # noqa: ARG002 -- the field's name says how it is encoded
    ) -> Posted:
        """Return the document in the fields of a posted form."""
        return forms.from_form(fields)


def _message(
    name: str,
    envelope: Envelope,
    root: xml.Element,
    parts: tuple[Part, ...],
    state: Status | None,
) -> Message:
    # lxml's element has the members of Node; its stubs say so less precisely.
    return Message(name=name, envelope=envelope, tree=cast("Node", root), status=state, parts=parts)


def _name(opened: envelopes.Opened) -> str:
    if opened.body is not None:
        return vocabulary.name_of(opened.body)
    return str(opened.container.tag) if opened.container is not None else "cXML"


def _apply_defaults(container: xml.Element, body: xml.Element | None) -> None:
    """Write the attributes into the tree that the DTD defaults."""
    elements = [container]
    if body is not None:
        elements += islice((child for child in body if child.tag in vocabulary.DEFAULTS), 1)
    for element in elements:
        for attribute, value in vocabulary.DEFAULTS.get(str(element.tag), {}).items():
            if element.get(attribute) is None:
                element.set(attribute, value)


def _dangling(root: xml.Element, parts: tuple[Part, ...]) -> tuple[Fault, ...]:
    """Return the `cid:` references that no part answers to, at most 100."""
    known = {part.attachment.content_id for part in parts}
    references = (
        (element, mime.reference_of(element.text)) for element in root.iter("URL") if element.text
    )
    lost = (found for found in references if found[1] is not None and found[1] not in known)
    return tuple(
        faults.fault(
            "CXML-025",
            "no part of that name",
            place=Place(line=xml.line_of(element), path=xml.path_of(element)),
            found=reference,
        )
        for element, reference in islice(lost, _MAX_LOST)
    )


def _soft(fault: Fault) -> Fault:
    return msgspec.structs.replace(fault, severity=Severity.WARNING)


def _hardened(found: Iterable[Fault]) -> Iterable[Fault]:
    """Give the faults of a partner who wants to be held to the DTD."""
    for fault in found:
        if fault.code in _DEVIATIONS:
            yield msgspec.structs.replace(fault, severity=Severity.ERROR)
        else:
            yield fault


def _compose(name: str, inner: str, envelope: Envelope, dialect: Dialect) -> Payload:
    """Return declaration, DOCTYPE, envelope and content as bytes in the partner's charset."""
    container = vocabulary.container_of(name)
    version = vocabulary.version_for(name, dialect)
    host = dialect.doctype_host or "xml.cxml.org"
    system = f"http://{host}/schemas/cXML/{version}/{vocabulary.module_of(name)}.dtd"
    header = mode = ""
    route = _ROUTE.match(inner)
    inner = inner[route.end() :] if route else inner
    if container != "Response":
        proof = vocabulary.base_name(name) not in _BROWSER_MESSAGES
        header = envelopes.write_header(envelope, proof=proof, route=route[0] if route else "")
        mode = f' deploymentMode="{"test" if envelope.test else "production"}"'
    start = envelopes.write_start(envelope, version=version, timestamp=dialect.timestamp)
    text = (
        f'<?xml version="1.0" encoding="{dialect.charset}"?>\n'
        f'<!DOCTYPE cXML SYSTEM "{xml.escape_attribute(system)}">\n'
        f"{start}{header}<{container}{mode}>{inner}</{container}></cXML>\n"
    )
    return Payload(
        content=text.encode(dialect.charset, "xmlcharrefreplace"),
        media_type=f"text/xml; charset={dialect.charset}",
    )
