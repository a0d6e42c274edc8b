"""A line is promised what is there, then what is coming, and never what another line took."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.delivery import working_day_after
from canonical.order import Item, LineStatus, OrderLine
from canonical.product import Package, Product
from canonical.stock import IncomingStock
from gateway.connectors.embedded.confirming import (
    Confirmed,
    Shelf,
    Supply,
    confirm,
)

D = Decimal
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
LATER = date(2026, 12, 11)
PRODUCT = Product(
    sku="P", name="x", unit="EA", lead_time_days=3, packages=(Package(unit="BX", content=D(4)),)
)


def line(value: str, unit: str = "EA", sku: str | None = "P") -> OrderLine:
    return OrderLine(line_id="1", quantity=Quantity(value=D(value), unit=unit), item=Item(sku=sku))


def shelf(name: str, on_hand: str, reserved: str = "0", coming: str | None = None) -> Shelf:
    incoming = () if coming is None else (IncomingStock(expected_on=LATER, quantity=D(coming)),)
    return Shelf("P", name, D(on_hand), D(reserved), incoming)


def confirmed(lines: list[OrderLine], *shelves: Shelf) -> list[Confirmed]:
    supply = Supply(products={"P": PRODUCT}, prices={}, shelves={"P": shelves}, today=FRIDAY)
    return confirm(lines, supply)


@pytest.mark.parametrize(
    ("needed", "shelves", "status", "delivery"),
    [
        ("5", [shelf("A", "5")], LineStatus.ACCEPTED, MONDAY),
        ("5", [shelf("A", "3"), shelf("B", "2")], LineStatus.ACCEPTED, MONDAY),
        ("5", [shelf("A", "9", "5", "1")], LineStatus.BACKORDERED, date(2026, 12, 14)),
        ("5", [shelf("A", "2", "9", "99")], LineStatus.BACKORDERED, date(2026, 12, 14)),
        ("5", [shelf("A", "2", "9", "11")], LineStatus.BACKORDERED, date(2026, 11, 25)),
        ("5", [], LineStatus.BACKORDERED, date(2026, 11, 25)),
    ],
)
def test_the_table_of_the_module_head_holds(
    needed: str, shelves: list[Shelf], status: LineStatus, delivery: date
) -> None:
    answer = confirmed([line(needed)], *shelves)[0].answer
    assert (answer.status, answer.delivery) == (status, delivery)
    assert (answer.reason is not None) == (status is LineStatus.BACKORDERED)


def test_no_lead_time_means_no_date() -> None:
    product = Product(sku="P", name="x", unit="EA")
    supply = Supply(products={"P": product}, prices={}, shelves={}, today=FRIDAY)
    answer = confirm([line("1")], supply)[0].answer
    assert (answer.status, answer.delivery) == (LineStatus.BACKORDERED, None)


@pytest.mark.parametrize(
    "wrong", [line("1", "KGM"), line("1", sku="Q"), line("1", sku=None), line("0")]
)
def test_what_is_not_known_is_rejected_with_its_reason(wrong: OrderLine) -> None:
    only = confirmed([wrong], shelf("A", "9"))[0]
    assert only.answer.status is LineStatus.REJECTED
    assert only.answer.reason
    assert only.reservations == ()


def test_a_package_takes_what_it_holds() -> None:
    only = confirmed([line("2", "BX")], shelf("A", "9"))[0]
    assert [one.quantity for one in only.reservations] == [8]


def test_incoming_supply_of_the_past_is_promised_from_today() -> None:
    late = Shelf(
        "P", "A", D(0), D(0), (IncomingStock(expected_on=date(2020, 1, 1), quantity=D(9)),)
    )
    assert confirmed([line("1")], late)[0].answer.delivery == MONDAY


@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), min_size=1, max_size=3),
)
def test_accepted_lines_never_take_more_than_is_free(
    wanted: list[int], stock: list[tuple[int, int]]
) -> None:
    shelves = [
        shelf(name, str(have), str(held)) for name, (have, held) in zip("ABC", stock, strict=False)
    ]
    free = sum(one.free for one in shelves)
    results = confirmed([line(str(value)) for value in wanted], *shelves)
    for value, one in zip(wanted, results, strict=True):
        assert sum(part.quantity for part in one.reservations) == value
    accepted = sum(
        value
        for value, one in zip(wanted, results, strict=True)
        if one.answer.status is LineStatus.ACCEPTED
    )
    assert accepted <= max(free, 0)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 30))
def test_a_delivery_never_falls_on_a_weekend(day: date, days: int) -> None:
    result = working_day_after(day, days)
    assert (result - day).days >= days
    assert days == 0 or result.weekday() < 5
