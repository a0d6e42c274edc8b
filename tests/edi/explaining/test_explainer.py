"""Every fault says what, where, in which words of the standard, by whose rule, and the way out."""

from dataclasses import replace

import pytest

from canonical.faults import Severity
from edi.edifact.directory.editions import edition
from edi.explaining import telling
from edi.rules import EDIFACT, X12, Rules
from edi.validation import Validation
from edi.x12.editions import edition as x12_edition
from tests.edi.tables import FACTS, ORDER, PURCHASE, X12_FACTS, piece, rules, validation


@pytest.fixture(scope="module")
def orders() -> Validation:
    return validation()


@pytest.fixture(scope="module")
def purchases() -> Validation:
    return validation(facts=X12_FACTS)


def faults(one: Validation, text: str):
    return one.read(piece(text, one.rules)).faults


def told(one: Validation, text: str) -> list[tuple[str, str]]:
    return [(fault.code, fault.place.path) for fault in faults(one, text)]


EDIFACT_CASES = [
    ("BGM+220", "BGM+22X", "EDIFACT-126", "ORDERS/BGM/1001"),
    ("BGM+220+4711+9'", "", "EDIFACT-104", "ORDERS/BGM"),
    ("DTM+137:20260105:102'", "", "EDIFACT-104", "ORDERS/DTM"),
    ("RFF+X'", "", "EDIFACT-104", "ORDERS/SG25[2]/SG30[1]/RFF"),
    ("NAD+BY", "XYZ+1'NAD+BY", "EDIFACT-101", "ORDERS/XYZ"),
    ("LOC+A'", "LOC+A'XYZ+1'", "EDIFACT-101", "ORDERS/SG2[1]/XYZ"),
    ("PIA+5", "COM+1'PIA+5", "EDIFACT-103", "ORDERS/SG25[1]/COM"),
    ("LOC+A'", "LOC+A'LOC+A'", "EDIFACT-106", "ORDERS/SG2[1]/LOC[2]"),
    ("NAD+SU", "NAD+DP'NAD+DP'NAD+SU", "EDIFACT-107", "ORDERS/SG2[4]/NAD"),
    ("UNS+S", "UNS", "EDIFACT-110", "ORDERS/UNS/0081"),
    ("QTY+21:1.5", "QTY+21", "EDIFACT-111", "ORDERS/SG25[2]/QTY/C186/6060"),
    ("LOC+A'", "LOC+A++X'", "EDIFACT-112", "ORDERS/SG2[1]/LOC/1131"),
    ("UNS+S", "UNS+S+1", "EDIFACT-113", "ORDERS/UNS/(2)"),
    ("QTY+21:1.5", "QTY+21:1:KGM:X", "EDIFACT-114", "ORDERS/SG25[2]/QTY/C186/(4)"),
    ("LIN+2+1", "LIN+2:1+1", "EDIFACT-114", "ORDERS/SG25[2]/LIN/1082/(2)"),
    ("COM+1*2", "COM+1*2*3*4", "EDIFACT-115", "ORDERS/SG2[1]/SG5[1]/COM/3148"),
    ("UNS+S", "UNS+S++", "EDIFACT-116", "ORDERS/UNS/(3)"),
    ("COM+1*2", "COM+1**2", "EDIFACT-116", "ORDERS/SG2[1]/SG5[1]/COM/3148"),
    ("LOC+A'", "LOC+A+++S'", "EDIFACT-120", "ORDERS/SG2[1]/LOC/3207"),
    ("LOC+A'", "LOC+A+++ABCD'", "EDIFACT-121", "ORDERS/SG2[1]/LOC/3207"),
    ("QTY+21:12'", "QTY+21:1OO'", "EDIFACT-122", "ORDERS/SG25[1]/QTY/C186/6060"),
    ("LOC+A'", "LOC+A+++S1'", "EDIFACT-123", "ORDERS/SG2[1]/LOC/3207"),
    ("137:20260105:102", "137:20260230:102", "EDIFACT-124", "ORDERS/DTM/C507/2380"),
    ("137:20260105:102", "137:202601052460:203", "EDIFACT-124", "ORDERS/DTM/C507/2380"),
    ("PIA+5+ABC:SA", "PIA+5+ABC", "EDIFACT-130", "ORDERS/SG25[1]/PIA/C212[1]/7143"),
    ("LOC+A'", "LOC+A+B'", "EDIFACT-131", "ORDERS/SG2[1]/LOC/3413"),
    ("LOC+A'", "LOC'", "EDIFACT-130", "ORDERS/SG2[1]/LOC/3412"),
]
X12_CASES = [
    ("BEG*00*SA*4711*20260105*1230~", "", "X12-104", "850/BEG"),
    ("CTT*2", "XYZ*1~CTT*2", "X12-101", "850/PO1[2]/XYZ"),
    ("BEG*00", "CTT*1~BEG*00", "X12-103", "850/CTT"),
    ("CTT*2", "CTT*1~CTT*1~CTT*1~CTT*2", "X12-106", "850/CTT[2]"),
    ("BEG*00*", "BEG**", "X12-110", "850/BEG/01"),
    ("CTT*2", "CTT*2*3", "X12-113", "850/PO1[2]/CTT/02"),
    ("CTT*2", "CTT*2:3", "X12-114", "850/PO1[2]/CTT/01-2"),
    ("PO1*1*", "PO1*1^2*", "X12-115", "850/PO1[1]/PO1/01"),
    ("CTT*2", "CTT*2*", "X12-116", "850/PO1[2]/CTT/02"),
    ("*SA*", "*S*", "X12-120", "850/BEG/02"),
    ("*SA*", "*SAX*", "X12-121", "850/BEG/02"),
    ("CTT*2", "CTT*II", "X12-122", "850/PO1[2]/CTT/01"),
    ("20260105", "20260230", "X12-124", "850/BEG/04"),
    ("1230", "2430", "X12-125", "850/BEG/05"),
    ("BEG*00", "BEG*O0", "X12-126", "850/BEG/01"),
    ("UP*735000", "UP", "X12-130", "850/PO1[1]/PO1/05"),
]


