"""The shipped editions hold the messages that are mapped, as the UN's own archives say them."""

import pytest

from edi.choosing import only
from edi.edifact.directory import (
    BUILT_IN,
    MESSAGES,
    bare_edition,
    edition,
    envelope_of,
    known_service,
    layout,
    read_archive,
    with_syntax,
)
from edi.edifact.directory.editions import spread
from edi.facts import check_facts, read_facts
from edi.schema import UNLIMITED, Dependency, Note
from edi.writing_facts import write_facts
from tests.edi.edifact.directory import un

ABSENT = {"D.96A": {"PRODAT", "RETANN"}, "D.01B": set()}
"""What an edition of the UN does not have: these messages came later."""


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_message_is_there_except_those_the_edition_has_not(name: str) -> None:
    assert set(edition(name).messages) == {*MESSAGES, "CONTRL"} - ABSENT[name]


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_shipped_is_what_the_archive_says(name: str) -> None:
    archive = read_archive(un.members(name.replace(".", "").lower()))
    assert write_facts(only(archive, MESSAGES)) == write_facts(bare_edition(name))


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_line_of_the_shipped_facts_is_in_order(name: str) -> None:
    assert check_facts(write_facts(bare_edition(name)), name, known_service()) == ()


@pytest.mark.parametrize("syntax", [3, 4])
def test_the_service_segments_are_in_order_and_hold_contrl(syntax: int) -> None:
    envelope = envelope_of(syntax)
    assert check_facts(write_facts(envelope)) == ()
    assert {"UNB", "UNH", "UNT", "UNZ", "UCI", "UCD"} <= set(envelope.service)
    trigger = envelope.messages["CONTRL"].body[1]
    assert (trigger.tag, trigger.repeats) == ("UCM", 999_999)


def test_dates_and_interactive_agencies_grow_with_syntax_four() -> None:
    def longest(syntax: int, tag: str, name: str) -> int:
        places = layout("D.01B", syntax)
        row, part = places.position(tag, name) or (0, None)
        use = places.directory.service[tag].uses[row - 1]
        return (use.of if part is None else use.of.parts[part].of).longest

    assert (longest(3, "UNB", "0017"), longest(4, "UNB", "0017")) == (6, 8)
    assert (longest(3, "UNT", "0074"), longest(4, "UNT", "0074")) == (6, 10)


def test_a_repeated_element_takes_positions_before_syntax_four() -> None:
    before, since = edition("D.01B", 3), edition("D.01B", 4)
    assert (before.name, since.name) == ("D.01B", "D.01B/4")
    assert [use.repeats for use in since.segments["COM"].uses] == [3]
    assert [(use.mandatory, use.repeats) for use in before.segments["COM"].uses] == [
        (True, 1), (False, 1), (False, 1),
    ]  # fmt: skip
    assert layout("D.01B", 3).position("COM", "3148", 3) == (3, 0)


def test_notes_follow_to_the_positions_that_repeats_take() -> None:
    text = "facts 1 T\nelement 1 an..3\nsegment AAA 1*3 1 1*200 1 | C0402\n"
    moved = spread(read_facts(text).segments["AAA"])
    assert len(moved.uses) == 6
    assert moved.notes == (Note(Dependency.IF_FIRST_THEN_ALL, (6, 4)),)


def test_an_unlimited_element_stays_one_position() -> None:
    text = "facts 1 T\nelement 1 an..3\nsegment AAA 1*\n"
    segment = read_facts(text).segments["AAA"]
    assert segment.uses[0].repeats == UNLIMITED
    assert len(spread(segment).uses) == 1


def test_an_edition_that_is_not_shipped_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match=r"D\.10B"):
        edition("D.10B")


def test_any_edition_gets_its_envelope_by_the_syntax() -> None:
    directory = with_syntax(read_facts("facts 1 T\nelement 1 an..3\nsegment AAA 1\n"), 4)
    assert list(directory.messages) == ["CONTRL"]
    assert len(directory.messages) == len(directory.segments) == 1
    assert directory.segment("UGH") is not None
    with pytest.raises(KeyError):
        directory.messages["ORDERS"]
