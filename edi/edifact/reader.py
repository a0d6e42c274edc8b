"""Read an EDIFACT stream message by message: slices, envelopes and what is wrong around them.

The lexer cuts, this module counts and compares: every message comes with the envelope it stood in
and the faults of its own header, trailer and characters; faults of the envelope come between, where
they are found. Whatever the bytes, reading goes on to the end. Segments and elements inside a
message are not looked at here.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from canonical.faults import Fault, Place
from edi.cutting import LONGEST, Token
from edi.edifact import envelope as envelopes
from edi.edifact.charsets import Decided, Repertoire, allowed, decide
from edi.edifact.envelope import Interchange
from edi.edifact.faults import fault
from edi.edifact.lexer import Kind, Lexer
from edi.locating import Locator
from edi.text import EDIFACT, Respeller, Separators, Slice, put_aside, respeller
from edi.units import Arrived, Closed, Group

_REFERENCES: Final = 100_000
"""How many references are remembered to see one used twice."""

_INTERACTIVE: Final = (b"UIB", b"UIH", b"UNO")


Unit = Interchange | Arrived | Closed | Fault
"""What reading gives: the beginning of an interchange, messages, its end; faults where found."""


_USUAL: Final = respeller(EDIFACT, EDIFACT)


@dataclass(slots=True)
class _Open:
    """Count in an interchange that is being read."""

    interchange: Interchange
    messages: int = 0
    loose: int = 0
    groups: int = 0
    group: Group | None = None
    own: Separators | None = None
    """What the following two are for: separators change only between interchanges, and at UNB."""
    fitting: bytes = b""
    respelt: Respeller = _USUAL
    references: set[tuple[str, str]] = field(default_factory=set)

    def use(self, own: Separators) -> None:
        """Prepare to read messages with these separators."""
        self.own = own
        self.fitting = allowed(self.interchange.repertoire, own)
        self.respelt = respeller(own, EDIFACT)

    def add(self) -> None:
        """Count a message, in its group where it stands in one."""
        self.messages += 1
        if self.group is None:
            self.loose += 1
        else:
            self.group.messages += 1


@dataclass(slots=True)
class _Message:
    """Remember the header of a message that comes in parts."""

    name: str
    reference: str
    version: str
    segments: int = 0
    pending: list[Fault] = field(default_factory=list)


class _Spelt(NamedTuple):
    """Hold a message's text and what had to be done to get it."""

    text: str
    decided: Decided
    protected: bool
    needless: int
    unterminated: bool

    @property
    def odd(self) -> bool:
        """Tell whether there is something to say about the bytes."""
        return bool(self.decided.strays) or self.needless > 0 or self.unterminated


