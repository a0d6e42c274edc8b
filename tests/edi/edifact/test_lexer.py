"""Whatever the bytes and however they are chunked, each of them ends in one token."""

from itertools import repeat

import pytest
from hypothesis import strategies as st

from edi.cutting import Kind, Token
from edi.edifact.lexer import Lexer

START = b"UNB+UNOC:3+A+B+261121:0830+1'"
ORDER = b"UNH+1+ORDERS:D:96A:UN'BGM+220'UNT+3+1'"
END = b"UNZ+1+1'"
SIGNS = st.sampled_from(
    [
        b"UNA:+.? '",
        b"UNB+",
        b"UNH+",
        b"UNT+",
        b"UNZ+",
        b"UNG+",
        b"UNE+",
        b"'",
        b"?",
        b"+",
        b"\n",
        b" ",
        b"x",
    ]
)


def kinds(content: bytes, **bounds: int) -> list[str]:
    return [token.kind for token in Lexer([content], **bounds)]


def tokens(*chunks: bytes, **bounds: int) -> list[Token]:
    return list(Lexer(chunks, **bounds))


def test_an_interchange_is_cut_into_its_parts() -> None:
    content = b"UNA:+.? '" + START + b"UNG+1'" + ORDER + b"UNE+1+1'" + END
    assert kinds(content) == [
        Kind.SEPARATORS,
        Kind.INTERCHANGE,
        Kind.GROUP,
        Kind.MESSAGE,
        Kind.GROUP_END,
        Kind.INTERCHANGE_END,
    ]


def test_offsets_lines_and_columns_are_those_of_the_bytes() -> None:
    found = tokens(START + b"\r\n" + ORDER + b"\r\n  " + END)
    assert [(one.offset, one.line, one.column) for one in found] == [
        (0, 1, 1),
        (len(START) + 2, 2, 1),
        (len(START + ORDER) + 6, 3, 3),
    ]
    assert found[1].raw == ORDER


def test_a_tag_in_the_data_begins_nothing() -> None:
    order = ORDER.replace(b"220", b"220+UNT+1?'UNZ+?'UNH+??+UNB+x")
    assert kinds(START + order + END) == [Kind.INTERCHANGE, Kind.MESSAGE, Kind.INTERCHANGE_END]


def test_a_message_without_trailer_ends_where_the_next_thing_begins() -> None:
    cut = ORDER.removesuffix(b"UNT+3+1'")
    first, second, third, _ = tokens(START + cut + ORDER + END)
    assert (first.kind, second.whole, second.raw) == (Kind.INTERCHANGE, False, cut)
    assert (third.whole, third.raw) == (True, ORDER)


def test_una_in_the_middle_of_data_is_data() -> None:
    text = START + b"UNH+1+ORDERS'FTX+AAI+see UNA123456UNB and UNA?:?+.UNH'UNT+3+1'" + END
    assert kinds(text) == [Kind.INTERCHANGE, Kind.MESSAGE, Kind.INTERCHANGE_END]


def test_una_before_a_whole_header_ends_what_was_cut_off() -> None:
    text = START + b"UNH+1+ORDERS'BGM+22UNA|,.? ~UNB,UNOC|3,A,B~UNZ,0,1~"
    assert kinds(text) == [
        Kind.INTERCHANGE,
        Kind.MESSAGE,
        Kind.SEPARATORS,
        Kind.INTERCHANGE,
        Kind.INTERCHANGE_END,
    ]


@pytest.mark.parametrize("cut", [b"BGM+220", b"BGM+2?", b""])
def test_another_interchange_ends_one_that_was_cut_off(cut: bytes) -> None:
    other = b"UNA|,.? ~UNB,UNOC|3,A,B~"
    found = tokens(START + b"UNH+1+ORDERS'" + cut + other)
    assert [one.kind for one in found] == [
        Kind.INTERCHANGE,
        Kind.MESSAGE,
        Kind.SEPARATORS,
        Kind.INTERCHANGE,
    ]
    assert found[3].separators.element == ","


@pytest.mark.parametrize(
    "begun",
    [
        b"UNB,KECA|3,A,B",
        b"UNB,unoc|3,A,B",
        b"UNB,UNOC,A,B",
        b"UNB,UNOC|5,A,B",
        b"UNG,ORDERS,A,B",
        b"UNH,2,ORDERS",
    ],
)
@pytest.mark.parametrize("before", [START + b"UNH+1+ORDERS'BGM+22", b"mail header "])
def test_una_counts_wherever_something_begins_as_it_says(before: bytes, begun: bytes) -> None:
    *_, una, first = tokens(before + b"UNA|,.? ~\r\n" + begun + b"~")
    assert (una.kind, una.raw) == (Kind.SEPARATORS, b"UNA|,.? ~")
    assert (first.raw, first.separators.element) == (begun + b"~", ",")


