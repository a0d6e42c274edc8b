"""Say by what a message is checked and shaped: its table, its directory and its syntax."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from canonical.faults import FaultKind, Severity
from edi.faults import Kind, kinds
from edi.schema import Directory, Entry, MessageTable, Segment
from edi.text import EDIFACT as EDIFACT_SEPARATORS
from edi.text import X12 as X12_SEPARATORS
from edi.text import Separators


@dataclass(frozen=True, slots=True)
class Syntax:
    """Name what surrounds a message in a syntax, and how its parts are named in a path.

    `prefix` begins its fault codes; `group` names a group of segments by its own name.
    """

    prefix: str
    separators: Separators
    header: str
    trailer: str
    group: str = "{}"
    by_position: bool = False
    """Elements are named by their position (`02-1`) and not by their ids (`C186/6060`)."""
    folded: bool = False
    """A group is named as its trigger, and a path names both at once."""


EDIFACT: Final = Syntax("EDIFACT", EDIFACT_SEPARATORS, "UNH", "UNT", "SG{}")
X12: Final = Syntax("X12", X12_SEPARATORS, "ST", "SE", by_position=True)

Severities = Mapping[str, Severity | None]
"""What a partner's guide makes of faults, by their codes; None: nothing is said."""


class Layers(Protocol):
    """Know where a partner's guide rules, by the paths of faults."""

    def source(self, path: str, kind: Kind) -> str | None:
        """Return the name and line of what a fault at a path is by; None: the directory."""

    def severity(self, path: str, usual: Severity | None) -> Severity | None:
        """Return how much a fault at a path weighs, None for nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Hold the rules of one message; the same ones every time, for they are what is compiled.

    `source` names the layer that rules where nothing else is said (`UN D.96A`), `layers` the guide
    that lies over the directory.
    """

    table: MessageTable
    directory: Directory
    syntax: Syntax
    severities: Severities = field(default_factory=lambda: MappingProxyType({}))
    layers: Layers | None = None

    @property
    def source(self) -> str:
        """Return the name of the layer that rules."""
        return self.directory.source or self.directory.name

    def segment(self, entry: Entry) -> Segment | None:
        """Return what a segment may be at a place of the table."""
        return entry.segment or self.directory.segment(entry.tag)

    def segments(self) -> dict[str, list[Segment]]:
        """Return all that a segment may be in this message, by its tag, the usual first."""
        found: dict[str, list[Segment]] = {}
        syntax = self.syntax
        for tag in (syntax.header, *(entry.tag for entry in self.table.walk()), syntax.trailer):
            usual = self.directory.segment(tag)
            found.setdefault(tag, [usual] if usual is not None else [])
        for entry in self.table.walk():
            if entry.segment is not None and entry.segment not in found[entry.tag]:
                found[entry.tag].append(entry.segment)
        return found

    def severity(self, kind: FaultKind, path: str | None = None) -> Severity | None:
        """Return how much a fault weighs here, None for nothing at all."""
        usual = self.severities.get(kind.code, kind.severity)
        return usual if path is None or self.layers is None else self.layers.severity(path, usual)

    def ruled(self, path: str, kind: Kind) -> str:
        """Return the name of the layer that a fault at a path is by."""
        return (self.layers and self.layers.source(path, kind)) or self.source

    def kinds(self) -> dict[str, FaultKind]:
        """Return the faults of this syntax by their numbers."""
        return {kind.code.rpartition("-")[2]: kind for kind in kinds(self.syntax.prefix)}
