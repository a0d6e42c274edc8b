"""Take in an interchange of many messages: who sent it, and whether its number came before.

Only the envelope is looked at before the answer; a job takes the messages out (`unpacking`). Of two
interchanges with one number the same again is answered as the first was, and does nothing; another
one is held for a person: a sender who counts wrongly must not lose an order.
"""

from typing import Final

import msgspec
import structlog

from canonical.identifiers import Identifier
from canonical.interchange import ReceivedInterchange
from canonical.wire import Credential, CredentialRole, Envelope, Verdict
from gateway.partners.agreements import domain_of
from gateway.partners.directory import Refused
from gateway.partners.model import State as PartnerState
from gateway.pipeline.case import Case, Check, claimed, refuse, spelt
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.pipeline.states import State
from gateway.store.references import references_in

_log: Final = structlog.get_logger(__name__)

AT_HAND: Final = "cli"
"""Where an arrival comes from that the operator hands in."""
MEDIA_TYPES: Final = {"application/edifact": "edifact", "application/edi-x12": "x12"}
"""Syntax by the media type of RFC 1767."""
CROWD: Final = 1_000
"""Interchanges that one post may hold: each is a commit, and somebody waits for the answer."""
STRANGERS: Final = 20
"""Refused senders in one post after which the rest of it is not looked at."""
LARGEST_FILE: Final = 256 << 20
"""Bytes of a file that is handed in or dropped: taking it in needs two or three times as much."""
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n"
"""What may stand before an interchange: a byte order mark, blanks."""


def largest_file(posted: int) -> int:
    """Return how large a file may be where so much may be posted."""
    return max(posted, LARGEST_FILE)


def too_large(size: int, largest: int) -> str:
    """Return why a file of so many bytes is not taken in, with the ways out."""
    return (
        f"the file has {size:,} bytes; up to {largest:,} are taken in: split it between its "
        "interchanges, or raise limits.interchange in gateway.toml"
    )


def syntax_in(content: bytes, media_type: str = "") -> str:
    """Return the syntax of an interchange: what its first segment says, else its media type."""
    if content.lstrip(_BEFORE)[:3].upper() == b"ISA":
        return "x12"
    if content.lstrip(_BEFORE)[:2].upper() == b"UN":
        return "edifact"
    return MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower(), "edifact")


def _read_envelope(equipment: Equipment, case: Case) -> Verdict | None:
    arrival, codec = case.arrival, equipment.edi[case.arrival.syntax]
    reading = codec.envelope(arrival.content)
    case.envelope, faults = reading.envelope, reading.faults
    if faults:  # they show what they are about, and are kept: without what is secret there
        faults = codec.envelope(codec.redacted(arrival.content, arrival.media_type)).faults
    case.faults = list(faults)
    if reading.envelope is not None:
        return None
    if arrival.trusted and arrival.addressee:
        whole = codec.outline((arrival.content,), media_type=arrival.media_type)
        if whole.messages:  # bare messages: whose they are is known by the way they came
            case.envelope = Envelope(message_id="")
            return None
    return case.stop(Verdict.UNREADABLE, detail=spelt(faults))


def _identify(equipment: Equipment, case: Case) -> Verdict | None:
    arrival, envelope = case.arrival, case.envelope
    if envelope is None:
        return Verdict.UNREADABLE
    bare = not envelope.message_id and not envelope.credentials
    if bare and arrival.trusted and arrival.addressee:
        case.partner = equipment.partners.get(arrival.addressee)
        case.test = case.partner.state is PartnerState.TESTING
        return None
    found = equipment.partners.identify_exchange(
        _with_proof(envelope, arrival.password),
        equipment.ambient.now(),
        remote=arrival.remote,
        addressee=arrival.addressee,
        trusted=arrival.trusted,
    )
    if isinstance(found, Refused):
        verdict = refuse(case, found)
        if arrival.origin == AT_HAND:  # who is at this machine may know whom we looked for
            case.detail = f"{case.detail}: {found.reason}"
        elif arrival.trusted:  # the answer lies in a partner's folder: it names no other partner
            _log.warning(
                "a sender is refused",
                message_id=case.message_id,
                folder_of=arrival.addressee,
                reason=ascii(found.reason),  # a partner's: any text
            )
        return verdict
    case.partner, case.test = found.partner, found.test
    return None


def _with_proof(envelope: Envelope, password: str | None) -> Envelope:
    if password is None:
        return envelope
    proof = Credential(role=CredentialRole.SENDER, domain="", identity="", secret=password)
    return msgspec.structs.replace(envelope, credentials=(*envelope.credentials, proof))


def _seen_before(equipment: Equipment, case: Case) -> Verdict | None:
    if not case.contested:
        return None
    verdict = claimed(equipment, case)
    if verdict is not Verdict.CONFLICT:
        return verdict
    case.born = State.HELD
    return None


def _arrive(_equipment: Equipment, case: Case) -> Verdict | None:
    envelope = case.envelope
    if envelope is None:
        return Verdict.UNREADABLE
    case.document = interchange_in(envelope)
    case.references += references_in(case.document)
    case.born = case.born or State.ARRIVED
    return Verdict.RECEIVED


def crowded(_equipment: Equipment, case: Case) -> Verdict:
    """Refuse a post that holds more interchanges than are taken in at once."""
    return case.stop(Verdict.INVALID, fault("PIPELINE-030", found=f"more than {CROWD}"))


def not_looked_at(_equipment: Equipment, case: Case) -> Verdict:
    """Refuse what stands behind too many interchanges of strangers."""
    return case.stop(Verdict.THROTTLED, fault("PIPELINE-025"))


def interchange_in(envelope: Envelope) -> ReceivedInterchange:
    """Return what stands for an interchange, without the secrets of its envelope."""
    named = {one.role: one for one in reversed(envelope.credentials)}

    def party(role: CredentialRole) -> Identifier | None:
        one = named.get(role)
        return None if one is None else Identifier(value=one.identity, scheme=domain_of(one.domain))

    return ReceivedInterchange(
        control_reference=envelope.message_id,
        sender=party(CredentialRole.FROM),
        recipient=party(CredentialRole.TO),
        sent_at=envelope.sent_at,
        acknowledge=envelope.acknowledge,
        test=envelope.test,
    )


ARRIVING: Final[tuple[Check, ...]] = (_read_envelope, _identify, _seen_before, _arrive)
"""The order in which an interchange is judged before it is answered."""
