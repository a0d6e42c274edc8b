"""Every message comes with what is wrong around it, and reading goes on whatever is wrong."""

from functools import partial

import pytest
from hypothesis import strategies as st

from canonical.faults import Severity
from edi.cutting import Kind
from edi.units import Answered, Arrived, Closed, Interchange
from edi.x12.faults import FAULTS, fault
from edi.x12.lexer import Lexer
from edi.x12.reader import Reader
from tests.edi import sides

ISA = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       "
    "*261121*0830*U*00401*000000101*0*P*>~"
)
GS = "GS*PO*BUYER*SUPPLIER*20261121*0830*7*X*004010~"
ST = "ST*850*0001~"
ORDER = ST + "BEG*00~SE*3*0001~"
GE = "GE*1*7~"
IEA = "IEA*1*000000101~"
WHOLE = ISA + GS + ORDER + GE + IEA
SIGNS = st.sampled_from(
    [
        ISA.encode(),
        b"ISA*00*",
        b"GS*",
        b"ST*",
        b"SE*",
        b"GE*",
        b"IEA*",
        b"TA1*",
        b"~",
        b"*",
        b"\n",
        b"x",
    ]
)


units = partial(sides.units, Reader)
found = partial(sides.found, Reader)
messages = partial(sides.arrived, Reader)

