"""Compile the generated code of a mapping: once, or once for each edition of a directory.

Where messages are made of segments, the place of an element differs between editions, so code is
made for the edition of the message in hand, at its first message, and kept by the edition's name.
Mistakes in a mapping are found before: when it is compiled for the first of the editions that the
library knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from canonical.rows import Layout, SegmentTree
from mappings.engine.generation import Unit
from mappings.engine.layouts import Names
from mappings.engine.provenance import Finding, MappingError
from mappings.engine.running import Spot

FILE: Final = "<mapping>"

ROOTS: Final[Mapping[str, str]] = {"edifact": "UNH", "x12": "ST", "flat": ""}
"""The syntaxes whose messages are made of segments, with the segment that a message begins with."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Hold generated code, compiled."""

    function: Callable[..., Any] = field(repr=False)
    spots: tuple[Spot, ...] = field(repr=False)
    code: str = field(repr=False)
    warnings: tuple[Finding, ...] = ()


def compiled(code: str, unit: Unit, name: str) -> Compiled:
    """Compile the function of a name; raises `MappingError` if the mapping has mistakes."""
    if any(entry.severity == "error" for entry in unit.findings):
        raise MappingError(tuple(sorted(set(unit.findings))))
    module: dict[str, object] = dict(unit.constants)
    exec(compile(code, FILE, "exec"), module)  # noqa: S102  # our own code: texts are constants
    function = cast("Callable[..., Any]", module[name])
    return Compiled(function, tuple(unit.spots), code, tuple(dict.fromkeys(unit.findings)))


class Editions(Protocol):
    """Give the code for what is in hand."""

    @property
    def first(self) -> Compiled:
        """Return the code that stands for all others where one is looked at."""

    def of(self, tree: object) -> Compiled:
        """Return the code that reads a tree."""


class OneEdition:
    """Be the code of a mapping whose names mean the same everywhere."""

    def __init__(self, only: Compiled) -> None:
        self.first: Final = only

    def of(self, _tree: object) -> Compiled:
        """Return the only code."""
        return self.first


class RowEditions:
    """Keep the code of a mapping for each edition and for messages with and without repetitions.

    `make` takes the names of an edition and whether texts may hold repetitions. Raises
    `MappingError` at once for a mapping with mistakes.
    """

    def __init__(self, known: tuple[Layout, ...], make: Callable[[Names, bool], Compiled]) -> None:
        self._make = make
        layout = known[0] if known else None
        self.first: Final = make(Names(layout, known), False)  # noqa: FBT003  # as `make` says
        self._kept: dict[tuple[str, bool], Compiled] = {}
        if layout is not None:
            self._kept[layout.name, False] = self.first

    def of(self, tree: object) -> Compiled:
        """Return the code for the edition of a tree; names that it lacks are null."""
        assert isinstance(tree, SegmentTree)  # noqa: S101  # what codecs of segments give
        key = (tree.layout.name, tree.repetition is not None)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._make(Names(tree.layout, ()), key[1])
        return found
