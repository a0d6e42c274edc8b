"""Check a message by the patterns of its table, compiled once and kept.

A message may be checked in pieces: `elements` takes any run of whole segments, `letters` tells
their tags, and `order` takes the letters of the whole, a byte a segment; so a message of a million
segments needs no more memory than its codec gives it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from canonical.rows import Row
from edi.checking.elements import Patterns, Strictness
from edi.checking.order import alphabet, order_pattern
from edi.checking.placed import Placed
from edi.faults import Kind
from edi.rules import Rules
from edi.walking import Plan


@dataclass(frozen=True, slots=True)
class Check:
    """Accept messages of one table, or say nothing of them."""

    letter: dict[str, str] = field(repr=False)
    placed: Placed = field(repr=False)
    _elements: re.Pattern[str] = field(repr=False)
    _order: re.Pattern[str] = field(repr=False)

    @classmethod
    def of(cls, rules: Rules, plan: Plan) -> Self:
        """Compile the check of a message; what its partner ignores is not checked."""
        syntax, strictness = rules.syntax, strictness_of(rules)
        letters = alphabet(syntax.header, rules.table, syntax.trailer)
        return cls(
            letters,
            Placed.of(rules, plan, strictness),
            re.compile(elements_pattern(rules, strictness)),
            re.compile(order_pattern(syntax.header, rules.table, syntax.trailer, letters)),
        )

    def accepts(self, text: str, rows: Sequence[Row]) -> bool:
        """Tell whether a message is right, given as text and as its rows, header to trailer."""
        return self.accepted(text, rows) is not None

    def accepted(self, text: str, rows: Sequence[Row]) -> str | None:
        """Return the letters of a message that is right, None for any other."""
        letters = self.letters(rows)
        if letters is None or not self.order(letters) or not self.elements(text):
            return None
        return letters if not self.placed or self.placed.accepts(rows[1:-1]) else None

    def letters(self, rows: Iterable[Row]) -> str | None:
        """Return the tags of rows as letters, None when one of them is not of this message."""
        letter = self.letter
        try:
            return "".join([letter[row[0]] for row in rows])
        except KeyError:
            return None

    def order(self, letters: str) -> bool:
        """Tell whether a whole message has its segments in the order of the table."""
        return self._order.fullmatch(letters) is not None

    def elements(self, text: str) -> bool:
        """Tell whether every segment in a run of them has its elements right."""
        return self._elements.fullmatch(text) is not None

    def suspects(self, text: str, terminator: str) -> frozenset[int]:
        """Return which segments in a run, counted from 0, are not right in their elements.

        Not to be asked of a table with `placed` segments: a tag alone says too little there.
        """
        right = self._elements.fullmatch
        segments = enumerate(text.split(terminator))
        return frozenset(number for number, one in segments if not right(one + terminator))


def strictness_of(rules: Rules) -> Strictness:
    """Return which checks are worth making under these rules."""
    ignored = {code.rpartition("-")[2] for code, weight in rules.severities.items() if not weight}
    return Strictness(
        codes=Kind.CODE not in ignored,
        notes=not {Kind.DEPENDENT, Kind.EXCLUDED} <= ignored,
        truncation=Kind.HOLLOW not in ignored,
    )


def elements_pattern(rules: Rules, strictness: Strictness) -> str:
    """Return the pattern of any run of segments of a message, each by its tag."""
    marks = rules.syntax.separators
    patterns = Patterns(marks, strictness)
    tree: dict[str, str] = {}
    for tag, segments in rules.segments().items():
        kinds = [patterns.segment(segment) for segment in segments]
        anything = f"[^{re.escape(marks.terminator)}]*+{re.escape(marks.terminator)}"
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
