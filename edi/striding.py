"""Follow the lines of a message in strides: a whole line at a time, where its like was seen before.

Lines are alike. What a line's segments are after its first one depends on nothing before it, so the
places that one line was given serve every line with the same tags; only whether there may be
another line at all is asked of the table each time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from edi.walking import Node, Plan, Walk

STRIDES: Final = 4096
"""How many kinds of lines are kept."""

LONGEST: Final = 256
"""A longer line is not kept: it will not come again."""


@dataclass(frozen=True, slots=True)
class Stride:
    """Hold the places of a line's segments, and how often the last of them was repeated.

    `lines` are those that begin behind its first segment.
    """

    nodes: tuple[Node, ...]
    counts: tuple[int, ...]
    lines: int = 0


class Strides:
    """Hold the kinds of lines of one table; `letter` are those of its check."""

    def __init__(self, plan: Plan, letter: Mapping[str, str]) -> None:
        self._plan = plan
        self._tag: Final = {one: tag for tag, one in letter.items()}
        self._start: Final = {letter[tag]: node for tag, node in beginnings(plan).items()}
        characters = "".join(map(re.escape, self._start))
        self.cut: Final = re.compile(f"[{characters}]" if characters else r"(?!)")
        self._made: dict[str, Stride | None] = {}

    def get(self, line: str) -> Stride | None:
        """Return the stride over a line given by its letters; None: look at each segment."""
        if line in self._made:
            return self._made[line]
        if len(line) > LONGEST or line[:1] not in self._start:
            return None
        if len(self._made) >= STRIDES:
            self._made.clear()
        made = self._made[line] = self._make(self._start[line[0]], line)
        return made

    def _make(self, start: Node, line: str) -> Stride | None:
        walk = Walk.at(self._plan, start)
        nodes = [start]
        for letter in line[1:]:
            move = walk.regular(self._tag[letter])
            if move is None or move.node.depth <= start.depth:
                return None
            walk.go(move)
            nodes.append(move.node)
        return Stride(tuple(nodes), walk.counts_below(start), walk.lines)


def beginnings(plan: Plan) -> dict[str, Node]:
    """Return the groups that messages are cut at, by the tags that begin them and nothing else.

    They are the groups of the message itself and that of its lines, wherever it is: cutting lines
    into their own small groups would cost more than it saves.
    """
    places: dict[str, list[Node]] = {}
    for node in plan.nodes[1:]:
        places.setdefault(node.entry.tag, []).append(node)
    groups = [node for node in plan.nodes[1:] if node.entry.group is not None]
    most = max((node.entry.repeats for node in groups), default=0)
    return {
        node.entry.tag: node
        for node in groups
        if len(places[node.entry.tag]) == 1
        and node.entry.repeats > 1
        and (node.depth == 1 or node.entry.repeats == most)
    }


def line_of(plan: Plan) -> Node | None:
    """Return the group that the lines of a message are, where they stand right below its root.

    Its tag begins nothing else, so that lines can be told apart by it. Of several such groups it is
    the one with the most segments.
    """
    groups = [node for node in beginnings(plan).values() if node.depth == 1]
    return max(groups, key=lambda node: sum(1 for _ in node.entry.walk()), default=None)
