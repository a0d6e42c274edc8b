"""Postings hold, chunk by chunk, what was gained less what was lost, and are read within bounds."""

import pytest
import sqlalchemy as sa

from gateway.catalogue import Catalogue, postings
from gateway.catalogue.bits import CHUNK, bits_of
from gateway.catalogue.postings import Changes, Postings
from gateway.catalogue.tables import products, traits
from gateway.catalogue.writing import insert_missing, upsert
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.builders import make_product

FAR = 2 * CHUNK + 5


@pytest.fixture
def filled(database: Database) -> Database:
    def work(connection: sa.Connection) -> None:
        upsert(connection, products, [(FAR, "far", b"")])
        changes = Changes()
        for number in (1, 2, CHUNK, FAR):
            changes.gain(number, [("wab", 1), ("wabc", 4)])
        changes.gain(3, [("wabc", 1)])
        assert changes.write(connection) == {("wab", 1), ("wabc", 4), ("wabc", 1)}

    database.write(work)
    return database


def test_sets_reach_over_chunks(filled: Database) -> None:
    everywhere = bits_of([1, 2, CHUNK, FAR])
    with filled.read() as connection:
        found = Postings(connection)
        assert found.of(["wab", "none"]) == {("wab", 1): everywhere}
        assert found.begun_by("wab") == (
            {(True, 1): everywhere, (False, 4): everywhere, (False, 1): bits_of([3])},
            True,
        )
        assert found.counts(["wab", "none"], bits_of([2, 7, FAR])) == {"wab": 2}
        found.within(bits_of([CHUNK + 1]))
        assert found.of(["wab"]) == {("wab", 1): bits_of([CHUNK])}
        found.within(0)
        assert found.of(["wab"]) == {}
        found.everywhere()
        assert found.of(["wab"]) == {("wab", 1): everywhere}


def test_what_is_lost_leaves_nothing_behind(filled: Database) -> None:
    def work(connection: sa.Connection) -> None:
        changes = Changes()
        changes.lose(CHUNK, [("wab", 1), ("wabc", 4), ("never", 1)])
        changes.lose(1, [("wab", 1)])
        changes.gain(9, [("wab", 1)])
        assert changes.write(connection) == set()

    filled.write(work)
    with filled.read() as connection:
        assert Postings(connection).of(["wab"]) == {("wab", 1): bits_of([2, 9, FAR])}
        chunks = connection.execute(sa.select(postings.postings.c.chunk).distinct()).scalars()
        assert set(chunks) == {0, 2}


def test_a_beginning_that_would_read_too_much_says_so(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "MAX_POSTINGS", 2)
    with filled.read() as connection:
        sets, complete = Postings(connection).begun_by("wab")
    assert not complete
    assert sum(bits.bit_count() for bits in sets.values()) > 0


def test_an_incomplete_reading_is_told_in_the_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue(database)
    goods = tuple(make_product(f"A-{number}", name=f"serie{number}") for number in range(5))
    catalogue.apply_products(Page(goods, "1", more=False))
    assert catalogue.search("seri").total_is_exact
    monkeypatch.setattr(postings, "MAX_POSTINGS", 2)
    found = catalogue.search("seri")
    assert (found.total, found.total_is_exact) == (2, False)


def test_rows_take_the_place_of_others_or_leave_them(database: Database) -> None:
    def rows(connection: sa.Connection) -> list[tuple[int, str, bytes]]:
        columns = (traits.c.id, traits.c.name_key, traits.c.traits)
        found = connection.execute(sa.select(*columns).order_by(traits.c.id))
        return [(number, name, packed) for number, name, packed in found]

    def work(connection: sa.Connection) -> None:
        upsert(connection, traits, [])
        upsert(connection, traits, [(1, "å", "a", b"\x00"), (2, "%s ?", "b", b"")])
        upsert(connection, traits, [(2, "b'", "b", b"\xff")])
        insert_missing(connection, traits, [(1, "other", "a", b""), (3, "c", "c", b"c")])
        assert rows(connection) == [(1, "å", b"\x00"), (2, "b'", b"\xff"), (3, "c", b"c")]

    database.write(work)
