"""Read a stream of segments message by message: slices, envelopes and what is wrong around them.

The lexer cuts, this module counts and compares: every message comes with the envelope it stood in
and the faults of its own (`edi.arriving`); faults of the envelope come between, where they are
found. Whatever the bytes, reading goes on to the end. Segments and elements inside a message are
not looked at here. A syntax gives its words (`edi.enveloping.Words`) and says what only it knows.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from typing import ClassVar, Final

from msgspec.structs import replace

from canonical.faults import Fault, Place
from canonical.rows import Row
from edi.arriving import MessageReader
from edi.counting import InterchangeT, Open
from edi.cutting import LONGEST, Cutter, Kind, Token
from edi.enveloping import untold
from edi.units import Answered, Closed, Group, Unit

_SHOWN: Final = 200
_GLIMPSE: Final = 40
"""Bytes of something else that are enough to tell what it is."""


class SegmentReader(MessageReader[InterchangeT]):
    """Give the units of a stream of bytes."""

    lexer: ClassVar[type[Cutter]]

    def __init__(
        self,
        chunks: Iterable[bytes],
        *,
        reads_as: str | None = None,
        part: int | None = None,
        longest: int = LONGEST,
    ) -> None:
        """Read as `reads_as` whatever is declared, where a profile names a character set.

        About `part` bytes of a message are held at most, and no segment of more than `longest`.
        """
        super().__init__(reads_as)
        self._lexer = self.lexer(chunks, part=part, longest=longest)
        self._open: Open[InterchangeT] | None = None
        self._count = 0
        self._anything = False
        self._strange: str | None = None

    def __iter__(self) -> Iterator[Unit]:
        """Walk the units."""
        handlers, message = self._handlers, Kind.MESSAGE
        for token in self._lexer:
            if token.kind is message:  # most are, and a message names its own faults
                yield from self._arrive(token)
            else:
                yield from map(self._named, handlers[token.kind](token))
            self._anything = True
        yield from self._finish()

    def _named(self, unit: Unit) -> Unit:
        return self.words.named(unit) if isinstance(unit, Fault) else unit

    def beginning(self) -> Iterator[Unit]:
        """Walk the units up to the beginning of the first interchange, or of what has none."""
        for token in self._lexer:
            if token.kind in {Kind.MESSAGE, Kind.GROUP}:
                yield from self._ensured(token)[1]
                return
            yield from map(self._named, self._handlers[token.kind](token))
            if token.kind is Kind.INTERCHANGE and token.whole:
                return
            self._anything = True
        yield from self._finish()

    @cached_property
    def _handlers(self) -> dict[Kind, Callable[[Token], Iterator[Unit]]]:
        return {
            Kind.SEPARATORS: self._separators,
            Kind.INTERCHANGE: self._begin,
            Kind.ANSWER: self._answer,
            Kind.GROUP: self._group,
            Kind.MESSAGE_END: self._stray,
            Kind.GROUP_END: self._end_group,
            Kind.INTERCHANGE_END: self._end,
            Kind.BYTE_ORDER: self._byte_order,
            Kind.JUNK: self._junk,
            Kind.ENDLESS: self._endless,
        }

    # What a syntax says of its envelope.

    @abstractmethod
    def _interchange(self, token: Token) -> tuple[InterchangeT, tuple[Fault, ...]]:
        """Return what the header of an interchange says, and what is wrong with it."""

    @abstractmethod
    def _bare(self, token: Token) -> InterchangeT:
        """Return what stands for the interchange of groups or messages that have none."""

    @abstractmethod
    def _grouped(self, token: Token, state: Open[InterchangeT]) -> tuple[Group, tuple[Fault, ...]]:
        """Return what the header of a group says, and what is wrong with it."""

    @abstractmethod
    def _row(self, token: Token, interchange: InterchangeT) -> Row:
        """Return a segment of the envelope in the spelling that all share."""

    @abstractmethod
    def _oddities(self, token: Token, row: Row, interchange: InterchangeT) -> Iterator[Fault]:
        """Give what is odd in a trailer of the envelope by the syntax's own facts."""

    @abstractmethod
    def _counts(self, state: Open[InterchangeT]) -> tuple[int, ...]:
        """Return what the trailer of an interchange may count, the right number first."""

    # The envelope.

    def _finish(self) -> Iterator[Unit]:
        yield from self._abandon()
        place = Place(line=1, column=1, offset=0)
        if not self._anything:
            yield self._fault("001", place)
        elif not self._count:
            yield self._fault("002", place, self._strange)

    def _abandon(self) -> Iterator[Unit]:
        """End an interchange that did not end itself."""
        state = self._open
        if state is None:
            return
        if state.group is not None:
            yield self._unended("007", Kind.GROUP_END, state.group.reference)
        if not state.interchange.bare:
            reference = state.interchange.envelope.message_id
            yield self._unended("006", Kind.INTERCHANGE_END, reference)
        yield from self._close()

    def _close(self) -> Iterator[Unit]:
        if self._open is not None:
            state, self._open = self._open, None
            yield Closed(state.interchange, state.messages)

    def _here(self) -> Place:
        """Return the place where reading stands: where something ought to have been."""
        line, column, offset = self._lexer.position
        column = self._column(line, column)
        return Place(line=line, column=column, offset=offset, interchange=self._count or None)

    def _unended(self, number: str, kind: Kind, reference: str) -> Fault:
        """Return that a trailer ought to have been here."""
        place = replace(self._here(), path=self.words.tags[kind])
        return self.words.named(self._fault(number, place, reference))

    def _of(self, token: Token, element: int | None = None, path: str | None = None) -> Place:
        """Return the place of a segment of the envelope, or of an element in it."""
        at = token._replace(column=self._column(token.line, token.column))
        return self.words.place(at, self._count, element, None, path)

    def _begin(self, token: Token) -> Iterator[Unit]:
        yield from self._abandon()
        if not token.whole:
            yield self._fault("005", self._of(token), token.raw[-3:].decode("latin-1"))
            return
        self._count += 1
        interchange, found = self._interchange(token)
        self._open = Open(interchange)
        yield interchange
        yield from found
        yield from self._unterminated(token)

    def _ensured(self, token: Token) -> tuple[Open[InterchangeT], tuple[Unit, ...]]:
        """Return the interchange that is open, or one for what stands alone."""
        if self._open is not None:
            return self._open, ()
        self._count += 1
        self._open = Open(self._bare(token))
        return self._open, (self._open.interchange, self._fault("015", self._of(token)))

    def _answer(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        state.answers += 1
        row, words = self._row(token, state.interchange), self.words
        values = tuple(words.value(row, element) for element in range(len(row)))
        yield Answered(values, state.interchange.envelope, state.interchange.number)

    def _group(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        if state.group is not None:
            yield self._fault("007", self._of(token), state.group.reference)
        state.groups += 1
        state.group, found = self._grouped(token, state)
        yield from found

    def _end_group(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.group is None:
            yield self._fault("010", self._of(token))
            return
        group, state.group = state.group, None
        yield from self._ending(token, state, (group.messages,), group.reference)

    def _end(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.interchange.bare:
            yield self._fault("011", self._of(token))
            yield from self._close()
            return
        if state.group is not None:
            yield self._fault("007", self._of(token), state.group.reference)
        if not state.messages and not state.answers:
            yield self._fault("034", self._of(token))
        reference = state.interchange.envelope.message_id
        yield from self._ending(token, state, self._counts(state), reference)
        yield from self._close()

    def _ending(
        self, token: Token, state: Open[InterchangeT], counts: tuple[int, ...], reference: str
    ) -> Iterator[Unit]:
        """Give what a trailer says otherwise than what was received, and what is odd in it."""
        row = self._row(token, state.interchange)
        place = partial(self._of, token)
        wrong = tuple(self.words.mismatches(token.kind, row, counts, reference, place))
        yield from wrong
        yield from untold(self._oddities(token, row, state.interchange), wrong)
        yield from self._unterminated(token)

    def _unterminated(self, token: Token) -> Iterator[Unit]:
        if not token.raw.endswith(token.separators.terminator.encode("latin-1")):
            yield self._fault("027", self._of(token))

    def _stray(self, token: Token) -> Iterator[Unit]:
        yield self._fault("009", self._of(token))

    def _separators(self, token: Token) -> Iterator[Unit]:
        """Say that the string before an interchange is of no use; it may end the one before."""
        if self._open is not None:
            yield from self._abandon()
        if not token.whole:
            yield self._fault("005", self._of(token), token.raw.decode("latin-1"))

    def _byte_order(self, token: Token) -> Iterator[Unit]:
        self._anything = False
        yield self._fault("004", self._of(token))

    def _junk(self, token: Token) -> Iterator[Unit]:
        if self._strange is None:
            self._strange = token.raw[:_GLIMPSE].decode("latin-1")
        yield self._told("043" if self.words.foreign.search(token.raw) else "003", token)

    def _told(self, number: str, token: Token) -> Fault:
        """Return a fault that repeats the beginning of what it is about."""
        return self._fault(number, self._of(token), token.raw[:_SHOWN].decode("latin-1"))

    def _endless(self, token: Token) -> Iterator[Unit]:
        told, message, state = self._told("026", token), self._message, self._open
        if message is None or state is None or told.place is None:
            yield told
            return
        message.segments += 1
        group = state.group.number if state.group is not None else None
        place = replace(told.place, group=group, message=state.messages, segment=message.segments)
        message.pending.append(replace(told, place=place))

    def _arrive(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None:
            state, units = self._ensured(token)
            yield from map(self._named, units)
        if token.first:
            state.add()
        yield self._arrived(token, state)
