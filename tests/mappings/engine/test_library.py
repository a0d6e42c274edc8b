"""Promise: a partner's small file changes the shipped mapping exactly where it says, or is reported."""  # noqa: E501

from dataclasses import replace

import pytest

from canonical.order import Order, OrderChange
from canonical.punchout import StatusUpdate
from mappings.engine.library import Library, MappingError, Source
from mappings.engine.provenance import Text, parse
from tests.mappings.workbench import SHIPPED, codes, library, message

BASE = """
mapping: cxml/Test -> StatusUpdate
version: 3
fields:
  code: src.code
  text: {from: src.text, max: 5}
  comment: src.comment
  payload_id: src.id
"""
DOC = "<r><code>1</code><text>long text</text><comment>c</comment><id>i</id><other>o</other></r>"


def overlaid(text: str, **tables: str) -> Library:
    base = library({"cxml/test": BASE}, {"units": "from,to\na,b\n"})
    own = {"cxml/test": Source("own/test.yaml", f"extends: cxml/test\n{text}")}
    return base.with_overlay(
        own, {name: Source(f"own/{name}.csv", body) for name, body in tables.items()}
    )


def read(found: Library) -> StatusUpdate:
    reader = found.reader("cxml", "Test")
    assert reader is not None
    document = reader.read(message(DOC)).document
    assert isinstance(document, StatusUpdate)
    return document


def test_one_key_of_one_field_can_change() -> None:
    assert read(overlaid("fields: {text: {max: 20}}\n")).text == "long text"


def test_a_field_can_be_taken_away_replaced_and_added() -> None:
    found = overlaid("fields: {text: {from: src.other}, comment: !remove, payload_id: src.other}\n")
    assert read(found) == StatusUpdate(code=1, text="o", payload_id="o")


def test_the_base_library_is_not_changed() -> None:
    base = library({"cxml/test": BASE})
    overlay = {"cxml/test": Source("o.yaml", "extends: cxml/test\nfields: {text: src.other}\n")}
    assert read(base.with_overlay(overlay, {})).text == "o"
    reader = base.reader("cxml", "Test")
    assert reader is not None
    assert codes(reader.read(message(DOC))) == ["MAP-007"]


def test_an_override_that_meets_nothing_is_found_by_lint() -> None:
    found = overlaid("fields:\n  txt: {max: 20}\n  gone: !remove\n").lint()
    assert [(entry.path, entry.line, entry.severity) for entry in found] == [
        ("own/test.yaml", 3, "warning"), ("own/test.yaml", 4, "warning"),
    ]  # fmt: skip
    assert "fields.txt overrides nothing" in found[0].message
    assert "!remove of fields.gone" in found[1].message


def test_after_puts_an_element_behind_another() -> None:
    base = library({"w": "mapping: StatusUpdate -> cxml/T\nelement: {A: src.text, C: src.text}\n"})
    own = {"w": Source("o.yaml", "extends: w\nelement: {B: {text: src.text, after: A}}\n")}
    writer = base.with_overlay(own, {}).writer("cxml", "StatusUpdate")
    assert writer is not None
    result = writer.write(StatusUpdate(code=1, text="x"))
    assert result.markup is not None
    assert result.markup.text == "<A>x</A><B>x</B><C>x</C>"


def test_a_table_of_the_partners_extends_the_shipped_one() -> None:
    found = overlaid(
        "fields: {text: {from: src.other, table: units, max: 5}}\n",
        units="# extends: units\nfrom,to\no,mapped\n",
    )
    reader = found.reader("cxml", "Test")
    assert reader is not None
    assert reader.read(message(DOC)).document is None
    assert found.table("units").inward == {"a": "b", "o": "mapped"}


def test_mappings_derived_from_an_overlaid_one_follow_it() -> None:
    own = {
        "cxml/order-request": Source(
            "o.yaml", "extends: cxml/order-request\nfields: {note: {const: ours}}\n"
        )
    }
    found = SHIPPED.with_overlay(own, {})
    update = found.reader("cxml", "OrderRequest.update")
    assert update is not None
    text = (
        "<cXML><Request><OrderRequest><OrderRequestHeader orderID='1' orderDate='2026-01-01'><Total>"  # noqa: E501
        "<Money currency='EUR'>1</Money></Total></OrderRequestHeader></OrderRequest></Request></cXML>"  # noqa: E501
    )
    document = update.read(message(text)).document
    assert isinstance(document, OrderChange)
    assert document.note == "ours"


def test_the_version_is_declared_and_hashed() -> None:
    base = library({"cxml/test": BASE}).reader("cxml", "Test")
    same = library({"cxml/test": BASE}).reader("cxml", "Test")
    changed = overlaid("fields: {text: {max: 20}}\n").reader("cxml", "Test")
    assert base is not None
    assert same is not None
    assert changed is not None
    declared, _, digest = base.version.partition("+")
    assert (declared, len(digest)) == ("3", 12)
    assert same.version == base.version != changed.version