MORE_FACTS = """facts 1 X.2
element 143 id3
element 329 an4..9
element 96 n0:1..10
element 156 a2
element 116 an3..9
element 26 a2..3
element 337 tm4..8
composite C040 26! 116
segment N4 C040 156 116- 26 337 | E0204
service ST 143! 329!
service SE 96! 329!
message 850 N4!
"""
MORE_CASES = [
    ("N4*SE~", None, None),
    ("N4*:12345~", "X12-111", "850/N4/01-1"),
    ("N4***123~", "X12-112", "850/N4/03"),
    ("N4**S1~", "X12-123", "850/N4/02"),
    ("N4**SE**NO~", "X12-131", "850/N4/04"),
    ("N4*****2500~", "X12-125", "850/N4/05"),
]


@pytest.mark.parametrize(("segment", "code", "path"), MORE_CASES)
def test_what_our_small_tables_of_x12_do_not_have_is_told_too(segment, code, path):
    text = f"ST*850*0001~{segment}SE*3*0001~"
    assert told(validation(facts=MORE_FACTS), text) == ([(code, path)] if code else [])


def test_a_time_is_told_in_edifact_too():
    facts = FACTS.replace("element 3412 an..17", "element 3412 tm4..8")
    text = ORDER.replace("LOC+A'", "LOC+2500'").replace("LOC++B'", "LOC+0900'")
    assert told(validation(facts=facts), text) == [("EDIFACT-125", "ORDERS/SG2[1]/LOC/3412")]


@pytest.mark.parametrize(("old", "new", "code", "path"), EDIFACT_CASES)
def test_one_thing_wrong_in_edifact_is_one_fault_with_its_path(orders, old, new, code, path):
    assert old in ORDER
    assert told(orders, ORDER.replace(old, new, 1)) == [(code, path)]


@pytest.mark.parametrize(("old", "new", "code", "path"), X12_CASES)
def test_one_thing_wrong_in_x12_is_one_fault_with_its_path(purchases, old, new, code, path):
    assert old in PURCHASE
    assert told(purchases, PURCHASE.replace(old, new, 1)) == [(code, path)]


