"""Guides of a workspace are read with every mistake in its place, and partners name them."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from edi.guides import Guide
from gateway.errors import ConfigurationError
from gateway.partners.flatfiles import shipped_schemas
from gateway.partners.guide_lint import sound_guides
from gateway.partners.guides import guide_names, read_guides
from gateway.standards.directories import find

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "edi-guides.md"
EXAMPLES = Path(__file__).parents[3] / "examples" / "guides"
GUIDE = "guide: G\nedition: D.96A\nmessages:\n  ORDERS:\n    rules:\n      PAI: forbidden\n"


def load_guides(folder: Path) -> Mapping[str, Guide]:
    return sound_guides(folder, (), partial(find, folder))


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
        "guides/two.yaml:6: messages.ORDERS.rules.PAI: expected required or forbidden or keys and "
        'values, found "forbid" -- did you mean forbidden?',
    ]
    with pytest.raises(ConfigurationError, match="2 finding"):
        load_guides(held)


def test_what_is_no_yaml_is_told_once(tmp_path: Path) -> None:
    _, findings = read_guides(workspace(tmp_path, broken="a: [1\n"))
    assert len(findings) == 1
    assert "guides/broken.yaml" in str(findings[0])


def test_the_examples_can_be_copied_as_they_are(tmp_path: Path) -> None:
    texts = {file.stem: file.read_text() for file in EXAMPLES.glob("*.yaml")}
    assert set(load_guides(workspace(tmp_path, **texts))) == {"retail-like", "public-buyer-like"}


CHAIN = """guide: Acme
extends: trade
codes: !remove
messages:
  ORDERS:
    rules:
      PAI: !remove
      BGM/1004: {longest: "9"}
      NAD[3035='BY']: {severity: warning}
"""
TRADE = """guide: Trade
edition: D.96A
codes: {4233: {add: [33E]}}
messages:
  ORDERS:
    rules:
      PAI: forbidden
      BGM/1004: {required: yes, longest: "17"}
      NAD[3035='BY']: {required: yes}
  DESADV:
    rules: {SG10: {repeats: "9"}}
"""


def test_a_guide_lies_over_another_key_by_key(tmp_path: Path) -> None:
    guide = load_guides(workspace(tmp_path, acme=CHAIN, trade=TRADE))["acme"]
    assert (guide.name, guide.edition, guide.codes) == ("Acme", "D.96A", ())
    number, buyer = guide.messages["ORDERS"].rules
    assert (number.path, number.required, number.longest) == ("BGM/1004", True, 9)
    assert (number.at, buyer.at) == ("guides/acme.yaml:8", "guides/acme.yaml:9")
    assert (buyer.required, buyer.severity) == (True, "warning")
    (lines,) = guide.messages["DESADV"].rules
    assert lines.at == "guides/trade.yaml:11"


def test_a_guide_may_lie_over_one_that_lies_over_another(tmp_path: Path) -> None:
    top = "guide: Store 7\nextends: acme\nmessages: {ORDERS: {rules: {PAI: required}}}\n"
    found = load_guides(workspace(tmp_path, acme=CHAIN, trade=TRADE, store=top))
    paths = [rule.path for rule in found["store"].messages["ORDERS"].rules]
    assert paths == ["BGM/1004", "NAD[3035='BY']", "PAI"]
    assert found["trade"].messages["ORDERS"].rules[0].path == "PAI"


def test_what_cannot_be_extended_or_removed_is_told_once(tmp_path: Path) -> None:
    held = workspace(
        tmp_path,
        trade=TRADE,
        lost="guide: L\nextends: trad\n",
        round="guide: R\nextends: about\n",
        about="guide: A\nextends: round\n",
        listed="guide: X\nextends: [trade]\n",
        gone="guide: G\nextends: trade\nmessages:\n  ORDERS:\n    rules:\n      PAJ: !remove\n",
        above="guide: V\nextends: gone\n",
    )
    found, findings = read_guides(held)
    assert list(found) == ["trade"]
    told = "guides/round.yaml:2: extends: about extends round extends about: "
    assert sorted(map(str, findings)) == sorted(
        [
            f"{told}a guide cannot lie over itself",
            "guides/about.yaml:2: extends: round extends about extends round: "
            "a guide cannot lie over itself",
            "guides/lost.yaml:2: extends: there is no guides/trad.yaml -- did you mean trade?",
            "guides/listed.yaml:2: extends: expected the name of a guide",
            "guides/gone.yaml:6: messages.ORDERS.rules.PAJ: there is nothing to remove "
            "-- did you mean PAI?",
        ]
    )


def test_the_guides_in_the_documentation_work_as_they_say(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    texts = {f"shown{number}": text for number, text in enumerate(blocks)}
    texts["retail-like"] = (EXAMPLES / "retail-like.yaml").read_text()
    held = workspace(tmp_path, **texts)
    schemas = tuple(shipped_schemas().values())
    found = sound_guides(held, schemas, partial(find, held))
    assert sorted(one.edition for one in found.values()) == [
        "D.96A", "D.96A", "D.96A", "semicolon-order",
    ]  # fmt: skip


def test_a_rule_without_a_place_stops_a_start_as_any_mistake(tmp_path: Path) -> None:
    held = workspace(
        tmp_path, trade=GUIDE.replace("PAI", "PAJ"), above="guide: A\nextends: trade\n"
    )
    with pytest.raises(ConfigurationError) as stopped:
        load_guides(held)
    assert stopped.value.findings == (
        "guides/trade.yaml:6: messages.ORDERS.rules.PAJ: there is no place PAJ "
        "-- did you mean PAI?",
    )
