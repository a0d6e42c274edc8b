"""Hold what a buyer was told by its supplier, and how its system behaves.

Made from a partner of the workspace and its profile: the same files that the gateway reads, seen
from the other side.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from canonical.wire import (
    Credential,
    CredentialRole,
    Dialect,
    Envelope,
    MessageAuthentication,
)
from gateway.errors import ConfigurationError
from gateway.partners.limits import Limits
from gateway.partners.logins import LOGIN_DOMAINS, face_of
from gateway.partners.model import Partner
from gateway.partners.profile import Buyer, Profile
from gateway.settings.model import Identity
from protocols.cxml import credentials as cxml_credentials

MAC_LIFE: Final = timedelta(hours=1)
FACES: Final = {"cxml": "cXML", "oci": "OCI", "ubl": "Peppol Punch Out"}
"""Punchout protocols as people call them, by syntax."""


@dataclass(frozen=True, slots=True)
class Account:
    """Hold one buyer's account at one gateway; `url` is where its documents go.

    `secret` never leaves but inside a credential. `domain` is the right-hand side of payloadIDs.
    """

    partner: str
    url: str
    buyer: Identity
    supplier: Identity
    secret: str = field(repr=False)
    syntax: str = "cxml"
    """The punchout protocol; orders are cXML whatever the punchout was."""
    login: Identity | None = None
    """The name that a protocol of logins knows the buyer by."""
    theirs: Dialect = field(default_factory=Dialect)
    """What the supplier was told of the protocol: names of fields, charset."""
    base_url: str = ""
    orders: bool = True
    """Whether orders have a way: an identity in cXML."""
    system: Buyer = field(default_factory=Buyer)
    limits: Limits = field(default_factory=Limits)
    strict: bool = False
    test: bool = False
    domain: str = "buyer.example.com"

    @property
    def face(self) -> str:
        """Return what people call the protocol of the punchout."""
        return FACES[self.syntax]

    @property
    def order_way(self) -> str:
        """Return by which protocol and as whom orders go, whatever the punchout was."""
        if not self.orders:
            return "nothing"
        return f"cXML, from {self.buyer.domain}:{self.buyer.identity}"

    @property
    def takes_carts_back(self) -> bool:
        """Tell whether a cart can go to the shop again, to be changed or looked at."""
        return self.login is None

    def envelope(self, name: str, message_id: str, now: datetime) -> Envelope:
        """Return the envelope of a message of that name, as this system fills it in."""
        network = self.system.credentials
        sender = network.network if network.sender == "network" else None
        credentials = (
            *self._party(CredentialRole.FROM, self.buyer, network.more_from),
            *self._party(CredentialRole.TO, self.supplier, network.more_to),
        )
        proof = Credential(
            role=CredentialRole.SENDER,
            domain=(sender or self.buyer).domain,
            identity=(sender or self.buyer).identity,
        )
        if self.system.order_secret or not name.startswith("OrderRequest"):
            proof = self._proven(proof, credentials[0], now)
        return Envelope(
            message_id=message_id,
            sent_at=now,
            credentials=(*credentials, proof),
            user_agent=self.system.user_agent,
            language="en",
            test=self.test,
        )

    def _proven(self, sender: Credential, origin: Credential, now: datetime) -> Credential:
        """Return `sender` with the secret in it, or with a digest made with it."""
        if self.system.authentication == "secret":
            return msgspec.structs.replace(sender, secret=self.secret)
        created = now.isoformat(timespec="seconds")
        expires = (now + MAC_LIFE).isoformat(timespec="seconds")
        mac = MessageAuthentication(
            algorithm="HMAC-SHA1-96",
            kind=cxml_credentials.MAC_KIND,
            created_at=created,
            expires_at=expires,
            digest="",
        )
        digest = cxml_credentials.compute(mac, sender, origin, secret=self.secret)
        mac = msgspec.structs.replace(mac, digest=digest)
        return msgspec.structs.replace(sender, authentication=mac)

    def _party(
        self, role: CredentialRole, first: Identity, more: tuple[Identity, ...]
    ) -> tuple[Credential, ...]:
        suffix = self.system.credentials.test_suffix if self.test else ""
        return tuple(
            Credential(role=role, domain=entry.domain, identity=entry.identity + suffix)
            for entry in (first, *more)
        )

    @property
    def dialect(self) -> Dialect:
        """Return how this system writes, as far as the codec knows such ways."""
        known = self.system.timestamp in {"offset", "zulu", "bare"}
        return Dialect(
            versions=dict(self.system.versions),
            timestamp=self.system.timestamp if known else "offset",
        )


def faces_of(partner: Partner) -> dict[str, Identity]:
    """Return the faces that a partner has an identity for, each with the first of them."""
    found: dict[str, Identity] = {}
    for identity in partner.identities:
        face = face_of(identity.domain)
        if face is not None:
            found.setdefault(face, identity)
    return found


def account_of(
    partner: Partner, profile: Profile, url: str, secret: str, syntax: str | None = None
) -> Account:
    """Return the account that `partner`'s buyer holds at the gateway behind `url`.

    `syntax` chooses one of the faces that the partner has an identity for, the first if none is
    named. Raises `ConfigurationError` for another.
    """
    faces = faces_of(partner)
    chosen = syntax or next(iter(faces), "cxml")
    if chosen not in faces:
        raise ConfigurationError(_no_face(partner, chosen, tuple(faces)))
    base_url = url.rstrip("/")
    return Account(
        partner=partner.id,
        url=f"{base_url}/cxml",
        buyer=faces.get("cxml", partner.identity),
        supplier=partner.us,
        secret=secret,
        syntax=chosen,
        login=None if chosen == "cxml" else faces[chosen],
        theirs=partner.dialect_of(chosen),
        base_url=base_url,
        orders="cxml" in faces,
        system=profile.buyer,
        limits=partner.limits,
        strict=partner.cxml.strict,
    )


def _no_face(partner: Partner, syntax: str, faces: tuple[str, ...]) -> str:
    """Return why a partner cannot punch out by `syntax`, what it can do, and the way out."""
    known = ", ".join(f"{face} ({FACES[face]})" for face in faces)
    domain = LOGIN_DOMAINS.get(syntax, "NetworkId")
    return (
        f"{partner.id} has no identity for {FACES[syntax]}; its faces: {known}. For one more, add "
        f"{{domain: {domain}, identity: ...}} to identities in its partner.yaml"
    )
