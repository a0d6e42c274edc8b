"""Directories are imported and listed by command, for people and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

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
