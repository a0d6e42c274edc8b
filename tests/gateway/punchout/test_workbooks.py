"""A workbook is read as it was saved, and one that would harm is refused before it is unpacked."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from gateway.punchout.lists import Row
from gateway.punchout.workbooks import MAX_FILE, MAX_PART, is_workbook, rows_of_workbook
from tests.gateway.punchout.sheets import make_workbook, make_zip, text_row


def read(content: bytes) -> list[tuple[str, str, str]]:
    rows = rows_of_workbook(content)
    assert not isinstance(rows, Fault), rows
    return [(row.number, row.quantity, row.unit) for row in rows]


def refused(content: bytes) -> str:
    found = rows_of_workbook(content)
    assert isinstance(found, Fault)
    return found.code


def test_shared_inline_and_computed_texts_and_numbers_are_read() -> None:
    strings = (
        "<si><t>Artikel</t></si><si><r><t>BOLT</t></r><r><t>-M8</t></r><rPh><t>x</t></rPh></si>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" t="inlineStr"><is><t>Antal</t></is></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>100</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>X</f><v>NUT-M8</v></c><c r="B4"><v>0.1</v></c></row>'
        '<row r="5"><c r="A5"><v>7350000000114</v></c><c r="B5"><v>1.2E3</v></c></row>'
    )
    assert read(make_workbook(rows, strings)) == [
        ("BOLT-M8", "100", ""), ("NUT-M8", "0.1", ""), ("7350000000114", "1200", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("0.30000000000000004", "0.3"), ("2.0", "2"), ("1E-7", "0.0000001"), ("12", "12"),
     ("-3", "-3"), ("", ""), ("1E400", "1E400"), ("NaN", "NaN"), ("0", "0")],
)  # fmt: skip
def test_numbers_come_out_as_a_person_would_type_them(stored: str, typed: str) -> None:
    row = f'<row><c r="A1" t="str"><v>A</v></c><c r="B1"><v>{stored}</v></c></row>'
    assert read(make_workbook(row)) == [("A", typed, "")]


def test_cells_without_a_place_follow_each_other_and_gaps_stay() -> None:
    rows = text_row("A", "1") + '<row><c r="B2"><v>5</v></c></row><row/>'
    assert read(make_workbook(rows, xl__sharedStrings__xml=None)) == [("A", "1", ""), ("", "5", "")]


def test_a_workbook_with_absolute_targets_is_read() -> None:
    target = '<Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/>'
    relations = f"<Relationships>{target}</Relationships>"
    content = make_workbook(text_row("A", "1"), **{"xl/_rels/workbook.xml.rels": relations})
    assert read(content) == [("A", "1", "")]


def test_what_is_broken_or_no_workbook_is_a_fault() -> None:
    good = make_workbook(text_row("A", "1"))
    assert is_workbook(good)
    assert not is_workbook(b"A;1")
    for content in (
        b"PK\x03\x04", good[:200], good[:-30], make_zip({"a.txt": b"x"}),
        make_workbook("", **{"xl/workbook.xml": "<workbook/>"}),
        make_workbook("", **{"xl/workbook.xml": "no xml"}),
        make_workbook("", **{"xl/_rels/workbook.xml.rels": "<Relationships/>"}),
        make_workbook("", **{"xl/worksheets/sheet1.xml": None}),
        make_workbook("", **{"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    ):  # fmt: skip
        assert refused(content) == "PUNCHOUT-106"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = make_workbook("", **{"xl/worksheets/sheet1.xml": " " * (MAX_PART + 1)})
    assert len(bomb) < 50_000
    assert refused(bomb) == "PUNCHOUT-107"
    assert refused(make_zip({f"{n}": b"" for n in range(1001)})) == "PUNCHOUT-107"
    assert refused(b"PK" + b"x" * MAX_FILE) == "PUNCHOUT-107"


def test_a_part_that_lies_about_its_size_is_cut_there_and_refused() -> None:
    honest = make_workbook("", **{"xl/sharedStrings.xml": f"<sst>{'<si/>' * 20_000}</sst>"})
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/sharedStrings.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert refused(lying) == "PUNCHOUT-106"


def test_text_that_a_reference_leads_nowhere_to_is_empty() -> None:
    row = '<row><c t="s"><v>9</v></c><c t="s"><v>x</v></c><c><v>1</v></c></row>'
    assert rows_of_workbook(make_workbook(row)) == (Row(number="", quantity="", unit="1", place=1),)


@given(st.binary(max_size=200), st.integers(0, 1500))
def test_reading_any_bytes_never_raises(noise: bytes, at: int) -> None:
    good = make_workbook(text_row("A", "1"))
    assert isinstance(rows_of_workbook(b"PK" + noise), tuple | Fault)
    broken = good[:at] + noise + good[at + len(noise) :]
    assert isinstance(rows_of_workbook(broken), tuple | Fault)
