"""Say when ordered lines can be delivered, and from where: pure, over rows of stock.

    enough free in the warehouses          accepted, the next working day
    enough with what is on its way         backordered, the working day after it comes
    neither                                backordered, after the lead time; no date without one
    product or unit not known              rejected

Free is what lies there less what other orders hold. A line holds what it needs in the warehouse
that has most of it, then the next; what is short is held where supply is expected first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from canonical.order import LineStatus, OrderLine, OrderResponseLine
from canonical.price import Price
from canonical.product import Product
from canonical.rules.units import exact_decimal, product_units
from canonical.stock import IncomingStock

SATURDAY: Final = 5
DISPATCH_DAYS: Final = 1


@dataclass(slots=True)
class Shelf:
    """Hold what one warehouse has of a product; `reserved` grows while lines are confirmed."""

    sku: str
    warehouse: str
    on_hand: Decimal
    reserved: Decimal
    incoming: tuple[IncomingStock, ...] = ()
    lead_time_days: int | None = None

    @property
    def free(self) -> Decimal:
        """Return what no order holds yet; negative when orders wait for supply."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class Reservation:
    """Hold a quantity in a warehouse for the line at `position`."""

    position: int
    sku: str
    warehouse: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Supply:
    """Hold what lines are confirmed from, by article number."""

    products: Mapping[str, Product]
    prices: Mapping[str, Price]
    shelves: Mapping[str, Sequence[Shelf]]
    today: date


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Hold the answer to one line and what it holds."""

    answer: OrderResponseLine
    reservations: tuple[Reservation, ...] = ()


def confirm(lines: Sequence[OrderLine], supply: Supply) -> list[Confirmed]:
    """Return the answer to each line; earlier lines take from the stock of later ones."""
    return [_line(position, line, supply) for position, line in enumerate(lines)]


def _line(position: int, line: OrderLine, supply: Supply) -> Confirmed:
    sku = line.item.sku or ""
    product = supply.products.get(sku)
    if product is None:
        return Confirmed(_rejected(line, f"article {sku or '(no number)'} is not known here"))
    factor = product_units(product, line.quantity.unit)
    needed = exact_decimal(Fraction(line.quantity.value) * factor) if factor else None
    if needed is None or needed <= 0:
        unit = line.quantity.unit
        return Confirmed(_rejected(line, f"{sku} is sold in {product.unit}, not in {unit}"))
    shelves = supply.shelves.get(sku, ())
    day, short = _delivery(needed, product, shelves, supply.today)
    answer = OrderResponseLine(
        line_id=line.line_id,
        status=LineStatus.BACKORDERED if short else LineStatus.ACCEPTED,
        quantity=line.quantity,
        item=line.item,
        price=line.price or supply.prices.get(line.line_id),
        delivery=day,
        reason=_waiting(day) if short else None,
    )
    return Confirmed(answer, tuple(_reserve(position, needed, shelves)))


def _rejected(line: OrderLine, reason: str) -> OrderResponseLine:
    return OrderResponseLine(
        line_id=line.line_id,
        status=LineStatus.REJECTED,
        quantity=line.quantity,
        item=line.item,
        price=line.price,
        reason=reason,
    )


def _waiting(day: date | None) -> str:
    return f"not in stock, expected {day.isoformat()}" if day else "not in stock, no date yet"


def _delivery(
    needed: Decimal, product: Product, shelves: Sequence[Shelf], today: date
) -> tuple[date | None, bool]:
    free = sum((shelf.free for shelf in shelves), start=Decimal(0))
    if free >= needed:
        return working_day_after(today, DISPATCH_DAYS), False
    for supply in sorted(_incoming(shelves), key=lambda one: one.expected_on):
        free += supply.quantity
        if free >= needed:
            return working_day_after(max(supply.expected_on, today), DISPATCH_DAYS), True
    days = [shelf.lead_time_days for shelf in shelves if shelf.lead_time_days is not None]
    wait = min(days, default=product.lead_time_days)
    return (None if wait is None else working_day_after(today, wait)), True


def _incoming(shelves: Sequence[Shelf]) -> Iterator[IncomingStock]:
    for shelf in shelves:
        yield from shelf.incoming


def _reserve(position: int, needed: Decimal, shelves: Sequence[Shelf]) -> Iterator[Reservation]:
    left = needed
    held: dict[str, Decimal] = {}
    for shelf in sorted(shelves, key=lambda one: (-one.free, one.warehouse)):
        part = min(left, max(shelf.free, Decimal(0)))
        if part > 0:
            held[shelf.warehouse] = part
            left -= part
    if left > 0 and shelves:
        first = min(shelves, key=_first_supply).warehouse
        held[first] = held.get(first, Decimal(0)) + left
    for shelf in shelves:
        quantity = held.get(shelf.warehouse)
        if quantity is not None:
            shelf.reserved += quantity
            yield Reservation(position, shelf.sku, shelf.warehouse, quantity)


def _first_supply(shelf: Shelf) -> tuple[date, str]:
    days = (one.expected_on for one in shelf.incoming)
    return min(days, default=date.max), shelf.warehouse


def working_day_after(day: date, days: int) -> date:
    """Return the day that many working days later; Saturdays and Sundays do not count."""
    result = day
    for _ in range(days):
        result += timedelta(days=1)
        while result.weekday() >= SATURDAY:
            result += timedelta(days=1)
    return result
