"""Every core keeps the contract: the same scenarios against embedded and, over HTTP, rest."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from canonical.amounts import Quantity
from canonical.delivery import DeliveryRoute
from canonical.order import Item, Order, OrderLine
from gateway.ambient import new_id
from gateway.catalogue import Catalogue, sync
from gateway.connectors.conformance import SCENARIOS, Scenario, Subject, complaints
from gateway.connectors.contract import (
    Core,
    OrderState,
    Page,
    PriceQuestion,
    Report,
    Submission,
    SubmissionState,
)
from gateway.connectors.embedded import EmbeddedCore, load_folder
from gateway.connectors.rest import RestCore, RestSettings
from gateway.errors import CoreBusyError, CoreError, CoreRefusedError
from gateway.store.database import Database, open_database
from tests.patience import STALLED

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "examples/demo/core"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVING = "serving core-api/v1 on "


@pytest.fixture
def served(database: Database, database_url: str) -> Iterator[str]:
    """Run the reference server as a process of its own on the same database."""
    load_folder(database, DEMO)
    command = [sys.executable, "-m", "examples.reference_core", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--database", database_url, "--token", "abracadabra"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        yield next(line for line in lines if line.startswith(SERVING)).removeprefix(SERVING).strip()
    finally:
        process.terminate()
        code = process.wait(STALLED)
        process.stdout.close()
    assert code == 0, "the reference server ends in order when it is told to"


@pytest.fixture(params=["embedded", "rest"])
def core(request: pytest.FixtureRequest, database: Database) -> Iterator[Core]:
    if request.param == "embedded":
        load_folder(database, DEMO)
        yield EmbeddedCore(database, lambda: MONDAY)
        return
    url = request.getfixturevalue("served")
    asked = RestCore(
        RestSettings(
            base_url=url,
            token="abracadabra",
            connect_timeout=STALLED,
            timeout=STALLED,
            max_connections=32,
        )
    )
    yield asked
    asked.close()


def subject(core: Core) -> Subject:
    return Subject(core=core, customer_id="10001", now=MONDAY, new_id=new_id)


def test_every_scenario_of_the_contract_is_kept(core: Core) -> None:
    found = {one.name: complaints(one, subject(core)) for one in SCENARIOS}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_deleted_product_is_reported_once_and_leaves_the_catalogue(
    core: Core, database: Database, tmp_path: Path
) -> None:
    catalogue = Catalogue(database)
    sync(core, catalogue)
    before = core.products(None, 1000).next
    assert catalogue.product("PA-10010") is not None
    for name in ("products", "prices", "net_prices", "stock", "incoming"):
        text = (DEMO / f"{name}.csv").read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if "PA-10010" not in line]
        (tmp_path / f"{name}.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for name in ("price_lists.csv", "discounts.csv", "customers.json"):
        (tmp_path / name).write_bytes((DEMO / name).read_bytes())
    load_folder(database, tmp_path)
    after = core.products(before, 1000)
    assert after.deleted == ("PA-10010",)
    assert after.items == ()
    synced = sync(core, catalogue)
    assert (synced.products, synced.products_deleted) == (0, 1)
    assert catalogue.product("PA-10010") is None
    assert catalogue.stock(["PA-10010"]) == {}
    answer = core.prices(
        "10001", [PriceQuestion(sku="PA-10010", quantity=Decimal(1))], MONDAY.date()
    )
    assert answer[0].price is None


def test_what_customers_call_products_comes_into_the_catalogue_and_leaves_it(
    core: Core, database: Database, tmp_path: Path
) -> None:
    catalogue = Catalogue(database)
    rows = (DEMO / "part_numbers.csv").read_text(encoding="utf-8").splitlines()[1:]
    customer, number, sku = rows[0].split(",")
    assert sync(core, catalogue).part_numbers == len(rows)
    assert catalogue.by_buyer_number(customer, [number.lower()]) == {number.lower(): sku}
    for path in (*DEMO.glob("*.csv"), DEMO / "customers.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    kept = "customer_id,buyer_sku,sku\n" + "\n".join(rows[1:]) + "\n"
    (tmp_path / "part_numbers.csv").write_text(kept, encoding="utf-8")
    load_folder(database, tmp_path)
    synced = sync(core, catalogue)
    assert (synced.part_numbers, synced.part_numbers_deleted) == (0, 1)
    assert catalogue.by_buyer_number(customer, [number]) == {}


def test_a_reference_may_hold_what_addresses_reserve(core: Core) -> None:
    line = OrderLine(
        line_id="1", quantity=Quantity(value=Decimal(10), unit="EA"), item=Item(sku="WR-10010")
    )
    order = Order(order_id="4711", issued_at=MONDAY, currency="SEK", lines=(line,))
    for reference in ("region:4711/2 ä?#%2F&x=1", "a:cancel", "a/../b", " spaced "):
        submission = core.submit(reference, "10001", order)
        assert submission.state is SubmissionState.CREATED
        found = core.order(reference)
        assert found is not None
        assert found.external_reference == reference
        assert found.lines[0].price is not None
        cancelled = core.cancel(reference, "why / not?")
        assert cancelled is not None
        assert cancelled.state == "cancelled"


def test_a_core_without_the_right_token_is_refused(served: str) -> None:
    stranger = RestCore(RestSettings(base_url=served, token="wrong"))
    with pytest.raises(CoreRefusedError) as caught:
        stranger.capabilities()
    stranger.close()
    assert caught.value.code == "unauthorised"
    assert "wrong" not in str(caught.value)


class Broken:
    """Be a core that breaks one promise: its answers are changed on the way out."""

    def __init__(self, core: Core, **changes: Callable[..., object]) -> None:
        self._core = core
        self._changes = changes

    def __getattr__(self, name: str) -> object:
        return self._changes.get(name) or getattr(self._core, name)


def always(answer: object) -> Callable[..., object]:
    return lambda *_, **__: answer


COUNTER = count()


def always_another(*_: object, **__: object) -> Page[OrderState]:
    return Page((), "cursor", more=False, deleted=(str(next(COUNTER)),))


def scenario(name: str) -> Scenario:
    return next(one for one in SCENARIOS if one.name == name)


def raising(error: CoreError) -> Callable[..., object]:
    def ask(*_: object, **__: object) -> object:
        raise error

    return ask


EMPTY_REPORT = Report(report_id="r", customer_id="c")
ROUTE = DeliveryRoute(warehouse="W", leaves_on=MONDAY.date())
STRANGE = OrderState(external_reference="x", order_number="1", state="open")
EMPTY: Page[OrderState] = Page((), "cursor", more=False)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("capabilities", {"capabilities": raising(CoreBusyError("later", 3))}),
        ("paging", {"products": always(Page((), "x", more=False))}),
        ("cursor-unknown", {"products": always(EMPTY)}),
        ("cursor-replay", {"products": always_another}),
        ("prices", {"prices": always(())}),
        ("prices-of-stranger", {"prices": always(())}),
        ("customer", {"customer_by_identifier": always(None)}),
        ("strangers", {"order": always(STRANGE)}),
        ("once", {"submit": always(Submission(state=SubmissionState.CREATED))}),
        ("conflict", {"submit": always(Submission(state=SubmissionState.EXISTING))}),
        ("change", {"order": always(None)}),
        ("change-of-nothing", {"submit": always(Submission(state=SubmissionState.CREATED))}),
        ("at-once", {"submit": always(Submission(state=SubmissionState.CREATED))}),
        ("decimals", {"order": always(None)}),
        ("salesperson", {"order": always(STRANGE)}),
        ("deliveries", {"deliveries": always((ROUTE, ROUTE))}),
        ("reports", {"reports": always(Page((EMPTY_REPORT,), "x", more=False))}),
        ("cancel", {"cancel": always(None)}),
        ("order-of-stranger", {"submit": always(Submission(state=SubmissionState.CREATED))}),
        ("part-numbers", {"part_numbers": always(Page((), "x", more=False, deleted=("a",)))}),
        ("stock", {"stock_of": always(())}),
        ("cursor-end", {"products": always(Page((), "x", more=False, deleted=("a",)))}),
    ],
)  # fmt: skip
def test_a_core_that_breaks_a_promise_is_found_out(
    tmp_path: Path, name: str, changes: dict[str, Callable[..., object]]
) -> None:
    from gateway.store.schema import metadata

    opened = open_database(f"sqlite:///{tmp_path / 'core.sqlite'}")
    metadata.create_all(opened.engine)
    load_folder(opened, DEMO)
    core = Broken(EmbeddedCore(opened, lambda: MONDAY), **changes)
    found = complaints(scenario(name), subject(core))  # type: ignore[arg-type]
    opened.close()
    assert found


def test_every_scenario_has_a_core_that_breaks_it() -> None:
    marks = test_a_core_that_breaks_a_promise_is_found_out.pytestmark  # type: ignore[attr-defined]
    assert {name for name, _ in marks[0].args[1]} == {one.name for one in SCENARIOS}
