"""Find a segment, an element or a component of a message in the bytes that were received.

A message is looked at in a spelling of our own (`edi.text`), so what is wrong in it has to be found
again where its sender can see it: by splitting the received bytes once more, exactly and slowly.
Only a message with a fault pays for that.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

from msgspec.structs import replace

from canonical.faults import Place
from edi.text import Separators, Slice, segment_end

SHOWN: Final = 160
"""How many characters of a segment a place repeats."""

_BLANK: Final = re.compile(rb"[\r\n\t ]*")


class Locator:
    """Give the places of one message (or part of one)."""

    def __init__(self, piece: Slice) -> None:
        self._piece = piece
        self._starts = array("q")
        self._ends = array("q")
        self._next = 0

    def _reaches(self, number: int) -> bool:
        """Find where segments begin and end, up to the one with this index; tell if it is there.

        Numbers in arrays, for a message may have a million segments.
        """
        while len(self._starts) <= number and self._next < len(self._piece.raw):
            self._find()
        return number < len(self._starts)

    def _find(self) -> None:
        """Find where the next segment begins and ends, without its terminator."""
        raw, start = self._piece.raw, self._next
        end = segment_end(raw, start, self._piece.separators)
        stop = len(raw) if end < 0 else end
        blank = _BLANK.match(raw, start, stop)
        begin = start if blank is None else blank.end()
        if begin < stop or end > 0:
            self._starts.append(min(begin, stop))
            self._ends.append(stop - 1 if end > 0 else stop)
        self._next = stop

    @cached_property
    def _line_ends(self) -> Sequence[int]:
        return array("q", (found.start() for found in re.finditer(b"\n", self._piece.raw)))

    def raw(self, segment: int) -> str:
        """Return the segment with this number (the header of the message is 1) as it was sent."""
        start, end = self._segment(segment)
        return self._text(start, end)

    def place(
        self,
        segment: int,
        element: int | None = None,
        component: int | None = None,
        repetition: int = 1,
        path: str | None = None,
    ) -> Place:
        """Return the place of a segment or of something in it.

        `element` counts from 1 as in a row, `component` from 0, `repetition` from 1. What is not
        there is placed where it would begin: at the end of what it would be in.
        """
        bounds = self._segment(segment)
        inside = self._inside(*bounds, element, component, repetition)
        found = self._place(segment, bounds, inside, path)
        number = None if component is None else component + 1
        return found if element is None else replace(found, element=element, component=number)

    def _place(
        self, segment: int, bounds: tuple[int, int], inside: tuple[int, int], path: str | None
    ) -> Place:
        piece, (begin, end), (start, stop) = self._piece, bounds, inside
        lines = bisect_left(self._line_ends, start)
        line = self._line_ends[lines - 1] + 1 if lines else 0
        column = len(self._text(line, start)) + (1 if line else piece.column)
        mark = len(self._text(begin, start)), len(self._text(begin, stop))
        window = max(0, min(mark[0] - SHOWN // 4, mark[1] + SHOWN // 4 - SHOWN))
        return Place(
            line=piece.line + lines,
            column=column,
            offset=piece.offset + start,
            path=path,
            interchange=piece.interchange or None,
            group=piece.group,
            message=piece.number or None,
            segment=segment if piece.number else None,
            excerpt=self._text(begin, end)[window : window + SHOWN],
            mark=(mark[0] - window, min(mark[1] - window, SHOWN)),
        )

    def at(self, position: int) -> Place:
        """Return the place of a byte of the message, counted from its first."""
        while self._next < len(self._piece.raw) and (
            not self._starts or self._starts[-1] <= position
        ):
            self._find()
        index = max(bisect_right(self._starts, position) - 1, 0)
        begin, end = (self._starts[index], self._ends[index]) if self._starts else (0, 0)
        stop = min(position + 1, max(end, position))
        return self._place(index + self._piece.segment, (begin, end), (position, stop), None)

    def span(self, segment: int, element: int) -> tuple[int, int]:
        """Return where an element begins and ends in all that was received."""
        start, end = self._inside(*self._segment(segment), element, None, 1)
        return self._piece.offset + start, self._piece.offset + end

    def text(self, position: int, length: int) -> str:
        """Return some bytes of the message as text."""
        return self._text(position, position + length)

    def _segment(self, number: int) -> tuple[int, int]:
        at = number - self._piece.segment
        if at >= 0 and self._reaches(at):
            return self._starts[at], self._ends[at]
        end = len(self._piece.raw)
        return end, end

    def _inside(
        self, start: int, end: int, element: int | None, component: int | None, repetition: int
    ) -> tuple[int, int]:
        own = self._piece.separators
        if element is None:
            return start, end
        start, end = self._nth(start, end, own.element, element)
        if own.repetition is not None and (repetition > 1 or component is not None):
            start, end = self._nth(start, end, own.repetition, repetition - 1)
        if component is not None:
            start, end = self._nth(start, end, own.component, component)
        return start, end

    def _nth(self, start: int, end: int, separator: str, number: int) -> tuple[int, int]:
        """Return the bounds of what follows the n-th separator; the end, where there are fewer."""
        upto, raw = _upto(self._piece.separators, separator), self._piece.raw
        for _ in range(number):
            at = upto.match(raw, start, end)
            if at is None:
                return end, end
            start = at.end()
        following = upto.match(raw, start, end)
        return start, end if following is None else following.end() - 1

    def _text(self, start: int, end: int) -> str:
        return self._piece.raw[start:end].decode(self._piece.charset, "replace")


@lru_cache(maxsize=256)
def _upto(own: Separators, separator: str) -> re.Pattern[bytes]:
    """Return what matches all up to the next separator of a kind that is not released."""
    char = re.escape(separator.encode("latin-1"))
    if own.release is None:
        return re.compile(b"[^%s]*+%s" % (char, char))
    sign = re.escape(own.release.encode("latin-1"))
    return re.compile(b"(?:[^%s%s]|%s.)*+%s" % (char, sign, sign, char), re.DOTALL)
