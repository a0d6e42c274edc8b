"""Write OCI carts and answer background searches, against a bare Flask handler with one look-up.

All of it in one process, without sockets: the rival is called as a WSGI application too. A cart of
100 lines is mapped, written as a form and checked; a background search asks for 100 lines of a
catalogue of BENCH_PRODUCTS products (100,000) through the whole product, with login and archive.
"""

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

import flask
from werkzeug.test import Client

from bench.harness import Row
from bench.workspaces import write_workspace
from canonical.amounts import Quantity
from canonical.faults import sentence
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from canonical.wire import Envelope
from gateway.app import open_gateway, prepare
from gateway.partners.library import shipped_library
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect

LINES = 100
PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "100000"))
ROUNDS = 60
SECRET = "not-a-secret"
RIVAL = "bare Flask handler, one indexed query"
WORDS = ["hammer", "saw", "drill", "screw", "bolt", "nut", "washer", "glove", "helmet", "pump"]
TRAITS = ["steel", "brass", "black", "white"]


def rows() -> Iterator[Row]:
    """Yield rate, p50 and p99 of both, medians of alternating calls."""
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        rival = looking_up(Path(folder) / "bare.sqlite")
        yield from _compared(f"OCI cart of {LINES} lines written and checked", writing(), rival)
        with searching(Path(folder) / "workspace") as search:
            name = f"background search of {LINES} lines in {PRODUCTS:,} products"
            yield from _compared(name, search, rival)


def _compared(name: str, ours: Callable[[], object], rival: Callable[[], object]) -> Iterator[Row]:
    mine, theirs = times(ours, rival)
    rates = (1000 / (sum(spent) / len(spent)) for spent in (mine, theirs))
    yield Row(name, next(rates), next(rates), RIVAL, "a second")
    for percent in (50, 99):
        cut = [quantiles(spent, n=100)[percent - 1] for spent in (mine, theirs)]
        yield Row(f"{name}, p{percent}", cut[0], cut[1], RIVAL, "ms, less is better")


def times(ours: Callable[[], object], rival: Callable[[], object]) -> tuple[list[float], ...]:
    """Return the milliseconds of each call, in turn A B A B after a warm-up of each."""
    works = (ours, rival)
    spent: tuple[list[float], ...] = ([], [])
    for number in range(ROUNDS + 5):
        for work, one in zip(works, spent, strict=True):
            start = time.perf_counter()
            work()
            if number >= 5:
                one.append((time.perf_counter() - start) * 1000)
    return spent


def writing() -> Callable[[], object]:
    """Return what maps, writes and checks a cart."""
    codec, dialect, cart = OciCodec(), OciDialect(), make_cart()
    writer = shipped_library().writer("oci", Cart)
    if writer is None:
        message = "no mapping writes a cart in OCI"
        raise RuntimeError(message)

    def write() -> None:
        written = writer.write(cart, version=dialect.version)
        if written.markup is None:
            raise RuntimeError([sentence(one) for one in written.faults])
        payload = codec.write(written.markup, Envelope(message_id=""), dialect)
        if codec.check(payload, "Cart", dialect):
            message = "the cart has findings"
            raise RuntimeError(message)

    return write


def make_cart() -> Cart:
    """Return a cart whose lines fill a dozen fields each."""
    lines = tuple(
        CartLine(
            line_id=str(number),
            item=Item(sku=f"BOLT-{number}", manufacturer="Bult AB", manufacturer_sku=f"M{number}"),
            quantity=Quantity(value=Decimal(number), unit="C62"),
            name=f"Bult M8 x {number} förzinkad",
            description=f"Bult M8 x {number}, förzinkad, DIN 933, i kartong",
            price=Price(amount=Decimal("95.50"), currency="SEK", base_quantity=Decimal(100)),
            classifications=(Classification(scheme="UNSPSC", code="31161500"),),
            lead_time_days=3,
        )
        for number in range(1, LINES + 1)
    )
    return Cart(cart_id="c1", currency="SEK", lines=lines, buyer_cookie="")


@contextmanager
def searching(workspace: Path) -> Iterator[Callable[[], object]]:
    """Lend what asks for products and gets a page with all fields of `LINES` of them."""
    make_workspace(workspace)
    prepare(workspace)
    gateway = open_gateway(workspace)
    client = Client(gateway.application())
    draw = random.Random(4711)
    last = f"NEW_ITEM-EXT_PRODUCT_ID[{LINES}]".encode()

    def search() -> None:
        asked = {
            "USERNAME": "buyer",
            "PASSWORD": SECRET,
            "HOOK_URL": "https://buyer.example/in",
            "FUNCTION": "BACKGROUND_SEARCH",
            "SEARCHSTRING": f"{draw.choice(WORDS)} {draw.choice(TRAITS)}",
            "PAGESIZE": str(LINES),
        }
        response = client.post("/oci/buyer", data=asked)
        if response.status_code != 200 or last not in response.data:
            message = f"the search was answered {response.status_code} with too few lines"
            raise RuntimeError(message)

    try:
        yield search
    finally:
        gateway.close()


def make_workspace(workspace: Path) -> None:
    """Write a workspace whose core sells `PRODUCTS` products at one price list."""
    kinds = [f"{word.title()} {trait}" for word in WORDS for trait in TRAITS]
    products = (
        (f"SKU-{n}", f"{kinds[n % len(kinds)]} {n} mm", f"{n % 900 + 1}.50")
        for n in range(PRODUCTS)
    )
    write_workspace(workspace, products, identity=("OCI", "buyer"), secret=SECRET)


def looking_up(database: Path) -> Callable[[], object]:
    """Return a call of the least handler there is: one indexed query, one line of text."""
    connection = sqlite3.connect(database, check_same_thread=False)
    connection.execute("CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT)")
    named = ((f"SKU-{number}", f"Bolt {number}") for number in range(PRODUCTS))
    connection.executemany("INSERT INTO product VALUES (?, ?)", named)
    connection.commit()
    application = flask.Flask("bare")

    @application.get("/<sku>")
    def look(sku: str) -> str:
        found = connection.execute("SELECT name FROM product WHERE sku = ?", (sku,)).fetchone()
        return str(found[0])

    client = Client(application)
    draw = random.Random(1)
    return lambda: client.get(f"/SKU-{draw.randrange(PRODUCTS)}")
