"""Define what is known of one partner: the strict shape of `partners/<id>/partner.yaml`.

All defaults come from the partner's profile (`mappings/profiles/<profile>.yaml`) first and from
here last. Secrets are references; `gateway.partners.vault` turns them into values.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, IPvAnyNetwork, JsonValue, StringConstraints

from canonical.identifiers import Identifier
from canonical.rules.judgement import Consequence, OrderPolicy
from canonical.wire import CredentialRole, Dialect
from gateway.partners.agreements import FLAT, EdiAgreement, qualifier_of
from gateway.partners.agreements import SYNTAXES as EDI_SYNTAXES
from gateway.partners.limits import Limits, XmlCharset
from gateway.partners.logins import LOGIN_DOMAINS, OciLogin, UblLogin
from gateway.settings.model import Identity, SecretReference, Section, Text, Url

TEST_SUFFIX: Final = "-T"
TEST_DOMAIN: Final = "networkid"
"""Where an id with that suffix is the test twin of the one without."""
ID_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"

MESSAGES: Final = (
    "*",
    "PunchOutSetupRequest",
    "PunchOutSetupResponse",
    "PunchOutOrderMessage",
    "OrderRequest",
    "ConfirmationRequest",
    "StatusUpdateRequest",
    "ProfileRequest",
    "ProfileResponse",
    "Response",
)
"""Message names that a version can be set for; `*` stands for the others."""


def read_message_name(value: str) -> str:
    """Return the name of a message that we know."""
    if value not in MESSAGES:
        message = f"expected one of {', '.join(MESSAGES)}"
        raise ValueError(message)
    return value


def read_version(value: str) -> str:
    """Return a version of the cXML DTDs."""
    if not re.fullmatch(r"\d\.\d\.\d{3}", value):
        message = "expected a DTD version such as 1.2.050"
        raise ValueError(message)
    return value


def read_host(value: str) -> str:
    """Return a host name in small letters, `*.` before it for all hosts below."""
    host = value.strip().lower()
    if not re.fullmatch(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:]+\]", host):
        message = "expected a host such as buyer.example.com or *.example.com, without https://"
        raise ValueError(message)
    return host


Version = Annotated[str, AfterValidator(read_version)]
HostName = Annotated[str, AfterValidator(read_host)]
ProofKind = Literal["secret", "mac", "address"]
MessageName = Annotated[str, AfterValidator(read_message_name)]


UnitCode = Annotated[str, StringConstraints(min_length=1, max_length=35)]


class State(StrEnum):
    """Say how far a partner may go: `testing` runs everything but delivers no order."""

    TESTING = "testing"
    LIVE = "live"
    BLOCKED = "blocked"


class Operation(StrEnum):
    """Name what a punchout may do with a cart."""

    CREATE = "create"
    EDIT = "edit"
    INSPECT = "inspect"
    SOURCE = "source"


class OrderKind(StrEnum):
    """Name what an order message may do."""

    NEW = "new"
    UPDATE = "update"
    DELETE = "delete"


ORDER_KINDS: Final = {
    **{f"OrderRequest.{kind}": kind for kind in OrderKind},
    "ORDERS": OrderKind.NEW,
    "850": OrderKind.NEW,
    "ORDCHG": OrderKind.UPDATE,
    "860": OrderKind.UPDATE,
    "ORDERS.cancellation": OrderKind.DELETE,
    "ORDCHG.cancellation": OrderKind.DELETE,
    "850.cancellation": OrderKind.DELETE,
    "860.cancellation": OrderKind.DELETE,
}
"""What the messages that carry orders do, by name."""


class Secrets(Section):
    """Refer to the shared secret in two slots, so that it can be changed without a gap."""

    current: SecretReference | None = None
    previous: SecretReference | None = None
    outgoing: SecretReference | None = None
    """What we send in documents to them; the current one if not given."""


class CxmlDialect(Section):
    """Say how this partner writes and wants cXML."""

    strict: bool = False
    """Refuse documents that break the DTD; otherwise deviations are findings."""
    versions: dict[MessageName, Version] = Field(default_factory=dict)
    """DTD version per message name, `*` for the others."""
    doctype_host: HostName | None = None
    """Host in the DOCTYPE of what we send, instead of xml.cxml.org."""
    form_encoding: Literal["base64", "urlencoded"] = "base64"
    charset: XmlCharset = "UTF-8"
    timestamp: Literal["offset", "zulu", "bare"] = "offset"
    authenticate: Annotated[tuple[ProofKind, ...], Field(min_length=1)] = ("secret", "mac")
    """Proofs that are taken from this partner; `address` only from documents without another."""
    addresses: tuple[IPvAnyNetwork, ...] = ()
    """Networks that a document without a secret may come from, if `authenticate` has address."""
    all_identities: bool = False
    """From and To of what we send name all our and their identities, the preferred ones first."""
    test_ids: bool = False
    """Test documents go between the test twins of NetworkIds, which end in `-T`."""
    check: Annotated[tuple[CredentialRole, ...], Field(min_length=1)] = (
        CredentialRole.FROM,
        CredentialRole.TO,
        CredentialRole.SENDER,
    )
    """Roles whose identity must be known: From and Sender theirs, To ours."""


class Punchout(Section):
    """Say how this partner's people shop."""

    shop: Literal["embedded", "external"] = "embedded"
    external_url: Url | None = None
    """Where the supplier's own shop takes a session, if `shop` is external."""
    external_secret: SecretReference | None = None
    """Signs the link to it and the cart that comes back."""
    session_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    operations: tuple[Operation, ...] = tuple(Operation)
    users: Literal["any", "approved", "service"] = "any"
    """Who may shop: anybody they send, only the customer's orderers in the core, or all as one."""
    frame_ancestors: tuple[Text, ...] = ()
    """Origins that may show the shop in a frame; none given: only those of the return address."""
    return_hosts: tuple[HostName, ...] = ()
    """Hosts that a cart may be returned to, `*.example.com` for all below; none given: any."""
    name_contract: bool = False
    """Lines that name no agreement of the buyer's carry the customer's contract in the core."""
    name_supplier: bool = False
    """Lines that name no supplier of their own name us, as the first of `supplier` that is no
    login: buyers who hold goods of several suppliers in one requisition may need it."""
    properties: tuple[Text, ...] = ()
    """Names of the product's properties that go home with it, `*` for all of them."""
    allow_http: bool = False
    """Return carts to plain http addresses too."""
    allow_sapevent: bool = False
    """Return carts to `SAPEVENT:POST`, which only the browser inside SAP GUI understands."""