def test_what_nothing_maps_has_no_reader_or_writer() -> None:
    assert SHIPPED.reader("cxml", "Unheard") is None
    assert SHIPPED.reader("edifact", "OrderRequest.new") is None
    assert SHIPPED.writer("cxml", "Product") is None
    assert SHIPPED.writer("cxml", Order, "OrderRequest.update") is None
    assert SHIPPED.writer("cxml", Order, "OrderRequest.new") is not None


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a": "extends: b\n", "b": "extends: a\n"}, "comes round in a circle"),
        ({"a": "extends: nope\n"}, "names nothing here"),
        (
            {"a": "mapping: cxml/X -> Ordr\nfields: {}\n"},
            "unknown document 'Ordr'; did you mean 'Order'?",
        ),
        ({"a": "mapping: cxml/X\nfields: {}\n"}, "expected `cxml/Name -> Document`"),
        ({"a": "mapping: [\n"}, "not readable as YAML"),
        ({"a": "mapping: x\nmapping: y\n"}, "key 'mapping' stands here twice"),
        ({"a": "mapping: &m x\nnote: *m\n"}, "anchors and aliases are not supported"),
        ({"a": "mapping: !!int 3\n"}, "unknown tag"),
        ({"a": "- x\n"}, "expected a mapping of keys"),
        ({"a": ""}, "expected a mapping of keys"),
        ({"a": "note: x\nfeilds: {}\n"}, "unknown key 'feilds'; did you mean 'fields'?"),
    ],
)
def test_lint_names_file_and_line(files: dict[str, str], words: str) -> None:
    findings = library(files).lint()
    assert any(words in entry.message for entry in findings), findings
    assert all(entry.path.endswith(".yaml") and entry.line >= 1 for entry in findings)


def test_scalars_stay_as_they_are_spelt() -> None:
    found = library(
        {
            "m": "mapping: cxml/T -> StatusUpdate\nversion: 1.10\nfields: {code: {const: 012}, text: {const: NO}}\n"  # noqa: E501
        }
    )
    reader = found.reader("cxml", "T")
    assert reader is not None
    assert reader.version.startswith("1.10+")
    assert reader.read(message("<r/>")).document == StatusUpdate(code=12, text="NO")


@pytest.mark.parametrize(
    "declaration",
    [
        "mapping: cxml/Test -> StatusUpdate",
        "mapping: cxml/Test -> StatusUpdate   # the buyer's reports",
        "mapping: 'cxml/Test -> StatusUpdate'",
        'mapping: "cxml/Test -> StatusUpdate"',
        "mapping: >-\n  cxml/Test -> StatusUpdate",
        "mapping:   cxml/Test   ->   StatusUpdate  ",
        "note: |\n  the next line says\n  mapping: Nothing\nmapping: cxml/Test -> StatusUpdate",
        "extends: base/test",
    ],
)
def test_a_mapping_is_found_however_its_declaration_is_spelt(declaration: str) -> None:
    files = {
        "cxml/test": f"{declaration}\nversion: 1\nfields: {{code: src.code, text: src.text}}\n"
    }
    if declaration.startswith("extends"):
        files["base/test"] = "mapping: cxml/Test -> StatusUpdate\n"
    assert read(library(files)) == StatusUpdate(code=1, text="long text")


def test_a_mistake_in_one_mapping_does_not_keep_another_from_working() -> None:
    found = library(
        {"cxml/broken": "mapping: cxml/Other -> StatusUpdate\n\t- }", "cxml/test": BASE}
    )
    assert found.reader("cxml", "Test") is not None
    with pytest.raises(MappingError):
        found.reader("cxml", "Other")
    assert [finding for finding in found.lint() if finding.path == "cxml/broken.yaml"]


def test_a_broken_mapping_is_refused_when_it_is_asked_for() -> None:
    found = overlaid("fields: {text: {from: src.text, max: many}}\n")
    with pytest.raises(MappingError) as caught:
        found.reader("cxml", "Test")
    assert caught.value.findings[0].path == "own/test.yaml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from,to\na,b\na,c\n", "'a' stands here twice"),
        ("what,ever\na,b\n", "the header must be"),
        ("# unmapped: maybe\nfrom,to\n", "expected error, warn or pass"),
        ("# extend: x\nfrom,to\n", "unknown directive 'extend'"),
        ("# extends: none\nfrom,to\n", "unknown table 'none'"),
        ("# extends: t\nfrom,to\n", "unknown table 't'"),
        ("from,to\na\n", "expected two columns"),
        ("", "the header must be"),
    ],
)
def test_lint_finds_what_is_wrong_with_a_table(text: str, words: str) -> None:
    findings = library({}, {"t": text}).lint()
    assert any(words in entry.message for entry in findings), findings


