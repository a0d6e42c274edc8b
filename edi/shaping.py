"""Shape the rows of a message into its tree: every group below the segment that begins it.

The lines of a message are alike: most have the same segments in the same order. So the tags of a
message, a letter each (`edi.checking`), are cut before every segment that can only begin a group,
and what was found out about a stretch of letters once serves every stretch that is spelt alike.
The header is the root; the trailer is left out, for it says nothing but counts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from canonical.rows import Branch, Row
from edi.striding import beginnings
from edi.walking import Node, Plan, Walk

SHAPES: Final = 4096
"""How many shapes are kept; then they are found out anew, for no two messages are alike."""

LONGEST: Final = 2048
"""The shape of a longer stretch is not kept: it will not come again."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Say where the segments of a stretch go: below one another, or below what is open before.

    `inner` holds pairs (segment, the one it is below), `outer` pairs (segment, its depth), both
    with the segments counted from 0 in the stretch.
    """

    inner: tuple[tuple[int, int], ...]
    outer: tuple[tuple[int, int], ...]
    flat: int = 0
    """The depth of the first segment, if all others are right below it; as most lines are."""


class Shaper:
    """Shape messages of one table; `letter` are those of its check."""

    def __init__(self, plan: Plan, letter: Mapping[str, str]) -> None:
        self._plan = plan
        self._tag: Final = {one: tag for tag, one in letter.items()}
        starts = beginnings(plan)
        self._start: Final = {letter[tag]: node for tag, node in starts.items()}
        characters = "".join(map(re.escape, self._start))
        self._cut: Final = re.compile(f"[{characters}]" if characters else r"(?!)")
        self._shapes: dict[str, _Shape] = {}

    def shape(self, rows: Sequence[Row], letters: str) -> Branch:
        """Return the tree of a message that was accepted, header to trailer."""
        made: list[Branch] = list(map(list, zip(rows, strict=False)))
        root = made[0]
        opened: dict[int, Branch] = {0: root}
        bounds = [1, *(match.start() for match in self._cut.finditer(letters)), len(rows) - 1]
        shapes = self._shapes
        for start, end in pairwise(bounds):
            stretch = letters[start:end]
            shape = shapes.get(stretch) or self._find(stretch)
            if shape.flat:
                first = opened[shape.flat] = made[start]
                opened[shape.flat - 1].append(first)
                first += made[start + 1 : end]
                continue
            for child, parent in shape.inner:
                made[start + parent].append(made[start + child])
            for child, depth in shape.outer:
                opened[depth - 1].append(made[start + child])
                opened[depth] = made[start + child]
        return root

    def _find(self, stretch: str) -> _Shape:
        walk = Walk(self._plan)
        start = self._start.get(stretch[:1])
        nodes = []
        for number, one in enumerate(stretch):
            if number == 0 and start is not None:
                walk = Walk.at(self._plan, start)
            else:
                move = walk.regular(self._tag[one])
                if move is None:
                    message = (
                        f"{self._plan.table.name}: {self._tag[one]} was accepted, but has no place"
                    )
                    raise LookupError(message)
                walk.go(move)
            nodes.append(walk.node)
        shape = _shape(nodes)
        if len(stretch) <= LONGEST:
            if len(self._shapes) >= SHAPES:
                self._shapes.clear()
            self._shapes[stretch] = shape
        return shape


def _shape(nodes: Sequence[Node]) -> _Shape:
    inner, outer = [], []
    last: dict[int, int] = {}
    for number, node in enumerate(nodes):
        above = last.get(node.depth - 1)
        if above is None:
            outer.append((number, node.depth))
        else:
            inner.append((number, above))
        for depth in [deeper for deeper in last if deeper >= node.depth]:
            del last[depth]
        last[node.depth] = number
    flat = len(outer) == 1 and all(above == 0 for _, above in inner)
    return _Shape(tuple(inner), tuple(outer), outer[0][1] if flat else 0)


class Growth:
    """Grow the tree of a message whose segments were given places one by one.

    For messages that were explained: what has no place in the table stays where it stood, below
    the segment that began the group it was found in.
    """

    def __init__(self, header: Row) -> None:
        self.root: Final[Branch] = [header]
        self._open: list[Branch] = [self.root]
        self._group = 0

    def add(self, rows: Iterable[Row], nodes: Iterable[Node | None]) -> None:
        """Add segments at their places, None for one that has none."""
        for row, node in zip(rows, nodes, strict=True):
            if node is None:
                self._open[self._group].append([row])
                continue
            branch: Branch = [row]
            del self._open[node.depth :]
            self._open[-1].append(branch)
            self._open.append(branch)
            self._group = node.depth if node.entry.group is not None else node.depth - 1
