"""Match any run of segments of a message by one pattern, made of the segments that were met.

The pattern of all segments of a table takes a tenth of a second to compile, and most messages use a
third of them. So it is compiled for the segments of the first message, once more when others come,
and then for all. Which of them it holds changes nothing about what is right.
"""

import re
from collections.abc import Iterable
from typing import Final

from edi.checking.elements import Patterns, Strictness
from edi.rules import Rules

COMPILED: Final = 2
"""How often the pattern is compiled for the segments that were met, before it is for all."""


class Segments:
    """Match runs of segments of one table, each with its terminator."""

    def __init__(self, rules: Rules, strictness: Strictness) -> None:
        self._marks = rules.syntax.separators
        self._rules = rules.segments()
        self._patterns = Patterns(self._marks, strictness)
        self._left = COMPILED
        self._made: tuple[frozenset[str], re.Pattern[str]] = (frozenset(), re.compile(""))

    def match(self, text: str) -> bool:
        """Tell whether every segment of a run has its elements right."""
        covered, pattern = self._made
        if pattern.fullmatch(text) is not None:
            return True
        new = self._tags(text) - covered
        return bool(new) and self._grown(covered | new).fullmatch(text) is not None

    def wrong(self, text: str) -> frozenset[int]:
        """Return which segments of a run, counted from 0, are not right."""
        _, pattern = self._made
        new = self._tags(text) - self._made[0]
        if new:
            pattern = self._grown(self._made[0] | new)
        end = self._marks.terminator
        segments = enumerate(text.split(end))
        return frozenset(number for number, one in segments if not pattern.fullmatch(one + end))

    def _tags(self, text: str) -> set[str]:
        element, end = self._marks.element, self._marks.terminator
        tags = {segment.partition(element)[0] for segment in text.split(end)}
        return tags & self._rules.keys()

    def _grown(self, tags: frozenset[str]) -> re.Pattern[str]:
        """Return the pattern of these tags at least, and keep it."""
        self._left -= 1
        chosen = tags if self._left >= 0 else frozenset(self._rules)
        made = re.compile(self.pattern(chosen))
        self._made = (chosen, made)
        return made

    def pattern(self, tags: Iterable[str]) -> str:
        """Return the pattern of any run of segments with these tags."""
        end = re.escape(self._marks.terminator)
        tree: dict[str, str] = {}
        for tag, segments in self._rules.items():
            if tag in tags:
                kinds = [self._patterns.segment(segment) for segment in segments]
                anything = f"[^{end}]*+{end}"
                tree[tag] = f"(?:{'|'.join(kinds)})" if len(kinds) > 1 else (kinds or [anything])[0]
        return f"(?:{_by_letter(tree)})*+"


def _by_letter(tails: dict[str, str]) -> str:
    """Return a choice between tags, letter by letter; each is followed by its own pattern."""
    if len(tails) == 1:
        ((rest, pattern),) = tails.items()
        return re.escape(rest) + pattern
    branches = [tails[""]] if "" in tails else []
    for first in dict.fromkeys(tag[0] for tag in tails if tag):
        below = {tag[1:]: pattern for tag, pattern in tails.items() if tag.startswith(first)}
        branches.append(re.escape(first) + _by_letter(below))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
