"""Shape the rows of a message into its tree: every group below the segment that begins it.

The lines of a message are alike: most have the same segments in the same order. So the tags of a
message, a letter each (`edi.checking`), are cut before every segment that can only begin a group,
and what was found out about a stretch of letters once serves every stretch that is spelt alike.
The header is the root; the trailer is left out, for it says nothing but counts.

Where the lines of a message stand right below its root, they need not be made branches at all: they
are handed on as they are, each with its outline (`canonical.rows.Lined`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from canonical.rows import Branch, Lined, Outline, Row, outline
from edi.striding import beginnings
from edi.walking import Node, Plan, Walk

SHAPES: Final = 4096
"""How many shapes are kept; then they are found out anew, for no two messages are alike."""

SHORT: Final = 512
"""Where the lines are is not kept for longer messages: they will not come again."""

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


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Say where a message has its lines, each with its outline, and how the rest is shaped.

    The lines stand from segment `first` to `end`, and `before` branches of the rest before them.
    """

    tag: str
    head: Outline
    before: int
    first: int
    end: int
    lines: list[tuple[Outline, int, int]]


class Shaper:
    """Shape messages of one table; `letter` are those of its check."""

    def __init__(self, plan: Plan, letter: Mapping[str, str]) -> None:
        self._plan = plan
        self._tag: Final = {one: tag for tag, one in letter.items()}
        starts = beginnings(plan)
        self._letter: Final = letter
        self._start: Final = {letter[tag]: node for tag, node in starts.items()}
        characters = "".join(map(re.escape, self._start))
        self._starts: Final = re.compile(f"[{characters}]" if characters else r"(?!)")
        self._shapes: dict[str, _Shape] = {}
        groups = [node for node in starts.values() if node.depth == 1]
        self._line: Final = max(
            groups, key=lambda node: len(tuple(node.entry.walk())), default=None
        )
        self._outlines: dict[str, Outline] = {}
        self._heads: dict[tuple[str, str], tuple[Outline, int]] = {}
        self._cuts: dict[str, _Cuts] = {}

    def shape(self, rows: Sequence[Row], letters: str) -> Branch:
        """Return the tree of a message that was accepted, header to trailer."""
        made: list[Branch] = list(map(list, zip(rows, strict=False)))
        root = made[0]
        opened: dict[int, Branch] = {0: root}
        bounds = [1, *(match.start() for match in self._starts.finditer(letters)), len(rows) - 1]
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

    def lined(self, rows: list[Row], letters: str) -> Branch | Lined:
        """Return a message that was accepted with its lines as they are, or its tree."""
        cuts = self._cuts.get(letters) or self._lines(letters)
        if cuts is None:
            return self.shape(rows, letters)
        lines = [(made, rows[start:end]) for made, start, end in cuts.lines]
        root = cuts.head.branch(rows[: cuts.first] + rows[cuts.end : -1])
        return Lined(cuts.tag, root, cuts.before, lines)

    def _lines(self, letters: str) -> "_Cuts | None":
        """Return where a message has its lines, None where it has none."""
        node = self._line
        letter = "" if node is None else self._letter[node.entry.tag]
        first = letters.find(letter) if letter else -1
        if node is None or first < 0:
            return None
        lines: list[tuple[Outline, int, int]] = []
        start = end = first
        for stretch in letters[first + 1 : -1].split(letter):
            made = self._outlines.get(stretch) or self._outline(node, stretch)
            end = start + len(made.tags)
            lines.append((made, start, end))
            start += len(stretch) + 1
        key = (letters[:first], letters[end:-1])
        head, before = self._heads.get(key) or self._head(letters, first, end)
        cuts = _Cuts(node.entry.tag, head, before, first, end, lines)
        if len(letters) <= SHORT:
            if len(self._cuts) >= SHAPES:
                self._cuts.clear()
            self._cuts[letters] = cuts
        return cuts

    def _head(self, letters: str, first: int, end: int) -> tuple[Outline, int]:
        """Return how a message without its lines is shaped, which stand from `first` to `end`.

        It is shaped as it is with the last of them, to see what stands where. Return also how many
        branches stand before the lines.
        """
        last = letters.rfind(letters[first], 0, end)
        rows = [[letter] for letter in (*letters[:first], *letters[last:])]
        root = self.shape(rows, letters[:first] + letters[last:])
        line = next(at for at, branch in enumerate(root) if branch[0] is rows[first])
        del root[line]
        left = rows[:first] + rows[first + end - last : -1]
        number = {id(row): at for at, row in enumerate(left)}
        above = {
            number[id(below[0])]: number[id(branch[0])]
            for branch in _branches(root)
            for below in branch[1:]
        }
        tags = tuple(self._tag[row[0]] for row in left)
        made = Outline(tags, tuple(above[at] for at in range(1, len(tags)))), line - 1
        if len(tags) <= LONGEST:
            if len(self._heads) >= SHAPES:
                self._heads.clear()
            self._heads[letters[:first], letters[end:-1]] = made
        return made

    def _outline(self, node: Node, stretch: str) -> Outline:
        """Return the outline of the line that begins at `node` and goes on with these letters.

        What follows the last line in the message is no part of it.
        """
        walk = Walk.at(self._plan, node)
        nodes = [node]
        for letter in stretch:
            move = walk.regular(self._tag[letter])
            if move is None or move.node.depth <= node.depth:
                break
            walk.go(move)
            nodes.append(move.node)
        above = tuple(parent for _, parent in _shape(nodes).inner)
        made = outline(tuple(one.entry.tag for one in nodes), above)
        if len(stretch) <= LONGEST:
            if len(self._outlines) >= SHAPES:
                self._outlines.clear()
            self._outlines[stretch] = made
        return made

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


def _branches(root: Branch) -> Iterator[Branch]:
    yield root
    for below in root[1:]:
        yield from _branches(below)


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
