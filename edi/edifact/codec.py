"""Turn EDIFACT interchanges into messages and back: the entry of this package.

Reading takes what real senders write: each message comes with its tree and all that is wrong with
it, and whether it may go on is for the severities that the partner agreed. Writing is held against
the same tables before it leaves, strictly.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from canonical.faults import Fault, FaultKind, Severity
from canonical.interchange import Acknowledgement
from canonical.rows import Branch, Layout, SegmentTree
from canonical.wire import (
    Dialect,
    Envelope,
    Markup,
    Message,
    Payload,
    Reading,
    Receipt,
    Verdict,
)
from edi.bodies import Body
from edi.edifact import acknowledgements
from edi.edifact.charsets import named
from edi.edifact.dialect import EdifactDialect, dialect_of, version_of
from edi.edifact.envelope import Interchange
from edi.edifact.faults import FAULTS, fault
from edi.edifact.lexer import Kind, Lexer
from edi.edifact.reader import Arrived, Reader
from edi.edifact.redaction import redacted
from edi.edifact.settling import settlement
from edi.edifact.tables import Profile, Tables, edition_of
from edi.edifact.writer import UNWRITABLE, Writer
from edi.faults import kinds
from edi.gathering import MESSAGE_BYTES, gathered
from edi.guides import Guide
from edi.locating import Locator
from edi.schema import Directory
from edi.trees import flat, header_of, placing, rows_of
from edi.validation import Validation
from edi.weighing import hardened, severities_of, weighed

MEDIA_TYPE: Final = "application/edifact"
"""RFC 1767."""

_CREDITS: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396"})

_VARIANTS: Final[Mapping[str, tuple[int, frozenset[str], str]]] = {
    "ORDERS": (3, frozenset({"1"}), "cancellation"),
    "ORDCHG": (3, frozenset({"1"}), "cancellation"),
    "INVOIC": (1, _CREDITS, "credit"),
}
"""Messages of one name that are two documents: which element of BGM (1225, 1001) says with which
codes that it is the other, whose mapping has a name of its own (`ORDERS.cancellation`)."""

_KINDS_KEPT: Final = 1000
"""How many types of messages are remembered in an interchange: strangers choose the names."""


class EdifactCodec:
    """Implement `canonical.wire.EdiCodec` for UN/EDIFACT, syntax versions 1 to 4."""

    name = "edifact"

    def __init__(
        self,
        directories: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take the directories that were imported (`D.10B`) and partners' guides, by name."""
        self.tables: Final = Tables(directories, guides)

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of EDIFACT."""
        return (*FAULTS, *kinds("EDIFACT"))

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
        return gathered(self.messages((content,), dialect), fault, "EDIFACT", strict=strict)

    def envelope(self, content: bytes) -> Reading:
        """Return the envelope of the first interchange and its faults, without its messages."""
        found, envelope = [], None
        for unit in Reader((content,)).beginning():
            if isinstance(unit, Fault):
                found.append(unit)
            elif isinstance(unit, Interchange):
                envelope = unit.envelope
        return Reading((), tuple(found), envelope)

    def messages(
        self,
        chunks: Iterable[bytes],
        dialect: Dialect | None = None,
        *,
        longest: int = MESSAGE_BYTES,
    ) -> Iterator[Message | Fault | Envelope]:
        """Give what a stream of bytes holds, message by message: none but the one at hand is kept.

        The envelope of an interchange comes before its messages, faults of it where they are found.
        A message of more than about `longest` bytes comes without its segments; `units` has them.
        """
        agreed = dialect_of(dialect)
        reader = _Shaping(self.tables, agreed)
        for unit in self.units(chunks, agreed, part=longest):
            if isinstance(unit, Arrived):
                yield from reader.messages(unit)
            elif isinstance(unit, Fault):
                yield from reader.judged((unit,))
            elif isinstance(unit, Interchange):
                reader.begin(unit)
                yield unit.envelope

    def units(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, part: int | None = None
    ) -> Reader:
        """Return the reader of a stream, which looks at no segment inside a message.

        With `part`, a message longer than about so many bytes comes in parts.
        """
        reads_as = dialect_of(dialect).reads_as
        return Reader(chunks, reads_as=named(reads_as) if reads_as else None, part=part)

    def interchanges(self, content: bytes) -> Iterator[bytes]:
        """Cut a file into its interchanges, each with what stands before it; none is lost."""
        start, ended = 0, False
        for token in Lexer((content,)):
            if ended and token.kind in _BEGINNING:
                yield content[start : token.offset]
                start, ended = token.offset, False
            ended = ended or token.kind is Kind.INTERCHANGE_END
        yield content[start:]

    def redacted(self, content: bytes, media_type: str) -> bytes:  # noqa: ARG002 -- as in `read`
        """Return `content` with the passwords of UNB and UNG blanked, nothing else moved."""
        return redacted(content)

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the directory in which a partner wants the message `name`: `D.96A`."""
        return version_of(name, dialect_of(dialect))

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where elements stand in a message as a partner wants it; None: not installed."""
        agreed = dialect_of(dialect)
        edition = "" if name == "CONTRL" else version_of(name, agreed)
        return self.tables.layout(edition, agreed.syntax)

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return an interchange with one message; `message_id` is its control number.

        Raises ValueError for an envelope without number, time or parties: our own mistake.
        """
        return _payload(self.writing((body,), envelope, dialect))

    def writing(
        self, bodies: Iterable[Body], envelope: Envelope, dialect: Dialect
    ) -> Iterator[bytes]:
        """Give an interchange of many or very long messages as it is written."""
        return Writer(dialect_of(dialect)).interchange(bodies, envelope)

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:
        """Return what the standard has against an outgoing interchange, warnings as errors.

        What the partner forgives on reading counts for nothing here.
        """
        del name
        agreed = replace(dialect_of(dialect), severities={}, reads_as=None)
        reading = self.read(payload.content, payload.media_type, dialect=agreed)
        found = [*reading.faults, *(one for message in reading.messages for one in message.faults)]
        return tuple(_outward(one) for one in found)

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,  # noqa: ARG002 -- CONTRL needs theirs: see `acknowledged`
        dialect: Dialect,  # noqa: ARG002
        *,
        detail: str = "",
    ) -> Payload:
        """Return plain words: CONTRL is not about a verdict but about an interchange."""
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
        """Return the interchange that acknowledges theirs by CONTRL and APERAK, as agreed."""
        agreed = dialect_of(dialect)
        report = acknowledgements.Report(theirs, receipts, faults)
        bodies = acknowledgements.agreed(report, envelope, agreed)
        return _payload(self.writing(bodies, envelope, agreed)) if bodies else None

    def settlement(self, message: Message) -> Acknowledgement | None:
        """Return what a partner's CONTRL or APERAK says of something that we sent."""
        return settlement(message)


