"""Check what a guide demands of segments that qualifiers tell apart, in the tree of a message.

The two patterns know tags only. A message that they accepted has its tree, and there a demand is a
look at the few segments that it is about. Where a level of the table has a tag in several places
the tree does not say which one was meant: then a message that has the tag is not accepted.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from canonical.rows import Branch, Row
from edi.checking.elements import Patterns, Strictness
from edi.qualifying import matching
from edi.rules import Rules
from edi.schema import UNLIMITED, Demand, Entry


@dataclass(frozen=True, slots=True)
class _Level:
    """Hold one step of a demand: the tag that is looked for, and which of its segments count."""

    tag: str
    matches: Callable[[Row], bool]
    clear: bool
    """No other place of this level has the tag."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Hold a demand as what is asked of a tree."""

    levels: tuple[_Level, ...]
    least: int
    most: int
    pattern: re.Pattern[str] | None


class Demanded:
    """Ask the tree of a message for all that is demanded."""

    def __init__(self, asked: Sequence[_Asked], element: str, terminator: str) -> None:
        self._asked = asked
        self._element = element
        self._terminator = terminator

    @classmethod
    def of(cls, rules: Rules, strictness: Strictness) -> Self:
        """Compile the demands of a message's table."""
        marks = rules.syntax.separators
        patterns = Patterns(marks, strictness)
        asked = [
            _asked(demand, rules, patterns)
            for demand in rules.table.demands
            if demand.least or demand.most < UNLIMITED or demand.segment is not None
        ]
        return cls(asked, marks.element, marks.terminator)

    def __bool__(self) -> bool:
        """Tell whether there is anything to ask."""
        return bool(self._asked)

    def content(self, root: Branch) -> bool:
        """Tell whether a message, given by its tree, has all that is demanded."""
        return all(self._content(one, root, 0) for one in self._asked)

    def _content(self, asked: _Asked, branch: Branch, depth: int) -> bool:
        level = asked.levels[depth]
        tag, matches = level.tag, level.matches
        found = [below for below in branch[1:] if below[0][0] == tag]
        if found and not level.clear:
            return False
        found = [below for below in found if matches(below[0])]
        if depth < len(asked.levels) - 1:
            return all(self._content(asked, below, depth + 1) for below in found)
        if not asked.least <= len(found) <= asked.most:
            return False
        return asked.pattern is None or self._right(asked.pattern, found)

    def _right(self, pattern: re.Pattern[str], found: Iterable[Branch]) -> bool:
        element, end = self._element, self._terminator
        return all(pattern.fullmatch(element.join(branch[0]) + end) for branch in found)


def _asked(demand: Demand, rules: Rules, patterns: Patterns) -> _Asked:
    levels = []
    body: tuple[Entry, ...] = rules.table.body
    for step in demand.steps:
        entry = body[step.index]
        alike = sum(one.tag == entry.tag for one in body)
        matches = matching(step.qualifiers, rules.syntax.separators)
        levels.append(_Level(entry.tag, matches, alike == 1))
        body = entry.body
    segment = demand.segment
    pattern = None
    if segment is not None:
        pattern = re.compile(re.escape(segment.tag) + patterns.segment(segment))
    return _Asked(tuple(levels), demand.least, demand.most, pattern)
