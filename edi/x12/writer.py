"""Write interchanges of X12: pad, count, number and envelop what mappings made of documents.

Bodies come in the spelling that all share (`canonical.rows`) and leave in the partner's own.
Nothing can be released in X12: data that holds one of the partner's separators cannot be written,
and is replaced where the profile says by what. Control numbers are given by the caller; messages of
one type that follow each other make a group.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from canonical.faults import Fault
from canonical.rows import PROTECTED
from canonical.wire import Credential, CredentialRole, Envelope
from edi.bodies import Body, Frame, chunked, encoded, framed
from edi.text import X12, Separators, protecting
from edi.x12.charsets import allowed
from edi.x12.dialect import GROUPS, X12Dialect, header_version, separators_of, version_of
from edi.x12.faults import fault
from edi.x12.nesting import arranged

UNWRITABLE: Final = "\x1a"
"""What is written for a character that cannot be, when nothing stands for it: SUBSTITUTE, which a
check of what was written always finds."""

_PROTECTING: Final = protecting(X12)
_DIGITS: Final = 9
_WIDTH: Final = 15


def data(text: str) -> str:
    """Return any text as data in the spelling that all share."""
    return text.translate(_PROTECTING)


def segment(*elements: str) -> str:
    """Return a segment of elements that are spelt already, without empty ones at the end."""
    return "*".join(elements).rstrip("*") + "~"


def number_of(reference: str) -> str:
    """Return a control number as ISA13 has it: nine digits, the last ones of a longer number.

    What is no number becomes nine zeros, which no check lets out.
    """
    plain = reference if reference.isdecimal() and reference.isascii() else ""
    return plain.zfill(_DIGITS)[-_DIGITS:]


class Writer:
    """Write interchanges for one partner."""

    def __init__(self, dialect: X12Dialect) -> None:
        self.dialect = dialect
        self._faults: list[Fault] = []
        self._fitting = b""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what was lost of all that was written so far."""
        return tuple(self._faults)

    def interchange(
        self, bodies: Iterable[Body], envelope: Envelope, answers: tuple[str, ...] = ()
    ) -> Iterator[bytes]:
        """Give the bytes of one interchange; `message_id` is its control number.

        `answers` are the segments TA1 before its groups. Its version is that of its first message.
        Raises ValueError for an envelope without time, sender or recipient, and for separators that
        nobody can use: our own mistakes.
        """
        rest = iter(bodies)
        first = next(rest, None)
        version = version_of(first.name if first is not None else "*", self.dialect)
        own = separators_of(self.dialect, version)
        outward = Outward(own, self.dialect.substitute or UNWRITABLE, lines=self.dialect.lines)
        self._fitting = allowed(own) + UNWRITABLE.encode("ascii")
        yield self._encoded(self._header(envelope, version, own))
        yield from map(self._encoded, self._outward(answers, outward))
        every = () if first is None else chain((first,), rest)
        texts = self._texts(every, envelope)
        yield from map(self._encoded, self._outward(chunked(texts), outward))

    def _outward(self, texts: Iterable[str], outward: "Outward") -> Iterator[str]:
        """Give texts in the partner's spelling, and note what data could not be written."""
        for text in texts:
            for char in outward.unwritable(text):
                self._note(char)
            yield outward(text)

    def _texts(self, bodies: Iterable[Body], envelope: Envelope) -> Iterator[str]:
        counts = _Counts(number_of(envelope.message_id))
        for body in bodies:
            name = body.name.partition(".")[0]
            version = version_of(name, self.dialect)
            if (name, version) != counts.group:
                yield counts.close()
                counts.open(name, version)
                yield self._group(name, version, counts.number, envelope)
            header = partial(counts.header, name)
            yield from framed(body, Frame("~", header, counts.trailer), arranged)
        yield counts.close()
        yield f"IEA*{counts.groups}*{counts.control}~"

    def _header(self, envelope: Envelope, version: str, own: Separators) -> str:
        """Return ISA, every element at its length."""
        sent_at = envelope.sent_at
        if sent_at is None:
            message = "an interchange needs a time"
            raise ValueError(message)
        sender, recipient = (_party(envelope, role) for role in _ROLES)
        secret = next((one.secret for one in envelope.credentials if one.secret), None)
        elements = (
            "ISA",
            "00",
            " " * 10,
            "01" if secret else "00",
            (secret or "").ljust(10)[:10],
            (sender.domain or "ZZ").ljust(2)[:2],
            sender.identity.ljust(_WIDTH)[:_WIDTH],
            (recipient.domain or "ZZ").ljust(2)[:2],
            recipient.identity.ljust(_WIDTH)[:_WIDTH],
            f"{sent_at:%y%m%d}",
            f"{sent_at:%H%M}",
            own.repetition or "U",
            header_version(version),
            number_of(envelope.message_id),
            "1" if envelope.acknowledge else "0",
            "T" if envelope.test else "P",
            own.component,
        )
        return own.element.join(elements) + own.terminator + ("\r\n" if self.dialect.lines else "")

    def _group(self, name: str, version: str, number: str, envelope: Envelope) -> str:
        sender, recipient = (data(_party(envelope, role).identity) for role in _ROLES)
        moment = envelope.sent_at
        kind = GROUPS.get(name, "")
        return segment(
            "GS",
            kind,
            sender,
            envelope.application or recipient,
            f"{moment:%Y%m%d}",
            f"{moment:%H%M}",
            number,
            "X",
            data(version),
        )

    def _note(self, char: str) -> None:
        code = "X12-051" if self.dialect.substitute else "X12-050"
        self._faults.append(fault(code, found=char))

    def _encoded(self, text: str) -> bytes:
        codec = self.dialect.encoding
        content = encoded(text, codec, self._lost)
        for byte in set(content.translate(None, self._fitting)):
            stray = bytes((byte,))
            char = stray.decode(codec, "replace")
            content = content.replace(stray, self._lost(char).encode(codec, "replace"))
        return content

    def _lost(self, char: str) -> str:
        self._note(char)
        return self.dialect.substitute or UNWRITABLE


