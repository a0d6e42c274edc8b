"""Find what the paths in a guide name: `SG2[3035='BY']/SG3/RFF/1154`.

A path goes down from the top of a message: groups by their names (`SG2`) or by the segment that
begins them (`NAD`), segments, then perhaps an element, in a composite or with that left out; `*` at
the beginning is any place. A qualifier in brackets means those only in which an element says that.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from edi.rules import Syntax
from edi.schema import Composite, Entry, Segment

Spot = tuple[int, int | None]
"""The row of a segment and the part of its composite, both from 0."""
Found = TypeVar("Found")

ANYWHERE: Final = "*"
_NAME: Final = r"[A-Za-z0-9_]+(?:-\d+)?(?:\[\d+\])?"
_QUALIFIER: Final = r"\[([A-Za-z0-9_]+(?:-\d+)?(?:\[\d+\])?)='([^']+)'\]"
_PART: Final = re.compile(rf"(\*|{_NAME})((?:{_QUALIFIER})*)")
_PATH: Final = re.compile(rf"{_PART.pattern}(?:/{_PART.pattern})*")
_ONE: Final = re.compile(_QUALIFIER)
_ELEMENT: Final = re.compile(r"(?:\d{4}|[CSE]\d{3})(?:\[\d+\])?|\d\d(?:-\d+)?")
_NUMBERED: Final = re.compile(r"(.+?)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one step of a path: its name, and what elements of it have to say."""

    name: str
    qualifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Hold an entry of a table by the way to it: an index and qualifiers a level."""

    indices: tuple[int, ...]
    qualifiers: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Hold what a path says: the steps to an entry, and the element there if one is meant."""

    parts: tuple[Part, ...]
    names: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Return the steps without qualifiers, as people know the place."""
        return "/".join(part.name for part in self.parts)

    @property
    def last(self) -> str:
        """Return the last step that has a qualifier as it was written, else the last one."""
        told = [part for part in self.parts if part.qualifiers] or self.parts[-1:]
        return "".join(
            part.name + "".join(f"[{name}='{value}']" for name, value in part.qualifiers)
            for part in told[-1:]
        )

    @property
    def qualified(self) -> bool:
        """Tell whether it is about some segments of a place only."""
        return any(part.qualifiers for part in self.parts)


def is_element(name: str) -> bool:
    """Tell whether EDIFACT or X12 has elements with such names."""
    return _ELEMENT.fullmatch(name) is not None


def read_path(text: str, element: Callable[[str], bool] = is_element) -> Path | None:
    """Return what a path says, None where it is none; `element` knows the names of elements."""
    if _PATH.fullmatch(text) is None:
        return None
    parts = [Part(one[1], tuple(_ONE.findall(one[2]))) for one in _PART.finditer(text)]
    first = next((at for at, part in enumerate(parts) if element(part.name)), len(parts))
    names = parts[first:]
    if any(part.qualifiers for part in names) or any(p.name == ANYWHERE for p in parts[1:]):
        return None
    return Path(tuple(parts[:first]), tuple(part.name for part in names))


def targets(path: Path, body: Sequence[Entry], syntax: Syntax) -> list[Target]:
    """Return every entry of a table that a path leads to."""
    parts = path.parts
    if not parts or parts[0].name != ANYWHERE:
        return list(_below(parts, body, syntax, Target((), ())))
    return [one for above, inner in _levels(body, Target((), ()))
            for one in _below(parts[1:], inner, syntax, above)]  # fmt: skip


def _levels(body: Sequence[Entry], above: Target) -> Iterator[tuple[Target, Sequence[Entry]]]:
    yield above, body
    for index, entry in enumerate(body):
        if entry.body:
            here = Target((*above.indices, index), (*above.qualifiers, ()))
            yield from _levels(entry.body, here)


def _below(
    parts: Sequence[Part], body: Sequence[Entry], syntax: Syntax, above: Target
) -> Iterator[Target]:
    if not parts:
        return
    for index, entry in enumerate(body):
        if parts[0].name not in {entry.tag, named(entry, syntax)}:
            continue
        told, rest = parts[0].qualifiers, parts[1:]
        if rest and entry.group is not None and rest[0].name == entry.tag:
            told, rest = told + rest[0].qualifiers, rest[1:]
        here = Target((*above.indices, index), (*above.qualifiers, told))
        if rest:
            yield from _below(rest, entry.body, syntax, here)
        else:
            yield here


def named(entry: Entry, syntax: Syntax) -> str:
    """Return what paths call an entry."""
    return entry.tag if entry.group is None else syntax.group.format(entry.group)


def spots(segment: Segment, names: tuple[str, ...]) -> list[Spot]:
    """Return every element of a segment that names name, as its row and its part of a composite.

    Without a number all of one id are meant: `4440` is each of the five texts of FTX.
    """
    if re.fullmatch(r"\d\d(?:-\d+)?", names[0]):
        return _by_position(segment, names[0])
    composite = names[0] if len(names) > 1 or _is_composite(segment, names[0]) else None
    inside = _nth([(row, use.of.id) for row, use in enumerate(segment.uses)], composite)
    if composite is not None and len(names) == 1:
        return [(row, None) for row in inside]
    rows = range(len(segment.uses)) if composite is None else inside
    found: list[tuple[Spot, str]] = []
    for row in rows:
        of = segment.uses[row].of
        parts = enumerate(of.parts) if isinstance(of, Composite) else [(None, segment.uses[row])]
        found += [((row, part), use.of.id) for part, use in parts]
    return _nth(found, names[-1])


def _is_composite(segment: Segment, name: str) -> bool:
    bare = name.partition("[")[0]
    return any(use.of.id == bare and isinstance(use.of, Composite) for use in segment.uses)


def _by_position(segment: Segment, name: str) -> list[Spot]:
    """Return the place that X12 names by position: `02`, `05-1`."""
    row, _, part = name.partition("-")
    if not 1 <= int(row) <= len(segment.uses):
        return []
    of = segment.uses[int(row) - 1].of
    if not part:
        return [(int(row) - 1, None)]
    inside = isinstance(of, Composite) and 1 <= int(part) <= len(of.parts)
    return [(int(row) - 1, int(part) - 1)] if inside else []


def _nth(places: Iterable[tuple[Found, str]], name: str | None) -> list[Found]:
    """Return the places of what is called `name`; `7140[2]` is the second of them only."""
    match = _NUMBERED.fullmatch(name or "")
    if match is None:
        return []
    alike = [place for place, id_ in places if id_ == match[1]]
    return alike if match[2] is None else alike[int(match[2]) - 1 : int(match[2])]
