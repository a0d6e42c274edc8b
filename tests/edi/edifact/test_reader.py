"""Every message comes with what is wrong around it, and reading goes on whatever is wrong."""

import re
from functools import partial

import pytest

from canonical.faults import Fault, Severity
from edi.edifact.envelope import Interchange
from edi.edifact.faults import FAULTS, fault
from edi.edifact.reader import Reader
from edi.units import Arrived, Closed
from tests.edi import sides

UNB = "UNB+UNOC:3+A:14+B:14+261121:0830+1'"
UNH = "UNH+1+ORDERS:D:96A:UN'"
ORDER = UNH + "BGM+220'UNT+3+1'"
UNZ = "UNZ+1+1'"
UNG = "UNG+ORDERS+A+B+261121:0830+7+UN+D:96A'"
WHOLE = UNB + ORDER + UNZ


units = partial(sides.units, Reader)
found = partial(sides.found, Reader)
messages = partial(sides.arrived, Reader)

CASES = {
    "EDIFACT-001": "",
    "EDIFACT-002": "BGM+220'",
    "EDIFACT-003": UNB + "FTX+AAI'" + ORDER + UNZ,
    "EDIFACT-043": WHOLE + "ISA*00*          *00*",
    "EDIFACT-004": b"\xef\xbb\xbf" + WHOLE.encode(),
    "EDIFACT-005": "UNA:::? '" + WHOLE,
    "EDIFACT-006": UNB + ORDER,
    "EDIFACT-007": UNB + UNG + ORDER + UNZ,
    "EDIFACT-008": UNB + UNH + "BGM+220'" + UNZ,
    "EDIFACT-009": UNB + ORDER + "UNT+3+1'" + UNZ,
    "EDIFACT-010": UNB + ORDER + "UNE+1+7'" + UNZ,
    "EDIFACT-011": WHOLE + UNZ,
    "EDIFACT-012": "UNB+UNOC:3+A:14++261121:0830+1'" + ORDER + UNZ,
    "EDIFACT-013": WHOLE.replace("UNOC", "XXXA"),
    "EDIFACT-014": WHOLE.replace("UNOC:3", "UNOC:9"),
    "EDIFACT-015": ORDER,
    "EDIFACT-016": UNB + ORDER + "UNZ+2+1'",
    "EDIFACT-017": UNB + ORDER + "UNZ+1+2'",
    "EDIFACT-018": UNB + UNG + ORDER + "UNE+9+7'" + UNZ,
    "EDIFACT-019": UNB + UNG + ORDER + "UNE+1+8'" + UNZ,
    "EDIFACT-020": WHOLE.replace("UNT+3", "UNT+4"),
    "EDIFACT-021": WHOLE.replace("UNT+3+1", "UNT+3+2"),
    "EDIFACT-022": WHOLE.replace("ORDERS:D:96A:UN", "ORDERS"),
    "EDIFACT-023": UNB + ORDER + ORDER + "UNZ+2+1'",
    "EDIFACT-024": UNB + ORDER + UNG + ORDER + "UNE+1+7'UNZ+2+1'",
    "EDIFACT-025": WHOLE.replace("261121", "261321"),
    "EDIFACT-026": WHOLE.replace("220", "2" * 3000),
    "EDIFACT-027": WHOLE[:-1],
    "EDIFACT-028": WHOLE.replace("220", "å").encode(),
    "EDIFACT-029": WHOLE.replace("220", "€").encode("cp1252"),
    "EDIFACT-030": WHOLE.replace("UNOC", "UNOA").replace("220", "a"),
    "EDIFACT-031": WHOLE.replace("UNOC", "UNOY").replace("220", "å"),
    "EDIFACT-032": WHOLE.replace("220", "\x00"),
    "EDIFACT-033": WHOLE.replace("220", "2?20"),
    "EDIFACT-034": UNB + "UNZ+0+1'",
    "EDIFACT-035": "UIB+UNOC:3'" + WHOLE,
    "EDIFACT-036": UNB + "UNG+ORDERS+A+B+261121:0830'" + ORDER + "UNE+1+'" + UNZ,
    "EDIFACT-042": UNB + UNG.replace("ORDERS", "INVOIC") + ORDER + "UNE+1+7'" + UNZ,
}
BEYOND_READING = {
    "EDIFACT-037",
    "EDIFACT-038",
    "EDIFACT-039",
    "EDIFACT-040",
    "EDIFACT-041",
    "EDIFACT-044",
    "EDIFACT-050",
    "EDIFACT-051",
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_wrong_around_messages_has_a_code_and_a_place(code: str) -> None:
    every = found(CASES[code], longest=2000)
    assert code in [one.code for one in every]
    told = next(one for one in every if one.code == code)
    assert told.place is not None
    assert told.place.offset is not None
    assert told.place.line is not None


def test_every_code_has_a_case() -> None:
    assert {kind.code for kind in FAULTS} == set(CASES) | BEYOND_READING


def test_a_clean_interchange_has_no_faults() -> None:
    first, message, last = units(WHOLE)
    assert isinstance(first, Interchange)
    assert isinstance(message, Arrived)
    assert isinstance(last, Closed)
    assert (message.reference, message.version, message.faults) == ("1", "D:96A:UN", ())
    assert (first.version, last.messages) == (3, 1)


def test_every_error_has_its_word_in_contrl() -> None:
    for kind in FAULTS:
        if kind.severity is Severity.ERROR and kind.code < "EDIFACT-050":
            assert (fault(kind.code).standard or "").startswith("0085:")


@pytest.mark.parametrize(
    ("code", "path", "at"),
    [
        ("EDIFACT-020", "UNT/0074", "4+1"),
        ("EDIFACT-013", "UNB/S001/0001", "XXXA"),
        ("EDIFACT-016", "UNZ/0036", "2+1"),
        ("EDIFACT-023", "UNH/0062", "1+ORDERS"),
    ],
)
def test_a_place_points_at_the_bytes(code: str, path: str, at: str) -> None:
    content = CASES[code]
    told = next(one for one in found(content) if one.code == code)
    assert told.place is not None
    assert told.place.path == path
    assert isinstance(content, str)
    assert content.rindex(at) == told.place.offset


def test_a_stray_character_is_placed_where_it_stands() -> None:
    content = UNB + UNH + "\r\nBGM+220'\r\nFTX+AAI+++\x00'UNT+4+1'" + UNZ
    (told,) = found(content)
    assert told.place is not None
    assert (told.place.line, told.place.column, told.place.segment) == (3, 11, 3)
    assert told.place.message == 1


def test_characters_are_read_right_though_named_wrong() -> None:
    utf8, windows = (
        messages(WHOLE.replace("220", text).encode(codec))[0].piece
        for text, codec in (("Łódź", "utf-8"), ("5 €", "cp1252"))
    )
    assert utf8.rows()[1] == ["BGM", "Łódź"]
    assert windows.rows()[1] == ["BGM", "5 €"]


def test_a_partner_says_what_files_are_written_in() -> None:
    raw = WHOLE.replace("220", "Ł").encode("iso8859-2")
    (arrived,) = (unit for unit in Reader([raw], reads_as="iso8859-2") if isinstance(unit, Arrived))
    assert arrived.piece.rows()[1] == ["BGM", "Ł"]
    assert arrived.faults == ()


def test_what_protects_can_be_data() -> None:
    (arrived,) = messages(WHOLE.replace("220", "a\x0e?'b"))
    row = arrived.piece.rows()[1]
    assert arrived.piece.restored is not None
    assert row[1].translate(arrived.piece.restored) == "a\x0e'b"


def test_a_group_names_its_messages() -> None:
    group = UNG.replace("+7", "+G{0}") + ORDER + "UNE+1+G{0}'"
    content = UNB + group.format(1) + group.format(2) + "UNZ+2+1'"
    first, second = messages(content)
    assert (first.group, second.group) == ("G1", "G2")
    assert (second.piece.group, second.piece.number) == (2, 2)
    assert found(content) == []


def test_messages_may_be_counted_where_groups_are() -> None:
    group = UNG + ORDER + "UNE+1+7'"
    assert [one.code for one in found(UNB + group + "UNZ+3+1'")] == ["EDIFACT-016"]


def test_a_message_in_parts_counts_as_one() -> None:
    lines = "".join(f"LIN+{line}'" for line in range(1000))
    content = (UNB + UNH + lines + "UNT+1003+1'" + UNZ).encode()
    chunks = [content[at : at + 500] for at in range(0, len(content), 500)]
    parts = [unit for unit in Reader(chunks, part=1 << 10) if isinstance(unit, Arrived)]
    assert {part.reference for part in parts} == {"1"}
    segments = 0
    for part in parts:
        assert part.piece.segment == segments + 1
        assert part.piece.name == "ORDERS"
        segments += part.piece.count
    assert segments == 1002
    assert [one.code for one in parts[-1].faults] == ["EDIFACT-020"]
    assert all(part.faults == () for part in parts[:-1])


def test_a_segment_without_end_is_left_out_and_told() -> None:
    content = WHOLE.replace("220", "2" * 3000)
    (told,) = (one for one in found(content, longest=2000))
    assert told.code == "EDIFACT-026"
    assert told.place is not None
    assert told.place.segment == 2
    before, after = (u for u in units(content, longest=2000) if isinstance(u, Arrived))
    assert (before.piece.text, after.piece.text) == (UNH, "UNT+3+1'")


def test_numbers_start_anew_in_each_interchange() -> None:
    every = messages(WHOLE + "\n" + WHOLE)
    assert [(one.piece.interchange, one.piece.number) for one in every] == [(1, 1), (2, 1)]
    assert found(WHOLE + "\n" + WHOLE) == []


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [("261121", "0830", "2026-11-21T08:30"), ("20261121", "0830", "2026-11-21T08:30"),
     ("991231", "2359", "1999-12-31T23:59")],
)  # fmt: skip
def test_the_time_of_preparation_is_read_in_every_version(day: str, time: str, moment: str) -> None:
    (first, *_) = units(WHOLE.replace("261121:0830", f"{day}:{time}"))
    assert isinstance(first, Interchange)
    assert first.envelope.sent_at is not None
    assert first.envelope.sent_at.isoformat()[:16] == moment


