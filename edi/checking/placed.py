"""Check segments that a partner's guide wants otherwise in one place than in another.

The pattern of elements knows tags and no places: where a tag has several rules it takes a segment
that any of them allows. So for tables that have such tags, each of their segments is matched once
more with the rule of its own place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from canonical.rows import Row
from edi.checking.elements import Patterns, Strictness
from edi.rules import Rules
from edi.walking import Plan, Walk


@dataclass(frozen=True, slots=True)
class Placed:
    """Hold the patterns of such segments by the place in the table; empty for most messages."""

    plan: Plan = field(repr=False)
    element: str
    terminator: str
    patterns: dict[int, re.Pattern[str]] = field(repr=False)

    @classmethod
    def of(cls, rules: Rules, plan: Plan, strictness: Strictness) -> Self:
        """Compile the patterns of every place whose tag has several rules."""
        several = {tag for tag, segments in rules.segments().items() if len(segments) > 1}
        write = Patterns(rules.syntax.separators, strictness)
        patterns = {}
        for node in plan.nodes[1:]:
            segment = rules.segment(node.entry)
            if node.entry.tag in several and segment is not None:
                pattern = re.escape(node.entry.tag) + write.segment(segment)
                patterns[node.number] = re.compile(pattern)
        separators = rules.syntax.separators
        return cls(plan, separators.element, separators.terminator, patterns)

    def __bool__(self) -> bool:
        """Tell whether there is anything to check."""
        return bool(self.patterns)

    def accepts(self, rows: Iterable[Row]) -> bool:
        """Tell whether the segments between header and trailer are right in their places."""
        walk = Walk(self.plan)
        for row in rows:
            move = walk.regular(row[0])
            if move is None:
                return False
            walk.go(move)
            pattern = self.patterns.get(move.node.number)
            if pattern and not pattern.fullmatch(self.element.join(row) + self.terminator):
                return False
        return True
