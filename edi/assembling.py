"""Make messages of what a reader gives, for one partner: tree, faults and what they weigh.

What messages of one type and version share (their tables, their layout, their envelope) is found
out once in an interchange. A syntax says where its tables are and what is particular in its trees.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from canonical.faults import Fault, FaultTable, Place, Severity
from canonical.rows import Branch, Layout, Lined, Row, SegmentTree, root_of
from canonical.wire import Envelope, Message
from edi.dialect import SegmentDialect
from edi.guides import Guide
from edi.locating import Locator
from edi.rules import Syntax
from edi.trees import flat, header_of, placing, rows_of
from edi.units import Arrived, Interchange
from edi.validation import Profile, Validation
from edi.weighing import severities_of, weighed

KINDS_KEPT: Final = 1000
"""How many types of messages are remembered in an interchange: strangers choose the names."""

TOO_LONG: Final = "041"
ENDLESS: Final = "026"
"""The numbers of the faults that say why a message comes in parts, in every syntax."""
ASTRAY: Final = "044"
"""The number of the fault that says that a guide does not fit, in every syntax."""
FAULTS_TOLD: Final = 1000
"""How many faults of one kind are told of a message in parts, or of its loops."""

Placing = Callable[[Row, int, int | None], Place]


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what all messages of one type and version in an interchange share."""

    validation: Validation | None
    layout: Layout
    envelope: Envelope
    astray: Guide | None = None
    """The partner's guide, if it is made for another edition of these messages."""


class Assembly(ABC):
    """Make messages of what a reader gives, for one partner."""

    def __init__(self, syntax: Syntax, fault: FaultTable, dialect: SegmentDialect) -> None:
        self._syntax = syntax
        self._fault = fault
        words = tuple(sorted(dialect.severities.items()))
        self._profile: Final = Profile(dialect.guide or "", words)
        self._severities = severities_of(dialect.severities)
        self._kinds: dict[tuple[str, str], Shared] = {}
        self._message_limit: Final = dialect.message_limit
        self._long: Message | None = None
        """The message that comes in parts, as far as it is held; what is wrong with it, and where
        it begins."""
        self._found: list[Fault] = []
        self._begins = Place()

    def begin(self, interchange: Interchange) -> None:  # noqa: ARG002 -- for those who ask it
        """Say in which interchange the following messages stand."""
        self._kinds = {}

    def weighed(self, found: Iterable[Fault]) -> Iterator[Fault]:
        """Give faults as the partner's profile weighs them."""
        return weighed(found, self._severities)

    def messages(self, arrived: Arrived) -> Iterator[Message]:
        """Give the message that arrived: one that is too long once, when all of it was read."""
        piece = arrived.piece
        if piece.first and piece.last:
            yield self.message(arrived)
            return
        if piece.first:
            self._long, self._found = self._header_only(arrived), []
        self._found += arrived.faults[: FAULTS_TOLD - len(self._found)]
        if piece.last and self._long is not None:
            yield dataclasses.replace(self._long, faults=self._long_faults())
            self._long = None

    def _long_faults(self) -> tuple[Fault, ...]:
        """Return why a message in parts is refused: whatever is forgiven, its segments lack."""
        prefix = self._syntax.prefix
        found = tuple(self.weighed(self._found))
        if any(
            one.code == f"{prefix}-{ENDLESS}" for one in found if one.severity is Severity.ERROR
        ):
            return found
        told = self._fault(
            f"{prefix}-{TOO_LONG}",
            place=self._begins,
            expected=f"≤ {self._message_limit:,} bytes",
        )
        return (told, *found)

    def _header_only(self, arrived: Arrived) -> Message:
        """Return a message of which nothing but the header is held."""
        piece, kind = arrived.piece, self._kind(arrived)
        self._begins = Locator(piece).place(1)
        return Message(
            name=piece.name,
            envelope=kind.envelope,
            tree=SegmentTree([header_of(piece)], kind.layout),
            reference=arrived.reference,
            group=arrived.group,
            group_kind=arrived.group_kind,
        )

    def message(self, arrived: Arrived) -> Message:
        """Return a message with its tree and everything that is wrong with it."""
        piece, kind = arrived.piece, self._kind(arrived)
        found = tuple(self.weighed(arrived.faults)) if arrived.faults else ()
        if kind.validation is None:
            shape: Branch | Lined = flat(piece, self._syntax.trailer)
            found += tuple(self.weighed((self._unknown(arrived),)))
        else:
            validated = kind.validation.read(piece)
            shape = validated.shape
            found += validated.faults
            if kind.astray is not None:
                found += tuple(self.weighed((self._unguided(arrived, kind.astray),)))
        shape, place, told = self._finished(arrived, shape)
        if told:
            found += tuple(self.weighed(told))
        tree = SegmentTree(
            shape,
            kind.layout,
            repetition=self._repetition if piece.separators.repetition else None,
            restored=piece.restored,
            place=place,
        )
        return Message(
            name=self._name(piece.name, shape.head if isinstance(shape, Lined) else shape),
            envelope=kind.envelope,
            tree=tree,
            reference=arrived.reference,
            group=arrived.group,
            group_kind=arrived.group_kind,
            faults=found,
            size=len(piece.raw),
        )

    def _kind(self, arrived: Arrived) -> Shared:
        """Return what messages of this type and version share, found out once."""
        key = arrived.piece.name, arrived.version
        known = self._kinds.get(key)
        if known is None:
            known = self._shared(arrived)
            if len(self._kinds) < KINDS_KEPT:
                self._kinds[key] = known
        return known

    def _finished(
        self, arrived: Arrived, shape: Branch | Lined
    ) -> tuple[Branch | Lined, Placing, tuple[Fault, ...]]:
        """Return the tree with all where it belongs, and what finds rows of it in the bytes."""
        return shape, placing(arrived.piece, lambda: rows_of(root_of(shape))), ()

    _repetition: str
    """What separates repetitions in the spelling of the standard."""

    @abstractmethod
    def _shared(self, arrived: Arrived) -> Shared:
        """Find out what messages of this type and version share."""

    @abstractmethod
    def _unknown(self, arrived: Arrived) -> Fault:
        """Return why there is no table: the edition is not there, or has no such message."""

    def _unguided(self, arrived: Arrived, guide: Guide) -> Fault:
        """Return that a guide did nothing here, at what names the edition of the message."""
        place, edition = self._edition(arrived)
        code = f"{self._syntax.prefix}-{ASTRAY}"
        return self._fault(
            code, place=place, found=edition, expected=guide.edition, source=guide.name
        )

    @abstractmethod
    def _edition(self, arrived: Arrived) -> tuple[Place, str]:
        """Return the edition of a message, and where its header names it."""

    @abstractmethod
    def _name(self, plain: str, root: Branch) -> str:
        """Return the name that chooses the mapping: a cancellation is a message of its own.

        `root` may lack the lines.
        """