class Reader:
    """Give the units of a stream of bytes."""

    def __init__(
        self,
        chunks: Iterable[bytes],
        *,
        reads_as: Repertoire | None = None,
        part: int | None = None,
        longest: int = LONGEST,
    ) -> None:
        """Read as `reads_as` whatever UNB declares; `part` and `longest` bound what is held."""
        self._lexer = Lexer(chunks, part=part, longest=longest)
        self._reads_as = reads_as
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
        """Walk the units up to the beginning of the first interchange or bare message."""
        for token in self._lexer:
            if token.kind in {Kind.MESSAGE, Kind.GROUP}:
                yield from self._ensured(token)[1]
                return
            yield from self._handlers[token.kind](token)
            if token.kind is Kind.INTERCHANGE:
                return
            self._anything = True
        yield from self._finish()

    @cached_property
    def _handlers(self) -> dict[str, Callable[[Token], Iterator[Unit]]]:
        return {
            Kind.INTERCHANGE: self._begin,
            Kind.GROUP: self._group,
            Kind.MESSAGE: self._arrive,
            Kind.MESSAGE_END: self._stray,
            Kind.GROUP_END: self._end_group,
            Kind.INTERCHANGE_END: self._end,
            Kind.SEPARATORS: self._separators,
            Kind.BYTE_ORDER: self._byte_order,
            Kind.JUNK: self._junk,
            Kind.ENDLESS: self._endless,
        }

    def _finish(self) -> Iterator[Unit]:
        yield from self._abandon()
        if not self._anything:
            yield fault("EDIFACT-001", place=Place(line=1, column=1, offset=0))
        elif not self._count:
            yield fault("EDIFACT-002", place=Place(line=1, column=1, offset=0))

    def _abandon(self) -> Iterator[Unit]:
        """End an interchange that did not end itself."""
        state = self._open
        if state is None:
            return
        if not state.interchange.bare:
            if state.group is not None:
                yield fault("EDIFACT-007", place=self._here(), found=state.group.reference)
            reference = state.interchange.envelope.message_id
            yield fault("EDIFACT-006", place=self._here(), found=reference)
        yield from self._close()

    def _close(self) -> Iterator[Unit]:
        if self._open is not None:
            state, self._open = self._open, None
            yield Closed(state.interchange, state.messages)

    def _here(self) -> Place:
        """Return the place where reading stands: where something ought to have been."""
        line, column, offset = self._lexer.position
        return Place(line=line, column=column, offset=offset, interchange=self._count or None)

    def _begin(self, token: Token) -> Iterator[Unit]:
        yield from self._abandon()
        self._count += 1
        interchange, found = envelopes.interchange_of(token, self._count, self._reads_as)
        self._open = _Open(interchange)
        yield interchange
        yield from found
        yield from self._unterminated(token)

    def _ensured(self, token: Token) -> tuple[_Open, tuple[Unit, ...]]:
        """Return the interchange that is open, or one without UNB for what stands alone."""
        if self._open is not None:
            return self._open, ()
        self._count += 1
        interchange = envelopes.bare(self._count, token.separators, self._reads_as)
        self._open = _Open(interchange)
        return self._open, (interchange, fault("EDIFACT-015", place=self._of(token)))

    def _of(self, token: Token) -> Place:
        """Return the place of a segment of the envelope."""
        return envelopes.place_of(token, self._count)

    def _group(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        if state.group is not None:
            yield fault("EDIFACT-007", place=self._of(token), found=state.group.reference)
        if state.loose:
            yield fault("EDIFACT-024", place=self._of(token))
        state.groups += 1
        state.group, found = envelopes.group_of(token, state.interchange, state.groups)
        yield from found

    def _end_group(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.group is None:
            yield fault("EDIFACT-010", place=self._of(token))
            return
        group, state.group = state.group, None
        yield from envelopes.ending(
            token, state.interchange, (group.messages,), group.reference, _GROUP_CODES
        )
        yield from self._unterminated(token)

    def _end(self, token: Token) -> Iterator[Unit]:
        state = self._open
        if state is None or state.interchange.bare:
            yield fault("EDIFACT-011", place=self._of(token))
            yield from self._close()
            return
        if state.group is not None:
            yield fault("EDIFACT-007", place=self._of(token), found=state.group.reference)
        if not state.messages:
            yield fault("EDIFACT-034", place=self._of(token))
        counts = (state.groups, state.messages) if state.groups else (state.messages,)
        reference = state.interchange.envelope.message_id
        if state.groups and not state.loose:
            counts = counts[:1]
        yield from envelopes.ending(token, state.interchange, counts, reference, _END_CODES)
        yield from self._unterminated(token)
        yield from self._close()

    def _unterminated(self, token: Token) -> Iterator[Unit]:
        if not token.raw.endswith(token.separators.terminator.encode("latin-1")):
            yield fault("EDIFACT-027", place=self._of(token))

    def _stray(self, token: Token) -> Iterator[Unit]:
        yield fault("EDIFACT-009", place=self._of(token))

    def _separators(self, token: Token) -> Iterator[Unit]:
        if self._open is not None:
            yield from self._abandon()
        if not token.whole:
            found = token.raw.decode("latin-1")
            yield fault("EDIFACT-005", place=self._of(token), found=found, expected="UNA:+.? '")

    def _byte_order(self, token: Token) -> Iterator[Unit]:
        self._anything = False
        yield fault("EDIFACT-004", place=self._of(token))

    def _junk(self, token: Token) -> Iterator[Unit]:
        code = "EDIFACT-035" if token.raw.startswith(_INTERACTIVE) else "EDIFACT-003"
        found = token.raw[:_SHOWN].decode("latin-1")
        yield fault(code, place=self._of(token), found=found)

    def _endless(self, token: Token) -> Iterator[Unit]:
        found = token.raw[:_SHOWN].decode("latin-1")
        told = fault("EDIFACT-026", place=self._of(token), found=found)
        if self._message is None:
            yield told
        else:
            self._message.segments += 1
            self._message.pending.append(told)

    def _arrive(self, token: Token) -> Iterator[Unit]:
        state, units = self._ensured(token)
        yield from units
        if token.first:
            state.add()
        spelt = _spelt(token, state)
        if token.first or self._message is None:
            self._message = _header(spelt)
        message = self._message
        piece = _slice(token, state, message, spelt)
        found: list[Fault] = []
        if spelt.odd or len(token.raw) > self._longest:
            piece = self._judged(piece, spelt, found)
        if token.first:
            found += _header_faults(piece, state, message)
        if message.pending:
            found += message.pending
            message.pending = []
        message.segments += spelt.text.count("'")
        if token.last:
            found += _trailer_faults(piece, token, message)
            self._message = None
        yield Arrived(
            piece,
            state.interchange.envelope,
            message.reference,
            message.version,
            state.group.reference if state.group is not None else "",
            tuple(found),
        )

    def _judged(self, piece: Slice, spelt: _Spelt, found: list[Fault]) -> Slice:
        """Add what the bytes have against a message, and return it without endless segments."""
        locator = Locator(piece)
        for stray in spelt.decided.strays:
            char = piece.raw[stray.at : stray.at + 4].decode(spelt.decided.codec, "replace")[:1]
            found.append(fault(stray.code, place=locator.at(stray.at), found=char))
        if spelt.needless:
            at = _needless(piece)
            found.append(fault("EDIFACT-033", place=locator.at(at), found=locator.text(at, 2)))
        if spelt.unterminated:
            found.append(fault("EDIFACT-027", place=locator.at(len(piece.raw))))
        if len(piece.raw) <= self._longest:
            return piece
        segments = piece.text[:-1].split("'")
        for number, segment in enumerate(segments, start=piece.segment):
            if len(segment) > self._longest:
                segments[number - piece.segment] = segment[:_SHOWN]
                place = locator.place(number)
                found.append(fault("EDIFACT-026", place=place, found=segment[:_SHOWN]))
        return replace(piece, text="'".join(segments) + "'")


_END_CODES: Final = ("EDIFACT-016", "EDIFACT-017")
_GROUP_CODES: Final = ("EDIFACT-018", "EDIFACT-019")
_SHOWN: Final = 200


def _spelt(token: Token, state: _Open) -> _Spelt:
    """Return a message in the spelling of the standard, every segment of it with a terminator."""
    raw = token.raw
    if state.own is not token.separators:
        state.use(token.separators)
    decided = decide(raw, state.interchange.repertoire, state.fitting)
    if decided.strays:
        text = put_aside(raw.decode(decided.codec, "replace"))
        spelt = state.respelt(text.encode("utf-8", "replace"))
        text = spelt.content.decode()
    else:
        spelt = state.respelt(raw)
        text = spelt.content.decode(decided.codec, "replace")
    ended = text.endswith("'")
    if not ended:
        text = text.rstrip("\r\n\t ") + "'"
    protected = spelt.protected or bool(decided.strays)
    return _Spelt(text, decided, protected, spelt.needless, token.whole and not ended)


def _slice(token: Token, state: _Open, message: _Message, spelt: _Spelt) -> Slice:
    return Slice(
        message.name,
        spelt.text,
        token.raw,
        EDIFACT,
        token.separators,
        envelopes.RESTORED if spelt.protected else None,
        spelt.decided.codec,
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


def _header(spelt: _Spelt) -> _Message:
    """Return what UNH says of its message: the type and the rest of the identifier apart."""
    row = spelt.text[: spelt.text.index("'")].split("+", 3)
    if spelt.protected:
        row = [part.translate(envelopes.RESTORED) for part in row]
    name, _, version = (row[2] if len(row) > 2 else "").strip().partition(":")  # noqa: PLR2004
    return _Message(name, row[1].strip() if len(row) > 1 else "", version)


def _header_faults(piece: Slice, state: _Open, message: _Message) -> Iterator[Fault]:
    """Give what is wrong with UNH by itself and among its neighbours."""
    if not (message.reference and message.name and message.version.count(":")):
        header = piece.text[: piece.text.index("'")].split("+")
        yield from envelopes.header_faults(piece, [element.split(":") for element in header])
    key = (state.group.reference if state.group is not None else "", message.reference)
    if key in state.references:
        place = Locator(piece).place(1, 1, path="UNH/0062")
        yield fault("EDIFACT-023", place=place, found=message.reference)
    elif len(state.references) < _REFERENCES:
        state.references.add(key)
    if state.groups and state.group is None:
        yield fault("EDIFACT-024", place=Locator(piece).place(1, path="UNH"))


def _trailer_faults(piece: Slice, token: Token, message: _Message) -> Iterator[Fault]:
    """Give what is wrong with UNT, or that there is none."""
    if not token.whole:
        place = Locator(piece).place(message.segments + 1, path="UNT")
        yield fault("EDIFACT-008", place=place, found=message.reference)
        return
    last = piece.text[piece.text.rfind("'", 0, -1) + 1 : -1]
    yield from envelopes.trailer_faults(piece, message.reference, last, message.segments)


def _needless(piece: Slice) -> int:
    """Return where the first release character stands that frees nothing."""
    own = piece.separators
    release = (own.release or "").encode("latin-1")
    special = "".join(char for char in own.roles if char).encode("latin-1")
    for pair in re.finditer(re.escape(release) + b"(.)", piece.raw, re.DOTALL):
        if pair[1] not in special:
            return pair.start()
    return 0