def test_a_group_that_must_be_there_is_missed(orders):
    text = ORDER[: ORDER.index("LIN+1")] + ORDER[ORDER.index("UNS") :]
    assert told(orders, text) == [("EDIFACT-105", "ORDERS/SG25[1]/LIN")]


def test_groups_of_x12_are_missed_repeated_and_told_by_their_names():
    one = validation(facts=X12_FACTS.replace("*100000 CTT", "!*2 CTT").replace("R0102", ""))
    text = PURCHASE.replace("PO1*2*.5~", "PO1*2~PO1*3~")
    assert told(one, text) == [("X12-107", "850/PO1[3]/PO1")]
    text = PURCHASE[: PURCHASE.index("PO1")] + "SE*6*0001~"
    assert told(one, text) == [("X12-105", "850/PO1[1]/PO1")]


def test_a_segment_of_another_message_is_told_from_an_unknown_one():
    facts = X12_FACTS.replace("segment CTT", "segment REF 350\nsegment CTT")
    (fault,) = faults(validation(facts=facts), PURCHASE.replace("CTT*2", "REF*1~CTT*2"))
    assert (fault.code, fault.found, fault.expected) == ("X12-102", "REF", "CTT, PO1")
    facts = ORDER.replace("NAD+BY", "UNB+1'NAD+BY")
    assert [code for code, _ in told(validation(), facts)] == ["EDIFACT-101"]


def test_a_foreign_segment_of_edifact_has_its_code(orders):
    directory = orders.rules.directory
    table = directory.messages["ORDERS"]
    smaller = type(table)("ORDERS", tuple(one for one in table.body if one.group != "2"))
    rules_of = type(orders.rules)(smaller, directory, orders.rules.syntax)
    text = "UNH+1+ORDERS'BGM+220'DTM+137:1'NAD+BY'LIN+1'QTY+21:1'UNS+S'UNT+1+1'"
    assert told(Validation(rules_of), text) == [("EDIFACT-102", "ORDERS/NAD")]


def test_a_fault_tells_everything_there_is_to_tell(orders):
    (fault,) = faults(orders, ORDER.replace("QTY+21:12", "QTY+21:1OO"))
    place = fault.place
    assert (fault.code, fault.severity, fault.standard) == (
        "EDIFACT-122",
        Severity.ERROR,
        "0085:37",
    )
    assert (fault.found, fault.expected) == ("1OO", "n..15")
    assert fault.hint == "letter O instead of 0?"
    assert fault.source == "our own directory T.1"
    assert (place.interchange, place.message, place.segment) == (1, 1, 10)
    assert (place.element, place.component) == (1, 2)
    assert place.excerpt is not None
    assert place.excerpt[slice(*place.mark)] == "1OO"
    assert ORDER.replace("QTY+21:12", "QTY+21:1OO").encode()[place.offset :].startswith(b"1OO")
    assert (place.line, place.column) == (1, place.offset + 1)


@pytest.mark.parametrize(
    ("old", "new", "expected", "hint"),
    [
        ("BGM+220", "BGM+22X", "220, 221, 105", "did you mean 220?"),
        ("NAD+BY", "NAD+by", "BY, DP, SU", "did you mean BY?"),
        ("NAD+BY", "NAD+ BY", "BY, DP, SU", "leave the blanks out"),
        ("QTY+21:12'", "QTY+21:1 000'", "n..15", "leave out what separates the thousands"),
        ("QTY+21:12'", "QTY+21:1.000,00'", "n..15", "leave out what separates the thousands"),
        ("QTY+21:12'", "QTY+21:.5'", "n..15", "write a digit before and after the decimal mark"),
        ("QTY+21:12'", "QTY+21: 5'", "n..15", "leave the blanks out"),
        (
            "137:20260105",
            "137:05012026",
            "CCYYMMDD",
            "there is no such day; write year, month, day",
        ),
        ("137:20260105", "137:260105", "CCYYMMDD", None),
        ("QTY+21:12'", "QTX+21:12'QTY+21:12'", "QTY, PIA", "did you mean QTY?"),
    ],
)
def test_the_way_out_is_guessed(orders, old, new, expected, hint):
    (fault,) = faults(orders, ORDER.replace(old, new, 1))
    assert (fault.expected, fault.hint) == (expected, hint)