class ResponseDelivery(Section):
    """Say where answers to orders go, and which."""

    url: Url
    documents: tuple[Literal["OrderResponse", "StatusUpdate"], ...] = ("OrderResponse",)


class Orders(Section):
    """Say which orders are taken and how strictly they are judged."""

    accept: tuple[OrderKind, ...] = (OrderKind.NEW, OrderKind.UPDATE, OrderKind.DELETE)
    price_tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.005")
    """How far an ordered price may differ from the contract price, in the order's currency."""
    price_tolerance_percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(0)
    """The same as a share of the contract price; the larger of the two holds."""
    total_tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.05")
    """How far an order's total may differ from the sum of its lines."""
    decisions: dict[str, Consequence] = Field(default_factory=dict)
    """What a rule's finding leads to, by its code, instead of the rule's own default."""
    response: ResponseDelivery | None = None

    @property
    def policy(self) -> OrderPolicy:
        """Return what the order rules go by."""
        return OrderPolicy(
            consequences=dict(self.decisions),
            price_tolerance=self.price_tolerance,
            price_tolerance_percent=self.price_tolerance_percent,
            total_tolerance=self.total_tolerance,
        )


class Units(Section):
    """Say how this partner spells units; `gateway.partners.overlays` makes a table of it.

    Steps of reading: this, the workspace's own `tables/uom/units.csv`, UN/ECE Rec 20, names of
    units, `default`. All but this and Rec 20's own codes leave a note.
    """

    written: dict[UnitCode, UnitCode] = Field(default_factory=dict)
    """Their spelling of a code of UN/ECE Rec 20 in what they get: `EA: EACH`."""
    read: dict[UnitCode, UnitCode] = Field(default_factory=dict)
    """Rec 20 code of a spelling in what they send, beside those of `written` turned round."""
    default: UnitCode | None = None
    """What a unit that no step knows is read as, with a warning; none given: see `unknown`."""
    unknown: Literal["refuse", "warn"] = "refuse"
    """What follows from a unit that no step knows: the document stops, or a warning goes with it
    and the unit stays as it was sent."""


class ClassificationChoice(Section):
    """Say which classification goes home and how this partner spells it."""

    scheme: Text | None = None
    """The classification of our products that they want (UNSPSC, eClass); none given: all."""
    version: Text | None = None
    """Its version; products of another version keep their code, and a finding says so."""
    domain: Text | None = None
    """How they spell its name; as in `scheme` if not given."""
    fallback: Text | None = None
    """The code for products that have none."""


class Preferences(Section):
    """Hold what a profile can say for all partners who use the same system."""

    senders: tuple[Identity, ...] = ()
    """Networks that send for them, as named in Sender; other partners may name the same."""
    cxml: CxmlDialect = CxmlDialect()
    oci: OciLogin = OciLogin()
    ubl: UblLogin = UblLogin()
    edi: EdiAgreement = EdiAgreement()
    punchout: Punchout = Punchout()
    orders: Orders = Orders()
    units: Units = Units()
    classification: ClassificationChoice = ClassificationChoice()
    limits: Limits = Limits()
    mappings: dict[Text, dict[str, JsonValue]] = Field(default_factory=dict)
    """Overrides of mappings by name, over the shipped ones and under the partner's own files."""


