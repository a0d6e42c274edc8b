"""Rows are found by any of many values, whatever stands in those, on both databases."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.catalogue.tables import traits
from gateway.catalogue.writing import upsert
from gateway.store.among import among
from gateway.store.database import Database

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=30,
)
@given(st.lists(NAMES, max_size=6), st.lists(NAMES, max_size=6))
def test_text_is_found_as_it_stands(database: Database, held: list[str], asked: list[str]) -> None:
    def work(connection: sa.Connection) -> None:
        connection.execute(traits.delete())
        upsert(connection, traits, [(n, "", name, b"") for n, name in enumerate(held)])
        for wanted in (asked, held, [*asked, *held]):
            statement = sa.select(traits.c.sku).where(among(connection, traits.c.sku, wanted))
            found = connection.execute(statement).scalars()
            assert sorted(found) == sorted(name for name in held if name in wanted)

    database.write(work)


def test_numbers_are_found_by_hundreds(database: Database) -> None:
    def work(connection: sa.Connection) -> None:
        upsert(connection, traits, [(number, "", "", b"") for number in range(0, 3000, 2)])
        statement = sa.select(traits.c.id).where(among(connection, traits.c.id, range(1000)))
        assert sorted(connection.execute(statement).scalars()) == list(range(0, 1000, 2))
        none = sa.select(traits.c.id).where(among(connection, traits.c.id, []))
        assert connection.execute(none).all() == []

    database.write(work)
