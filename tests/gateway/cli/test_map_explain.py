"""`gateway map explain` tells where a field comes from: message, expression, line, table."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.commands import main

MAPPINGS = Path(__file__).parents[3] / "mappings"
EDI = MAPPINGS / "edifact/orders.samples/02-bare.in.edi"
XML = MAPPINGS / "cxml/order-request.samples/01-full.in.xml"
FLAT = MAPPINGS / "flat/semicolon-order.samples/01-full.in.txt"
PARTNER = """\
name: Acme
customer: "1"
identities: [{domain: NetworkId, identity: AN1}]
supplier: [{domain: DUNS, identity: "9"}]
edi: {inbox: in, flat: semicolon-order}
"""


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["map", "explain", *arguments, "--workspace", str(workspace)])


def test_a_value_of_edi_is_followed_to_its_element_and_its_table(tmp_path: Path) -> None:
    result = run(tmp_path, str(EDI), "lines[0].quantity.unit", "--currency", "SEK")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:3] == [
        "lines[0].quantity.unit = C62",
        "  found    PCE",
        "  by       it.@6411 ?? 'PCE'",
    ]
    assert lines[3].startswith("  mapping  mappings/edifact/reading.yaml:")
    assert "table: edifact/uom" in lines[4]
    assert "segment 7 · LIN/QTY/@6411" in lines[5]
    assert lines[6:] == ["           QTY+21:3", "                   ^"]


def test_all_that_a_field_holds_is_told_and_a_partners_own_line_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "partners" / "north" / "mappings" / "cxml"
    folder.mkdir(parents=True)
    own = "note: src.Request.OrderRequest.OrderRequestHeader.@orderID"
    text = f"extends: cxml/order-request\nfields:\n  {own}\n"
    (folder / "order-request.yaml").write_text(text)
    result = run(tmp_path, str(XML), "note", "--partner", "north")
    assert result.output.splitlines()[2:4] == [
        "  mapping  partners/north/mappings/cxml/order-request.yaml:3",
        f"           {own}",
    ]
    told = run(tmp_path, str(XML), "lines[0].quantity").output
    assert "lines[0].quantity.value = 250" in told
    assert "lines[0].quantity.unit = EA" in told
    assert "Request/OrderRequest/ItemOut[1]" in told


def test_a_flat_file_is_read_by_what_its_partner_agreed(tmp_path: Path) -> None:
    (tmp_path / "partners" / "acme").mkdir(parents=True)
    (tmp_path / "partners" / "acme" / "partner.yaml").write_text(PARTNER)
    result = run(tmp_path, str(FLAT), "order_id", "--partner", "acme")
    assert result.exit_code == 0, result.output
    assert "  by       head.@order_id" in result.output
    assert "^" in result.output


def test_a_field_that_nothing_sets_is_told_with_the_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, str(EDI), "order_idd")
    assert result.exit_code == 1
    assert "nothing sets order_idd; did you mean order_id or" in result.output
    assert "nothing sets zzz; there are " in run(tmp_path, str(EDI), "zzz").output


@pytest.mark.parametrize(("content", "says"), [(b"no order", "EDIFACT-"), (b"<x/>", "cxml")])
def test_what_is_no_message_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "junk").write_bytes(content)
    result = run(tmp_path, str(tmp_path / "junk"), "order_id")
    assert result.exit_code == 1
    assert says in result.output.lower() or says in result.output
