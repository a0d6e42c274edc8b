"""Cut a stream of bytes into messages and what surrounds them, in bounded memory.

What EDIFACT and X12 share: only the service segments of the envelope are looked for, a message is
what stands from its header to its trailer, and it is cut where the next part of an envelope begins
when the trailer lacks. Chunks may be cut anywhere. What is held is the message at hand or, with
`part`, a part of it in whole segments; a segment without end is left out beyond `longest`. Whatever
the bytes, every one of them ends in exactly one token, blanks between tokens excepted.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from typing import ClassVar, Final, NamedTuple

from edi.text import Separators, last_end, segment_end

LONGEST: Final = 1 << 20
"""How many bytes a segment may have: far more than any directory allows."""

READ: Final = 1 << 18
"""How much is read at once, at least."""
OVERLAP: Final = 64
"""How much is searched again when more bytes come: a mark may be cut anywhere."""

MESSAGE: Final = "message"
JUNK: Final = "junk"
"""What belongs nowhere."""
ENDLESS: Final = "endless"
"""The beginning of a segment that is longer than any may be."""
BYTE_ORDER: Final = "byte order mark"

_MARK: Final = b"\xef\xbb\xbf"
_BLANKS: Final = re.compile(rb"[\r\n\t ]*")
_SHOWN: Final = 200


class Token(NamedTuple):
    """Hold a piece of what was received and where it begins, `size` bytes; `raw` may be fewer.

    `whole` is false where it should have ended otherwise: a message without trailer, a string UNA
    that cannot be used. Messages may come in parts: `first` and `last`.
    """

    kind: str
    """The tag of a service segment, or one of the words above."""
    raw: bytes
    offset: int
    line: int
    column: int
    separators: Separators
    size: int
    whole: bool = True
    first: bool = True
    last: bool = True


class Cutter(ABC):
    """Give the tokens of chunks of bytes; positions are offsets in all that was received."""

    overlap: ClassVar[int] = OVERLAP

    def __init__(
        self,
        chunks: Iterable[bytes],
        separators: Separators,
        *,
        part: int | None = None,
        longest: int = LONGEST,
        read: int = READ,
    ) -> None:
        """Hold about `part` bytes of a message at most, all of it when that is None."""
        self._chunks = iter(chunks)
        self._part = part
        self._longest = longest
        self._read = read
        self._buffer = b""
        self._base = 0
        self._ended = False
        self._lined = False
        self._lines, self._line_start, self._counted = 1, 0, 0
        self._at = 0
        """Where what is not yet given begins: never less than `_base`."""
        self._fresh = 0
        """Where a segment certainly begins, because what is before was given."""
        self._junk: Token | None = None
        self.separators = separators

    def __iter__(self) -> Iterator[Token]:
        """Walk the tokens."""
        while len(self._buffer) < self.overlap and self._more():
            pass
        if self._buffer.startswith(_MARK):
            yield self._given(BYTE_ORDER, len(_MARK))
        while (mark := self._next()) is not None:
            if mark == self._at and self._junk is None:
                self._fresh = mark
            else:
                yield from self._skipped(mark)
            yield from self._taken()
        yield from self._skipped(self._end)

    @abstractmethod
    def _search(self, start: int) -> int | None:
        """Return where the next tag of an envelope stands in what is held, at `start` or later."""

    @abstractmethod
    def _taken(self) -> Iterator[Token]:
        """Give what begins with the tag that stands here."""

    @abstractmethod
    def _ends(self, mark: int) -> bool:
        """Tell whether the tag at `mark` is that of a trailer, which ends a message."""

    @property
    def position(self) -> tuple[int, int, int]:
        """Return line, column and offset of what comes next."""
        self._count(self._at)
        return self._lines, self._at - self._line_start + 1, self._at

    @property
    def _end(self) -> int:
        return self._base + len(self._buffer)

    def _more(self) -> bool:
        """Read on, at least as much again as is held, and drop what was given."""
        if self._ended:
            return False
        self._count(self._at)
        rest = self._buffer[self._at - self._base :]
        pieces, size = [rest] if rest else [], 0
        while size < max(self._read, len(rest)):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                break
            pieces.append(chunk)
            size += len(chunk)
        self._buffer = b"".join(pieces)
        self._lined = b"\n" in self._buffer
        self._base = self._at
        return size > 0

    def _count(self, to: int) -> None:
        """Count the lines up to an offset."""
        start, stop = self._counted - self._base, to - self._base
        found = self._buffer.count(b"\n", start, stop) if self._lined else 0
        if found:
            self._lines += found
            self._line_start = self._base + self._buffer.rfind(b"\n", start, stop) + 1
        self._counted = to

    def _given(
        self, kind: str, end: int, *, whole: bool = True, first: bool = True, last: bool = True
    ) -> Token:
        """Return what stands up to `end` as a token and go there."""
        self._count(self._at)
        raw = self._buffer[self._at - self._base : end - self._base]
        token = Token(
            kind,
            raw,
            self._at,
            self._lines,
            self._at - self._line_start + 1,
            self.separators,
            len(raw),
            whole,
            first,
            last,
        )
        self._at = self._fresh = end
        return token

    def _next(self) -> int | None:
        """Return where the next tag of an envelope stands between messages, reading on for it."""
        start = self._at
        while (mark := self._search(start)) is None:
            end = self._end
            if len(self._buffer) > self._read:
                self._pass_over(end - self.overlap)
            if not self._more():
                return None
            start = max(self._at, end - self.overlap)
        return mark

    def _pass_over(self, end: int) -> None:
        """Leave out what belongs nowhere, and remember where it began and how much it was."""
        blank = _BLANKS.match(self._buffer, self._at - self._base, max(end - self._base, 0))
        if self._junk is None and blank is not None:
            self._at = self._base + blank.end()
        if self._at >= end:
            return
        fresh, junk = self._fresh, self._given(JUNK, end)
        self._fresh = fresh
        if self._junk is None:
            self._junk = junk._replace(raw=junk.raw[:_SHOWN])
        else:
            raw = (self._junk.raw + junk.raw)[:_SHOWN]
            self._junk = self._junk._replace(raw=raw, size=self._junk.size + junk.size)

    def _skipped(self, mark: int) -> Iterator[Token]:
        """Give what belongs nowhere before `mark`, if there was anything."""
        self._pass_over(mark)
        if self._junk is not None:
            yield self._junk
            self._junk = None
        self._at = self._fresh = mark

    def _segment_end(self, start: int) -> int | None:
        """Return where the segment at `start` ends, the end of all at the latest; None: nowhere."""
        scan = start
        while True:
            end = segment_end(self._buffer, scan - self._base, self.separators)
            if end >= 0:
                return self._base + end
            if self._end - start > self._longest:
                return None
            scan = self._end
            if not self._more():
                return self._end

    def _endless(self, stop: int | None = None) -> Token:
        """Give the beginning of a segment that is too long, and go behind its end, if any.

        It ends at `stop` at the latest: there something else begins.
        """
        token = self._given(ENDLESS, min(self._at + _SHOWN, self._end))
        own, size = self.separators, token.size
        release = own.release.encode("latin-1") if own.release else b""
        while True:
            held = None if stop is None or stop >= self._end else stop - self._base
            end = segment_end(self._buffer, self._at - self._base, own, held)
            end = held if end < 0 and held is not None else end
            if end >= 0:
                size += self._base + end - self._at
                self._at = self._fresh = self._base + end
                break
            length = len(self._buffer)
            odd = (length - len(self._buffer.rstrip(release))) % 2 if release else 0
            size += self._end - odd - self._at
            self._at = self._end - odd
            if not self._more():
                break
        return token._replace(size=size)

    def _message(self) -> Iterator[Token]:
        """Give a message up to its trailer, or to where the next thing begins."""
        first, scan = True, self._at + 2
        while True:
            mark, end, begun = self._search(scan), self._end, self._at
            first = yield from self._parts(mark, first=first)
            if mark is not None:
                yield self._closing(mark, first=first)
                return
            if self._at > begun:
                scan = self._at
            elif not self._more():
                yield self._given(MESSAGE, self._end, whole=False, first=first)
                return
            else:
                scan = max(scan, end - self.overlap)

    def _parts(self, mark: int | None, *, first: bool) -> Generator[Token, None, bool]:
        """Give parts of a message while more of it is held than there should be.

        It ends at `mark`, where that is known. Return whether the next one is still the first.
        """
        stop = self._end if mark is None else mark
        while self._part is not None and stop - self._at > self._part:
            start = self._at - self._base
            cut = last_end(self._buffer, start, self.separators, start + self._part)
            if cut < 0:
                longest = min(start + self._longest, stop - self._base)
                cut = segment_end(self._buffer, start, self.separators, longest)
            if cut >= 0:
                yield self._given(MESSAGE, self._base + cut, first=first, last=False)
                first = False
            elif stop - self._at > self._longest:
                yield self._endless(mark)
                stop = self._end if mark is None else mark
            else:
                break
        return first

    def _closing(self, mark: int, *, first: bool) -> Token:
        """Give what is left of a message when the next tag of an envelope stands at `mark`."""
        if not self._ends(mark):
            return self._given(MESSAGE, mark, whole=False, first=first)
        end = self._segment_end(mark)
        if end is None:
            return self._given(MESSAGE, mark, whole=False, first=first)
        return self._given(MESSAGE, end, first=first)
