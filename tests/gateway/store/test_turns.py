"""One thread computes at a time, and nobody waits for one that does not come back."""

import threading

import pytest

from gateway.store.turns import Turns


def test_threads_take_turns() -> None:
    turns, inside, most = Turns(patience=60), [0], [0]

    def work() -> None:
        for _ in range(50):
            with turns.turn() as held:
                assert held
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == ([0], [1])


def test_whoever_waited_long_enough_goes_without_and_leaves_the_turn_where_it_is() -> None:
    turns = Turns(patience=0)
    with turns.turn() as first:
        with turns.turn() as second:
            assert (first, second) == (True, False)
        with turns.turn() as third:
            assert not third
    with turns.turn() as held:
        assert held


def test_a_failure_gives_the_turn_back() -> None:
    turns = Turns(patience=0)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn() as held:
        assert held
