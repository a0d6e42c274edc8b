"""Secrets come from where their reference points, open only with their key, and never show."""

import copy
import os
import pickle
import stat
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import ConfigurationError
from gateway.partners.vault import MAX_SECRET_BYTES, Secret, Vault


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_KEY", raising=False)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def test_a_sealed_secret_opens_again(vault: Vault) -> None:
    sealed = vault.seal("hemlig åäö")
    assert sealed.startswith("sealed:")
    assert "hemlig" not in sealed
    assert vault.resolve(sealed).reveal() == "hemlig åäö"
    assert Vault(vault.workspace).resolve(sealed).reveal() == "hemlig åäö"


def test_the_key_is_made_on_first_use_for_its_owner_only(vault: Vault) -> None:
    assert not vault.key_file.exists()
    vault.seal("x")
    assert stat.S_IMODE(vault.key_file.stat().st_mode) == 0o600
    assert vault.weaknesses() == []
    vault.key_file.chmod(0o644)
    assert "chmod 600" in vault.weaknesses()[0]
    assert [file.name for file in vault.key_file.parent.iterdir()] == ["gateway.key"]


def test_two_first_uses_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda each: Vault(tmp_path).seal(str(each)), range(16)))
    assert [Vault(tmp_path).resolve(each).reveal() for each in sealed] == [
        str(each) for each in range(16)
    ]


def test_the_key_may_come_from_the_environment(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("GATEWAY_KEY", old)
    sealed = vault.seal("x")
    assert not vault.key_file.exists()
    monkeypatch.setenv("GATEWAY_KEY", f"{new},{old}")
    assert vault.resolve(sealed).reveal() == "x"
    monkeypatch.setenv("GATEWAY_KEY", new)
    with pytest.raises(ConfigurationError, match=r"GATEWAY_KEY.*sealed with another key"):
        vault.resolve(sealed)


def test_a_wrong_missing_or_broken_key_is_told_with_the_way_out(vault: Vault) -> None:
    sealed = vault.seal("x")
    vault.key_file.write_text(Fernet.generate_key().decode())
    with pytest.raises(ConfigurationError, match="restore that key, or set the secret again"):
        vault.resolve(sealed)
    vault.key_file.write_text("not a key")
    with pytest.raises(ConfigurationError, match="not usable"):
        vault.resolve(sealed)
    vault.key_file.write_text("")
    with pytest.raises(ConfigurationError):
        vault.resolve(sealed)
    vault.key_file.unlink()
    with pytest.raises(ConfigurationError, match="key is missing"):
        vault.resolve(sealed)
    assert not vault.key_file.exists()


def test_rotation_opens_old_seals_until_the_old_key_is_forgotten(vault: Vault) -> None:
    before = vault.seal("x")
    vault.rotate()
    after = vault.seal("x")
    assert vault.resolve(before).reveal() == "x"
    vault.forget_old_keys()
    assert vault.resolve(after).reveal() == "x"
    with pytest.raises(ConfigurationError):
        vault.resolve(before)


def test_files_and_variables_lose_only_their_last_newline(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vault.workspace / "s").write_bytes(b" with blanks \r\n")
    assert vault.resolve("file:s").reveal() == " with blanks "
    (vault.workspace / "s").write_bytes(b"two\nlines\n")
    assert vault.resolve(f"file:{vault.workspace / 's'}").reveal() == "two\nlines"
    monkeypatch.setenv("THEIR_SECRET", "x\n")
    assert vault.resolve("env:THEIR_SECRET").reveal() == "x"


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("file:none", "file none cannot be read: No such file"),
        ("file:.", "file . cannot be read: Is a directory"),
        ("file:empty", "file empty is empty"),
        ("file:long", f"longer than {MAX_SECRET_BYTES} bytes"),
        ("file:binary", "is not text in UTF-8"),
        ("file:a\0b", "no file name"),
        ("env:NOT_SET_ANYWHERE", "no variable NOT_SET_ANYWHERE"),
        ("hunter2", "expected a reference that begins with"),
        ("vault:x", "expected a reference that begins with"),
    ],
)
def test_a_reference_that_leads_nowhere_says_why(vault: Vault, reference: str, reason: str) -> None:
    (vault.workspace / "empty").write_text("\n")
    (vault.workspace / "long").write_text("x" * (MAX_SECRET_BYTES + 1))
    (vault.workspace / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError) as caught:
        vault.resolve(reference)
    assert reason in str(caught.value)
    assert "hunter2" not in str(caught.value)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
@given(st.text(max_size=60))
def test_whatever_is_sealed_opens_as_it_was_or_is_refused(vault: Vault, text: str) -> None:
    try:
        sealed = vault.seal(text)
    except ConfigurationError:
        assert not text.strip() or not text.isprintable()
        return
    assert vault.resolve(sealed).reveal() == text.removesuffix("\n").removesuffix("\r")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
@given(st.text(max_size=60))
def test_no_token_does_anything_but_open_or_be_refused(vault: Vault, token: str) -> None:
    vault.seal("x")
    with pytest.raises(ConfigurationError):
        vault.resolve(f"sealed:{token}")


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret("canary-4711")
    assert "canary" not in f"{secret} {secret!r} {[secret]}"
    assert not hasattr(secret, "__dict__")
    for spread in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            spread(secret)


def test_a_failed_unsealing_leaves_no_secret_in_its_traceback(vault: Vault) -> None:
    sealed = vault.seal("canary-4711")
    vault.key_file.write_text(Fernet.generate_key().decode())
    try:
        vault.resolve(sealed)
    except ConfigurationError as error:
        shown = "".join(traceback.format_exception(error))
    assert "canary-4711" not in shown
    assert sealed.removeprefix("sealed:") not in shown
    assert os.environ.get("GATEWAY_KEY") is None
