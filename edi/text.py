"""Hold the text of one message in one spelling, however its sender spelt it.

Every sender may choose separators, release characters and line ends. So that a table of a message
needs one compiled pattern and not one for each sender, a message is respelt before anybody looks:

- separators become those of the standard (`EDIFACT`: `+ : ' *`; `X12`: `* : ~ ^`),
- a character that is data although it looks like one of them (it was released, or this sender
  separates with others) becomes one of five control characters (`PROTECTED`), by its role,
- line ends and blanks between segments are left out.

Then segments and elements are what `str.split` gives. The control characters are those that no
standard lets anybody separate with; where data holds one itself it is put aside as a noncharacter,
which `Slice.restored` knows too. All of it is done on bytes, before decoding: `bytes.translate`,
`split` and `join` are an order of magnitude faster than anything done a character at a time, and in
every character set that is read here the separators are single bytes that are never part of
another character.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from canonical.rows import PROTECTED, SEPARATORS, Row

_PASSING: Final = "\x00\x08\x1a\x7f\x1b"
"""What stands for a sender's own released separators between two steps of respelling."""

RESERVED: Final = frozenset(PROTECTED + _PASSING)
"""What nobody may separate with, and data holds only when put aside (`put_aside`)."""

_ASIDE: Final = {ord(char): 0xFDD0 + n for n, char in enumerate(PROTECTED + _PASSING)}
"""Noncharacters (never data in Unicode) stand for the control characters above as data."""

_SHIFTED: Final = {**_ASIDE, **dict.fromkeys(_ASIDE.values(), 0xFFFD)}


@dataclass(frozen=True, slots=True)
class Separators:
    """Hold the characters that one sender separates with; `repetition` and `release` may lack."""

    terminator: str
    element: str
    component: str
    repetition: str | None = None
    release: str | None = None
    decimal: str = "."

    @property
    def roles(self) -> tuple[str | None, ...]:
        """Return the separators in the order of `PROTECTED`."""
        return (self.terminator, self.element, self.component, self.repetition, self.release)


EDIFACT: Final = Separators(*SEPARATORS["edifact"])
X12: Final = Separators(*SEPARATORS["x12"])


@dataclass(slots=True, eq=False)  # never changed; a frozen one of 16 fields costs too much to make
class Slice:
    """Hold one message of an interchange, or a part of a very long one.

    `text` is every segment from the header (UNH, ST) to the trailer (UNT, SE) in the spelling of
    the standard, each with its terminator, the last one too. `raw` is what it was made from, its
    first byte `offset` bytes after the beginning of what was received, at `line` and `column`.
    `number` counts the messages in the interchange, `interchange` and `group` likewise, from 1; a
    segment of the envelope has the number 0.

    A message that is longer than the reader was told to hold comes in several slices of whole
    segments: `first` holds the header, `last` the trailer, and `segment` is the number of the first
    segment in this one (the header is 1).
    """

    name: str
    """The type of the message: `ORDERS`, `850`."""
    text: str = field(repr=False)
    raw: bytes = field(repr=False)
    standard: Separators = field(repr=False)
    separators: Separators = field(repr=False)
    restored: Mapping[int, str] | None = field(default=None, repr=False)
    """What gives back the protected characters (for `str.translate`); None: there are none."""
    charset: str = "latin-1"
    """The Python name of the character set that `raw` was read in."""
    offset: int = 0
    line: int = 1
    column: int = 1
    interchange: int = 1
    group: int | None = None
    number: int = 1
    first: bool = True
    last: bool = True
    segment: int = 1

    def rows(self) -> list[Row]:
        """Return every segment as its tag and elements, composites unsplit, still protected."""
        element = self.standard.element
        segments = self.text.split(self.standard.terminator)
        if not segments[-1]:
            del segments[-1]
        return [segment.split(element) for segment in segments]

    def tags(self) -> list[str]:
        """Return the tag of every segment."""
        element = self.standard.element
        segments = self.text.split(self.standard.terminator)
        if not segments[-1]:
            del segments[-1]
        return [segment.partition(element)[0] for segment in segments]

    @property
    def count(self) -> int:
        """Return the number of segments."""
        text, terminator = self.text, self.standard.terminator
        return text.count(terminator) + (bool(text) and not text.endswith(terminator))


