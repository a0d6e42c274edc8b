"""Read an X12 stream message by message: slices, envelopes and what is wrong around them.

The lexer cuts, this module counts and compares: every message comes with the envelope it stood in
and the faults of its own header, trailer and characters; faults of the envelope come between, where
they are found. Whatever the bytes, reading goes on to the end. X12 declares no character set: what
is UTF-8 is read so, the rest as Windows-1252 or Latin-1, unless a partner's profile says better.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from canonical.faults import Fault, Place
from canonical.wire import Envelope
from edi.cutting import LONGEST, Token
from edi.encodings import encoding_named
from edi.locating import Locator
from edi.text import X12, Respeller, Separators, Slice, put_aside, respeller, restoring
from edi.units import Arrived, Closed, Interchange
from edi.x12 import envelope as envelopes
from edi.x12.envelope import Group
from edi.x12.faults import fault
from edi.x12.lexer import Kind, Lexer

RESTORED: Final = restoring(X12)
"""What gives back data that looked like a separator, in any message of X12."""

_NUMBERS: Final = 100_000
"""How many numbers are remembered to see one used twice."""

_PRINTABLE: Final = bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)) + b"\r\n\t"
_HIGH: Final = bytes(range(0x80, 0xA0))
_SHOWN: Final = 200
_END_CODES: Final = ("X12-016", "X12-017")
_GROUP_CODES: Final = ("X12-018", "X12-019")


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold a TA1: what the other side says of an interchange that we sent."""

    row: tuple[str, ...]
    envelope: Envelope
    interchange: int = 1


Unit = Interchange | Arrived | Answered | Closed | Fault
"""What reading gives: the beginning of an interchange, messages, its end; faults where found."""


_USUAL: Final = respeller(X12, X12)


@dataclass(slots=True)
class _Open:
    """Count in an interchange that is being read."""

    interchange: Interchange
    messages: int = 0
    groups: int = 0
    answers: int = 0
    group: Group | None = None
    own: Separators | None = None
    """What the next is for: separators change only between interchanges."""
    respelt: Respeller = _USUAL
    signs: bytes = b""
    numbers: set[str] = field(default_factory=set)

    def use(self, own: Separators) -> None:
        """Prepare to read messages with these separators."""
        self.own = own
        self.respelt = respeller(own, X12)
        self.signs = "".join(sign for sign in own.roles if sign).encode()


@dataclass(slots=True)
class _Message:
    """Remember the header of a message that comes in parts."""

    name: str
    reference: str
    segments: int = 0
    pending: list[Fault] = field(default_factory=list)


class _Spelt(NamedTuple):
    """Hold a message's text and what had to be done to get it."""

    text: str
    codec: str
    protected: bool
    wrong: bool
    control: int | None
    unterminated: bool


