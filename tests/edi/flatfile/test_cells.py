"""A line is cut into cells, and where a cell stands is where its text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.flatfile.cells import Delimited, Fixed, cells_of
from edi.flatfile.schema import Schema
from tests.edi.flatfile.making import FIXED, ORDERS, schema

PLAIN = schema(ORDERS)


def cells(line: str, made: Schema = PLAIN) -> list[str]:
    cutter = cells_of(made)
    assert isinstance(cutter, Delimited)
    return cutter.cells(line)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a;b;c", ["a", "b", "c"]),
        ("a;;", ["a", "", ""]),
        (" a ;\tb", ["a", "b"]),
        ('"a;b";c', ["a;b", "c"]),
        ('a;"b ""c"""', ["a", 'b "c"']),
        ('""', [""]),
        ('a"b;c', ['a"b', "c"]),
        ('"a', ['"a']),
        ('"a"b;c', ['"a"b', "c"]),
    ],
)
def test_cells_are_quoted_or_plain(line: str, found: list[str]) -> None:
    assert cells(line) == found


def test_a_quote_may_be_escaped_by_another_sign() -> None:
    escaped = schema(**{'delimiter: ";"': "delimiter: \";\"\nescape: '\\'"})
    assert cells(r'"a \"b\" \\ c";d', escaped) == [r'a "b" \ c', "d"]


@given(st.lists(st.text(alphabet='ab";\n \\', max_size=6), min_size=1, max_size=5))
def test_what_is_quoted_comes_back(texts: list[str]) -> None:
    quoted = ";".join('"' + text.replace('"', '""') + '"' for text in texts)
    assert cells(quoted) == [text.strip(" ") for text in texts]


def test_a_value_stands_where_its_span_says() -> None:
    head = PLAIN.by_tag["head"]
    cutter = cells_of(PLAIN)
    line = 'H;"PO;1";2026-11-22'
    assert [line[slice(*cutter.span(line, head, at))] for at in (1, 2, 3)] == [
        '"PO;1"', "2026-11-22", "",
    ]  # fmt: skip


def test_fixed_values_stand_at_their_positions() -> None:
    made = schema(FIXED)
    cutter, line = cells_of(made), "LSKU-1     0000123 0042  x"
    assert isinstance(cutter, Fixed)
    record = made.by_tag["line"]
    assert cutter.taken(line) == ("L", record, ["SKU-1", "0000123", "42", "x"])
    assert line[slice(*cutter.span(line, record, 3))] == "0042"
    assert line[slice(*cutter.span(line, record, 4))] == "  x"
