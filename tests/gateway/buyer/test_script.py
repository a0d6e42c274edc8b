"""A script is checked as a whole before it is played; each mistake names file and line."""

from pathlib import Path

import pytest

from gateway.buyer.script import read_script
from gateway.errors import ConfigurationError

GOOD = """journey: two boxes, changed once
partner: northwind
steps:
  - punchout: create
  - add: {sku: "0047", quantity: 2}
  - pick: 3
  - transfer: cart
  - expect:
      lines: 4
      total: 119.80
      skus: ["0047"]
  - order: new
  - repeat: request
  - conflict: order
  - order: delete
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "journey.yaml"
    file.write_text(text, "utf-8")
    return file


def findings_of(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read_script(written(tmp_path, text))
    return caught.value.findings


def test_a_good_script_is_read_with_the_place_of_each_step(tmp_path):
    placed = read_script(written(tmp_path, GOOD))
    assert placed.script.partner == "northwind"
    assert len(placed.script.steps) == len(placed.places) == 9
    assert placed.script.steps[1].add is not None
    assert placed.script.steps[1].add.sku == "0047"
    assert placed.places[4] == "journey.yaml:8"


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path):
    bad = GOOD.replace("punchout: create", "punchout: crate").replace("quantity: 2", "quantity: 0")
    bad = bad.replace("- pick: 3", "- pik: 3")
    findings = findings_of(tmp_path, bad)
    assert [finding.partition(": ")[0] for finding in findings] == [
        "journey.yaml:4",
        "journey.yaml:5",
        "journey.yaml:6",
    ]
    assert "pick" in findings[2]


def test_a_step_with_two_keys_is_refused(tmp_path):
    findings = findings_of(tmp_path, "journey: x\nsteps:\n  - order: new\n    pick: 1\n")
    assert findings[0].startswith("journey.yaml:3: steps[0]: expected exactly one of")


def test_a_script_without_steps_is_refused(tmp_path):
    assert findings_of(tmp_path, "journey: x\n") == ("journey.yaml: steps: this key is missing",)


def test_what_is_no_yaml_is_refused_with_its_line(tmp_path):
    assert findings_of(tmp_path, "journey: [x\n")[0].startswith("journey.yaml:")


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nothing\.yaml cannot be read"):
        read_script(tmp_path / "nothing.yaml")
