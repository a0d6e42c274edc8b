"""What the machine refuses is told in a sentence that names it, never by a traceback."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.ports import free_port

Gateway = Callable[..., Result]


@pytest.mark.parametrize("command", [("db", "upgrade"), ("messages", "list"), ("check",)])
def test_a_file_where_the_data_folder_belongs_is_named(
    gateway: Gateway, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "data").write_text("no folder")
    result = gateway(*command)
    assert "Traceback" not in result.output
    if command != ("check",):
        assert result.exit_code == 3
        assert result.stderr == f"gateway: {tmp_path}/data: File exists\n"


@pytest.mark.parametrize(
    "command", [("db", "upgrade"), ("messages", "list"), ("run",), ("worker",)]
)
def test_a_database_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    url = f"postgresql+psycopg://gateway:hunter2@127.0.0.1:{free_port()}/orders"
    (tmp_path / "gateway.toml").write_text(f'port = 0\n[database]\nurl = "{url}"\n')
    ended = _process(tmp_path, *command)
    assert ended.returncode == 4
    assert ended.stderr.startswith("gateway: the database postgresql+psycopg://gateway:***@127")
    assert "Connection refused" in ended.stderr
    assert "hunter2" not in ended.stdout + ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_file_that_is_no_database_is_named(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/gateway.sqlite").write_text("no database, but long enough to be looked at")
    result = gateway("messages", "list")
    assert result.exit_code == 4
    assert "gateway.sqlite cannot be used: file is not a database" in result.stderr


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_that_starts_alone_asks_for_a_prepared_database(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "gateway.toml").write_text("port = 0\n")
    (tmp_path / "data").mkdir()
    ended = _process(tmp_path, command)
    assert ended.returncode == 4
    assert "bring it there with: gateway db upgrade" in ended.stderr


def test_a_pipe_that_closed_is_no_file_of_ours(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "gateway.cli", "partner", "list", "--json"]
    with os.fdopen(writing, "w") as closed:
        ended = subprocess.run(
            words, cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize(
    "words", [("db", "upgrade"), ("secrets", "seal", "--secret-stdin"), ("messages", "list")]
)
def test_orders_and_keys_are_nobody_elses_on_the_machine(
    gateway: Gateway, tmp_path: Path, words: tuple[str, ...]
) -> None:
    gateway(*words, given="x")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("group", ["buyer", "core", "edi", "map", "messages", "partner"])
def test_what_a_command_does_is_never_cut_short(gateway: Gateway, group: str) -> None:
    listed = gateway(group, "--help").output.partition("Commands:")[2]
    assert listed.strip()
    assert "..." not in listed


def _process(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process: what a part of the gateway sets up for itself ends with it."""
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *words, "--workspace", str(workspace)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
