"""The table of states is whole, and a move that it lacks is refused with the way out."""

import pytest

from gateway.errors import StateError
from gateway.pipeline.states import BIRTHS, MOVED_BY_JOBS, MOVES, State, diagram, require_move


def test_every_state_can_be_reached() -> None:
    reached = set(BIRTHS)
    for _ in MOVES:
        reached |= {move.entering for move in MOVES if move.leaving in reached}
    assert reached == set(State)


def test_no_move_stands_twice() -> None:
    assert len({(move.leaving, move.entering) for move in MOVES}) == len(MOVES)


def test_what_a_job_moves_can_be_held() -> None:
    held = {move.leaving for move in MOVES if move.entering is State.HELD}
    assert set(MOVED_BY_JOBS) <= held


def test_a_move_that_is_not_there_names_the_way_out() -> None:
    with pytest.raises(StateError) as caught:
        require_move("delivered", "checked")
    assert str(caught.value) == (
        "a delivered message cannot become checked; from here: cancelled, accepted"
    )


def test_a_final_state_leads_nowhere() -> None:
    with pytest.raises(StateError, match="nowhere"):
        require_move("cancelled", "accepted")


def test_the_diagram_shows_every_move() -> None:
    text = diagram()
    assert text.count("-->") == len(MOVES) + len(BIRTHS)
