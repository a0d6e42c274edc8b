"""Say in which characters an X12 message is really written: the standard declares none.

What is UTF-8 is read so, the rest as Windows-1252 or Latin-1, unless a partner's profile says
better; then bytes that are no characters of that set are told.
"""

from functools import lru_cache
from typing import Final

from edi.encodings import Decided, Stray, encoding_named, misfit
from edi.text import Separators

_PRINTABLE: Final = bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)) + b"\r\n\t"
_HIGH: Final = bytes(range(0x80, 0xA0))
_PLAIN: Final = "latin-1"
_NONE: Final[tuple[Stray, ...]] = ()


@lru_cache(maxsize=256)
def allowed(own: Separators) -> bytes:
    """Return the bytes that may stand in a message with these separators."""
    signs = "".join(sign for sign in own.roles if sign).encode()
    return bytes(set(_PRINTABLE + signs))


def decide(raw: bytes, agreed: str | None, fitting: bytes) -> Decided:
    """Return how to decode `raw`; `fitting` is what `allowed` gave."""
    codec, strays = _as_agreed(raw, agreed) if agreed is not None else (_guessed(raw), _NONE)
    strange = raw.translate(None, fitting)
    if strange:
        strays = (*strays, Stray("X12-032", raw.index(strange[:1])))
    return Decided(codec, strays) if strays else _decided(codec)


@lru_cache(maxsize=64)
def _decided(codec: str) -> Decided:
    return Decided(codec)


def _guessed(raw: bytes) -> str:
    """Return what the bytes look like."""
    if raw.isascii():
        return _PLAIN
    if misfit(raw, "utf-8") is None:
        return "utf-8"
    windows = len(raw.translate(None, _HIGH)) < len(raw)
    return "cp1252" if windows and misfit(raw, "cp1252") is None else _PLAIN


def _as_agreed(raw: bytes, agreed: str) -> tuple[str, tuple[Stray, ...]]:
    """Return the set that was agreed, or Latin-1 and where a byte is that it does not have."""
    if raw.isascii():
        return _PLAIN, _NONE
    codec = encoding_named(agreed)
    at = 0 if codec is None else misfit(raw, codec)
    if codec is not None and at is None:
        return codec, _NONE
    return _PLAIN, (Stray("X12-031", at or 0, agreed),)
