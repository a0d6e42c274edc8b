"""Watch whether the segments of a message are those that a guide demands by qualifiers.

The walk says where each segment stands. A demand is followed down its steps as long as the message
is in them, and what was counted is judged where the group ends that it is counted in.
`edi.checking.demanded` asks the same of the finished tree, in another way on purpose: a test holds
the two together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from canonical.rows import Row
from edi.explaining.elements import Found, Looking
from edi.explaining.hints import LEAVE_OUT
from edi.explaining.telling import Here, Said, Spot, Teller
from edi.faults import Kind
from edi.qualifying import matching
from edi.rules import Rules
from edi.schema import Demand, Segment
from edi.walking import Node, Plan, Walk


@dataclass(slots=True)
class _Followed:
    """Follow one demand: how far down its steps the message is, and how many were met there."""

    demand: Demand
    nodes: tuple[Node, ...]
    matches: tuple[Callable[[Row], bool], ...]
    path: str
    """What is counted, as the path of the fault that it is missing."""
    depth: int = 0
    met: int = 0
    near: Here | None = None
    """The last segment of its place, whatever its qualifier: what is missing stands behind it."""

    @property
    def counting(self) -> bool:
        """Tell whether the message is where what is demanded may stand."""
        return self.depth == len(self.nodes) - 1


class Watch:
    """Follow the demands of one message."""

    def __init__(self, followed: list[_Followed], teller: Teller, elements: Looking) -> None:
        self._followed: Final = followed
        self._teller: Final = teller
        self._elements: Final = elements

    @classmethod
    def of(cls, rules: Rules, plan: Plan, teller: Teller, elements: Looking) -> Self:
        """Return what watches a message by its rules."""
        followed = []
        for demand in rules.table.demands:
            nodes, node = [], plan.root
            for step in demand.steps:
                node = node.below[step.index]
                nodes.append(node)
            marks = rules.syntax.separators
            matches = tuple(matching(step.qualifiers, marks) for step in demand.steps)
            path = _missing_at(teller, Walk(plan), node)
            followed.append(_Followed(demand, tuple(nodes), matches, path))
        return cls(followed, teller, elements)

    def __bool__(self) -> bool:
        """Tell whether anything is demanded."""
        return bool(self._followed)

    def place(self, here: Here, walk: Walk, segment: Segment | None, *, wanted: bool) -> None:
        """Look at a segment at its place; without `wanted` at what is demanded of it only."""
        met = []
        for one in self._followed:
            self._leave(one, walk.node, here)
            if self._enters(one, walk, here):
                met.append(one.demand)
        if segment is None or self._teller.full or not (wanted or met):
            return
        told = self._look(here, walk, segment, met) if wanted else set()
        for demand in met:
            if demand.segment is not None:
                self._look_again(here, walk, demand, demand.segment, told)

    def end(self, here: Here) -> None:
        """Judge what is still counted where the message ends; `here` is its trailer."""
        for one in self._followed:
            if one.counting:
                self._judge(one, here)

    # Where in its steps a demand is.

    def _leave(self, one: _Followed, node: Node, here: Here) -> None:
        """Go up the steps of a demand as far as `node` is no longer below them."""
        while one.depth and not _below(node, one.nodes[one.depth - 1]):
            if one.counting:
                self._judge(one, here)
            one.depth -= 1

    def _enters(self, one: _Followed, walk: Walk, here: Here) -> bool:
        """Take a segment as the next step of a demand, if it is; tell whether it is the last."""
        if walk.node is not one.nodes[one.depth]:
            return False
        if one.counting:
            one.near = here
        if not one.matches[one.depth](here.row):
            return False
        if one.counting:
            one.met += 1
            if one.met > one.demand.most:
                self._tell_surplus(one, walk, here)
            return True
        one.depth += 1
        one.met = 0
        one.near = None
        if one.demand.least:
            one.path = _missing_at(self._teller, walk, one.nodes[-1])
        return False

    # What is told.

    def _judge(self, one: _Followed, here: Here) -> None:
        """Tell what is missing, at the last of its like, else where that ends that it lacks in."""
        if one.met >= one.demand.least or self._teller.full:
            return
        entry, near = one.nodes[-1].entry, one.near
        number, places = max(here.number - 1, 1), here.places
        if near is not None:
            number, places = near.number, near.places
        before = Here(number, [entry.tag], places, here.restored)
        kind = Kind.MISSING_SEGMENT if entry.group is None else Kind.MISSING_GROUP
        self._teller.tell(kind, before, Spot(one.path), _said(one.demand, expected=one.demand.name))

    def _tell_surplus(self, one: _Followed, walk: Walk, here: Here) -> None:
        """Tell of a segment that may not stand here, or not so often."""
        demand, entry = one.demand, one.nodes[-1].entry
        spot = Spot(self._teller.path(walk, entry.tag))
        if not demand.most:
            said = _said(demand, found=demand.name, hint=LEAVE_OUT)
            self._teller.tell(Kind.UNEXPECTED_SEGMENT, here, spot, said)
            return
        kind = Kind.SEGMENT_REPEATS if entry.group is None else Kind.GROUP_REPEATS
        said = _said(demand, found=str(one.met), expected=f"≤ {demand.most} {demand.name}")
        self._teller.tell(kind, here, spot, said)

    def _look(
        self, here: Here, walk: Walk, segment: Segment, met: Sequence[Demand]
    ) -> set[tuple[object, ...]]:
        """Tell what is wrong in a segment by its table; return what that was."""
        told = set()
        for found in self._elements.look(here.row, segment):
            told.add(_what(found))
            by = next((one for one in met if one.weight and _covers(one, found)), None)
            self._teller.tell_found(found, here, segment, walk, by)
        return told

    def _look_again(
        self, here: Here, walk: Walk, demand: Demand, segment: Segment,
        told: set[tuple[object, ...]],
    ) -> None:  # fmt: skip
        """Tell what is wrong in a segment by a demand, and was not told."""
        for found in self._elements.look(here.row, segment):
            if _what(found) not in told:
                told.add(_what(found))
                self._teller.tell_found(found, here, segment, walk, demand)


def _below(node: Node, scope: Node) -> bool:
    """Tell whether a place is inside a group, and not the beginning of the next one."""
    above = node.parent
    while above is not None and above is not scope:
        above = above.parent
    return above is scope


def _missing_at(teller: Teller, walk: Walk, node: Node) -> str:
    """Return the path of what is missing; a group has no count there, for others of it stand."""
    path = teller.path_to(walk, node)
    if node.entry.group is None:
        return path
    above, _, last = path.rpartition("/")
    return f"{_COUNT.sub('', above)}/{last}"


_COUNT: Final = re.compile(r"\[\d+\]$")


def _said(
    demand: Demand, found: str | None = None, expected: str | None = None, hint: str | None = None
) -> Said:
    return Said(found, expected, hint, demand.source, demand.weight)


def _what(found: Found) -> tuple[object, ...]:
    return (found.kind, found.element, found.component, found.repetition)


def _covers(demand: Demand, found: Found) -> bool:
    """Tell whether something that was found is of the element that a demand means."""
    if demand.spot is None:
        return True
    element, component = demand.spot
    return found.element == element and found.component in {None, component}