class Partner(Preferences):
    """Hold one partner, as its file and its profile together say."""

    id: Annotated[str, StringConstraints(pattern=ID_PATTERN)]
    """Name of the partner's folder."""
    name: Text
    profile: Text = "generic"
    customer: Text
    """The customer's number in the core."""
    state: State = State.TESTING
    identities: Annotated[tuple[Identity, ...], Field(min_length=1)]
    """Who they are in From and Sender; several are met. No two partners share one."""
    supplier: tuple[Identity, ...] = ()
    """Who we are for them: To in what they send, From in what we send; the first is preferred.

    Without any, the loader puts in `identities` of gateway.toml.
    """
    secrets: Secrets = Secrets()

    def dialect_of(self, syntax: str) -> Dialect:
        """Return how a syntax is written for this partner; one without a section is plain."""
        if syntax == "cxml":
            return self.dialect
        if syntax in EDI_SYNTAXES:
            return self.edi.edifact if syntax == "edifact" else self.edi.x12
        if syntax == FLAT:
            return self.edi.flat_of(self.id)
        sections: dict[str, OciLogin | UblLogin] = {"oci": self.oci, "ubl": self.ubl}
        return sections[syntax].dialect if syntax in sections else Dialect()

    @property
    def dialect(self) -> Dialect:
        """Return how cXML is written for this partner."""
        cxml = self.cxml
        return Dialect(
            versions=dict(cxml.versions),
            charset=cxml.charset,
            doctype_host=cxml.doctype_host,
            form_encoding=cxml.form_encoding,
            timestamp=cxml.timestamp,
            strict=cxml.strict,
        )

    @property
    def dialects(self) -> tuple[Dialect, ...]:
        """Return the dialects of what we send to this partner: cXML, and what it logs in by."""
        domains = {identity.domain.upper() for identity in self.identities}
        used = (syntax for syntax, domain in LOGIN_DOMAINS.items() if domain in domains)
        return (self.dialect, *map(self.dialect_of, used))

    @property
    def identity(self) -> Identity:
        """Return who they are in what we send by cXML."""
        return self.identity_in("cxml")

    @property
    def us(self) -> Identity:
        """Return who we are in what we send by cXML."""
        return self.us_in("cxml")

    @property
    def our_ids(self) -> tuple[Identifier, ...]:
        """Return all that we are called by this partner, as documents name companies."""
        return tuple(Identifier(value=one.identity, scheme=one.domain) for one in self.supplier)

    def identity_in(self, syntax: str) -> Identity:
        """Return who they are in what we send: their first identity of that syntax, no login."""
        return _first(self.identities, syntax)

    def us_in(self, syntax: str) -> Identity:
        """Return who we are in what we send: our first identity of that syntax for them."""
        return _first(self.supplier, syntax)

    def parties(self, *, test: bool) -> tuple[tuple[Identity, ...], tuple[Identity, ...]]:
        """Return whom From and To of a cXML document of ours name: us, and them, preferred first.

        Networks keep a twin of each NetworkId for tests; what goes between those names them.
        """
        ours, theirs = (
            (self.us_in("cxml"), *_others(self.supplier)),
            (self.identity_in("cxml"), *_others(self.identities)),
        )
        named = (tuple(dict.fromkeys(party)) for party in (ours, theirs))
        if not self.cxml.all_identities:
            named = (party[:1] for party in named)
        twins = test and self.cxml.test_ids
        us, them = (tuple(map(_twin, party)) if twins else party for party in named)
        return us, them

    def accepts(self, message: str) -> bool:
        """Tell whether this partner may send a message of that name at all."""
        kind = ORDER_KINDS.get(message)
        return kind is None or kind in self.orders.accept


def _others(identities: tuple[Identity, ...]) -> tuple[Identity, ...]:
    logins = {domain.casefold() for domain in LOGIN_DOMAINS.values()}
    return tuple(
        one
        for one in identities
        if qualifier_of(one.domain) is None and one.domain.strip().casefold() not in logins
    )


def _twin(identity: Identity) -> Identity:
    """Return the identity that stands for this one in tests."""
    if identity.domain.strip().casefold() != TEST_DOMAIN or identity.identity.endswith(TEST_SUFFIX):
        return identity
    return identity.model_copy(update={"identity": f"{identity.identity.strip()}{TEST_SUFFIX}"})


def _first(identities: tuple[Identity, ...], syntax: str) -> Identity:
    logins = {domain.casefold() for domain in LOGIN_DOMAINS.values()}
    exchanged = syntax in (*EDI_SYNTAXES, FLAT)
    named = (
        one
        for one in identities
        if (qualifier_of(one.domain) is not None) == exchanged
        and one.domain.strip().casefold() not in logins
    )
    return next(named, identities[0])
