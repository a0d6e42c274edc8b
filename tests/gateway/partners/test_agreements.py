"""What is agreed on EDI is read strictly, and its identities are told from those of other ways."""

import pytest
from pydantic import ValidationError

from gateway.partners.agreements import EdiAgreement, domain_of, qualifier_of
from gateway.settings.model import Identity
from tests.builders import make_partner


@pytest.mark.parametrize(("qualifier", "domain"), [("14", "EDI-14"), ("ZZ", "EDI-ZZ"), ("", "EDI")])
def test_a_qualifier_and_its_domain_lead_to_each_other(qualifier: str, domain: str) -> None:
    assert domain_of(qualifier) == domain
    assert qualifier_of(domain) == qualifier


@pytest.mark.parametrize("domain", ["DUNS", "EDIFACT", "NetworkId", "14"])
def test_other_domains_have_no_qualifier(domain: str) -> None:
    assert qualifier_of(domain) is None


@pytest.mark.parametrize(
    "endpoint", ["folder:/etc", "folder:", "folder:a/../../b", "ftp://x.example", "outbox"]
)
def test_an_endpoint_is_an_address_or_a_folder_of_the_workspace(endpoint: str) -> None:
    with pytest.raises(ValidationError):
        EdiAgreement(endpoint=endpoint)
    assert EdiAgreement(endpoint="folder:outbox/acme/").endpoint == "folder:outbox/acme"


def test_each_syntax_has_the_identities_of_its_own() -> None:
    partner = make_partner(
        identities=(
            Identity(domain="EDI-14", identity="7301234567890"),
            Identity(domain="DUNS", identity="987654321"),
        ),
        supplier=(
            Identity(domain="DUNS", identity="123456789"),
            Identity(domain="EDI-14", identity="7309876543210"),
        ),
    )
    assert partner.identity.domain == "DUNS"
    assert partner.identity_in("edifact").identity == "7301234567890"
    assert (partner.us.domain, partner.us_in("x12").domain) == ("DUNS", "EDI-14")


def test_orders_of_every_syntax_are_taken_by_their_kind() -> None:
    partner = make_partner(orders={"accept": ["new"]})
    taken = ("OrderRequest.new", "ORDERS", "850", "CONTRL", "INVRPT")
    refused = ("OrderRequest.update", "ORDCHG", "860", "ORDCHG.cancellation", "850.cancellation")
    assert all(map(partner.accepts, taken))
    assert not any(map(partner.accepts, refused))


def test_how_long_a_message_may_be_is_agreed_for_both_syntaxes() -> None:
    assert EdiAgreement().x12.message_limit == EdiAgreement().edifact.message_limit == 64 << 20
    agreed = EdiAgreement(message_limit="1 MB")
    assert (agreed.x12.message_limit, agreed.edifact.message_limit) == (1 << 20, 1 << 20)
    with pytest.raises(ValidationError):
        EdiAgreement(message_limit="0 MB")
