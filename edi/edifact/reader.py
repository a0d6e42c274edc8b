"""Read an EDIFACT stream message by message: what `edi.reading` asks of this syntax.

UNB names the character set of all that follows, and groups may stand beside messages without one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar, Final

from canonical.faults import Fault
from canonical.rows import Row
from edi.counting import Header, Open
from edi.cutting import Cutter, Token
from edi.edifact import envelope as envelopes
from edi.edifact.charsets import Repertoire, allowed, decide, named
from edi.edifact.envelope import WORDS, Interchange
from edi.edifact.faults import fault
from edi.edifact.lexer import Lexer
from edi.encodings import Decided
from edi.enveloping import Words
from edi.locating import Locator
from edi.reading import SegmentReader
from edi.text import Separators, Slice
from edi.units import Group, Unit

_INTERACTIVE: Final = (b"UIB", b"UIH", b"UNO")


class Reader(SegmentReader[Interchange]):
    """Give the units of a stream of bytes."""

    words: ClassVar[Words] = WORDS
    lexer: ClassVar[type[Cutter]] = Lexer

    @cached_property
    def _repertoire(self) -> Repertoire | None:
        """Return the character set that the partner's profile names, whatever UNB declares."""
        return None if self._reads_as is None else named(self._reads_as)

    def _interchange(self, token: Token) -> tuple[Interchange, tuple[Fault, ...]]:
        return envelopes.interchange_of(token, self._count, self._repertoire)

    def _bare(self, token: Token) -> Interchange:
        return envelopes.bare(self._count, token.separators, self._repertoire)

    def _group(self, token: Token) -> Iterator[Unit]:
        beside = self._open is not None and self._open.loose > 0
        yield from super()._group(token)
        if beside:
            yield fault("EDIFACT-024", place=self._of(token))

    def _grouped(self, token: Token, state: Open[Interchange]) -> tuple[Group, tuple[Fault, ...]]:
        return envelopes.group_of(token, state.interchange, state.groups)

    def _row(self, token: Token, interchange: Interchange) -> Row:
        return envelopes.row_of(token, interchange.repertoire)

    def _oddities(self, token: Token, row: Row, interchange: Interchange) -> Iterator[Fault]:
        return envelopes.oddities(token, row, interchange.number, interchange.version)

    def _counts(self, state: Open[Interchange]) -> tuple[int, ...]:
        """Return what UNZ may count: groups where there are any, else messages."""
        if not state.groups:
            return (state.messages,)
        return (state.groups, state.messages) if state.loose else (state.groups,)

    def _fitting(self, interchange: Interchange, own: Separators) -> bytes:
        return allowed(interchange.repertoire, own)

    def _decided(self, raw: bytes, state: Open[Interchange]) -> Decided:
        return decide(raw, state.interchange.repertoire, state.fitting)

    def _header(self, row: Row) -> Header:
        """Return what UNH says: the type and the rest of the identifier apart."""
        name, _, version = row[2].strip().partition(":")
        return Header(name, row[1].strip(), version)

    def _header_faults(
        self, piece: Slice, state: Open[Interchange], message: Header
    ) -> Iterable[Fault]:
        beside = state.groups > 0 and state.group is None
        if message.reference and message.name and message.version.count(":") and not beside:
            return ()
        return self._lacking(piece, beside=beside)

    def _lacking(self, piece: Slice, *, beside: bool) -> Iterator[Fault]:
        """Give what UNH lacks, a group around it included where its neighbours have one."""
        yield from envelopes.header_faults(piece, piece.text.partition("'")[0].split("+"))
        if beside:
            yield fault("EDIFACT-024", place=Locator(piece).place(1, path="UNH"))

    def _junk(self, token: Token) -> Iterator[Unit]:
        if token.raw.startswith(_INTERACTIVE):
            yield self._told("035", token)
        else:
            yield from super()._junk(token)

    def _needless(self, piece: Slice, locator: Locator) -> Iterator[Fault]:
        """Give the first release character that frees nothing."""
        own = piece.separators
        release = (own.release or "").encode("latin-1")
        special = "".join(char for char in own.roles if char).encode("latin-1")
        for pair in re.finditer(re.escape(release) + b"(.)", piece.raw, re.DOTALL):
            if pair[1] not in special:
                at = pair.start()
                yield fault("EDIFACT-033", place=locator.at(at), found=locator.text(at, 2))
                return
