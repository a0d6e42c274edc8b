"""Whatever the bytes and however they are chunked, each of them ends in one token."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.cutting import Kind
from tests.edi.sides import EDIFACT, X12, Side, both
from tests.memory import measured


@both
@given(st.data(), st.integers(1, 60))
def test_chunks_change_nothing(side: Side, data: st.DataObject, size: int) -> None:
    content = b"".join(data.draw(st.lists(st.sampled_from(side.signs), max_size=40)))
    lexer = side.reader.lexer
    whole = [one[:5] for one in lexer([content])]
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    assert [one[:5] for one in lexer(chunks, read=1)] == whole


def test_many_announced_separators_in_a_row_are_cut_alike() -> None:
    content = EDIFACT.signs[0] * 8
    chunks = (content[at : at + 1] for at in range(len(content)))
    lexer = EDIFACT.reader.lexer
    assert [one[:5] for one in lexer(chunks, read=1)] == [one[:5] for one in lexer([content])]


@pytest.mark.parametrize("una", [b"UNA:+.  '", b"UNA|,.? ~"])
@pytest.mark.parametrize("cut", [b"BGM+22", b"BGM+22?", b"BGM+22?'"])
def test_announced_separators_behind_a_cut_count_wherever_chunks_end(
    una: bytes, cut: bytes
) -> None:
    header = b"UNB+UNOC:3+A+B'".translate(bytes.maketrans(b":+'", una[3:5] + una[-1:]))
    before = EDIFACT.interchange("FTX+" + "x" * 200).partition(b"'UNT")[0] + b"'" + cut
    content = before + una + b"\r\n" * 20 + header
    lexer = EDIFACT.reader.lexer
    whole = [one[:5] for one in lexer([content])]
    assert [one[0] for one in whole[-2:]] == [Kind.SEPARATORS, Kind.INTERCHANGE]
    for at in range(len(before), len(content)):
        assert [one[:5] for one in lexer([content[:at], content[at:]], read=1)] == whole


@both
@given(st.data(), st.integers(1, 60), st.integers(1, 40), st.integers(1, 40))
def test_parts_are_cut_alike_however_they_come(
    side: Side, data: st.DataObject, size: int, part: int, longest: int
) -> None:
    content = b"".join(data.draw(st.lists(st.sampled_from(side.signs), max_size=40)))
    lexer = side.reader.lexer
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    tokens = list(lexer(chunks, part=part, longest=longest, read=1))
    whole = list(lexer([content], part=part, longest=longest))
    assert [one[:3] for one in tokens] == [one[:3] for one in whole]
    at = 0
    for token in tokens:
        assert not content[at : token.offset].strip(b"\r\n\t ")
        at = token.offset + token.size
    assert not content[at:].strip(b"\r\n\t ")


@both
@given(st.data())
def test_every_byte_but_blanks_is_in_one_token(side: Side, data: st.DataObject) -> None:
    content = b"".join(data.draw(st.lists(st.sampled_from(side.signs), max_size=40)))
    at = 0
    for token in side.reader.lexer([content]):
        assert not content[at : token.offset].strip(b"\r\n\t ")
        assert content[token.offset : token.offset + token.size].startswith(token.raw)
        at = token.offset + token.size
    assert not content[at:].strip(b"\r\n\t ")


@pytest.mark.parametrize(
    ("side", "where"),
    [
        (EDIFACT, EDIFACT.interchange("FTX+").partition(b"'UNT")[0]),
        (EDIFACT, b"UNB+"),
        (EDIFACT, b"mail"),
        (X12, X12.interchange("MSG*").partition(b"SE*")[0]),
        (X12, X12.interchange().partition(b"GS*")[0] + b"GS*"),
        (X12, b"mail"),
    ],
)
def test_a_segment_without_end_is_not_held(side: Side, where: bytes) -> None:
    end = side.interchange()[-30:]

    def chunks() -> Iterator[bytes]:
        yield where
        for _ in range(400):
            yield b"x" * 65_536
        yield end

    with measured() as memory:
        found = list(side.reader.lexer(chunks(), part=200_000, longest=100_000))
    assert memory.most < 6_000_000
    assert sum(one.size for one in found) == len(where) + 400 * 65_536 + len(end)


@both
def test_a_message_around_an_endless_segment_comes_before_and_after_it(side: Side) -> None:
    mark = side.line[-1]
    content = side.interchange(side.long(1).replace(f"x{mark}", f"{'x' * 500}{mark}"))
    for size in (1, 7, len(content)):
        chunks = (content[at : at + size] for at in range(0, len(content), size))
        tokens = [one for one in side.reader.lexer(chunks, longest=300, read=16)
                  if one.kind in {Kind.MESSAGE, Kind.ENDLESS}]  # fmt: skip
        assert [(one.kind, one.first, one.last) for one in tokens] == [
            (Kind.MESSAGE, True, False),
            (Kind.ENDLESS, True, True),
            (Kind.MESSAGE, False, True),
        ]
        assert tokens[1].size == len(side.line) + 499
        assert b"x" * 300 not in tokens[0].raw + tokens[2].raw


@both
@pytest.mark.parametrize("gap", [b"\n", b"\r\n", b" \r\n\t"], ids=repr)
def test_a_part_of_a_message_begins_with_a_segment_where_lines_end_between_them(
    side: Side, gap: bytes
) -> None:
    end = side.line[-1:].encode()
    content = side.interchange(side.long(40)).replace(end, end + gap)
    lexer = side.reader.lexer
    whole = [one for one in lexer([content]) if one.kind is Kind.MESSAGE]
    for size in (1, 5, len(content)):
        chunks = (content[at : at + size] for at in range(0, len(content), size))
        parts = [one for one in lexer(chunks, part=50, read=16) if one.kind is Kind.MESSAGE]
        assert len(parts) > 4
        assert gap.join(one.raw for one in parts) == whole[0].raw
        for one in parts:
            assert content[one.offset :].startswith(one.raw)
            assert one.raw[:2].isalpha()
            before = content[: one.offset]
            assert (one.line, one.column) == (
                before.count(b"\n") + 1,
                len(before) - before.rfind(b"\n"),
            )


def test_an_empty_segment_of_a_sender_who_ends_segments_with_lines_stays_in_its_part() -> None:
    content = X12.interchange(X12.long(10)).replace(b"~", b"\n").replace(b"MSG*x\n", b"MSG*x\n\n")
    lexer = X12.reader.lexer
    whole = [one.raw for one in lexer([content]) if one.kind is Kind.MESSAGE]
    parts = [one.raw for one in lexer([content], part=6) if one.kind is Kind.MESSAGE]
    assert len(parts) > 4
    assert [b"".join(parts)] == whole


@both
def test_an_endless_segment_behind_a_line_end_begins_with_its_tag(side: Side) -> None:
    mark = side.line[-1]
    long = side.long(1).replace(f"x{mark}", f"{'x' * 500}{mark}").replace(mark, f"{mark}\n")
    tokens = list(side.reader.lexer([side.interchange(long)], part=40, longest=300))
    (told,) = (one for one in tokens if one.kind is Kind.ENDLESS)
    assert told.raw.startswith(side.line[:3].encode())
    assert told.size == len(side.line) + 499
