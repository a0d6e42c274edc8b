"""Turn calls of a catalogue into messages, and carts into forms: the entry of this package.

Reading is tolerant: names in any case, numbers with commas, items numbered from nought. Writing
puts what a mapping made into the fields, numbers and spellings of one buyer, and `check` holds the
finished form against the field list of the buyer's version, because SAP's own systems drop an item
that does not fit without saying so.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from canonical.faults import Fault, FaultKind
from canonical.wire import (
    Dialect,
    Envelope,
    Form,
    Markup,
    Message,
    Payload,
    Posted,
    Reading,
    Verdict,
)
from protocols import form, http_status, xml
from protocols.oci import call, catalogue, faults, fields, items, redaction, status
from protocols.oci.dialect import Variant, dialect_of


class OciCodec:
    """Implement `canonical.wire.Face` for OCI 2.0 to 5.0."""

    name = "oci"

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of forms, of XML and of OCI."""
        return (*form.FAULTS, *xml.FAULTS, *faults.FAULTS)

    def read(
        self,
        content: bytes,
        media_type: str,
        *,
        strict: bool = False,  # noqa: ARG002 -- there is no schema to be strict about
        dialect: Dialect | None = None,
    ) -> Reading:
        """Return the message in a form or in JSON, and every fault found; never raises."""
        if status.is_json(media_type):
            return _read_json(content)
        known = dialect_of(dialect)
        read = form.read(content, charset=form.charset_of(media_type))
        if not read.pairs:
            return Reading(faults=read.faults)
        if call.is_call(read.pairs, known):
            return call.read_call(read, known)
        return items.read_cart(read, known)

    def redacted(self, content: bytes, media_type: str) -> bytes:
        """Return `content` with every secret blanked, fit for the payload archive."""
        return redaction.redacted(content, media_type)

    def version(self, name: str, dialect: Dialect) -> str:  # noqa: ARG002 -- one for all messages
        """Return the version of OCI that a partner speaks."""
        return dialect_of(dialect).version

    def write(
        self,
        body: Markup,
        envelope: Envelope,  # noqa: ARG002 -- a form has no envelope
        dialect: Dialect,
    ) -> Payload:
        """Return the form that holds `body`, or the JSON of a catalogue page.

        Raises ValueError for markup that is no XML, and LookupError for an unknown charset: our
        own mistakes.
        """
        root = items.root_of(body)
        known = dialect_of(dialect)
        if body.name == catalogue.NAME:
            return Payload(catalogue.write(root), status.MEDIA_TYPE)
        pairs = items.write_cart(root, known)
        charset = form.python_charset(known.charset)
        if charset is None:
            message = f"unknown charset {known.charset!r}; use UTF-8 or ISO-8859-1"
            raise LookupError(message)
        media_type = f"{form.MEDIA_TYPE}; charset={known.charset}"
        return Payload(form.write(pairs, charset), media_type)

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:  # noqa: ARG002 -- the payload says what it is
        """Return what the field list of that version has against an outgoing form."""
        if status.is_json(payload.media_type):
            return _read_json(payload.content).faults
        read = _written(payload.content, payload.media_type)
        known = dialect_of(dialect)
        pairs, found = items.opened(read.pairs, known)
        return (*read.faults, *found, *fields.check(pairs, known))

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,
        dialect: Dialect,  # noqa: ARG002 -- OCI has none, ours is the same for all
        *,
        detail: str = "",
    ) -> Payload:
        """Return what became of a call as JSON; `envelope` is the answer's."""
        return status.write(http_status.status_of(verdict, detail), envelope)

    def adapted(self, dialect: Dialect, wishes: Mapping[str, str]) -> Dialect:
        """Return the dialect with the charset, the variant and the vendor that one call asks for.

        A system that calls with its number of the vendor (IFS Cloud) wants it back on each item.
        """
        known = dialect_of(dialect)
        wanted = {form.fold(name): value.strip() for name, value in wishes.items()}
        asked = wanted.get("HTTP_CONTENT_CHARSET", "")
        charset = {"utf-8": "UTF-8", "cp1252": "ISO-8859-1"}.get(form.python_charset(asked) or "")
        variant = Variant.XML if wanted.get("XMLTYPE") else known.variant
        vendor = wanted.get("VENDOR") or wanted.get("NEW_ITEM-VENDOR") or ""
        constants = known.item_constants
        if 0 < len(vendor) <= fields.FIELDS["VENDOR"].length:
            constants = {**constants, "VENDOR": vendor}
        return msgspec.structs.replace(
            known, charset=charset or known.charset, variant=variant, item_constants=constants
        )

    def form(self, payload: Payload, dialect: Dialect) -> Form:
        """Return the form that carries a cart home, its fields in order."""
        known = dialect_of(dialect)
        read = _written(payload.content, payload.media_type)
        return Form(read.pairs, charset=known.charset, target=known.target, repeats_query=True)

    def posted(
        self,
        fields: Iterable[tuple[str, str]],
        dialect: Dialect,  # noqa: ARG002 -- the fields are text already
    ) -> Posted:
        """Return a returned form as bytes; one without items says at least what it is."""
        pairs = list(fields)
        if not any(form.fold(name) == form.fold(items.CARRIER[0]) for name, _ in pairs):
            pairs.append(items.CARRIER)
        content = form.write(pairs)
        return Posted(content=content, media_type=f"{form.MEDIA_TYPE}; charset=UTF-8")


@lru_cache(maxsize=4)
def _written(content: bytes, media_type: str) -> form.Fields:
    """Return the fields of a form that leaves: it is checked, and shown right after."""
    return form.read(content, charset=form.charset_of(media_type))


def _read_json(content: bytes) -> Reading:
    """Return an acknowledgement, or a page of a catalogue."""
    acknowledged = status.read(content)
    if acknowledged is None:
        return catalogue.read(content)
    state, message_id = acknowledged
    envelope = Envelope(message_id=message_id, anew=True)
    message = Message("Response", envelope, form.FormNode("Response"), status=state)
    return Reading((message,), (), envelope)
