"""The state table is whole: each state is reached, each open one ends, nothing else moves."""

import pytest

from canonical.punchout import SessionState
from gateway.errors import StateError
from gateway.punchout.faults import FAULTS
from gateway.punchout.sessions import MOVES, OPEN, Event, after


def test_every_state_but_the_first_is_reached() -> None:
    assert {move.target for move in MOVES} == {*SessionState} - {SessionState.PENDING}


def test_every_open_state_expires() -> None:
    assert {move.source for move in MOVES if move.event is Event.EXPIRE} == {*OPEN}


def test_a_state_has_one_way_for_each_event() -> None:
    assert len({(move.source, move.event) for move in MOVES}) == len(MOVES)


@pytest.mark.parametrize("state", sorted({*SessionState} - {*OPEN}))
@pytest.mark.parametrize("event", list(Event))
def test_a_closed_session_stays_closed(state: SessionState, event: Event) -> None:
    with pytest.raises(StateError, match="from here: nothing"):
        after(state, event)


def test_fault_codes_are_given_once() -> None:
    codes = [kind.code for kind in FAULTS]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)
