"""Cut a stream of bytes into interchanges and messages of EDIFACT.

Only the service segments of the envelope are looked for (UNA, UNB, UNG, UNH, UNT, UNE, UNZ). A tag
counts where a segment begins: after a terminator that is not released. So nothing but the few
places with `UN` in the data costs more than a search. How the stream is held is `edi.cutting`'s.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar, Final

from edi.cutting import OVERLAP, Cutter, Kind, Token
from edi.edifact.separators import LENGTH, announced, effective
from edi.text import Separators, released

_UNA: Final = rb"A[^\r\n]{5}.[\r\n\t ]{0,40}UN[BGH]"
_SIGN: Final = rb"[^A-Za-z0-9\s]"
_ANEW: Final = re.compile(rb"UNA%s(%s)....[\r\n\t ]{0,40}UN[BGH]\1" % (_SIGN, _SIGN), re.DOTALL)
"""UNA counts wherever something begins as it says: the interchange before may have been cut off.

Elsewhere it is data, which may well have these letters in it. No more is looked at than tells the
tag behind it, or that would be found first where bytes are still to come."""


_KINDS: Final = {
    ord("A"): Kind.SEPARATORS,
    ord("B"): Kind.INTERCHANGE,
    ord("G"): Kind.GROUP,
    ord("H"): Kind.MESSAGE,
    ord("T"): Kind.MESSAGE_END,
    ord("E"): Kind.GROUP_END,
    ord("Z"): Kind.INTERCHANGE_END,
}
"""What begins here, by the third letter of its tag."""

_BLANK: Final = frozenset(b"\r\n\t ")
_STRONG: Final = re.compile(
    rb"UNB%s(?i:UN[A-Z]{2}|KECA)%s|(?<=[\r\n])UN%s" % (_SIGN, _SIGN, _UNA), re.DOTALL
)
"""What begins an interchange wherever a line does: the one before it may have been cut off."""
_LINE: Final = re.compile(rb"(?<=[\r\n])UN[AB]")


@lru_cache(maxsize=64)
def _marks(element: bytes, terminator: bytes) -> re.Pattern[bytes]:
    """Return what finds the tags of an envelope with these separators."""
    after = re.escape(element) + re.escape(terminator)
    return re.compile(rb"UN(?:[BGHTEZ](?=[%s])|%s)" % (after, _UNA), re.DOTALL)


class Lexer(Cutter):
    """Give the tokens of chunks of bytes."""

    usual: ClassVar[Separators] = effective(None, 3)
    _announced: Separators | None = None

    def _taken(self) -> Iterator[Token]:
        kind = self._kind(self._at)
        if kind is Kind.MESSAGE:
            yield from self._message()
        elif kind is Kind.SEPARATORS:
            yield self._una()
        else:
            yield self._service(kind)

    def _kind(self, mark: int) -> Kind:
        """Return what begins or ends with the tag at `mark`: its third letter says it."""
        return _KINDS[self._buffer[mark - self._base + 2]]

    def _use(self, separators: Separators) -> None:
        super()._use(separators)
        self._terminator = ord(separators.terminator)
        self._release = separators.release.encode("latin-1") if separators.release else None
        self._blank = _BLANK - {self._terminator}
        self._pattern = _marks(
            separators.element.encode("latin-1"), separators.terminator.encode("latin-1")
        )

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
        buffer, floor = self._buffer, self._fresh - self._base
        terminator, release, before = self._terminator, self._release, index
        if index == floor or _ANEW.match(buffer, index) is not None:
            return True
        while before > max(floor, 0) and buffer[before - 1] in self._blank:
            before -= 1
        if before == floor:
            return True
        if before and buffer[before - 1] == terminator:
            return release is None or not released(buffer, before - 1, release)
        return before < index and _STRONG.match(buffer, index) is not None

    def _una(self) -> Token:
        """Give the string UNA; what it announces counts from here, where it can be used."""
        token = self._given(Kind.SEPARATORS, self._at + LENGTH)
        self._announced = announced(token.raw)
        self._use(effective(self._announced, 3))
        return token._replace(whole=self._announced is not None)

    def _service(self, kind: Kind) -> Token:
        """Give a segment of the envelope; UNB may change what repeats, UNZ ends what UNA said."""
        end = self._segment_end(self._at)
        if end is None:
            return self._endless()
        token = self._given(kind, end)
        if kind is Kind.INTERCHANGE:
            self._use(effective(self._announced, version_of(token)))
            return token._replace(separators=self.separators)
        if kind is Kind.INTERCHANGE_END:
            self._announced = None
            self._use(effective(None, 3))
        return token

    def _segment_end(self, start: int) -> int | None:
        """Return where the segment at `start` ends, at a line that begins an interchange at most.

        Where its terminator lacks it would take in a header, and the password in that.
        """
        end = super()._segment_end(start)
        at, stop = start + 1, min(start + self._longest, self._end) if end is None else end
        while found := _LINE.search(self._buffer, at - self._base, stop - self._base):
            at = self._base + found.end()
            while self._end - at < OVERLAP and self._more():
                pass
            mark = at - self._base - len(found[0])
            if _STRONG.match(self._buffer, mark) is not None:
                segment = self._buffer[start - self._base : mark]
                return start + len(segment.rstrip(b"\r\n\t "))
        return end


def version_of(token: Token) -> int:
    """Return the syntax version in UNB 0002, 3 where it tells none."""
    own = token.separators
    elements = token.raw.split(own.element.encode("latin-1"), 2)
    parts = elements[1].split(own.component.encode("latin-1")) if len(elements) > 1 else []
    version = parts[1][:1] if len(parts) > 1 else b""
    return int(version) if version.isdigit() else 3