class Reader:
    """Give the units of a stream of bytes."""

    def __init__(
        self,
        chunks: Iterable[bytes],
        *,
        reads_as: str | None = None,
        part: int | None = None,
        longest: int = LONGEST,
    ) -> None:
        """Decode by `reads_as` where a profile names it; the others bound what is held."""
        self._lexer = Lexer(chunks, part=part, longest=longest)
        self._reads_as = reads_as
        self._encoding = None if reads_as is None else encoding_named(reads_as) or _UNFIT
        self._longest = longest
        self._open: _Open | None = None
        self._message: _Message | None = None
        self._count = 0
        self._anything = False

    def __iter__(self) -> Iterator[Unit]:
        """Walk the units."""
        for token in self._lexer:
            yield from self._handlers[token.kind](token)
            self._anything = True
        yield from self._finish()

    def beginning(self) -> Iterator[Unit]:
        """Walk the units up to the beginning of the first interchange, or of what has none."""
        for token in self._lexer:
            if token.kind in {Kind.MESSAGE, Kind.GROUP}:
                yield from self._ensured(token)[1]
                return
            yield from self._handlers[token.kind](token)
            if token.kind == Kind.INTERCHANGE and token.whole:
                return
            self._anything = True
        yield from self._finish()

    @cached_property
    def _handlers(self) -> dict[str, Callable[[Token], Iterator[Unit]]]:
        return {
            Kind.INTERCHANGE: self._begin,
            Kind.ACKNOWLEDGEMENT: self._answer,
            Kind.GROUP: self._group,
            Kind.MESSAGE: self._arrive,
            Kind.MESSAGE_END: self._stray,
            Kind.GROUP_END: self._end_group,
            Kind.INTERCHANGE_END: self._end,
            Kind.BYTE_ORDER: self._byte_order,
            Kind.JUNK: self._junk,
            Kind.ENDLESS: self._endless,
        }

    def _finish(self) -> Iterator[Unit]:
        yield from self._abandon()
        if not self._anything:
            yield fault("X12-001", place=Place(line=1, column=1, offset=0))
        elif not self._count:
            yield fault("X12-002", place=Place(line=1, column=1, offset=0))

    def _abandon(self) -> Iterator[Unit]:
        """End an interchange that did not end itself."""
        state = self._open
        if state is None:
            return
        if state.group is not None:
            yield fault("X12-007", place=self._here(), found=state.group.reference)
        if not state.interchange.bare:
            yield fault("X12-006", place=self._here(), found=state.interchange.envelope.message_id)
        yield from self._close()

    def _close(self) -> Iterator[Unit]:
        if self._open is not None:
            state, self._open = self._open, None
            yield Closed(state.interchange, state.messages)

    def _here(self) -> Place:
        """Return the place where reading stands: where something ought to have been."""
        line, column, offset = self._lexer.position
        return Place(line=line, column=column, offset=offset, interchange=self._count or None)

    def _of(self, token: Token) -> Place:
        return envelopes.place_of(token, self._count)

    def _begin(self, token: Token) -> Iterator[Unit]:
        yield from self._abandon()
        if not token.whole:
            found = token.raw[-3:].decode("latin-1")
            yield fault("X12-005", place=self._of(token), found=found)
            return
        self._count += 1
        interchange, faults = envelopes.interchange_of(token, self._count)
        self._open = _Open(interchange)
        yield interchange
        yield from faults

    def _ensured(self, token: Token) -> tuple[_Open, tuple[Unit, ...]]:
        """Return the interchange that is open, or one without ISA for what stands alone."""
        if self._open is not None:
            return self._open, ()
        self._count += 1
        interchange = envelopes.bare(self._count, token.separators)
        self._open = _Open(interchange)
        return self._open, (interchange, fault("X12-015", place=self._of(token)))

    def _answer(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        state.answers += 1
        row = tuple(envelopes.values_of(token))
        yield Answered(row, state.interchange.envelope, state.interchange.number)

    def _group(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        if state.group is not None:
            yield fault("X12-007", place=self._of(token), found=state.group.reference)
        state.groups += 1
        state.numbers.clear()
        state.group, found = envelopes.group_of(token, self._count, state.groups)
        yield from found

    def _end_group(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.group is None:
            yield fault("X12-010", place=self._of(token))
            return
        group, state.group = state.group, None
        yield from envelopes.ending(
            token, self._count, group.messages, group.reference, _GROUP_CODES
        )

    def _end(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.interchange.bare:
            yield fault("X12-011", place=self._of(token))
            yield from self._close()
            return
        if state.group is not None:
            yield fault("X12-007", place=self._of(token), found=state.group.reference)
        if not state.messages and not state.answers:
            yield fault("X12-034", place=self._of(token))
        reference = state.interchange.envelope.message_id
        yield from envelopes.ending(token, self._count, state.groups, reference, _END_CODES)
        if not token.raw.endswith(token.separators.terminator.encode()):
            yield fault("X12-027", place=self._of(token))
        yield from self._close()

    def _stray(self, token: Token) -> Iterator[Unit]:
        yield fault("X12-009", place=self._of(token))

    def _byte_order(self, token: Token) -> Iterator[Unit]:
        self._anything = False
        yield fault("X12-004", place=self._of(token))

    def _junk(self, token: Token) -> Iterator[Unit]:
        yield fault("X12-003", place=self._of(token), found=token.raw[:_SHOWN].decode("latin-1"))

    def _endless(self, token: Token) -> Iterator[Unit]:
        told = fault("X12-026", place=self._of(token), found=token.raw[:_SHOWN].decode("latin-1"))
        if self._message is None:
            yield told
        else:
            self._message.segments += 1
            self._message.pending.append(told)

    def _arrive(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        if token.first:
            state.messages += 1
            if state.group is not None:
                state.group.messages += 1
        spelt = _spelt(token, state, self._encoding)
        if token.first or self._message is None:
            self._message = _header(spelt.text)
        message, group = self._message, state.group
        piece = _slice(token, state, message, spelt)
        found = list(self._judged(piece, spelt)) if spelt.wrong else []
        piece = self._shortened(piece, found)
        if token.first:
            found += _header_faults(piece, state, message)
        found += message.pending
        message.pending = []
        message.segments += piece.count
        if token.last:
            found += _trailer_faults(piece, token, message)
            self._message = None
        yield Arrived(
            piece,
            state.interchange.envelope,
            message.reference,
            group.version if group is not None else "",
            group.reference if group is not None else "",
            tuple(found),
        )

    def _judged(self, piece: Slice, spelt: _Spelt) -> Iterator[Fault]:
        """Give what the bytes have against a message."""
        locator = Locator(piece)
        if spelt.control is not None:
            found = piece.raw[spelt.control : spelt.control + 1].decode("latin-1")
            yield fault("X12-032", place=locator.at(spelt.control), found=found)
        if spelt.codec == _UNFIT:
            yield fault("X12-031", place=locator.place(1), expected=self._reads_as)
        if spelt.unterminated:
            yield fault("X12-027", place=locator.at(len(piece.raw)))

    def _shortened(self, piece: Slice, found: list[Fault]) -> Slice:
        """Return a message without endless segments, and tell of them."""
        if len(piece.raw) <= self._longest:
            return piece
        segments = piece.text[:-1].split("~")
        for number, segment in enumerate(segments, start=piece.segment):
            if len(segment) > self._longest:
                segments[number - piece.segment] = segment[:_SHOWN]
                place = Locator(piece).place(number)
                found.append(fault("X12-026", place=place, found=segment[:_SHOWN]))
        return replace(piece, text="~".join(segments) + "~")


_UNFIT: Final = "latin_1"
"""Latin-1 by another name: what is read by when bytes do not fit what was agreed."""


def _codec(raw: bytes, encoding: str | None) -> str:
    """Return what the bytes are decoded by."""
    if raw.isascii():
        return "latin-1"
    if encoding is not None:
        return encoding if _decodes(raw, encoding) else _UNFIT
    if _decodes(raw, "utf-8"):
        return "utf-8"
    windows = len(raw.translate(None, _HIGH)) < len(raw)
    return "cp1252" if windows and _decodes(raw, "cp1252") else "latin-1"


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _spelt(token: Token, state: _Open, encoding: str | None) -> _Spelt:
    """Return a message in the spelling of the standard, every segment of it with a terminator."""
    raw = token.raw
    if state.own is not token.separators:
        state.use(token.separators)
    codec = _codec(raw, encoding)
    control = None
    strange = raw.translate(None, _PRINTABLE)
    if strange:
        strange = strange.translate(None, state.signs)
        control = raw.index(strange[:1]) if strange else None
    if control is not None:
        content = put_aside(raw.decode(codec, "replace")).encode("utf-8", "replace")
        spelt = state.respelt(content)
        text = spelt.content.decode()
    else:
        spelt = state.respelt(raw)
        text = spelt.content.decode(codec, "replace")
    ended = text.endswith("~")
    if not ended:
        text = text.rstrip("\r\n\t ") + "~"
    unterminated = token.whole and not ended
    wrong = control is not None or unterminated or codec == _UNFIT
    return _Spelt(text, codec, spelt.protected or control is not None, wrong, control, unterminated)


def _slice(token: Token, state: _Open, message: _Message, spelt: _Spelt) -> Slice:
    return Slice(
        message.name,
        spelt.text,
        token.raw,
        X12,
        token.separators,
        RESTORED if spelt.protected else None,
        spelt.codec,
        token.offset,
        token.line,
        token.column,
        state.interchange.number,
        state.group.number if state.group is not None else None,
        state.messages,
        token.first,
        token.last,
        message.segments + 1,
    )


def _header(text: str) -> _Message:
    row = text[: text.index("~")].split("*", 3)
    name, reference = (*row[1:3], "", "")[:2]
    return _Message(name.strip(), reference.strip())


def _header_faults(piece: Slice, state: _Open, message: _Message) -> Iterator[Fault]:
    """Give what is wrong with ST by itself and among its neighbours."""
    for element, told in ((1, message.name), (2, message.reference)):
        if not told:
            place = Locator(piece).place(1, element, path=f"ST/{element:02}")
            yield fault("X12-022", place=place, expected=place.path)
    if state.group is None and not state.interchange.bare:
        yield fault("X12-024", place=Locator(piece).place(1, path="ST"))
    if message.reference in state.numbers:
        place = Locator(piece).place(1, 2, path="ST/02")
        yield fault("X12-023", place=place, found=message.reference)
    elif len(state.numbers) < _NUMBERS:
        state.numbers.add(message.reference)


def _trailer_faults(piece: Slice, token: Token, message: _Message) -> Iterator[Fault]:
    """Give what is wrong with SE, or that there is none."""
    if not token.whole:
        place = Locator(piece).place(message.segments + 1, path="SE")
        yield fault("X12-008", place=place, found=message.reference)
        return
    last = piece.text[piece.text.rfind("~", 0, -1) + 1 : -1]
    yield from envelopes.trailer_faults(piece, message.reference, last, message.segments)
