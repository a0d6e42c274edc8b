"""Bytes become lines, each with where it began, however the bytes come."""

from hypothesis import given
from hypothesis import strategies as st

from edi.flatfile.lines import LONGEST, READ, Line, Lines, gathered


def lines(content: bytes, charset: str = "UTF-8", quote: str = "") -> list[Line]:
    return list(Lines((content,), charset, quote))


def test_lines_end_with_either_end_and_know_their_offsets() -> None:
    found = lines("blå\r\nb\n\nc".encode())
    assert [(one.text, one.number, one.offset) for one in found] == [
        ("blå", 1, 0), ("b", 2, 6), ("", 3, 8), ("c", 4, 9),
    ]  # fmt: skip
    assert found[0].at(3) == 4


def test_a_byte_order_mark_is_counted_and_left_out() -> None:
    reader = Lines((b"\xef\xbb\xbfa\nb",), "cp1252")
    assert [(one.text, one.offset) for one in reader] == [("a", 3), ("b", 5)]
    assert reader.marked


def test_a_quoted_line_end_is_part_of_the_line() -> None:
    (first, second) = lines(b'a;"b\r\nc"\r\nd', quote='"')
    assert (first.text, second.text, second.number, second.offset) == ('a;"b\r\nc"', "d", 3, 10)


def test_a_line_without_end_is_cut_and_counted() -> None:
    content = b"a\n" + b"x" * (3 * READ) + b"\nb\n"
    first, long, last = lines(content)
    assert (long.endless, len(long.text), long.number) == (True, LONGEST, 2)
    assert (last.text, last.number, last.offset) == ("b", 3, content.index(b"\nb") + 1)
    assert not first.endless


def test_the_end_of_file_of_dos_is_none_of_it() -> None:
    assert [one.text for one in lines(b"a\r\n\x1a", "cp850")] == ["a"]


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_pieces_are_gathered_without_loss(pieces: list[bytes]) -> None:
    assert b"".join(gathered(pieces)) == b"".join(pieces)


@given(st.binary(max_size=200))
def test_every_line_stands_at_its_offset(content: bytes) -> None:
    for line in lines(content, "cp1252"):
        raw = line.text.encode("cp1252", "surrogateescape")
        if line.charset == "cp1252":
            assert content[line.offset : line.offset + len(raw)] == raw
