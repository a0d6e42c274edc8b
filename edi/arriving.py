"""Read one message of a stream: its text in the spelling of the standard, its header and trailer.

What is wrong with its characters, with its header by itself and among its neighbours, and with what
its trailer says, comes with it. A message may come in parts; then what its header said is kept.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Generic

from canonical.faults import Fault, Place
from canonical.rows import Row
from edi.counting import Header, InterchangeT, Open, Spelt
from edi.cutting import Kind, Token
from edi.encodings import Decided
from edi.enveloping import Words
from edi.locating import Locator
from edi.text import Separators, Slice, respeller, respelt_apart
from edi.units import Arrived

REFERENCES: Final = 100_000
"""How many references are remembered to see one used twice."""


class MessageReader(ABC, Generic[InterchangeT]):
    """Read the messages of one stream, one after the other."""

    words: ClassVar[Words]

    def __init__(self, reads_as: str | None) -> None:
        self._reads_as = reads_as
        self._standard: Final = self.words.syntax.separators
        self._restored: Final = self.words.restored
        self._message: Header | None = None
        self._line, self._wider = 0, 0
        """The line on which a message ended, and its bytes there beyond its characters."""

    # What a syntax says of its messages and characters.

    @abstractmethod
    def _fitting(self, interchange: InterchangeT, own: Separators) -> bytes:
        """Return the bytes that may stand in a message with these separators."""

    @abstractmethod
    def _decided(self, raw: bytes, state: Open[InterchangeT]) -> Decided:
        """Return in which characters a message is written."""

    @abstractmethod
    def _header(self, row: Row) -> Header:
        """Return what the header of a message says, given as its first elements."""

    @abstractmethod
    def _header_faults(
        self, piece: Slice, state: Open[InterchangeT], message: Header
    ) -> Iterable[Fault]:
        """Give what is wrong with the header of a message by itself."""

    def _fault(self, number: str, place: Place, found: str | None = None) -> Fault:
        return self.words.fault(self.words.code(number), place=place, found=found)

    def _arrived(self, token: Token, state: Open[InterchangeT]) -> Arrived:
        """Return a message, or a part of a long one, with what is wrong around it."""
        spelt = self._spelt(token, state)
        if token.first or self._message is None:
            self._message = self._begun(spelt)
        message, group = self._message, state.group
        piece = self._slice(token, state, message, spelt)
        found = list(self._judged(piece, spelt)) if spelt.odd else []
        if token.first:
            found += self._header_faults(piece, state, message)
            unfit = self._unfit(state, message)
            if unfit:
                found.append(self._unfitting(unfit, piece, state, message))
        if message.pending:
            found += message.pending
            message.pending = []
        message.segments += spelt.text.count(self._standard.terminator)
        if token.last:
            if not (token.whole and spelt.text.endswith(self._trailer(message))):
                found += self._trailer_faults(piece, token, message)
            self._message = None
        if not token.raw.isascii():
            self._widen(token, spelt.decided.codec)
        return Arrived(
            piece,
            state.interchange.envelope,
            message.reference,
            message.version or (group.version if group is not None else ""),
            group.reference if group is not None else "",
            tuple(map(self.words.named, found)),
            group.kind if group is not None else "",
        )

    def _spelt(self, token: Token, state: Open[InterchangeT]) -> Spelt:
        """Return a message in the spelling of the standard, each segment with a terminator."""
        raw, standard = token.raw, self._standard
        if state.own is not token.separators or state.respelt is None:
            state.own = token.separators
            state.fitting = self._fitting(state.interchange, token.separators)
            state.respelt = respeller(token.separators, standard)
        decided = self._decided(raw, state)
        if decided.strays:
            spelt = respelt_apart(raw, decided.codec, token.separators, standard)
            text = spelt.content.decode()
        else:
            spelt = state.respelt(raw)
            text = spelt.content.decode(decided.codec, "replace")
        ended = text.endswith(standard.terminator)
        if not ended:
            text = text.rstrip("\r\n\t ")
            text += standard.terminator if text else ""
        protected = spelt.protected or bool(decided.strays)
        return Spelt(text, decided, protected, spelt.needless, token.whole and not ended)

    def _begun(self, spelt: Spelt) -> Header:
        text, standard = spelt.text, self._standard
        row = text[: text.find(standard.terminator)].split(standard.element, 3)
        if spelt.protected:
            row = [part.translate(self._restored) for part in row]
        row += ("", "")
        return self._header(row)

    def _slice(
        self, token: Token, state: Open[InterchangeT], message: Header, spelt: Spelt
    ) -> Slice:
        return Slice(
            message.name,
            spelt.text,
            token.raw,
            self._standard,
            token.separators,
            self._restored if spelt.protected else None,
            spelt.decided.codec,
            token.offset,
            token.line,
            self._column(token.line, token.column),
            state.interchange.number,
            state.group.number if state.group is not None else None,
            state.messages,
            token.first,
            token.last,
            message.segments + 1,
        )

    def _column(self, line: int, column: int) -> int:
        """Return a column in characters, where the lexer counted bytes."""
        return column - self._wider if line == self._line else column

    def _widen(self, token: Token, codec: str) -> None:
        """Count what a message has of bytes beyond characters on the line where it ends."""
        line = token.line + token.raw.count(b"\n")
        last = token.raw[token.raw.rfind(b"\n") + 1 :]
        before = self._wider if line == token.line == self._line else 0
        self._line, self._wider = line, before + len(last) - len(last.decode(codec, "replace"))

    def _judged(self, piece: Slice, spelt: Spelt) -> Iterator[Fault]:
        """Give what the bytes have against a message."""
        locator, codec = Locator(piece), spelt.decided.codec
        for stray in spelt.decided.strays:
            found = piece.raw[stray.at : stray.at + 4].decode(codec, "replace")[:1]
            place = locator.at(stray.at)
            yield self.words.fault(stray.code, place=place, found=found, expected=stray.expected)
        if spelt.needless:
            yield from self._needless(piece, locator)
        if spelt.unterminated:
            yield self._fault("027", locator.at(len(piece.raw)))

    def _needless(self, piece: Slice, locator: Locator) -> Iterator[Fault]:
        """Give release characters that free nothing, where a syntax has any."""
        del piece, locator
        return iter(())

    def _unfit(self, state: Open[InterchangeT], message: Header) -> str:
        """Return the number of the fault of a message that does not fit among its neighbours.

        Empty for one that does; its reference is remembered.
        """
        group, known = state.group, state.references
        key = (group.reference if group is not None else "", message.reference)
        if key in known:
            return "023"
        if len(known) < REFERENCES:
            known.add(key)
        if group is None or self.words.type_of(message.name) in (group.kind, ""):
            return ""
        return "042" if group.kind else ""

    def _unfitting(
        self, number: str, piece: Slice, state: Open[InterchangeT], message: Header
    ) -> Fault:
        """Return a fault that `_unfit` named."""
        words, group, locator = self.words, state.group, Locator(piece)
        if number == "042" and group is not None:
            place = locator.place(1, path=words.tags[Kind.MESSAGE])
            code = words.code(number)
            return words.fault(code, place=place, found=message.name, expected=group.kind)
        path = words.path(Kind.MESSAGE, words.endings[Kind.MESSAGE_END].reference)
        return self._fault(number, locator.place(1, words.reference, path=path), message.reference)

    def _trailer(self, message: Header) -> str:
        """Return the trailer that a message ought to have."""
        standard = self._standard
        mark, end = standard.element, standard.terminator
        tag = self.words.syntax.trailer
        return f"{end}{tag}{mark}{message.segments}{mark}{message.reference}{end}"

    def _trailer_faults(self, piece: Slice, token: Token, message: Header) -> Iterator[Fault]:
        """Give what is wrong with the trailer of a message, or that there is none."""
        number, standard = message.segments, self._standard
        if not token.whole:
            place = Locator(piece).place(number + 1, path=self.words.syntax.trailer)
            yield self._fault("008", place, message.reference)
            return
        last = piece.text[piece.text.rfind(standard.terminator, 0, -1) + 1 : -1]
        place_of, row = Locator(piece).place, last.split(standard.element)
        yield from self.words.mismatches(
            Kind.MESSAGE_END,
            row,
            (number,),
            message.reference,
            lambda element, path: place_of(number, element, path=path),
        )
