"""A schema is read strictly: every mistake is told at once, with its key and the way out."""

import re
from pathlib import Path

import pytest

from edi.flatfile.schema import Count
from edi.schema import UNLIMITED
from edi.speaking import rendered
from tests.edi.flatfile.making import FIXED, LIST, ORDERS, declared, read, schema


def complaints(text: str) -> list[str]:
    _, wrong = declared(text)
    return [f"{'.'.join(map(str, one.keys))}: {one.what}" for one in wrong]


def test_a_schema_says_what_it_says() -> None:
    made = schema()
    assert (made.key, made.charset, made.delimiter, made.quote) == ("orders", "cp1252", ";", '"')
    assert (made.decimal, made.line_end, made.message) == (",", "\r\n", "head")
    assert made.counts == (Count("end", "lines", "line"),)
    line = made.by_tag["line"]
    assert [(one.name, one.column, one.required) for one in line.fields[:3]] == [
        ("number", 2, True), ("sku", 3, True), ("quantity", 4, True),
    ]  # fmt: skip
    assert line.fields[1].at == "s.yaml:23"
    assert made.inner == {"head", "line", "text"}


def test_the_schema_in_the_documentation_works_as_it_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "flat-files.md").read_text()
    found = re.search(r"```yaml\n(flat:.*?)```", page, re.DOTALL)
    assert found is not None
    made, wrong = declared(found[1])
    assert wrong == ()
    (message,), rest = read("H;PO-1;2026-11-22\r\nL;SKU-1;1O,5;ST\r\nE;1\r\n", made)
    assert rest == []
    (fault,) = message.faults
    told = [line for line in rendered(fault).splitlines() if "orders/" not in line]
    assert [line for line in told if "s.yaml" not in line and line not in page] == []


def test_positions_follow_each_other_where_none_is_said() -> None:
    line = schema(FIXED).by_tag["line"]
    assert [(one.start, one.width) for one in line.fields] == [(2, 10), (12, 7), (19, 5)]


def test_the_table_of_a_message_follows_from_the_records() -> None:
    made = schema()
    (head,) = made.directory.messages["orders"].body
    assert [entry.tag for entry in head.walk()] == ["head", "line", "text"]
    assert [entry.repeats for entry in head.walk()] == [1, 3, UNLIMITED - 1]
    assert [entry.tag for entry in made.around.body] == ["head", "end"]
    assert made.layout.position("line", "quantity") == (3, None)


@pytest.mark.parametrize(
    ("text", "old", "new", "complaint"),
    [
        (ORDERS, "flat:", "# flat:", "flat: this key is missing"),
        (ORDERS, "charset:", "charser:", "charser: this key is not known here"),
        (ORDERS, "cp1252", "ebcdic", "charset: expected one of UTF-8, cp1252"),
        (ORDERS, 'delimiter: ";"', "delimiter: ab", "delimiter: expected one sign"),
        (ORDERS, "type: {column: 1}", "", "type: several records, and nothing says"),
        (ORDERS, "message: head", "message: line", "message: expected file or one of head, end"),
        (ORDERS, "parent: line", "parent: lime", "records.text.parent: no record lime"),
        (ORDERS, "type: T", "type: L", "records.text.type: line has it too"),
        (ORDERS, "    type: T\n", "", "records.text: this record has no `type`"),
        (ORDERS, "end.lines: line", "end.lines: lime", "counts.end.lines: expected RECORD.FIELD"),
        (ORDERS, "n..6, required", "m6, required", "number.format: expected a format"),
        (ORDERS, "YYYY-MM-DD", "YYYY-QQ", "ordered.date: expected a mask"),
        (ORDERS, "YYYY-MM-DD", "MM-DD", "ordered.date: expected a mask"),
        (ORDERS, "decimals: ..3", "decimals: x", "quantity.decimals: expected how many"),
        (ORDERS, "format: an2..10", "decimals: 2, format: an..5", "only numbers have decimals"),
        (ORDERS, "format: n..9, decimals: ..3", "format: n3, decimals: ..3", "3 decimals of 3"),
        (ORDERS, "required: yes", "required: maybe", "expected yes or no"),
        (ORDERS, '"3"', '"0"', "repeats: expected a whole number from 1"),
        (ORDERS, "letters: a..4", "4ever: a..4", '"4ever" is no name'),
        (ORDERS, 'decimal: ","', 'decimal: ","\nthousands: ","', "the decimal mark is the same"),
        (ORDERS, 'decimal: ","', 'decimal: ","\nquote: ";"', "the delimiter is the same sign"),
        (ORDERS, 'decimal: ","', "severities: {X: note}", 'severities.X: "X" is no fault code'),
        (ORDERS, "[ST, KG]", "[ST, {}]", "codes: expected a list of texts"),
        (ORDERS, "fields: {text: an..70}", "fields: []", "text.fields: expected keys and values"),
        (FIXED, "start: 2, format: an..10, required: yes}\n      q",
         "start: 1, format: an..10}\n      q", "positions 1 to 10 overlap with the type"),
        (FIXED, "charset: cp850", "headings: yes", "headings: only delimited files"),
        (FIXED, "{start: 1, length: 1}", "{column: 1}", "type.column: fields have positions"),
        (LIST, "headings: yes", "type: {heading: Kind}", "type.heading: the file has no headings"),
        ("flat: x", "x", "y", "records: expected at least one record"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_its_key(text: str, old: str, new: str, complaint: str) -> None:
    assert old in text
    assert any(complaint in one for one in complaints(text.replace(old, new, 1)))


def test_all_mistakes_are_told_at_once() -> None:
    text = ORDERS.replace("cp1252", "x").replace("type: T", "type: L").replace("s: ..3", "s: x")
    assert len(complaints(text)) == 3


def test_a_mistyped_key_has_a_hint() -> None:
    _, wrong = declared(ORDERS.replace("charset", "charsett"))
    assert wrong[0].hint == "did you mean charset?"
