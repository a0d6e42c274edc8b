"""Define what is agreed with one partner on EDIFACT and X12: the section `edi` of its file.

Who they are and who we are stands in `identities` and `supplier`, in the domain `EDI-14` for the
qualifier 14 (GLN), `EDI-ZZ`, or `EDI` for an identity without qualifier. The password that proves
what they post stands in `secrets`, as for every other way in.
"""

from pathlib import PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, IPvAnyNetwork, StringConstraints

from edi.dialect import MESSAGE_LIMIT
from edi.edifact.dialect import EdifactDialect
from edi.flatfile.dialect import FlatDialect
from edi.x12.dialect import X12Dialect
from gateway.settings.model import Section, Size, Text, read_url

DOMAIN: Final = "EDI"
SYNTAXES: Final = ("edifact", "x12")
FLAT: Final = "flat"
"""The syntax of flat files, which have no envelope: they come through a folder only, and leave
under names with numbers."""
FOLDER_SCHEME: Final = "folder:"

ReportName = Literal[
    "OrderResponse",
    "DespatchAdvice",
    "Invoice",
    "CreditNote",
    "Catalogue",
    "InventoryReport",
]
"""Documents that can be agreed to leave for a partner as EDI messages."""
AcknowledgementName = Literal["CONTRL", "APERAK", "997", "999", "TA1"]
Occasion = Literal["always", "errors", "asked", "never"]
"""When something is acknowledged; `asked`: when the sender's envelope asks for it."""
CheckSeverity = Literal["error", "warning", "note", "ignore"]
CharsetName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{1,19}$")]
MessageType = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Z]{6}|\d{3})$")]
MessageVersion = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9. :]{1,34}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
FaultCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+-\d{3}$")]


def domain_of(qualifier: str) -> str:
    """Return the domain of identities with a qualifier of UNB or ISA."""
    return f"{DOMAIN}-{qualifier}" if qualifier else DOMAIN


def qualifier_of(domain: str) -> str | None:
    """Return the qualifier in a domain, or None where the domain is none of EDI."""
    name, _, qualifier = domain.strip().partition("-")
    return qualifier if name.upper() == DOMAIN else None


def read_endpoint(value: str) -> str:
    """Return an address to post to, or `folder:` and a path in the workspace, spelt one way."""
    if not value.startswith(FOLDER_SCHEME):
        return read_url(value)
    path = value.removeprefix(FOLDER_SCHEME).strip()
    if not path or path.startswith("/") or ".." in path.split("/"):
        message = "expected folder: and a path inside the workspace, such as folder:outbox/acme"
        raise ValueError(message)
    return FOLDER_SCHEME + str(PurePosixPath(path))


class EdiAgreement(Section):
    """Say how this partner exchanges EDI with us."""

    syntax: Literal["edifact", "x12"] = "edifact"
    """What we send in; both are read."""
    versions: dict[MessageType, MessageVersion] = Field(default_factory=dict)
    """Directory and association code of a message we send: `ORDRSP: D.96A EAN005`, `*` for the
    others; for X12 `004010`."""
    endpoint: Annotated[str, AfterValidator(read_endpoint)] | None = None
    """Where what we send goes: an http(s) address, or `folder:` and a path in the workspace."""
    documents: tuple[ReportName, ...] = ()
    """What leaves as soon as the core reports it."""
    files: dict[ReportName, Text] = Field(default_factory=dict)
    """What leaves as a flat file instead, each with its schema: `Invoice: invoice-file`."""
    inbox: Text | None = None
    """Folder in the workspace whose files are taken in as sent by this partner."""
    flat: Text | None = None
    """Schema of the flat files in that folder: one of `partners/<id>/flatfiles/`, or a shipped
    one. Without it the files are EDIFACT and X12."""
    authenticate: Annotated[tuple[Literal["password", "address"], ...], Field(min_length=1)] = (
        "password",
    )
    """Proofs of what is posted to /edi: HTTP Basic with their secret as password, or an address."""
    addresses: tuple[IPvAnyNetwork, ...] = ()
    """Networks that may post without a password, if `authenticate` has address."""
    acknowledge: dict[AcknowledgementName, Occasion] = Field(default_factory=dict)
    """When they get which acknowledgement; by default CONTRL and TA1 as asked, 997 and 999 always
    (the one of their version), APERAK never."""
    acknowledged_within_hours: Annotated[int, Field(ge=1, le=8760)] | None = None
    """Hours after which an acknowledgement that they owe us is overdue; none given: none owed."""
    duplicate_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days in which a control number may not come again."""
    gaps: bool = True
    """Notice numbers that are skipped."""
    charset: CharsetName | None = None
    """The charset of what they send, whatever their envelope says."""
    message_limit: Size = MESSAGE_LIMIT
    """Largest message of theirs that is taken in; what is longer is refused, and never held."""
    guide: Text | None = None
    """Name of the guide (`guides/<name>.yaml`) that tightens or loosens what they send."""
    severities: dict[FaultCode, CheckSeverity] = Field(default_factory=dict)
    """What a check leads to, over the guide's and the standard's own."""
    syntax_identifier: Annotated[str, StringConstraints(pattern=r"^UNO[A-Y]$")] = "UNOC"
    """Character set of what we send (UNB S001)."""
    syntax_version: Annotated[int, Field(ge=1, le=4)] = 3
    una: bool = False
    """Begin with UNA even when the separators are the usual ones."""
    substitute: Annotated[str, StringConstraints(max_length=1)] = ""
    """What stands for a character that the charset does not hold; none given: it is a fault."""
    currency: CurrencyCode | None = None
    """What prices are in where their messages name no currency, as many do."""
    application_reference: Text | None = None
    """UNB 0026 of what we send."""
    agreement_id: Text | None = None
    """UNB 0032 of what we send."""

    @property
    def known(self) -> dict[str, str]:
        """Return what mappings know besides a message of theirs, as `context.<name>`."""
        return {} if self.currency is None else {"currency": self.currency}

    @property
    def reported(self) -> frozenset[str]:
        """Return the names of all documents that leave, in whatever form."""
        return frozenset({*self.documents, *self.files})

    def flat_of(self, partner: str, schema: str | None = None) -> FlatDialect:
        """Return how flat files are read and written for this partner, whose id it takes.

        Without a `schema` it is the one of what they send.
        """
        return FlatDialect(
            schema=schema or self.flat or "",
            owner=partner,
            severities=dict(self.severities),
            guide=self.guide,
            substitute=self.substitute,
        )

    @property
    def x12(self) -> X12Dialect:
        """Return how X12 is read and written for this partner."""
        return X12Dialect(
            versions=dict(self.versions),
            substitute=self.substitute,
            reads_as=self.charset,
            message_limit=self.message_limit,
            guide=self.guide,
            severities=dict(self.severities),
            acknowledge={str(name): str(when) for name, when in self.acknowledge.items()},
        )

    @property
    def edifact(self) -> EdifactDialect:
        """Return how EDIFACT is read and written for this partner."""
        return EdifactDialect(
            versions=dict(self.versions),
            identifier=self.syntax_identifier,
            syntax=self.syntax_version,
            una=self.una,
            substitute=self.substitute,
            application=self.application_reference,
            agreement=self.agreement_id,
            reads_as=self.charset,
            message_limit=self.message_limit,
            guide=self.guide,
            severities=dict(self.severities),
            acknowledge={str(name): str(when) for name, when in self.acknowledge.items()},
        )
