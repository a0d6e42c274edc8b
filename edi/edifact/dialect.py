"""Say how one partner exchanges EDIFACT with us: what is written, and how theirs is read."""

from typing import Final

from canonical.wire import Dialect
from edi.dialect import SegmentDialect
from edi.edifact.separators import LENGTH, announced, effective
from edi.text import Separators

SERVICE_VERSIONS: Final = {3: "D.3", 4: "4.1"}
"""The version and release in UNH of CONTRL, which belongs to the syntax and not to a directory."""

USUAL: Final = {"CONTRL": "asked", "APERAK": "never"}
"""When what is acknowledged if nothing is agreed."""

_VERSIONS: Final = frozenset({1, 2, 3, 4})


class EdifactDialect(SegmentDialect):
    """Say how one partner wants EDIFACT.

    `versions` holds per message the directory and the association's code behind a blank
    (`D.96A EAN008`), `*` for the others. The rest is about the envelope: `identifier` and `syntax`
    are UNB S001, `separators` the six characters of UNA, `una` writes UNA even for the usual ones,
    `grouped` puts UNG around messages.
    """

    identifier: str = "UNOC"
    syntax: int = 3
    separators: str = ""
    una: bool = False
    grouped: bool = False
    application: str | None = None
    agreement: str | None = None
    full: bool = True
    """CONTRL names the segments and elements that are wrong, not only the messages."""


def dialect_of(dialect: Dialect | None) -> EdifactDialect:
    """Return the partner's dialect, or the usual one with their versions."""
    if isinstance(dialect, EdifactDialect):
        return dialect
    return EdifactDialect(versions={} if dialect is None else dialect.versions)


def separators_of(dialect: EdifactDialect) -> Separators:
    """Return what a partner wants us to separate with.

    Raises ValueError for what no interchange can use: our own mistake.
    """
    if dialect.syntax not in _VERSIONS:
        message = f"syntax {dialect.syntax}: expected 1, 2, 3 or 4"
        raise ValueError(message)
    if not dialect.separators:
        return effective(None, dialect.syntax)
    una = f"UNA{dialect.separators}".encode("latin-1", "replace")
    own = announced(una) if len(una) == LENGTH else None
    if own is None:
        message = f"separators {dialect.separators!r}: expected six different signs"
        raise ValueError(message)
    return effective(own, dialect.syntax)


def version_of(name: str, dialect: EdifactDialect) -> str:
    """Return the directory in which a partner wants a message: `D.96A`, for CONTRL the syntax's."""
    return _agreed(name, dialect).partition(" ")[0]


def identifier_of(name: str, dialect: EdifactDialect) -> str:
    """Return the composite S009 of a message: `ORDERS:D:96A:UN:EAN008`."""
    edition, _, association = _agreed(name, dialect).partition(" ")
    version, _, release = edition.partition(".")
    parts = [name.partition(".")[0], version, release, "UN", association.strip()]
    return ":".join(parts).rstrip(":")


def _agreed(name: str, dialect: EdifactDialect) -> str:
    plain, versions = name.partition(".")[0], dialect.versions
    if plain == "CONTRL":
        return versions.get(plain, SERVICE_VERSIONS[max(3, dialect.syntax)])
    return versions.get(name) or versions.get(plain) or versions.get("*", "D.96A")
