"""Everything in our X12 tables has a name in English and in Swedish."""

import pytest

from edi.naming import LANGUAGES
from edi.rules import X12
from edi.schema import Composite
from edi.text import Slice
from edi.x12.editions import BUILT_IN, edition
from edi.x12.names import MAIN, names
from edi.x12.releases import Releases


def ids() -> set[str]:
    found: set[str] = set()
    for release in BUILT_IN:
        directory = edition(release)
        for segment in (*directory.segments.values(), *directory.service.values()):
            found.add(segment.tag)
            for use in segment.uses:
                found.add(use.of.id)
                if isinstance(use.of, Composite):
                    found |= {part.of.id for part in use.of.parts}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_segment_composite_and_element_of_ours_has_a_name(language: str) -> None:
    known = names(language).known
    assert ids() - known.keys() == set()
    assert all(name and name == name.strip() for name in known.values())


def test_the_main_element_stands_in_its_segment() -> None:
    for tag, element in MAIN.items():
        assert element in {use.of.id for use in edition("004010").segments[tag].uses}, tag


@pytest.mark.parametrize(
    ("row", "element", "said"),
    [
        (["PO1", "1", "1OO"], "330", "ordered quantity of line 2"),
        (["N1", "ST", "X"], "93", "ship-to address of line 2"),
        (["N1", "ST", "X"], "67", "identity of ship-to address of line 2"),
        (["DTM", "002", "2"], "373", "requested delivery date of line 2"),
    ],
)
def test_what_a_fault_is_about_is_said_in_the_words_of_business(
    row: list[str], element: str, said: str
) -> None:
    assert names().subject(row, element, 2) == said


def test_a_fault_in_a_message_of_x12_says_what_it_is_about() -> None:
    text = "ST*850*0001~BEG*00*SA*1**20261121~PO1*1*1OO*EA~SE*4*0001~"
    piece = Slice("850", text, text.encode(), X12.separators, X12.separators)
    validation = Releases().validation("850", "004010")
    assert validation is not None
    (fault,) = validation.read(piece).faults
    assert (fault.code, fault.subject) == ("X12-122", "ordered quantity of line 1")
