"""Facts are read lazily, written back equal, and wrong lines are told with their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.choosing import only
from edi.facts import FactsError, check_facts, read_facts
from edi.schema import (
    UNLIMITED,
    Composite,
    Dependency,
    Element,
    Entry,
    Format,
    Note,
    Segment,
    Use,
)
from edi.writing_facts import format_of, write_facts

TEXT = """\
facts 1 T.1
source ours
element 1 an..35
element 2 n3 = 001 002
element 3 an2..5
element 4 n2:1..10
element 5 n2:4..4
composite C1 1! 2 3-
segment AAA C1! 4*5 1 | C0302 R010203
segment BBB 5*
segment CCC
service ZZZ 1
message M AAA! 1(BBB! CCC*5 L2(AAA! BBB)*)!*200000 ZZZ
"""


def test_every_word_of_a_line_means_what_the_format_says() -> None:
    directory = read_facts(TEXT)
    one = Element("1", Format.ALPHANUMERIC, 1, 35)
    two = Element("2", Format.NUMERIC, 3, 3, frozenset({"001", "002"}))
    three = Element("3", Format.ALPHANUMERIC, 2, 5)
    composite = Composite("C1", (Use(one, mandatory=True), Use(two), Use(three, forbidden=True)))
    assert directory.segments["AAA"] == Segment(
        "AAA",
        (
            Use(composite, mandatory=True),
            Use(Element("4", Format.IMPLIED, 1, 10, decimals=2), repeats=5),
            Use(one),
        ),
        (
            Note(Dependency.IF_FIRST_THEN_ALL, (3, 2)),
            Note(Dependency.ONE_OR_MORE, (1, 2, 3)),
        ),
    )
    assert directory.segments["BBB"].uses[0].repeats == UNLIMITED
    assert directory.segments["CCC"].uses == ()
    assert directory.service["ZZZ"].tag == "ZZZ"
    assert directory.messages["M"].body == (
        Entry("AAA", mandatory=True),
        Entry("BBB", mandatory=True, repeats=200_000, group="1", body=(
            Entry("CCC", repeats=5),
            Entry("AAA", repeats=UNLIMITED, group="L2", body=(Entry("BBB"),)),
        )),
        Entry("ZZZ"),
    )  # fmt: skip


def test_what_is_written_is_read_equal() -> None:
    directory = read_facts(TEXT)
    text = write_facts(directory)
    assert read_facts(text) == directory
    assert write_facts(read_facts(text)) == text


@given(
    st.sampled_from(sorted(set(Format) - {Format.IMPLIED})),
    st.integers(1, 99),
    st.integers(0, 99),
)
def test_every_format_is_written_as_it_is_read(format_: Format, first: int, more: int) -> None:
    element = Element("1", format_, first, first + more)
    read = read_facts(f"facts 1 T\nelement 1 {format_of(element)}\nsegment AAA 1")
    assert read.segments["AAA"].uses[0].of == element


@pytest.mark.parametrize(
    ("line", "number", "says"),
    [
        ("elment 7 an..3", 14, 'no kind of line "elment" here; did you mean element?'),
        ("element 1 an..3", 14, "element 1 stands here a second time"),
        ("element 7 an..", 14, '"an..": expected a format'),
        ("element 7 xy3", 14, '"xy3": expected a format'),
        ("element 7 an5..3", 14, '"an5..3": expected a format'),
        ("composite C7 C1", 14, 'no element "C1" here'),
        ("segment DDD 1!!", 14, '"1!!": expected an id'),
        ("segment DDD 1 | X01", 14, '"X01": expected a note'),
        ("segment DDD 1 | C0102", 14, "there are the positions 1 to 1 only"),
        ("message N AAX", 14, 'no segment "AAX" here; did you mean AAA?'),
        ("message N 1(AAA)", 14, "must begin with its trigger"),
        ("message N 1(AAA! BBB", 14, '"the end of the line": expected'),
        ("message N AAA) BBB", 14, "a bracket too many"),
        ("message N AAA*x", 14, '"AAA*x": expected a segment'),
        ("message N " + "1(AAA! " * 40, 14, "more than 20 deep"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_the_way_out(
    line: str, number: int, says: str
) -> None:
    (found,) = check_facts(TEXT + line + "\n", "user.facts")
    assert (found.path, found.line) == ("user.facts", number)
    assert says in found.message
    assert str(found).startswith(f"user.facts:{number}: ")


def test_all_wrong_lines_are_told_at_once_and_reading_raises_the_worst() -> None:
    text = "facts 2 X\n"
    assert "facts 1 NAME" in check_facts(text)[0].message
    with pytest.raises(FactsError):
        read_facts(text)
    wrong = TEXT + "element 8 zz\nelement 9 zz\n"
    assert [finding.line for finding in check_facts(wrong)] == [14, 15]
    assert read_facts(wrong).segments["AAA"], "what is not asked for is not read"


def test_a_wrong_line_raises_when_it_is_asked_for() -> None:
    directory = read_facts("facts 1 T\nsegment AAA 9\n", "user.facts")
    with pytest.raises(FactsError, match=r"user.facts:2: there is no element"):
        directory.segments["AAA"]


@given(st.text())
def test_checking_any_text_gives_findings_and_never_raises(text: str) -> None:
    check_facts(text)
    check_facts("facts 1 T\n" + text)


def test_what_a_guide_changes_at_one_place_cannot_be_written_as_a_fact() -> None:
    directory = read_facts(TEXT)
    other = Segment("AAA", (Use(Element("1", Format.NUMERIC, 1, 3)),))
    table = only(directory, ["M"]).messages["M"]
    with pytest.raises(ValueError, match="two different 1"):
        write_facts(only_with(directory, other))
    assert table.name == "M"


def only_with(directory, segment):
    from dataclasses import replace

    return replace(directory, segments={**directory.segments, "DDD": segment})


def test_choosing_messages_keeps_their_segments_and_no_others() -> None:
    text = TEXT + "segment DDD 1\nmessage N DDD AAA ZZZ\n"
    chosen = only(read_facts(text), ["N", "UNKNOWN"])
    assert set(chosen.messages) == {"N"}
    assert set(chosen.segments) == {"DDD", "AAA"}
