"""Judge what a sender presents as proof: a shared secret, a code made with it, or its address.

Proof stands in Sender (cXML User's Guide: the Sender is who opened the connection). Each
credential is compared with both slots even after one has matched, and with chance when nothing is
known or nothing presented, so that the work done says nothing about the answer. An address counts
only where the partner's file says so, and never for a document that presents something wrong.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from canonical.wire import Credential, CredentialRole
from gateway.partners.claim import MAX_CREDENTIALS, Claim
from gateway.partners.keyring import Keyring
from gateway.partners.model import ProofKind
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
    kind: ProofKind


def prove(claim: Claim, keyring: Keyring, now: datetime, remote: str) -> Proof | str:
    """Return the proof in `claim` that `keyring` bears out, or for our log why there is none."""
    found: Proof | None = None
    reasons: list[str] = []
    for credential in claim.senders:
        for kind, slot, reason in _presented(claim, credential, keyring, now):
            if slot and kind in claim.proofs:
                found = found or Proof(slot, kind)
            reasons.append(f"{kind} is not taken from this partner" if slot else reason)
    if found:
        return found
    if not reasons:
        keyring.slot_of(Secret(""))
        return _address(claim, remote)
    return reasons[0]


def _presented(
    claim: Claim, credential: Credential, keyring: Keyring, now: datetime
) -> Iterator[tuple[ProofKind, str | None, str]]:
    """Walk the proofs in a credential: kind, the slot that bears it out, or what is wrong."""
    if credential.secret is not None:
        yield "secret", keyring.slot_of(Secret(credential.secret)), "its secret is wrong"
    if credential.authentication is not None:
        slot, state = _code_slot(claim, credential, keyring, now)
        yield "mac", slot, _REASONS[state]


def _address(claim: Claim, remote: str) -> Proof | str:
    """Return whether the address alone proves the sender, for systems that send no secret."""
    missing = "it presented no proof in Sender"
    if claim.partner is None or "address" not in claim.proofs:
        return missing
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return f"{missing}, and came from no address"
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in claim.networks):
        return Proof("", "address")
    return f"{missing}, and {remote} is not among the partner's addresses"


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
