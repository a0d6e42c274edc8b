"""Remember of an interchange that is being read what its trailers are compared with."""

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from canonical.faults import Fault
from edi.encodings import Decided
from edi.text import Respeller, Separators
from edi.units import Group, Interchange

InterchangeT = TypeVar("InterchangeT", bound=Interchange)


@dataclass(slots=True)
class Open(Generic[InterchangeT]):
    """Count in an interchange that is being read."""

    interchange: InterchangeT
    messages: int = 0
    loose: int = 0
    """Messages outside of any group."""
    answers: int = 0
    groups: int = 0
    group: Group | None = None
    own: Separators | None = None
    """What the following two are for: separators change only between interchanges, and at UNB."""
    fitting: bytes = b""
    """The bytes that may stand in a message."""
    respelt: Respeller | None = None
    references: set[tuple[str, str]] = field(default_factory=set)

    def add(self) -> None:
        """Count a message, in its group where it stands in one."""
        self.messages += 1
        if self.group is None:
            self.loose += 1
        else:
            self.group.messages += 1


@dataclass(slots=True)
class Header:
    """Remember what the header of a message says, for one that comes in parts."""

    name: str
    reference: str
    version: str = ""
    segments: int = 0
    pending: list[Fault] = field(default_factory=list)


class Spelt(NamedTuple):
    """Hold a message's text and what had to be done to get it."""

    text: str
    decided: Decided
    protected: bool
    needless: int
    unterminated: bool

    @property
    def odd(self) -> bool:
        """Tell whether there is something to say about the bytes."""
        return bool(self.decided.strays) or self.needless > 0 or self.unterminated
