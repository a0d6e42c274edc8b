"""A file is looked at by hand as the gateway would look at it: by its sender's guide and schema."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.commands import main

MAPPINGS = Path(__file__).parents[3] / "mappings"
EDI = MAPPINGS / "edifact/orders.samples/02-bare.in.edi"
FLAT = MAPPINGS / "flat/semicolon-order.samples/01-full.in.txt"
PARTNER = """\
name: Acme
customer: "1"
identities: [{domain: EDI-14, identity: "7350000000214"}]
supplier: [{domain: EDI-14, identity: "7350000000016"}]
"""
GUIDE = (
    "guide: Trade\nedition: D.01B\nmessages:\n  ORDERS:\n    rules:\n"
    "      NAD[3035='IV']: required\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, agreed in (("acme", "edi: {guide: trade}\n"),
                         ("flat", "edi: {inbox: in, flat: semicolon-order}\n")):  # fmt: skip
        folder = tmp_path / "partners" / name
        folder.mkdir(parents=True)
        (folder / "partner.yaml").write_text(PARTNER + agreed)
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "trade.yaml").write_text(GUIDE)
    return tmp_path


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["edi", *arguments, "--workspace", str(workspace)])


def test_the_guide_of_a_partner_counts_for_its_files_only(workspace: Path) -> None:
    assert run(workspace, "validate", str(EDI)).exit_code == 0
    result = run(workspace, "validate", str(EDI), "--partner", "acme")
    assert result.exit_code == 1
    assert "EDIFACT-105" in result.output
    assert "expected NAD[3035='IV'], by Trade (guides/trade.yaml:6)" in result.output
    shown = run(workspace, "inspect", str(EDI), "--partner", "acme")
    assert "guides/trade.yaml:6" in shown.output


def test_a_flat_file_is_validated_inspected_and_converted_by_its_partners_schema(
    workspace: Path,
) -> None:
    assert run(workspace, "validate", str(FLAT), "--partner", "flat").exit_code == 0
    shown = run(workspace, "inspect", str(FLAT), "--partner", "flat")
    assert shown.exit_code == 0, shown.output
    assert "ordered quantity" in shown.output
    assert (
        "beställd kvantitet"
        in run(
            workspace, "inspect", str(FLAT), "--partner", "flat", "--lang", "sv", "--html"
        ).output
    )
    done = run(workspace, "convert", str(FLAT), "--partner", "flat", "--to", "json")
    assert done.exit_code == 0, done.output
    assert '"order_id"' in done.output


def test_what_is_wrong_in_a_flat_file_stands_at_its_record(workspace: Path) -> None:
    bad = workspace / "bad.txt"
    bad.write_text("H;PO-1;2026-11-22;SEK;K1\r\nL;1;A;;;;4O;BX\r\nE;1\r\n")
    shown = run(workspace, "inspect", str(bad), "--partner", "flat").output.splitlines()
    at = shown.index(
        "     2    line: line number 1; article number A; ordered quantity 4O; unit BX"
    )
    assert shown[at + 1].strip() == "FLAT-122: a value is not a number"
    assert not any(line.strip() == "1" for line in shown), "there is no header to count"
    page = run(workspace, "inspect", str(bad), "--partner", "flat", "--html").output
    assert page.count('class="segment') == 2
    assert page.count('class="segment wrong"') == 1


def test_an_unknown_partner_and_one_with_mistakes_are_told(workspace: Path) -> None:
    result = run(workspace, "validate", str(EDI), "--partner", "acm")
    assert result.exit_code == 3
    assert "did you mean acme?" in result.output
    (workspace / "partners" / "acme" / "partner.yaml").write_text("nam: Acme\n")
    result = run(workspace, "validate", str(EDI), "--partner", "acme")
    assert result.exit_code == 3
    assert "did you mean name?" in result.output


def test_what_is_no_edi_is_told(workspace: Path) -> None:
    (workspace / "order.xml").write_text("<cXML/>")
    result = run(workspace, "validate", str(workspace / "order.xml"))
    assert result.exit_code == 3
    assert "this is cxml: no EDI" in result.output
