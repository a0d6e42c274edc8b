"""Read and change the postings: the sets of products under their terms."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa

from gateway.catalogue.bits import CHUNK, changed, join, split, unpack
from gateway.catalogue.tables import postings, products
from gateway.catalogue.terms import AFTER, Term
from gateway.catalogue.writing import Row, parts, upsert
from gateway.store.among import among

MAX_POSTINGS: Final = 20_000
"""Postings that one beginning reads at most; what lies beyond is not found by it."""

_Row = sa.Row[int, str, int, bytes]
_KeyT = TypeVar("_KeyT")


class Postings:
    """Read the postings of one moment, everywhere or only within some products' chunks."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        last = connection.execute(sa.select(sa.func.max(products.c.id))).scalar_one()
        self._all = range(0 if last is None else last // CHUNK + 1)
        self.chunks: Sequence[int] = self._all

    def everywhere(self) -> None:
        """Read on in all chunks."""
        self.chunks = self._all

    def within(self, bits: int) -> None:
        """Read on only where `bits` has members."""
        self.chunks = sorted(split(bits))

    def of(self, terms: Iterable[str]) -> dict[Term, int]:
        """Return the sets of terms by term and tier; those of nothing are left out."""
        rows = self._rows(among(self._connection, postings.c.term, dict.fromkeys(terms)))
        return _united(rows, lambda term, tier: (term, tier))

    def begun_by(self, term: str) -> tuple[dict[tuple[bool, int], int], bool]:
        """Return the sets of all terms with this beginning, and whether those are all.

        They are united by tier, and by whether they are the whole term.
        """
        rows = self._rows(
            sa.and_(postings.c.term >= term, postings.c.term < term + AFTER),
            limit=MAX_POSTINGS + 1,
        )
        united = _united(rows[:MAX_POSTINGS], lambda found, tier: (found == term, tier))
        return united, len(rows) <= MAX_POSTINGS

    def counts(self, terms: Collection[str], bits: int) -> dict[str, int]:
        """Return how many members of `bits` have each term; terms that none has are left out."""
        there = split(bits)
        found: dict[str, int] = {}
        for chunk, term, _, ids in self._rows(among(self._connection, postings.c.term, terms)):
            count = (there.get(chunk, 0) & unpack(ids)).bit_count()
            if count:
                found[term] = found.get(term, 0) + count
        return found

    def _rows(
        self, condition: sa.ColumnElement[bool], *, limit: int | None = None
    ) -> Sequence[_Row]:
        if not self.chunks:
            return ()
        statement = sa.select(
            postings.c.chunk, postings.c.term, postings.c.tier, postings.c.ids
        ).where(among(self._connection, postings.c.chunk, self.chunks), condition)
        return self._connection.execute(statement.limit(limit)).all()


def _united(rows: Iterable[_Row], key: Callable[[str, int], _KeyT]) -> dict[_KeyT, int]:
    sets: dict[_KeyT, dict[int, list[bytes]]] = {}
    for chunk, term, tier, ids in rows:
        sets.setdefault(key(term, tier), {}).setdefault(chunk, []).append(ids)
    return {each: join(chunks) for each, chunks in sets.items()}


class Changes:
    """Gather which products gain and lose which terms, and write that at once."""

    def __init__(self) -> None:
        self._gained: dict[int, dict[Term, list[int]]] = {}
        self._lost: dict[int, dict[Term, list[int]]] = {}

    def gain(self, product: int, terms: Iterable[Term]) -> None:
        """Note terms that a product now has."""
        _note(self._gained, product, terms)

    def lose(self, product: int, terms: Iterable[Term]) -> None:
        """Note terms that a product has no more."""
        _note(self._lost, product, terms)

    def write(self, connection: sa.Connection) -> set[Term]:
        """Change the postings and return the terms that came new into some chunk.

        The caller holds the lock that keeps others from doing the same.
        """
        fresh: set[Term] = set()
        for chunk in sorted({*self._gained, *self._lost}):
            gained, lost = self._gained.get(chunk, {}), self._lost.get(chunk, {})
            fresh |= _write_chunk(connection, chunk, gained, lost)
        return fresh


def _note(noted: dict[int, dict[Term, list[int]]], product: int, terms: Iterable[Term]) -> None:
    chunk, member = divmod(product, CHUNK)
    sets = noted.setdefault(chunk, {})
    for term in terms:
        if term in sets:
            sets[term].append(member)
        else:
            sets[term] = [member]


def _write_chunk(
    connection: sa.Connection,
    chunk: int,
    gained: Mapping[Term, list[int]],
    lost: Mapping[Term, list[int]],
) -> set[Term]:
    keys = sorted({*gained, *lost})
    present = _present(connection, chunk, (term for term, _ in keys))
    rows: list[Row] = []
    empty: list[dict[str, object]] = []
    for key in keys:
        ids = changed(present.get(key, b""), gained.get(key, ()), lost.get(key, ()))
        if ids:
            rows.append((chunk, *key, ids))
        elif key in present:
            empty.append({"at_chunk": chunk, "at_term": key[0], "at_tier": key[1]})
    upsert(connection, postings, rows)
    if empty:
        at = (postings.c[name] == sa.bindparam(f"at_{name}") for name in ("chunk", "term", "tier"))
        connection.execute(postings.delete().where(*at), empty)
    return gained.keys() - present.keys()


def _present(connection: sa.Connection, chunk: int, terms: Iterable[str]) -> dict[Term, bytes]:
    found: dict[Term, bytes] = {}
    for some in parts(terms):
        statement = sa.select(postings.c.term, postings.c.tier, postings.c.ids).where(
            postings.c.chunk == chunk, among(connection, postings.c.term, some)
        )
        found |= {(term, tier): ids for term, tier, ids in connection.execute(statement)}
    return found
