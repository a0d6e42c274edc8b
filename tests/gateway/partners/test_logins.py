"""An identity's domain says by which punchout protocol its people come."""

import pytest

from gateway.partners.logins import LOGIN_DOMAINS, face_of


@pytest.mark.parametrize(("syntax", "domain"), LOGIN_DOMAINS.items())
def test_who_logs_in_comes_by_that_protocol_however_the_domain_is_spelt(
    syntax: str, domain: str
) -> None:
    assert face_of(domain) == face_of(f" {domain.lower()} ") == syntax


@pytest.mark.parametrize("domain", ["NetworkId", "DUNS", "", "OCIX"])
def test_who_does_not_log_in_comes_by_cxml(domain: str) -> None:
    assert face_of(domain) == "cxml"
