"""Name what reading a stream of segments gives: interchanges, messages, ends.

Faults come between, where they are found. A syntax that knows more of an interchange or of a group
extends these.
"""

from dataclasses import dataclass

from canonical.faults import Fault
from canonical.wire import Envelope
from edi.text import Separators, Slice


@dataclass(frozen=True, slots=True)
class Interchange:
    """Hold what the beginning of an interchange says; `bare`: there was none."""

    number: int
    envelope: Envelope
    separators: Separators
    bare: bool = False


@dataclass(slots=True)
class Group:
    """Count in a group: `reference` is its own number (UNG 0048, GS06).

    `kind` is what it says that its messages are (UNG 0038, GS01), `version` that of all of them
    (GS08), empty where each tells its own.
    """

    reference: str
    number: int
    kind: str = ""
    version: str = ""
    messages: int = 0


@dataclass(slots=True)  # never changed; frozen ones cost more to make, and there is one a message
class Arrived:
    """Hold a message, or a part of a long one, with what surrounds it and its own faults.

    `version` is the identifier behind the type as it was sent (`D:96A:UN:EAN008`), or that of the
    group (GS08). The faults of a message in parts come with the part in which they are found, those
    of the trailer with the last.
    """

    piece: Slice
    envelope: Envelope
    reference: str
    version: str
    group: str = ""
    faults: tuple[Fault, ...] = ()
    group_kind: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold what the other side says of an interchange that we sent, beside messages: a TA1."""

    row: tuple[str, ...]
    envelope: Envelope
    interchange: int = 1


@dataclass(frozen=True, slots=True)
class Closed:
    """Say that an interchange is over, and how many messages it held."""

    interchange: Interchange
    messages: int


Unit = Interchange | Arrived | Answered | Closed | Fault
"""What reading gives: the beginning of an interchange, messages, its end; faults where found."""
