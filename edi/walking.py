"""Know where in the table of a message each of its segments stands.

A segment belongs to the first place that can take it, going forward from the place of the one
before: the same entry again, what follows it in its group, the group once more, what follows the
group. Mandatory entries may not be passed over and no entry is used more often than it says; the
pattern in `edi.checking.order` takes segments in the same way. What breaks these rules can still
be followed here (`Move.missing`, `Walk.full`): `edi.explaining` does, to say what is wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from edi.schema import Entry, MessageTable

LINES: Final = frozenset({"LIN", "PO1", "POC", "IT1"})
"""What begins a line of a message: of an order, a price list, a despatch advice, an invoice."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Stand for one entry of a table: where it is, and what is above and beside it."""

    number: int
    entry: Entry
    depth: int
    """Groups above it, plus one; the root has 0."""
    parent: "Node | None" = field(repr=False)
    index: int = 0
    """Its position among the entries of its parent."""
    below: "list[Node]" = field(default_factory=list, repr=False)

    @property
    def line(self) -> bool:
        """Tell whether a line of the message begins here."""
        return self.entry.group is not None and self.entry.tag in LINES


@dataclass(frozen=True, slots=True)
class Move:
    """Say where a segment goes from a place, and which mandatory entries it passes over."""

    node: Node
    missing: tuple[Node, ...] = ()
    again: bool = False
    """It is the same entry once more, or the same group."""


class Plan:
    """Hold the table of a message as nodes, and every move between them that was ever made."""

    def __init__(self, table: MessageTable) -> None:
        self.table: Final = table
        self.root: Final = Node(0, Entry(table.name, body=table.body), 0, None)
        self.nodes: Final = [self.root]
        self._add(self.root)
        self.tags: Final = frozenset(node.entry.tag for node in self.nodes[1:])
        self._moves: dict[tuple[int, str], tuple[Move, ...]] = {}
        self._rests: dict[int, tuple[Node, ...]] = {}

    def _add(self, parent: Node) -> None:
        for index, entry in enumerate(parent.entry.body):
            node = Node(len(self.nodes), entry, parent.depth + 1, parent, index)
            self.nodes.append(node)
            parent.below.append(node)
            self._add(node)

    def moves(self, node: Node, tag: str) -> tuple[Move, ...]:
        """Return every place for a segment behind `node`, the nearest first."""
        found = self._moves.get((node.number, tag))
        if found is None:
            found = self._moves[node.number, tag] = tuple(self._find(node, tag))
        return found

    def rest(self, node: Node) -> tuple[Node, ...]:
        """Return the mandatory entries that are missing where a message ends behind `node`."""
        found = self._rests.get(node.number)
        if found is None:
            missing: list[Node] = []
            for _, later in self._levels(node):
                missing += [one for one in later if one.entry.mandatory]
            found = self._rests[node.number] = tuple(missing)
        return found

    def allowed(self, node: Node) -> tuple[str, ...]:
        """Return the tags of the segments that may stand behind `node`, the nearest first."""
        tags: dict[str, None] = {}
        for current, later in self._levels(node):
            if current is not None and current.entry.repeats > 1:
                tags[current.entry.tag] = None
            for one in later:
                tags[one.entry.tag] = None
                if one.entry.mandatory:
                    return tuple(tags)
        return tuple(tags)

    def _find(self, node: Node, tag: str) -> list[Move]:
        found = []
        passed: list[Node] = []
        for current, later in self._levels(node):
            if current is not None and current.entry.tag == tag:
                found.append(Move(current, tuple(passed), again=True))
            for one in later:
                if one.entry.tag == tag:
                    found.append(Move(one, tuple(passed)))
                if one.entry.mandatory:
                    passed.append(one)
        return found

    @staticmethod
    def _levels(node: Node) -> "list[tuple[Node | None, list[Node]]]":
        """Return, from the innermost group outward, the entry last used and those after it."""
        levels: list[tuple[Node | None, list[Node]]] = [(None, node.below)]
        current = node
        while current.parent is not None:
            levels.append((current, current.parent.below[current.index + 1 :]))
            current = current.parent
        return levels


class Walk:
    """Follow the segments of one message through its plan, counting repeats."""

    __slots__ = ("_counts", "lines", "node", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.node = plan.root
        self.lines = 0
        """How many lines there were in the whole message, wherever they stand."""
        self._counts = [1]

    @classmethod
    def at(cls, plan: Plan, node: Node) -> Self:
        """Return a walk that is at a node for the first time, in the first of its groups."""
        walk = cls(plan)
        walk.node = node
        walk._counts = [1] * (node.depth + 1)
        return walk

    def full(self, move: Move) -> bool:
        """Tell whether a move would repeat an entry more often than its table allows."""
        return move.again and self._counts[move.node.depth] >= move.node.entry.repeats

    def counts_below(self, node: Node) -> tuple[int, ...]:
        """Return how often each entry below a node is used, down to the present one."""
        return tuple(self._counts[node.depth + 1 :])

    def jump(self, node: Node, counts: Iterable[int], lines: int = 0) -> None:
        """Go on to a node below the present one, with the counts and lines that lead there."""
        self.node = node
        self.lines += lines
        self._counts += counts

    def path(self) -> list[tuple[Node, int]]:
        """Return the nodes down to the present one, each with which of its repeats this is."""
        found = []
        node: Node | None = self.node
        while node is not None and node.parent is not None:
            found.append((node, self._counts[node.depth]))
            node = node.parent
        return found[::-1]

    def copy(self) -> "Walk":
        """Return a walk that goes on from here by itself."""
        walk = Walk(self.plan)
        walk.node = self.node
        walk.lines = self.lines
        walk._counts = self._counts[:]
        return walk

    def regular(self, tag: str) -> Move | None:
        """Return the place that the table has for the next segment, None where it has none."""
        for move in self.plan.moves(self.node, tag):
            if not move.missing and not self.full(move):
                return move
        return None

    def go(self, move: Move) -> None:
        """Go to the place of the next segment."""
        depth = move.node.depth
        counts = self._counts
        if move.again:
            del counts[depth + 1 :]
            counts[depth] += 1
        else:
            del counts[depth:]
            counts.append(1)
        self.node = move.node
        self.lines += move.node.line