def protecting(standard: Separators) -> Mapping[int, str]:
    """Return the table of `str.translate` that makes any text data in the standard's spelling."""
    pairs = zip(PROTECTED, standard.roles, strict=True)
    return {ord(char): control for control, char in pairs if char}


def restoring(standard: Separators) -> Mapping[int, str]:
    """Return the table of `str.translate` that gives data its own characters back."""
    table = {aside: chr(control) for control, aside in _ASIDE.items()}
    for control, char in zip(PROTECTED, standard.roles, strict=True):
        table[ord(control)] = char or ""
    return table


@dataclass(frozen=True, slots=True)
class Respelt:
    """Hold bytes in the spelling of the standard.

    `protected`: some of it is data that had to be told from separators. `needless` counts release
    characters before characters that are no separators: they are dropped, as ISO 9735 says.
    """

    content: bytes
    protected: bool
    needless: int = 0


class Respeller:
    """Bring the bytes of a message from one sender's spelling into that of the standard."""

    __slots__ = (
        "_blank",
        "_data",
        "_foreign",
        "_gaps",
        "_lines",
        "_release",
        "_swap",
        "_table",
        "_term",
        "_twice",
    )

    def __init__(self, own: Separators, standard: Separators) -> None:
        """Prepare for a sender's separators, which are single bytes, all different."""
        roles = tuple(zip(PROTECTED, own.roles, standard.roles, strict=True))
        table = {ord(std): control for control, _, std in roles if std}
        table |= {ord(char): std for _, char, std in roles if char and std}
        self._foreign = any(char != std for _, char, std in roles[:3]) or any(
            char and char != std for _, char, std in roles[3:]
        )
        self._release = own.release.encode("latin-1") if own.release else None
        if own.release:
            table.pop(ord(own.release), None)
        guarded = {std: control for control, _, std in roles if std}
        table |= {
            ord(passing): guarded.get(char, char)
            for passing, char in zip(_PASSING, own.roles, strict=True)
            if char
        }
        through = _PASSING if self._foreign else PROTECTED
        self._swap = {
            char.encode("latin-1"): control.encode()
            for control, char in zip(through, own.roles, strict=True)
            if char and char != own.release
        }
        self._twice = through[4].encode()
        used = {char for char in own.roles if char}
        self._data = tuple(std.encode() for _, _, std in roles if std and std not in used)
        self._table = bytes(ord(table.get(byte, chr(byte))) for byte in range(256))
        self._term = standard.terminator.encode()
        self._lines = [self._term + b"\r\n", self._term + b"\n"]
        if own.terminator == "\n":
            self._lines.insert(0, b"\r" + self._term)
        self._gaps = (b"\n", b"\r", self._term + b" ", self._term + b"\t")
        self._blank = re.compile(re.escape(self._term) + rb"[\r\n\t ]+")

    def __call__(self, content: bytes) -> Respelt:
        """Return `content` respelt; its own `PROTECTED` must have been put aside before."""
        protected, needless = False, 0
        if self._release is not None and self._release in content:
            content, needless = self._protect(content)
            protected = True
        data = any(map(content.__contains__, self._data))
        if data or self._foreign:
            content = content.translate(self._table)
        if b"\n" in content or b"\r" in content:
            content = self._joined(content)
        return Respelt(content, protected or data, needless)

    def _protect(self, content: bytes) -> tuple[bytes, int]:
        """Replace every released separator; `??` leaves an empty piece between two splits."""
        swap, needless, literal = self._swap, 0, False
        pieces = content.split(self._release)
        for index in range(1, len(pieces)):
            piece = pieces[index]
            if literal:
                literal = False
            elif not piece:
                pieces[index] = self._twice
                literal = True
            else:
                released = swap.get(piece[:1])
                if released is None:
                    needless += 1
                else:
                    pieces[index] = released + piece[1:]
        return b"".join(pieces), needless

    def _joined(self, content: bytes) -> bytes:
        """Leave out what stands between a terminator and the next segment."""
        for line in self._lines:
            content = content.replace(line, self._term)
        if any(map(content.__contains__, self._gaps)):
            content = self._blank.sub(lambda _: self._term, content)
        return content


@lru_cache(maxsize=256)
def respeller(own: Separators, standard: Separators) -> Respeller:
    """Return what respells for these separators: partners are few, so it is kept."""
    return Respeller(own, standard)


