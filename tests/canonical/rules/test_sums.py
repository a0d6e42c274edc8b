"""Promise: the price of a whole of parts is billed once, on the whole or on its parts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.amounts import Money, Quantity
from canonical.order import Item, Order, OrderLine, PriceLevel
from canonical.price import Price, total_of
from canonical.rules.judgement import OrderFacts
from canonical.rules.order import agreed_order, check_order
from canonical.rules.sums import billed, priced_by
from tests.builders import NOON

TOLERANCE = Decimal("0.05")
GROUP, ITEM = PriceLevel.GROUP, PriceLevel.ITEM


def make_row(
    line_id: str, price: str | None, part_of: str | None = None, level: PriceLevel | None = None
) -> OrderLine:
    return OrderLine(
        line_id=line_id,
        quantity=Quantity(value=Decimal(1), unit="EA"),
        item=Item(sku=f"P{line_id}"),
        price=None if price is None else Price(amount=Decimal(price), currency="EUR"),
        parent_line=part_of,
        price_level=level,
    )


def make_order(*lines: OrderLine, total: str | None = None) -> Order:
    money = None if total is None else Money(amount=Decimal(total), currency="EUR")
    return Order(order_id="1", issued_at=NOON, currency="EUR", lines=lines, total=money)


def kit(
    level: PriceLevel | None, whole: str = "100", parts: str = "60 40", total: str | None = None
) -> Order:
    lines = [make_row(str(n), price, "1") for n, price in enumerate(parts.split(), start=2)]
    return make_order(make_row("1", whole, level=level), *lines, total=total)


@pytest.mark.parametrize(
    ("order", "instead"),
    [
        (kit(GROUP), {1: 0, 2: 0}),
        (kit(ITEM), {0: 1}),
        (kit(None), {}),
        (kit(None, total="200"), {}),
        (kit(None, parts="60 20", total="100"), {1: 0, 2: 0}),
        (kit(None, parts="60 20", total="80"), {0: 1}),
        (kit(None, parts="60 20", total="17"), {}),
        (kit(GROUP, total="200"), {1: 0, 2: 0}),
        (kit(GROUP, whole="0"), {}),
        (kit(ITEM, whole="0"), {}),
        (kit(GROUP, parts="0 0"), {}),
        (kit(ITEM, parts="0 0"), {}),
        (kit(ITEM, parts="0 40"), {0: 2}),
    ],
)
def test_a_price_that_stands_twice_counts_once(order: Order, instead: dict[int, int]) -> None:
    assert priced_by(order, TOLERANCE) == instead


@pytest.mark.parametrize("level", [GROUP, ITEM])
def test_a_whole_without_parts_is_billed(level: PriceLevel) -> None:
    assert priced_by(make_order(make_row("1", "5", level=level)), TOLERANCE) == {}


def test_parts_of_parts_are_in_the_whole_above_all() -> None:
    order = make_order(
        make_row("3", "10", "2"), make_row("2", "50", "1", GROUP), make_row("1", "100", level=GROUP)
    )
    assert priced_by(order, TOLERANCE) == {0: 2, 1: 2}


def test_a_group_among_priced_parts_keeps_its_price() -> None:
    order = make_order(
        make_row("1", "100", level=ITEM), make_row("2", "60", "1", GROUP), make_row("3", "9", "2")
    )
    assert [line.line_id for line in billed(order, TOLERANCE)] == ["2"]


def test_lines_that_are_parts_of_each_other_are_each_billed() -> None:
    order = make_order(
        make_row("1", "5", "2", GROUP),
        make_row("2", "5", "1", ITEM),
        make_row("3", "5", "3", GROUP),
    )
    assert priced_by(order, TOLERANCE) == {}


def test_a_part_of_a_line_that_is_not_here_is_billed() -> None:
    assert priced_by(make_order(make_row("2", "5", "1")), TOLERANCE) == {}


def test_a_part_released_by_a_person_goes_to_the_core_at_no_price() -> None:
    order = kit(GROUP, total="200")
    judgement = check_order(order, OrderFacts(customer=None))
    agreed = agreed_order(order, judgement)
    assert [line.price.amount for line in agreed.lines if line.price] == [Decimal(100), 0, 0]
    assert agreed.total == Money(amount=Decimal("100.00"), currency="EUR")
    twice = [fault for fault in judgement.faults if fault.code == "ORDER-027"]
    assert [(fault.found, fault.expected) for fault in twice] == [
        ("60 EUR", "0, as line 1 has the price"),
        ("40 EUR", "0, as line 1 has the price"),
    ]


@pytest.mark.parametrize(("total", "codes"), [("100", 0), ("200", 1)])
def test_the_total_is_compared_with_what_is_billed(total: str, codes: int) -> None:
    judgement = check_order(kit(GROUP, total=total), OrderFacts(customer=None))
    assert [fault.code for fault in judgement.faults].count("ORDER-020") == codes


rows = st.lists(
    st.tuples(
        st.integers(-1, 7),
        st.sampled_from(["0", "1", "7.50"]),
        st.sampled_from([None, GROUP, ITEM]),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(rows)
def test_something_is_billed_of_every_order_that_asks_for_something(
    made: list[tuple[int, str, PriceLevel | None]],
) -> None:
    lines = [
        make_row(str(n), price, None if whole < 0 else str(whole), level)
        for n, (whole, price, level) in enumerate(made)
    ]
    order = make_order(*lines)
    instead = priced_by(order, TOLERANCE)
    assert (total_of(billed(order, TOLERANCE)) > 0) == (total_of(lines) > 0)
    assert instead.keys().isdisjoint(
        index
        for index, line in enumerate(lines)
        if line.parent_line is None and not _parts(line, lines)
    )


def _parts(line: OrderLine, lines: list[OrderLine]) -> list[OrderLine]:
    return [other for other in lines if other.parent_line == line.line_id]


def test_a_deep_chain_is_summed_up_in_one_walk() -> None:
    depth = 20_000
    lines = [
        make_row(str(n), "1", str(n - 1) if n else None, GROUP if n == 0 else None)
        for n in range(depth)
    ]
    order = make_order(*reversed(lines))
    assert set(priced_by(order, TOLERANCE).values()) == {depth - 1}


def test_a_line_without_a_price_is_no_part_of_the_sum() -> None:
    order = make_order(make_row("1", "5", level=GROUP), make_row("2", None, "1"))
    assert billed(order, TOLERANCE) == (order.lines[0],)
    bare = replace(order, lines=(replace(order.lines[0], price=None), order.lines[1]))
    assert billed(bare, TOLERANCE) == ()
