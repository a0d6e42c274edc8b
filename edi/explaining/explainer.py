"""Explain a message: follow its segments through the table and look at each.

A segment without a place is judged by what follows it. Either it is the stray and those after it go
on from the segment before, or something is missing or repeated and they go on from it: what makes
sense of more of the next few segments is believed. So one fault stays one fault.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from canonical.faults import Fault
from canonical.rows import Row
from edi.explaining.elements import Elements, Looking
from edi.explaining.hints import listed, meant, nearest
from edi.explaining.telling import Here, Places, Said, Spot, Subjects, Teller
from edi.explaining.watching import Watch
from edi.faults import Kind
from edi.rules import Rules
from edi.schema import Segment
from edi.striding import Stride
from edi.walking import Move, Node, Plan, Walk

AHEAD: Final = 4
"""How many segments a guess at what went wrong is tried on."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """Say where a segment may belong: onward, back to where it was passed, or nowhere."""

    move: Move | None
    back: bool = False


class Explainer:
    """Explain one message, in one piece or in several.

    `plan` is that of its table, kept by whoever explains many; `subjects` gives the names.
    """

    def __init__(
        self,
        rules: Rules,
        plan: Plan,
        subjects: Subjects | None = None,
        elements: Looking | None = None,
    ) -> None:
        """Explain by rules; `elements` looks into segments where their values are spelt apart."""
        self._rules = rules
        self._plan = plan
        self._walk = Walk(plan)
        self._teller = Teller(rules, subjects)
        self._elements: Looking = elements or Elements(rules, self._teller.ignored)
        watch = Watch.of(rules, plan, self._teller, self._elements)
        self._watch: Final = watch or None
        self._number = 0
        self._inner = plan.tags - {rules.syntax.header, rules.syntax.trailer}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return everything found so far."""
        return tuple(self._teller.faults)

    def look(
        self,
        rows: Sequence[Row],
        places: Places,
        restored: Mapping[int, str] | None = None,
        *,
        elements: bool | Set[int] = True,
    ) -> "list[Node | None]":
        """Look at the next segments of the message; without `elements`, at their order only.

        `elements` may also name those whose elements are to be looked at, counted from 0 in `rows`.
        Return the place in the table that each was given, None for what has none there: header
        and trailer, and what was skipped.
        """
        tags = [row[0] for row in rows]
        nodes: list[Node | None] = []
        for index, row in enumerate(rows):
            self._number += 1
            wanted = elements if isinstance(elements, bool) else index in elements
            move = self._walk.regular(row[0]) if row[0] in self._inner else None
            if move is not None:
                self._walk.go(move)
                nodes.append(move.node)
                if wanted or self._watch is not None:
                    here = Here(self._number, row, places, restored)
                    segment = self._rules.segment(move.node.entry)
                    self._tell_elements(here, segment, placed=True, wanted=wanted)
                continue
            here = Here(self._number, row, places, restored)
            segment, placed = self._segment(here, tags[index + 1 : index + 1 + AHEAD])
            nodes.append(self._walk.node if placed else None)
            self._tell_elements(here, segment, placed=placed, wanted=wanted)
        return nodes

    def stride(self, stride: Stride) -> bool:
        """Take a whole line that has nothing wrong in it; do nothing if it may not stand here."""
        start = stride.nodes[0]
        move = self._walk.regular(start.entry.tag)
        if move is None or move.node is not start:
            return False
        self._walk.go(move)
        self._walk.jump(stride.nodes[-1], stride.counts, stride.lines)
        self._number += len(stride.nodes)
        return True

    def regular(self, rows: Sequence[Row]) -> bool:
        """Tell whether the next segments stand where the table has them; go nowhere."""
        walk = self._walk.copy()
        for row in rows:
            move = walk.regular(row[0])
            if move is None:
                return False
            walk.go(move)
        return True

    def _segment(self, here: Here, following: Sequence[str]) -> tuple[Segment | None, bool]:
        """Return what a segment's elements are to be, and whether it has a place in the table."""
        tag = here.row[0]
        known = self._rules.directory.segment(tag)
        if tag == self._rules.syntax.trailer:
            if self._watch is not None:
                self._watch.end(here)
            self._tell_missing(self._plan.rest(self._walk.node), here)
            return known, False
        if self._number == 1 and tag == self._rules.syntax.header:
            return known, False
        if tag not in self._plan.tags:
            self._tell_stranger(here, known)
            return None, False
        guess = self._guess(tag, following)
        if guess.move is None or guess.back:
            self._tell_unexpected(here)
        if guess.move is None:
            return known, False
        self._go(here, guess.move)
        return self._rules.segment(self._walk.node.entry), True

    def _go(self, here: Here, move: Move) -> None:
        """Go to the place of a segment; tell what is missing before it, or that it is too much."""
        self._tell_missing(move.missing, here)
        full = self._walk.full(move)
        self._walk.go(move)
        if not full:
            return
        entry = move.node.entry
        kind = Kind.SEGMENT_REPEATS if entry.group is None else Kind.GROUP_REPEATS
        line = self._teller.line(self._walk)
        spot = Spot(self._teller.path(self._walk, entry.tag), line=line)
        found = str(self._walk.path()[-1][1])
        self._teller.tell(kind, here, spot, Said(found, f"≤ {entry.repeats}"))

    # Guesses at what went wrong.

    def _guess(self, tag: str, following: Sequence[str]) -> _Guess:
        guesses = [_Guess(None), *self._places(tag)]
        return max(guesses, key=lambda guess: (self._sense(guess, following), self._rank(guess)))

    def _places(self, tag: str) -> Iterator[_Guess]:
        """Walk where an irregular segment may belong: onward with gaps, or back."""
        moves = self._plan.moves(self._walk.node, tag)
        onward = [move.node for move in moves]
        yield from map(_Guess, moves)
        node: Node | None = self._walk.node
        while node is not None:
            for below in node.below:
                if below.entry.tag == tag and below not in onward:
                    yield _Guess(Move(below), back=True)
            node = node.parent

    def _rank(self, guess: _Guess) -> tuple[int, int]:
        """Return how believable a guess is by itself: one gap, then nowhere, then more gaps."""
        if guess.move is None:
            return (-2, 0)
        if guess.back:
            return (-3, guess.move.node.depth)
        return (-len(guess.move.missing) - self._walk.full(guess.move), guess.move.node.depth)

    def _sense(self, guess: _Guess, following: Sequence[str]) -> int:
        """Return how many of the segments that follow are regular after this guess."""
        walk = self._walk.copy()
        if guess.move is not None:
            walk.go(guess.move)
        sense = 0
        for tag in following:
            if tag == self._rules.syntax.trailer:
                return sense + (not self._plan.rest(walk.node))
            move = walk.regular(tag)
            if move is not None:
                walk.go(move)
                sense += 1
        return sense

    # What is told of the order.

    def _tell_stranger(self, here: Here, known: Segment | None) -> None:
        """Tell of a segment that is in no place of the table."""
        if self._teller.full:
            return
        tag = here.row[0]
        allowed = self._plan.allowed(self._walk.node)
        kind = Kind.UNKNOWN_SEGMENT if known is None else Kind.FOREIGN_SEGMENT
        near = nearest(tag, allowed) if known is None else []
        hint = meant(tag, allowed) if near else None
        shown = here.shown(tag)
        spot = Spot(f"{self._above()}/{shown}")
        self._teller.tell(kind, here, spot, Said(shown, listed(allowed, near), hint))

    def _tell_elements(
        self, here: Here, segment: Segment | None, *, placed: bool, wanted: bool
    ) -> None:
        """Tell what is wrong within a segment, of whose elements something is known."""
        if self._watch is not None and placed:
            self._watch.place(here, self._walk, segment, wanted=wanted)
            return
        if not wanted or segment is None or self._teller.full:
            return
        walk = self._walk if placed else None
        for found in self._elements.look(here.row, segment):
            self._teller.tell_found(found, here, segment, walk)

    def _tell_unexpected(self, here: Here) -> None:
        if self._teller.full:
            return
        allowed = self._plan.allowed(self._walk.node)
        line = self._teller.line(self._walk)
        spot = Spot(f"{self._above()}/{here.row[0]}", line=line)
        said = Said(here.row[0], listed(allowed))
        self._teller.tell(Kind.UNEXPECTED_SEGMENT, here, spot, said)

    def _tell_missing(self, missing: Sequence[Node], here: Here) -> None:
        """Tell what is missing, at the segment before: the last one that was right."""
        if self._teller.full:
            return
        for node in missing:
            row = [node.entry.tag]
            before = Here(max(here.number - 1, 1), row, here.places, here.restored)
            kind = Kind.MISSING_GROUP if node.entry.group is not None else Kind.MISSING_SEGMENT
            line = self._teller.line(self._walk, node)
            spot = Spot(self._teller.path_to(self._walk, node), line=line)
            self._teller.tell(kind, before, spot, Said(expected=node.entry.tag))

    def _above(self) -> str:
        """Return the path of the group that the walk is in."""
        return self._teller.path(self._walk, "").rpartition("/")[0]