def put_aside(text: str) -> str:
    """Return `text` with its own `PROTECTED` characters as noncharacters."""
    return text.translate(_SHIFTED)


_BLURRED: Final = "\x11\x12\x13\x14\x15\x16"
"""Control characters of which one at least separates nothing."""


def respelt_apart(raw: bytes, codec: str, own: Separators, standard: Separators) -> Respelt:
    """Return bytes with characters that had to be put aside respelt, as UTF-8.

    A separator beyond ASCII is no single byte in UTF-8: then control characters that stand for
    something here become another one, whatever they were.
    """
    respell = respeller(own, standard)
    if all(char is None or char.isascii() for char in own.roles):
        return respell(put_aside(raw.decode(codec, "replace")).encode("utf-8", "replace"))
    blurred = next(ord(char) for char in _BLURRED if char not in own.roles)
    table = bytes(blurred if chr(byte) in RESERVED else byte for byte in range(256))
    spelt = respell(raw.translate(table))
    text = spelt.content.decode(codec, "replace")
    return replace(spelt, content=text.encode("utf-8", "replace"))


def released(content: bytes, at: int, release: bytes | None) -> bool:
    """Tell whether the separator at `at` is data: an odd number of release characters before it."""
    return release is not None and run_before(content, at, release) % 2 == 1


def run_before(content: bytes, at: int, sign: bytes) -> int:
    """Return how often a byte stands in a row before `at`, fast for runs of any length."""
    run, size = 0, _NEAR
    while run < at:
        near = content[max(at - run - size, 0) : at - run]
        if near != sign * len(near):
            return run + len(near) - len(near.rstrip(sign))
        run += len(near)
        size *= 2
    return run


_NEAR: Final = 16
"""How many bytes are looked at before a separator: one in a hundred thousand has more before it."""

_PATIENCE: Final = 8
"""How many released separators are stepped over one by one, before many are at once."""

_WINDOW: Final = 1 << 16


def segment_end(content: bytes, start: int, own: Separators, stop: int | None = None) -> int:
    """Return where the segment at `start` ends, its terminator included; -1: nowhere."""
    terminator, release = _ending(own)
    stop = len(content) if stop is None else stop
    at = content.find(terminator, start, stop)
    for _ in range(_PATIENCE):
        if at < 0 or not released(content, at, release):
            return at + 1 if at >= 0 else -1
        start, at = at + 1, content.find(terminator, at + 1, stop)
    return -1 if at < 0 or not release else _end_of_many(content, start, stop, terminator + release)


def last_end(content: bytes, start: int, own: Separators, stop: int | None = None) -> int:
    """Return where the last whole segment between `start` and `stop` ends; -1: there is none.

    A segment begins at `start`.
    """
    terminator, release = _ending(own)
    at = content.rfind(terminator, start, len(content) if stop is None else stop)
    for _ in range(_PATIENCE):
        if at < 0 or not released(content, at, release):
            return at + 1 if at >= 0 else -1
        at = content.rfind(terminator, start, at)
    if at < 0 or not release:
        return -1
    found = _cleared(content[start : at + 1], terminator, release).rfind(terminator)
    return start + found + 1 if found >= 0 else -1


def _ending(own: Separators) -> tuple[bytes, bytes | None]:
    release = own.release.encode("latin-1") if own.release else None
    return own.terminator.encode("latin-1"), release


def _end_of_many(content: bytes, start: int, stop: int, signs: bytes) -> int:
    """Return where a segment ends in which many terminators are released, -1: nowhere.

    It is looked at in windows, each with every release character and what that releases; `signs`
    are terminator and release character.
    """
    terminator, release = signs[:1], signs[1:]
    size = _WINDOW
    while start < stop:
        end = min(start + size, stop)
        end -= run_before(content, end, release) % 2
        if end <= start:
            return -1
        window = content[start:end]
        if release * 2 in window or window.count(terminator) != window.count(release + terminator):
            found = _cleared(window, terminator, release).find(terminator)
            if found >= 0:
                return start + found + 1
        start, size = end, size * 2
    return -1


def _cleared(content: bytes, terminator: bytes, release: bytes) -> bytes:
    """Return as many bytes, with blanks for what is released; none releases the first."""
    blanks = b"  "
    return content.replace(release * 2, blanks).replace(release + terminator, blanks)
