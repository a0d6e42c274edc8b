"""Orders are taken once, stock is promised once, and readers of changes miss nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.order import Item, LineStatus, Order, OrderChange, OrderLine
from canonical.price import Price
from gateway.connectors.contract import OrderState, Page, SubmissionState
from gateway.connectors.embedded import EmbeddedCore, load_folder
from gateway.errors import CoreRefusedError, CoreUnreachableError
from gateway.store.database import Database, open_database
from tests.patience import STALLED

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATA = {
    "products.csv": "sku,name,unit,lead_time_days,packages\nA,Pen,EA,4,BX=10\nB,Pad,EA,,\n",
    "price_lists.csv": "price_list,currency,standard\nstd,SEK,yes\n",
    "prices.csv": "price_list,sku,amount,breaks\nstd,A,10.00,10=9\nstd,B,5,\n",
    "stock.csv": "sku,warehouse,on_hand\nA,Malmö,5\nA,Oslo,3\nB,Malmö,1000\n",
    "customers.json": '[{"customer_id":"1","name":"Buyer","currency":"SEK",'
    '"identifiers":[{"scheme":"DUNS","value":"9"}]}]',
}


@pytest.fixture
def core(database: Database, tmp_path: Path) -> EmbeddedCore:
    for name, text in DATA.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load_folder(database, tmp_path)
    return EmbeddedCore(database, lambda: MONDAY)


def order(*quantities: str, sku: str = "A", order_id: str = "PO") -> Order:
    lines = tuple(
        OrderLine(
            line_id=str(number),
            quantity=Quantity(value=Decimal(value), unit="EA"),
            item=Item(sku=sku),
        )
        for number, value in enumerate(quantities, 1)
    )
    return Order(order_id=order_id, issued_at=MONDAY, currency="SEK", lines=lines)


def change(*quantities: str) -> OrderChange:
    new = order(*quantities)
    return OrderChange(
        order_id=new.order_id, issued_at=new.issued_at, currency="SEK", lines=new.lines
    )


def free(core: EmbeddedCore, sku: str = "A") -> list[Decimal]:
    return [level.available for level in core.stock_of([sku])]


def statuses(state: OrderState | None) -> list[LineStatus]:
    return [] if state is None else [line.status for line in state.lines]


def test_an_order_takes_from_the_fullest_warehouse_and_then_the_next(core: EmbeddedCore) -> None:
    submission = core.submit("r", "1", order("6"))
    assert submission.state is SubmissionState.CREATED
    assert submission.order is not None
    assert submission.order.state == "confirmed"
    assert statuses(submission.order) == [LineStatus.ACCEPTED]
    assert free(core) == [0, 2]


def test_two_lines_of_one_article_share_its_stock(core: EmbeddedCore) -> None:
    state = core.submit("r", "1", order("6", "6")).order
    assert statuses(state) == [LineStatus.ACCEPTED, LineStatus.BACKORDERED]


def test_a_change_gives_back_what_the_order_held(core: EmbeddedCore) -> None:
    core.submit("r", "1", order("8"))
    assert free(core) == [0, 0]
    core.submit("r", "1", change("1"))
    assert sorted(free(core)) == [3, 4]
    core.cancel("r", "no longer")
    assert free(core) == [5, 3]


def test_the_stock_feed_tells_of_reservations(core: EmbeddedCore) -> None:
    before = core.stock().next
    core.submit("r", "1", order("6"))
    after = core.stock(before)
    assert {(one.warehouse, one.available) for one in after.items} == {("Malmö", 0), ("Oslo", 2)}


def test_a_repetition_holds_nothing_twice(core: EmbeddedCore) -> None:
    for _ in range(3):
        core.submit("r", "1", order("2"))
    assert sum(free(core)) == 6


def test_a_cancelled_order_cannot_be_changed(core: EmbeddedCore) -> None:
    core.submit("r", "1", order("1"))
    core.cancel("r", "no longer")
    assert core.submit("r", "1", change("2")).state is SubmissionState.CONFLICT
    assert free(core) == [5, 3]


def test_the_same_body_for_another_customer_is_another_order(core: EmbeddedCore) -> None:
    core.submit("r", "1", order("1"))
    assert core.submit("r", "2", order("1")).state is SubmissionState.CONFLICT


def test_numbers_have_no_gaps_whatever_was_refused(core: EmbeddedCore) -> None:
    core.submit("a", "1", order("1"))
    with pytest.raises(CoreRefusedError, match="no customer"):
        core.submit("b", "gone", order("1"))
    core.submit("a", "1", order("1"))
    core.submit("c", "1", order("1"))
    assert [state.order_number for state in core.orders().items] == ["SO000001", "SO000002"]


def test_a_line_without_price_is_confirmed_at_the_contract_price(core: EmbeddedCore) -> None:
    lines = order("1", "12").lines
    own = replace(lines[0], line_id="3", price=Price(amount=Decimal("9.99"), currency="SEK"))
    state = core.submit("r", "1", replace(order(), lines=(*lines, own))).order
    assert state is not None
    amounts = [line.price.amount for line in state.lines if line.price]
    assert amounts == [Decimal("10.00"), 9, Decimal("9.99")]


def test_what_the_core_does_not_sell_is_rejected_line_by_line(core: EmbeddedCore) -> None:
    lines = (*order("1").lines, replace(order("1", sku="Z").lines[0], line_id="2"))
    state = core.submit("r", "1", replace(order(), lines=lines)).order
    assert statuses(state) == [LineStatus.ACCEPTED, LineStatus.REJECTED]


def test_an_order_without_dates_stays_open(core: EmbeddedCore) -> None:
    state = core.submit("r", "1", order("1001", sku="B")).order
    assert state is not None
    assert (state.state, state.confirmed_on) == ("open", None)
    assert core.submit("s", "1", replace(order(), lines=())).order is not None


@pytest.mark.parametrize("reference", ["", "x" * 256, "a\x00b"])
def test_a_reference_that_no_core_can_keep_is_refused(core: EmbeddedCore, reference: str) -> None:
    with pytest.raises(CoreRefusedError) as caught:
        core.submit(reference, "1", order("1"))
    assert caught.value.code == "reference-invalid"
    assert core.order(reference) is None


@pytest.mark.parametrize("cursor", ["", "x", "a.b.c", "....", "0.products.-1", "é.products.9"])
def test_a_cursor_of_another_core_is_refused(core: EmbeddedCore, cursor: str) -> None:
    with pytest.raises(CoreRefusedError) as caught:
        core.products(cursor)
    assert caught.value.code == "cursor-unknown"
    own = core.products().next
    with pytest.raises(CoreRefusedError):
        core.stock(own)
    with pytest.raises(CoreRefusedError):
        core.products(own + "9" * 19)


def test_identifiers_ignore_the_case_of_their_scheme(core: EmbeddedCore) -> None:
    found = core.customer_by_identifier(Identifier(value="9", scheme="duns"))
    assert found is not None
    assert found.customer_id == "1"
    assert core.customer_by_identifier(Identifier(value="9", scheme="GLN")) is None


def test_text_that_a_database_cannot_hold_is_simply_not_there(core: EmbeddedCore) -> None:
    assert core.customer("a\x00") is None
    assert core.customer_by_identifier(Identifier(value="\x00", scheme="DUNS")) is None
    assert core.stock_of(["\x00"]) == ()


def test_many_orders_at_once_never_promise_more_than_there_is(core: EmbeddedCore) -> None:
    def buy(number: int) -> list[LineStatus]:
        return statuses(core.submit(f"r{number}", "1", order("1")).order)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(buy, range(16)))
    assert results.count([LineStatus.ACCEPTED]) == 8
    numbers = sorted(state.order_number for state in core.orders().items)
    assert numbers == [f"SO{number:06d}" for number in range(1, 17)]


def test_a_reader_of_changes_misses_no_order_of_concurrent_writers(core: EmbeddedCore) -> None:
    done = threading.Event()
    seen: list[str] = []

    def follow() -> None:
        cursor = None
        while True:
            last = done.is_set()
            page: Page[OrderState] = core.orders(cursor, 3)
            seen.extend(state.external_reference for state in page.items)
            cursor = page.next
            if last and not page.more:
                return

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: core.submit(f"r{n}", "1", order("1", sku="B")), range(60)))
    done.set()
    reader.join(STALLED)
    assert sorted(seen) == sorted(f"r{number}" for number in range(60))


def test_a_database_that_is_gone_is_an_unreachable_core(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    core = EmbeddedCore(opened, lambda: MONDAY)
    with pytest.raises(CoreUnreachableError, match="does not answer"):
        core.customer("1")
    with pytest.raises(CoreUnreachableError):
        core.submit("r", "1", order("1"))
    opened.close()
