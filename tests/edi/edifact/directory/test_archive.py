"""A UN archive is read exactly as its texts say: tables, segments, formats, codes, repeats."""

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.edifact.directory import read_archive
from edi.edifact.directory.archive import decoded
from edi.facts import FactsError, check_facts, read_facts
from edi.schema import Composite, Dependency, Directory, Entry, Note, Use
from edi.writing_facts import format_of, write_facts
from tests.edi.edifact.directory import un

DISAGREEING = {"D.97A": {"8215", "8219"}}
"""Elements whose formats the UN itself gives in two ways: `an..1` in a segment, `an1` elsewhere."""


@pytest.fixture(scope="module", params=un.archives())
def archive(request: pytest.FixtureRequest) -> tuple[dict[str, bytes], Directory]:
    files = un.members(request.param)
    return files, read_archive(files, request.param)


def rows(entries: tuple[Entry, ...], depth: int = 0) -> Iterator[tuple[int, str, bool, int]]:
    """Give the rows that the UN would draw for these entries."""
    for entry in entries:
        if entry.group is None:
            yield depth, entry.tag, entry.mandatory, entry.repeats
            continue
        body, more = entry.body, 0
        if body and body[0].tag == entry.tag and body[0].group is None and not body[0].mandatory:
            more, body = body[0].repeats, body[1:]
        yield depth + 1, entry.group, entry.mandatory, entry.repeats
        yield depth + 1, entry.tag, True, 1 + more
        yield from rows(body, depth + 1)


def written(use: Use, disagreeing: set[str]) -> un.Position:
    """Return a use as the UN writes it out in a segment."""
    of = use.of
    parts = of.parts if isinstance(of, Composite) else (use,)
    components = [
        (part.of.id, part.mandatory, "" if part.of.id in disagreeing else format_of(part.of))
        for part in parts
    ]
    return of.id, use.mandatory, use.repeats, components


def test_every_table_is_the_one_drawn_with_groups_status_and_repeats(
    archive: tuple[dict[str, bytes], Directory],
) -> None:
    files, directory = archive
    texts = un.texts(files, r"[A-Z]{6}_D\.\d\d[AB]")
    assert len(texts) == len(directory.messages) >= 55
    for text in texts:
        name = text.split("Message Type")[1].split(":")[1].split()[0]
        drawn = [row for row in un.drawn_rows(text) if row[1] not in {"UNH", "UNT", "UIH", "UIT"}]
        assert list(rows(directory.messages[name].body)) == drawn, name


def test_every_segment_is_the_one_written_out_with_its_components(
    archive: tuple[dict[str, bytes], Directory],
) -> None:
    files, directory = archive
    disagreeing = DISAGREEING.get(directory.name, set())
    found = {}
    for text in reversed(un.texts(files, r"(ED|TR|ID)SD\.\d\d[AB]")):
        found |= un.written_segments(text)
    assert found.keys() == directory.segments.keys()
    for tag, positions in found.items():
        expected = [
            (id_, mandatory, repeats, [
                (part, status, "" if part in disagreeing else format_)
                for part, status, format_ in parts
            ])
            for id_, mandatory, repeats, parts in positions
        ]  # fmt: skip
        segment = directory.segments[tag]
        assert [written(use, disagreeing) for use in segment.uses] == expected, tag


def test_every_code_list_holds_what_stands_beside_its_descriptions(
    archive: tuple[dict[str, bytes], Directory],
) -> None:
    files, directory = archive
    expected: dict[str, set[str]] = {}
    for text in un.texts(files, r"UNCL(-\d)?\.\d\d[AB]"):
        for id_, codes in un.listed_codes(text).items():
            expected.setdefault(id_, set()).update(codes)
    used = {}
    for segment in directory.segments.values():
        for use in segment.uses:
            for part in use.of.parts if isinstance(use.of, Composite) else (use,):
                used[part.of.id] = part.of.codes
    assert {id_: set(codes) for id_, codes in used.items() if codes} == {
        id_: codes for id_, codes in expected.items() if id_ in used
    }
    assert bool(expected) == (directory.name != "D.93A")