CASES = {
    "X12-001": "",
    "X12-002": "BEG*00~",
    "X12-003": ISA + "NTE*x~" + GS + ORDER + GE + IEA,
    "X12-043": WHOLE + "UNB+UNOC:3+A+B",
    "X12-004": b"\xef\xbb\xbf" + WHOLE.encode(),
    "X12-005": WHOLE.replace(">~", "A~", 1),
    "X12-006": ISA + GS + ORDER + GE,
    "X12-007": ISA + GS + ORDER + IEA,
    "X12-008": ISA + GS + ST + "BEG*00~" + GE + IEA,
    "X12-009": ISA + GS + ORDER + "SE*3*0001~" + GE + IEA,
    "X12-010": ISA + GS + ORDER + GE + GE + IEA,
    "X12-011": ORDER + IEA,
    "X12-012": WHOLE.replace("BUYER          ", " " * 15),
    "X12-013": WHOLE.replace("BUYER          ", "BUYER"),
    "X12-014": WHOLE.replace("00401", "00200"),
    "X12-015": GS + ORDER + GE,
    "X12-016": WHOLE.replace("IEA*1", "IEA*2"),
    "X12-017": WHOLE.replace("IEA*1*000000101", "IEA*1*000000102"),
    "X12-018": WHOLE.replace("GE*1", "GE*2"),
    "X12-019": WHOLE.replace("GE*1*7", "GE*1*8"),
    "X12-020": WHOLE.replace("SE*3", "SE*4"),
    "X12-021": WHOLE.replace("SE*3*0001", "SE*3*0002"),
    "X12-022": WHOLE.replace("ST*850*0001", "ST**0001"),
    "X12-023": ISA + GS + ORDER + ORDER + "GE*2*7~" + IEA,
    "X12-024": ISA + ORDER + "IEA*0*000000101~",
    "X12-025": WHOLE.replace("261121", "261321", 1),
    "X12-026": WHOLE.replace("BEG*00", "BEG*" + "0" * 3000),
    "X12-027": WHOLE[:-1],
    "X12-031": (WHOLE.replace("BEG*00", "BEG*å"), "utf-8"),
    "X12-032": WHOLE.replace("BEG*00", "BEG*\x07"),
    "X12-034": ISA + "IEA*0*000000101~",
    "X12-036": WHOLE.replace("*7*X*004010", "*7*X"),
    "X12-042": WHOLE.replace("GS*PO", "GS*IN"),
}
BEYOND_READING = {
    "X12-028",
    "X12-037",
    "X12-038",
    "X12-039",
    "X12-040",
    "X12-041",
    "X12-044",
    "X12-050",
    "X12-051",
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_wrong_around_messages_has_a_code_and_a_place(code: str) -> None:
    content, reads_as = CASES[code] if isinstance(CASES[code], tuple) else (CASES[code], None)
    every = found(content, longest=2000, reads_as=reads_as)
    assert code in [one.code for one in every]
    told = next(one for one in every if one.code == code)
    assert told.place is not None
    assert told.place.offset is not None
    assert told.place.line is not None


def test_every_code_has_a_case() -> None:
    assert {kind.code for kind in FAULTS} == set(CASES) | BEYOND_READING


def test_every_error_has_its_word_in_an_acknowledgement() -> None:
    for kind in FAULTS:
        if kind.severity is Severity.ERROR and kind.code < "X12-050":
            assert (fault(kind.code).standard or "").startswith(("TA1:", "AK502:", "AK905:"))


def test_a_clean_interchange_has_no_faults() -> None:
    first, message, last = units(WHOLE)
    assert isinstance(first, Interchange)
    assert isinstance(message, Arrived)
    assert isinstance(last, Closed)
    assert (message.reference, message.group) == ("0001", "7")
    assert (message.version, message.faults, last.messages) == ("004010", (), 1)


def test_zeros_before_numbers_count_for_nothing() -> None:
    content = WHOLE.replace("IEA*1*000000101", "IEA*1*101").replace("SE*3*0001", "SE*3*1")
    assert found(content) == []


def test_a_place_points_at_the_bytes() -> None:
    content = WHOLE.replace("~", "~\r\n").replace("SE*3", "SE*4")
    (told,) = found(content)
    assert told.place is not None
    assert (told.place.line, told.place.column, told.place.path) == (5, 4, "SE/01")
    assert (told.place.message, told.place.group, told.place.segment) == (1, 1, 3)


def test_an_answer_needs_no_group() -> None:
    answer = "TA1*000000007*261121*0831*A*000~"
    _, told, last = units(ISA + answer + "IEA*0*000000101~")
    assert isinstance(told, Answered)
    assert told.row == ("TA1", "000000007", "261121", "0831", "A", "000")
    assert isinstance(last, Closed)


@pytest.mark.parametrize(
    ("text", "codec"), [("blå", "utf-8"), ("blå", "latin-1"), ("5 €", "cp1252"), ("Łódź", "utf-8")]
)
def test_text_is_read_by_what_it_looks_like(text: str, codec: str) -> None:
    (arrived,) = messages(WHOLE.replace("BEG*00", f"BEG*{text}").encode(codec))
    assert arrived.piece.rows()[1] == ["BEG", text]
    assert arrived.faults == ()


def test_a_partner_says_what_files_are_written_in() -> None:
    raw = WHOLE.replace("BEG*00", "BEG*Ł").encode("iso8859-2")
    (arrived,) = messages(raw, reads_as="iso8859-2")
    assert arrived.piece.rows()[1] == ["BEG", "Ł"]


def test_any_separators_are_respelt() -> None:
    odd = WHOLE.replace("~", "\n").replace("*", "|").replace("BEG|00", "BEG|a*b~c^d")
    (arrived,) = messages(odd)
    assert arrived.piece.restored is not None
    row = [part.translate(arrived.piece.restored) for part in arrived.piece.rows()[1]]
    assert row == ["BEG", "a*b~c^d"]
    assert arrived.faults == ()


def test_indented_segments_are_read() -> None:
    indented = WHOLE.replace("~", "~\n\t\t ")
    assert found(indented) == []
    assert [row[0] for row in messages(indented)[0].piece.rows()] == ["ST", "BEG", "SE"]


def test_a_name_that_begins_like_a_header_begins_nothing() -> None:
    content = WHOLE.replace("BEG*00", "BEG*ISA*ISAAC~ISAAC*00*x~NM1*ISA").replace("SE*3", "SE*5")
    assert [one.code for one in found(content)] == []
    assert len(messages(content)) == 1


@pytest.mark.parametrize("cut", ["BEG*00~", "BEG*00\n", "BEG*00~\r\n  "])
def test_another_interchange_ends_one_that_was_cut_off(cut: str) -> None:
    other = WHOLE.replace("*", "|").replace("000000101", "000000102")
    content = ISA + GS + ST + cut + other
    assert [one.code for one in found(content)] == ["X12-008", "X12-007", "X12-006"]
    assert [one.envelope.message_id for one in messages(content)] == ["000000101", "000000102"]


def test_several_interchanges_and_groups_are_counted_apart() -> None:
    groups = ISA + GS + ORDER + GE + GS.replace("*7*", "*8*") + ORDER + "GE*1*8~IEA*2*000000101~"
    every = messages(groups + "\n" + WHOLE)
    assert found(groups + "\n" + WHOLE) == []
    assert [(one.piece.interchange, one.piece.group, one.piece.number) for one in every] == [
        (1, 1, 1),
        (1, 2, 2),
        (2, 1, 1),
    ]


def test_bare_messages_may_end_segments_by_lines() -> None:
    content = ORDER.replace("~", "\n") + ORDER.replace("~", "\n").replace("0001", "0002")
    assert [one.reference for one in messages(content)] == ["0001", "0002"]
    assert [one.code for one in found(content)] == ["X12-015"]


def test_a_message_in_parts_counts_as_one() -> None:
    lines = "".join(f"PO1*{line}~" for line in range(1000))
    content = (ISA + GS + ST + lines + "SE*1003*0001~" + GE + IEA).encode()
    chunks = [content[at : at + 500] for at in range(0, len(content), 500)]
    parts = [unit for unit in Reader(chunks, part=1 << 10) if isinstance(unit, Arrived)]
    assert sum(part.piece.count for part in parts) == 1002
    assert {part.reference for part in parts} == {"0001"}
    assert [one.code for one in parts[-1].faults] == ["X12-020"]


def test_kinds_are_named_by_their_tags() -> None:
    assert [token.kind for token in Lexer([WHOLE.encode()])] == [
        Kind.INTERCHANGE,
        Kind.GROUP,
        Kind.MESSAGE,
        Kind.GROUP_END,
        Kind.INTERCHANGE_END,
    ]
