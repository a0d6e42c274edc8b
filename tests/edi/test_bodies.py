"""A body goes into as many messages as it takes, and none is larger than its limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.wire import Markup
from edi import bodies
from edi.bodies import CHUNK, Frame, Long, batched, chunked, encoded, framed


def frame(limit: int) -> Frame:
    return Frame("'", lambda: "UNH'", lambda segments: f"UNT+{segments}'", limit)


def long(items: int) -> Long:
    return Long("PRICAT", "BGM'", (f"LIN+{n}'QTY'" for n in range(items)), lambda n: f"CNT+{n}'")


def test_a_short_body_is_one_message() -> None:
    assert "".join(framed(Markup("ORDERS", "BGM'DTM'"), frame(9))) == "UNH'BGM'DTM'UNT+4'"


def test_a_long_body_is_cut_between_items() -> None:
    assert "".join(framed(long(3), frame(8))) == (
        "UNH'BGM'LIN+0'QTY'LIN+1'QTY'CNT+2'UNT+8'UNH'BGM'LIN+2'QTY'CNT+1'UNT+6'"
    )


def test_a_long_body_that_fits_is_one_message() -> None:
    assert "".join(framed(long(2), frame(8))).count("UNH'") == 1


def test_a_list_of_nothing_is_a_message_too() -> None:
    assert "".join(framed(long(0), frame(8))) == "UNH'BGM'CNT+0'UNT+4'"


def test_an_item_that_fits_in_no_message_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="more than 1 segments"):
        list(framed(long(1), frame(5)))


def test_every_piece_is_respelt() -> None:
    assert "lin+0'" in "".join(framed(long(1), frame(9), str.lower))


@given(st.lists(st.integers(1, 3), max_size=30), st.integers(8, 12), st.integers(1, 5))
def test_items_taken_in_runs_are_cut_as_one_by_one(
    sizes: list[int], limit: int, together: int
) -> None:
    items = [f"LIN+{number}'" + "QTY'" * (size - 1) for number, size in enumerate(sizes)]
    messages: list[list[str]] = [[]]
    for item in items:
        if "".join([*messages[-1], item]).count("'") > limit - 4:
            messages.append([])
        messages[-1].append(item)
    body = Long("PRICAT", "BGM'", iter(items), lambda n: f"CNT+{n}'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "RUN", together)
        found = "".join(framed(body, frame(limit)))
    assert found.split("UNH'")[1:] == [
        f"BGM'{text}CNT+{len(held)}'UNT+{text.count(chr(39)) + 4}'"
        for held in messages
        for text in ("".join(held),)
    ]


def test_runs_are_bounded_by_messages_and_by_size() -> None:
    many = [Markup("ORDERS", "x" * size) for size in (5, 5, 5, 50, 1)]
    assert [len(run) for run in batched(many, messages=2)] == [2, 2, 1]
    assert [len(run) for run in batched(many, size=12)] == [2, 1, 1, 1]
    assert [len(run) for run in batched(many)] == [5]
    assert list(batched([])) == []


def test_texts_are_joined_to_pieces() -> None:
    texts = ["x" * 1000] * 100
    pieces = list(chunked(texts))
    assert "".join(pieces) == "".join(texts)
    assert [len(piece) for piece in pieces] == [CHUNK // 1000 * 1000 + 1000, 34_000]
    assert list(chunked([])) == []


def test_only_what_a_set_lacks_is_asked_for() -> None:
    lost: list[str] = []

    def other(char: str) -> str:
        lost.append(char)
        return "#"

    assert encoded("blå Łż", "latin-1", other) == "blå ##".encode("latin-1")
    assert lost == ["Ł", "ż"]