def test_the_envelope_tells_all_that_unb_does() -> None:
    start = "UNB+UNOC:3+A:14:back+B:ZZ:on+261121:0830+REF+PW:AA+ORDERS+A+1+DEAL+1'"
    (first, *_) = units(start + ORDER + "UNZ+1+REF'")
    assert isinstance(first, Interchange)
    envelope = first.envelope
    assert (envelope.message_id, envelope.application, envelope.agreement) == (
        "REF",
        "ORDERS",
        "DEAL",
    )
    assert (envelope.acknowledge, envelope.test, envelope.version) == (True, True, "UNOC:3")
    sender, recipient = envelope.credentials
    assert (sender.identity, sender.domain, sender.kind, sender.secret) == ("A", "14", "back", "PW")
    assert (recipient.identity, recipient.domain, recipient.secret) == ("B", "ZZ", None)


@pytest.mark.parametrize("part", [None, 40])
def test_columns_count_characters_whatever_stands_before_on_the_line(part: int | None) -> None:
    spoken = UNH + "FTX+AAI+++räksmörgås 你好'UNT+3+1'"
    text = UNB.replace("UNOC:3", "UNOY:4") + "\n" + spoken * 3 + "UNZ+9+1'"
    faults = [
        one
        for unit in Reader([text.encode()], part=part)
        for one in (unit.faults if isinstance(unit, Arrived) else (unit,))
        if isinstance(one, Fault) and one.code in {"EDIFACT-023", "EDIFACT-016"}
    ]
    line = text.splitlines()[1]
    places = [(one.place.line, one.place.column) for one in faults if one.place]
    starts = [found.start() + len("UNH+") + 1 for found in re.finditer("UNH", line)]
    assert places == [*((2, start) for start in starts[1:]), (2, line.index("UNZ") + 5)]


