"""Turn X12 interchanges into messages and back: the entry of this package.

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
from canonical.rows import Branch, Layout, Row, SegmentTree
from canonical.wire import Dialect, Envelope, Markup, Message, Payload, Reading, Receipt, Verdict
from edi.bodies import Body
from edi.faults import kinds
from edi.gathering import MESSAGE_BYTES, gathered
from edi.guides import Guide
from edi.locating import Locator
from edi.schema import Directory
from edi.trees import flat, header_of, placing, rows_of
from edi.validation import Validation
from edi.weighing import hardened, severities_of, weighed
from edi.x12 import acknowledgements
from edi.x12.dialect import X12Dialect, dialect_of, version_of
from edi.x12.envelope import Interchange
from edi.x12.faults import FAULTS, fault
from edi.x12.lexer import Kind, Lexer
from edi.x12.nesting import TAG, nested
from edi.x12.reader import Answered, Arrived, Reader
from edi.x12.redaction import redacted
from edi.x12.releases import Profile, Releases
from edi.x12.settling import settlement
from edi.x12.writer import UNWRITABLE, Writer

MEDIA_TYPE: Final = "application/edi-x12"
"""RFC 1767."""

_VARIANTS: Final[Mapping[str, tuple[str, int, frozenset[str], str]]] = {
    "850": ("BEG", 1, frozenset({"01"}), "cancellation"),
    "860": ("BCH", 1, frozenset({"01"}), "cancellation"),
    "810": ("BIG", 7, frozenset({"CN", "CR"}), "credit"),
}
"""Messages of one name that are two documents: which element of the first segment says with which
codes that it is the other, whose mapping has a name of its own (`850.cancellation`)."""

_KINDS_KEPT: Final = 1000
"""How many types of messages are remembered in an interchange: strangers choose the names."""

_LOOP: Final = f"~{TAG}*"
"""What the text of a message holds that has loops to nest."""

_BEGINNING: Final = frozenset({Kind.INTERCHANGE, Kind.MESSAGE, Kind.GROUP})


class X12Codec:
    """Implement `canonical.wire.EdiCodec` for X12."""

    name = "x12"

    def __init__(
        self,
        tables: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take the tables that the operator supplies (`006020`) and partners' guides, by name."""
        self.releases: Final = Releases(tables, guides)

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault of X12."""
        return (*FAULTS, *kinds("X12"))

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
        return gathered(self.messages((content,), dialect), fault, "X12", strict=strict)

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
        shaping = _Shaping(self.releases, agreed)
        for unit in self.units(chunks, agreed, part=longest):
            if isinstance(unit, Arrived):
                yield from shaping.messages(unit)
            elif isinstance(unit, Answered):
                yield shaping.answer(unit)
            elif isinstance(unit, Fault):
                yield from shaping.weighed((unit,))
            elif isinstance(unit, Interchange):
                shaping.begin()
                yield unit.envelope

    def units(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, part: int | None = None
    ) -> Reader:
        """Return the reader of a stream, which looks at no segment inside a message.

        With `part`, a message longer than about so many bytes comes in parts.
        """
        return Reader(chunks, reads_as=dialect_of(dialect).reads_as, part=part)

    def interchanges(self, content: bytes) -> Iterator[bytes]:
        """Cut a file into its interchanges, each with what stands before it; none is lost."""
        start, ended = 0, False
        for token in Lexer((content,)):
            if ended and token.kind in _BEGINNING:
                yield content[start : token.offset]
                start, ended = token.offset, False
            ended = ended or token.kind == Kind.INTERCHANGE_END
        yield content[start:]

    def redacted(self, content: bytes, media_type: str) -> bytes:  # noqa: ARG002 -- as in `read`
        """Return `content` with the passwords of ISA blanked, nothing else moved."""
        return redacted(content)

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the version in which a partner wants the message `name`: `004010`."""
        return version_of(name, dialect_of(dialect))

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where elements stand in a message as a partner wants it; None: no tables."""
        return self.releases.layout(version_of(name, dialect_of(dialect)))

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return an interchange with one message; `message_id` is its control number.

        Raises ValueError for an envelope without time or parties: our own mistake.
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
        return tuple(map(_outward, found))

    def acknowledgement(
        self,
        verdict: Verdict,
        envelope: Envelope,  # noqa: ARG002 -- 997 needs theirs: see `acknowledged`
        dialect: Dialect,  # noqa: ARG002
        *,
        detail: str = "",
    ) -> Payload:
        """Return plain words: 997 is not about a verdict but about a group."""
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
        """Return the interchange that acknowledges theirs by TA1, 997 or 999, as agreed.

        One interchange holds TA1 before its groups where both are wanted.
        """
        agreed = dialect_of(dialect)
        report = acknowledgements.Report(theirs, receipts, faults)
        bodies = acknowledgements.functional(report, agreed)
        answers = (acknowledgements.ta1(report),) if acknowledgements.told(report, agreed) else ()
        if not bodies and not answers:
            return None
        return _payload(Writer(agreed).interchange(bodies, envelope, answers))

    def settlement(self, message: Message) -> Acknowledgement | None:
        """Return what a partner's TA1, 997 or 999 says of something that we sent."""
        return settlement(message)


