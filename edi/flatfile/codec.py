"""Turn flat files into messages and back: the entry of this package.

A flat file says neither what it is nor whose: its schema is named by the partner's dialect, or by
the parameter `schema` of its media type. A message is named as its schema, so that `flat/NAME`
maps it. There is no envelope and nothing to acknowledge by.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from canonical.faults import Fault, FaultKind, Place, Severity
from canonical.rows import Layout
from canonical.wire import Dialect, Envelope, Markup, Message, Payload, Reading, Receipt, Verdict
from edi.bodies import Body
from edi.flatfile.charsets import MEDIA
from edi.flatfile.dialect import FlatDialect, dialect_of
from edi.flatfile.faults import FAULTS, fault
from edi.flatfile.guiding import applies, guided
from edi.flatfile.reader import Arrived, Compiled, Reader
from edi.flatfile.schema import Schema
from edi.flatfile.traces import traces
from edi.flatfile.writer import UNWRITABLE, Writer
from edi.gathering import outlined
from edi.guides import Guide
from edi.weighing import hardened

_SCHEMA: Final = re.compile(r';\s*schema="?([^;"\s]+)')
_KINDS: Final = {True: ("text/csv", ".csv"), False: ("text/plain", ".txt")}
"""The media type and the end of a file's name, for delimited files and others."""
_UNNAMED: Final = re.compile(r"[^A-Za-z0-9._-]")
"""What a file's name is better without."""
_KEPT: Final = 256


