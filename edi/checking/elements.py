r"""Write the pattern of one segment, from its tag to its terminator.

After each element the segment ends or goes on, and the next character says which; so the pattern
nests, `(?:'|\+first(?:'|\+second'))`, has nothing to go back to and fails at once. An element
that is left out must be followed by a separator: "non-significant separators shall be excluded by
truncation" (ISO 9735-1, 8.7; X12.6 the same), unless that is not asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from edi.checking.notes import assertion, needs_one
from edi.checking.values import qualified_pattern, value_pattern
from edi.schema import Composite, Element, Note, Segment, Use
from edi.text import Separators

_NEXT_BUT_ONE: Final = 2


@dataclass(frozen=True, slots=True)
class Strictness:
    """Say which checks of elements are made; what is not made is accepted in silence."""

    codes: bool = True
    notes: bool = True
    truncation: bool = True


@dataclass(frozen=True, slots=True)
class Patterns:
    """Write patterns of segments in one spelling, as strictly as asked."""

    marks: Separators
    strictness: Strictness = Strictness()

    def segment(self, segment: Segment) -> str:
        """Return the pattern of a segment behind its tag."""
        mark = re.escape(self.marks.element)
        end = re.escape(self.marks.terminator)
        whole = self.strictness.truncation  # separators alone are refused where they stand
        filled = f"[^{self._stops()}]" if whole else f"{self._hollow()}[^{self._all()}]"
        row = _Row(mark, end, f"[^{self._stops()}]", filled, self._hollow(), self.strictness)
        return row.pattern([self.use(use) for use in segment.uses], segment.uses, segment.notes)

    def use(self, use: Use) -> str:
        """Return the pattern of what is there at one position of a segment."""
        of = use.of
        once = self.composite(of) if isinstance(of, Composite) else self.element(of)
        mark = re.escape(self.marks.repetition or "")
        times = f"{{0,{use.repeats - 1}}}+"
        several = use.repeats > 1 and bool(mark)
        if self.strictness.truncation:
            return f"{once}(?:{mark}{once}){times}" if several else once
        hollow = f"{re.escape(self.marks.component)}*+" if isinstance(of, Element) else ""
        if not several:
            return once + hollow
        ended = f"(?![^{self._stops()}{in_class(self.marks.repetition or '')}])"
        one = f"(?:{once}{hollow}|{hollow}{ended})"
        return f"(?={self._hollow()}[^{self._all()}]){one}(?:{mark}{one}){times}"

    def element(self, element: Element) -> str:
        """Return the pattern of an element that is there."""
        return value_pattern(element, self._all(), listed=self.strictness.codes)

    def composite(self, composite: Composite) -> str:
        """Return the pattern of a composite of which something is there."""
        mark = re.escape(self.marks.component)
        inner = f"[^{self._all()}]"
        row = _Row(mark, "", inner, inner, "", self.strictness)
        parts = [self.part(use) for use in composite.parts]
        for at in dated(composite):
            of = composite.parts[at].of
            if isinstance(of, Element):
                parts[at] = qualified_pattern(of, parts[at], mark, self._all())
        pattern = row.pattern(parts, composite.parts, composite.notes)
        return pattern if self.strictness.truncation else f"(?={mark}*+{inner}){pattern}"

    def _stops(self) -> str:
        """Return what ends an element, for a class of characters."""
        return in_class(self.marks.element + self.marks.terminator)

    def _all(self) -> str:
        """Return what ends a component, for a class of characters."""
        marks = self.marks
        return self._stops() + in_class(marks.component + (marks.repetition or ""))

    def _hollow(self) -> str:
        """Return the pattern of an element that has separators only, and no value."""
        return f"[{in_class(self.marks.component + (self.marks.repetition or ''))}]*+"

    def part(self, use: Use) -> str:
        """Return the pattern of a component that is there; composites hold no composites."""
        if isinstance(use.of, Composite):
            message = f"{use.of.id} is a composite within a composite"
            raise TypeError(message)
        return self.element(use.of)


def in_class(characters: str) -> str:
    """Return characters as a class takes them, escaped where they mean something there."""
    return re.sub(r"[\\\]^-]", r"\\\g<0>", characters)


def dated(composite: Composite) -> Sequence[int]:
    """Return the places of dates in a composite whose form stands behind them (C507: 2379)."""
    ids = [use.of.id for use in composite.parts]
    return [at for at, pair in enumerate(pairwise(ids)) if pair == ("2380", "2379")]


@dataclass(frozen=True, slots=True)
class _Row:
    """Write positions in a row: of a segment (behind its tag), or of a composite (no mark first).

    `end` is what a row ends with: nothing for a composite, which ends where its pattern ends.
    `inner` matches a character of a position, `filled` the beginning of one that has a value, and
    `hollow` what may stand in one that has none.
    """

    mark: str
    end: str
    inner: str
    filled: str
    hollow: str
    strictness: Strictness

    def pattern(self, items: Sequence[str], uses: Sequence[Use], notes: Sequence[Note]) -> str:
        notes = notes if self.strictness.notes else ()
        rest = self.end if self.strictness.truncation else self._excess()
        for position in range(len(uses), 0, -1):
            use = uses[position - 1]
            here = [note for note in notes if min(note.positions) == position]
            last = position == len(uses)
            body = self._position(items[position - 1], use, here, last=last)
            may_end = not self._needed(uses[position - 1 :], notes, position)
            rest = self._step(body + rest if body is not None else None, position, may_end=may_end)
        return rest

    def _step(self, going_on: str | None, position: int, *, may_end: bool) -> str:
        """Return the choice before a position: the end of the row, or its mark and what follows."""
        if not self.end and position == 1:
            return going_on or ""
        if going_on is None:
            return self.end
        going_on = self.mark + going_on
        if not may_end:
            return going_on
        return f"(?:{self.end}|{going_on})" if self.end else f"(?:{going_on}|)"

    def _excess(self) -> str:
        """Return the pattern of separators behind the last position."""
        return f"(?:{self.mark}{self.hollow})*+{self.end}"

    def _position(self, item: str, use: Use, notes: list[Note], *, last: bool) -> str | None:
        """Return the pattern of one position, None for a last one that must be empty."""
        branches = []
        if not use.forbidden:
            branches.append(item + self._asserted(notes, filled=True))
        if not use.mandatory:
            empty = self._empty(last=last)
            if empty is not None:
                branches.append(empty + self._asserted(notes, filled=False))
        if not branches:
            return None
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    def _empty(self, *, last: bool) -> str | None:
        if not self.strictness.truncation:
            return f"{self.hollow}(?!{self.inner})"
        return None if last else f"(?={self.mark})"

    def _asserted(self, notes: list[Note], *, filled: bool) -> str:
        return "".join(assertion(note, self._ahead, filled=filled) for note in notes)

    def _ahead(self, distance: int) -> str:
        between = f"{self.mark}{self.inner}*+"
        if distance != _NEXT_BUT_ONE:
            between = f"(?:{between}){{{distance - 1}}}" if distance > 1 else ""
        return f"{between}{self.mark}{self.filled}"

    @staticmethod
    def _needed(uses: Sequence[Use], notes: Sequence[Note], position: int) -> bool:
        """Tell whether a row may not end before a position."""
        return any(use.mandatory for use in uses) or any(
            needs_one(note) and min(note.positions) >= position for note in notes
        )
