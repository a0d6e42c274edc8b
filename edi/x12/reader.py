"""Read an X12 stream message by message: what `edi.reading` asks of this syntax.

A number is unique in its group only, and the group tells the version of all in it. X12 declares no
character set (`edi.x12.charsets`).
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from canonical.faults import Fault
from canonical.rows import Row
from edi.counting import Header, Open
from edi.cutting import Cutter, Kind, Token
from edi.encodings import Decided
from edi.enveloping import Words
from edi.locating import Locator
from edi.reading import SegmentReader
from edi.text import Separators, Slice
from edi.units import Group, Interchange
from edi.x12 import envelope as envelopes
from edi.x12.charsets import allowed, decide
from edi.x12.envelope import WORDS
from edi.x12.faults import fault
from edi.x12.lexer import Lexer


class Reader(SegmentReader[Interchange]):
    """Give the units of a stream of bytes."""

    words: ClassVar[Words] = WORDS
    lexer: ClassVar[type[Cutter]] = Lexer

    def _interchange(self, token: Token) -> tuple[Interchange, tuple[Fault, ...]]:
        return envelopes.interchange_of(token, self._count)

    def _bare(self, token: Token) -> Interchange:
        return envelopes.bare(self._count, token.separators)

    def _grouped(self, token: Token, state: Open[Interchange]) -> tuple[Group, tuple[Fault, ...]]:
        state.references.clear()
        return envelopes.group_of(token, self._count, state.groups)

    def _row(self, token: Token, interchange: Interchange) -> Row:  # noqa: ARG002 -- as its base
        return envelopes.row_of(token)

    def _oddities(self, token: Token, row: Row, interchange: Interchange) -> Iterator[Fault]:
        version = f"{interchange.envelope.version or ''}0"
        return envelopes.oddities(token, row, interchange.number, version)

    def _counts(self, state: Open[Interchange]) -> tuple[int, ...]:
        return (state.groups,)

    def _fitting(self, interchange: Interchange, own: Separators) -> bytes:  # noqa: ARG002
        return allowed(own)

    def _decided(self, raw: bytes, state: Open[Interchange]) -> Decided:
        return decide(raw, self._reads_as, state.fitting)

    def _header(self, row: Row) -> Header:
        return Header(row[1].strip(), row[2].strip())

    def _header_faults(
        self, piece: Slice, state: Open[Interchange], message: Header
    ) -> Iterable[Fault]:
        grouped = state.group is not None or state.interchange.bare
        if grouped and message.name and message.reference:
            return ()
        return self._lacking(piece, message, grouped=grouped)

    def _lacking(self, piece: Slice, message: Header, *, grouped: bool) -> Iterator[Fault]:
        """Give what ST lacks, a group around it included."""
        for element, told in ((1, message.name), (2, message.reference)):
            if not told:
                path = WORDS.path(Kind.MESSAGE, f"{element:02}")
                place = Locator(piece).place(1, element, path=path)
                yield fault("X12-022", place=place, expected=path)
        if not grouped:
            yield fault("X12-024", place=Locator(piece).place(1, path="ST"))
