"""A list is read however a spreadsheet of the buyer's country writes it, and keeps every row."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.faults import Fault
from gateway.punchout.lists import MAX_BYTES, MAX_ROWS, Row, rows_of_csv, rows_of_text


def read(text: str) -> list[tuple[str, str, str]]:
    rows = rows_of_text(text)
    assert not isinstance(rows, Fault), rows
    return [(row.number, row.quantity, row.unit) for row in rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("BOLT-M8\t100\nNUT-M8\t200", [("BOLT-M8", "100", ""), ("NUT-M8", "200", "")]),
        ("BOLT-M8;100\r\nPAINT-W;0,5\r\n", [("BOLT-M8", "100", ""), ("PAINT-W", "0,5", "")]),
        ("BOLT-M8,100\rNUT-M8,200", [("BOLT-M8", "100", ""), ("NUT-M8", "200", "")]),
        ("BOLT-M8 100\n\n  NUT-M8   0,5 ", [("BOLT-M8", "100", ""), ("NUT-M8", "0,5", "")]),
        ('"BOLT;M8";"1 000"\n', [("BOLT;M8", "1 000", "")]),
        ('"say ""x""",2', [('say "x"', "2", "")]),
        ("\ufeffBOLT-M8;2;box", [("BOLT-M8", "2", "box")]),
        ("BOLT-M8", [("BOLT-M8", "", "")]),
        ("BOLT-M8\t\n\t7\n\t\n", [("BOLT-M8", "", ""), ("", "7", "")]),
        ("  \n\r\n", []),
        (
            'BOLT-M8;1\n"PIPE 1/2;3\n\n"NUT-M8";2',
            [("BOLT-M8", "1", ""), ('"PIPE 1/2', "3", ""), ("NUT-M8", "2", "")],
        ),
        ('"BOLT\nM8";1', [("BOLTM8", "1", "")]),
        ('PIPE 1/2";3\nNUT-M8;2', [('PIPE 1/2"', "3", ""), ("NUT-M8", "2", "")]),
        ('"BOLT-M8"x;1\n"NUT-M8";2', [('"BOLT-M8"x', "1", ""), ("NUT-M8", "2", "")]),
        ("", []),
    ],
)
def test_separators_quotes_and_line_ends_are_recognised(
    text: str, rows: list[tuple[str, str, str]]
) -> None:
    assert read(text) == rows


@pytest.mark.parametrize(
    "heading",
    ["Artikelnummer;Benämning;Antal;Enhet", "Item no.;Name;Quantity;Unit", "SKU;x;QTY;UoM",
     "Artikelnr;Omschrijving;Aantal;Eenheid", "Artikel-Nr.;Text;Menge;Einheit",
     "Varenr.;Tekst;Antal;Enhed", "Tuotenumero;Nimi;Määrä;Yksikkö", "Varenummer;Tekst;Antall;Enhet",
     "GTIN;Name;Count;Unit of measure"],
)  # fmt: skip
def test_headings_in_every_language_of_the_shop_say_which_column_is_which(heading: str) -> None:
    assert read(f"{heading}\nBOLT-M8;Hex bolt;100;box") == [("BOLT-M8", "100", "box")]


def test_columns_may_stand_in_any_order_under_headings() -> None:
    assert read("Antal,Artikel\n7,BOLT-M8") == [("BOLT-M8", "7", "")]


def test_a_first_row_that_is_no_heading_is_kept_as_a_row() -> None:
    assert read("Bulten;hundra\nBOLT-M8;100")[0] == ("Bulten", "hundra", "")


def test_rows_know_their_line_in_the_list() -> None:
    rows = rows_of_text("number;quantity\n\nBOLT-M8;100\n")
    assert rows == (Row(number="BOLT-M8", quantity="100", place=3),)


def test_a_list_that_is_too_long_is_refused_whole() -> None:
    found = rows_of_text("BOLT-M8;100\n" * (MAX_ROWS + 1))
    assert isinstance(found, Fault)
    assert (found.code, found.found) == ("PUNCHOUT-105", "1001")
    assert len(rows_of_text("number;quantity\n" + "BOLT-M8;100\n" * MAX_ROWS)) == MAX_ROWS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [
        "Färg;2".encode(),
        codecs.BOM_UTF8 + "Färg;2".encode(),
        "Färg;2".encode("cp1252"),
        codecs.BOM_UTF16_LE + "Färg\t2".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Färg\t2".encode("utf-16-be"),
    ],
)
def test_files_are_read_in_every_encoding_that_spreadsheets_save(content: bytes) -> None:
    assert rows_of_csv(content) == (Row(number="Färg", quantity="2", place=1),)


def test_bytes_that_are_no_text_and_files_too_large_are_refused() -> None:
    picture, large = rows_of_csv(b"\x89PNG\r\n\x00\x00"), rows_of_csv(b"x" * (MAX_BYTES + 1))
    assert isinstance(picture, Fault)
    assert picture.code == "PUNCHOUT-106"
    assert isinstance(large, Fault)
    assert large.code == "PUNCHOUT-107"
    pasted = rows_of_text("x" * (MAX_BYTES + 1))
    assert isinstance(pasted, Fault)


def test_a_cell_that_never_ends_is_a_fault() -> None:
    found = rows_of_text('a;"' + "x" * 200_000)
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-106"


@given(st.binary(max_size=300))
def test_reading_any_bytes_never_raises(content: bytes) -> None:
    assert isinstance(rows_of_csv(content), tuple | Fault)


@given(st.text(max_size=200))
def test_no_line_with_a_digit_is_dropped(text: str) -> None:
    rows = rows_of_text("A-1;1\n" + text.replace('"', "") + "\nA-2;2")
    assert not isinstance(rows, Fault)
    assert rows[0].number.startswith("A-1")
    assert rows[-1].number.startswith("A-2")