def test_facts_of_a_whole_archive_are_read_back_equal(
    archive: tuple[dict[str, bytes], Directory],
) -> None:
    _, directory = archive
    service = dict.fromkeys(("UNS", "UGH", "UGT"), directory.segments["BGM"])
    text = write_facts(directory)
    assert check_facts(text, "facts", service) == ()
    again = read_facts(text, "facts", service)
    assert (again.name, again.source) == (directory.name, directory.source)
    assert (again.messages, again.segments) == (directory.messages, directory.segments)


def test_marked_codes_stand_and_a_deleted_one_does_not() -> None:
    directory = read_archive(un.members("d96a"))
    part = directory.segments["NAD"].uses[0].of
    documents = directory.segments["BGM"].uses[0].of
    assert isinstance(documents, Composite)
    codes = documents.parts[0].of.codes
    assert {"11", "220", "105"} <= codes, "11 is marked + in the margin"
    assert part.codes is not None
    assert "BY" in part.codes
    name = directory.segments["IMD"].uses[0].of
    assert name.id == "7077"


def test_repeats_of_six_and_seven_digits_are_whole() -> None:
    directory = read_archive(un.members("d01b"))
    lines = {
        name: next(entry for entry in directory.messages[name].body if entry.tag == "LIN").repeats
        for name in ("ORDERS", "INVOIC")
    }
    assert lines == {"ORDERS": 200_000, "INVOIC": 9_999_999}


def test_a_trigger_that_repeats_inside_its_group_allows_the_same_segments() -> None:
    directory = read_archive(un.members("d97a"))
    groups = [each for each in directory.messages["DESTIM"].walk() if each.body]
    group = next(each for each in groups if each.body[0].tag == each.tag)
    assert (group.tag, group.repeats, group.body[0].repeats) == ("NAD", 9, 8)


def test_dependency_notes_are_numbered_by_position() -> None:
    directory = read_archive(un.members("d21b"))
    assert directory.segments["TDT"].notes == (Note(Dependency.IF_FIRST_THEN_ALL, (4, 3)),)


def test_what_is_no_directory_says_what_it_lacks() -> None:
    with pytest.raises(FactsError, match=r"no message types .EDMD., no segments .EDSD."):
        read_archive({"readme.txt": b"hello"}, "x.zip")


def test_a_table_that_cannot_be_read_is_named_with_its_file() -> None:
    files = dict.fromkeys(("EDSD.96A", "EDCD.96A", "EDED.96A"), b"")
    files["ORDERS_D.96A"] = b"Message Type : ORDERS\nnothing drawn here"
    with pytest.raises(FactsError, match=r"x.zip/ORDERS_D.96A:0: no segment table was found"):
        read_archive(files, "x.zip")


def test_an_element_that_no_file_describes_is_named() -> None:
    rule = "-" * 60
    files = {
        "EDSD.96A": f"{rule}\n\n   AAA  A NAME\n\n010  9999 SOMETHING   C  an..3\n".encode(),
        "EDCD.96A": b"", "EDED.96A": b"", "ORDERS_D.96A": b"",
    }  # fmt: skip
    with pytest.raises(FactsError, match=r"x.zip:0: 9999 is used, but no file"):
        read_archive(files, "x.zip")


NAMES = ("EDSD.96A", "EDCD.96A", "EDED.96A", "UNCL.96A", "ORDERS_D.96A")
LINES = st.lists(
    st.sampled_from(
        [
            "-" * 60, "   AAA  A NAME", "   C001  NAME", "     1001  Name", "  Repr: an..3",
            "010  1001 SOMETHING   C  an..3", "010  C001 SOMETHING   M  5", "  1     A code",
            "Message Type : ORDERS", "4.3.1  Segment table", "0010   UNH Header   M   1",
            "0020   ---- Segment group 1 ---- C  9----+", "0030   BGM Name   M   1----+",
            "0040   UNT Trailer    M   1", "       040  D5(040,030)", "",
        ]
    ) | st.text(max_size=40)
)  # fmt: skip


@given(st.tuples(*([LINES] * len(NAMES))))
def test_no_text_makes_reading_an_archive_fail_otherwise_than_in_words(
    texts: tuple[list[str], ...],
) -> None:
    files = {name: "\n".join(lines).encode() for name, lines in zip(NAMES, texts, strict=True)}
    with contextlib.suppress(FactsError):
        read_archive(files, "x.zip")


def test_text_is_decoded_as_utf8_or_as_dos_drew_it() -> None:
    assert decoded("─\r\n│".encode()) == decoded("─\r\n│".encode("cp437")) == "─\n│"
