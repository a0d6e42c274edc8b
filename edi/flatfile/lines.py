"""Cut a stream of bytes into lines of text, in bounded memory, and know where each began.

Bytes may come in any pieces. A line ends with LF or CRLF, and goes on behind one that stands within
quotes. The end of file that DOS wrote (0x1A) is none of it. Nothing is raised: bytes that are no
characters stand in the text as lone surrogates, and say so.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from edi.flatfile.charsets import CHARSETS, MARK

LONGEST: Final = 1 << 16
"""How many characters a line may have: far more than any file has."""

READ: Final = 1 << 18
"""How much is cut at once, about."""

DOS_END: Final = b"\x1a"


class Line(NamedTuple):
    """Hold one line without its end; a line that is `endless` is only the beginning of one."""

    text: str
    number: int
    offset: int
    charset: str
    spoilt: bool = False
    """Some of its bytes are no characters."""
    endless: bool = False
    end: str = "\n"

    def at(self, column: int) -> int:
        """Return the offset of a character of the line in all that was received."""
        before = self.text[:column]
        return self.offset + len(before.encode(self.charset, "surrogateescape"))


class Lines:
    """Give the lines of chunks of bytes; `marked` says whether a byte order mark began them."""

    def __init__(self, chunks: Iterable[bytes], charset: str, quote: str = "") -> None:
        """Take the name of a character set as schemas have it, and what quotes line ends."""
        self._chunks = iter(chunks)
        self._quote: Final = quote
        self.charset = CHARSETS[charset]
        self.marked = False
        self._number = 1
        self._offset = 0
        self._cut = 0

    def __iter__(self) -> Iterator[Line]:
        """Walk the lines."""
        held: list[Line] = []
        size = 0
        for line in self._plain():
            odd = bool(self._quote) and line.text.count(self._quote) % 2 == 1
            if not held and not odd:
                yield line
                continue
            held.append(line)
            size += len(line.text) + 1
            if line.endless or size > LONGEST:
                yield from held
            elif odd and len(held) > 1:
                yield _joined(held)
            else:
                continue
            held, size = [], 0
        yield from held

    def _plain(self) -> Iterator[Line]:
        for block in self._blocks():
            text, spoilt = self._decoded(block)
            lines = text.split("\n")
            if block.endswith(b"\n"):
                del lines[-1]
            narrow = len(text) == len(block)
            for each in lines:
                size = len(each) if narrow else len(each.encode(self.charset, "surrogateescape"))
                if spoilt or self._cut or len(each) > LONGEST:
                    yield self._odd(each, spoilt=spoilt)
                elif each.endswith("\r"):
                    number, offset = self._number, self._offset
                    yield Line(each[:-1], number, offset, self.charset, end="\r\n")
                else:
                    yield Line(each, self._number, self._offset, self.charset)
                self._offset += size + self._cut + 1
                self._number += 1
                self._cut = 0

    def _odd(self, text: str, *, spoilt: bool) -> Line:
        """Return a line that may be too long or hold bytes that are no characters."""
        endless = len(text) > LONGEST or self._cut > 0
        bare = text[:LONGEST].removesuffix("\r")
        spoilt = spoilt and any("\udc80" <= one <= "\udcff" for one in bare)
        end = "\r\n" if text.endswith("\r") else "\n"
        return Line(bare, self._number, self._offset, self.charset, spoilt, endless, end)

    def _decoded(self, block: bytes) -> tuple[str, bool]:
        try:
            return block.decode(self.charset), False
        except UnicodeDecodeError:
            return block.decode(self.charset, "surrogateescape"), True

    def _blocks(self) -> Iterator[bytes]:
        """Walk runs of whole lines; of one that is too long its beginning, alone."""
        rest = b""
        for piece in self._pieces():
            at = piece.find(b"\n") if self._cut else 0
            if at < 0:
                self._cut += len(piece)
                continue
            if self._cut:
                self._cut += at
                yield rest
                rest, piece = b"", piece[at + 1 :]  # noqa: PLW2901  # what is left of it
            held = rest + piece
            cut = held.rfind(b"\n") + 1
            if cut:
                yield held[:cut]
            rest = held[cut:]
            if len(rest) > LONGEST:
                self._cut = len(rest) - LONGEST
                rest = rest[:LONGEST]
        rest = rest if self._cut else rest.removesuffix(DOS_END)
        if rest:
            yield rest

    def _pieces(self) -> Iterator[bytes]:
        """Walk the bytes in pieces of some size, without a byte order mark."""
        begun = False
        for piece in gathered(self._chunks):
            if not begun and piece.startswith(MARK):
                self.marked, self.charset = True, CHARSETS["UTF-8"]
                self._offset = len(MARK)
                piece = piece[len(MARK) :]  # noqa: PLW2901  # what is left of it
            begun = True
            yield piece


def _joined(lines: list[Line]) -> Line:
    """Return lines that are one, because their ends stand within quotes."""
    first, last = lines[0], lines[-1]
    text = "".join(line.text + line.end for line in lines[:-1]) + last.text
    spoilt = any(line.spoilt for line in lines)
    return Line(text, first.number, first.offset, first.charset, spoilt)


def gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Walk bytes in pieces of about `READ`, however they come."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        for start in range(0, len(chunk), READ):
            held.append(chunk[start : start + READ])
            size += len(held[-1])
            if size >= READ:
                yield b"".join(held)
                held, size = [], 0
    if held:
        yield b"".join(held)
