"""A message without table has a tree too, and every row of a tree is found in the bytes."""

from collections.abc import Iterator

from canonical.rows import Row
from edi.text import EDIFACT, Slice
from edi.trees import flat, placing, rows_of

RAW = "UNH+1'BGM+220'LIN+1'LIN+1'UNT+5+1'"
PIECE = Slice("ORDERS", RAW, RAW.encode(), EDIFACT, EDIFACT)


def test_segments_stand_below_the_header_without_the_trailer() -> None:
    assert flat(PIECE, "UNT") == [["UNH", "1"], [["BGM", "220"]], [["LIN", "1"]], [["LIN", "1"]]]


def test_a_message_that_was_cut_off_keeps_its_last_segment() -> None:
    piece = Slice("ORDERS", "UNH+1'BGM'", b"", EDIFACT, EDIFACT)
    assert flat(piece, "UNT") == [["UNH", "1"], [["BGM"]]]
    assert flat(Slice("", "UNT'", b"", EDIFACT, EDIFACT), "UNT") == [["UNT"]]


def test_equal_rows_are_told_apart() -> None:
    root = flat(PIECE, "UNT")
    place = placing(PIECE, lambda: rows_of(root))
    first, second = (place(root[at][0], 1, None) for at in (2, 3))
    assert (first.segment, second.segment) == (3, 4)
    assert RAW[(second.offset or 0) - 4 :].startswith("LIN+1'UNT")
    assert place(root[2][0], 0, None).mark == (0, 5)


def test_the_rows_of_a_message_are_walked_once_however_many_places_are_asked_for() -> None:
    root, walks = flat(PIECE, "UNT"), 0

    def rows() -> Iterator[Row]:
        nonlocal walks
        walks += 1
        return rows_of(root)

    place = placing(PIECE, rows)
    assert walks == 0
    assert [place(one, 0, None).segment for one in rows_of(root)] == [1, 2, 3, 4]
    assert walks == 1
