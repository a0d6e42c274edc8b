"""Judge what a sender presents as proof: a shared secret, or a digest made with it.

Proof stands in Sender (cXML User's Guide: the Sender is who opened the connection). Each
credential is compared with both slots even after one has matched, and with chance when nothing is
known or nothing presented, so that the work done says nothing about the answer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from canonical.wire import Credential, CredentialRole
from gateway.partners.claim import MAX_CREDENTIALS, Claim
from gateway.partners.keyring import Keyring
from gateway.partners.vault import Secret
from protocols.cxml.credentials import MacState, verify

_REASONS: Final[dict[MacState, str]] = {
    MacState.VALID: "its code is valid",
    MacState.WRONG: "its code (CredentialMac) is wrong",
    MacState.EXPIRED: "its code (CredentialMac) has expired",
    MacState.EARLY: "its code (CredentialMac) is not valid yet; compare the clocks",
    MacState.UNSUPPORTED: "its code (CredentialMac) has a type, algorithm or date we do not read",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Say which slot proved the sender, and by what."""

    slot: str
    kind: Literal["secret", "mac"]


def prove(claim: Claim, keyring: Keyring, now: datetime) -> Proof | str:
    """Return the proof in `claim` that `keyring` bears out, or for our log why there is none."""
    allowed = claim.partner.cxml.authenticate if claim.partner else ()
    found: Proof | None = None
    reasons: list[str] = []
    for credential in claim.senders:
        slot: str | None
        if credential.secret is not None:
            slot, reason = keyring.slot_of(Secret(credential.secret)), "its secret is wrong"
            if slot and "secret" in allowed:
                found = found or Proof(slot, "secret")
            reasons.append("secrets are not taken from this partner" if slot else reason)
        if credential.authentication is not None:
            slot, state = _code_slot(claim, credential, keyring, now)
            if slot and "mac" in allowed:
                found = found or Proof(slot, "mac")
            reasons.append("codes are not taken from this partner" if slot else _REASONS[state])
    if not reasons:
        keyring.slot_of(Secret(""))
        reasons.append("it presented no proof in Sender")
    return found or reasons[0]


def _code_slot(
    claim: Claim, sender: Credential, keyring: Keyring, now: datetime
) -> tuple[str | None, MacState]:
    """Return the slot whose secret made the code of `sender`, and what the code is worth."""
    origins = [each for each in claim.envelope.credentials if each.role is CredentialRole.FROM]
    matched: str | None = None
    worth = MacState.WRONG
    for name, held in keyring.slots():
        state = verify(sender, origins[:MAX_CREDENTIALS], held.reveal(), now)
        if state is MacState.VALID:
            matched = matched or name
        if state is not MacState.WRONG:
            worth = state
    return matched, worth
