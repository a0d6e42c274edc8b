"""Turn X12 interchanges into messages and back: the entry of this package.

Reading takes what real senders write: each message comes with its tree and all that is wrong with
it, and whether it may go on is for the severities that the partner agreed. Writing is held against
the same tables before it leaves, strictly.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from msgspec.structs import replace

from canonical.faults import Fault, FaultTable, Place
from canonical.interchange import Acknowledgement
from canonical.rows import Branch, Layout, Lined, SegmentTree, root_of
from canonical.wire import Dialect, Envelope, Message
from edi.acknowledging import Report, writable
from edi.assembling import FAULTS_TOLD, Assembly, Placing, Shared
from edi.codec import AnyReader, SegmentCodec
from edi.cutting import Kind
from edi.faults import Kind as Wrong
from edi.faults import kinds
from edi.guides import Guide
from edi.locating import Locator
from edi.redaction import Secrets
from edi.rules import X12
from edi.schema import Directory
from edi.trees import placing
from edi.units import Answered, Arrived, Unit
from edi.x12 import acknowledgements
from edi.x12.dialect import X12Dialect, dialect_of, version_of
from edi.x12.faults import fault
from edi.x12.nesting import TAG, nested
from edi.x12.reader import Reader
from edi.x12.releases import Releases
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

_MORE: Final = next(kind for kind in kinds("X12") if kind.code == f"X12-{Wrong.MORE}")
_LOOP: Final = f"~{TAG}*"
"""What the text of a message holds that has loops to nest."""


class X12Codec(SegmentCodec[X12Dialect]):
    """Implement `canonical.wire.EdiCodec` for X12."""

    name = "x12"
    syntax = X12
    table: ClassVar[FaultTable] = fault
    reader: ClassVar[type[AnyReader]] = Reader
    media_type = MEDIA_TYPE
    unwritable = UNWRITABLE
    secrets: ClassVar[Secrets] = {Kind.INTERCHANGE: (2, 4)}

    def __init__(
        self,
        tables: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take the tables that the operator supplies (`006020`) and partners' guides, by name."""
        self.releases: Final = Releases(tables, guides)

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the version in which a partner wants the message `name`: `004010`."""
        return version_of(name, dialect_of(dialect))

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where elements stand in a message as a partner wants it; None: no tables."""
        return self.releases.layout(version_of(name, dialect_of(dialect)))

    def settlement(self, message: Message) -> Acknowledgement | None:
        """Return what a partner's TA1, 997 or 999 says of something that we sent."""
        return settlement(message)

    def _agreed(self, dialect: Dialect | None) -> X12Dialect:
        return dialect_of(dialect)

    def _assembly(self, dialect: X12Dialect) -> Assembly:
        return _Assembly(self.releases, dialect)

    def _writer(self, dialect: X12Dialect) -> Writer:
        return Writer(dialect)

    def _acknowledging(
        self, report: Report, envelope: Envelope, dialect: X12Dialect
    ) -> Iterable[bytes] | None:
        """Give 997 or 999 in one interchange as agreed, TA1 before its groups."""
        bodies = acknowledgements.functional(report, dialect)
        told = acknowledgements.told(report, dialect)
        answers = (acknowledgements.ta1(report),) if told else ()
        if not bodies and not answers:
            return None
        return self._writer(writable(dialect)).interchange(bodies, envelope, answers)

    def _others(self, unit: Unit) -> Iterator[Message]:
        """Give a TA1 as a message of its own, though it has no envelope but the interchange."""
        if isinstance(unit, Answered):
            row = list(unit.row)
            tree = SegmentTree([row], self.releases.no_layout)
            yield Message("TA1", unit.envelope, tree, reference=row[1] if len(row) > 1 else "")


class _Assembly(Assembly):
    """Know where the tables of X12 are, and that loops of HL are nested by their own numbers."""

    _repetition = "^"

    def __init__(self, releases: Releases, dialect: X12Dialect) -> None:
        super().__init__(X12, fault, dialect)
        self._releases = releases

    def _finished(
        self, arrived: Arrived, shape: Branch | Lined
    ) -> tuple[Branch | Lined, Placing, tuple[Fault, ...]]:
        """Nest loops, and tell of those whose parent is not there."""
        piece = arrived.piece
        if _LOOP not in piece.text:
            return super()._finished(arrived, shape)
        root = root_of(shape)
        rows, lost = nested(root)
        place = placing(piece, rows)
        told = [
            fault("X12-028", place=place(row, 2, None), found=row[2]) for row in lost[:FAULTS_TOLD]
        ]
        told += [_MORE.fault(place=place(row, 2, None)) for row in lost[FAULTS_TOLD:][:1]]
        return root, place, tuple(told)

    def _shared(self, arrived: Arrived) -> Shared:
        name, version, releases = arrived.piece.name, arrived.version, self._releases
        return Shared(
            releases.validation(name, version, self._profile),
            releases.layout(version) or releases.no_layout,
            replace(arrived.envelope, version=version),
            releases.astray(name, version, self._profile),
        )

    def _edition(self, arrived: Arrived) -> tuple[Place, str]:
        """Return the release; GS names it, but a message is known by its own header."""
        return Locator(arrived.piece).place(1, 1, path="ST/01"), arrived.version

    def _unknown(self, arrived: Arrived) -> Fault:
        """Return why there is no table: the release is not there, or has no such message."""
        piece, (place, version) = arrived.piece, self._edition(arrived)
        if self._releases.directory(version) is None:
            names = ", ".join(self._releases.names) or "tables that are supplied"
            return fault("X12-037", place=place, found=version, expected=names)
        return fault("X12-038", place=place, found=piece.name, source=f"X12 {version}")

    def _name(self, plain: str, root: Branch) -> str:
        return _name(plain, root)


def _name(plain: str, root: Branch) -> str:
    """Return the name that chooses the mapping: a cancellation is a message of its own."""
    variant = _VARIANTS.get(plain)
    if variant is not None and len(root) > 1:
        tag, column, codes, name = variant
        row = root[1][0]
        if row[0] == tag and len(row) > column and row[column] in codes:
            return f"{plain}.{name}"
    return plain
