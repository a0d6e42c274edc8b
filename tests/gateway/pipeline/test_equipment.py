"""The envelope of what we send names the test twins where a test is answered."""

from canonical.wire import CredentialRole
from tests.builders import make_partner
from tests.gateway.pipeline.conftest import House


def test_a_test_is_answered_from_test_id_to_test_id(house: House) -> None:
    partner = make_partner(
        supplier=[{"domain": "NetworkId", "identity": "AN99"}], cxml={"test_ids": True}
    )

    def named(*, test: bool) -> list[tuple[CredentialRole, str]]:
        envelope = house.equipment.own_envelope(partner, test=test)
        assert envelope.test is test
        return [(one.role, one.identity) for one in envelope.credentials]

    roles = [CredentialRole.FROM, CredentialRole.TO, CredentialRole.SENDER]
    assert named(test=True) == list(zip(roles, ["AN99-T", "BUYER-T", "AN99-T"], strict=True))
    assert named(test=False) == list(zip(roles, ["AN99", "BUYER", "AN99"], strict=True))
