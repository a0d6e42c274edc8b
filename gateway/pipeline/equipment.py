"""Name what the pipeline works with, as one argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from canonical.document import Document
from canonical.wire import Codec, Credential, CredentialRole, EdiCodec, Envelope
from gateway.ambient import Ambient
from gateway.partners.agreements import qualifier_of
from gateway.partners.directory import Identified, Refused
from gateway.partners.keyring import Keyring
from gateway.partners.model import Partner
from gateway.pipeline.contract import Handler
from gateway.pipeline.jobs import Engine
from gateway.settings.model import Identity
from gateway.store.database import Database
from gateway.store.payloads import PayloadArchive

if TYPE_CHECKING:
    from mappings.engine.library import Library


UNNUMBERED: Final = "1"
"""What an interchange is numbered until it is recorded."""


class PartnerBook(Protocol):
    """Know the partners; `gateway.partners` does."""

    def get(self, partner_id: str) -> Partner:
        """Return a partner; raises `NotFoundError`."""

    def keyring(self, partner_id: str) -> Keyring:
        """Return its secrets."""

    def identify(
        self, envelope: Envelope, now: datetime, *, remote: str = "", addressee: str = ""
    ) -> Identified | Refused:
        """Return who an envelope comes from, or how to refuse it."""

    def identify_exchange(
        self,
        envelope: Envelope,
        now: datetime,
        *,
        remote: str = "",
        addressee: str = "",
        trusted: bool = False,
    ) -> Identified | Refused:
        """Return whose interchange of EDI this is, or how to refuse it."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """Hold it; `library` gives a partner's mappings, `domain` ends our own message ids.

    `edi` are those of the codecs whose interchanges hold many messages, by syntax. `name` is that
    of the supplier, for documents that have to say it.
    """

    database: Database
    archive: PayloadArchive
    codecs: Mapping[str, Codec]
    partners: PartnerBook
    library: "Callable[[Partner], Library]"
    engine: Engine
    ambient: Ambient = field(default_factory=Ambient)
    handlers: Mapping[type[Document], Handler] = field(default_factory=dict)
    edi: Mapping[str, EdiCodec] = field(default_factory=dict)
    domain: str = "punchout-edi-gateway"
    name: str = ""

    def own_envelope(
        self,
        partner: Partner | None = None,
        *,
        test: bool = False,
        proof: bool = False,
        syntax: str = "cxml",
    ) -> Envelope:
        """Return the envelope of something that we send.

        `proof` puts our secret in: never for what travels through a browser. An interchange of EDI
        carries no secret, and gets its control number when it is recorded.
        """
        credentials: tuple[Credential, ...] = ()
        if partner is not None:
            credentials = self._credentials(partner, syntax, proof=proof, test=test)
        known_by = UNNUMBERED if syntax in self.edi else f"{self.ambient.new_id()}@{self.domain}"
        return Envelope(
            message_id=known_by,
            sent_at=self.ambient.now(),
            credentials=credentials,
            user_agent=self.domain,
            test=test,
        )

    def _credentials(
        self, partner: Partner, syntax: str, *, proof: bool, test: bool
    ) -> tuple[Credential, ...]:
        if syntax in self.edi:
            return (
                _exchanged(CredentialRole.FROM, partner.us_in(syntax)),
                _exchanged(CredentialRole.TO, partner.identity_in(syntax)),
            )
        us, them = partner.parties(test=test)
        secret = self.partners.keyring(partner.id).ours if proof else None
        return (
            *(_named(CredentialRole.FROM, one) for one in us),
            *(_named(CredentialRole.TO, one) for one in them),
            _named(CredentialRole.SENDER, us[0], None if secret is None else secret.reveal()),
        )


def _named(role: CredentialRole, identity: Identity, secret: str | None = None) -> Credential:
    return Credential(role=role, domain=identity.domain, identity=identity.identity, secret=secret)


def _exchanged(role: CredentialRole, identity: Identity) -> Credential:
    """Return an identity as an interchange of EDI names it: its domain is the qualifier."""
    qualifier = qualifier_of(identity.domain) or ""
    return Credential(role=role, domain=qualifier, identity=identity.identity)
