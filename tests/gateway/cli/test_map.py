"""Promise: `gateway map` shows mistakes with file and line, and leaves with the code it documents."""  # noqa: E501

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.commands import main

SAMPLE = Path(__file__).parents[3] / "mappings/cxml/order-request.samples/01-full.in.xml"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "partners" / "north" / "mappings" / "cxml"
    folder.mkdir(parents=True)
    (folder / "order-request.yaml").write_text(
        "extends: cxml/order-request\nfields:\n  note: {const: from the overlay}\n",
        encoding="utf-8",
    )
    return tmp_path


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["map", *arguments, "--workspace", str(workspace)])


def test_lint_finds_nothing_in_what_is_shipped(workspace: Path) -> None:
    result = run(workspace, "lint")
    assert (result.exit_code, result.output) == (0, "no findings\n")


def test_lint_names_the_line_of_a_partners_mistake(workspace: Path) -> None:
    path = workspace / "partners/north/mappings/cxml/order-request.yaml"
    path.write_text("extends: cxml/order-request\nfields:\n  nota: src.x\n", encoding="utf-8")
    result = run(workspace, "lint", "--partner", "north")
    assert result.exit_code == 1
    assert "north/mappings/cxml/order-request.yaml:3:3: Order has no field 'nota'" in result.output
    listed = json.loads(run(workspace, "lint", "--json").output)
    assert {entry["line"] for entry in listed} == {3}


def test_try_shows_document_and_trace(workspace: Path) -> None:
    result = run(workspace, "try", str(SAMPLE))
    assert result.exit_code == 0
    assert "lines[0].quantity.value = 250" in result.output
    assert "item.@quantity (mappings/cxml/order-request.yaml:20, message line 58)" in result.output


def test_try_applies_a_partners_mapping(workspace: Path) -> None:
    report = json.loads(run(workspace, "try", str(SAMPLE), "--partner", "north", "--json").output)
    assert report["document"]["note"] == "from the overlay"
    assert {fault["code"] for fault in report["faults"]} <= {"MAP-017"}


def test_try_leaves_with_1_when_the_message_has_errors(workspace: Path) -> None:
    bad = SAMPLE.with_name("03-faults.in.xml")
    result = run(workspace, "try", str(bad))
    assert result.exit_code == 1
    assert "error: MAP-002 line 58 Request/OrderRequest/ItemOut[1]/@quantity" in result.output
    (workspace / "junk").write_bytes(b"no xml")
    assert run(workspace, "try", str(workspace / "junk")).exit_code == 1


def test_samples_of_a_partner_are_made_and_then_hold(workspace: Path) -> None:
    folder = workspace / "partners/north/samples"
    folder.mkdir()
    (folder / "01-order.in.xml").write_bytes(SAMPLE.read_bytes())
    assert run(workspace, "test", "--partner", "north").exit_code == 1
    assert run(workspace, "test", "--partner", "north", "--update").exit_code == 0
    passed = run(workspace, "test", "--partner", "north", "--json")
    assert passed.exit_code == 0
    assert (
        "attachments[].content_id"
        in json.loads(passed.output)["never_hit"]["cxml/OrderRequest.new -> Order"]
    )
    (folder / "01-order.canonical.json").write_text("{}", encoding="utf-8")
    failed = run(workspace, "test", "--partner", "north")
    assert failed.exit_code == 1
    assert "FAILED" in failed.output


def test_an_unknown_partner_is_a_configuration_error(workspace: Path) -> None:
    result = run(workspace, "lint", "--partner", "south")
    assert result.exit_code == 3, "as every ConfigurationError"
    assert "no partner 'south'" in result.output


EDI = SAMPLE.parents[2] / "edifact/orders.samples/02-bare.in.edi"


def test_try_knows_segments_by_how_they_begin_and_names_their_lines(workspace: Path) -> None:
    result = run(workspace, "try", str(EDI), "--currency", "SEK")
    assert result.exit_code == 0, result.output
    assert "order_id = PO-18\n    src.BGM.@1004 (mappings/edifact/orders.yaml:" in result.output
    assert "message line 3)" in result.output
    assert '"currency": "SEK"' in result.output
    assert "MAP-001" in run(workspace, "try", str(EDI)).output


def test_try_applies_a_partners_overlay_of_segments(workspace: Path) -> None:
    folder = workspace / "partners/north/mappings/edifact"
    folder.mkdir(parents=True)
    overlay = folder / "orders.yaml"
    overlay.write_text("extends: edifact/orders\nfields:\n  currency: {default: NOK}\n", "utf-8")
    arguments = ("try", str(EDI), "--partner", "north", "--json")
    report = json.loads(run(workspace, *arguments).output)
    assert report["document"]["currency"] == "NOK"
    overlay.write_text("extends: edifact/orders\nfields:\n  note: src.BGM.@1024\n", "utf-8")
    lint = run(workspace, "lint", "--partner", "north")
    assert "orders.yaml:3:17: BGM has no element 1024 in D.96A, D.01B" in lint.output


def test_samples_of_a_partners_own_flat_file_are_run_by_its_own_schema(workspace: Path) -> None:
    north = workspace / "partners/north"
    files = {
        "flatfiles/own.yaml": (
            "flat: Own\ndelimiter: ;\nline_end: lf\nmessage: change\nrecords:\n  change:\n"
            "    fields: {code: n3, text: an..20, comment: an..20}\n"
        ),
        "mappings/flat/own.yaml": (
            "mapping: flat/own -> StatusUpdate\nversion: 1\nfields:\n  code: src.change.@code\n"
            "  text: src.change.@text\n  comment: src.change.@comment\n"
        ),
        "mappings/flat/own-write.yaml": (
            "mapping: StatusUpdate -> flat/own\nversion: 1\nsegments:\n  change:\n    elements:"
            "\n      code: src.code\n      text: src.text\n      comment: src.comment\n"
        ),
        "samples/flat/own.samples/01.in.txt": "200;OK;blå\n",
        "samples/flat/own.samples/01.out.txt": "200;OK;bl\u00c3\u00a5\n",
    }
    for name, text in files.items():
        (north / name).parent.mkdir(parents=True, exist_ok=True)
        (north / name).write_text(text, encoding="utf-8")
    result = run(workspace, "test", "--partner", "north", "--update")
    assert "updated own.samples/01.in.txt" in result.output
    result = run(workspace, "test", "--partner", "north")
    assert result.exit_code == 0, result.output
