"""Rows that come together go in one statement, whole or not at all, the same on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.payloads import payload
from gateway.store.references import reference
from gateway.store.rows import insert_all, insert_or_renew

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def named(count: int) -> list[dict[str, object]]:
    return [{"kind": "sku", "value": f"A-{number}", "message": "m1"} for number in range(count)]


def test_a_taken_key_among_many_refuses_them_all(database: Database) -> None:
    database.write(lambda connection: insert_all(connection, reference, named(2)))
    with pytest.raises(sa.exc.IntegrityError):
        database.write(lambda connection: insert_all(connection, reference, named(5)))
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(reference)) == 2


def test_a_known_row_takes_over_the_renewed_column_only(database: Database) -> None:
    def row(name: str, size: int, at: datetime) -> dict[str, object]:
        return {"sha256": name, "codec": "zstd", "size": size, "data": b"", "named_at": at}

    old, new = NOW - timedelta(days=1), NOW
    database.write(lambda c: insert_or_renew(c, payload, [row("a", 1, old)], "named_at"))
    both = [row("a", 2, new), row("b", 3, new)]
    database.write(lambda c: insert_or_renew(c, payload, both, "named_at"))
    with database.read() as connection:
        columns = (payload.c.sha256, payload.c.size, payload.c.named_at)
        rows = connection.execute(sa.select(*columns).order_by(payload.c.sha256)).all()
    assert [tuple(found) for found in rows] == [("a", 1, new), ("b", 3, new)]
