"""Secrets come in by standard input, go out sealed, and change without a gap."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from gateway.partners.loader import load_partners
from gateway.partners.vault import Vault

Gateway = Callable[..., Result]
NEW = ("partner", "new", "acme", "--customer", "1", "--supplier", "DUNS:9", "--secret-stdin")


def slots(workspace: Path) -> tuple[str, str]:
    keyring = load_partners(workspace).keyring("acme")
    assert keyring.current
    assert keyring.previous
    return keyring.current.reveal(), keyring.previous.reveal()


def test_a_sealed_secret_opens_in_its_workspace_only(gateway: Gateway, tmp_path: Path) -> None:
    result = gateway("secrets", "seal", "--secret-stdin", given="hemlig\n")
    assert result.exit_code == 0
    assert "hemlig" not in result.output
    assert Vault(tmp_path).resolve(result.stdout.strip()).reveal() == "hemlig"
    assert gateway("secrets", "seal", "--secret-stdin", given="").exit_code == 3


def test_a_new_secret_keeps_the_one_before_it(gateway: Gateway, tmp_path: Path) -> None:
    gateway(*NEW, "--identity", "NetworkId:1", given="one")
    for given, expected in (("two", ("two", "one")), ("three", ("three", "two"))):
        result = gateway("secrets", "set", "acme", "--secret-stdin", given=given)
        assert result.exit_code == 0, result.output
        assert given not in result.output.replace("acme", "")
        assert slots(tmp_path) == expected


def test_a_new_key_changes_no_secret(gateway: Gateway, tmp_path: Path) -> None:
    gateway(*NEW, "--identity", "NetworkId:1", given="one")
    gateway("secrets", "set", "acme", "--secret-stdin", given="two")
    key = (tmp_path / "data" / "gateway.key").read_text()
    result = gateway("secrets", "rotate-key")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 secret(s)")
    assert (tmp_path / "data" / "gateway.key").read_text() != key
    assert slots(tmp_path) == ("two", "one")


def test_a_lost_key_is_told_with_the_way_out(gateway: Gateway, tmp_path: Path) -> None:
    gateway(*NEW, "--identity", "NetworkId:1", given="one")
    (tmp_path / "data" / "gateway.key").unlink()
    checked = gateway("check")
    assert checked.exit_code == 1
    assert "the workspace key is missing" in checked.stdout
    assert "restore the key, or set the secrets again" in checked.stdout


def test_an_unknown_partner_is_told(gateway: Gateway) -> None:
    result = gateway("secrets", "set", "acme", "--secret-stdin", given="x")
    assert result.exit_code == 3
    assert "no such partner" in result.output
