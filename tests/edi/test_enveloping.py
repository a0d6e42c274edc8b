"""The elements of an envelope are held against the facts of its syntax, and odd ones are told."""

import pytest

from canonical.faults import Fault, Severity
from canonical.wire import Reading
from edi.edifact.codec import EdifactCodec
from edi.edifact.dialect import EdifactDialect
from edi.enveloping import instant
from edi.units import Arrived
from edi.x12 import envelope
from edi.x12.codec import X12Codec
from edi.x12.dialect import X12Dialect
from edi.x12.reader import Reader as X12Reader

EDIFACT, X12 = EdifactCodec(), X12Codec()
UNB = "UNB+UNOC:3+A:14+B:14+261121:0830+REF+PW:AA+ORDERS+A+1+DEAL+1'"
UNG = "UNG+ORDERS+A:14+B:14+261121:0830+7+UN+D:96A'"
ORDER = (
    "UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'DTM+137:20261121:102'NAD+BY+1::9'NAD+SU+2::9'"
    "LIN+1++7350012345675:EN'QTY+21:1'UNS+S'UNT+9+1'"
)
WHOLE = f"{UNB}{UNG}{ORDER}UNE+1+7'UNZ+1+REF'"
ISA = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SUPPLIER       *261121*0830*U*00401"
    "*000000101*0*P*>~"
)
GS = "GS*PO*BUYER*SUPPLIER*20261121*0830*101*X*004010~"
SET = "ST*850*0001~BEG*00*SA*PO1**20261121~PO1*1*1*EA*1**VP*A~CTT*1~SE*5*0001~"
FULL = f"{ISA}{GS}{SET}GE*1*101~IEA*1*000000101~"


def told(reading: Reading) -> list[tuple[str, str | None, str | None]]:
    """Return code, path and the standard's own code of each fault of an envelope."""
    return [
        (one.code, one.place.path if one.place else None, one.standard) for one in reading.faults
    ]


def edifact(old: str, new: str) -> Reading:
    assert WHOLE.count(old) == 1
    return EDIFACT.read(WHOLE.replace(old, new).encode(), "")


def x12(old: str, new: str) -> Reading:
    assert FULL.count(old) == 1
    return X12.read(FULL.replace(old, new).encode(), "")


def test_what_is_right_has_no_faults() -> None:
    for reading in (EDIFACT.read(WHOLE.encode(), ""), X12.read(FULL.encode(), "")):
        assert reading.faults == ()
        assert [message.faults for message in reading.messages] == [()]


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "standard"),
    [
        ("A:14+B:14+261121:0830+REF", f"{'A' * 36}:14+B:14+261121:0830+REF",
         "EDIFACT-121", "UNB/S002/0004", "0085:39"),
        ("B:14+261121:0830+REF", "B:14000+261121:0830+REF",
         "EDIFACT-121", "UNB/S003/0007", "0085:39"),
        ("261121:0830+REF", "20261121:0830+REF", "EDIFACT-121", "UNB/S004/0017", "0085:39"),
        ("261121:0830+REF", "261121:083+REF", "EDIFACT-120", "UNB/S004/0019", "0085:40"),
        ("PW:AA", "PW:XX", "EDIFACT-126", "UNB/S005/0025", "0085:12"),
        ("+A+1+DEAL", "+1+1+DEAL", "EDIFACT-123", "UNB/0029", "0085:37"),
        ("+A+1+DEAL", "+A+2+DEAL", "EDIFACT-126", "UNB/0031", "0085:12"),
        ("DEAL+1'", "DEAL+T'", "EDIFACT-126", "UNB/0035", "0085:12"),
        ("DEAL+1'", "DEAL+1+X'", "EDIFACT-113", "UNB/(12)", "0085:16"),
        ("UNOC:3", "UNOC:3:X", "EDIFACT-114", "UNB/S001/(3)", "0085:16"),
        ("+UN+D:96A'UNH", "+UN'UNH", "EDIFACT-110", "UNG/S008", "0085:13"),
        ("+7+UN+D:96A", "+7+UNO+D:96A", "EDIFACT-121", "UNG/0051", "0085:39"),
        ("UNZ+1+REF", "UNZ+1+REF+X", "EDIFACT-113", "UNZ/(3)", "0085:16"),
    ],
)  # fmt: skip
def test_an_element_of_edifact_that_is_odd_is_a_warning_at_its_place(
    old: str, new: str, code: str, path: str, standard: str
) -> None:
    reading = edifact(old, new)
    assert told(reading) == [(code, path, standard)]
    assert reading.faults[0].severity is Severity.WARNING
    assert reading.envelope is not None


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "standard"),
    [
        ("ISA*00*", "ISA*99*", "X12-126", "ISA/01", "TA1:010"),
        (" *00*  ", " *77*  ", "X12-126", "ISA/03", "TA1:012"),
        ("*ZZ*BUYER", "*QQ*BUYER", "X12-126", "ISA/05", "TA1:005"),
        ("*ZZ*SUPPLIER", "*QQ*SUPPLIER", "X12-126", "ISA/07", "TA1:007"),
        ("*261121*", "*261131*", "X12-025", "ISA/09", "TA1:014"),
        ("*0830*U*", "*2530*U*", "X12-025", "ISA/10", "TA1:015"),
        ("*0830*U*", "*0830*^*", "X12-126", "ISA/11", "TA1:016"),
        ("*00401*", "*00201*", "X12-014", "ISA/12", "TA1:017"),
        ("*0*P*", "*7*P*", "X12-126", "ISA/14", "TA1:019"),
        ("*0*P*", "*0*Q*", "X12-126", "ISA/15", "TA1:020"),
        ("GS*PO*BUYER*SUPPLIER*20261121*", "GS*PO*BUYER*SUPPLIER*20261131*",
         "X12-124", "GS/04", "TA1:024"),
        ("*101*X*", "*101*Y*", "X12-126", "GS/07", "TA1:024"),
        ("GS*PO*", "GS*POX*", "X12-121", "GS/01", "AK905:1"),
        ("X*004010~", "X*004010~", "", "", ""),
        ("GE*1*101", "GE*1*101*X", "X12-113", "GE/03", "TA1:024"),
    ],
)  # fmt: skip
def test_an_element_of_x12_that_is_odd_is_a_warning_at_its_place(
    old: str, new: str, code: str, path: str, standard: str
) -> None:
    reading = x12(old, new)
    assert told(reading) == ([(code, path, standard)] if code else [])
    assert all(one.severity is Severity.WARNING for one in reading.faults)


