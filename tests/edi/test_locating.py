"""What is wrong in a message is found again in the bytes its sender wrote."""

import pytest

from edi.locating import SHOWN, Locator
from edi.text import EDIFACT, Separators, Slice

RAW = "UNH+1+ORDERS:D:96A:UN'\r\nFTX+AAI+++blå?+a:gul'\r\nIMD+F++:::x*y'"


def locator(raw: str = RAW, charset: str = "utf-8", own: Separators = EDIFACT) -> Locator:
    return Locator(Slice("ORDERS", "", raw.encode(charset), EDIFACT, own, charset=charset,
                         offset=100, line=3, column=5, interchange=1, number=2))  # fmt: skip


def marked(place) -> str:
    start, end = place.mark
    return place.excerpt[start:end]


def test_an_element_has_a_line_a_column_and_an_offset() -> None:
    place = locator().place(2, 4, 1)
    assert (place.line, place.column, marked(place)) == (4, 18, "gul")
    assert place.offset == 100 + RAW.encode().index(b"gul")
    assert (place.interchange, place.message, place.segment) == (1, 2, 2)


def test_the_first_line_continues_what_stood_before() -> None:
    place = locator().place(1, 2, 3)
    assert (place.line, place.column, marked(place)) == (3, 5 + 19, "UN")


def test_released_separators_split_nothing() -> None:
    assert marked(locator().place(2, 4, 0)) == "blå?+a"
    assert locator().raw(2) == "FTX+AAI+++blå?+a:gul"


def test_a_repetition_is_a_place_of_its_own() -> None:
    assert marked(locator().place(3, 3, 3)) == "x"
    assert marked(locator().place(3, 3, repetition=2)) == "y"


def test_a_whole_segment_can_be_marked() -> None:
    assert marked(locator().place(2)) == "FTX+AAI+++blå?+a:gul"


@pytest.mark.parametrize(("element", "component"), [(9, None), (4, 7), (1, 2)])
def test_what_is_not_there_is_placed_at_the_end_of_what_it_would_be_in(element, component) -> None:
    place = locator().place(2, element, component)
    assert place.mark[0] == place.mark[1]


def test_a_segment_that_is_not_there_is_placed_at_the_end_of_the_message() -> None:
    place = locator().place(9)
    assert place.offset == 100 + len(RAW.encode())
    assert place.excerpt == ""


def test_only_what_is_near_is_repeated_of_a_long_segment() -> None:
    place = locator("FTX+" + "x" * 1000 + "+here+" + "y" * 1000 + "'").place(1, 2)
    assert len(place.excerpt) == SHOWN
    assert marked(place) == "here"
    assert place.column == 5 + 1005


def test_separators_of_the_sender_are_those_that_count() -> None:
    own = Separators("~", "*", ">", "^")
    place = locator("ST*850~PO1*1*5^6>7~", own=own).place(2, 2, 1, repetition=2)
    assert marked(place) == "7"


def test_long_segments_take_no_quadratic_time() -> None:
    assert locator("FTX+" + "?" * 300_000 + "'").place(1, 5).mark is not None


def test_what_stands_before_every_interchange_is_in_none() -> None:
    piece = Slice("", "", b"junk", EDIFACT, EDIFACT, interchange=0, number=0)
    place = Locator(piece).place(1)
    assert (place.interchange, place.message, place.segment) == (None, None, None)
