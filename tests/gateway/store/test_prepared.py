"""Any number of rows goes into a table by few texts, each made once, the same on both databases."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.payloads import payload
from gateway.store.prepared import LEAVE, SIZES, prepared
from gateway.store.references import reference
from gateway.store.rows import insert_all
from gateway.store.schema import metadata

MOST = SIZES[0]


def named(count: int) -> list[dict[str, object]]:
    return [{"kind": "sku", "value": f"A-{number}", "message": "m1"} for number in range(count)]


@pytest.mark.parametrize("count", [0, *sorted(SIZES), 9, MOST + 1, 3 * MOST - 1])
def test_any_number_of_rows_arrives(database: Database, count: int) -> None:
    database.write(lambda connection: insert_all(connection, reference, named(count)))
    with database.read() as connection:
        values = connection.scalars(sa.select(reference.c.value)).all()
    assert sorted(values) == sorted(f"A-{number}" for number in range(count))


def test_values_are_stored_as_the_columns_say_whatever_their_order(database: Database) -> None:
    at = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
    rows: list[dict[str, object]] = [
        {"named_at": at, "data": b"\0\1", "size": number, "codec": "zstd", "sha256": f"s{number}"}
        for number in range(3)
    ]
    database.write(lambda connection: insert_all(connection, payload, rows))
    with database.read() as connection:
        found = connection.execute(sa.select(payload).order_by(payload.c.sha256)).mappings().all()
    assert [dict(row) for row in found] == rows


@pytest.mark.parametrize("taken", [None, LEAVE])
def test_every_table_has_an_insert_that_can_be_made_and_is_made_once(
    database: Database, taken: str | None
) -> None:
    dialect = database.engine.dialect
    for table in metadata.sorted_tables:
        names = tuple(table.c.keys())
        assert prepared(table, names, dialect, taken) is prepared(table, names, dialect, taken)


def test_of_rows_whose_key_is_taken_the_others_go_in_and_are_counted(database: Database) -> None:
    one = prepared(reference, ("kind", "value", "message"), database.engine.dialect, LEAVE)

    def work(connection: sa.Connection) -> list[int]:
        cursor = connection.connection.cursor()
        try:
            return [one.run(cursor, [one.bound(row) for row in named(n)]) for n in (2, 5, 5)]
        finally:
            cursor.close()

    assert database.write(work) == [2, 3, 0]