def test_what_an_interchange_must_tell_is_an_error_and_told_once() -> None:
    assert told(edifact("A:14+B:14+261121:0830+REF", "+B:14+261121:0830+REF")) == [
        ("EDIFACT-012", "UNB/S002/0004", "0085:13")
    ]
    assert told(x12("BUYER          ", " " * 15)) == [("X12-012", "ISA/06", "TA1:006")]
    assert told(x12("*000000101*0*P", f"*{' ' * 9}*0*P"))[0] == ("X12-012", "ISA/13", "TA1:018")


def test_an_unpadded_header_is_told_as_a_whole() -> None:
    short = ISA.replace(" ", "").replace("000000101", "101")
    reading = X12.read(FULL.replace(ISA, short).encode(), "")
    assert [(one.code, one.severity) for one in reading.faults] == [("X12-013", Severity.NOTE)]


def test_a_later_version_shows_what_separates_repetitions() -> None:
    later = FULL.replace("*U*00401*", "*^*00501*").replace("004010", "005010")
    assert X12.read(later.encode(), "").faults == ()


def test_without_tables_of_ours_only_what_must_be_there_is_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(envelope, "available", tuple)
    assert x12("ISA*00*", "ISA*99*").faults == ()
    assert told(x12("BUYER          ", " " * 15)) == [("X12-012", "ISA/06", "TA1:006")]


def test_a_partner_raises_or_ignores_what_is_odd() -> None:
    content = WHOLE.replace("B:14+261121:0830+REF", "B:14000+261121:0830+REF").encode()
    raised = EdifactDialect(severities={"EDIFACT-121": "error"})
    ignored = EdifactDialect(severities={"EDIFACT-121": "ignore"})
    (one,) = EDIFACT.read(content, "", dialect=raised).faults
    assert one.severity is Severity.ERROR
    assert EDIFACT.read(content, "", dialect=ignored).faults == ()
    odd = FULL.replace("*0*P*", "*0*Q*").encode()
    assert X12.read(odd, "", dialect=X12Dialect(severities={"X12-126": "ignore"})).faults == ()


def test_a_fault_says_what_it_is_about_and_who_ruled() -> None:
    (one,) = edifact("DEAL+1'", "DEAL+T'").faults
    assert isinstance(one, Fault)
    assert (one.found, one.subject) == ("T", "test indicator")
    assert one.source == "ISO 9735 syntax versions 1 to 3"


@pytest.mark.parametrize(
    ("day", "time"), [("261321", ""), ("2611", ""), ("²61121", ""), ("261121", "2560")]
)
def test_what_is_no_moment_is_none(day: str, time: str) -> None:
    assert instant(day, time) is None


@pytest.mark.parametrize(("count", "right"), [("0000000005", True), ("0000000059", False)])
def test_a_count_is_read_to_its_end_whatever_zeros_it_begins_with(count: str, right: bool) -> None:
    raw = FULL.replace("SE*5*", f"SE*{count}*").encode()
    codes = [
        one.code for unit in X12Reader([raw]) if isinstance(unit, Arrived) for one in unit.faults
    ]
    assert codes == ([] if right else ["X12-020"])
