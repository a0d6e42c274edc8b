"""Send documents to the gateway over HTTP and judge how it answers.

Only what a procurement system has is used here: an address, an account and a socket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from canonical.document import Document
from canonical.faults import Fault, Severity, sentence
from canonical.wire import Face, Message, Part, Payload
from gateway.ambient import Ambient
from gateway.buyer.accent import accented
from gateway.buyer.account import Account
from gateway.buyer.browser import Page
from gateway.buyer.documents import NAMES
from gateway.buyer.findings import Finding
from gateway.buyer.logins import Login
from gateway.errors import ConfigurationError, TransportError
from mappings.engine.library import Library
from protocols.cxml.mime import pack

OK: Final = 200
_MEDIA_TYPES: Final = ("text/xml", "application/xml", "multipart/mixed", "multipart/related")


@dataclass(frozen=True, slots=True)
class Tools:
    """Hold what reads and writes every face, by its syntax, and the mappings."""

    faces: Mapping[str, Face]
    library: Library

    def read(
        self, content: bytes, media_type: str, syntax: str = "cxml"
    ) -> tuple[Message | None, tuple[Fault, ...]]:
        """Return the first message in `content`, and every fault with the strictest eye."""
        face = self.faces[syntax]
        reading = face.read(content, media_type)
        strict = face.read(content, media_type, strict=True)
        return next(iter(reading.messages), None), strict.faults

    def document(
        self, message: Message, syntax: str = "cxml"
    ) -> tuple[Document | None, tuple[Fault, ...]]:
        """Return what the message says."""
        reader = self.library.reader(syntax, message.name)
        if reader is None:
            return None, ()
        mapped = reader.read(message)
        return mapped.document, mapped.faults


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold one request and its answer."""

    name: str
    message_id: str
    sent: Payload = field(repr=False)
    http_status: int
    answer: Payload = field(repr=False)
    message: Message | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def code(self) -> int | None:
        """Return the status code inside the answer."""
        status = None if self.message is None else self.message.status
        return None if status is None else status.code

    @property
    def accepted(self) -> bool:
        """Tell whether the answer says yes."""
        return self.code is not None and self.code // 100 == 2  # noqa: PLR2004 -- the 2xx class


def browsed(login: Login, page: Page) -> Exchange:
    """Return the exchange of a login: what the browser posted, and the page that it got."""
    sent = "\n".join(f"{name}={value}" for name, value in login.shown)
    return Exchange(
        name="Login",
        message_id="",
        sent=Payload(content=sent.encode(), media_type="text/plain; charset=UTF-8"),
        http_status=page.status,
        answer=Payload(content=page.text.encode(), media_type="text/plain; charset=UTF-8"),
    )


class Post:
    """Send cXML documents on one account; every message gets an id of its own unless told."""

    def __init__(
        self, account: Account, tools: Tools, client: httpx.Client, ambient: Ambient
    ) -> None:
        self.account = account
        self.tools = tools
        self._client = client
        self._ambient = ambient

    def write(self, document: Document, message_id: str | None = None) -> tuple[str, Payload]:
        """Return the id and the bytes of a message that holds `document`."""
        name, codec = NAMES[type(document)], self.tools.faces["cxml"]
        writer = self.tools.library.writer(codec.name, type(document).__name__, name)
        if writer is None:
            message = f"no mapping writes {name}"
            raise ConfigurationError(message)
        own_id = message_id or f"{self._ambient.new_id()}@{self.account.domain}"
        envelope = self.account.envelope(name, own_id, self._ambient.now())
        version = codec.version(writer.message, self.account.dialect)
        written = writer.write(document, payload_id=own_id, version=version)
        if written.markup is None:
            faults = tuple(sentence(fault) for fault in written.faults)
            message = f"{name} could not be written by {written.mapping}"
            raise ConfigurationError(message, faults)
        payload = codec.write(written.markup, envelope, self.account.dialect)
        text = accented(payload.content.decode(), self.account.system)
        return own_id, replace(payload, content=text.encode())

    def send(
        self, document: Document, message_id: str | None = None, files: Sequence[Part] = ()
    ) -> Exchange:
        """Send `document`, with files beside it if any, and return the judged exchange."""
        own_id, payload = self.write(document, message_id)
        if files:
            payload = pack(payload, files)
        return self.deliver(NAMES[type(document)], own_id, payload)

    def as_sent(self, exchange: Exchange) -> Document | None:
        """Return the document as it stands in the bytes that were sent."""
        message, _ = self.tools.read(exchange.sent.content, exchange.sent.media_type)
        return None if message is None else self.tools.document(message)[0]

    def repeat(self, exchange: Exchange) -> Exchange:
        """Send the same bytes again; an answer with other bytes is a finding."""
        again = self.deliver(exchange.name, exchange.message_id, exchange.sent)
        if again.answer.content == exchange.answer.content:
            return again
        finding = Finding(
            "BUYER-006",
            f"{exchange.message_id} sent twice was answered differently",
            exchange.name,
            found=f"status {again.code}, {len(again.answer.content)} bytes",
            expected=f"status {exchange.code}, the same {len(exchange.answer.content)} bytes",
        )
        return replace(again, findings=(*again.findings, finding))

    def deliver(self, name: str, message_id: str, payload: Payload) -> Exchange:
        """Send ready bytes and return the judged exchange."""
        try:
            response = self._client.post(
                self.account.url,
                content=payload.content,
                headers={"Content-Type": payload.media_type},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = f"{self.account.url} could not be reached: {type(error).__name__} {error}"
            raise TransportError(failure) from error
        media_type = response.headers.get("content-type", "")
        message, faults = self.tools.read(response.content, media_type)
        exchange = Exchange(
            name=name,
            message_id=message_id,
            sent=payload,
            http_status=response.status_code,
            answer=Payload(content=response.content, media_type=media_type),
            message=message,
        )
        return replace(exchange, findings=judge_answer(exchange, faults))


def judge_answer(exchange: Exchange, faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    """Return what is wrong with an answer: HTTP, media type, syntax, status."""
    found: list[Finding] = []
    subject = f"answer to {exchange.name}"
    if exchange.http_status != OK:
        status = str(exchange.http_status)
        found.append(Finding("BUYER-001", "HTTP status", subject, found=status, expected="200"))
    media_type = exchange.answer.media_type.partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        expected = " or ".join(_MEDIA_TYPES[:2])
        found.append(
            Finding("BUYER-002", "media type", subject, found=media_type, expected=expected)
        )
    if exchange.message is None:
        start = exchange.answer.content[:60].decode("utf-8", "replace")
        found.append(Finding("BUYER-003", "no message in the answer", subject, found=start))
        return tuple(found)
    found.extend(judge_validity(subject, faults))
    status_found = exchange.message.status
    if status_found is not None and not exchange.accepted:
        said = f"{status_found.code} {status_found.text} {status_found.detail or ''}".strip()
        found.append(Finding("BUYER-004", "refused", subject, found=said, expected="2xx"))
    return tuple(found)


def judge_validity(document: str, faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    """Return a finding for each fault of the syntax; with DTDs installed these are theirs too."""
    return tuple(
        Finding(
            "BUYER-007" if fault.severity is Severity.ERROR else "BUYER-008",
            f"{fault.code}: {fault.message}",
            document,
            line=None if fault.place is None else fault.place.line,
            path=None if fault.place is None else fault.place.path,
            found=fault.found,
            expected=fault.expected,
        )
        for fault in faults
        if fault.severity is not Severity.NOTE
    )