class Outward:
    """Bring text from the spelling that all share into a partner's own."""

    def __init__(self, own: Separators, substitute: str, *, lines: bool = False) -> None:
        """Separate with `own`; `substitute` stands for data that looks like one of them."""
        signs = [sign for sign in own.roles if sign]
        pairs = list(zip(PROTECTED, X12.roles[:4], own.roles[:4], strict=False))
        self._foreign = [sign for sign in signs if sign not in X12.roles]
        self._held = {control: std for control, std, _ in pairs if std in signs}
        data = {control: substitute if std in signs else std or "" for control, std, _ in pairs}
        line = own.terminator + ("\r\n" if lines else "")
        ours = {std or "": role or substitute for _, std, role in pairs} | {"~": line}
        changed = {std: role for std, role in ours.items() if std != role}
        self._changes = changed | data
        self._table = str.maketrans(dict.fromkeys(self._foreign, substitute) | ours | data)
        self._swaps = not set(changed.values()).isdisjoint(X12.roles)

    def unwritable(self, text: str) -> list[str]:
        """Return the separators of the partner that are data in `text`."""
        found = [char or "" for control, char in self._held.items() if control in text]
        return found + [sign for sign in self._foreign if sign in text]

    def __call__(self, text: str) -> str:
        """Return `text` as the partner separates."""
        if self._swaps or any(map(text.__contains__, self._foreign)):
            return text.translate(self._table)
        for char, written in self._changes.items():
            if char in text:
                text = text.replace(char, written)
        return text


_ROLES: Final = (CredentialRole.FROM, CredentialRole.TO)


@dataclass(slots=True)
class _Counts:
    """Count messages and groups as they are written; `control` is the interchange's number."""

    control: str
    groups: int = 0
    messages: int = 0
    group: tuple[str, str] | None = None
    number: str = ""

    def open(self, name: str, version: str) -> None:
        """Begin a group; the first has the number of the interchange, others one made of it."""
        self.group, self.groups, self.messages = (name, version), self.groups + 1, 0
        number = int(self.control)
        self.number = str(number if self.groups == 1 else number % 10**7 * 100 + self.groups)

    def close(self) -> str:
        """Return GE of the group at hand, nothing where there is none."""
        return f"GE*{self.messages}*{self.number}~" if self.group else ""

    def header(self, name: str) -> str:
        """Return ST of the next message."""
        self.messages += 1
        return f"ST*{name}*{self.messages:04}~"

    def trailer(self, segments: int) -> str:
        """Return SE of the message at hand."""
        return f"SE*{segments}*{self.messages:04}~"


def _party(envelope: Envelope, role: CredentialRole) -> Credential:
    for one in envelope.credentials:
        if one.role is role and one.identity:
            return one
    message = f"an interchange needs a credential in {role.value}"
    raise ValueError(message)
