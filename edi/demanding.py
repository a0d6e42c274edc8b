"""Make demands of the rules of a guide that a qualifier limits: `NAD[3035='BY']: required`."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from edi.explaining.telling import element_names
from edi.guides import Guide, Rule, Wrong
from edi.places import Path, Spot, Target, spots
from edi.rules import Syntax
from edi.ruling import label
from edi.schema import (
    UNLIMITED,
    Composite,
    Demand,
    Directory,
    Element,
    Entry,
    Qualifier,
    Segment,
    Step,
)
from edi.tightening import Tightening

_NAMED: Final = 12
"""So many elements are named to somebody who looks for one."""


class Demanding:
    """Make the demands of one message's guide, noting what the edition cannot do."""

    def __init__(
        self, guide: Guide, syntax: Syntax, directory: Directory, wrong: list[Wrong]
    ) -> None:
        self._guide: Final = guide
        self._syntax: Final = syntax
        self._directory: Final = directory
        self._wrong: Final = wrong

    def demands(
        self, rule: Rule, path: Path, body: Sequence[Entry], found: Iterable[Target]
    ) -> Iterator[Demand]:
        """Give what a rule demands at each of its places in a table."""
        if rule.add:
            what = "codes are added to all segments of a place"
            self._say(rule, what, "leave the qualifier out, or say it under `codes`")
        for target in found:
            entries = list(_entries(body, target))
            steps = self._steps(rule, entries, target)
            if steps is None:
                continue
            if path.names:
                yield from self._of_element(rule, path, entries[-1], steps)
            else:
                yield self._of_entry(rule, path, entries[-1], steps)

    def _steps(
        self, rule: Rule, entries: Sequence[Entry], target: Target
    ) -> tuple[Step, ...] | None:
        """Return the way to an entry, None where an element of a qualifier is not there."""
        steps = []
        for index, entry, told in zip(target.indices, entries, target.qualifiers, strict=True):
            segment = self._segment(entry)
            qualifiers = [self._qualifier(rule, segment, *one) for one in told]
            if any(one is None for one in qualifiers):
                return None
            steps.append(Step(index, tuple(filter(None, qualifiers))))
        return tuple(steps)

    def _qualifier(self, rule: Rule, segment: Segment, name: str, value: str) -> Qualifier | None:
        found = spots(segment, (name,))
        if not found:
            what = f"{segment.tag} has no element {name}"
            self._say(rule, what, known_elements(segment, self._syntax, name))
            return None
        row, part = found[0]
        of = segment.uses[row].of
        if isinstance(of, Composite):
            if part is None:
                self._say(rule, f"{name} is a composite: a qualifier is one of its components")
                return None
            of = of.parts[part].of
        if isinstance(of, Element) and of.codes is not None and value not in of.codes:
            near = get_close_matches(value, of.codes, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "add it under `codes` first"
            self._say(rule, f'{name} has no code "{value}"', hint)
        return Qualifier(row + 1, part, value)

    def _of_entry(self, rule: Rule, path: Path, entry: Entry, steps: tuple[Step, ...]) -> Demand:
        """Return the demand that segments are there, or not so often."""
        name, most = path.last, UNLIMITED
        if rule.of_element:
            self._say(rule, f"{name} is no element: lengths, formats and codes are of elements")
        if rule.repeats is not None:
            most = rule.repeats
            if most > entry.repeats:
                self._say(
                    rule, f"{self._guide.edition} allows {entry.repeats} of {path.place} only"
                )
        return Demand(
            steps,
            name,
            least=int(rule.required),
            most=0 if rule.forbidden else most,
            source=label(self._guide, rule),
            weight=rule.severity or "",
        )

    def _of_element(
        self, rule: Rule, path: Path, entry: Entry, steps: tuple[Step, ...]
    ) -> Iterator[Demand]:
        """Give a demand for each element that a rule is of."""
        segment = self._segment(entry)
        found = spots(segment, path.names)
        if not found:
            what = f"{segment.tag} has no element {'/'.join(path.names)}"
            self._say(rule, what, known_elements(segment, self._syntax, path.names[-1]))
        for spot in found:
            shown = f"{path.place}/{element_path(segment, spot, self._syntax)}"
            tightening = Tightening(rule, self._guide.edition, self._wrong)
            tightened = tightening.segment(segment, spot, shown)
            yield Demand(
                steps,
                path.last,
                segment=tightened if tightened != segment else None,
                spot=(spot[0] + 1, spot[1]),
                source=label(self._guide, rule),
                weight=rule.severity or "",
            )

    def _segment(self, entry: Entry) -> Segment:
        return entry.segment or self._directory.segment(entry.tag) or Segment(entry.tag, ())

    def _say(self, rule: Rule, what: str, hint: str = "") -> None:
        self._wrong.append(Wrong(rule.keys, what, hint))


def _entries(body: Sequence[Entry], target: Target) -> Iterator[Entry]:
    """Give the entries on the way to a target, it too."""
    for index in target.indices:
        entry = body[index]
        yield entry
        body = entry.body


def element_path(segment: Segment, spot: Spot, syntax: Syntax) -> str:
    """Return how the path of a fault names an element."""
    row, part = spot
    if syntax.by_position:
        return f"{row + 1:02}" + ("" if part is None else f"-{part + 1}")
    return "/".join(element_names(segment, row + 1, part))


def known_elements(segment: Segment, syntax: Syntax, wanted: str) -> str:
    """Return in words which element may be meant, or which ones a segment has."""
    if syntax.by_position:
        return f"its elements are 01 to {len(segment.uses):02}" if segment.uses else ""
    names: dict[str, None] = {}
    for use in segment.uses:
        of = use.of
        names |= dict.fromkeys(
            (one.of.id for one in of.parts) if isinstance(of, Composite) else (of.id,)
        )
    if near := get_close_matches(wanted, names, n=1):
        return f"did you mean {near[0]}?"
    shown = ", ".join(list(names)[:_NAMED])
    return f"it has {shown}{', …' if len(names) > _NAMED else ''}" if names else ""
