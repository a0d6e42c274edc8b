"""Say of one of their interchanges what became of it, and whether they want to know.

Both syntaxes make their acknowledgements from the same report, each in its own messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from msgspec.structs import replace

from canonical.faults import Fault, has_errors
from canonical.wire import Envelope, Receipt
from edi.dialect import SegmentDialect

DialectT = TypeVar("DialectT", bound=SegmentDialect)

_UNWRITABLE: Final = "."


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what is to be told of one of their interchanges: `faults` are those around messages."""

    theirs: Envelope
    receipts: tuple[Receipt, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def bad(self) -> bool:
        """Tell whether anything is refused for its syntax."""
        return has_errors(self.faults) or any(has_errors(one.faults) for one in self.receipts)

    @property
    def refused(self) -> bool:
        """Tell whether any message is refused, for its syntax or for what it says."""
        return any(map(is_refused, self.receipts))

    def wanted(
        self, name: str, agreed: Mapping[str, str], usual: Mapping[str, str], *, bad: bool
    ) -> bool:
        """Tell whether the acknowledgement `name` leaves on this occasion: as agreed, or as usual.

        `bad`: there is something in it that it would tell.
        """
        occasion = agreed.get(name, usual[name])
        wishes = {"always": True, "errors": bad, "asked": self.theirs.acknowledge}
        return wishes.get(occasion, False)


def writable(dialect: DialectT) -> DialectT:
    """Return a dialect in which all can be told: what they sent wrong need not be in its set."""
    return replace(dialect, substitute=dialect.substitute or _UNWRITABLE)


def is_refused(receipt: Receipt) -> bool:
    """Tell whether a message is refused, for its syntax or for what it says."""
    return has_errors((*receipt.faults, *receipt.refused))
