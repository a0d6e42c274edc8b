"""Take carts home and answer background searches by OCI, as a buyer's system has it done.

Over HTTP on loopback through the real web process, one request after the other, in turn with the
rival: a bare Flask handler with one indexed query, on the same server software, in the same run. A
search asks for 100 lines of a catalogue of BENCH_PRODUCTS products (100,000), with login, prices,
archive and page. A cart of 100 lines is brought home by a browser's two requests: the button, which
asks the core, checks and records, and the page with the form. What mapping, writing and checking
alone cost is measured in this process. BENCH_FOLDER=path keeps the workspace for the next time.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

import httpx

from bench.harness import Row
from bench.load import free_port, wait_for
from bench.looking import make_database
from bench.workspaces import write_workspace
from canonical.amounts import Quantity
from canonical.faults import sentence
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart, CartLine
from canonical.wire import Envelope
from gateway.app import prepare
from gateway.cli.processes import Processes, command, wait_until_listening
from gateway.partners.library import shipped_library
from protocols.oci.codec import OciCodec
from protocols.oci.dialect import OciDialect

LINES = 100
PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "100000"))
ROUNDS = 100
WARM = 10
PORT = 18_747
"""Where the gateway listens: a kept workspace has its address in its settings."""
SECRET = "not-a-secret"
RIVAL = "bare Flask handler, one indexed query"
WORDS = ["hammer", "saw", "drill", "screw", "bolt", "nut", "washer", "glove", "helmet", "pump"]
TRAITS = ["steel", "brass", "black", "white"]
LOGIN = {"USERNAME": "buyer", "PASSWORD": SECRET, "HOOK_URL": "https://buyer.example/in"}

Work = Callable[[], float]
"""Do something once and return the seconds that the measured part took."""


def rows() -> Iterator[Row]:
    """Yield rate, p50 and p99 of each beside those of the rival, in alternating requests."""
    with _folder() as folder, looking(folder) as rival:
        yield from _compared(
            f"OCI cart of {LINES} lines, mapped, written, checked", writing(), rival
        )
        with serving(folder / "workspace") as browser:
            name = f"OCI cart of {LINES} lines taken home over HTTP"
            yield from _compared(name, taking_home(browser), rival)
            name = f"background search of {LINES} lines in {PRODUCTS:,} products over HTTP"
            yield from _compared(name, searching(browser), rival)


@contextmanager
def _folder() -> Iterator[Path]:
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        folder = Path(kept) / f"{PRODUCTS}-products"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as passing:
        yield Path(passing)


def _compared(name: str, ours: Work, rival: Work) -> Iterator[Row]:
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + WARM):
        for work, milliseconds in zip((ours, rival), spent, strict=True):
            took = work()
            if number >= WARM:
                milliseconds.append(took * 1000)
    rates = [1000 * len(each) / sum(each) for each in spent]
    yield Row(name, rates[0], rates[1], RIVAL, "a second")
    for percent in (50, 99):
        cut = [quantiles(each, n=100)[percent - 1] for each in spent]
        yield Row(f"{name}, p{percent}", cut[0], cut[1], RIVAL, "ms, less is better")


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def writing() -> Work:
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

    return lambda: timed(write)


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
def serving(workspace: Path) -> Iterator[httpx.Client]:
    """Run the web process of a workspace and lend a client of it."""
    if not (workspace / "gateway.toml").exists():
        make_workspace(workspace)
    prepare(workspace)
    processes = Processes({"web": command("web")}, workspace, {})
    processes.start()
    try:
        wait_until_listening(PORT, 60)
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}") as client:
            yield client
    finally:
        processes.stop()


def searching(client: httpx.Client) -> Work:
    """Return what asks for products and gets a page with all fields of `LINES` of them."""
    draw = random.Random(4711)
    last = f'name="NEW_ITEM-EXT_PRODUCT_ID[{LINES}]"'.encode()

    def search() -> None:
        words = f"{draw.choice(WORDS)} {draw.choice(TRAITS)}"
        asked = {"FUNCTION": "BACKGROUND_SEARCH", "SEARCHSTRING": words, "PAGESIZE": str(LINES)}
        _expect(client.post("/oci/buyer", data={**LOGIN, **asked}), 200, last)

    return lambda: timed(search)


def taking_home(client: httpx.Client) -> Work:
    """Return what fills a cart, unmeasured, and takes it home, measured."""
    draw = random.Random(4711)
    last = f'name="NEW_ITEM-EXT_PRODUCT_ID[{LINES}]"'.encode()

    def take() -> float:
        started = _expect(client.post("/oci/buyer", data=LOGIN), 303).headers["location"]
        shop = _expect(client.get(started), 303).headers["location"]
        path = re.sub(r"(/s/[^/]+/).*", r"\1", shop)
        skus = draw.sample(range(PRODUCTS), LINES)
        listed = "\n".join(f"SKU-{number};{number % 9 + 1}" for number in skus)
        _expect(client.post(f"{path}quick", data={"list": listed}), 303)

        def home() -> None:
            sent = _expect(client.post(f"{path}transfer"), 303)
            _expect(client.get(sent.headers["location"]), 200, last)

        return timed(home)

    return take


def _expect(response: httpx.Response, status: int, part: bytes = b"") -> httpx.Response:
    if response.status_code != status or part not in response.content:
        message = f"{response.url.path} answered {response.status_code}: {response.text[:300]}"
        raise RuntimeError(message)
    return response


def make_workspace(workspace: Path) -> None:
    """Write a workspace whose core sells `PRODUCTS` products at one price list."""
    kinds = [f"{word.title()} {trait}" for word in WORDS for trait in TRAITS]
    products = (
        (f"SKU-{n}", f"{kinds[n % len(kinds)]} {n} mm", f"{n % 900 + 1}.50")
        for n in range(PRODUCTS)
    )
    write_workspace(workspace, products, identity=("OCI", "buyer"), secret=SECRET, port=PORT)


@contextmanager
def looking(folder: Path) -> Iterator[Work]:
    """Run the rival and lend a request to it."""
    database, port = folder / "bare.sqlite", free_port()
    if not database.exists():
        make_database(database, PRODUCTS)
    words = [sys.executable, "-m", "bench.looking", str(port), str(database)]
    server = subprocess.Popen(words)
    draw = random.Random(1)
    try:
        wait_for(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield lambda: timed(
                lambda: _expect(client.get(f"/SKU-{draw.randrange(PRODUCTS)}"), 200)
            )
    finally:
        server.terminate()
        server.wait()
