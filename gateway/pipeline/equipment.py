"""Name what the pipeline works with, as one argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from canonical.document import Document
from canonical.wire import Codec, Credential, CredentialRole, Envelope
from gateway.ambient import Ambient
from gateway.partners.directory import Identified, Refused
from gateway.partners.keyring import Keyring
from gateway.partners.model import Partner
from gateway.pipeline.contract import Handler
from gateway.pipeline.jobs import Engine
from gateway.store.database import Database
from gateway.store.payloads import PayloadArchive

if TYPE_CHECKING:
    from mappings.engine.library import Library


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


@dataclass(frozen=True, slots=True)
class Equipment:
    """Hold it; `library` gives a partner's mappings, `domain` ends our own message ids.

    `name` is that of the supplier, for documents that have to say it.
    """

    database: Database
    archive: PayloadArchive
    codecs: Mapping[str, Codec]
    partners: PartnerBook
    library: "Callable[[Partner], Library]"
    engine: Engine
    ambient: Ambient = field(default_factory=Ambient)
    handlers: Mapping[type[Document], Handler] = field(default_factory=dict)
    domain: str = "punchout-edi-gateway"
    name: str = ""

    def own_envelope(
        self, partner: Partner | None = None, *, test: bool = False, proof: bool = False
    ) -> Envelope:
        """Return the envelope of something that we send.

        `proof` puts our secret in: never for what travels through a browser.
        """
        credentials = () if partner is None else self._credentials(partner, proof=proof)
        return Envelope(
            message_id=f"{self.ambient.new_id()}@{self.domain}",
            sent_at=self.ambient.now(),
            credentials=credentials,
            user_agent=self.domain,
            test=test,
        )

    def _credentials(self, partner: Partner, *, proof: bool) -> tuple[Credential, ...]:
        us, them = partner.us, partner.identity
        secret = self.partners.keyring(partner.id).ours if proof else None
        return (
            Credential(role=CredentialRole.FROM, domain=us.domain, identity=us.identity),
            Credential(role=CredentialRole.TO, domain=them.domain, identity=them.identity),
            Credential(
                role=CredentialRole.SENDER,
                domain=us.domain,
                identity=us.identity,
                secret=None if secret is None else secret.reveal(),
            ),
        )
