"""Every rule of the judge has a code of its own, a test, and a line in the reference."""

import re
from pathlib import Path

from gateway.buyer.findings import Finding, finding_line, findings_page
from gateway.buyer.rules import RULES

ROOT = Path(__file__).parents[3]


def test_codes_are_well_formed_and_rules_say_all_three_things():
    listed = re.findall(r"^\| (BUYER-\d+) ", findings_page(), re.MULTILINE)
    assert listed == sorted(RULES), "a code stands twice or out of order"
    for code, rule in RULES.items():
        assert re.fullmatch(r"BUYER-\d{3}", code)
        assert rule.title
        assert rule.consequence
        assert rule.fix


def test_every_rule_is_named_in_a_test():
    files = [*Path(__file__).parent.glob("test_*.py"), ROOT / "tests/e2e/test_buyer.py"]
    tests = "\n".join(file.read_text("utf-8") for file in files)
    assert sorted(code for code in RULES if code not in tests) == []


def test_a_finding_is_one_line_with_place_found_and_expected():
    finding = Finding("BUYER-036", "a unit", "PunchOutOrderMessage", 7, "ItemIn[1]", "4711", "XPK")
    assert finding_line(finding) == (
        "BUYER-036 blocking PunchOutOrderMessage line 7 ItemIn[1] [4711]: a unit, found 'XPK'"
    )
