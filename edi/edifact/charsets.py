"""Say in which characters an EDIFACT interchange is written, and what it is really written in.

UNB names one of the sets of ISO 9735 (`UNOA` ... `UNOY`). Real files say one thing and are
another: UTF-8 or Windows-1252 sent as `UNOC` is the daily case, lower case and `@` under `UNOA`
another. What can be told from the bytes is read right and noticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from edi.encodings import Decided, Stray, encoding_named, misfit
from edi.text import Separators

_UPPER: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>"
_ASCII: Final = bytes(range(0x20, 0x7F))
_HIGH: Final = bytes(range(0xA0, 0x100))
_LINE_ENDS: Final = b"\r\n"


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Hold a character set: its name in UNB, Python's name, and the bytes that it has."""

    name: str
    codec: str
    allowed: bytes

    @property
    def unicode(self) -> bool:
        """Tell whether it is UTF-8."""
        return self.codec == "utf-8"


_EIGHT_BIT: Final = {
    "UNOC": "latin-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
}
_SINGLE: Final = frozenset({"UNOA", "UNOB", *_EIGHT_BIT})
_MULTIPLE: Final = bytes(range(0x80, 0x100))

REPERTOIRES: Final = {
    item.name: item
    for item in (
        Repertoire("UNOA", "latin-1", _UPPER),
        Repertoire("UNOB", "latin-1", _UPPER + b"abcdefghijklmnopqrstuvwxyz"),
        *(Repertoire(name, codec, _ASCII + _HIGH) for name, codec in _EIGHT_BIT.items()),
        Repertoire("UNOW", "utf-8", _ASCII + _MULTIPLE),
        Repertoire("UNOX", "iso2022_jp_2", _ASCII + b"\x1b\x0e\x0f" + _MULTIPLE),
        Repertoire("UNOY", "utf-8", _ASCII + _MULTIPLE),
        Repertoire("KECA", "cp949", _ASCII + _MULTIPLE),
    )
}
"""The sets of ISO 9735-1 by their name in UNB 0001, and Korea's.

UNOX switches sets by escape sequences whose bytes may look like separators: it is cut before it is
decoded, as all are, which real messages in it survive only as long as that does not happen.
"""

UNKNOWN: Final = REPERTOIRES["UNOC"]
"""What is read as when UNB names no set that is known, and a bare message names none at all."""

_READ_RIGHT: Final = frozenset({"EDIFACT-028", "EDIFACT-029"})
"""Where what is declared is wrong, but the characters are known all the same."""

_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_WINDOWS: Final = re.compile(rb"[\x80-\x9f]")
_FOREIGN: Final = re.compile(rb"[\x80-\xff]")


def named(name: str) -> Repertoire | None:
    """Return the set with a name of ISO 9735, or any other that Python can decode bytewise.

    The second is how a partner's profile says what files are really written in; nothing but bytes
    that cannot be decoded is held against such a file.
    """
    known = REPERTOIRES.get(name.upper())
    if known is not None:
        return known
    codec = encoding_named(name)
    return None if codec is None else Repertoire(name, codec, _ASCII + _MULTIPLE)


@lru_cache(maxsize=256)
def allowed(repertoire: Repertoire, own: Separators) -> bytes:
    """Return the bytes that may stand in a message of this set with these separators."""
    separators = "".join(char for char in own.roles if char).encode("latin-1")
    return bytes(set(repertoire.allowed + _LINE_ENDS + separators))


def decide(raw: bytes, repertoire: Repertoire, fitting: bytes) -> Decided:
    """Return how to decode `raw`, whose set is declared; `fitting` is what `allowed` gave."""
    strange = raw.translate(None, fitting)
    if raw.isascii():
        if not strange:
            return _plain(repertoire.codec)
        return Decided(repertoire.codec, tuple(_misfits(raw, strange)))
    codec, code = _real(raw, repertoire, strange)
    if code is None and not strange:
        return _plain(codec)
    strays = [Stray(code, _first(_FOREIGN, raw))] if code else []
    if code in _READ_RIGHT:
        strange = strange.translate(None, _MULTIPLE)
    return Decided(codec, (*strays, *_misfits(raw, strange)))


@lru_cache(maxsize=64)
def _plain(codec: str) -> Decided:
    return Decided(codec)


def _real(raw: bytes, repertoire: Repertoire, strange: bytes) -> tuple[str, str | None]:
    """Return the codec that fits the bytes, and the code of the fault when it is another one."""
    if repertoire.name in _SINGLE and misfit(raw, "utf-8") is None:
        return "utf-8", "EDIFACT-028"
    if repertoire.codec == "latin-1":
        if strange and _WINDOWS.search(strange) and misfit(raw, "cp1252") is None:
            return "cp1252", "EDIFACT-029"
        return "latin-1", None
    if misfit(raw, repertoire.codec) is None:
        return repertoire.codec, None
    return "latin-1", "EDIFACT-031"


def _misfits(raw: bytes, strange: bytes) -> Iterator[Stray]:
    """Give the first control character and the first character of another set."""
    control = _CONTROL.search(strange)
    if control is not None:
        yield Stray("EDIFACT-032", raw.index(control[0]))
    others = _CONTROL.sub(b"", strange)
    if others:
        yield Stray("EDIFACT-030", raw.index(others[:1]))


def _first(pattern: re.Pattern[bytes], raw: bytes) -> int:
    found = pattern.search(raw)
    return 0 if found is None else found.start()
