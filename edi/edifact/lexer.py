"""Cut a stream of bytes into interchanges and messages, in bounded memory.

Only the service segments of the envelope are looked at (UNA, UNB, UNG, UNH, UNT, UNE, UNZ): a
message is what stands from UNH to UNT, and is cut where the next envelope begins when UNT lacks. A
tag counts where a segment begins: after a terminator that is not released. So nothing but the few
places with `UN` in the data costs more than a search.

Chunks may be cut anywhere. What is held is the message at hand, or a part of it: with `part`, a
longer message is given in parts of whole segments; a segment without end is left out beyond
`longest`. Whatever the bytes, every one of them ends in exactly one token.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from edi.edifact.separators import LENGTH, announced, effective
from edi.text import EDIFACT, Separators, last_end, released, segment_end

LONGEST: Final = 1 << 20
"""How many bytes a segment may have: far more than any directory allows."""

_READ: Final = 1 << 18
_OVERLAP: Final = 64
"""How much is searched again when more bytes come: a mark may be cut anywhere."""

_UNA: Final = rb"A[^\r\n]{5}.[\r\n\t ]{0,40}UN[BGH]"
"""UNA counts wherever it stands before an envelope: what is before it may have been cut off."""


class Kind(StrEnum):
    """Name what a token is: a service segment by its tag, a message, or what belongs nowhere."""

    INTERCHANGE = "UNB"
    GROUP = "UNG"
    MESSAGE = "UNH"
    GROUP_END = "UNE"
    MESSAGE_END = "UNT"
    INTERCHANGE_END = "UNZ"
    SEPARATORS = "UNA"
    BYTE_ORDER = "BOM"
    JUNK = "junk"
    ENDLESS = "endless"
    """The beginning of a segment that is longer than any may be."""


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a piece of what was received and where it begins, `size` bytes; `raw` may be fewer.

    `whole` is false where it should have ended otherwise: a message without UNT, a segment without
    terminator. Messages may come in parts: `first` and `last`.
    """

    kind: Kind
    raw: bytes = field(repr=False)
    offset: int
    line: int
    column: int
    separators: Separators
    size: int
    whole: bool = True
    first: bool = True
    last: bool = True


_KINDS: Final = {ord(kind.value[2]): kind for kind in Kind if kind.value.startswith("UN")}
_UNA_LETTER: Final = ord("A")
_UNT_LETTER: Final = ord("T")
_BYTE_ORDER: Final = b"\xef\xbb\xbf"
_BLANK: Final = frozenset(b"\r\n\t ")
_BLANKS: Final = re.compile(rb"[\r\n\t ]*")
_STRONG: Final = re.compile(rb"UNB.UNO[A-Z].[1-4]", re.DOTALL)
"""What begins an interchange wherever a line does: the one before it may have been cut off."""

_SHOWN: Final = 200


@lru_cache(maxsize=64)
def _marks(element: bytes, terminator: bytes) -> re.Pattern[bytes]:
    """Return what finds the tags of an envelope with these separators."""
    after = re.escape(element) + re.escape(terminator)
    return re.compile(rb"UN(?:[BGHTEZ](?=[%s])|%s)" % (after, _UNA), re.DOTALL)


