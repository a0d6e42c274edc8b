"""Numbers are given without gap or reuse, also across threads; skipped ones are known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.series import (
    MAX_SKIPPED,
    Seen,
    begin_series,
    forget_missing,
    hold_series,
    list_series,
    next_number,
    note_number,
)

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PAIR = "edifact 7309:14>7301:14"


def _next(database: Database, highest: int = 999_999_999) -> int:
    return database.write(lambda connection: next_number(connection, "acme", PAIR, highest))


def _note(database: Database, number: int, at: datetime = AT) -> Seen:
    return database.write(lambda connection: note_number(connection, "acme", PAIR, number, at))


def _missing(database: Database) -> tuple[int, ...]:
    with database.read() as connection:
        (series,) = list_series(connection)
    return series.missing


def test_numbers_follow_each_other_and_begin_anew_after_the_highest(database: Database) -> None:
    assert [_next(database, highest=3) for _ in range(5)] == [1, 2, 3, 1, 2]


def test_many_threads_take_each_number_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: _next(database), range(80)))
    assert sorted(taken) == list(range(1, 81))


def test_a_number_is_given_back_when_its_transaction_fails(database: Database) -> None:
    def work(connection: sa.Connection) -> None:
        next_number(connection, "acme", PAIR, 9)
        raise LookupError

    with pytest.raises(LookupError):
        database.write(work)
    assert _next(database) == 1


def test_a_series_that_is_held_begins_with_any_number(database: Database) -> None:
    def work(connection: sa.Connection) -> tuple[bool, bool, Seen]:
        fresh = hold_series(connection, "acme", PAIR, AT)
        begin_series(connection, "acme", PAIR, 7)
        again = hold_series(connection, "acme", PAIR, AT)
        return fresh, again, note_number(connection, "acme", PAIR, 7, AT)

    assert database.write(work) == (True, False, Seen())
    assert _missing(database) == ()


def test_skipped_numbers_are_missing_until_they_come(database: Database) -> None:
    assert _note(database, 7) == Seen()
    assert _note(database, 8) == Seen()
    assert _note(database, 11) == Seen(skipped=(9, 10))
    assert _missing(database) == (9, 10)
    assert _note(database, 10) == Seen(late=True)
    assert _missing(database) == (9,)
    database.write(lambda connection: forget_missing(connection, "acme", LATER))
    assert _missing(database) == ()


def test_a_jump_that_is_too_wide_is_a_new_beginning(database: Database) -> None:
    _note(database, 50_000)
    assert _note(database, 50_001 + MAX_SKIPPED + 1) == Seen()
    assert _missing(database) == ()
    assert _note(database, 1) == Seen()
    assert _note(database, 3) == Seen(skipped=(2, 2))


def test_both_directions_are_listed(database: Database) -> None:
    _next(database)
    _note(database, 5)
    with database.read() as connection:
        found = list_series(connection)
    assert [(one.direction, one.last) for one in found] == [("in", 5), ("out", 1)]
