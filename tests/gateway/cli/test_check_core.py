"""`gateway check` reads the core's files and its token, so that `gateway run` has no surprise."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Gateway = Callable[..., Result]
ROOT = Path(__file__).parents[3]
NEW = ("--supplier", "DUNS:9", "--secret-stdin", "--identity", "NetworkId:1", "--customer")


@pytest.fixture
def workspace(gateway: Gateway, tmp_path: Path) -> Path:
    """Return a workspace in order: one partner, and the demo's core."""
    gateway("init", str(tmp_path))
    shutil.copytree(ROOT / "examples/demo/core", tmp_path / "core", dirs_exist_ok=True)
    assert gateway("partner", "new", "acme", *NEW, "10001", given="x").exit_code == 0
    return tmp_path


def test_files_in_order_are_nothing_to_tell(gateway: Gateway, workspace: Path) -> None:
    assert workspace.is_dir()
    assert (gateway("check").exit_code, gateway("check").stdout) == (0, "")


def test_a_fault_in_the_files_is_an_error_with_its_line(gateway: Gateway, workspace: Path) -> None:
    file = workspace / "core" / "stock.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace(lines[3].split(",")[2].strip(), "many")
    file.write_text("".join(lines), "utf-8")
    result = gateway("check")
    assert result.exit_code == 1
    assert result.stdout.startswith("core/stock.csv:4: CORE-006 on_hand: ")


def test_a_customer_that_the_core_has_not_is_a_warning(gateway: Gateway, workspace: Path) -> None:
    file = workspace / "partners/acme/partner.yaml"
    file.write_text(file.read_text("utf-8").replace('"10001"', '"1001"'), "utf-8")
    for words in (("check",), ("check", "acme")):
        result = gateway(*words)
        assert result.exit_code == 0
        assert result.stdout == (
            "partners/acme/partner.yaml: warning: customer: the core has no customer "
            '"1001" -- did you mean 10001?\n'
        )


def test_a_folder_without_files_is_a_warning(gateway: Gateway, workspace: Path) -> None:
    for file in (workspace / "core").iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    result = gateway("check")
    assert result.exit_code == 0
    assert "gateway.toml: warning: core.folder: there is nothing in core, so" in result.stdout
    (workspace / "core").rmdir()
    assert gateway("check").stdout == result.stdout


def test_a_token_that_leads_nowhere_is_an_error(
    gateway: Gateway, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CORE_TOKEN", raising=False)
    text = '[core]\nkind = "rest"\nurl = "https://core.example"\ntoken = "env:CORE_TOKEN"\n'
    (workspace / "gateway.toml").write_text(text)
    result = gateway("check")
    assert result.exit_code == 1
    told = "gateway.toml: core.token: the environment has no variable CORE_TOKEN\n"
    assert result.stdout == told
    monkeypatch.setenv("CORE_TOKEN", "x")
    assert gateway("check").stdout == ""


def test_a_folder_that_looks_like_no_workspace_is_a_warning(
    gateway: Gateway, tmp_path: Path
) -> None:
    result = gateway("check", "--workspace", str(tmp_path))
    assert result.exit_code == 0
    assert "neither gateway.toml nor partners/ is here -- is this the workspace?" in result.stdout
