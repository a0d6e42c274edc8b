"""One command makes a partner that works at once; another lists them for people and machines."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from canonical.wire import Credential, CredentialRole, Envelope
from gateway.partners.directory import Identified
from gateway.partners.loader import load_partners

Gateway = Callable[..., Result]
NEW = ("partner", "new", "acme", "--profile", "coupa", "--customer", "10001", "--secret-stdin")
IDS = ("--identity", "NetworkId:AN01", "--identity", "DUNS:11:1", "--supplier", "DUNS:999")


def test_the_partner_is_known_by_each_identity_with_the_secret_from_stdin(
    gateway: Gateway, tmp_path: Path
) -> None:
    result = gateway(*NEW, *IDS, "--name", "Acme AB", given="hemlig\n")
    assert result.exit_code == 0, result.output
    assert "hemlig" not in result.output
    for domain, identity in (("NetworkId", "AN01"), ("DUNS", "11:1")):
        credentials = [
            Credential(role=CredentialRole.FROM, domain=domain, identity=identity),
            Credential(role=CredentialRole.TO, domain="DUNS", identity="999"),
            Credential(
                role=CredentialRole.SENDER, domain=domain, identity=identity, secret="hemlig"
            ),
        ]
        envelope = Envelope(message_id="1", credentials=tuple(credentials))
        found = load_partners(tmp_path).identify(envelope, datetime(2026, 1, 31, tzinfo=UTC))
        assert isinstance(found, Identified)
        assert (found.partner.name, found.test) == ("Acme AB", False)


def test_who_we_are_comes_from_the_settings_if_not_given(gateway: Gateway, tmp_path: Path) -> None:
    words = (*NEW, "--identity", "NetworkId:AN01")
    refused = gateway(*words, given="hemlig\n")
    assert refused.exit_code == 3
    assert "identities in gateway.toml" in refused.output
    (tmp_path / "gateway.toml").write_text('identities = [{domain = "DUNS", identity = "9"}]\n')
    assert gateway(*words, given="hemlig\n").exit_code == 0
    assert load_partners(tmp_path).get("acme").us.identity == "9"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((*NEW,), 2, "--identity"),
        ((*NEW, "--identity", "AN01"), 2, "expected DOMAIN:VALUE"),
        ((*NEW, "--identity", ":AN01"), 2, "expected DOMAIN:VALUE"),
        (("partner", "new", "acme", "--profile", "coupas", "--customer", "1", *IDS), 2, "coupas"),
        (("partner", "new", "A B", "--customer", "1", "--secret-stdin", *IDS), 3, "small letters"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(
    gateway: Gateway, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    result = gateway(*words, given="hemlig\n")
    assert result.exit_code == code
    assert told in result.output
    assert not (tmp_path / "partners").exists()


def test_what_the_profile_says_of_punchout_is_kept(gateway: Gateway, tmp_path: Path) -> None:
    words = ["sap-srm" if word == "coupa" else word for word in (*NEW, *IDS)]
    assert gateway(*words, given="hemlig\n").exit_code == 0
    assert load_partners(tmp_path).get("acme").punchout.allow_sapevent


def test_a_taken_id_is_told_before_a_secret_is_asked_for(gateway: Gateway) -> None:
    assert gateway(*NEW, *IDS, given="hemlig\n").exit_code == 0
    words = [word for word in (*NEW, *IDS) if word != "--secret-stdin"]
    again = gateway(*words)
    assert again.exit_code == 3
    assert "exists already" in again.output
    assert "Shared secret" not in again.output


def test_an_empty_secret_or_a_taken_id_is_refused(gateway: Gateway) -> None:
    assert gateway(*NEW, *IDS, given="").exit_code == 3
    assert gateway(*NEW, *IDS, given="x").exit_code == 0
    again = gateway(*NEW, *IDS, given="x")
    assert again.exit_code == 3
    assert "exists already" in again.output


def test_the_secret_can_be_typed_twice_unseen(gateway: Gateway, tmp_path: Path) -> None:
    words = [word for word in (*NEW, *IDS) if word != "--secret-stdin"]
    assert gateway(*words, given="hemlig\nhemlig\n").exit_code == 0
    keyring = load_partners(tmp_path).keyring("acme")
    assert keyring.ours.reveal() == "hemlig"


def test_partners_are_listed_for_people_and_for_machines(gateway: Gateway, tmp_path: Path) -> None:
    assert "no partners yet" in gateway("partner", "list").stderr
    assert json.loads(gateway("partner", "list", "--json").stdout) == []
    gateway(*NEW, *IDS, given="hemlig")
    (tmp_path / "partners" / "broken").mkdir()
    listed = gateway("partner", "list")
    assert listed.exit_code == 0
    assert listed.stdout.split()[:4] == ["acme", "live", "coupa", "10001"]
    assert "gateway check" in listed.stderr
    row = json.loads(gateway("partner", "list", "--json").stdout)[0]
    assert row["identities"][0] == {"domain": "NetworkId", "identity": "AN01"}
    assert "hemlig" not in str(row)


def test_who_sends_orders_without_a_secret_is_told_so_with_the_way_to_take_them(
    gateway: Gateway, tmp_path: Path
) -> None:
    made = gateway(*NEW, *IDS, given="hemlig")
    assert "orders from Coupa carry no shared secret" in made.output
    file = tmp_path / "partners" / "acme" / "partner.yaml"
    text = file.read_text()
    start = text.index("# cxml:")
    block = text[start : text.index("\n\n", start)]
    file.write_text(text.replace(block, block.replace("# ", "")))
    assert gateway("check").exit_code == 0
    credentials = (
        Credential(role=CredentialRole.FROM, domain="NetworkId", identity="AN01"),
        Credential(role=CredentialRole.TO, domain="DUNS", identity="999"),
        Credential(role=CredentialRole.SENDER, domain="NetworkId", identity="AN01"),
    )
    envelope = Envelope(message_id="1", credentials=credentials)
    partners, at = load_partners(tmp_path), datetime(2026, 1, 31, tzinfo=UTC)
    assert isinstance(partners.identify(envelope, at, remote="192.0.2.7"), Identified)
    assert not isinstance(partners.identify(envelope, at, remote="198.51.100.7"), Identified)


def test_who_sends_a_secret_with_everything_is_told_nothing_about_it(
    gateway: Gateway, tmp_path: Path
) -> None:
    words = [word if word != "coupa" else "ariba" for word in NEW]
    made = gateway(*words, *IDS, given="hemlig")
    assert made.exit_code == 0, made.output
    assert "carry no shared secret" not in made.output
    text = (tmp_path / "partners" / "acme" / "partner.yaml").read_text()
    assert "carry no shared secret" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("identities", "told"),
    [
        (("OCI:shopper",), ["/oci/acme"]),
        (("peppol:shopper",), ["/peppol/punchout/acme"]),
        (("DUNS:1",), ["/cxml"]),
        (("oci:a", "PEPPOL:b", "DUNS:1"), ["/oci/acme", "/peppol/punchout/acme", "/cxml"]),
    ],
)
def test_a_partner_is_told_the_addresses_that_its_identities_are_for(
    gateway: Gateway, identities: tuple[str, ...], told: list[str]
) -> None:
    words = [word for identity in identities for word in ("--identity", identity)]
    result = gateway(*NEW, *words, "--supplier", "DUNS:999", given="hemlig\n")
    assert result.exit_code == 0, result.output
    addresses = re.findall(r"http://\S+?(/\S+)", result.output)
    assert addresses == told
    assert gateway("check").exit_code == 0
