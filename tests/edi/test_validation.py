"""A message becomes a tree and its faults, whatever is in it."""

from hypothesis import given
from hypothesis import strategies as st

from edi.rules import EDIFACT
from edi.validation import Validations
from tests.edi.making import Breaker, Maker
from tests.edi.tables import ORDER, piece, rules, validation

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


def test_every_message_of_a_directory_is_compiled_once_and_when_asked_for():
    validations = Validations(rules().directory, EDIFACT)
    assert validations.get("ORDERS") is validations.get("ORDERS")
    assert validations.get("ORDERZ") is None
