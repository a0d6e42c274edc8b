"""Say when ordered lines can be delivered, and from where: pure, over rows of stock.

    enough free in the warehouses          accepted, a way later
    enough with what is on its way         backordered, a way after it comes
    neither                                backordered, after the lead time; no date without one
    product or unit not known              rejected

How long a way takes, `canonical.delivery` says of each warehouse; without routes, a working day.
Free is what lies there less what other orders hold. A line holds what it needs in the warehouse
that has most of it, then the next; what is short is held where supply is expected first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from canonical.delivery import Arrival, DeliveryRoute, arrival
from canonical.order import LineStatus, OrderLine, OrderResponseLine
from canonical.price import Price
from canonical.product import Product
from canonical.rules.units import exact_decimal, product_units
from canonical.stock import IncomingStock, StockLevel


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
    """Hold what lines are confirmed from, by article number; `routes` lead to the address."""

    products: Mapping[str, Product]
    prices: Mapping[str, Price]
    shelves: Mapping[str, Sequence[Shelf]]
    today: date
    routes: Sequence[DeliveryRoute] | None = None


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
    levels = _deliverable(shelves)
    found = arrival(needed, levels, supply.routes, supply.today, product.lead_time_days)
    short = not found.in_stock
    answer = OrderResponseLine(
        line_id=line.line_id,
        status=LineStatus.BACKORDERED if short else LineStatus.ACCEPTED,
        quantity=line.quantity,
        item=line.item,
        price=line.price or supply.prices.get(line.line_id),
        delivery=found.day,
        reason=_waiting(found) if short else None,
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


def _waiting(found: Arrival) -> str:
    if not found.served:
        return "no warehouse delivers to this address, no date yet"
    return f"not in stock, expected {found.day}" if found.day else "not in stock, no date yet"


def _deliverable(shelves: Sequence[Shelf]) -> tuple[StockLevel, ...]:
    """Return what is left of shelves for this order: what others wait for is theirs first.

    It is taken from what lies free elsewhere, then from what comes first.
    """
    short = sum((max(-shelf.free, Decimal(0)) for shelf in shelves), start=Decimal(0))
    free: dict[str, Decimal] = {}
    for shelf in shelves:
        there = max(shelf.free, Decimal(0))
        free[shelf.warehouse] = there - min(short, there)
        short -= min(short, there)
    coming: dict[str, list[IncomingStock]] = {shelf.warehouse: [] for shelf in shelves}
    lots = ((lot, shelf.warehouse) for shelf in shelves for lot in shelf.incoming)
    for lot, warehouse in sorted(lots, key=lambda one: one[0].expected_on):
        coming[warehouse] += unpromised((lot,), short)
        short -= min(short, lot.quantity)
    return tuple(
        StockLevel(
            sku=shelf.sku,
            warehouse=shelf.warehouse,
            available=free[shelf.warehouse],
            incoming=tuple(coming[shelf.warehouse]),
            lead_time_days=shelf.lead_time_days,
        )
        for shelf in shelves
    )


def unpromised(incoming: Iterable[IncomingStock], short: Decimal) -> Iterator[IncomingStock]:
    """Yield what is left of supply, the first to come first, when `short` of it is promised."""
    for lot in incoming:
        taken = min(short, lot.quantity)
        short -= taken
        if taken < lot.quantity:
            yield replace(lot, quantity=lot.quantity - taken)


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
