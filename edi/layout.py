"""Say where in a segment an element stands, by the names that mappings and people use.

EDIFACT names elements by their id, and one that stands several times by its turn: `7140` three
times in PIA are `@7140`, `@7140[2]` and `@7140[3]`. X12 names them by position: `02`, and `01-2`
for the second component of the first element. Both implement `canonical.rows.Layout`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from edi.schema import Composite, Directory, Segment

Place = tuple[int, int | None]
Named = Callable[[Segment], Iterator[tuple[str, Place]]]


def by_id(segment: Segment) -> Iterator[tuple[str, Place]]:
    """Name the elements of a segment by their ids."""
    for row, use in enumerate(segment.uses, start=1):
        if isinstance(use.of, Composite):
            for part, inner in enumerate(use.of.parts):
                yield inner.of.id, (row, part)
        else:
            yield use.of.id, (row, None)


def by_position(segment: Segment) -> Iterator[tuple[str, Place]]:
    """Name the elements of a segment by their positions, and by ids that cannot be positions.

    So mappings name pairs of a qualifier and a value that stand many times (PO1 235 and 234).
    """
    positions = {f"{row:02}" for row, _ in enumerate(segment.uses, start=1)}

    def telling(name: str) -> bool:
        return len(name) > 1 and name not in positions

    for row, use in enumerate(segment.uses, start=1):
        if isinstance(use.of, Composite):
            for part, inner in enumerate(use.of.parts):
                yield f"{row:02}-{part + 1}", (row, part)
                if telling(inner.of.id):
                    yield inner.of.id, (row, part)
        yield f"{row:02}", (row, None)
        if not isinstance(use.of, Composite) and telling(use.of.id):
            yield use.of.id, (row, None)


@dataclass(frozen=True, eq=False)
class DirectoryLayout:
    """Answer for the segments of one directory; each is looked at once."""

    directory: Directory
    named: Named = by_id
    _places: dict[str, dict[str, list[Place]]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Return the edition, which is that of the directory."""
        return self.directory.name

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags of all segments, for who looks for one that is spelt alike."""
        return (*self.directory.service, *self.directory.segments)

    def position(self, tag: str, name: str, occurrence: int = 1) -> Place | None:
        """Return the place of the n-th element called `name`, None when there is none."""
        places = self._segment(tag).get(name, ())
        return places[occurrence - 1] if 1 <= occurrence <= len(places) else None

    def elements(self, tag: str) -> tuple[str, ...]:
        """Return the names of all elements in order, one that stands twice named twice."""
        segment = self.directory.segment(tag)
        return () if segment is None else tuple(name for name, _ in self.named(segment))

    def _segment(self, tag: str) -> dict[str, list[Place]]:
        found = self._places.get(tag)
        if found is None:
            found = {}
            segment = self.directory.segment(tag)
            for name, place in self.named(segment) if segment is not None else ():
                found.setdefault(name, []).append(place)
            self._places[tag] = found
        return found