class Lexer:
    """Give the tokens of chunks of bytes; positions are offsets in all that was received."""

    def __init__(
        self, chunks: Iterable[bytes], *, part: int | None = None, longest: int = LONGEST
    ) -> None:
        """Hold about `part` bytes of a message at most, all of it when that is None."""
        self._chunks = iter(chunks)
        self._part = part
        self._longest = longest
        self._buffer = b""
        self._base = 0
        self._ended = False
        self._lines, self._line_start, self._counted = 1, 0, 0
        self._at = 0
        """Where what is not yet given begins: never less than `_base`."""
        self._fresh = 0
        """Where a segment certainly begins, because what is before was given."""
        self._junk: Token | None = None
        self._announced: Separators | None = None
        self.separators: Separators = EDIFACT
        self._use(effective(None, 3))

    def __iter__(self) -> Iterator[Token]:
        """Walk the tokens."""
        while len(self._buffer) < _OVERLAP and self._more():
            pass
        if self._buffer.startswith(_BYTE_ORDER):
            yield self._given(Kind.BYTE_ORDER, len(_BYTE_ORDER))
        while (mark := self._next()) is not None:
            yield from self._skipped(mark)
            kind = _KINDS[self._buffer[mark - self._base + 2]]
            if kind is Kind.MESSAGE:
                yield from self._message()
            elif kind is Kind.SEPARATORS:
                yield self._una()
            else:
                yield self._service(kind)
        yield from self._skipped(self._end)

    @property
    def position(self) -> tuple[int, int, int]:
        """Return line, column and offset of what comes next."""
        self._count(self._at)
        return self._lines, self._at - self._line_start + 1, self._at

    @property
    def _end(self) -> int:
        return self._base + len(self._buffer)

    def _use(self, separators: Separators) -> None:
        self.separators = separators
        self._pattern = _marks(
            separators.element.encode("latin-1"), separators.terminator.encode("latin-1")
        )

    def _more(self) -> bool:
        """Read on, at least as much again as is held, and drop what was given."""
        if self._ended:
            return False
        self._count(self._at)
        rest = self._buffer[self._at - self._base :]
        pieces, size = [rest] if rest else [], 0
        while size < max(_READ, len(rest)):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                break
            pieces.append(chunk)
            size += len(chunk)
        self._buffer = b"".join(pieces)
        self._base = self._at
        return size > 0

    def _count(self, to: int) -> None:
        """Count the lines up to an offset."""
        start, stop = self._counted - self._base, to - self._base
        found = self._buffer.count(b"\n", start, stop)
        if found:
            self._lines += found
            self._line_start = self._base + self._buffer.rfind(b"\n", start, stop) + 1
        self._counted = to

    def _given(
        self, kind: Kind, end: int, *, whole: bool = True, first: bool = True, last: bool = True
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

    def _search(self, start: int) -> int | None:
        """Return where the next tag of an envelope stands in what is held."""
        search, buffer = self._pattern.search, self._buffer
        found = search(buffer, start - self._base)
        while found is not None:
            if self._stands(found.start()):
                return self._base + found.start()
            found = search(buffer, found.start() + 2)
        return None

    def _stands(self, index: int) -> bool:
        """Tell whether a segment begins here."""
        buffer, before = self._buffer, index
        if buffer[index + 2] == _UNA_LETTER:
            return True
        floor, own = self._fresh - self._base, self.separators
        terminator = ord(own.terminator)
        blank = _BLANK - {terminator}
        while before > max(floor, 0) and buffer[before - 1] in blank:
            before -= 1
        if before == floor:
            return True
        if before and buffer[before - 1] == terminator:
            release = own.release.encode("latin-1") if own.release else None
            return not released(buffer, before - 1, release)
        return before < index and _STRONG.match(buffer, index) is not None

    def _next(self) -> int | None:
        """Return where the next tag of an envelope stands between messages, reading on for it."""
        start = self._at
        while (mark := self._search(start)) is None:
            end = self._end
            if len(self._buffer) > _READ:
                self._pass_over(end - _OVERLAP)
            if not self._more():
                return None
            start = max(self._at, end - _OVERLAP)
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
            self._junk = replace(junk, raw=junk.raw[:_SHOWN])
        else:
            self._junk = replace(self._junk, size=self._junk.size + junk.size)

    def _skipped(self, mark: int) -> Iterator[Token]:
        """Give what belongs nowhere before `mark`, if there was anything."""
        self._pass_over(mark)
        if self._junk is not None:
            yield self._junk
            self._junk = None
        self._at = self._fresh = mark

    def _una(self) -> Token:
        """Give the string UNA; what it announces counts from here, where it can be used."""
        token = self._given(Kind.SEPARATORS, self._at + LENGTH)
        self._announced = announced(token.raw)
        self._use(effective(self._announced, 3))
        return replace(token, whole=self._announced is not None)

    def _service(self, kind: Kind) -> Token:
        """Give a segment of the envelope; UNB may change what repeats, UNZ ends what UNA said."""
        end = self._segment_end(self._at)
        if end is None:
            return self._endless()
        token = self._given(kind, end)
        if kind is Kind.INTERCHANGE:
            self._use(effective(self._announced, version_of(token)))
            return replace(token, separators=self.separators)
        if kind is Kind.INTERCHANGE_END:
            self._announced = None
            self._use(effective(None, 3))
        return token

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

    def _endless(self) -> Token:
        """Give the beginning of a segment that is too long, and go behind its end, if any."""
        token = self._given(Kind.ENDLESS, min(self._at + _SHOWN, self._end))
        own, size = self.separators, token.size
        release = own.release.encode("latin-1") if own.release else b""
        while True:
            end = segment_end(self._buffer, self._at - self._base, own)
            if end >= 0:
                size += self._base + end - self._at
                self._at = self._fresh = self._base + end
                break
            held = len(self._buffer)
            odd = (held - len(self._buffer.rstrip(release))) % 2 if release else 0
            size += self._end - odd - self._at
            self._at = self._end - odd
            if not self._more():
                break
        return replace(token, size=size)

    def _message(self) -> Iterator[Token]:
        """Give a message up to its UNT, or to where the next thing begins."""
        first, scan = True, self._at + 3
        while True:
            mark, end = self._search(scan), self._end
            if mark is not None:
                yield self._closing(mark, first=first)
                return
            if self._part is not None and end - self._at > self._part:
                cut = last_end(self._buffer, self._at - self._base, self.separators)
                if cut >= 0:
                    yield self._given(Kind.MESSAGE, self._base + cut, first=first, last=False)
                    first, scan = False, self._at
                    continue
                if end - self._at > self._longest:
                    yield self._endless()
                    scan = self._at
                    continue
            if not self._more():
                yield self._given(Kind.MESSAGE, self._end, whole=False, first=first)
                return
            scan = max(scan, end - _OVERLAP)

    def _closing(self, mark: int, *, first: bool) -> Token:
        """Give what is left of a message when the next tag of an envelope stands at `mark`."""
        if self._buffer[mark - self._base + 2] != _UNT_LETTER:
            return self._given(Kind.MESSAGE, mark, whole=False, first=first)
        end = self._segment_end(mark)
        if end is None:
            return self._given(Kind.MESSAGE, mark, whole=False, first=first)
        return self._given(Kind.MESSAGE, end, first=first)


def version_of(token: Token) -> int:
    """Return the syntax version in UNB 0002, 3 where it tells none."""
    own = token.separators
    elements = token.raw.split(own.element.encode("latin-1"), 2)
    parts = elements[1].split(own.component.encode("latin-1")) if len(elements) > 1 else []
    version = parts[1][:1] if len(parts) > 1 else b""
    return int(version) if version.isdigit() else 3
