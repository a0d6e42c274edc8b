"""Say when a quantity arrives at an address: from which warehouses, with what is there and coming.

Pure: the core says how each warehouse serves the address as of now (`DeliveryRoute`), and the day
follows from that and the stock. Saturdays and Sundays are no working days; public holidays are not
known here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from canonical.document import Document
from canonical.stock import StockLevel

SATURDAY: Final = 5
USUAL_DAYS: Final = 1
"""Working days from any warehouse to anywhere, where the core says nothing of routes."""


class DeliveryRoute(Document):
    """Say how a warehouse serves an address: what is ordered now leaves on `leaves_on`.

    It arrives `days` working days later.
    """

    warehouse: str
    leaves_on: date
    days: int = USUAL_DAYS


@dataclass(frozen=True, slots=True)
class Arrival:
    """Say when a quantity is there in full; `in_stock` when nothing has to come in first.

    No day means that nobody can say. `warehouses` are those that it comes from, the first to
    arrive first; none where it is yet to be bought. `served` is false for an address that no
    warehouse delivers to.
    """

    day: date | None
    in_stock: bool = False
    warehouses: tuple[str, ...] = ()
    served: bool = True


def arrival(
    needed: Decimal,
    levels: Sequence[StockLevel],
    routes: Sequence[DeliveryRoute] | None,
    today: date,
    lead_time_days: int | None = None,
) -> Arrival:
    """Return when `needed` of one product, in its own unit, is there.

    `routes` are those to the address; None means that the core knows of none and every warehouse
    serves it in `USUAL_DAYS`. What stock does not cover comes after the lead time of a warehouse
    that serves the address, or the product's.
    """
    ways = _ways(levels, routes, today)
    if routes is not None and not routes:
        return Arrival(None, served=False)
    left, warehouses = needed, dict[str, bool]()
    in_stock = True
    for day, expected, warehouse, quantity in sorted(_supplies(levels, ways)):
        left -= quantity
        warehouses[warehouse] = True
        in_stock = in_stock and not expected
        if left <= 0:
            return Arrival(day, in_stock, tuple(warehouses))
    return Arrival(_bought(levels, ways, today, lead_time_days))


def working_day_after(day: date, days: int) -> date:
    """Return the day that many working days later; Saturdays and Sundays do not count."""
    result = day
    for _ in range(days):
        result += timedelta(days=1)
        while result.weekday() >= SATURDAY:
            result += timedelta(days=1)
    return result


def _ways(
    levels: Sequence[StockLevel], routes: Sequence[DeliveryRoute] | None, today: date
) -> Mapping[str, DeliveryRoute]:
    if routes is None:
        return {
            one.warehouse: DeliveryRoute(warehouse=one.warehouse, leaves_on=today) for one in levels
        }
    return {route.warehouse: route for route in routes}


def _supplies(
    levels: Sequence[StockLevel], ways: Mapping[str, DeliveryRoute]
) -> Iterator[tuple[date, bool, str, Decimal]]:
    """Yield what can arrive: the day, whether it must come in first, from where and how much."""
    for level in levels:
        way = ways.get(level.warehouse)
        if way is None:
            continue
        if level.available > 0:
            day = working_day_after(way.leaves_on, way.days)
            yield day, False, level.warehouse, level.available
        for lot in (lot for lot in level.incoming if lot.quantity > 0):
            day = working_day_after(max(lot.expected_on, way.leaves_on), way.days)
            yield day, True, level.warehouse, lot.quantity


def _bought(
    levels: Sequence[StockLevel],
    ways: Mapping[str, DeliveryRoute],
    today: date,
    lead_time_days: int | None,
) -> date | None:
    """Return when what has to be bought first arrives: never sooner than the way itself takes."""
    waits = [
        one.lead_time_days
        for one in levels
        if one.warehouse in ways and one.lead_time_days is not None
    ]
    wait = min(waits, default=lead_time_days)
    if wait is None:
        return None
    way = min((working_day_after(one.leaves_on, one.days) for one in ways.values()), default=today)
    bought = working_day_after(today, wait)
    return max(bought, way) if wait else bought
