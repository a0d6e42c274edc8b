"""Say how one partner exchanges flat files with us: by which schema, and how heavy faults weigh."""

import msgspec

from canonical.wire import Dialect


class FlatDialect(Dialect):
    """Say by which schema a partner's files are read, and what is written for them.

    `owner` is the partner whose own schemas go before those that are shared.
    """

    schema: str = ""
    owner: str = ""
    severities: dict[str, str] = msgspec.field(default_factory=dict)
    """What a check leads to, by fault code, over the schema's own."""
    guide: str | None = None
    """Name of the guide that lies over the schema of what they send."""
    substitute: str = ""
    """What stands for a character that the set does not hold; without it that is a fault."""


def dialect_of(dialect: Dialect | None) -> FlatDialect:
    """Return the partner's dialect, or one that says nothing."""
    return dialect if isinstance(dialect, FlatDialect) else FlatDialect()
