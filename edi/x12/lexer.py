"""Cut a stream of bytes into interchanges and messages of X12.

Only the segments of the envelope are looked for (ISA, TA1, GS, ST, SE, GE, IEA), where a segment
begins. An interchange shows its separators in ISA; another one is looked for by its whole form, so
that a name like ISAAC begins none. A group or message without interchange is read with the usual
separators, or with lines for segments. How the stream is held is `edi.cutting`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar, Final

from edi.cutting import OVERLAP, Cutter, Kind, Token
from edi.text import X12, Separators
from edi.x12.separators import LONGEST_HEADER, header_at

_KINDS: Final = {
    b"ISA": Kind.INTERCHANGE,
    b"TA1": Kind.ANSWER,
    b"GS": Kind.GROUP,
    b"ST": Kind.MESSAGE,
    b"SE": Kind.MESSAGE_END,
    b"GE": Kind.GROUP_END,
    b"IEA": Kind.INTERCHANGE_END,
}
_TAG: Final = rb"(?P<tag>IEA|GS|GE|ST|SE|TA1)(?=%s)"
_WHOLE: Final = re.compile(rb"ISA(?P<sign>[^A-Za-z0-9\s])\d\d(?P=sign)")
_LINE: Final = re.compile(rb"(?<=[\r\n])ISA")
_BARE: Final = re.compile(rb"[\r\n\t ]*+(?P<tag>GS|ST)(?=\*)")
_BARE_AFTER: Final = re.compile(rb"[\r\n~][\t ]*+(?P<tag>GS|ST)(?=\*)")
_TAGS: Final = (b"GS*", b"ST*")
"""What a group or message without interchange begins with; to look for it by itself is fast."""
_LOOKED: Final = 2000
_AHEAD: Final = 2 * LONGEST_HEADER
"""How many bytes from where ISA begins say whether it does: itself, and the segment after it."""


@lru_cache(maxsize=64)
def _patterns(element: bytes, terminator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what finds a tag where a segment begins: here, and after a terminator."""
    tag = _TAG % re.escape(element)
    here = re.compile(rb"[\r\n\t ]*+" + tag)
    return here, re.compile(re.escape(terminator) + rb"[\r\n\t ]*+" + tag)


class Lexer(Cutter):
    """Give the tokens of chunks of bytes."""

    usual: ClassVar[Separators] = X12
    overlap: ClassVar[int] = _AHEAD + 8
    _open = False

    def _use(self, separators: Separators) -> None:
        super()._use(separators)
        self._here, self._after = _patterns(
            separators.element.encode(), separators.terminator.encode()
        )

    def _search(self, start: int) -> int | None:
        index, stop = start - self._base, self._decided(start - self._base)
        if not self._open:
            return self._outside(index, stop)
        if start == self._fresh:
            here = self._here.match(self._buffer, index, stop)
            if here is not None:
                return self._base + here.start("tag")
        found = self._after.search(self._buffer, index, stop)
        mark = stop if found is None else found.start("tag")
        another = self._another(index, mark)
        if another is not None:
            return self._base + another
        return None if found is None else self._base + mark

    def _decided(self, index: int) -> int:
        """Return how far can be told what begins: a header near the end of what is held waits."""
        size = len(self._buffer)
        waiting = -1 if self._ended else self._buffer.find(b"ISA", max(index, size - _AHEAD))
        return size if waiting < 0 else waiting

    def _another(self, index: int, stop: int) -> int | None:
        """Return where the next interchange begins before `stop`: this one may have been cut off.

        It does so at the very beginning, after a terminator or on a line of its own.
        """
        at = self._buffer.find(b"ISA", index, stop)
        while at >= 0:
            if self._begins(at) and _WHOLE.match(self._buffer, at) and header_at(self._buffer, at):
                return at
            at = self._buffer.find(b"ISA", at + 3, stop)
        return None

    def _begins(self, at: int) -> bool:
        before = self._buffer[max(at - OVERLAP, 0) : at].rstrip(b"\t ")
        ends = (b"\n", b"\r", self.separators.terminator.encode())
        return self._base + at == self._fresh or before.endswith(ends)

    def _outside(self, index: int, stop: int) -> int | None:
        """Return where an interchange begins, or a group or message without one."""
        at = self._buffer.find(b"ISA", index, stop)
        while at >= 0 and header_at(self._buffer, at) is None:
            at = self._buffer.find(b"ISA", at + 3, stop)
        stop = stop if at < 0 else at
        bare = None
        if self._base + index == self._fresh:
            bare = _BARE.match(self._buffer, index, stop)
        if bare is None and any(self._buffer.find(tag, index, stop) >= 0 for tag in _TAGS):
            bare = _BARE_AFTER.search(self._buffer, index, stop)
        if bare is not None:
            return self._base + bare.start("tag")
        return None if at < 0 else self._base + at

    def _kind(self, mark: int) -> Kind:
        """Return what begins with the tag at `mark`."""
        index = mark - self._base
        return (
            _KINDS.get(self._buffer[index : index + 2]) or _KINDS[self._buffer[index : index + 3]]
        )

    def _taken(self) -> Iterator[Token]:
        kind = self._kind(self._at)
        if kind is Kind.INTERCHANGE:
            yield self._header()
            return
        if not self._open:
            self._open = True
            self._use(self._guessed())
        if kind is Kind.MESSAGE:
            yield from self._message()
        else:
            yield self._service(kind)

    def _header(self) -> Token:
        """Give ISA; `whole` is false where nobody can separate with what it shows."""
        header = header_at(self._buffer, self._at - self._base)
        if header is None:
            return self._given(Kind.INTERCHANGE, self._end, whole=False)
        self._open = header.separators is not None
        if header.separators is not None:
            self._use(header.separators)
        return self._given(Kind.INTERCHANGE, self._base + header.end, whole=self._open)

    def _service(self, kind: Kind) -> Token:
        end = self._segment_end(self._at)
        if end is None:
            return self._endless()
        token = self._given(kind, end)
        if kind is Kind.INTERCHANGE_END:
            self._open = False
        return token

    def _segment_end(self, start: int) -> int | None:
        """Return where the segment at `start` ends, at a line that begins an interchange at most.

        Where its terminator lacks it would take in a header, and the password in that.
        """
        end = super()._segment_end(start)
        at, stop = start + 1, min(start + self._longest, self._end) if end is None else end
        while found := _LINE.search(self._buffer, at - self._base, stop - self._base):
            at = self._base + found.end()
            while self._end - at < _AHEAD and self._more():
                pass
            mark = at - self._base - len(found[0])
            if _WHOLE.match(self._buffer, mark) and header_at(self._buffer, mark):
                segment = self._buffer[start - self._base : mark]
                return start + len(segment.rstrip(b"\r\n\t "))
        return end

    def _guessed(self) -> Separators:
        """Return the usual separators, with lines for segments where no tilde is near."""
        while self._end - self._at < _LOOKED and self._more():
            pass
        index = self._at - self._base
        if b"~" in self._buffer[index : index + _LOOKED]:
            return X12
        return replace(X12, terminator="\n")
