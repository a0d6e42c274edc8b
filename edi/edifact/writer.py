"""Write interchanges: release, count, number and envelop what mappings made of documents.

Bodies come in the spelling that all share (`canonical.rows`), and leave in the partner's. Control
numbers are given by the caller; messages are numbered within their interchange. All is a stream: a
price list of a million lines never stands in memory, and is split where ISO 9735 ends: UNT 0074 is
n..6 before version 4 and LIN 1082 is too, so no message has more than 999,999 segments.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from canonical.faults import Fault, Place
from canonical.rows import PROTECTED
from canonical.wire import Credential, CredentialRole, Envelope, Markup
from edi.edifact.charsets import REPERTOIRES
from edi.edifact.dialect import EdifactDialect, identifier_of, separators_of
from edi.edifact.faults import fault
from edi.edifact.separators import written
from edi.text import EDIFACT, Separators, protecting, respeller

SEGMENTS: Final = 999_999
"""How many segments a message may have, header and trailer included."""

UNWRITABLE: Final = "\x1a"
"""What is written for a character that the set does not hold and nothing stands for: SUBSTITUTE,
which no set of EDIFACT allows, so that what was checked before it left cannot have it."""

_CHUNK: Final = 1 << 16
_PROTECTING: Final = protecting(EDIFACT)


@dataclass(frozen=True, slots=True)
class Long:
    """Hold a body that is written as it is made, in as many messages as it takes.

    Each begins with `head` and holds whole `items` (a line and all that belongs to it), as many as
    fit; `tail` gives the end of a message for the number of its items.
    """

    name: str
    head: str = field(repr=False)
    items: Iterable[str] = field(repr=False)
    tail: Callable[[int], str] = field(repr=False)


Body = Markup | Long


def data(text: str) -> str:
    """Return any text as data in the spelling that all share."""
    return text.translate(_PROTECTING)


def segment(*elements: str) -> str:
    """Return a segment of elements that are spelt already, without empty ones at the end."""
    return "+".join(elements).rstrip("+") + "'"


def composite(*values: str) -> str:
    """Return a composite of values that are data, without empty ones at the end."""
    return ":".join(map(data, values)).rstrip(":")


def batched(
    bodies: Iterable[Body], *, messages: int | None = None, size: int | None = None
) -> Iterator[list[Body]]:
    """Give bodies in runs for one interchange each: at most so many, about so many characters."""
    batch: list[Body] = []
    length = 0
    for body in bodies:
        more = len(body.text) if isinstance(body, Markup) else 0
        full = messages is not None and len(batch) >= messages
        if batch and (full or (size is not None and length + more > size)):
            yield batch
            batch, length = [], 0
        batch.append(body)
        length += more
    if batch:
        yield batch


class Outward:
    """Bring text from the spelling that all share into a partner's own."""

    def __init__(self, own: Separators, *, lines: bool = False) -> None:
        """Separate with `own`, which are those of the standard as a rule; `lines` ends segments."""
        self._line = own.terminator + "\r\n" if lines else own.terminator
        signs = {char for char in own.roles if char}

        def spelt(char: str) -> str:
            if char not in signs:
                return char
            return own.release + char if own.release else UNWRITABLE

        standard = [char or "" for char in EDIFACT.roles]
        self._released = {
            control: spelt(char) for control, char in zip(PROTECTED, standard, strict=True)
        }
        self._table: dict[int, str] | None = None
        if own.roles[:3] != EDIFACT.roles[:3] or own.release != EDIFACT.release:
            self._table = {ord(sign): spelt(sign) for sign in signs}
            self._table |= {ord(control): text for control, text in self._released.items()}
            self._table |= {
                ord(char): role or UNWRITABLE
                for char, role in zip(standard[:4], own.roles, strict=False)
            }
            self._table[ord("'")] = self._line

    def __call__(self, text: str) -> str:
        """Return `text` as the partner separates."""
        if self._table is not None:
            return text.translate(self._table)
        if len(self._line) > 1:
            text = text.replace("'", self._line)
        for control, sign in self._released.items():
            if control in text:
                text = text.replace(control, sign)
        return text