def test_what_is_missing_is_told_at_the_last_segment_that_was_right(orders):
    (fault,) = faults(orders, ORDER.replace("RFF+X'", ""))
    assert (fault.place.segment, fault.place.excerpt) == (13, "LOC++B")
    assert fault.expected == "RFF"


def test_all_is_told_and_not_only_the_first(orders):
    text = (
        ORDER.replace("BGM+220", "BGM+22X").replace("NAD+BY", "XYZ+1'NAD+BY")
        .replace("QTY+21:1.5", "QTY+21:l").replace("UNS+S", "UNS+X").replace("RFF+X'", "")
    )  # fmt: skip
    assert [code for code, _ in told(orders, text)] == [
        "EDIFACT-126", "EDIFACT-101", "EDIFACT-122", "EDIFACT-104", "EDIFACT-126",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        # swapped: one is missing, and then it comes too late
        ("BGM+220+4711+9'DTM+137:20260105:102'", "DTM+137:20260105:102'BGM+220+4711+9'",
         ["EDIFACT-104", "EDIFACT-103"]),
        # the end of the lines too early: the lines after it are not all told
        ("LIN+1", "UNS+S'LIN+1", ["EDIFACT-103"]),
        ("PIA+5", "UNS+S'PIA+5", ["EDIFACT-103"]),
        # a segment of the head among the lines is skipped, and the lines go on
        ("LIN+2", "BGM+220'LIN+2", ["EDIFACT-103"]),
        ("LIN+2", "NAD+BY'LIN+2", ["EDIFACT-103"]),
    ],
)  # fmt: skip
def test_one_stray_does_not_make_the_rest_wrong(orders, old, new, codes):
    assert [code for code, _ in told(orders, ORDER.replace(old, new, 1))] == codes


def test_a_partner_can_lower_every_check(orders):
    text = ORDER.replace("BGM+220", "BGM+22X").replace("NAD+BY", "XYZ+1'NAD+BY")
    lowered = validation({"EDIFACT-126": Severity.NOTE, "EDIFACT-101": Severity.WARNING})
    assert [fault.severity for fault in faults(orders, text)] == [Severity.ERROR] * 2
    assert [fault.severity for fault in faults(lowered, text)] == [Severity.NOTE, Severity.WARNING]
    assert faults(validation({"EDIFACT-126": None, "EDIFACT-101": None}), text) == ()


def test_separators_behind_nothing_are_only_noted(orders):
    (fault,) = faults(orders, ORDER.replace("BGM+220+4711+9", "BGM+220+4711+"))
    assert fault.severity is Severity.NOTE


def test_the_faults_of_one_message_are_bounded(orders, purchases, monkeypatch):
    monkeypatch.setattr(telling, "LIMIT", 3)
    found = faults(orders, ORDER.replace("QTY", "XYZ+1'" * 9 + "QTY"))
    assert [fault.code for fault in found] == ["EDIFACT-101"] * 3 + ["EDIFACT-199"]
    found = faults(purchases, PURCHASE.replace("CTT", "XYZ*1~" * 9 + "CTT"))
    assert [fault.code for fault in found][-1] == "X12-199"


def test_an_error_is_told_however_many_notes_there_are_before_it(orders, monkeypatch):
    monkeypatch.setattr(telling, "LIMIT", 2)
    found = faults(orders, ORDER.replace("LOC+A'", "LOC+A+'").replace(
        "NAD+SU+7300010000018+ANN", "NAD+SU+7300010000018++").replace(
        "LIN+1++7350000000014:EN", "LIN+1+++").replace("QTY+21:1.5", "QTY+21:x"))  # fmt: skip
    assert [fault.code for fault in found] == [
        "EDIFACT-116", "EDIFACT-116", "EDIFACT-199", "EDIFACT-122",
    ]  # fmt: skip
    assert found[-1].severity is Severity.ERROR


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "body",
    ["XYZ+1'", "NAD+QQQQ+1'", "LIN+1'BGM+220'", "UNS+S'LIN+1'", "RFF'", "'", "BGM+22X'", "LIN+:'"],
)
def test_twenty_thousand_faults_take_no_time_to_speak_of(orders, body):
    found = faults(orders, ORDER.replace("LIN+1", body * 20_000 + "LIN+1"))
    assert len(found) < 2 * telling.LIMIT + 10
    assert Severity.ERROR in {fault.severity for fault in found}


