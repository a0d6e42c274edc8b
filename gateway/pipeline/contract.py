"""Say what goes into the pipeline and what comes out: arrivals, answers, handlers.

Transports make an `Arrival` and send back an `Answer`; handlers answer documents that want their
reply at once (a punchout setup); nobody needs to know how the pipeline works.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from canonical.document import Document
from canonical.faults import Fault
from canonical.wire import Dialect, Envelope, Payload, Verdict
from gateway.store.rows import Into

if TYPE_CHECKING:
    from gateway.partners.model import Partner


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold an interchange as a transport received it.

    `syntax` names the codec; `remote` is the peer's address, `origin` the transport's
    name (`http`, `cli`). `addressee` is the partner whose own address it came to, if each partner
    has one (`/oci/<partner>`): nobody else may prove to be its sender then. `password` came beside
    the interchange (HTTP Basic); it is `trusted` when the way it came by is proof enough.
    """

    syntax: str
    content: bytes = field(repr=False)
    media_type: str
    received_at: datetime
    remote: str = ""
    origin: str = "http"
    addressee: str = ""
    password: str | None = field(default=None, repr=False)
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """Hold one identified, mapped message for a handler; `faults` are warnings and notes.

    `syntax` is what it came in, and what a later answer of its own has to be written in. `test`
    says that it came from a test id, or says itself to be a test.
    """

    message_id: str
    partner: "Partner"
    document: Document
    envelope: Envelope = field(repr=False)
    faults: tuple[Fault, ...] = ()
    syntax: str = "cxml"
    test: bool = False


Trial = Callable[[Document], tuple[Fault, ...]]
"""Return what speaks against writing a document as a reply; nothing means that it can be."""
Reduce = Callable[[Trial], tuple[Document, tuple[Fault, ...]]]
"""Return what is left of a reply without what cannot be written, and a fault for each of those."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold a handler's answer: a document to reply with, or a verdict and its detail.

    `references` are searchable (kind, value) pairs that only the handler knows, such as the
    session it opened. `insert` is what the handler has to store: rows of the transaction that
    records the message, so that both are there or neither. `write` does the same where rows are not
    enough: it reads and changes, after everything else. `dialect` is how the reply is written
    where the question asked for another way than the partner's own. `kept` is recorded in place of
    the document, where that holds what should not be. `reduce` makes a smaller reply when the whole
    cannot be written.
    """

    verdict: Verdict
    reply: Document | None = None
    detail: str = ""
    faults: tuple[Fault, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    insert: Callable[[Into], None] | None = None
    write: Callable[[sa.Connection], None] | None = None
    dialect: Dialect | None = None
    kept: Document | None = None
    reduce: Reduce | None = None


Handler = Callable[[Received], Outcome]
"""Answer a document at once; writes nothing but through its outcome."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what goes back to the sender; `message_id` is None when nothing could be read.

    `document` is what was asked and `reply` what was answered, for a transport that shows them to
    a person; neither is there when a stored answer is given again. `detail` says why not, and
    `language` is what was asked for, as it was spelt.
    """

    payload: Payload
    verdict: Verdict
    interchange_id: str
    message_id: str | None = None
    partner: "Partner | None" = None
    document: Document | None = None
    reply: Document | None = None
    detail: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold an outgoing message, recorded and ready to travel; no payload when faults stop it."""

    payload: Payload | None
    message_id: str
    faults: tuple[Fault, ...] = ()


AlsoRecorded = Callable[[sa.Connection, Sent], None]
"""Do something in the transaction that records an outgoing message."""
