"""`gateway init` makes a workspace that is in order, takes a partner, and never touches a file."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.settings import load_settings

Gateway = Callable[..., Result]


def test_the_new_workspace_is_in_order_and_takes_a_partner(
    gateway: Gateway, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "place"
    made = gateway("init", str(folder), "--name", 'Nord "Ström" AB', "--identity", "DUNS:77")
    assert made.exit_code == 0, made.output
    assert load_settings(folder).name == 'Nord "Ström" AB'
    words = ("--customer", "1", "--identity", "NetworkId:1", "--secret-stdin")
    added = gateway("partner", "new", "acme", *words, "--workspace", str(folder), given="x")
    assert added.exit_code == 0, added.output
    assert gateway("check", "--workspace", str(folder)).exit_code == 0


def test_key_and_secrets_stay_out_of_git(gateway: Gateway, tmp_path: Path) -> None:
    gateway("init", str(tmp_path))
    gateway("secrets", "seal", "--secret-stdin", given="x")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "acme").write_text("x")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    files = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout
    assert set(files.split()) == {".gitignore", "README.md", "gateway.toml", "partners/.gitkeep"}
    assert (tmp_path / "data" / "gateway.key").exists()


def test_files_that_are_there_are_kept(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert gateway("init", str(tmp_path)).exit_code == 0
    assert (tmp_path / "README.md").read_text() == "mine"
    before = (tmp_path / "gateway.toml").read_bytes()
    again = gateway("init", str(tmp_path), "--name", "Other")
    assert again.exit_code == 3
    assert (tmp_path / "gateway.toml").read_bytes() == before


@pytest.mark.parametrize("address", ["punchout.example.com", "ftp://x", "http://x:99999", ""])
def test_a_workspace_that_would_not_work_is_not_made(
    gateway: Gateway, tmp_path: Path, address: str
) -> None:
    result = gateway("init", str(tmp_path), "--base-url", address)
    assert result.exit_code == 3
    assert "expected an address such as" in result.output
    assert not (tmp_path / "gateway.toml").exists()


@pytest.mark.parametrize(
    ("words", "port"),
    [
        ((), 8080),
        (("--base-url", "http://127.0.0.1:8085"), 8085),
        (("--base-url", "http://127.0.0.1:8085", "--port", "9000"), 9000),
        (("--base-url", "https://punchout.example.com"), 8080),
        (("--base-url", "https://punchout.example.com:8443"), 8080),
        (("--base-url", "http://[::1]:8086"), 8086),
    ],
)
def test_the_gateway_listens_where_its_address_says(
    gateway: Gateway, tmp_path: Path, words: tuple[str, ...], port: int
) -> None:
    assert gateway("init", str(tmp_path), *words).exit_code == 0
    assert load_settings(tmp_path).port == port
