"""What `write` and `append` returned from is durable; one failing undoes nothing of another."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.errors import StoreError, TakenError
from gateway.store import database as module
from gateway.store.database import Database, prepare_sqlite
from gateway.store.rows import Batch, insert, insert_new

TABLE = sa.Table("scribble", sa.MetaData(), sa.Column("value", sa.Integer, primary_key=True))


@pytest.fixture
def scribbles(database: Database) -> Iterator[Database]:
    TABLE.create(database.engine)
    yield database
    TABLE.drop(database.engine)


def _values(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(sa.select(TABLE.c.value).order_by(TABLE.c.value)))


def test_work_is_visible_when_write_returns(scribbles: Database) -> None:
    def work(connection: sa.Connection) -> str:
        connection.execute(TABLE.insert().values(value=1))
        return "done"

    assert scribbles.write(work) == "done"
    assert _values(scribbles) == [1]


def test_a_failure_undoes_its_own_work_only(scribbles: Database) -> None:
    outcomes: list[object] = []

    def write(value: int) -> None:
        def work(connection: sa.Connection) -> None:
            connection.execute(TABLE.insert().values(value=value))
            if value % 2:
                raise ZeroDivisionError

        try:
            scribbles.write(work)
        except ZeroDivisionError as error:
            outcomes.append(error)

    _at_once(write, 40)
    assert _values(scribbles) == list(range(0, 40, 2))
    assert len(outcomes) == 20


def test_more_callers_than_share_a_commit_all_wait_for_their_own(
    scribbles: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_GROUP", 1)
    told: list[object] = []

    def write(first: int) -> None:
        values = range(first, 400, 8)  # who comes again overtakes who waits
        told.extend(scribbles.write(partial(_insert_and_return, value=one)) for one in values)

    _at_once(write, 8)
    assert sorted(map(str, told)) == sorted(map(str, range(400)))


def test_batches_of_many_callers_all_go_in(scribbles: Database) -> None:
    def append(value: int) -> None:
        batch = scribbles.batch()
        insert_new(batch, TABLE, {"value": value})
        insert(batch, TABLE, {"value": value + 1000})
        scribbles.append(batch)

    _at_once(append, 40)
    assert _values(scribbles) == [*range(40), *range(1000, 1040)]


def test_of_batches_that_want_one_key_one_wins_and_the_others_leave_nothing(
    scribbles: Database,
) -> None:
    lost: list[int] = []

    def append(value: int) -> None:
        batch = scribbles.batch()
        insert(batch, TABLE, {"value": value})
        insert_new(batch, TABLE, {"value": 1000 + value % 5})
        try:
            scribbles.append(batch)
        except TakenError:
            lost.append(value)

    _at_once(append, 40)
    assert len(lost) == 35
    assert _values(scribbles) == [*sorted(set(range(40)) - set(lost)), *range(1000, 1005)]


def test_work_of_a_batch_is_done_after_its_rows_and_undone_with_them(scribbles: Database) -> None:
    seen: list[int] = []

    def append(value: int) -> None:
        batch = scribbles.batch()
        batch.also(lambda connection: _see_or_fail(connection, value, seen))
        insert(batch, TABLE, {"value": value})
        try:
            scribbles.append(batch)
        except ZeroDivisionError:
            assert value % 4 == 0

    _at_once(append, 40)
    assert _values(scribbles) == [value for value in range(40) if value % 4]
    assert set(seen) == set(range(40))


def test_batches_share_a_commit_with_other_work(scribbles: Database) -> None:
    def write(value: int) -> None:
        batch = scribbles.batch()
        insert(batch, TABLE, {"value": value})
        if value % 2:
            scribbles.append(batch)
        else:
            scribbles.write(batch.run)

    _at_once(write, 40)
    assert _values(scribbles) == list(range(40))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_hears_of_success_when_nothing_can_be_committed(database: Database) -> None:
    file = Path(database.engine.url.database or "")
    database.close()
    file.write_bytes(b"no database any more, but long enough to be looked at as one")
    with pytest.raises(StoreError, match="refused a commit"):
        database.write(lambda _connection: "done")
    file.unlink()
    file.with_name(f"{file.name}.writer").unlink(missing_ok=True)
    file.with_name(f"{file.name}.writer").mkdir()
    with pytest.raises(StoreError, match=r"refused a commit: .*Is a directory"):
        database.write(lambda _connection: "done")


def test_an_empty_batch_is_no_mistake(database: Database) -> None:
    database.append(Batch(database.engine.dialect))


def test_several_that_open_a_new_file_at_once_all_may(tmp_path: Path) -> None:
    for number in range(25):  # before the wait there was, about two files in twenty-five failed
        _at_once(partial(_prepare_file, tmp_path / f"{number}.sqlite"), 4)


def _prepare_file(path: Path, _number: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        prepare_sqlite(connection)


def _insert_and_return(connection: sa.Connection, value: int) -> int:
    connection.execute(TABLE.insert().values(value=value))
    return value


def _see_or_fail(connection: sa.Connection, value: int, seen: list[int]) -> None:
    found = connection.scalar(sa.select(TABLE.c.value).where(TABLE.c.value == value))
    assert found == value
    seen.append(value)
    if value % 4 == 0:
        raise ZeroDivisionError


def _at_once(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(value,)) for value in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