@pytest.mark.parametrize("read", [1, 7, 1 << 18])
@pytest.mark.parametrize(
    "again",
    [WHOLE, "UNA:+.? '" + WHOLE, "UNA|*.? ~" + WHOLE.translate(str.maketrans(":+'", "|*~"))],
)
@pytest.mark.parametrize("cut", [UNB[:-1], UNB + UNH + "BGM+220'UNT+3+1", (UNB + ORDER + UNZ)[:-1]])
def test_a_segment_without_terminator_takes_nothing_of_the_next_interchange(
    cut: str, again: str, read: int
) -> None:
    content = f"{cut}\r\n{again}".encode()
    given = list(Reader([content[at : at + read] for at in range(0, len(content), read)]))
    alone = list(Reader([again.encode()]))
    assert list(map(type, given))[-len(alone) :] == list(map(type, alone))
    told = [one for one in given if isinstance(one, Fault)]
    told += [fault for one in given if isinstance(one, Arrived) for fault in one.faults]
    assert {one.code for one in told} <= {"EDIFACT-006", "EDIFACT-027"}
    assert "EDIFACT-027" in {one.code for one in told}


def test_a_trailer_that_lacks_is_named_where_it_ought_to_stand() -> None:
    torn = UNB + UNG + ORDER
    told = [one for one in found(torn) if one.code in {"EDIFACT-006", "EDIFACT-007"}]
    assert [(one.place.path, one.subject) for one in told if one.place is not None] == [
        ("UNE", "end of the group"),
        ("UNZ", "end of the interchange"),
    ]
    assert {one.place.offset for one in told if one.place is not None} == {len(torn)}
