"""Write a document for a partner: map, put into an envelope, check against the official schema.

Strict outward: what the partner's own schema refuses does not leave.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from canonical.document import Document
from canonical.faults import Fault, has_errors
from canonical.wire import Dialect, Envelope, Markup, Payload
from edi.flatfile.dialect import FlatDialect
from gateway.partners.agreements import FLAT, qualifier_of
from gateway.partners.agreements import SYNTAXES as EDI_SYNTAXES
from gateway.partners.model import Partner
from gateway.pipeline.faults import fault

if TYPE_CHECKING:
    from gateway.pipeline.equipment import Equipment
    from mappings.engine.library import Library, Writer


@dataclass(frozen=True, slots=True)
class Manner:
    """Say in which syntax a document is written, and how if not in the partner's own dialect."""

    syntax: str
    dialect: Dialect | None = None


def said_by(dialect: Dialect) -> dict[str, str]:
    """Return the plain options of a dialect by name, for mappings as `context.<name>`."""
    values = msgspec.structs.asdict(dialect)
    return {
        name: str(value)
        for name, value in values.items()
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    }


def _parties(partner: Partner, syntax: str) -> dict[str, str]:
    """Return who we and they are in a syntax of EDI, for documents that name no party."""
    if syntax not in (*EDI_SYNTAXES, FLAT):
        return {}
    us, them = partner.us_in(syntax), partner.identity_in(syntax)
    return {
        "sender": us.identity,
        "sender_qualifier": qualifier_of(us.domain) or "",
        "recipient": them.identity,
        "recipient_qualifier": qualifier_of(them.domain) or "",
    }


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """Hold the payload and what it was made from, or the faults that speak against it."""

    payload: Payload | None
    name: str = ""
    mapping: str | None = None
    faults: tuple[Fault, ...] = ()
    markup: Markup | None = None


def _writer(
    library: "Library", syntax: str, dialect: Dialect, document: Document
) -> "Writer | None":
    """Return the mapping that writes a document; that of a flat file has the name of its schema."""
    if isinstance(dialect, FlatDialect):
        return library.writer(syntax, type(document), dialect.schema)
    return library.writer_for(syntax, document)


def write_document(
    equipment: "Equipment",
    partner: Partner,
    manner: Manner,
    document: Document,
    envelope: Envelope,
) -> WrittenDocument:
    """Return `document` in a syntax of the partner; never raises for what is in it."""
    syntax = manner.syntax
    dialect = manner.dialect or partner.dialect_of(syntax)
    writer = _writer(equipment.library(partner), syntax, dialect, document)
    if writer is None:
        missing = fault("PIPELINE-022", found=f"{type(document).__name__} in {syntax}")
        return WrittenDocument(None, faults=(missing,))
    codec = equipment.codecs[syntax]
    version = codec.version(writer.message, dialect)
    known = {
        "supplier": equipment.name,
        "buyer": partner.name,
        **_parties(partner, syntax),
        **said_by(dialect),
        "version": version,
    }
    exchange = equipment.edi.get(syntax)
    layout = None if exchange is None else exchange.layout(writer.message, dialect)
    written = writer.write(document, layout=layout, **known)
    mapping = f"{written.mapping} {written.version}"
    if written.markup is None or has_errors(written.faults):
        return WrittenDocument(None, mapping=mapping, faults=written.faults)
    name = written.markup.name
    payload = codec.write(written.markup, envelope, dialect)
    faults = (*written.faults, *codec.check(payload, name, dialect))
    if has_errors(faults):
        return WrittenDocument(None, name, mapping, faults)
    return WrittenDocument(payload, name, mapping, faults, written.markup)