def test_released_characters_are_shown_as_they_were_sent(orders):
    one = piece(ORDER.replace("BGM+220", "BGM+2\x0e0"), orders.rules)
    text = ORDER.replace("BGM+220", "BGM+2?'0").encode()
    (fault,) = orders.read(replace(one, raw=text, restored={0x0E: "'"})).faults
    assert fault.found == "2'0"
    assert fault.place.excerpt[slice(*fault.place.mark)] == "2?'0"


def test_a_message_in_slices_is_explained_as_one(orders):
    text = ORDER.replace("RFF+X'", "").replace("QTY+21:12'", "QTY+21:x'")
    segments = [segment + "'" for segment in text.split("'")[:-1]]
    long = orders.long()
    for start in range(0, len(segments), 3):
        part = piece("".join(segments[start : start + 3]), orders.rules)
        long.look(part, part.rows())
    whole = [(fault.code, fault.place.path) for fault in faults(orders, text)]
    assert [(fault.code, fault.place.path) for fault in long.faults] == whole
    assert len(whole) == 2


def test_subjects_name_things_as_people_do():
    class Names:
        def subject(self, row, element, line):
            return f"{row[0]} {element} of line {line}"

    one = Validation(rules(), Names())
    (fault,) = one.read(piece(ORDER.replace("QTY+21:1.5", "QTY+21:x"), one.rules)).faults
    assert fault.subject == "QTY 6060 of line 2"


class Called:
    """Name everything alike, so that only the line is looked at."""

    def subject(self, row, _element, line):
        return f"{row[0]} {line}"


DESPATCH = (
    "BGM+351+1+9'",
    "CPS+1'PAC+1'",
    "CPS+2+1'PAC+1'LIN+1'QTY+12:5'LIN+2'QTY+12:6'",
    "CPS+3+1'PAC+X'LIN+3'QTY+12:x'",
    "CPS+4+1'LIN+4'QTY+12:x'PCI+33E'",
)


def test_lines_are_counted_through_packages_and_packages_are_no_lines():
    directory = edition("D.96A")
    one = Validation(Rules(directory.messages["DESADV"], directory, EDIFACT), Called())
    text = f"UNH+1+DESADV:D:96A:UN'{''.join(DESPATCH)}UNT+20+1'"
    assert [fault.subject for fault in faults(one, text)] == [
        "PAC None",
        "QTY 3",
        "QTY 4",
        "PCI 4",
    ]


def test_a_line_is_numbered_by_itself_and_not_by_what_repeats_in_it():
    directory = x12_edition("004010")
    one = Validation(Rules(directory.messages["850"], directory, X12), Called())
    line = "PO1*1*1*EA~CTP**X*1~"
    text = f"ST*850*1~BEG*00*SA*1**20260101~{line * 2}{line}CTP**X*x~SE*1*1~"
    found = [fault.subject for fault in faults(one, text) if fault.code == "X12-122"]
    assert found == ["CTP 3"]


def test_what_is_missing_or_too_much_in_a_line_is_told_with_its_number():
    one = Validation(rules(), Called())
    missing = ORDER.replace("RFF+X'", "")
    unexpected = ORDER.replace("PIA+5", "COM+1'PIA+5")
    assert [fault.subject for fault in faults(one, missing)] == ["RFF 2"]
    assert [fault.subject for fault in faults(one, unexpected)] == ["COM 1"]
    assert [fault.subject for fault in faults(one, ORDER.replace("UNS+S'", ""))] == ["UNS None"]
