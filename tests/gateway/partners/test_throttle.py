"""Wrong secrets are counted per identity and address, refill with time, and take bounded memory."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.partners.throttle import IDENTITIES_PER_REMOTE, Throttle
from tests.gateway.partners.conftest import NOW

ACME, BOLT = ("networkid", "AN01"), ("networkid", "AN02")


def test_the_limit_blocks_and_time_refills_it() -> None:
    throttle = Throttle(2)
    for _ in range(2):
        assert not throttle.blocked(ACME, "a", NOW)
        throttle.wrong(ACME, "a", NOW)
    assert throttle.blocked(ACME, "a", NOW)
    assert throttle.blocked(ACME, "a", NOW + timedelta(seconds=29))
    assert not throttle.blocked(ACME, "a", NOW + timedelta(seconds=30))


def test_other_addresses_and_identities_are_not_touched() -> None:
    throttle = Throttle(1)
    throttle.wrong(ACME, "a", NOW)
    assert throttle.blocked(ACME, "a", NOW)
    assert not throttle.blocked(ACME, "b", NOW)
    assert not throttle.blocked(BOLT, "a", NOW)


def test_one_guess_for_each_of_many_identities_is_no_way_round() -> None:
    throttle = Throttle(1)
    for number in range(IDENTITIES_PER_REMOTE):
        throttle.wrong(("x", str(number)), "a", NOW)
    assert throttle.blocked(ACME, "a", NOW)
    assert not throttle.blocked(ACME, "b", NOW)


def test_a_clock_that_goes_back_frees_nobody_and_breaks_nothing() -> None:
    throttle = Throttle(1)
    throttle.wrong(ACME, "a", NOW)
    assert throttle.blocked(ACME, "a", NOW - timedelta(hours=1))


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    throttle = Throttle(1, capacity=10)
    for number in range(1000):
        throttle.wrong(("x", str(number)), str(number), NOW)
    assert len(throttle) == 10
    assert throttle.blocked(("x", "999"), "999", NOW)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 120)), max_size=60))
def test_never_more_tries_than_the_limit_and_what_time_gives_back(
    tries: list[tuple[int, int]],
) -> None:
    throttle, per_minute, now, compared = Throttle(3), 3, NOW, 0
    for identity, seconds in tries:
        now += timedelta(seconds=seconds)
        if not throttle.blocked(("x", str(identity)), "a", now):
            compared += identity == 0
            throttle.wrong(("x", str(identity)), "a", now)
    assert compared <= per_minute + (now - NOW).total_seconds() * per_minute / 60
