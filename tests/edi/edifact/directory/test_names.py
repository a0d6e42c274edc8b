"""Everything that is shipped has a name in English and in Swedish, and faults speak of business."""

import pytest

from edi.edifact.directory import edition, envelope_of
from edi.edifact.directory.names import MAIN, names
from edi.naming import LANGUAGES
from edi.schema import Composite, Segment


def shipped() -> list[Segment]:
    editions = (edition("D.96A"), edition("D.01B"), edition("D.01B", 4))
    found = [one for each in editions for one in each.segments.values()]
    return [*found, *envelope_of(3).service.values(), *envelope_of(4).service.values()]


def ids() -> set[str]:
    found = {segment.tag for segment in shipped()}
    for segment in shipped():
        for use in segment.uses:
            found.add(use.of.id)
            if isinstance(use.of, Composite):
                found |= {part.of.id for part in use.of.parts}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_segment_composite_and_element_that_is_shipped_has_a_name(language: str) -> None:
    known = names(language).known
    assert ids() - known.keys() == set()
    assert all(name and name == name.strip() and "\t" not in name for name in known.values())


def test_nothing_is_named_that_does_not_exist() -> None:
    plain = {key for key in names().known if "+" not in key}
    assert plain - ids() == set()


def test_a_qualified_name_belongs_to_a_code_that_the_directory_lists() -> None:
    for key in names().known:
        tag, _, code = key.partition("+")
        if not code:
            continue
        lists = []
        for one in (edition("D.96A"), edition("D.01B")):
            of = one.segments[tag].uses[0].of
            lists.append((of.parts[0].of if isinstance(of, Composite) else of).codes)
        assert any(codes is None or code in codes for codes in lists), key


def test_the_main_element_stands_in_its_segment() -> None:
    for tag, element in MAIN.items():
        segment = edition("D.96A").segments[tag]
        parts = [use.of.parts if isinstance(use.of, Composite) else (use,) for use in segment.uses]
        assert element in {part.of.id for each in parts for part in each}, tag


@pytest.mark.parametrize(
    ("row", "element", "line", "said"),
    [
        (["QTY", "21:1OO:PCE"], "6060", 3, "ordered quantity of line 3"),
        (["QTY", "21:1OO:PCE"], "6411", 3, "unit of ordered quantity of line 3"),
        (["QTY", "21:12"], "", None, "ordered quantity"),
        (["QTY", "ZZZ:12"], "6060", None, "quantity"),
        (["LIN", "x"], "1082", 1, "line number of line 1"),
        (["UNT"], "0074", None, "count of segments"),
        (["XYZ", "1"], "", None, None),
        (["XYZ", "1"], "9999", 4, None),
    ],
)
def test_what_a_fault_is_about_is_said_in_the_words_of_business(
    row: list[str], element: str, line: int | None, said: str | None
) -> None:
    assert names().subject(row, element, line) == said


def test_swedish_has_its_own_words_and_an_unknown_language_speaks_english() -> None:
    row = ["QTY", "21:1OO:PCE"]
    assert names("sv").subject(row, "6411", 3) == "enhet för beställd kvantitet på rad 3"
    assert names("fi").name("LIN") == "line"
    assert names("sv").name("9998") == "9998"
