"""Define the contract between codecs, mappings and the gateway.

A codec turns an interchange (bytes as received) into messages (one syntax tree each) and
back; a mapping turns a message into a document and back. Neither opens, logs, reads a clock
nor knows the other: they meet in the types of this module.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from canonical.document import Document
from canonical.faults import Fault, FaultKind
from canonical.identifiers import Attachment
from canonical.interchange import Acknowledgement
from canonical.rows import Layout, SegmentTree


class Node(Protocol):
    """Walk a syntax tree: the element shape of ElementTree, which lxml has by itself.

    Codecs of other syntaxes give nodes of their own with the same members. `sourceline` is the
    line in the received bytes, from 1.
    """

    @property
    def tag(self) -> str:
        """Return the name of this element."""

    @property
    def text(self) -> str | None:
        """Return the text before the first child."""

    @property
    def tail(self) -> str | None:
        """Return the text between this element and its next sibling."""

    @property
    def attrib(self) -> Mapping[str, str]:
        """Return the attributes by name."""

    @property
    def sourceline(self) -> int | None:
        """Return the line where this element begins."""

    def get(self, name: str, /) -> str | None:
        """Return one attribute."""

    def __iter__(self) -> Iterator["Node"]:
        """Walk the child elements in document order."""


Tree = Node | SegmentTree
"""What mappings read: elements, or rows of segments."""


class CredentialRole(StrEnum):
    """Say on whose behalf a credential stands in an envelope."""

    FROM = "from"
    TO = "to"
    SENDER = "sender"


class MessageAuthentication(Document):
    """Hold a keyed digest that stands in for a secret (cXML CredentialMac)."""

    algorithm: str
    kind: str
    created_at: str
    expires_at: str
    digest: str


class Credential(Document):
    """Claim an identity, with or without proof. Never stored: secrets live in here."""

    role: CredentialRole
    domain: str
    identity: str
    kind: str | None = None
    """cXML `type`, e.g. `marketplace`; EDIFACT the address for routing (0008, 0014)."""
    secret: str | None = None
    authentication: MessageAuthentication | None = None
    signed: bool = False


class Envelope(Document):
    """Hold what surrounds every message of a syntax: who, when, which, for whom."""

    message_id: str
    """cXML payloadID, EDIFACT UNB 0020, X12 ISA13, SBDH InstanceIdentifier."""
    sent_at: datetime | None = None
    credentials: tuple[Credential, ...] = ()
    user_agent: str | None = None
    language: str | None = None
    version: str | None = None
    """Version of the syntax that the sender declares."""
    test: bool = False
    signed: bool = False
    anew: bool = False
    """Every arrival is a message of its own, even with the same bytes: a login names no message."""
    acknowledge: bool = False
    """The sender asks for an acknowledgement (UNB 0031, ISA14)."""
    application: str | None = None
    """The application or division that it is for (UNB 0026)."""
    agreement: str | None = None
    """The agreement that the sender says it is sent under (UNB 0032)."""


class Status(Document):
    """Hold an acknowledgement that came in a message (cXML Response/Status)."""

    code: int
    text: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one file that travels beside a message in the same interchange."""

    attachment: Attachment
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one message: its name, its envelope and its syntax tree.

    `name` chooses the mapping, e.g. `OrderRequest.new`, `ORDERS`, `ORDERS.cancellation`, `850`;
    `tree` is the root that mapping paths start from (for cXML the `cXML` element). Where one
    interchange holds several messages, `reference` is this one's own in it (UNH 0062, ST02),
    `group` that of its group, and `faults` are what is wrong in it alone: an error refuses this
    message, not its neighbours.
    """

    name: str
    envelope: Envelope = field(repr=False)
    tree: "Tree" = field(repr=False)
    status: Status | None = None
    parts: tuple[Part, ...] = ()
    reference: str = ""
    group: str = ""
    faults: tuple[Fault, ...] = ()
    size: int = 0
    """How many bytes of the interchange it is; 0 where a codec does not say."""
    group_kind: str = ""
    """What its group says that its messages are (GS01)."""

    @property
    def element(self) -> Node:
        """Return the root of a message that is made of elements."""
        if isinstance(self.tree, SegmentTree):
            message = f"{self.name} is made of segments, not of elements"
            raise TypeError(message)
        return self.tree


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold all that a codec found in an interchange; faults with severity error mean: refuse.

    `verdict` says how to refuse when nothing could be read; `envelope` is what could be read of
    it even then.
    """

    messages: tuple[Message, ...] = ()
    faults: tuple[Fault, ...] = ()
    envelope: Envelope | None = None


