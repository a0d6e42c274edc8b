"""Read and write interchanges of segments: what the codecs of EDIFACT and X12 have in common.

A syntax names its reader, its writer and its tables; how a stream becomes messages, how a file is
cut into interchanges and how severely is judged what we write is the same for both.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Set
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from msgspec.structs import replace

from canonical.faults import Fault, FaultKind, FaultTable, Severity
from canonical.wire import Dialect, Envelope, Markup, Message, Payload, Reading, Receipt, Verdict
from edi.acknowledging import Report
from edi.assembling import ASTRAY, Assembly
from edi.bodies import Body
from edi.cutting import Kind
from edi.dialect import SegmentDialect
from edi.faults import kinds
from edi.gathering import gathered, outlined
from edi.reading import SegmentReader
from edi.redaction import Secrets, redacted
from edi.rules import Syntax
from edi.units import Arrived, Interchange, Unit
from edi.weighing import hardened

DialectT = TypeVar("DialectT", bound=SegmentDialect)

AnyReader = SegmentReader[Any]
"""The reader of a syntax, whatever more its interchanges say."""

BEGINNING: Final[Set[Kind]] = frozenset(
    {Kind.SEPARATORS, Kind.INTERCHANGE, Kind.MESSAGE, Kind.GROUP}
)
"""The kinds of tokens that an interchange may begin with."""


ANEW: Final[Set[Kind]] = frozenset({Kind.SEPARATORS, Kind.INTERCHANGE})
"""The kinds of tokens that end what is open before them."""


class Writing(Protocol):
    """Write interchanges for one partner."""

    def interchange(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[bytes]:
        """Give the bytes of one interchange; `message_id` is its control number."""


class SegmentCodec(ABC, Generic[DialectT]):
    """Implement of `canonical.wire.EdiCodec` what needs no word of the standard."""

    syntax: ClassVar[Syntax]
    table: ClassVar[FaultTable]
    """Makes the faults of this syntax."""
    reader: ClassVar[type[AnyReader]]
    media_type: ClassVar[str]
    secrets: ClassVar[Secrets]
    """The elements of the envelope that no archive keeps."""
    unwritable: ClassVar[str]
    """What stands for a character that cannot be written, to be found in what we wrote."""

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of this syntax."""
        return (*self.table.kinds.values(), *kinds(self.syntax.prefix))

    def read(
        self,
        content: bytes,
        media_type: str,  # noqa: ARG002 -- an interchange says itself what it is
        *,
        strict: bool = False,
        dialect: Dialect | None = None,
    ) -> Reading:
        """Return all messages in `content`, each with its faults; never raises on any bytes.

        The faults of the envelope stand in the reading. With `strict` every fault is an error.
        """
        messages = self.messages((content,), dialect)
        return gathered(messages, self.table, self.syntax.prefix, strict=strict)

    def redacted(self, content: bytes, media_type: str) -> bytes:  # noqa: ARG002 -- as in `read`
        """Return `content` with the passwords of envelopes blanked, nothing else moved."""
        return redacted(content, self.reader.lexer((content,)), self.secrets)

    def envelope(self, content: bytes) -> Reading:
        """Return the envelope of the first interchange and its faults, without its messages."""
        found, envelope = [], None
        for unit in self.reader((content,)).beginning():
            if isinstance(unit, Fault):
                found.append(unit)
            elif isinstance(unit, Interchange):
                envelope = unit.envelope
        return Reading((), tuple(found), envelope)

    def units(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, part: int | None = None
    ) -> Iterable[Unit]:
        """Return the reader of a stream, which looks at no segment inside a message.

        With `part`, a message longer than about so many bytes comes in parts.
        """
        return self.reader(chunks, reads_as=self._agreed(dialect).reads_as, part=part)

    def outline(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, media_type: str = ""
    ) -> Reading:
        """Return what `read` does of a stream, but of the tree of each message its root alone."""
        messages = self.messages(chunks, dialect, media_type=media_type)
        return gathered(map(outlined, messages), self.table, self.syntax.prefix)

    def messages(
        self,
        chunks: Iterable[bytes],
        dialect: Dialect | None = None,
        *,
        media_type: str = "",  # noqa: ARG002 -- an interchange says itself what it is
    ) -> Iterator[Message | Fault | Envelope]:
        """Give what a stream of bytes holds, message by message: none but the one at hand is kept.

        The envelope of an interchange comes before its messages, faults of it where they are found.
        A message longer than is agreed comes without its segments; `units` has them.
        """
        agreed = self._agreed(dialect)
        assembly = self._assembly(agreed)
        for unit in self.units(chunks, agreed, part=agreed.message_limit):
            if isinstance(unit, Arrived):
                yield from assembly.messages(unit)
            elif isinstance(unit, Fault):
                yield from assembly.weighed((unit,))
            elif isinstance(unit, Interchange):
                assembly.begin(unit)
                yield unit.envelope
            else:
                yield from self._others(unit)

    def interchanges(self, content: bytes) -> Iterator[bytes]:
        """Cut a file into its interchanges, each with what stands before it; none is lost.

        One that does not end itself ends where the next one begins.
        """
        start, begun, ended = 0, False, False
        for token in self.reader.lexer((content,)):
            kind = token.kind
            if (ended and kind in BEGINNING) or (begun and kind in ANEW):
                yield content[start : token.offset]
                start, begun, ended = token.offset, False, False
            begun = begun or (kind in BEGINNING and kind is not Kind.SEPARATORS)
            ended = ended or kind is Kind.INTERCHANGE_END
        yield content[start:]

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return an interchange with one message; `message_id` is its control number.

        Raises ValueError for an envelope without number, time or parties: our own mistake.
        """
        return self._payload(self.writing((body,), envelope, dialect))

    def writing(
        self, bodies: Iterable[Body], envelope: Envelope, dialect: Dialect
    ) -> Iterator[bytes]:
        """Give an interchange of many or very long messages as it is written."""
        return self._writer(self._agreed(dialect)).interchange(bodies, envelope)

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:
        """Return what the standard has against an outgoing interchange, warnings as errors.

        What the partner forgives on reading counts for nothing here, but for what is about the
        guide and not about the message.
        """
        del name
        own, about_guides = self._agreed(dialect), f"{self.syntax.prefix}-{ASTRAY}"
        kept = {code: word for code, word in own.severities.items() if code == about_guides}
        agreed = replace(own, severities=kept, reads_as=None)
        reading = self.read(payload.content, payload.media_type, dialect=agreed)
        found = [*reading.faults, *(one for message in reading.messages for one in message.faults)]
        return tuple(map(self._outward, found))

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,  # noqa: ARG002 -- theirs is needed: see `acknowledged`
        dialect: Dialect,  # noqa: ARG002
        *,
        detail: str = "",
    ) -> Payload:
        """Return plain words: CONTRL and 997 are not about a verdict but about an interchange."""
        text = f"{verdict.value}: {detail}\n" if detail else f"{verdict.value}\n"
        return Payload(text.encode(), "text/plain; charset=utf-8")

    def acknowledged(
        self,
        theirs: Envelope,
        receipts: tuple[Receipt, ...],
        faults: tuple[Fault, ...],
        envelope: Envelope,
        dialect: Dialect,
    ) -> Payload | None:
        """Return the interchange that acknowledges one of theirs, as far as that is agreed."""
        report = Report(theirs, receipts, faults)
        pieces = self._acknowledging(report, envelope, self._agreed(dialect))
        return None if pieces is None else self._payload(pieces)

    def _payload(self, pieces: Iterable[bytes]) -> Payload:
        return Payload(b"".join(pieces), self.media_type)

    def _outward(self, one: Fault) -> Fault:
        """Return a fault of something that we wrote: a character lost is named as such."""
        prefix = self.syntax.prefix
        if one.code == f"{prefix}-032" and one.found == self.unwritable:
            return self.table(f"{prefix}-050", place=one.place)
        return one if one.severity is Severity.NOTE else hardened(one)

    def _others(self, unit: Unit) -> Iterator[Message]:  # noqa: ARG002 -- for those who have any
        """Give the messages in what a reader gives beside messages: none, as a rule."""
        return iter(())

    @abstractmethod
    def _writer(self, dialect: DialectT) -> Writing:
        """Return what writes interchanges for a partner."""

    @abstractmethod
    def _agreed(self, dialect: Dialect | None) -> DialectT:
        """Return the partner's dialect, or the usual one."""

    @abstractmethod
    def _assembly(self, dialect: DialectT) -> Assembly:
        """Return what makes messages for a partner."""

    @abstractmethod
    def _acknowledging(
        self, report: Report, envelope: Envelope, dialect: DialectT
    ) -> Iterable[bytes] | None:
        """Give the interchange that acknowledges one of theirs, None where none is agreed."""
