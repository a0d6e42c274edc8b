"""Say what every partner agrees on who exchanges segments with us, in whichever syntax."""

from typing import Final

import msgspec

from canonical.wire import Dialect

MESSAGE_LIMIT: Final = 1 << 26
"""How long a message may be that is held as a tree: twice what 999,999 segments usually take."""


class SegmentDialect(Dialect):
    """Say how one partner wants segments written, and how theirs are read and answered."""

    lines: bool = False
    """Each segment ends with a line."""
    substitute: str = ""
    """What stands for a character that cannot be written; without it that is a fault."""
    reads_as: str | None = None
    """The character set of what they send, whatever they declare."""
    message_limit: int = MESSAGE_LIMIT
    """How many bytes a message of theirs may have: a longer one is refused, and never held."""
    guide: str | None = None
    """The name of the guide that tightens or loosens what they send, and what we send them."""
    severities: dict[str, str] = msgspec.field(default_factory=dict)
    """What a check leads to, by fault code: error, warning, note or ignore."""
    acknowledge: dict[str, str] = msgspec.field(default_factory=dict)
    """When they get which acknowledgement: always, errors, asked or never."""
