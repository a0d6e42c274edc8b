"""Turn Peppol punchouts into messages and back: the entry of this package.

In comes a posted login, or a cart when we play the buyer; out goes a UBL Catalogue that the
shopper's browser carries home, base64 in one field of a form. UBL has no shopping cart without
lines, so a cart that is cancelled or empty goes home as that field without content.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, cast

from canonical.faults import Fault, FaultKind, Place
from canonical.wire import (
    Dialect,
    Envelope,
    Form,
    Markup,
    Message,
    Node,
    Payload,
    Posted,
    Reading,
    Verdict,
)
from protocols import encoded, form, xml
from protocols.ubl import answers, faults, login, structure, vocabulary
from protocols.ubl.dialect import punchout_dialect
from protocols.ubl.judging import Judge

_CANCELLED: Final = "Cancelled"
_OWN: Final = ("Start", _CANCELLED)
"""Documents of our own: what the archive keeps where UBL has nothing to say."""
_MEDIA_TYPE: Final = "application/xml"


class UblCodec:
    """Implement `canonical.wire.Face` for Peppol BIS Punch Out 3."""

    name = "ubl"

    def __init__(self, judge: Judge | None = None) -> None:
        """Take the official schemas and rules, if any are installed."""
        self._judge = judge

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of XML, forms and UBL."""
        return (*xml.FAULTS, *form.FAULTS, *faults.FAULTS)

    def read(
        self,
        content: bytes,
        media_type: str,
        *,
        strict: bool = False,  # noqa: ARG002 -- nothing that departs from the rules is mended
        dialect: Dialect | None = None,
    ) -> Reading:
        """Return the login or document in `content`; never raises on any bytes."""
        kind, charset = _kind(media_type), form.charset_of(media_type)
        if kind == form.MEDIA_TYPE:
            return login.read_login(content, charset, punchout_dialect(dialect))
        parsed = xml.parse(content, charset=charset)
        if parsed.root is None:
            return Reading(faults=parsed.faults)
        return _read_document(parsed.root, parsed.faults)

    def redacted(self, content: bytes, media_type: str) -> bytes:
        """Return `content` without passwords: only logins have any."""
        kind, charset = _kind(media_type), form.charset_of(media_type)
        if kind == form.MEDIA_TYPE:
            return login.redacted_login(content, charset)
        return content

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the version of UBL in which a document is written."""
        kind = vocabulary.DOCUMENTS.get(name)
        return dialect.versions.get(name) or ("2.1" if kind is None else kind.version)

    def write(
        self,
        body: Markup,
        envelope: Envelope,  # noqa: ARG002 -- a UBL document says in itself who sends it
        dialect: Dialect,
    ) -> Payload:
        """Return the document that holds `body`; LookupError for an unknown charset."""
        kind = vocabulary.DOCUMENTS.get(body.name)
        text = body.text
        if kind is not None and text.startswith(f"<{kind.root}>"):
            text = text.replace(kind.root, kind.root + vocabulary.declarations(kind), 1)
        return _payload(text, dialect.charset)

    def check(
        self,
        payload: Payload,
        name: str,
        dialect: Dialect,  # noqa: ARG002 -- the rules are the same for every buyer
    ) -> tuple[Fault, ...]:
        """Return what our own structure, the XSD and the rules have against a document.

        What our own structure refuses is not shown to the others: they would say it again.
        """
        kind = vocabulary.DOCUMENTS.get(name)
        parsed = xml.parse(payload.content)
        if parsed.root is None:
            return parsed.faults
        if kind is None or parsed.root.tag == _CANCELLED:
            return ()
        vocabulary.without_namespaces(parsed.root)
        own = structure.check(parsed.root, name)
        if own or self._judge is None:
            return own
        return self._judge.judge(payload.content, kind)

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,
        dialect: Dialect,
        *,
        detail: str = "",
    ) -> Payload:
        """Return what the archive keeps of a verdict."""
        return _payload(answers.write_answer(verdict, envelope.message_id, detail), dialect.charset)

    def adapted(
        self,
        dialect: Dialect,
        wishes: Mapping[str, str],  # noqa: ARG002 -- a login chooses nothing of the cart's form
    ) -> Dialect:
        """Return the partner's dialect unchanged."""
        return dialect

    def form(self, payload: Payload, dialect: Dialect) -> Form:
        """Return the form that carries a cart home; its field is empty when there is none."""
        field = punchout_dialect(dialect).cart_field
        parsed = xml.parse(payload.content)
        empty = parsed.root is not None and parsed.root.tag == _CANCELLED
        value = "" if empty else encoded.encode(payload.content)
        return Form(((field, value),))

    def posted(self, fields: Iterable[tuple[str, str]], dialect: Dialect) -> Posted:
        """Return the cart in the fields of a posted form; faults UBL-011 to UBL-013."""
        wanted = punchout_dialect(dialect).cart_field
        values = {form.fold(name): value for name, value in fields}
        value = values.get(form.fold(wanted))
        if value is None:
            found = ", ".join(sorted(values)) or "no field"
            missing = faults.fault("UBL-011", f"no field {wanted}", found=found)
            return Posted(content=None, faults=(missing,))
        if not value.strip():
            return Posted(f"<{_CANCELLED}/>".encode("ascii"), _MEDIA_TYPE, wanted)
        decoded = encoded.decode(value)
        if decoded.content is None:
            broken = faults.fault("UBL-012", f"not base64: {decoded.error}", found=value[:40])
            return Posted(content=None, name=wanted, faults=(broken,))
        mended = faults.fault("UBL-013", "base64 damaged and mended", found=value[:40])
        return Posted(
            decoded.content, _MEDIA_TYPE, wanted, faults=(mended,) if decoded.mended else ()
        )


def _read_document(root: xml.Element, found: tuple[Fault, ...]) -> Reading:
    """Return the message of a parsed document."""
    local = str(root.tag)
    if local == answers.NAME or local in _OWN:
        envelope = Envelope(message_id=root.get("id") or "")
        status = answers.read_answer(root) if local == answers.NAME else None
        message = Message(name=local, envelope=envelope, tree=cast("Node", root), status=status)
        return Reading(messages=(message,), faults=found, envelope=envelope)
    name = vocabulary.name_of(root)
    if name is None:
        place = Place(line=xml.line_of(root))
        customization = root.findtext(f"{{{vocabulary.CBC}}}CustomizationID")
        unknown = faults.fault(
            "UBL-010", "not a document we read", place=place, found=f"{local} {customization or ''}"
        )
        return Reading(faults=(*found, unknown))
    vocabulary.without_namespaces(root)
    envelope = _envelope(root)
    # lxml's element has the members of Node; its stubs say so less precisely.
    message = Message(name=name, envelope=envelope, tree=cast("Node", root))
    return Reading(messages=(message,), faults=found, envelope=envelope)


def _envelope(root: xml.Element) -> Envelope:
    """Return what a document says of itself: its number and when it was issued."""
    text = f"{root.findtext('IssueDate') or ''}T{root.findtext('IssueTime') or '00:00:00'}"
    try:
        moment = datetime.fromisoformat(text.replace(" ", ""))
    except ValueError:
        moment = None
    sent_at = moment if moment is not None and moment.tzinfo is not None else None
    return Envelope(message_id=(root.findtext("ID") or "").strip(), sent_at=sent_at)


def _payload(text: str, charset: str) -> Payload:
    content = f'<?xml version="1.0" encoding="{charset}"?>\n{text}\n'
    return Payload(
        content=content.encode(charset, "xmlcharrefreplace"),
        media_type=f"{_MEDIA_TYPE}; charset={charset}",
    )


def _kind(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
