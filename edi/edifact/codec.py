"""Turn EDIFACT interchanges into messages and back: the entry of this package.

Reading takes what real senders write: each message comes with its tree and all that is wrong with
it, and whether it may go on is for the severities that the partner agreed. Writing is held against
the same tables before it leaves, strictly.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

from msgspec.structs import replace

from canonical.faults import Fault, FaultTable, Place
from canonical.interchange import Acknowledgement
from canonical.rows import Branch, Layout
from canonical.wire import Dialect, Envelope, Message
from edi import units
from edi.acknowledging import Report, writable
from edi.assembling import Assembly, Shared
from edi.codec import AnyReader, SegmentCodec
from edi.cutting import Kind
from edi.edifact import acknowledgements
from edi.edifact.dialect import EdifactDialect, dialect_of, version_of
from edi.edifact.envelope import Interchange
from edi.edifact.faults import fault
from edi.edifact.reader import Reader
from edi.edifact.settling import settlement
from edi.edifact.tables import Tables, edition_of
from edi.edifact.writer import UNWRITABLE, Writer
from edi.guides import Guide
from edi.locating import Locator
from edi.redaction import Secrets
from edi.rules import EDIFACT
from edi.schema import Directory
from edi.units import Arrived

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


class EdifactCodec(SegmentCodec[EdifactDialect]):
    """Implement `canonical.wire.EdiCodec` for UN/EDIFACT, syntax versions 1 to 4."""

    name = "edifact"
    syntax = EDIFACT
    table: ClassVar[FaultTable] = fault
    reader: ClassVar[type[AnyReader]] = Reader
    media_type = MEDIA_TYPE
    unwritable = UNWRITABLE
    secrets: ClassVar[Secrets] = {Kind.INTERCHANGE: (6,), Kind.GROUP: (8,)}

    def __init__(
        self,
        directories: Mapping[str, Directory] | None = None,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        """Take the directories that were imported (`D.10B`) and partners' guides, by name."""
        self.tables: Final = Tables(directories, guides)

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the directory in which a partner wants the message `name`: `D.96A`."""
        return version_of(name, dialect_of(dialect))

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where elements stand in a message as a partner wants it; None: not installed."""
        agreed = dialect_of(dialect)
        edition = "" if name == "CONTRL" else version_of(name, agreed)
        return self.tables.layout(edition, agreed.syntax)

    def settlement(self, message: Message) -> Acknowledgement | None:
        """Return what a partner's CONTRL or APERAK says of something that we sent."""
        return settlement(message)

    def _agreed(self, dialect: Dialect | None) -> EdifactDialect:
        return dialect_of(dialect)

    def _assembly(self, dialect: EdifactDialect) -> Assembly:
        return _Assembly(self.tables, dialect)

    def _writer(self, dialect: EdifactDialect) -> Writer:
        return Writer(dialect)

    def _acknowledging(
        self, report: Report, envelope: Envelope, dialect: EdifactDialect
    ) -> Iterable[bytes] | None:
        """Give CONTRL and APERAK in one interchange, as agreed."""
        bodies = acknowledgements.agreed(report, envelope, dialect)
        return self.writing(bodies, envelope, writable(dialect)) if bodies else None


class _Assembly(Assembly):
    """Know where the tables of EDIFACT are, by the version of the syntax."""

    _repetition = "*"

    def __init__(self, tables: Tables, dialect: EdifactDialect) -> None:
        super().__init__(EDIFACT, fault, dialect)
        self._tables = tables
        self._version = 3

    def begin(self, interchange: units.Interchange) -> None:
        """Say in which interchange the following messages stand."""
        super().begin(interchange)
        self._version = interchange.version if isinstance(interchange, Interchange) else 3

    def _shared(self, arrived: Arrived) -> Shared:
        name, version, syntax = arrived.piece.name, arrived.version, self._version
        edition = "" if name == "CONTRL" else edition_of(version)
        return Shared(
            self._tables.validation((name, edition_of(version)), syntax, self._profile),
            self._tables.layout(edition, syntax) or self._tables.syntax_layout(syntax),
            replace(arrived.envelope, version=version),
            self._tables.astray((name, edition), self._profile),
        )

    def _edition(self, arrived: Arrived) -> tuple[Place, str]:
        place = Locator(arrived.piece).place(1, 2, 1, path="UNH/S009/0052")
        return place, edition_of(arrived.version)

    def _unknown(self, arrived: Arrived) -> Fault:
        piece, (place, edition) = arrived.piece, self._edition(arrived)
        if not edition or self._tables.directory(edition, self._version) is None:
            names = ", ".join(self._tables.names)
            return fault(
                "EDIFACT-037", place=place, found=edition or arrived.version, expected=names
            )
        place = Locator(piece).place(1, 2, 0, path="UNH/S009/0065")
        return fault("EDIFACT-038", place=place, found=piece.name, source=f"UN {edition}")

    def _name(self, plain: str, root: Branch) -> str:
        return _name(plain, root)


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
