"""Hold what is known of an interchange of many messages, beside the messages themselves."""

from datetime import datetime
from enum import StrEnum

from canonical.document import Document
from canonical.identifiers import Identifier


class ReceivedInterchange(Document):
    """Stand for an interchange whose messages are taken out by a job (EDIFACT, X12).

    `control_reference` is the sender's number of it (UNB 0020, ISA13); `acknowledge` says that an
    acknowledgement was asked for.
    """

    control_reference: str
    sender: Identifier | None = None
    recipient: Identifier | None = None
    sent_at: datetime | None = None
    acknowledge: bool = False
    test: bool = False


class AcknowledgedState(StrEnum):
    """Say what a partner's system made of something that we sent."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted-with-errors"
    REJECTED = "rejected"


class AcknowledgedMessage(Document):
    """Tell what became of one message: `reference` is its own in the interchange (UNH 0062)."""

    reference: str
    state: AcknowledgedState
    name: str | None = None
    group: str | None = None
    reasons: tuple[str, ...] = ()


class Acknowledgement(Document):
    """Tell what became of an interchange or document (CONTRL, APERAK, 997, 999, TA1).

    `control_reference` is the number of the interchange that it is about; an acknowledgement of the
    application names the document instead, with `document_id`. `kind` is the name of the message
    that told it (`CONTRL`, `997`).
    """

    kind: str
    state: AcknowledgedState
    control_reference: str | None = None
    group_reference: str | None = None
    document_id: str | None = None
    messages: tuple[AcknowledgedMessage, ...] = ()
    reasons: tuple[str, ...] = ()
    issued_at: datetime | None = None
    test: bool = False
