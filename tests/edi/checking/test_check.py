"""The check accepts what is right, at once, and never hangs on what is not."""

import pytest

from edi.checking import check as checking
from edi.checking.check import Check
from edi.facts import read_facts
from edi.rules import EDIFACT, Rules
from edi.walking import Plan
from tests.edi.tables import FACTS, ORDER, PURCHASE, X12_FACTS, rows_of, rules

RIGHT = [
    ("BGM+220+4711+9", "BGM"),
    ("BGM+220+4711+9", "BGM+++9"),
    ("BGM+220+4711+9", "BGM+220+\x0e\x0f\x10"),
    ("COM+1*2", "COM+1*2*3"),
    ("LOC+A'", ""),
    ("LOC+A'", "LOC+A+++SE'"),
    ("PIA+5+ABC:SA'", "PIA+5+ABC:SA+DEF:EN:1:9'"),
    ("QTY+21:1.5", "QTY+21:-123456789012.345"),
    ("UNS+S'", "UNS+S'QTY+12:1'"),
    ("DTM+137:20260105:102'", "DTM+137:20260105:102'" * 35),
]
WRONG = [
    ("BGM+220+4711+9", "BGM+22X+4711+9"),
    ("BGM+220+4711+9", "BGM+220+4711+"),
    ("BGM+220+4711+9", "BGM+220+4711+9+1"),
    ("BGM+220+4711+9", "BGM+220+" + "x" * 36),
    ("COM+1*2", "COM+1*2*3*4"),
    ("COM+1*2", "COM+1**2"),
    ("COM+1*2", "COM"),
    ("LOC+A'", "LOC+A+B'"),
    ("LOC+A'", "LOC'"),
    ("LOC+A'", "LOC+A++X'"),
    ("PIA+5+ABC:SA", "PIA+5+ABC"),
    ("PIA+5+ABC:SA", "PIA+5+ABC:SA::9"),
    ("PIA+5+ABC:SA", "PIA+5+ABC:SA::"),
    ("QTY+21:12", "QTY+21:1OO"),
    ("QTY+21:12", "QTY+21"),
    ("UNS+S", "UNX+S"),
    ("UNS+S'", ""),
    ("RFF+X'", ""),
    ("DTM+137:20260105:102'", ""),
    ("DTM+137:20260105:102'", "DTM+137:20260105:102'" * 36),
    ("BGM+220+4711+9'", "BGM+220+4711+9'BGM+220+4711+9'"),
    ("LIN+2+1'QTY+21:1.5'LOC++B'RFF+X'", "LIN+2+1'"),
    ("UNT+16+1'", ""),
]


def check_of(by: Rules) -> Check:
    return Check.of(by, Plan(by.table))


@pytest.fixture(scope="module")
def check():
    return check_of(rules())


def accepted(check: Check, text: str) -> bool:
    return check.accepts(text, rows_of(text, rules()))


@pytest.mark.parametrize(("old", "new"), [("", ""), *RIGHT])
def test_what_the_tables_allow_is_accepted(check, old, new):
    assert old in ORDER
    assert accepted(check, ORDER.replace(old, new, 1) if old else ORDER)


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_what_the_tables_forbid_is_not_accepted(check, old, new):
    assert old in ORDER
    assert not accepted(check, ORDER.replace(old, new, 1))


def test_a_purchase_order_of_x12_is_accepted():
    by = rules(facts=X12_FACTS)
    check = check_of(by)
    assert check.accepts(PURCHASE, rows_of(PURCHASE, by))
    for old, new in [
        ("UP*735000", "UP"),
        ("20260105", "20260230"),
        ("1230", "2430"),
        ("-995", "9.5"),
    ]:
        text = PURCHASE.replace(old, new)
        assert not check.accepts(text, rows_of(text, by))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("EDIFACT-126", ORDER.replace("BGM+220", "BGM+22X")),
        ("EDIFACT-116", ORDER.replace("BGM+220+4711+9", "BGM+220+++")),
        ("EDIFACT-116", ORDER.replace("NAD+SU+7300010000018+ANN", "NAD+SU+:::+ANN::")),
    ],
)
def test_what_a_partner_may_do_is_not_looked_at_twice(code, text):
    by = rules({code: None})
    assert check_of(by).accepts(text, rows_of(text, by))
    assert not check_of(rules()).accepts(text, rows_of(text, by))


