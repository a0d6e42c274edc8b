"""Write interchanges: release, count, number and envelop what mappings made of documents.

Bodies come in the spelling that all share (`canonical.rows`), and leave in the partner's. Control
numbers are given by the caller; messages are numbered within their interchange. All is a stream.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from canonical.faults import Fault
from canonical.rows import PROTECTED
from canonical.wire import Credential, CredentialRole, Envelope
from edi.bodies import Body, Frame, chunked, encoded, framed
from edi.edifact.charsets import REPERTOIRES, allowed
from edi.edifact.dialect import EdifactDialect, identifier_of, separators_of
from edi.edifact.faults import fault
from edi.edifact.separators import written
from edi.text import EDIFACT, Separators, protecting, respeller

UNWRITABLE: Final = "\x1a"
"""What is written for a character that the set does not hold and nothing stands for: SUBSTITUTE,
which no set of EDIFACT allows, so that what was checked before it left cannot have it."""

_PROTECTING: Final = protecting(EDIFACT)


def data(text: str) -> str:
    """Return any text as data in the spelling that all share."""
    return text.translate(_PROTECTING)


def segment(*elements: str) -> str:
    """Return a segment of elements that are spelt already, without empty ones at the end."""
    return "+".join(elements).rstrip("+") + "'"


def composite(*values: str) -> str:
    """Return a composite of values that are data, without empty ones at the end."""
    return ":".join(map(data, values)).rstrip(":")


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
    """Write interchanges for one partner."""

    def __init__(self, dialect: EdifactDialect) -> None:
        """Take the dialect; raises ValueError for one that nobody can write."""
        self.dialect = dialect
        self._faults: list[Fault] = []
        self._own = separators_of(dialect)
        self._outward = Outward(self._own, lines=dialect.lines)
        repertoire = REPERTOIRES.get(dialect.identifier)
        if repertoire is None:
            known = ", ".join(REPERTOIRES)
            message = f"syntax identifier {dialect.identifier!r}: expected one of {known}"
            raise ValueError(message)
        self._repertoire = repertoire
        self._fitting = allowed(repertoire, self._own) + UNWRITABLE.encode("ascii")

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what was lost of all that was written so far."""
        return tuple(self._faults)

    def interchange(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[bytes]:
        """Give the bytes of one interchange; `message_id` is its control number.

        Raises ValueError for an envelope without number, time, sender or recipient.
        """
        return self._bytes(self._texts(bodies, envelope))

    def _texts(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[str]:
        counts = _Counts()
        yield self._start(envelope)
        for body in bodies:
            name = body.name.partition(".")[0]
            if self.dialect.grouped and name != counts.group:
                yield counts.close()
                counts.open(name)
                yield self._group(name, str(counts.groups), envelope)
            identifier = identifier_of(name, self.dialect)
            frame = Frame("'", partial(counts.header, identifier), counts.trailer)
            yield from framed(body, frame, spelling_of)
        yield counts.close()
        yield f"UNZ+{counts.groups or counts.messages}+{data(envelope.message_id)}'"

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
        for text in chunked(texts):
            yield self._encoded(self._outward(text))

    def _encoded(self, text: str) -> bytes:
        if self._repertoire.name == "UNOA":
            text = text.upper()
        codec = self._repertoire.codec
        content = encoded(text, codec, self._lost)
        for byte in set(content.translate(None, self._fitting)):
            stray = bytes((byte,))
            char = stray.decode(codec, "replace")
            content = content.replace(stray, self._lost(char).encode(codec, "replace"))
        return content

    def _lost(self, char: str) -> str:
        """Return what stands for a character that the set does not hold, and note it."""
        substitute = self.dialect.substitute
        code = "EDIFACT-051" if substitute else "EDIFACT-050"
        self._faults.append(fault(code, found=char, expected=self._repertoire.name))
        released = self._own.release if substitute in self._own.roles else None
        return (released or "") + substitute or UNWRITABLE


@dataclass(slots=True)
class _Counts:
    """Count messages and groups as they are written."""

    messages: int = 0
    groups: int = 0
    inside: int = 0
    group: str = ""

    def header(self, identifier: str) -> str:
        """Return UNH of the next message."""
        self.messages += 1
        self.inside += 1
        return f"UNH+{self.messages}+{identifier}'"

    def trailer(self, segments: int) -> str:
        """Return UNT of the message at hand."""
        return f"UNT+{segments}+{self.messages}'"

    def open(self, name: str) -> None:
        """Begin a group."""
        self.group, self.groups, self.inside = name, self.groups + 1, 0

    def close(self) -> str:
        """Return UNE of the group at hand, nothing where there is none."""
        return f"UNE+{self.inside}+{self.groups}'" if self.group else ""


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
