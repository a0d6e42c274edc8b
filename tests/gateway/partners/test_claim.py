"""Who is named in what we send is who the partner, and the network between us, looks for."""

import pytest

from gateway.partners.claim import identity_key, owners_of
from gateway.partners.model import CxmlDialect
from tests.builders import make_partner

PARTIES = make_partner(
    identities=(
        {"domain": "NetworkId", "identity": "AN01"},
        {"domain": "OCI", "identity": "login"},
        {"domain": "DUNS", "identity": "111"},
    ),
    supplier=({"domain": "NetworkId", "identity": "AN99"}, {"domain": "DUNS", "identity": "999"}),
)


@pytest.mark.parametrize(
    ("cxml", "test", "us", "them"),
    [
        ({}, False, ["AN99"], ["AN01"]),
        ({}, True, ["AN99"], ["AN01"]),
        ({"test_ids": True}, False, ["AN99"], ["AN01"]),
        ({"test_ids": True}, True, ["AN99-T"], ["AN01-T"]),
        ({"all_identities": True}, False, ["AN99", "999"], ["AN01", "111"]),
        ({"all_identities": True, "test_ids": True}, True, ["AN99-T", "999"], ["AN01-T", "111"]),
    ],
)
def test_what_we_send_names_the_ids_that_the_partner_wants(
    cxml: dict[str, bool], test: bool, us: list[str], them: list[str]
) -> None:
    partner = PARTIES.model_copy(update={"cxml": CxmlDialect.model_validate(cxml)})
    ours, theirs = partner.parties(test=test)
    assert [one.identity for one in ours] == us
    assert [one.identity for one in theirs] == them
    owners = owners_of([partner])
    assert {identity_key(one.domain, one.identity)[0] for one in theirs} <= set(owners)