class Writer:
    """Write interchanges for one partner; `faults` are those of all that was written so far."""

    def __init__(self, dialect: EdifactDialect) -> None:
        """Take the dialect; raises ValueError for one that nobody can write."""
        self.dialect = dialect
        self.faults: list[Fault] = []
        self._own = separators_of(dialect)
        self._outward = Outward(self._own, lines=dialect.lines)
        repertoire = REPERTOIRES.get(dialect.identifier)
        if repertoire is None:
            known = ", ".join(REPERTOIRES)
            message = f"syntax identifier {dialect.identifier!r}: expected one of {known}"
            raise ValueError(message)
        self._repertoire = repertoire

    def interchange(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[bytes]:
        """Give the bytes of one interchange; `message_id` is its control number.

        Raises ValueError for an envelope without number, time, sender or recipient.
        """
        return self._bytes(self._texts(bodies, envelope))

    def _texts(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[str]:
        yield self._start(envelope)
        count = groups = inside = 0
        group = ""
        for body in bodies:
            name = body.name.partition(".")[0]
            if self.dialect.grouped and name != group:
                if group:
                    yield f"UNE+{inside}+{groups}'"
                group, groups, inside = name, groups + 1, 0
                yield self._group(name, str(groups), envelope)
            for text in self._messages(body, count):
                if text.startswith("UNH+"):
                    count, inside = count + 1, inside + 1
                yield text
        if group:
            yield f"UNE+{inside}+{groups}'"
        yield f"UNZ+{groups or count}+{data(envelope.message_id)}'"

    def _messages(self, body: Body, count: int) -> Iterator[str]:
        """Give the messages of a body, numbered on from `count`."""
        if isinstance(body, Markup):
            text = spelling_of(body.text)
            yield self._header(body.name, count + 1)
            yield text
            yield f"UNT+{text.count(_END) + 2}+{count + 1}'"
            return
        tail, items = body.tail(0), iter(body.items)
        room = SEGMENTS - 2 - body.head.count(_END) - tail.count(_END)
        item = next(items, None)
        while True:
            count += 1
            used = held = 0
            yield self._header(body.name, count)
            yield spelling_of(body.head)
            while item is not None and used + (size := item.count(_END)) <= room:
                yield spelling_of(item)
                used, held = used + size, held + 1
                item = next(items, None)
            tail = spelling_of(body.tail(held))
            yield tail
            segments = used + body.head.count(_END) + tail.count(_END) + 2
            yield f"UNT+{segments}+{count}'"
            if item is None:
                return
            if not held:
                message = f"{body.name}: one item has more than {room} segments"
                raise ValueError(message)

    def _header(self, name: str, number: int) -> str:
        return f"UNH+{number}+{identifier_of(name, self.dialect)}'"

    def _start(self, envelope: Envelope) -> str:
        """Return UNB; the string UNA goes before it where it is needed or asked for."""
        dialect = self.dialect
        if not envelope.message_id or envelope.sent_at is None:
            message = "an interchange needs a control number and a time of preparation"
            raise ValueError(message)
        sender, recipient = (
            _party(envelope, role) for role in (CredentialRole.FROM, CredentialRole.TO)
        )
        secret = next((one.secret for one in envelope.credentials if one.secret), None)
        return segment(
            "UNB",
            f"{dialect.identifier}:{dialect.syntax}",
            sender,
            recipient,
            stamp(envelope.sent_at, dialect.syntax),
            data(envelope.message_id),
            data(secret or ""),
            data(envelope.application or dialect.application or ""),
            "",
            "1" if envelope.acknowledge else "",
            data(envelope.agreement or dialect.agreement or ""),
            "1" if envelope.test else "",
        )

    def _group(self, name: str, reference: str, envelope: Envelope) -> str:
        identifier = identifier_of(name, self.dialect).split(":")
        parties = (_party(envelope, role) for role in (CredentialRole.FROM, CredentialRole.TO))
        sent_at = envelope.sent_at
        return segment(
            "UNG",
            name,
            *(":".join(party.split(":")[:2]) for party in parties),
            stamp(sent_at, self.dialect.syntax) if sent_at is not None else "",
            reference,
            identifier[3],
            ":".join([*identifier[1:3], *identifier[4:]]),
        )

    def _bytes(self, texts: Iterator[str]) -> Iterator[bytes]:
        """Give texts in pieces of some size, in the partner's separators and characters."""
        usual = self._own.roles[:3] == EDIFACT.roles[:3] and self._own.release == EDIFACT.release
        if self.dialect.una or not usual:
            yield written(self._own).encode("latin-1") + (b"\r\n" if self.dialect.lines else b"")
        held: list[str] = []
        size = 0
        for text in texts:
            held.append(text)
            size += len(text)
            if size >= _CHUNK:
                yield self._encoded(self._outward("".join(held)))
                held, size = [], 0
        yield self._encoded(self._outward("".join(held)))

    def _encoded(self, text: str) -> bytes:
        if self._repertoire.name == "UNOA":
            text = text.upper()
        try:
            return text.encode(self._repertoire.codec)
        except UnicodeEncodeError:
            return self._substituted(text)

    def _substituted(self, text: str) -> bytes:
        """Write what stands for characters that the set does not hold, and say so."""
        codec, substitute = self._repertoire.codec, self.dialect.substitute
        written_out = []
        for char in text:
            try:
                char.encode(codec)
            except UnicodeEncodeError:
                code = "EDIFACT-051" if substitute else "EDIFACT-050"
                self.faults.append(
                    fault(code, place=Place(), found=char, expected=self._repertoire.name)
                )
                written_out.append(substitute or UNWRITABLE)
            else:
                written_out.append(char)
        return "".join(written_out).encode(codec)


_END: Final = "'"


def spelling_of(text: str) -> str:
    """Return a body in the spelling that all share, even one that releases with `?`.

    There is no bare `?` in that spelling, so one tells that the text is written as ISO 9735 does.
    """
    if "?" not in text:
        return text
    content = text.encode("utf-8", "surrogatepass")
    return respeller(EDIFACT, EDIFACT)(content).content.decode("utf-8", "surrogatepass")


def stamp(moment: datetime, syntax: int) -> str:
    """Return date and time as UNB has them: four digits of the year from version 4 on."""
    return moment.strftime("%Y%m%d:%H%M" if syntax > 3 else "%y%m%d:%H%M")  # noqa: PLR2004


def _party(envelope: Envelope, role: CredentialRole) -> str:
    """Return who sends or receives: identity, qualifier, address for routing."""
    party: Credential | None = next((one for one in envelope.credentials if one.role is role), None)
    if party is None or not party.identity:
        message = f"an interchange needs a credential in {role.value}"
        raise ValueError(message)
    return composite(party.identity, party.domain, party.kind or "")
