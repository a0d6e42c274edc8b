"""Cut a stream of bytes into messages and what surrounds them, in bounded memory.

What EDIFACT and X12 share: only the service segments of the envelope are looked for, a message is
what stands from its header to its trailer, and it is cut where the next part of an envelope begins
when the trailer lacks. Chunks may be cut anywhere. What is held is the message at hand or, with
`part`, a part of it in whole segments. A segment of more than `longest` bytes is not held: it is
left out, and its message comes in parts, before and after it. Whatever the bytes, every one of them
ends in exactly one token, blanks between tokens excepted.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from edi.text import Separators, last_end, run_before, segment_end

LONGEST: Final = 1 << 20
"""How many bytes a segment may have: far more than any directory allows."""

READ: Final = 1 << 18
"""How much is read at once, at least."""
OVERLAP: Final = 64
"""How much is searched again when more bytes come: a mark may be cut anywhere."""


class Kind(StrEnum):
    """Name what a token is, whatever its syntax calls the segment."""

    SEPARATORS = "separators"
    """The string UNA."""
    INTERCHANGE = "interchange"
    ANSWER = "answer"
    """What is told of an interchange of ours beside messages: TA1."""
    GROUP = "group"
    MESSAGE = "message"
    MESSAGE_END = "end of message"
    GROUP_END = "end of group"
    INTERCHANGE_END = "end of interchange"
    BYTE_ORDER = "byte order mark"
    JUNK = "junk"
    """What belongs nowhere."""
    ENDLESS = "endless"
    """The beginning of a segment that is longer than any may be."""


_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = "\r\n\t "
_BLANKS: Final = re.compile(rb"[\r\n\t ]*")
_SHOWN: Final = 200


@lru_cache(maxsize=64)
def _gap(own: Separators) -> re.Pattern[bytes]:
    """Return what matches blanks between two segments: none that itself separates."""
    signs = "".join(sign for sign in _BLANK if sign not in own.roles)
    return re.compile(b"[%s]*+" % re.escape(signs.encode()) if signs else b"")


class Token(NamedTuple):
    """Hold a piece of what was received and where it begins, `size` bytes; `raw` may be fewer.

    `whole` is false where it should have ended otherwise: a message without trailer, a string UNA
    that cannot be used. Messages may come in parts: `first` and `last`.
    """

    kind: Kind
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

    usual: ClassVar[Separators]
    """What separates where nothing was announced."""
    overlap: ClassVar[int] = OVERLAP

    def __init__(
        self,
        chunks: Iterable[bytes],
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
        self._sound = 0
        """Where a segment of the message at hand begins, before which none is too long."""
        self._fresh = 0
        """Where a segment certainly begins, because what is before was given."""
        self._junk: Token | None = None
        self._use(self.usual)

    def __iter__(self) -> Iterator[Token]:
        """Walk the tokens."""
        while len(self._buffer) < self.overlap and self._more():
            pass
        if self._buffer.startswith(_MARK):
            yield self._given(Kind.BYTE_ORDER, len(_MARK))
        while (mark := self._next()) is not None:
            if mark == self._at and self._junk is None:
                self._fresh = mark
            else:
                yield from self._skipped(mark)
            yield from self._taken()
        yield from self._skipped(self._end)

    @abstractmethod
    def _taken(self) -> Iterator[Token]:
        """Give what begins with the tag that stands here."""

    @abstractmethod
    def _kind(self, mark: int) -> Kind:
        """Return what begins or ends with the tag at `mark`."""

    @abstractmethod
    def _search(self, start: int) -> int | None:
        """Return where the next tag of an envelope stands in what is held, at `start` or later."""

    def _use(self, separators: Separators) -> None:
        """Separate what follows with these."""
        self.separators = separators

    @property
    def position(self) -> tuple[int, int, int]:
        """Return line, column and offset of what comes next."""
        self._count(self._at)
        return self._lines, self._at - self._line_start + 1, self._at

    @property
    def _end(self) -> int:
        return self._base + len(self._buffer)

    def _more(self) -> bool:
        """Read on, as much again as is held or as may be, and drop what was given.

        At the end nothing comes, once: what waited for more is decided then.
        """
        if self._ended:
            return False
        self._count(self._at)
        rest = self._buffer[self._at - self._base :]
        pieces, size = [rest] if rest else [], 0
        room = len(rest) if self._part is None else self._part - len(rest)
        while size < max(self._read, min(len(rest), room)):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                break
            pieces.append(chunk)
            size += len(chunk)
        self._buffer = b"".join(pieces)
        self._lined = b"\n" in self._buffer
        self._base = self._at
        return True

    def _count(self, to: int) -> None:
        """Count the lines up to an offset."""
        start, stop = self._counted - self._base, to - self._base
        found = self._buffer.count(b"\n", start, stop) if self._lined else 0
        if found:
            self._lines += found
            self._line_start = self._base + self._buffer.rfind(b"\n", start, stop) + 1
        self._counted = to

    def _given(
        self, kind: Kind, end: int, *, whole: bool = True, first: bool = True, last: bool = True
    ) -> Token:
        """Return what stands up to `end` as a token and go there.

        What is not the `first` of a message begins with a segment, not with blanks before it.
        """
        if not first:
            self._pass_blanks(end)
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

    def _pass_blanks(self, end: int) -> None:
        """Go to where the next segment begins, to `end` at most."""
        gap = _gap(self.separators).match(self._buffer, self._at - self._base, end - self._base)
        if gap is not None:
            self._at = self._base + gap.end()

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
        fresh, junk = self._fresh, self._given(Kind.JUNK, end)
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
        """Return where the segment at `start` ends, at the end of all at most; None: too long."""
        scan = start
        while True:
            end = segment_end(self._buffer, scan - self._base, self.separators)
            if (self._base + end if end >= 0 else self._end) - start > self._longest:
                return None
            if end >= 0:
                return self._base + end
            scan = self._end
            if not self._more():
                return self._end

    def _endless(self, stop: int | None = None) -> Token:
        """Give the beginning of a segment that is too long, and go behind its end, if any.

        It ends at `stop` at the latest: there something else begins.
        """
        shown = self._at + min(_SHOWN, self._longest)
        self._pass_blanks(shown)
        token = self._given(Kind.ENDLESS, shown)
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
            odd = run_before(self._buffer, len(self._buffer), release) % 2 if release else 0
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
                yield self._given(Kind.MESSAGE, self._end, whole=False, first=first)
                return
            else:
                scan = max(scan, end - self.overlap)

    def _parts(self, mark: int | None, *, first: bool) -> Generator[Token, None, bool]:
        """Give parts of a message while more of it is held than there should be.

        It ends at `mark`, where that is known. Return whether the next one is still the first.
        """
        while True:
            waiting = 0 if self._ended else self.overlap  # the next tag may begin there
            stop = self._end - waiting if mark is None else mark
            overlong = self._overlong(stop)
            cut = self._cut(stop if overlong is None else overlong)
            end = overlong if cut is None else cut
            if end is None:
                return first
            if end == self._at:
                yield self._endless(mark)
                continue
            yield self._given(Kind.MESSAGE, end, first=first, last=False)
            first = False

    def _overlong(self, stop: int) -> int | None:
        """Return where a segment begins before `stop` that is longer than any may be.

        In whole segments one goes as far as any may be, and must have come on.
        """
        start = max(self._sound, self._at)
        while stop - start > self._longest:
            begin = start - self._base
            end = last_end(self._buffer, begin, self.separators, begin + self._longest)
            if end < 0:
                return start
            start = self._base + end
        self._sound = start
        return None

    def _cut(self, stop: int) -> int | None:
        """Return where a part of the message ends, when more than a part is held before `stop`."""
        if self._part is None or stop - self._at <= self._part:
            return None
        start = self._at - self._base
        cut = last_end(self._buffer, start, self.separators, start + self._part)
        if cut < 0:
            cut = segment_end(self._buffer, start, self.separators, stop - self._base)
        return self._base + cut if cut >= 0 else None

    def _closing(self, mark: int, *, first: bool) -> Token:
        """Give what is left of a message when the next tag of an envelope stands at `mark`."""
        if self._kind(mark) is not Kind.MESSAGE_END:
            return self._given(Kind.MESSAGE, mark, whole=False, first=first)
        end = self._segment_end(mark)
        if end is None:
            return self._given(Kind.MESSAGE, mark, whole=False, first=first)
        return self._given(Kind.MESSAGE, end, first=first)
