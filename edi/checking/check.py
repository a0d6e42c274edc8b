"""Check a message by the patterns of its table, compiled once and kept.

A message may be checked in pieces: `elements` takes any run of whole segments, `letters` tells
their tags, and `order` takes the letters of the whole, a byte a segment; so a message of a million
segments needs no more memory than its codec gives it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from canonical.rows import Row
from edi.checking.elements import Strictness
from edi.checking.order import alphabet, order_pattern
from edi.checking.placed import Placed
from edi.checking.segments import Segments
from edi.faults import Kind
from edi.rules import Rules
from edi.striding import line_of
from edi.walking import Plan

KEPT: Final = 4096
"""Of how many messages it is remembered that their order is right."""

LONGEST: Final = 512
"""The letters of a longer message are not remembered: they will not come again."""


@dataclass(frozen=True, slots=True)
class Check:
    """Accept messages of one table, or say nothing of them."""

    letter: dict[str, str] = field(repr=False)
    placed: Placed = field(repr=False)
    _segments: Segments = field(repr=False)
    _order: re.Pattern[str] = field(repr=False)
    _line: tuple[str, int]
    """The letter that every line begins with, if there is one, and how many lines there may be."""
    _known: set[str] = field(default_factory=set, repr=False)
    """Letters that were in order."""

    @classmethod
    def of(cls, rules: Rules, plan: Plan) -> Self:
        """Compile the check of a message; what its partner ignores is not checked."""
        syntax, strictness = rules.syntax, strictness_of(rules)
        letters = alphabet(syntax.header, rules.table, syntax.trailer)
        line = line_of(plan)
        return cls(
            letters,
            Placed.of(rules, plan, strictness),
            Segments(rules, strictness),
            re.compile(order_pattern(syntax.header, rules.table, syntax.trailer, letters)),
            ("", 0) if line is None else (letters[line.entry.tag], line.entry.repeats),
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
        """Tell whether a whole message has its segments in the order of the table.

        Whether a line is in order depends on nothing before it, so of lines that are alike one
        is looked at, and a message like one before is not looked at again.
        """
        if letters in self._known:
            return True
        first, most = self._line
        short = letters
        if first:
            head, *lines = letters.split(first)
            if len(lines) > most:
                return False
            short = first.join([head, *dict.fromkeys(lines[:-1]), *lines[-1:]])
        right = short in self._known or self._order.fullmatch(short) is not None
        if right:
            self._remember(letters)
            self._remember(short)
        return right

    def _remember(self, letters: str) -> None:
        if len(letters) <= LONGEST:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known.add(letters)

    def elements(self, text: str) -> bool:
        """Tell whether every segment in a run of them has its elements right."""
        return self._segments.match(text)

    def suspects(self, text: str) -> frozenset[int]:
        """Return which segments in a run, counted from 0, are not right in their elements.

        Not to be asked of a table with `placed` segments: a tag alone says too little there.
        """
        return self._segments.wrong(text)


def strictness_of(rules: Rules) -> Strictness:
    """Return which checks are worth making under these rules."""
    ignored = {code.rpartition("-")[2] for code, weight in rules.severities.items() if not weight}
    return Strictness(
        codes=Kind.CODE not in ignored,
        notes=not {Kind.DEPENDENT, Kind.EXCLUDED} <= ignored,
        truncation=Kind.HOLLOW not in ignored,
    )
