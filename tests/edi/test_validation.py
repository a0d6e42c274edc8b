"""A message becomes a tree and its faults, whatever is in it."""

from hypothesis import given
from hypothesis import strategies as st

from edi.explaining.explainer import Explainer
from edi.rules import EDIFACT
from edi.shaping import Growth
from edi.validation import Validations
from tests.edi.making import Breaker, Maker
from tests.edi.tables import FACTS, ORDER, piece, rules, validation

ORDERS = validation()
BREAKER = st.builds(Breaker, st.just(ORDERS.rules), st.integers())


def flat(branch):
    row, *below = branch
    return [row, *(one for each in below for one in flat(each))]


def test_a_right_message_has_no_faults_and_all_its_segments_in_order():
    one = ORDERS.read(piece(ORDER, ORDERS.rules))
    assert one.faults == ()
    assert flat(one.root) == piece(ORDER, ORDERS.rules).rows()[:-1]


@given(BREAKER, st.integers())
def test_no_segment_of_a_broken_message_is_lost(breaker, seed):
    text = breaker.mutant(Maker(ORDERS.rules, seed).message())
    one = ORDERS.read(piece(text, ORDERS.rules))
    rows = piece(text, ORDERS.rules).rows()
    assert flat(one.root) == [rows[0], *(row for row in rows[1:-1]), *_unclosed(rows)]


def _unclosed(rows):
    return [] if rows[-1][0] == "UNT" else rows[-1:]


@given(st.text("UNHBGMTQYLI+:'*?1 \x0e\x0f\n", max_size=60))
def test_nothing_crashes_on_any_text(text):
    ORDERS.read(piece(text, ORDERS.rules))
    long = ORDERS.long()
    long.look(piece(text, ORDERS.rules), piece(text, ORDERS.rules).rows())


def test_a_right_message_in_slices_has_no_faults():
    segments = [segment + "'" for segment in ORDER.split("'")[:-1]]
    long = ORDERS.long()
    places = []
    for start in range(0, len(segments), 4):
        part = piece("".join(segments[start : start + 4]), ORDERS.rules)
        places += long.look(part, part.rows())
    assert long.faults == ()
    assert [place and place.entry.tag for place in places] == [
        None, *(segment[:3] for segment in segments[1:-1]), None,
    ]  # fmt: skip


@given(st.integers(), st.integers(0, 3), st.integers(2, 40))
def test_a_message_in_slices_is_as_right_as_in_one(seed, broken, size):
    text = Maker(ORDERS.rules, seed, filling=0.6).message()
    lines = text[text.index("LIN") : text.index("UNS")]
    text = text.replace(lines, lines * 5)
    for number in range(broken):
        text = Breaker(ORDERS.rules, seed + number).mutant(text)
    segments = [segment + "'" for segment in text.split("'")[:-1]]
    long, places = ORDERS.long(), []
    for start in range(0, len(segments), size):
        part = piece("".join(segments[start : start + size]), ORDERS.rules)
        places += long.look(part, part.rows())
    whole = ORDERS.read(piece(text, ORDERS.rules))
    assert (long.faults == ()) is (whole.faults == ())
    if not long.faults:
        growth = Growth(segments[0][:-1].split("+"))
        growth.add([one[:-1].split("+") for one in segments[1:-1]], places[1:-1])
        assert growth.root == whole.root
        assert long._explainer._number == len(segments)


def test_lines_that_are_alike_are_taken_in_strides(monkeypatch):
    text = ORDER[: ORDER.index("UNS")] + "LIN+3'QTY+21:1'" * 50 + "UNS+S'UNT+116+1'"
    looked = []
    look = Explainer._segment
    monkeypatch.setattr(Explainer, "_segment", lambda *at: looked.append(at) or look(*at))
    long = validation().long()
    one = piece(text, ORDERS.rules)
    long.look(one, one.rows())
    assert len(looked) < 20, "every segment was looked at by itself"


def test_one_line_too_many_is_told_in_strides_too():
    few = validation(facts=FACTS.replace("*200000", "*3"))
    text = ORDER[: ORDER.index("UNS")] + "LIN+3'QTY+21:1'" * 3 + "UNS+S'UNT+16+1'"
    long = few.long()
    one = piece(text, few.rules)
    long.look(one, one.rows())
    assert [fault.code for fault in long.faults] == ["EDIFACT-107"] * 2


def test_every_message_of_a_directory_is_compiled_once_and_when_asked_for():
    validations = Validations(rules().directory, EDIFACT)
    assert validations.get("ORDERS") is validations.get("ORDERS")
    assert validations.get("ORDERZ") is None