def test_unmapped_codes_do_what_the_table_says() -> None:
    fields = "mapping: cxml/T -> StatusUpdate\nfields: {{code: src.c, text: {{from: src.t, table: t{0}}}}}\n"  # noqa: E501
    doc = "<r><c>1</c><t>new</t></r>"
    outcomes = {}
    for policy, extra in [("error", ""), ("warn", ""), ("pass", ""), ("error", ", unmapped: warn")]:
        table = f"# unmapped: {policy}\nfrom,to\nold,x\n"
        reader = library({"m": fields.format(extra)}, {"t": table}).reader("cxml", "T")
        assert reader is not None
        mapped = reader.read(message(doc))
        outcomes[policy + extra] = (mapped.document is not None, codes(mapped))
    assert outcomes == {
        "error": (False, ["MAP-006"]), "warn": (True, ["MAP-006"]), "pass": (True, []),
        "error, unmapped: warn": (True, ["MAP-006"]),
    }  # fmt: skip


def test_a_table_folds_case_when_it_says_so() -> None:
    table = SHIPPED.table("cxml/uom")
    assert table.find(" each ") == "EA"
    assert table.find("ea") == "EA"
    assert table.find("EA", outward=True) == "EA"
    assert table.find("PCE") == "C62"
    assert table.nearest("EACHH") is not None


def units(step: str, *rows: str) -> str:
    return "\n".join([f"# step: {step}" if step else "# fold: no", "from,to", *rows, ""])


def test_what_a_later_base_holds_wins_and_is_found_by_its_own_step() -> None:
    tables = {
        "names": units("name", "PIECE,C62", "EA,WRONG"),
        "codes": units("", "EA,EA"),
        "units": "# extends: names, codes\nfrom,to\nKLP,C62\n",
    }
    table = library({}, tables).table("units")
    found = {key: (table.find(key), table.step(key)) for key in ("PIECE", "EA", "KLP")}
    assert found == {"PIECE": ("C62", "name"), "EA": ("EA", None), "KLP": ("C62", None)}
    assert table.quiet == {"EA": "EA", "KLP": "C62"}


def test_a_row_over_a_noted_one_is_the_tables_own() -> None:
    tables = {"names": units("name", "PIECE,C62"), "own": "# extends: names\nfrom,to\nPIECE,EA\n"}
    table = library({}, tables).table("own")
    assert (table.find("PIECE"), table.step("PIECE")) == ("EA", None)


def test_a_layer_may_note_what_its_tables_find() -> None:
    base = library({}, {"units": "from,to\nEA,EA\n"})
    own = {"units": Source("w/units.csv", "# extends: units\nfrom,to\nSTYCK,EA\n")}
    table = base.with_overlay({}, own, step="the supplier").table("units")
    assert (table.step("STYCK"), table.step("EA")) == ("the supplier", None)


def test_a_step_beyond_the_own_list_is_noted_with_the_place_of_the_value() -> None:
    mapping = """
        mapping: cxml/X -> StatusUpdate
        fields:
          code: {from: "'200'"}
          text: {from: src.unit, table: units}
    """
    tables = {"units": "# step: name\n# fold: yes\nfrom,to\nPIECE,C62\n"}
    reader = library({"x": mapping}, tables).reader("cxml", "X")
    assert reader is not None
    mapped = reader.read(message("<r><unit> piece </unit></r>"))
    assert mapped.document == StatusUpdate(code=200, text="C62")
    told = [(one.code, one.severity, one.found, one.expected) for one in mapped.faults]
    assert told == [("MAP-017", "note", " piece ", "C62 by the name")]


def test_two_codes_may_share_a_spelling_when_one_of_them_only_goes_out() -> None:
    tables = {"own": "from,to,direction\nEACH,EA,\nEACH,C62,out\nST,C62,in\n"}
    table = library({}, tables).table("own")
    assert [table.find(key) for key in ("EACH", "ST")] == ["EA", "C62"]
    assert [table.find(code, outward=True) for code in ("EA", "C62")] == ["EACH", "EACH"]


@pytest.mark.parametrize(
    ("rows", "line"), [("EACH,EA,up", 2), ("EACH,EA,\nEACH,C62,in", 3), ("A,B,out\nA,B,out", 3)]
)
def test_a_wrong_or_repeated_direction_is_told_with_its_line(rows: str, line: int) -> None:
    tables = {"own": f"from,to,direction\n{rows}\n"}
    with pytest.raises(MappingError) as caught:
        library({}, tables).table("own")
    assert caught.value.findings[0].line == line


def test_a_mapping_inside_another_file_keeps_the_lines_of_that_file() -> None:
    base = {
        "w": Source("w.yaml", "mapping: StatusUpdate -> cxml/S\nelement: {S: {text: src.text}}\n")
    }
    whole = parse(
        Source("partner.yaml", "name: A\nmappings:\n  w:\n    element: {S: {text: src.tex}}\n")
    )
    inner = whole.keyed("mappings")
    assert inner is not None
    override = inner.keyed("w")
    assert override is not None
    tree = replace(override, items={**override.items, "extends": Text("w", override.at)})
    over = Library(base).with_overlay({"w": Source("partner.yaml", "any text", tree)})
    assert [str(one).split(": ")[0] for one in over.lint()] == ["partner.yaml:4:29"]


def test_the_shipped_library_has_no_findings() -> None:
    assert SHIPPED.lint() == ()
