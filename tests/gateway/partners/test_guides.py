"""Guides of a workspace are read with every mistake in its place, and partners name them."""

from pathlib import Path

import pytest

from gateway.errors import ConfigurationError
from gateway.partners.guides import guide_names, load_guides, read_guides

EXAMPLES = Path(__file__).parents[3] / "examples" / "guides"
GUIDE = "guide: G\nedition: D.96A\nmessages:\n  ORDERS:\n    rules:\n      PAI: forbidden\n"


def workspace(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "guides").mkdir()
    for name, text in files.items():
        (tmp_path / "guides" / f"{name}.yaml").write_text(text)
    return tmp_path


def test_a_guide_is_known_by_the_name_of_its_file(tmp_path: Path) -> None:
    found = load_guides(workspace(tmp_path, trade=GUIDE))
    assert list(found) == ["trade"]
    (rule,) = found["trade"].messages["ORDERS"].rules
    assert (rule.path, rule.at) == ("PAI", "guides/trade.yaml:6")


def test_a_workspace_without_guides_has_none(tmp_path: Path) -> None:
    assert guide_names(tmp_path) == ()
    assert load_guides(tmp_path) == {}


def test_every_mistake_of_every_guide_is_told_with_its_line(tmp_path: Path) -> None:
    held = workspace(tmp_path, one="guide: A\n", two=GUIDE.replace("forbidden", "forbid"), ok=GUIDE)
    found, findings = read_guides(held)
    assert list(found) == ["ok"]
    assert [str(one) for one in findings] == [
        "guides/one.yaml: edition: this key is missing; it names the edition",
        'guides/two.yaml:6: messages.ORDERS.rules.PAI: expected keys and values, found "forbid"',
        "guides/two.yaml:6: messages.ORDERS.rules.PAI: says nothing -- write one of required, "
        "forbidden, repeats, shortest, longest, format, add, remove, only, severity",
    ]
    with pytest.raises(ConfigurationError, match="3 finding"):
        load_guides(held)


def test_what_is_no_yaml_is_told_once(tmp_path: Path) -> None:
    _, findings = read_guides(workspace(tmp_path, broken="a: [1\n"))
    assert len(findings) == 1
    assert "guides/broken.yaml" in str(findings[0])


def test_the_examples_can_be_copied_as_they_are(tmp_path: Path) -> None:
    texts = {file.stem: file.read_text() for file in EXAMPLES.glob("*.yaml")}
    assert set(load_guides(workspace(tmp_path, **texts))) == {"retail-like", "public-buyer-like"}
