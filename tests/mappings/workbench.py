"""Compile small mappings from text, and read small documents with them."""

from collections.abc import Mapping
from textwrap import dedent

from canonical.wire import Envelope, Message
from gateway.partners.library import shipped_library
from mappings.engine.library import Library, Mapped, Reader, Source, Writer
from protocols.cxml.codec import CxmlCodec
from protocols.cxml.vocabulary import DOCTYPES
from protocols.xml import parse

SHIPPED = shipped_library()
CODEC = CxmlCodec()


def library(mappings: Mapping[str, str], tables: Mapping[str, str] | None = None) -> Library:
    return Library(
        {name: Source(f"{name}.yaml", dedent(text)) for name, text in mappings.items()},
        {name: Source(f"{name}.csv", dedent(text)) for name, text in (tables or {}).items()},
    )


def reader(fields: str, document: str = "StatusUpdate", **tables: str) -> Reader:
    """Return the reader of a mapping that has just these fields (and other top keys)."""
    text = f"mapping: cxml/Test -> {document}\nversion: 1\n{dedent(fields)}"
    found = library({"cxml/test": text}, tables).reader("cxml", "Test")
    assert found is not None
    return found


def writer(body: str, document: str = "StatusUpdate", **tables: str) -> Writer:
    text = f"mapping: {document} -> cxml/Test\nversion: 1\n{dedent(body)}"
    found = library({"cxml/test": text}, tables).writer("cxml", document)
    assert found is not None
    return found


def message(text: str, name: str = "Test") -> Message:
    parsed = parse(text.encode(), doctypes=DOCTYPES)
    assert parsed.root is not None, parsed.faults
    return Message(name, Envelope(message_id="m"), parsed.root)


def read(fields: str, text: str, document: str = "StatusUpdate", **tables: str) -> Mapped:
    return reader(fields, document, **tables).read(message(text))


def value(expression: str, text: str = "<r/>", **tables: str) -> str | None:
    """Return what an expression gives as text, by way of a StatusUpdate's comment."""
    quoted = expression.replace("'", "''")
    fields = f"fields:\n  code: {{const: '200'}}\n  text: {{const: OK}}\n  comment: '{quoted}'\n"
    mapped = read(fields, text, **tables)
    assert mapped.document is not None, mapped.faults
    return mapped.document.comment  # type: ignore[attr-defined]


def codes(mapped: Mapped) -> list[str]:
    return [fault.code for fault in mapped.faults]
