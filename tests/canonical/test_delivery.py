"""Goods arrive as soon as stock and ways allow, never sooner, and only from where they are sent."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from canonical.delivery import Arrival, DeliveryRoute, arrival, working_day_after
from canonical.stock import IncomingStock, StockLevel

D = Decimal
FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)


def level(
    warehouse: str, available: str, *coming: tuple[date, str], lead: int | None = None
) -> StockLevel:
    incoming = tuple(IncomingStock(expected_on=day, quantity=D(much)) for day, much in coming)
    return StockLevel(
        sku="P", warehouse=warehouse, available=D(available), incoming=incoming, lead_time_days=lead
    )


def route(warehouse: str, days: int = 1, leaves_on: date = FRIDAY) -> DeliveryRoute:
    return DeliveryRoute(warehouse=warehouse, leaves_on=leaves_on, days=days)


def test_without_routes_every_warehouse_serves_the_address_by_the_next_working_day() -> None:
    levels = [level("A", "3"), level("B", "2")]
    assert arrival(D(5), levels, None, FRIDAY) == Arrival(MONDAY, True, ("A", "B"))


def test_the_nearer_warehouse_delivers_and_the_farther_only_what_is_short() -> None:
    levels, routes = [level("A", "3"), level("B", "9")], [route("A", 3), route("B", 1)]
    assert arrival(D(9), levels, routes, FRIDAY) == Arrival(MONDAY, True, ("B",))
    assert arrival(D(10), levels, routes, FRIDAY) == Arrival(date(2026, 11, 25), True, ("B", "A"))


def test_a_warehouse_that_does_not_serve_the_address_delivers_nothing() -> None:
    levels = [level("A", "99", lead=1), level("B", "0", lead=4)]
    assert arrival(D(1), levels, [route("B")], FRIDAY) == Arrival(date(2026, 11, 26))
    assert arrival(D(1), levels, [], FRIDAY, 2) == Arrival(None, served=False)


def test_what_comes_in_is_sent_on_when_it_is_there_and_the_van_leaves() -> None:
    levels = [level("A", "1", (MONDAY, "4"), (TUESDAY, "9"))]
    assert arrival(D(5), levels, [route("A")], FRIDAY) == Arrival(TUESDAY, False, ("A",))
    late = [route("A", 2, TUESDAY)]
    assert arrival(D(5), levels, late, FRIDAY).day == date(2026, 11, 26)


def test_what_is_to_be_bought_comes_after_the_lead_time_or_nobody_knows_when() -> None:
    assert arrival(D(5), [level("A", "1", lead=2)], None, FRIDAY, 9) == Arrival(TUESDAY)
    assert arrival(D(5), [], None, FRIDAY, 2) == Arrival(TUESDAY)
    assert arrival(D(5), [level("A", "1")], None, FRIDAY) == Arrival(None)
    assert arrival(D(5), [level("A", "1", lead=1)], [route("A", 4)], FRIDAY).day == date(
        2026, 11, 26
    )


def test_weekends_are_no_working_days() -> None:
    assert [working_day_after(FRIDAY, days) for days in range(3)] == [FRIDAY, MONDAY, TUESDAY]
    assert working_day_after(date(2026, 11, 21), 1) == MONDAY


amounts = st.integers(0, 50).map(D)
days = st.integers(0, 20).map(lambda ahead: FRIDAY + timedelta(days=ahead))
levels_of = st.lists(
    st.builds(
        lambda name, available, coming, lead: level(name, str(available), *coming, lead=lead),
        st.sampled_from("ABC"),
        amounts,
        st.lists(st.tuples(days, amounts.map(str)), max_size=3),
        st.none() | st.integers(0, 9),
    ),
    max_size=3,
    unique_by=lambda one: one.warehouse,
)
routes_of = st.none() | st.lists(
    st.builds(route, st.sampled_from("ABC"), st.integers(0, 5), days),
    max_size=3,
    unique_by=lambda one: one.warehouse,
)


def there_by(levels: list[StockLevel], routes: list[DeliveryRoute] | None, day: date) -> Decimal:
    """Return, by the plain definition, how much can be at the address on a day."""
    ways = {one.warehouse: one for one in routes or ()}
    total = D(0)
    for one in levels:
        way = ways.get(one.warehouse) if routes is not None else route(one.warehouse)
        if way is None:
            continue
        lots = [(way.leaves_on, one.available)]
        lots += [(max(lot.expected_on, way.leaves_on), lot.quantity) for lot in one.incoming]
        total += sum(much for left, much in lots if working_day_after(left, way.days) <= day)
    return total


@given(st.integers(1, 120).map(D), levels_of, routes_of)
def test_the_day_is_the_first_on_which_the_whole_quantity_can_be_there(
    needed: Decimal, levels: list[StockLevel], routes: list[DeliveryRoute] | None
) -> None:
    found = arrival(needed, levels, routes, FRIDAY, None)
    if not found.warehouses:
        assert there_by(levels, routes, date.max) < needed
        return
    assert found.day is not None
    assert there_by(levels, routes, found.day) >= needed
    assert there_by(levels, routes, found.day - timedelta(days=1)) < needed


@given(st.integers(1, 60).map(D), levels_of, routes_of, st.none() | st.integers(0, 9))
def test_more_never_arrives_sooner(
    needed: Decimal, levels: list[StockLevel], routes: list[DeliveryRoute] | None, lead: int | None
) -> None:
    less = arrival(needed, levels, routes, FRIDAY, lead)
    more = arrival(needed + 1, levels, routes, FRIDAY, lead)
    if less.warehouses and more.warehouses and less.day and more.day:
        assert less.day <= more.day
    assert not (more.in_stock and not less.in_stock)
