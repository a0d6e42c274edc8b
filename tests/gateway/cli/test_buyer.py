"""The commands of the virtual buyer say what they take, lint scripts and show every finding."""

from decimal import Decimal
from io import StringIO

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from gateway.buyer.findings import Finding
from gateway.buyer.report import Report, Step
from gateway.cli import main
from gateway.cli.buyer import Wanted, show_report, show_step

SCRIPT = "journey: one chair\nsteps:\n  - punchout: create\n  - pick: 1\n  - transfer: cart\n"


@pytest.mark.parametrize(
    ("spelt", "wanted"),
    [
        ("4711", ("4711", Decimal(1))),
        ("4711=12", ("4711", Decimal(12))),
        ("a=b=1.5", ("a=b", Decimal("1.5"))),
    ],
)
def test_goods_are_spelt_as_sku_and_quantity(spelt, wanted):
    assert Wanted().convert(spelt, None, None) == wanted


@pytest.mark.parametrize("spelt", ["=3", "4711=0", "4711=-1", "4711=many", "4711=1e3"])
def test_goods_that_make_no_sense_are_refused(spelt):
    with pytest.raises(click.BadParameter, match="SKU=QUANTITY"):
        Wanted().convert(spelt, None, None)


def test_a_script_can_be_linted_without_a_gateway(tmp_path):
    file = tmp_path / "journey.yaml"
    file.write_text(SCRIPT)
    result = CliRunner().invoke(main, ["buyer", "script", str(file), "--check"])
    assert result.exit_code == 0, result.output
    assert "3 steps" in result.output


def test_a_script_with_mistakes_ends_with_code_3_and_all_of_them(tmp_path):
    file = tmp_path / "journey.yaml"
    file.write_text(SCRIPT.replace("pick: 1", "pick: 0").replace("cart", "card"))
    result = CliRunner().invoke(main, ["buyer", "script", str(file), "--check"])
    assert result.exit_code == 3
    assert "journey.yaml:4" in result.output
    assert "journey.yaml:5" in result.output


def test_a_script_without_partner_needs_one(tmp_path):
    file = tmp_path / "journey.yaml"
    file.write_text(SCRIPT)
    result = CliRunner().invoke(main, ["buyer", "script", str(file)])
    assert result.exit_code == 2
    assert "--partner" in result.output


def test_an_unknown_partner_is_told_with_the_known_ones(tmp_path):
    result = CliRunner().invoke(main, ["buyer", "punchout", "acme", "--workspace", str(tmp_path)])
    assert result.exit_code == 1
    assert 'no partner "acme"' in result.output


def test_a_report_shows_place_consequence_and_way_out():
    finding = Finding(
        "BUYER-036", "a unit", "PunchOutOrderMessage", line=31, item="4711", found="[XPK]"
    )
    report = Report("acme", (Step("transfer", "bring the cart home", findings=(finding,)),))
    out = StringIO()
    show_report(Console(file=out, width=200), report)
    said = out.getvalue()
    for part in ("BUYER-036", "line 31", "4711", "[XPK]", finding.rule.consequence[:30]):
        assert part in said
    assert "failed" in said
    assert not report.passed


def test_a_step_shows_the_ids_of_its_messages():
    out = StringIO()
    step = Step("order", "order the cart", ("1@b.example.com",), (("status", "200"),))
    show_step(Console(file=out, width=200), step)
    assert "order the cart" in out.getvalue()
    assert "payloadID 1@b.example.com" in out.getvalue()