@dataclasses.dataclass(frozen=True, slots=True)
class _Kind:
    """Hold what all messages of one type and version in an interchange share."""

    validation: Validation | None
    layout: Layout
    envelope: Envelope


class _Shaping:
    """Make messages of what a reader gives, for one partner."""

    def __init__(self, releases: Releases, dialect: X12Dialect) -> None:
        self._releases = releases
        words = tuple(sorted(dialect.severities.items()))
        self._profile = Profile(dialect.guide or "", words)
        self._severities = severities_of(dialect.severities)
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def begin(self) -> None:
        """Say that the following messages stand in another interchange."""
        self._kinds = {}

    def weighed(self, found: Iterable[Fault]) -> Iterator[Fault]:
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
        told = (fault("X12-041", place=Locator(piece).place(1)),)
        return Message(
            name=piece.name,
            envelope=kind.envelope,
            tree=SegmentTree([header_of(piece)], kind.layout),
            reference=arrived.reference,
            group=arrived.group,
            faults=tuple(self.weighed(told)),
        )

    def message(self, arrived: Arrived) -> Message:
        """Return a message with its tree and everything that is wrong with it."""
        piece = arrived.piece
        kind = self._kinds.get((piece.name, arrived.version)) or self._kind(arrived)
        found = tuple(self.weighed(arrived.faults)) if arrived.faults else ()
        if kind.validation is None:
            root = flat(piece, "SE")
            found += tuple(self.weighed((self._unknown(arrived),)))
        else:
            validated = kind.validation.read(piece)
            root = validated.root
            found += validated.faults
        lost: list[Row] = []
        place = placing(piece, lambda: rows_of(root))
        if _LOOP in piece.text:
            rows, lost = nested(root)
            place = placing(piece, rows)
        if lost:
            told = (fault("X12-028", place=place(row, 2, None), found=row[2]) for row in lost)
            found += tuple(self.weighed(told))
        tree = SegmentTree(
            root,
            kind.layout,
            repetition="^" if piece.separators.repetition else None,
            restored=piece.restored,
            place=place,
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
        name, version, releases = arrived.piece.name, arrived.version, self._releases
        kind = _Kind(
            releases.validation(name, version, self._profile),
            releases.layout(version) or releases.no_layout,
            replace(arrived.envelope, version=version),
        )
        if len(self._kinds) < _KINDS_KEPT:
            self._kinds[name, version] = kind
        return kind

    def answer(self, answered: Answered) -> Message:
        """Return a TA1 as a message of its own, though it has no envelope but the interchange."""
        row = list(answered.row)
        tree = SegmentTree([row], self._releases.no_layout)
        return Message("TA1", answered.envelope, tree, reference=row[1] if len(row) > 1 else "")

    def _unknown(self, arrived: Arrived) -> Fault:
        """Return why there is no table: the release is not there, or has no such message."""
        piece, version = arrived.piece, arrived.version
        place = Locator(piece).place(1, 1, path="ST/01")
        if self._releases.directory(version) is None:
            names = ", ".join(self._releases.names) or "tables that are supplied"
            return fault("X12-037", place=place, found=version, expected=names)
        return fault("X12-038", place=place, found=piece.name, source=f"X12 {version}")


def _name(plain: str, root: Branch) -> str:
    """Return the name that chooses the mapping: a cancellation is a message of its own."""
    variant = _VARIANTS.get(plain)
    if variant is not None and len(root) > 1:
        tag, column, codes, name = variant
        row = root[1][0]
        if row[0] == tag and len(row) > column and row[column] in codes:
            return f"{plain}.{name}"
    return plain


def _payload(pieces: Iterable[bytes]) -> Payload:
    return Payload(b"".join(pieces), MEDIA_TYPE)


def _outward(one: Fault) -> Fault:
    """Return a fault of something that we wrote: a character lost is named as such."""
    if one.code == "X12-032" and one.found == UNWRITABLE:
        return fault("X12-050", place=one.place)
    return one if one.severity is Severity.NOTE else hardened(one)