class FlatCodec:
    """Implement `canonical.wire.EdiCodec` for flat files."""

    name = "flat"

    def __init__(
        self,
        schemas: Mapping[str, Schema] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take the schemas that are known, by key: a name, or `partner/name` for their own.

        `guides` are partners' guides by name; one that is made for another file does not count.
        """
        self._schemas: Final[Mapping[str, Schema]] = schemas or {}
        self._guides: Final[Mapping[str, Guide]] = guides or {}
        self._compiled = lru_cache(maxsize=_KEPT)(self._compile)

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of flat files."""
        return FAULTS

    def schema(self, name: str, dialect: Dialect | None = None) -> Schema | None:
        """Return the schema of a name, the partner's own first; None: there is none."""
        owner = dialect_of(dialect).owner
        own = self._schemas.get(f"{owner}/{name}") if owner else None
        return own or self._schemas.get(name)

    def read(
        self,
        content: bytes,
        media_type: str,
        *,
        strict: bool = False,
        dialect: Dialect | None = None,
    ) -> Reading:
        """Return all messages in `content`, each with its faults; never raises on any bytes.

        With `strict` every fault is an error.
        """
        return _reading(self.messages((content,), dialect, media_type=media_type), strict=strict)

    def outline(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, media_type: str = ""
    ) -> Reading:
        """Return what `read` does of a stream, but of the tree of each message its root alone."""
        messages = self.messages(chunks, dialect, media_type=media_type)
        return _reading(map(outlined, messages), strict=False)

    def messages(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, media_type: str = ""
    ) -> Iterator[Message | Fault]:
        """Give what a stream of bytes holds, message by message: none but the one at hand is kept.

        Faults of the file stand between the messages, where they were found.
        """
        agreed = self._agreed(media_type, dialect)
        schema = self.schema(agreed.schema, agreed)
        if schema is None:
            yield self._unknown(agreed.schema)
            return
        envelope = Envelope(message_id="", version=schema.key)
        severities = tuple(sorted(agreed.severities.items()))
        compiled = self._compiled(schema.key, severities, agreed.guide or "")
        for unit in Reader(chunks, compiled):
            yield _message(unit, schema, envelope) if isinstance(unit, Arrived) else unit

    def _compile(self, key: str, severities: tuple[tuple[str, str], ...], named: str) -> Compiled:
        schema, guide = self._schemas[key], self._guides.get(named)
        if guide is not None and applies(guide, schema):
            schema, _ = guided(schema, guide)
        return Compiled(schema, dict(severities))

    def _agreed(self, media_type: str, dialect: Dialect | None) -> FlatDialect:
        agreed = dialect_of(dialect)
        named = _SCHEMA.search(media_type)
        if agreed.schema or named is None:
            return agreed
        owner, _, name = named[1].rpartition("/")
        return FlatDialect(
            schema=name, owner=owner or agreed.owner, severities=agreed.severities,
            substitute=agreed.substitute, guide=agreed.guide,
        )  # fmt: skip

    def _unknown(self, name: str) -> Fault:
        known = ", ".join(sorted(self._schemas)) or "a schema that is supplied"
        return fault("FLAT-010", place=Place(line=1), found=name or None, expected=known)

    def envelope(self, content: bytes) -> Reading:  # noqa: ARG002 -- there is none
        """Return an envelope that says nothing: whose a file is, is known by how it came."""
        return Reading(envelope=Envelope(message_id=""))

    def interchanges(self, content: bytes) -> Iterator[bytes]:
        """Give the file: it is one."""
        yield content

    def redacted(self, content: bytes, media_type: str) -> bytes:  # noqa: ARG002
        """Return `content`: no file has a place for secrets."""
        return content

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the key of the schema that a message is written by."""
        schema = self.schema(name, dialect)
        return name if schema is None else schema.key

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where fields stand in the records of a message; None: there is no schema."""
        schema = self.schema(name, dialect)
        return None if schema is None else schema.layout

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return a file of one message, by the schema of its name.

        Its media type names the file by the number that the envelope gives it, for a file itself
        has no place for that. Raises LookupError where there is no such schema: our own mistake.
        """
        schema = self._writable(body.name, dialect)
        content = b"".join(self.writing((body,), envelope, dialect))
        charset = MEDIA.get(schema.charset, schema.charset)
        kind, suffix = _KINDS[bool(schema.delimiter)]
        media_type = f"{kind}; charset={charset}; schema={schema.key}"
        if envelope.message_id:
            name = _UNNAMED.sub("-", f"{schema.name}-{envelope.message_id}")
            media_type += f'; name="{name}{suffix}"'
        return Payload(content, media_type)

    def writing(
        self,
        bodies: Iterable[Body],
        envelope: Envelope,
        dialect: Dialect,
    ) -> Iterator[bytes]:
        """Give a file of many or very long messages as it is written; all are of one schema."""
        del envelope
        named, *others = bodies if isinstance(bodies, tuple) else tuple(bodies)
        yield from self.writer(named.name, dialect).file((named, *others))

    def writer(self, name: str, dialect: Dialect) -> Writer:
        """Return what writes files of a schema, and knows afterwards what could not be written."""
        return Writer(self._writable(name, dialect), dialect_of(dialect).substitute)

    def _writable(self, name: str, dialect: Dialect) -> Schema:
        schema = self.schema(name, dialect)
        if schema is None:
            message = f"there is no schema {name!r} of a flat file"
            raise LookupError(message)
        return schema

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:
        """Return what its schema has against an outgoing file, warnings as errors."""
        agreed = dialect_of(dialect)
        own = FlatDialect(schema=name, owner=agreed.owner)
        found: list[Fault] = []
        for unit in self.messages((payload.content,), own):
            found += unit.faults if isinstance(unit, Message) else (unit,)
        lost = self._lost(payload.content, own)
        return (*lost, *(map(_outward, found) if not lost else ()))

    def _lost(self, content: bytes, dialect: FlatDialect) -> tuple[Fault, ...]:
        """Return the places where something could not be written."""
        if UNWRITABLE.encode() not in content:
            return ()
        schema = self._writable(dialect.schema, dialect)
        return tuple(traces(content, schema))

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,  # noqa: ARG002 -- a flat file has no answer of its own
        dialect: Dialect,  # noqa: ARG002
        *,
        detail: str = "",
    ) -> Payload:
        """Return plain words."""
        text = f"{verdict.value}: {detail}\n" if detail else f"{verdict.value}\n"
        return Payload(text.encode(), "text/plain; charset=utf-8")

    def settlement(self, message: Message) -> None:
        """Return nothing: no flat file acknowledges another."""

    def acknowledged(
        self,
        theirs: Envelope,  # noqa: ARG002 -- see `acknowledgement`
        receipts: tuple[Receipt, ...],  # noqa: ARG002
        faults: tuple[Fault, ...],  # noqa: ARG002
        envelope: Envelope,  # noqa: ARG002
        dialect: Dialect,  # noqa: ARG002
    ) -> Payload | None:
        """Return nothing: nobody awaits it."""
        return None


def _message(arrived: Arrived, schema: Schema, envelope: Envelope) -> Message:
    return Message(
        name=schema.name,
        envelope=envelope,
        tree=arrived.tree,
        reference=str(arrived.number),
        faults=arrived.faults,
    )


def _reading(units: Iterable[Message | Fault | Envelope], *, strict: bool) -> Reading:
    """Return all that a stream gives; with `strict` every fault is an error."""
    messages, found = [], []
    for unit in units:
        if isinstance(unit, Message):
            messages.append(_hardened(unit) if strict else unit)
        elif isinstance(unit, Fault):
            found.append(hardened(unit) if strict else unit)
    return Reading(tuple(messages), tuple(found), Envelope(message_id=""))


def _hardened(message: Message) -> Message:
    return dataclasses.replace(message, faults=tuple(map(hardened, message.faults)))


def _outward(one: Fault) -> Fault:
    """Return a fault of something that we wrote."""
    return one if one.severity is Severity.NOTE else hardened(one)
