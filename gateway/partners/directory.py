"""Hold all partners of a workspace, and decide who an envelope really comes from.

Whatever fails gives the same verdict after the same work, whether the identity is unknown, the
secret wrong or the document meant for somebody else; the reason is for our log only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canonical.wire import Envelope, Verdict
from gateway.errors import NotFoundError
from gateway.partners.claim import Claim, owners_of, read_claim, read_exchange, read_login
from gateway.partners.keyring import Keyring
from gateway.partners.model import Partner, ProofKind, State
from gateway.partners.proof import Proof, prove
from gateway.partners.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Identified:
    """Name the partner; `slot` and `proof` say how it was proven, for the audit of rotations."""

    partner: Partner
    test: bool
    slot: str = "current"
    proof: ProofKind = "secret"


@dataclass(frozen=True, slots=True)
class Refused:
    """Say how to answer; `reason` and `partner_id` stay in the house."""

    verdict: Verdict
    reason: str
    partner_id: str | None = None


class Partners:
    """Hold all partners of a workspace."""

    def __init__(
        self,
        partners: Sequence[Partner],
        keyrings: Mapping[str, Keyring],
        *,
        wrong_secrets_per_minute: int = 10,
    ) -> None:
        self._partners = {partner.id: partner for partner in partners}
        self._keyrings = keyrings
        self._owners = owners_of(partners)
        self._stranger = Keyring()
        self._throttle = Throttle(wrong_secrets_per_minute)

    def __iter__(self) -> Iterator[Partner]:
        """Walk the partners by id."""
        return iter(self._partners.values())

    def __len__(self) -> int:
        """Return how many partners there are."""
        return len(self._partners)

    def get(self, partner_id: str) -> Partner:
        """Return a partner by its id; `NotFoundError` names the known ones."""
        try:
            return self._partners[partner_id]
        except KeyError:
            known = ", ".join(self._partners) or "none"
            message = f'there is no partner "{partner_id}"; known: {known}'
            raise NotFoundError(message) from None

    def keyring(self, partner_id: str) -> Keyring:
        """Return the secrets of a partner."""
        return self._keyrings.get(self.get(partner_id).id, self._stranger)

    def identify(
        self, envelope: Envelope, now: datetime, *, remote: str = "", addressee: str = ""
    ) -> Identified | Refused:
        """Return the partner that `envelope` proves to come from, or how to refuse it.

        It must be `addressee`, if it came to the address of one partner.
        """
        if envelope.signed or any(each.signed for each in envelope.credentials):
            return Refused(Verdict.SIGNATURE_UNACCEPTABLE, "it is signed; signatures are not read")
        claim = (
            read_login(envelope, self._owners, addressee)
            if addressee
            else read_claim(envelope, self._owners)
        )
        return self._proven(claim, now, remote)

    def identify_exchange(
        self,
        envelope: Envelope,
        now: datetime,
        *,
        remote: str = "",
        addressee: str = "",
        trusted: bool = False,
    ) -> Identified | Refused:
        """Return the partner whose interchange of EDI this is, or how to refuse it.

        It is `trusted` when the way it came by is proof enough: a partner's own folder.
        """
        claim = read_exchange(envelope, self._owners, addressee)
        if not trusted:
            return self._proven(claim, now, remote)
        if claim.partner is None or claim.reason:
            return Refused(
                Verdict.UNAUTHENTICATED,
                f"{claim.shown}: {claim.reason}",
                claim.partner.id if claim.partner else None,
            )
        return _identified(claim.partner, Proof("current", "address"), test=envelope.test)

    def _proven(self, claim: Claim, now: datetime, remote: str) -> Identified | Refused:
        if self._throttle.blocked(claim.key, remote, now):
            return Refused(
                Verdict.THROTTLED, f"too many wrong secrets for {claim.shown} from {remote}"
            )
        partner = claim.partner
        keyring = self._keyrings.get(partner.id, self._stranger) if partner else self._stranger
        proof = prove(claim, keyring, now, remote)
        if partner is None or isinstance(proof, str) or claim.reason:
            self._throttle.wrong(claim.key, remote, now)
            reason = f"{claim.shown}: {claim.reason or proof}"
            return Refused(Verdict.UNAUTHENTICATED, reason, partner.id if partner else None)
        return _identified(partner, proof, test=claim.test or claim.envelope.test)


def _identified(partner: Partner, proof: Proof, *, test: bool) -> Identified | Refused:
    if partner.state is State.BLOCKED:
        return Refused(Verdict.FORBIDDEN, f"{partner.id} is blocked", partner.id)
    test = test or partner.state is State.TESTING
    return Identified(partner, test, slot=proof.slot, proof=proof.kind)
