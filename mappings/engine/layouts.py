"""Resolve the names of elements in mappings: where each stands in the rows of one edition.

One mapping serves all editions of a directory, so a name is a mistake only where none of those
that are known has it; where only this edition lacks it, there is never a value. A name that a
segment has several times (`7140` in PIA, X12 `234` in PO1) means the first, unless a number says
which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import takewhile
from typing import Final, Protocol, runtime_checkable

from canonical.rows import Layout
from mappings.engine.expressions import ExpressionError, Step

Position = tuple[int, int | None]
"""A place in a row, from 1, and in its composite, from 0."""
Columns = tuple[int, ...]
SEVERAL: Final = 2


@runtime_checkable
class Listing(Protocol):
    """List its segments: a layout that can say which one was meant."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags of all segments."""


@dataclass(frozen=True, slots=True)
class Names:
    """Resolve names by `layout`; `known` are the editions that mistakes are judged by.

    Without known editions nothing is a mistake.
    """

    layout: Layout | None
    known: tuple[Layout, ...]

    def segment(self, tag: str, at: int) -> None:
        """Raise `ExpressionError` for a segment that no known edition has."""
        if self.known and not any(layout.elements(tag) for layout in self.known):
            raise ExpressionError(self._stranger(tag), at)

    def position(self, tag: str, step: Step) -> Position | None:
        """Return where an element stands, None where this edition lacks it.

        Raises `ExpressionError` for a name that no known edition has.
        """
        occurrence = (step.index or 0) + 1
        return self.place(tag, step.name, occurrence, step.at)

    def place(self, tag: str, name: str, occurrence: int, at: int) -> Position | None:
        """Return where the n-th element of a name stands; raises as `position` does."""
        found = self.layout.position(tag, name, occurrence) if self.layout is not None else None
        if found is not None or not self.known:
            return found
        if not any(layout.position(tag, name, occurrence) for layout in self.known):
            raise ExpressionError(self._unknown(tag, name, occurrence), at)
        return None

    def places(self, tag: str, name: str, at: int) -> tuple[Position, ...]:
        """Return every place of a name in a segment; raises as `position` does."""
        found = self._all(tag, name)
        if not found:
            self.place(tag, name, 1, at)
        return found

    def groups(self, tag: str, name: str, beside: Iterable[str] = ()) -> tuple[Columns, ...]:
        """Return the columns that belong to each place of a name that a segment has several times.

        So a predicate on one of several composites, or of several pairs of elements (X12 `235` and
        `234`), means its neighbours too. Nothing for a name with one place, or whose places are
        in one composite.
        """
        mine = self._apart(tag, name)
        if self.layout is None or len(mine) < SEVERAL:
            return ()
        names = dict.fromkeys((*self.layout.elements(tag), *beside))
        alike = [places for one in names if len(places := self._apart(tag, one)) == len(mine)]
        return tuple(
            tuple(sorted({column, *(places[number][0] for places in alike)}))
            for number, (column, _) in enumerate(mine)
        )

    def _apart(self, tag: str, name: str) -> tuple[Position, ...]:
        """Return the places of a name, if no two are in one column."""
        found = self._all(tag, name)
        return found if len({column for column, _ in found}) == len(found) else ()

    def _all(self, tag: str, name: str) -> tuple[Position, ...]:
        found: list[Position] = []
        if self.layout is not None:
            while (place := self.layout.position(tag, name, len(found) + 1)) is not None:
                found.append(place)
        return tuple(found)

    def _editions(self) -> str:
        return ", ".join(layout.name for layout in self.known)

    def _stranger(self, tag: str) -> str:
        tags = [tag for layout in self.known if isinstance(layout, Listing) for tag in layout.tags]
        near = _nearest(tag, tags)
        hint = f"; did you mean '{near}'?" if near else ""
        return f"there is no segment '{tag}' in {self._editions()}{hint}"

    def _unknown(self, tag: str, name: str, occurrence: int) -> str:
        names = [each for layout in self.known for each in layout.elements(tag)]
        if not names:
            return self._stranger(tag)
        if occurrence > 1 and name in names:
            return f"{tag} has no {occurrence} elements {name} in {self._editions()}"
        near = _nearest(name, names)
        hint = f"; did you mean '@{near}'?" if near else f" (it has {_listed(names)})"
        return f"{tag} has no element {name} in {self._editions()}{hint}"


def _nearest(name: str, names: Sequence[str]) -> str | None:
    """Return the name that is meant: of those alike the one that begins alike, as ids do."""
    alike = get_close_matches(name, dict.fromkeys(names), n=6, cutoff=0.5)
    return max(alike, key=lambda one: _beginning(one, name), default=None)


def _beginning(one: str, other: str) -> int:
    """Return how many characters two names have in common from the first on."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in pairs)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"@{name}" for name in dict.fromkeys(names))
