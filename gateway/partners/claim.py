"""Read what an envelope claims: who sends it, on whose behalf, to whom.

Domains are compared without regard to case (`DUNS`, `duns`, `Duns` are met), identities exactly
after trimming; in the domain NetworkId an id may end in `-T`, which marks a test. From names the
partner, Sender must be the partner or a network that may send for it, To must be us, each unless
the partner's `check` leaves it out. A login at a partner's own address names no From and no To:
the Sender has to be the partner of that address. A claim proves nothing yet: see `proof`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import IPvAnyNetwork

from canonical.wire import Credential, CredentialRole, Envelope
from gateway.partners.agreements import domain_of
from gateway.partners.model import TEST_DOMAIN, TEST_SUFFIX, Partner, ProofKind
from gateway.settings.model import Identity

MAX_CREDENTIALS: Final = 16
"""Credentials beyond these are not looked at: each may cost a comparison."""

LOGIN_PROOFS: Final[tuple[ProofKind, ...]] = ("secret",)
"""What proves a login: a password, for a browser brings it from any address."""

EXCHANGE_PROOFS: Final[Mapping[str, ProofKind]] = {"password": "secret", "address": "address"}
"""What proves an interchange of EDI, by the names of a partner's file."""

IdentityKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Owner:
    """Hold a partner with the keys that its documents are compared with."""

    partner: Partner
    senders: frozenset[IdentityKey]
    us: frozenset[IdentityKey]


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold who the sender says to be; `reason` says why the claim cannot be true, if it cannot.

    `senders` are the credentials whose proof counts, and `proofs` the kinds of it that are taken.
    `key` is what tries are counted by, `networks` where a document may come from that is proven by
    its address alone.
    """

    envelope: Envelope = field(repr=False)
    partner: Partner | None
    reason: str
    key: IdentityKey
    test: bool = False
    senders: tuple[Credential, ...] = field(default=(), repr=False)
    proofs: tuple[ProofKind, ...] = ()
    networks: tuple[IPvAnyNetwork, ...] = ()

    @property
    def shown(self) -> str:
        """Return the identity for a log, cut to a sane length."""
        return f"{self.key[0][:60]}:{self.key[1][:60]}"


def identity_key(domain: str, identity: str) -> tuple[IdentityKey, bool]:
    """Return what identities are compared by, and whether this one is marked as a test."""
    folded, trimmed = domain.strip().casefold(), identity.strip()
    if folded == TEST_DOMAIN and trimmed.endswith(TEST_SUFFIX) and trimmed != TEST_SUFFIX:
        return (folded, trimmed.removesuffix(TEST_SUFFIX)), True
    return (folded, trimmed), False


def keys_of(identities: Iterable[Identity]) -> frozenset[IdentityKey]:
    """Return the keys of configured identities."""
    return frozenset(identity_key(each.domain, each.identity)[0] for each in identities)


def owners_of(partners: Sequence[Partner]) -> dict[IdentityKey, Owner]:
    """Return who each identity belongs to; the loader has seen to it that none is shared."""
    owners: dict[IdentityKey, Owner] = {}
    for partner in partners:
        theirs = keys_of(partner.identities)
        owner = Owner(partner, theirs | keys_of(partner.senders), keys_of(partner.supplier))
        owners.update(dict.fromkeys(theirs, owner))
    return owners


def read_claim(envelope: Envelope, owners: Mapping[IdentityKey, Owner]) -> Claim:
    """Return what `envelope` claims, judged against the known partners."""
    by_role: dict[CredentialRole, list[tuple[IdentityKey, bool, Credential]]] = {
        role: [] for role in CredentialRole
    }
    for credential in envelope.credentials[:MAX_CREDENTIALS]:
        key, test = identity_key(credential.domain, credential.identity)
        by_role[credential.role].append((key, test, credential))
    origin = by_role[CredentialRole.FROM] or by_role[CredentialRole.SENDER]
    key = origin[0][0] if origin else ("", "")
    senders = tuple(credential for _, _, credential in by_role[CredentialRole.SENDER])
    keys = {role: [key for key, _, _ in found] for role, found in by_role.items()}
    owner, reason = _owner(keys, owners)
    if owner is None:
        return Claim(envelope, None, reason, key, senders=senders)
    check = owner.partner.cxml.check
    if CredentialRole.SENDER in check:
        valid = tuple(one for key, _, one in by_role[CredentialRole.SENDER] if key in owner.senders)
        senders, reason = valid or senders, "" if valid else "Sender may not send for this partner"
    if CredentialRole.TO in check and owner.us.isdisjoint(keys[CredentialRole.TO]):
        reason = reason or "To is not us"
    marked = any(test for key, test, _ in origin if key in owners)
    cxml = owner.partner.cxml
    return Claim(
        envelope, owner.partner, reason, key, marked, senders, cxml.authenticate, cxml.addresses
    )


def read_login(envelope: Envelope, owners: Mapping[IdentityKey, Owner], addressee: str) -> Claim:
    """Return what a login at the address of the partner `addressee` claims: to be that partner."""
    senders = [one for one in envelope.credentials if one.role is CredentialRole.SENDER]
    keyed = [(identity_key(one.domain, one.identity)[0], one) for one in senders[:MAX_CREDENTIALS]]
    named = [(owners[key].partner, key, one) for key, one in keyed if key in owners]
    theirs = [(partner, key, one) for partner, key, one in named if partner.id == addressee]
    if not theirs:
        key = keyed[0][0] if keyed else ("", "")
        whose = f"belongs to {named[0][0].id}" if named else "is nobody's"
        reason = f"at the address of {addressee[:60]}, and this login {whose}"
        return Claim(envelope, None, reason, key, senders=tuple(one for _, one in keyed))
    partner, key, _ = theirs[0]
    presented = tuple(one for _, _, one in theirs)
    return Claim(envelope, partner, "", key, senders=presented, proofs=LOGIN_PROOFS)


def read_exchange(envelope: Envelope, owners: Mapping[IdentityKey, Owner], addressee: str) -> Claim:
    """Return what the envelope of an interchange claims, of EDIFACT or X12.

    Its From is whose identity and qualifier it names, its To must be us. A credential in Sender is
    what the transport brought as proof; `addressee` is whose own folder or address it came to.
    """
    by_role = {
        role: [
            (identity_key(domain_of(one.domain), one.identity)[0], one)
            for one in envelope.credentials[:MAX_CREDENTIALS]
            if one.role is role
        ]
        for role in CredentialRole
    }
    origin = [key for key, _ in by_role[CredentialRole.FROM]]
    key = origin[0] if origin else ("", "")
    senders = tuple(one for _, one in by_role[CredentialRole.SENDER])
    owner = owners.get(key)
    if owner is None:
        return Claim(envelope, None, "its sender is no known partner", key, senders=senders)
    reason = ""
    if owner.us.isdisjoint(key for key, _ in by_role[CredentialRole.TO]):
        reason = "its recipient is not us"
    if addressee and owner.partner.id != addressee:
        reason = f"came to the address of {addressee[:60]}"
    proofs = tuple(EXCHANGE_PROOFS[one] for one in owner.partner.edi.authenticate)
    return Claim(
        envelope,
        owner.partner,
        reason,
        key,
        senders=senders,
        proofs=proofs,
        networks=owner.partner.edi.addresses,
    )


def _owner(
    keys: Mapping[CredentialRole, list[IdentityKey]], owners: Mapping[IdentityKey, Owner]
) -> tuple[Owner | None, str]:
    """Return whose From this is, or whose Sender if that partner's From is not checked."""
    named = {id(owners[key]): owners[key] for key in keys[CredentialRole.FROM] if key in owners}
    if len(named) > 1:
        return None, "From names several partners"
    if named:
        return next(iter(named.values())), ""
    sending = {id(owners[key]): owners[key] for key in keys[CredentialRole.SENDER] if key in owners}
    for owner in sending.values():
        if len(sending) == 1 and CredentialRole.FROM not in owner.partner.cxml.check:
            return owner, ""
    return None, "From is no known partner"
