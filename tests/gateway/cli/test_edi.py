"""Directories are imported and listed by command, for people and as JSON."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gateway.cli.edi import COMMANDS

FACTS = "facts 1 D.99Z\nelement 1 an..3\nsegment AAA 1\nmessage MINE AAA! UNS!\n"


def test_an_import_is_reported_and_then_listed(
    gateway: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "mine.facts").write_text(FACTS)
    result = gateway("edi", "directory", "import", str(tmp_path / "mine.facts"))
    assert result.exit_code == 0
    assert result.output == ("D.99Z: 1 messages, 1 segments; added standards/edifact/d99z.facts\n")
    output = gateway("edi", "directory", "list").output
    assert "edifact  D.99Z     standards/edifact/d99z.facts   MINE" in output
    assert "edifact  D.96A     built in" in output


def test_both_are_said_as_json(gateway: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "mine.facts").write_text(FACTS)
    source = str(tmp_path / "mine.facts")
    report = json.loads(
        gateway("edi", "directory", "import", source, "--as", "D.98Z", "--json").output
    )
    assert (report["done"], report["item"]["version"], report["messages"]) == ("added", "D.98Z", 1)
    found = json.loads(gateway("edi", "directory", "list", "--json").output)
    assert {"syntax": "edifact", "name": "D.98Z", "origin": "standards/edifact/d98z.facts",
            "state": "ok", "messages": ["MINE"]} in found  # fmt: skip


def test_many_messages_are_not_all_shown(gateway: Callable[..., Result], tmp_path: Path) -> None:
    many = "".join(f"message M{n:02} AAA!\n" for n in range(20))
    (tmp_path / "mine.facts").write_text(FACTS + many)
    gateway("edi", "directory", "import", str(tmp_path / "mine.facts"))
    assert "and 8 more" in gateway("edi", "directory", "list").output


def test_what_cannot_be_imported_is_told_with_every_line(
    gateway: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "mine.facts").write_text(FACTS + "element 2 zz\n")
    result = gateway("edi", "directory", "import", str(tmp_path / "mine.facts"))
    assert result.exit_code == 3
    assert "nothing was changed" in result.output
    assert "mine.facts:5: " in result.output


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_table_says_of_a_command_what_it_says_itself(
    gateway: Callable[..., Result], name: str
) -> None:
    said = " ".join(gateway("edi", name, "--help").output.split())
    assert f" {COMMANDS[name][1]} " in said


def test_a_directory_is_imported_without_loading_what_reads_files() -> None:
    script = (
        "import sys, click; from gateway.cli.edi import edi;"
        "edi.get_command(click.Context(edi), sys.argv[1]);"
        "print('gateway.pipeline' in sys.modules)"
    )
    loaded = [
        subprocess.run([sys.executable, "-c", script, name], check=True, capture_output=True)
        for name in ("directory", "convert")
    ]
    assert [one.stdout.split() for one in loaded] == [[b"False"], [b"True"]]
