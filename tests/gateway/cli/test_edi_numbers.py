"""A person sees which control numbers came, went and are missing."""

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from gateway.app import open_gateway, prepare
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace
from gateway.store.series import next_number, note_number

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["edi", "numbers", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_numbers_are_listed_with_what_is_missing(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    prepare(tmp_path)
    assert "no interchange came or went yet" in _run("--workspace", str(tmp_path))
    gateway = open_gateway(tmp_path)
    for number in (1, 3, 7):
        gateway.database.write(
            lambda c, n=number: note_number(c, "acme", "edifact a>b", n, AT)  # type: ignore[misc]
        )
    gateway.database.write(lambda c: next_number(c, "acme", "edifact b>a", 9))
    gateway.close()
    lines = _run("--workspace", str(tmp_path)).splitlines()
    assert lines[0].split() == ["acme", "<-", "edifact", "a>b", "last", "7", "missing", "2,", "4-6"]
    assert lines[1].split() == ["acme", "->", "edifact", "b>a", "last", "1"]
    found = json.loads(_run("--workspace", str(tmp_path), "--json"))
    assert found[0]["missing"] == [2, 4, 5, 6]
