"""What `write` returned from is durable, and one caller's failure undoes nothing of another's."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from gateway.store.database import Database

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

    threads = [threading.Thread(target=write, args=(value,)) for value in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _values(scribbles) == list(range(0, 40, 2))
    assert len(outcomes) == 20