def test_a_mandatory_composite_needs_a_value_even_where_empty_separators_are_ignored():
    by = rules({"EDIFACT-116": None})
    for empty in ("DTM+::", "DTM+", "DTM"):
        text = ORDER.replace("DTM+137:20260105:102", empty)
        assert not check_of(by).accepts(text, rows_of(text, by))


def test_a_message_can_be_checked_in_pieces(check):
    segments = ORDER.split("'")
    pieces = ["'".join(segments[:5]) + "'", "'".join(segments[5:])]
    letters = [check.letters(rows_of(piece, rules())) for piece in pieces]
    assert all(map(check.elements, pieces))
    assert check.order("".join(letters))
    assert not check.order(letters[0])


def test_a_million_repeats_are_counted():
    facts = FACTS.replace("QTY!*99 DTM*5", "QTY!*99999 DTM*9999999").replace("*200000", "*1000000")
    directory = read_facts(facts)
    check = check_of(Rules(directory.messages["ORDERS"], directory, EDIFACT))
    letter = check.letter
    head, tail = letter["UNH"] + letter["BGM"] + letter["DTM"], letter["UNS"] + letter["UNT"]
    line = letter["LIN"] + letter["QTY"]
    assert check.order(head + line * 1_000_000 + tail)
    assert not check.order(head + line * 1_000_001 + tail)
    assert check.order(head + line + letter["DTM"] * 1_500_000 + tail)
    assert not check.order(head + line + letter["QTY"] * 99_999 + tail)


HOSTILE = [
    "UNH+1+ORDERS'" + "BGM'" * 200_000,
    "UNH+1+ORDERS'" + "LIN+1'" * 200_000,
    "UNH+" + "+" * 1_000_000,
    "UNH+" + ":" * 1_000_000,
    "BGM+" + "2" * 1_000_000,
    "QTY+21:" + "1" * 1_000_000 + ".",
    "QTY+21:" + "1." * 500_000,
    "COM+" + "1*" * 500_000 + "'",
    "LOC+" + "A+" * 500_000,
    "PIA+5+" + "ABC:SA:" * 300_000,
    ORDER * 5_000 + "X",
    "\x00" * 1_000_000,
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_megabyte_made_to_hang_is_refused_in_the_time_of_reading_it(check, number):
    text = HOSTILE[number]
    assert not check.accepts(text, rows_of(text, rules()))
    assert not check.elements(text) or number in {0, 1, 10}
    letters = "".join(check.letter[tag] for tag in ("LIN", "QTY", "LOC")) * 300_000
    assert not check.order(letters)


def test_lines_that_are_alike_are_in_order_as_one_of_them_is():
    facts = FACTS.replace("*200000 UNS!", "*3 UNS!")
    one = Check.of(rules(facts=facts), Plan(rules(facts=facts).table))
    line, end = "LIN+3'QTY+21:1'", "UNS+S'"
    for lines, right in ((1, True), (2, False)):
        text = ORDER.replace(end, line * lines + end)
        assert one.accepts(text, rows_of(text, rules(facts=facts))) is right
    wrong = ORDER.replace(end, "LIN+3'" + end)
    assert not one.accepts(wrong, rows_of(wrong, rules(facts=facts)))


def test_no_more_orders_of_segments_are_remembered_than_may_be(monkeypatch):
    monkeypatch.setattr(checking, "KEPT", 2)
    one = Check.of(rules(), Plan(rules().table))
    for times in range(5):
        text = ORDER.replace("PIA+5+ABC:SA'", "PIA+5+ABC:SA'" * times)
        for _ in range(2):
            assert one.accepts(text, rows_of(text, rules()))
    assert len(one._known) <= 2