def test_una_on_a_line_of_its_own_counts_whatever_it_says() -> None:
    found = tokens(START + b"UNH+1+ORDERS'BGM+22\nUNA|,.?1~UNB+UNOC:3+A+B'")
    assert [one.kind for one in found[2:]] == [Kind.SEPARATORS, Kind.INTERCHANGE]


@pytest.mark.parametrize("begun", [b"UNB+KECA:3+A+B'", b"UNB+unoc+A+B'", b"UNB+UNOC:5+A+B'"])
def test_a_header_on_a_line_of_its_own_begins_whatever_set_it_names(begun: bytes) -> None:
    assert tokens(START + b"UNH+1+ORDERS'BGM+22\n" + begun)[-1].raw == begun


def test_an_interchange_on_a_line_of_its_own_begins_even_in_a_cut_segment() -> None:
    assert kinds(START + b"UNH+1+ORDERS'BGM+22\n" + START + END)[1:3] == [
        Kind.MESSAGE,
        Kind.INTERCHANGE,
    ]


def test_separators_count_until_their_interchange_ends() -> None:
    odd = b"UNA|,.? ~UNB,UNOC|3,A,B~UNZ,0,1~"
    found = tokens(odd + START + ORDER + END)
    assert [one.separators.terminator for one in found] == ["'", "~", "~", "'", "'", "'"]


def test_a_terminator_may_be_a_line_end() -> None:
    content = b"UNA:+.? \nUNB+UNOC:3+A+B\nUNH+1+ORDERS\nUNT+2+1\nUNZ+1+1\n"
    assert kinds(content) == [
        Kind.SEPARATORS,
        Kind.INTERCHANGE,
        Kind.MESSAGE,
        Kind.INTERCHANGE_END,
    ]


def test_a_mark_of_byte_order_is_a_token() -> None:
    assert kinds(b"\xef\xbb\xbf" + START)[:2] == [Kind.BYTE_ORDER, Kind.INTERCHANGE]


def test_what_belongs_nowhere_is_one_token_between_others() -> None:
    found = tokens(b"mail header\n\n" + START + b"BGM+1'" + ORDER + b"FTX'" + END + b"\r\nbye")
    assert [one.kind for one in found] == [
        Kind.JUNK,
        Kind.INTERCHANGE,
        Kind.JUNK,
        Kind.MESSAGE,
        Kind.JUNK,
        Kind.INTERCHANGE_END,
        Kind.JUNK,
    ]
    assert (found[2].raw, found[2].size) == (b"BGM+1'", 6)


def test_the_repetition_separator_needs_version_4() -> None:
    assert tokens(START)[0].separators.repetition is None
    assert tokens(START.replace(b":3+", b":4+"))[0].separators.repetition == "*"


def test_a_long_message_comes_in_parts_of_whole_segments() -> None:
    body = b"".join(b"LIN+%d'QTY+21:1'" % line for line in range(500))
    content = START + b"UNH+1+ORDERS'" + body + b"UNT+1002+1'" + END
    chunks = [content[at : at + 100] for at in range(0, len(content), 100)]
    parts = [one for one in Lexer(chunks, part=1000, read=200) if one.kind == Kind.MESSAGE]
    assert len(parts) > 3
    assert all(one.raw.endswith(b"'") for one in parts)
    assert b"".join(one.raw for one in parts) == content[len(START) : -len(END)]
    assert [one.first for one in parts] == [True, *repeat(False, len(parts) - 1)]
    assert [one.last for one in parts] == [*repeat(False, len(parts) - 1), True]


def test_a_released_terminator_at_the_edge_of_what_is_held_ends_nothing() -> None:
    segment = b"FTX+" + b"y" * 1020 + b"?" + b"'" + b"z" * 2000 + b"'"
    content = START + b"UNH+1+ORDERS'" + segment + b"UNT+3+1'" + END
    for size in (1, 3, 1024):
        chunks = (content[at : at + size] for at in range(0, len(content), size))
        found = list(Lexer(chunks, part=300, longest=400, read=64))
        assert [one.kind for one in found if one.kind == Kind.ENDLESS] == [Kind.ENDLESS]
        assert found[-1].kind == Kind.INTERCHANGE_END
