"""An element is found by its id and its turn, or by its position."""

from edi.edifact.directory import layout
from edi.facts import read_facts
from edi.layout import DirectoryLayout, by_position


def test_one_name_finds_an_element_in_every_edition() -> None:
    assert layout("D.96A").position("BGM", "1004") == (2, None)
    assert layout("D.01B").position("BGM", "1004") == (2, 0)


def test_an_element_that_stands_several_times_is_found_by_its_turn() -> None:
    found = [layout("D.96A").position("PIA", "7140", turn) for turn in (1, 2, 5, 6, 0)]
    assert found == [(2, 0), (3, 0), (6, 0), None, None]


def test_what_a_segment_has_not_is_none() -> None:
    assert layout("D.96A").position("BGM", "9999") is None
    assert layout("D.96A").position("QQQ", "1004") is None
    assert layout("D.96A").elements("QQQ") == ()


def test_service_segments_have_a_layout_too() -> None:
    assert layout("D.96A").position("UNH", "0065") == (2, 0)
    assert layout("D.96A").name == "D.96A"


def test_elements_are_named_in_order() -> None:
    assert layout("D.96A").elements("QTY") == ("6063", "6060", "6411")


def test_positions_are_names_too_and_a_composite_is_one_and_its_parts() -> None:
    directory = read_facts("facts 1 X\nelement 1 an..3\ncomposite C1 1 1\nsegment SLN 1 C1\n")
    found = DirectoryLayout(directory, by_position)
    assert found.elements("SLN") == ("01", "02-1", "02-2", "02")
    assert found.position("SLN", "02-2") == (2, 1)
    assert found.position("SLN", "02") == (2, None)


def test_ids_that_are_no_positions_are_names_beside_them() -> None:
    directory = read_facts(
        "facts 1 X\nelement 235 an2\nelement 234 an..48\nelement 1 an..3\n"
        "composite C1 234 1\nsegment PO1 1 235 234 235 234 C1\n"
    )
    found = DirectoryLayout(directory, by_position)
    places = [found.position("PO1", "234", turn) for turn in (1, 2, 3, 4)]
    assert places == [(3, None), (5, None), (6, 0), None]
    assert found.position("PO1", "1") is None


def test_an_id_that_is_a_position_of_its_segment_is_none() -> None:
    directory = read_facts(
        "facts 1 X\nelement 93 an..60\nelement 02 an2\nsegment N2 93 93\nsegment X 02 93\n"
    )
    found = DirectoryLayout(directory, by_position)
    assert [found.position("N2", "93", turn) for turn in (1, 2)] == [(1, None), (2, None)]
    assert found.position("X", "02") == (2, None)
    assert found.position("X", "02", 2) is None