class Verdict(StrEnum):
    """Say what became of an interchange; each codec has one table to its own codes."""

    ACCEPTED = "accepted"
    RECEIVED = "received"
    """Taken in charge, a status update follows."""
    NO_CHANGE = "no-change"
    INVALID = "invalid"
    """Readable, but its content cannot be processed."""
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    UNREADABLE = "unreadable"
    CONFLICT = "conflict"
    PRECONDITION = "precondition"
    """Names a cart or order that we do not know."""
    EXPECTATION = "expectation"
    UNSUPPORTED = "unsupported"
    SIGNATURE_REQUIRED = "signature-required"
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURE_UNACCEPTABLE = "signature-unacceptable"
    ERROR = "error"
    CORE_UNREACHABLE = "core-unreachable"
    MISCONFIGURED = "misconfigured"
    BUSY = "busy"
    """Temporarily unable: the sender should try again later."""
    THROTTLED = "throttled"
    """The sender itself asks too often: it should wait before it tries again."""


class Dialect(Document):
    """Say how one partner wants a syntax written.

    `versions` holds the version per message name, `*` for the others. `doctype_host` replaces
    the host in a DOCTYPE. `timestamp` names how instants are spelt (`offset`, `zulu`, `bare`): only
    the first is right in cXML, the others are met in practice and needed to play a buyer. A
    protocol with more to say has a subclass of its own, and takes its defaults when given another.
    """

    versions: dict[str, str] = msgspec.field(default_factory=dict)
    charset: str = "UTF-8"
    doctype_host: str | None = None
    form_encoding: str = "base64"
    timestamp: str = "offset"
    strict: bool = False
    validity_days: int | None = None
    """Days that the prices of a cart hold which names no day itself; None promises nothing."""


@dataclass(frozen=True, slots=True)
class Markup:
    """Hold the body of an outgoing message as a mapping wrote it: well-formed, without envelope.

    `name` is the message's name (`PunchOutOrderMessage`).
    """

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """Hold what a browser posts: hidden fields in order, to be sent in `charset`.

    `target` is the frame to post in when the setup named none. With `repeats_query`, the parameters
    in the address itself are sent as fields too.
    """

    fields: tuple[tuple[str, str], ...] = field(repr=False)
    charset: str = "UTF-8"
    target: str = ""
    repeats_query: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """Hold the interchange that a form brought, or why there is none; `name` is its field."""

    content: bytes | None = field(repr=False)
    media_type: str = "text/xml"
    name: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """Hold bytes that are ready to be sent, with their media type."""

    content: bytes = field(repr=False)
    media_type: str


