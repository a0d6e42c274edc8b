"""Acknowledge an interchange that was taken in, by what the partner agreed to get."""

from canonical.faults import Fault, has_errors
from canonical.interchange import AcknowledgedMessage, AcknowledgedState, Acknowledgement
from canonical.wire import Envelope, Payload, Receipt
from gateway.partners.model import Partner
from gateway.pipeline.contract import Sent
from gateway.pipeline.emitting import Draft, Outgoing
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.writing import WrittenDocument
from gateway.store.messages import StoredMessage


def acknowledgement_draft(
    equipment: Equipment,
    partner: Partner,
    carrier: StoredMessage,
    theirs: Envelope,
    receipts: tuple[Receipt, ...],
    faults: tuple[Fault, ...],
) -> Draft | None:
    """Return the acknowledgement of their interchange, to be recorded; None when none is agreed.

    `carrier` stands for the interchange here; `faults` are those of its envelope.
    """
    syntax, codec = carrier.syntax, equipment.edi[carrier.syntax]
    own = equipment.own_envelope(partner, test=carrier.test, syntax=syntax)
    dialect = partner.dialect_of(syntax)

    def written(envelope: Envelope) -> Payload | None:
        return codec.acknowledged(theirs, receipts, faults, envelope, dialect)

    payload = written(own)
    if payload is None or not partner.edi.endpoint:
        return None

    def rewritten(envelope: Envelope) -> Payload:
        return written(envelope) or payload

    reading = codec.read(payload.content, payload.media_type, dialect=dialect)
    name = next((message.name for message in reading.messages), "TA1")
    outgoing = Outgoing(
        partner,
        acknowledgement_of(name, theirs, receipts, faults, test=carrier.test),
        syntax=syntax,
        endpoint=partner.edi.endpoint,
        message_id=equipment.ambient.new_id(),
        cause=carrier.id,
        test=carrier.test,
        answered=False,
    )
    sent = Sent(payload, outgoing.message_id or "", ())
    return Draft(outgoing, own, WrittenDocument(payload, name), sent, 0, rewritten)


def acknowledgement_of(
    name: str,
    theirs: Envelope,
    receipts: tuple[Receipt, ...],
    faults: tuple[Fault, ...],
    *,
    test: bool,
) -> Acknowledgement:
    """Return what is acknowledged as a document: what a person sees of it."""
    refused = has_errors(faults)
    messages = tuple(
        AcknowledgedMessage(
            reference=one.reference,
            state=_state(one.faults),
            name=one.name,
            group=one.group or None,
            reasons=tuple(f"{fault.code} {fault.message}" for fault in one.faults),
        )
        for one in receipts
    )
    return Acknowledgement(
        kind=name,
        state=AcknowledgedState.REJECTED if refused else AcknowledgedState.RECEIVED,
        control_reference=theirs.message_id,
        messages=() if refused else messages,
        reasons=tuple(f"{fault.code} {fault.message}" for fault in faults),
        test=test,
    )


def _state(faults: tuple[Fault, ...]) -> AcknowledgedState:
    if has_errors(faults):
        return AcknowledgedState.REJECTED
    return AcknowledgedState.ACCEPTED_WITH_ERRORS if faults else AcknowledgedState.ACCEPTED
