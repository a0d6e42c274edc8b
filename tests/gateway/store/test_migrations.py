"""The steps lead to exactly the tables that the code defines, on both databases, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gateway.errors import StoreError
from gateway.pipeline.engine import DurableEngine, migrate
from gateway.pipeline.jobs import JobFilter
from gateway.store import migrations
from gateway.store.database import Database, open_database
from gateway.store.schema import metadata
from tests.gateway.store.all_tables import TABLE_MODULES


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


def test_every_table_of_the_product_is_found() -> None:
    assert "gateway.store.messages" in TABLE_MODULES
    assert {"message", "payload", "timeline"} <= set(metadata.tables)


def test_an_upgraded_database_is_what_the_code_defines(empty: Database) -> None:
    assert migrations.upgrade(empty, migrate)[0] is None
    names = set(metadata.tables)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name in names,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_a_second_upgrade_has_nothing_to_do(empty: Database) -> None:
    _, first = migrations.upgrade(empty, migrate)
    assert migrations.upgrade(empty, migrate) == (first, first)
    assert DurableEngine(empty).jobs(JobFilter()) == ()


def test_tables_of_another_release_are_refused_with_the_way_out(empty: Database) -> None:
    with pytest.raises(StoreError, match=r"at nothing, this release needs .*gateway db upgrade"):
        migrations.require_current(empty)
    migrations.upgrade(empty, migrate)
    migrations.require_current(empty)


def test_two_at_once_upgrade_once(empty: Database, database_url: str) -> None:
    other = open_database(database_url)
    try:
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda d: migrations.upgrade(d, migrate), (empty, other)))
    finally:
        other.close()
    assert sorted(before is None for before, _ in results) == [False, True]


def test_the_way_back_leaves_nothing(empty: Database) -> None:
    migrations.upgrade(empty, lambda _url: None)
    with empty.engine.begin() as connection:
        command.downgrade(migrations.configuration(connection), "base")
        left = set(sa.inspect(connection).get_table_names())
    assert left <= {"alembic_version", "sqlite_sequence"}


def test_a_database_of_a_newer_release_is_told_and_left_alone(empty: Database) -> None:
    migrations.upgrade(empty, migrate)
    with empty.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_future'"))
    for work in (migrations.require_current, lambda one: migrations.upgrade(one, migrate)):
        with pytest.raises(StoreError, match="at 9999_future, which this release does not know"):
            work(empty)