_BEGINNING: Final = frozenset({Kind.SEPARATORS, Kind.INTERCHANGE, Kind.MESSAGE, Kind.GROUP})


@dataclasses.dataclass(frozen=True, slots=True)
class _Kind:
    """Hold what all messages of one type and version in an interchange share."""

    validation: Validation | None
    layout: Layout
    envelope: Envelope


class _Shaping:
    """Make messages of what a reader gives, for one partner."""

    def __init__(self, tables: Tables, dialect: EdifactDialect) -> None:
        self._tables = tables
        words = tuple(sorted(dialect.severities.items()))
        self._profile = Profile(dialect.guide or "", words)
        self._severities = severities_of(dialect.severities)
        self._syntax = 3
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def begin(self, interchange: Interchange) -> None:
        """Say in which interchange the following messages stand."""
        self._syntax = interchange.version
        self._kinds = {}

    def judged(self, found: Iterable[Fault]) -> Iterator[Fault]:
        """Give faults as the partner's profile weighs them."""
        return weighed(found, self._severities)

    def messages(self, arrived: Arrived) -> Iterator[Message]:
        """Give the message that arrived: one that is too long comes once, for its first part."""
        piece = arrived.piece
        if piece.first and piece.last:
            yield self.message(arrived)
        elif piece.first:
            yield self._too_long(arrived)

    def _too_long(self, arrived: Arrived) -> Message:
        """Return a message of which nothing but the header is held."""
        piece = arrived.piece
        kind = self._kinds.get((piece.name, arrived.version)) or self._kind(arrived)
        told = (fault("EDIFACT-041", place=Locator(piece).place(1)),)
        return Message(
            name=piece.name,
            envelope=kind.envelope,
            tree=SegmentTree([header_of(piece)], kind.layout),
            reference=arrived.reference,
            group=arrived.group,
            faults=tuple(self.judged(told)),
        )

    def message(self, arrived: Arrived) -> Message:
        """Return a message with its tree and everything that is wrong with it."""
        piece = arrived.piece
        kind = self._kinds.get((piece.name, arrived.version)) or self._kind(arrived)
        found = tuple(self.judged(arrived.faults)) if arrived.faults else ()
        if kind.validation is None:
            root = flat(piece, "UNT")
            found += tuple(self.judged((self._unknown(arrived),)))
        else:
            validated = kind.validation.read(piece)
            root = validated.root
            found += validated.faults
        tree = SegmentTree(
            root,
            kind.layout,
            repetition="*" if piece.separators.repetition else None,
            restored=piece.restored,
            place=placing(piece, lambda: rows_of(root)),
        )
        return Message(
            name=_name(piece.name, root),
            envelope=kind.envelope,
            tree=tree,
            reference=arrived.reference,
            group=arrived.group,
            faults=found,
        )

    def _kind(self, arrived: Arrived) -> _Kind:
        """Find out what messages of this type and version share, and keep it."""
        name, version, syntax = arrived.piece.name, arrived.version, self._syntax
        edition = "" if name == "CONTRL" else edition_of(version)
        kind = _Kind(
            self._tables.validation((name, edition_of(version)), syntax, self._profile),
            self._tables.layout(edition, syntax) or self._tables.syntax_layout(syntax),
            replace(arrived.envelope, version=version),
        )
        if len(self._kinds) < _KINDS_KEPT:
            self._kinds[name, version] = kind
        return kind

    def _unknown(self, arrived: Arrived) -> Fault:
        """Return why there is no table: the edition is not there, or has no such message."""
        piece, edition = arrived.piece, edition_of(arrived.version)
        if not edition or self._tables.directory(edition, self._syntax) is None:
            place = Locator(piece).place(1, 2, 1, path="UNH/S009/0052")
            names = ", ".join(self._tables.names)
            return fault(
                "EDIFACT-037", place=place, found=edition or arrived.version, expected=names
            )
        place = Locator(piece).place(1, 2, 0, path="UNH/S009/0065")
        return fault("EDIFACT-038", place=place, found=piece.name, source=f"UN {edition}")


def _name(plain: str, root: Branch) -> str:
    """Return the name that chooses the mapping: a cancellation is a message of its own."""
    variant = _VARIANTS.get(plain)
    if variant is not None:
        column, codes, name = variant
        for branch in root[1:]:
            row = branch[0]
            if row[0] == "BGM":
                found = row[column].partition(":")[0] if len(row) > column else ""
                return f"{plain}.{name}" if found in codes else plain
    return plain


def _payload(pieces: Iterable[bytes]) -> Payload:
    return Payload(b"".join(pieces), MEDIA_TYPE)


def _outward(one: Fault) -> Fault:
    """Return a fault of something that we wrote: a character lost is named as such."""
    if one.code == "EDIFACT-032" and one.found == UNWRITABLE:
        return fault("EDIFACT-050", place=one.place, found=None)
    return one if one.severity is Severity.NOTE else hardened(one)