class Codec(Protocol):
    """Turn interchanges into messages and back; see `protocols.cxml.codec` for an example."""

    @property
    def name(self) -> str:
        """Return the name of the syntax: `cxml`."""

    @property
    def faults(self) -> tuple[FaultKind, ...]:
        """Return every fault that `read` can give, for the documentation."""

    def read(
        self,
        content: bytes,
        media_type: str,
        *,
        strict: bool = False,
        dialect: Dialect | None = None,
    ) -> Reading:
        """Return the messages in `content` and every fault found; never raises on any bytes.

        With `strict`, deviations from the official schema are errors instead of warnings.
        `dialect` is that of the partner whom the address names, where it names one: only some
        protocols need it to read.
        """

    def redacted(self, content: bytes, media_type: str) -> bytes:
        """Return `content` with every secret blanked, fit for the payload archive."""

    def version(self, name: str, dialect: Dialect) -> str:
        """Return the version of the syntax in which a partner wants the message `name`.

        Mappings leave out what that version does not know.
        """

    def write(self, body: Markup, envelope: Envelope, dialect: Dialect) -> Payload:
        """Return an interchange that holds `body` in `envelope`, in the partner's dialect."""

    def check(self, payload: Payload, name: str, dialect: Dialect) -> tuple[Fault, ...]:
        """Return what the official schema of that dialect has against an outgoing payload.

        Gives nothing when that schema is not installed.
        """

    def acknowledgement(
        self, verdict: Verdict, envelope: Envelope, dialect: Dialect, *, detail: str = ""
    ) -> Payload:
        """Return the syntax's own answer that says `verdict`; `envelope` is the answer's."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Say what became of a received message: its faults, errors among them when it was refused.

    `name` is the message's type as it was sent (`ORDERS`, `850`), `version` the rest of its
    identifier as it was sent (`D:96A:UN:EAN008`).
    """

    name: str
    reference: str
    group: str = ""
    version: str = ""
    faults: tuple[Fault, ...] = ()
    refused: tuple[Fault, ...] = ()
    """Why it is refused although its syntax is right: what a mapping or a rule has against it."""
    group_kind: str = ""
    """What its group is called as it was sent (GS01): an acknowledgement repeats it."""


class EdiCodec(Codec, Protocol):
    """Be the codec of a syntax whose interchanges hold many messages and are told of later.

    `read` gives every message, faulty ones too, each with its faults; faults of the envelope stand
    in `Reading.faults`. `write` takes the interchange's control number from `Envelope.message_id`.
    """

    def envelope(self, content: bytes) -> Reading:
        """Return the envelope of the first interchange and its faults, cheaply: no messages."""

    def layout(self, name: str, dialect: Dialect) -> Layout | None:
        """Return where elements stand in a message as a partner wants it; None: not installed."""

    def messages(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, media_type: str = ""
    ) -> Iterator[Message | Fault | Envelope]:
        """Give what a stream of bytes holds as `read` does, keeping only the message at hand."""

    def outline(
        self, chunks: Iterable[bytes], dialect: Dialect | None = None, *, media_type: str = ""
    ) -> Reading:
        """Return what `read` does of a stream, but of the tree of each message its root alone.

        It says what is in an interchange and what is wrong with it, and costs little to hold.
        """

    def interchanges(self, content: bytes) -> Iterator[bytes]:
        """Cut a file into its interchanges, each with what stands before it; none is lost."""

    def acknowledged(
        self,
        theirs: Envelope,
        receipts: tuple[Receipt, ...],
        faults: tuple[Fault, ...],
        envelope: Envelope,
        dialect: Dialect,
    ) -> Payload | None:
        """Return the interchange that acknowledges one of theirs as agreed, None for no wish of it.

        `faults` are those of their envelope; `envelope` is that of what is returned.
        """

    def settlement(self, message: Message) -> Acknowledgement | None:
        """Return what a message says of something that we sent; None where it is another one."""


class Face(Codec, Protocol):
    """Be the codec of a punchout protocol: its carts go home through the shopper's browser."""

    def adapted(self, dialect: Dialect, wishes: Mapping[str, str]) -> Dialect:
        """Return a partner's dialect as one setup wants it.

        `wishes` are the properties of that setup by name: some protocols let each call choose a
        charset or a form of the answer.
        """

    def form(self, payload: Payload, dialect: Dialect) -> Form:
        """Return the form that carries what `write` made to the buyer's system."""

    def posted(self, fields: Iterable[tuple[str, str]], dialect: Dialect) -> Posted:
        """Return the interchange in the fields of a form, as a buyer's system takes it."""
