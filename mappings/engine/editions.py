"""Compile the generated code of a mapping: once, or once for each edition of a directory.

Where messages are made of segments, the place of an element differs between editions, so code is
made for the edition of the message in hand, at its first message, and kept by the edition's name.
Mistakes in a mapping are found before: when it is compiled for the first of the editions that the
library knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Final, Protocol

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

    functions: Mapping[str, Callable[..., Any]] = field(repr=False)
    name: str
    spots: tuple[Spot, ...] = field(repr=False)
    code: str = field(repr=False)
    warnings: tuple[Finding, ...] = ()

    @property
    def function(self) -> Callable[..., Any]:
        """Return the function that does it all."""
        return self.functions[self.name]


def compiled(code: str, unit: Unit, name: str) -> Compiled:
    """Compile the function of a name; raises `MappingError` if the mapping has mistakes."""
    if any(entry.severity == "error" for entry in unit.findings):
        raise MappingError(tuple(sorted(set(unit.findings))))
    module: dict[str, object] = dict(unit.constants)
    exec(compile(code, FILE, "exec"), module)  # noqa: S102  # our own code: texts are constants
    made = {key: value for key, value in module.items() if isinstance(value, FunctionType)}
    warnings = tuple(dict.fromkeys(unit.findings))
    return Compiled(made, name, tuple(unit.spots), code, warnings)


class Editions(Protocol):
    """Give the code for what is in hand."""

    @property
    def first(self) -> Compiled:
        """Return the code that stands for all others where one is looked at."""

    def of(self, tree: object) -> Compiled:
        """Return the code that reads a tree."""

    def wanted(self, layout: Layout | None, version: str | None) -> Compiled | None:
        """Return the code that writes an edition, None for a version that nobody knows."""


class OneEdition:
    """Be the code of a mapping whose names mean the same everywhere."""

    def __init__(self, only: Compiled) -> None:
        self.first: Final = only

    def of(self, _tree: object) -> Compiled:
        """Return the only code."""
        return self.first

    def wanted(self, _layout: Layout | None, _version: str | None) -> Compiled:
        """Return the only code: versions are told apart as it runs."""
        return self.first


Make = Callable[[Names, bool, str], Compiled | None]


class RowEditions:
    """Keep the code of a mapping for each edition and for each kind of tree.

    `make` takes the names of an edition, whether texts may hold repetitions, and the tag of the
    lines where a message comes with those apart; None: it needs the tree. Raises `MappingError` at
    once for a mapping with mistakes.
    """

    def __init__(self, known: tuple[Layout, ...], make: Make) -> None:
        self._make = make
        self._known = known
        layout = known[0] if known else None
        self.first: Final = self._whole(Names(layout, known), repeating=False)
        self._kept: dict[tuple[str, bool, str], Compiled] = {}
        if layout is not None:
            self._kept[layout.name, False, ""] = self.first

    def of(self, tree: object) -> Compiled:
        """Return the code for the edition of a tree; names that it lacks are null."""
        assert isinstance(tree, SegmentTree)  # noqa: S101  # what codecs of segments give
        lined = tree.lined
        lines = "" if lined is None else lined.tag
        return self._of(tree.layout, lines, repeating=tree.repetition is not None)

    def wanted(self, layout: Layout | None, version: str | None) -> Compiled | None:
        """Return the code for a layout, or for the known one that a version names.

        Without either it is the first that is known.
        """
        if layout is None:
            named = (one for one in self._known if version in (None, "", one.name))
            layout = next(named, None)
        return self._of(layout, "", repeating=False) if layout is not None else None

    def _of(self, layout: Layout, lines: str, *, repeating: bool) -> Compiled:
        key = (layout.name, repeating, lines)
        found = self._kept.get(key)
        if found is None:
            made = self._make(Names(layout, ()), repeating, lines) if lines else None
            found = made or self._whole(Names(layout, ()), repeating=repeating)
            self._kept[key] = found
        return found

    def _whole(self, names: Names, *, repeating: bool) -> Compiled:
        """Return the code for trees."""
        made = self._make(names, repeating, "")
        assert made is not None  # noqa: S101  # there is always code for a tree
        return made
