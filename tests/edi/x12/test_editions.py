"""Our X12 tables accept what is right, notice what is not, and may be left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from canonical.faults import Fault, Severity
from edi.facts import check_facts
from edi.rules import X12
from edi.text import Separators, Slice
from edi.validation import Validations
from edi.writing_facts import write_facts
from edi.x12 import editions
from edi.x12.editions import BUILT_IN, NoTablesError, available, edition, layout, release_of
from tests.reference import reference_folder

SETS = {"810", "832", "846", "850", "852", "855", "856", "860", "865", "997"}

SAMPLES = (
    *(f"own/X12_{name}.edi" for name in (
        "810_4010", "832_4010", "846_4010", "850_4010", "852_4010", "855_4010", "856_4010_HL",
        "860_4010", "865_4010", "997_accept", "997_reject_element",
    )),
    "samples/Stedi-Demos__bootstrap/src/resources/X12/5010/855/inbound.edi",
    "samples/aaronhuggins__node-x12/test/test-data/850.edi",
    "samples/aaronhuggins__node-x12/test/test-data/850_3.edi",
    "samples/azoner__pyx12/pyx12/tests/834_ls_le_ls_5010.999.txt",
    "samples/azoner__pyx12/pyx12/tests/834_lui_id_5010.999.txt",
    "samples/glitchassassin__python-edi/test/test_edi.txt",
    "samples/moov-io__x12/examples/example_4010_810/sample.txt",
    "samples/olmelabs__EdiEngine/EdiEngine.Tests/TestData/850.OK.edi",
    "samples/xlate__staedi/src/test/resources/x12/issue590/multi-tx-transaction-type.edi",
    "samples/xlate__staedi/src/test/resources/x12/simple997.edi",
)  # fmt: skip
"""The reference samples of our sets that their oracle finds without error."""


DATA = {"~": "\x0e", "*": "\x0f", ":": "\x10", "^": "\x18"}
"""What stands for a separator of ours where it is another sender's data."""


def messages(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Give release, name and text (in our spelling) of each message of a simple interchange."""
    text = content.decode("latin-1").lstrip("\ufeff \r\n")
    element = text[3]
    head = text.split(element, 16)
    component, terminator = head[16][0], head[16][1]
    own = {terminator, element, component}
    text = "".join(data if char not in own and (data := DATA.get(char)) else char for char in text)
    segments = [piece.strip("\r\n ") for piece in text.split(terminator)]
    release, begun = "", []
    for segment in segments:
        row = segment.replace(component, ":").split(element)
        if row[0] == "GS":
            release = row[8]
        elif row[0] == "ST":
            begun = [row]
        elif begun:
            begun.append(row)
            if row[0] == "SE":
                yield release, begun[0][1], "~".join("*".join(each) for each in begun) + "~"
                begun = []


def faults(release: str, name: str, text: str) -> tuple[Fault, ...]:
    """Return what is wrong with a message by our tables."""
    validation = Validations(edition(release), X12).get(name)
    assert validation is not None, (release, name)
    standard: Separators = X12.separators
    piece = Slice(name, text, text.encode(), standard, standard)
    return validation.read(piece).faults


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_right_sample_of_our_sets_passes(sample: str) -> None:
    content = (reference_folder("edi") / sample).read_bytes()
    found = list(messages(content))
    assert found
    for release, name, text in found:
        wrong = [
            (fault.code, fault.place and fault.place.path, fault.found, fault.expected)
            for fault in faults(release, name, text)
            if fault.severity is Severity.ERROR
        ]
        assert wrong == []


@pytest.mark.parametrize("release", BUILT_IN)
def test_the_tables_are_in_order_and_hold_the_sets_that_are_mapped(release: str) -> None:
    directory = edition(release)
    assert check_facts(write_facts(directory), release) == ()
    assert set(directory.messages) == (SETS | {"999"} if release == "005010" else SETS)
    assert {"ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"} == set(directory.service)


@pytest.mark.parametrize("release", BUILT_IN)
def test_every_segment_of_the_tables_is_used_and_every_one_used_is_there(release: str) -> None:
    directory = edition(release)
    used = {entry.tag for table in directory.messages.values() for entry in table.walk()}
    assert used == set(directory.segments)


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ("BEG*00*SA*PO1**20261121~PO1*1*100*EA*1*EA*VP~", "X12-130"),
        ("BEG*00*SA*PO1~PO1*1*100*EA~", "X12-110"),
        ("BEG*00*SA*PO1**20261121~PO1*1*1OO*EA~", "X12-122"),
        ("BEG*00*SA*PO1**20261121~CTT*1~", "X12-105"),
        ("BEG*00*SA*PO1**20261121~PO1*1~ACK*IA~", "X12-102"),
    ],
)
def test_what_is_wrong_is_noticed(broken: str, kind: str) -> None:
    count = broken.count("~") + 2
    found = faults("004010", "850", f"ST*850*0001~{broken}SE*{count}*0001~")
    assert kind in {fault.code for fault in found}


def test_a_release_is_named_by_its_first_six_characters() -> None:
    assert release_of("005010X231A1") == "005010"
    assert edition("004010VICS") is not None
    assert edition("004010VICS") == edition("004010")


def test_elements_are_found_by_their_positions() -> None:
    assert layout("004010").position("BEG", "03") == (3, None)
    assert layout("004010").position("SLN", "05-1") == (5, 0)
    assert layout("004010").position("BEG", "13") is None


def test_a_release_without_tables_tells_what_is_there_and_the_way_out() -> None:
    with pytest.raises(NoTablesError, match=r"no X12 tables of 003020.*import FILE.facts"):
        edition("003020")


def test_without_the_folder_nothing_is_built_in_and_the_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "files", lambda _: tmp_path)
    edition.cache_clear()
    try:
        assert available() == ()
        with pytest.raises(NoTablesError, match="edi/x12/tables was left out"):
            edition("004010")
    finally:
        edition.cache_clear()
