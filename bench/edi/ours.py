"""Do our part of the work on files of EDI, as the gateway does it.

Run by itself it streams one file in a fresh process and prints rate and memory:
`python bench/edi/ours.py edifact FILE`.
"""

import re
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from edi.checking.values import code_pattern
from edi.edifact import reader as edifact
from edi.edifact.directory.editions import edition
from edi.rules import EDIFACT, X12
from edi.text import Slice
from edi.units import Arrived
from edi.validation import LongValidation, Validation, Validations
from edi.x12 import reader as x12
from edi.x12.editions import edition as x12_edition

CHUNK: Final = 1 << 18
PART: Final = 1 << 17


@cache
def validations(syntax: str) -> Validations:
    """Return the tables of the generated files."""
    if syntax == "x12":
        return Validations(x12_edition("004010"), X12)
    return Validations(edition("D.96A"), EDIFACT)


def validation(syntax: str, name: str) -> Validation:
    """Return what validates a message of the generated files."""
    found = validations(syntax).get(name)
    assert found is not None, f"no table of {name}"
    return found


def slices(syntax: str, pieces: Iterable[bytes], part: int | None = None) -> Iterator[Slice]:
    """Walk the messages in bytes that come piece by piece."""
    if syntax == "x12":
        return (one.piece for one in x12.Reader(pieces, part=part) if isinstance(one, Arrived))
    units = edifact.Reader(pieces, part=part)
    return (one.piece for one in units if isinstance(one, Arrived))


def chunks(content: bytes) -> Iterator[bytes]:
    """Cut content as a connection or file gives it."""
    return (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))


def rows_only(syntax: str, content: bytes) -> int:
    """Cut an interchange into rows; return how many there are."""
    return sum(len(piece.rows()) for piece in slices(syntax, chunks(content)))


def validated(syntax: str, content: bytes) -> int:
    """Read and validate an interchange wholly, with rows; return how many messages are wrong."""
    return sum(
        not validation(syntax, piece.name).check.accepts(piece.text, piece.rows())
        for piece in slices(syntax, chunks(content))
    )


def shaped(syntax: str, content: bytes) -> int:
    """Read an interchange into trees; return how many messages are wrong."""
    return sum(
        bool(validation(syntax, piece.name).read(piece).faults)
        for piece in slices(syntax, chunks(content))
    )


def streamed(syntax: str, pieces: Iterable[bytes], part: int = PART) -> tuple[int, int]:
    """Validate messages that are too long to hold, with rows; return segments and faults."""
    segments = faults = 0
    long: LongValidation | None = None
    for piece in slices(syntax, pieces, part):
        rows = piece.rows()
        segments += len(rows)
        if long is None or piece.first:
            long = validation(syntax, piece.name).long()
        long.look(piece, rows)
        if piece.last:
            faults += len(long.faults)
    return segments, faults


def met(edition_name: str, name: str, content: bytes) -> None:
    """Compile what the first message of an interchange needs of its tables, and validate it."""
    one = _fresh(edition_name, name)
    syntax = "x12" if edition_name.isdigit() else "edifact"
    piece = next(iter(slices(syntax, chunks(content))))
    assert not one.read(piece).faults, f"the {name} of {edition_name} is not right"


def compiled(edition_name: str, name: str) -> None:
    """Compile the tables of a message for all its segments."""
    one = _fresh(edition_name, name)
    end = one.rules.syntax.separators.terminator
    one.check.elements("".join(tag + end for tag in one.rules.segments()))


def _fresh(edition_name: str, name: str) -> Validation:
    """Return a validation that nothing was compiled for."""
    code_pattern.cache_clear()
    re.purge()
    x12_name = edition_name.isdigit()
    directory = x12_edition(edition_name) if x12_name else edition(edition_name)
    found = Validations(directory, X12 if x12_name else EDIFACT).get(name)
    assert found is not None, f"no table of {name} in {edition_name}"
    return found


class Orders:
    """Read ORDERS or 850 into canonical orders, by the mappings that are shipped."""

    def __init__(self, syntax: str, name: str) -> None:
        from canonical.wire import Message
        from edi.edifact.codec import EdifactCodec
        from edi.x12.codec import X12Codec
        from gateway.partners.library import shipped_library

        reader = shipped_library().reader(syntax, name)
        assert reader is not None, f"no mapping of {name}"
        self._reader = reader
        self._codec = X12Codec() if syntax == "x12" else EdifactCodec()
        self._message = Message

    def __call__(self, content: bytes) -> int:
        """Return how many messages became no order."""
        wrong = 0
        for unit in self._codec.messages(chunks(content)):
            if isinstance(unit, self._message):
                wrong += bool(unit.faults) or self._reader.read(unit).document is None
        return wrong


def memory() -> float:
    """Return the largest memory of this process so far, in megabytes.

    What `resource` tells would be that of the process which started this one, if it was larger.
    """
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def file_pieces(path: Path) -> Iterator[bytes]:
    """Read a file piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


if __name__ == "__main__":
    path = Path(sys.argv[2])
    for name in ("ORDERS", "PRICAT"):  # what compiling costs is told by itself
        _ = validation("edifact", name).check
    start = time.perf_counter()
    segments, faults = streamed(sys.argv[1], file_pieces(path))
    seconds = time.perf_counter() - start
    print(path.stat().st_size / 1e6 / seconds, memory(), segments, faults)
