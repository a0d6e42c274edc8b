"""A buyer's envelope carries the identities and the proof that its system would send."""

import pytest

from canonical.wire import CredentialRole
from gateway.buyer.account import Account, account_of
from gateway.errors import ConfigurationError
from gateway.partners.profile import Buyer, BuyerCredentials, Profile
from gateway.settings.model import Identity
from protocols.cxml.credentials import MacState, verify
from tests.gateway.buyer.moments import NOON
from tests.gateway.punchout.world import make_partner

BUYER = Identity(domain="DUNS", identity="111")
SUPPLIER = Identity(domain="DUNS", identity="222")
NETWORK = Identity(domain="AribaNetworkUserId", identity="sysadmin@ariba.com")


def make_account(*, test: bool = False, **system: object) -> Account:
    return Account(
        partner="p",
        url="http://127.0.0.1/cxml",
        buyer=BUYER,
        supplier=SUPPLIER,
        secret="s3cret",
        system=Buyer.model_validate(system),
        test=test,
    )


def test_a_plain_system_sends_its_own_secret():
    envelope = make_account().envelope("PunchOutSetupRequest", "id-1", NOON)
    roles = [(entry.role, entry.identity) for entry in envelope.credentials]
    assert roles == [
        (CredentialRole.FROM, "111"),
        (CredentialRole.TO, "222"),
        (CredentialRole.SENDER, "111"),
    ]
    assert envelope.credentials[-1].secret == "s3cret"
    assert (envelope.message_id, envelope.sent_at) == ("id-1", NOON)


def test_a_network_sends_for_the_buyer_with_several_credentials():
    credentials = BuyerCredentials(
        sender="network",
        network=NETWORK,
        more_from=(NETWORK,),
        more_to=(Identity(domain="internalsupplierid", identity="S-1"),),
        test_suffix="-T",
    )
    account = make_account(test=True, credentials=credentials)
    envelope = account.envelope("PunchOutSetupRequest", "id-1", NOON)
    assert [entry.identity for entry in envelope.credentials] == [
        "111-T",
        "sysadmin@ariba.com-T",
        "222-T",
        "S-1-T",
        "sysadmin@ariba.com",
    ]


def test_orders_go_without_a_secret_where_the_system_leaves_it_out():
    account = make_account(order_secret=False)
    assert account.envelope("OrderRequest.new", "1", NOON).credentials[-1].secret is None
    assert account.envelope("PunchOutSetupRequest", "1", NOON).credentials[-1].secret == "s3cret"


def test_a_digest_proves_the_secret_without_showing_it():
    account = make_account(authentication="mac")
    envelope = account.envelope("PunchOutSetupRequest", "1", NOON)
    sender = envelope.credentials[-1]
    assert sender.secret is None
    assert verify(sender, [envelope.credentials[0]], "s3cret", NOON) is MacState.VALID
    assert verify(sender, [envelope.credentials[0]], "other", NOON) is MacState.WRONG


def test_the_secret_shows_in_no_repr():
    assert "s3cret" not in repr(make_account())


def account_by(face: str | None, *domains: str) -> Account:
    identities = [{"domain": domain, "identity": "7"} for domain in domains]
    partner = make_partner(identities=identities)
    profile = Profile(profile="generic", title="Any system")
    return account_of(partner, profile, "https://shop.example.com/", "s3cret", face)


def test_the_first_identity_says_the_face_unless_one_is_named():
    assert account_by(None, "PEPPOL", "DUNS").syntax == "ubl"
    account = account_by("cxml", "PEPPOL", "DUNS")
    assert (account.syntax, account.login, account.takes_carts_back) == ("cxml", None, True)
    assert not account_by("ubl", "PEPPOL").orders


@pytest.mark.parametrize(("face", "domain"), [("oci", "OCI"), ("cxml", "NetworkId")])
def test_a_face_without_identity_is_refused_with_the_faces_there_are(face, domain):
    with pytest.raises(ConfigurationError) as refused:
        account_by(face, "PEPPOL")
    assert "its faces: ubl (Peppol Punch Out)" in str(refused.value)
    assert f"{{domain: {domain}, identity: ...}}" in str(refused.value)
