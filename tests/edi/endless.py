"""Read a gigabyte that was never anywhere in one syntax, and print what was told and held.

Run as a process of its own, so that what it holds is its alone: `python -m tests.edi.endless X12`.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Final

from canonical.faults import Fault
from canonical.wire import EdiCodec, Message
from edi.edifact.codec import EdifactCodec
from edi.flatfile.dialect import FlatDialect
from edi.x12.codec import X12Codec
from tests.edi.flatfile.making import codec

GIGABYTE: Final = 1 << 30
_CHUNK: Final = 1 << 20

_UNB: Final = b"UNB+UNOC:3+A:14+B:14+261121:0830+1'UNH+1+ORDERS:D:96A:UN'BGM+220'FTX+"
_UNZ: Final = b"'UNT+4+1'UNZ+1+1'"
_ISA: Final = (
    b"ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       *261121*0830*U*00401"
    b"*000000101*0*P*>~GS*PO*BUYER*SUPPLIER*20261121*0830*7*X*004010~ST*850*0001~MSG*"
)
_IEA: Final = b"~SE*3*0001~GE*1*7~IEA*1*000000101~"
_HEAD: Final = b"H;PO-1;2026-11-22\r\nL;1;"
_END: Final = b";1,5;ST\r\nE;1\r\n"

CASES: Final = {
    "EDIFACT": {
        "one segment": (_UNB, b"x", _UNZ),
        "no terminator": (_UNB, b"x", b""),
        "released terminators": (_UNB, b"?'", _UNZ),
        "released releases": (_UNB, b"??", _UNZ),
    },
    "X12": {
        "one segment": (_ISA, b"x", _IEA),
        "no terminator": (_ISA, b"x", b""),
        "released terminators": (_ISA, b"?*", _IEA),
    },
    "FLAT": {
        "one segment": (_HEAD, b"x", _END),
        "no terminator": (_HEAD, b"x", b""),
        "quotes in quotes": (_HEAD + b'"', b'""', b'"' + _END),
    },
}
"""How a file begins, what fills a gigabyte, and how it ends, by syntax and name."""


def stream(begin: bytes, filling: bytes, end: bytes, size: int = GIGABYTE) -> Iterator[bytes]:
    """Give a file in pieces; its middle is one and the same piece again and again."""
    yield begin
    piece = filling * (_CHUNK // len(filling))
    for _ in range(size // _CHUNK):
        yield piece
    yield end


def told(reader: EdiCodec, dialect: FlatDialect | None, *file: bytes, size: int) -> list[str]:
    """Return the codes of all that is said of a file."""
    found: list[str] = []
    for unit in reader.messages(stream(*file, size=size), dialect):
        if isinstance(unit, Fault):
            found.append(unit.code)
        elif isinstance(unit, Message):
            found += [one.code for one in unit.faults]
    return found


def _most_held() -> int:
    """Return how many bytes this process held at most: kibibytes are told, on macOS bytes."""
    told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told if sys.platform == "darwin" else told << 10


def main(syntax: str) -> None:
    """Read every case of a syntax and print, as JSON, what was told and by how much it grew."""
    readers: dict[str, EdiCodec] = {"EDIFACT": EdifactCodec(), "X12": X12Codec(), "FLAT": codec()}
    dialect = FlatDialect(schema="orders") if syntax == "FLAT" else None
    reader = readers[syntax]
    for file in CASES[syntax].values():  # what is compiled and kept is no growth
        told(reader, dialect, *file, size=_CHUNK)
    before = _most_held()
    codes = {
        name: told(reader, dialect, *file, size=GIGABYTE) for name, file in CASES[syntax].items()
    }
    grown = _most_held() - before
    print(json.dumps({"codes": codes, "grown": grown}))  # noqa: T201 -- for whoever started it


if __name__ == "__main__":
    main(sys.argv[1])
