"""Sum an order up: which lines are billed, and whether its total is the sum of them.

The price of a whole of parts may stand on the whole or on each part, and systems send it on both.
Billed is one of them: where the line says which (cXML compositeItemType), that one; where it does
not, the one that the order's total is the sum of. A line whose other side has no price is always
billed, whatever it says: an order is not to come for nothing either.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from canonical.amounts import Money, rounded
from canonical.order import Order, OrderLine, PriceLevel
from canonical.price import line_amount, total_of

_READINGS: Final = (None, PriceLevel.GROUP, PriceLevel.ITEM)
"""What wholes that do not say where their price stands may mean; the first says each line."""


def countable(line: OrderLine) -> bool:
    """Tell whether a line comes to an amount."""
    return line.price is not None and line.price.base_quantity > 0


def priced_by(order: Order, tolerance: Decimal) -> Mapping[int, int]:
    """Return, by their index, the lines that are not billed, each with the line that is instead."""
    lines = order.lines
    parents = _parents(lines)
    if not parents:
        return {}
    said = [line.price_level for line in lines]
    found = _elsewhere(lines, parents, said)
    if None not in {said[whole] for whole in parents.values()} or order.total is None:
        return found
    if not all(map(countable, lines)) or order.total.currency != order.currency:
        return found
    for reading in _READINGS:
        guessed = _elsewhere(lines, parents, [level or reading for level in said])
        if adds_up(order, _billed(lines, guessed), order.total, tolerance):
            return guessed
    return found


def billed(order: Order, tolerance: Decimal) -> tuple[OrderLine, ...]:
    """Return the lines that come to an amount and are billed."""
    elsewhere = priced_by(order, tolerance)
    return tuple(line for line in _billed(order.lines, elsewhere) if countable(line))


def adds_up(order: Order, lines: Sequence[OrderLine], total: Money, tolerance: Decimal) -> bool:
    """Tell whether `total` is what `lines` come to, with or without tax and shipping."""
    return any(
        abs(total.amount - amount - extra) <= tolerance
        for amount in (total_of(lines), _rounded_total(lines))
        for extra in _extras(order)
    )


def for_nothing(line: OrderLine) -> OrderLine:
    """Return a line that is billed elsewhere."""
    return (
        line if line.price is None else replace(line, price=replace(line.price, amount=Decimal(0)))
    )


def _billed(lines: Sequence[OrderLine], elsewhere: Mapping[int, int]) -> tuple[OrderLine, ...]:
    return tuple(line for index, line in enumerate(lines) if index not in elsewhere)


def _parents(lines: Sequence[OrderLine]) -> Mapping[int, int]:
    """Return the whole of each part; of lines that are parts of each other, none."""
    at = {line.line_id: index for index, line in enumerate(lines)}
    named = {
        index: at[line.parent_line]
        for index, line in enumerate(lines)
        if line.parent_line in at and line.parent_line != line.line_id
    }
    rooted = set(range(len(lines))) - named.keys()
    for index in named:
        way = _upwards(index, named, rooted)
        if way[-1] in rooted:
            rooted.update(way)
    return {part: whole for part, whole in named.items() if part in rooted}


def _upwards(index: int, parents: Mapping[int, int], known: Iterable[int]) -> list[int]:
    """Return `index` and what it is a part of, up to what is known or was met before."""
    way, met = [index], {index}
    while way[-1] not in known and (up := parents.get(way[-1])) is not None and up not in met:
        way.append(up)
        met.add(up)
    return way


def _elsewhere(
    lines: Sequence[OrderLine], parents: Mapping[int, int], levels: Sequence[PriceLevel | None]
) -> Mapping[int, int]:
    """Return which line has the price of each that has one too many."""
    found = _in_wholes(lines, parents, levels)
    below: dict[int, int] = {}
    for index, line in enumerate(lines):
        if _asks(line) and index not in found:
            for whole in _upwards(index, parents, below)[1:]:
                below.setdefault(whole, index)
    found.update(
        (whole, part)
        for whole, part in below.items()
        if levels[whole] is PriceLevel.ITEM and _asks(lines[whole]) and whole not in found
    )
    return found


def _in_wholes(
    lines: Sequence[OrderLine], parents: Mapping[int, int], levels: Sequence[PriceLevel | None]
) -> dict[int, int]:
    """Return the parts with a price that stands on a whole above them too."""
    carriers: dict[int, int | None] = dict.fromkeys(set(range(len(lines))) - parents.keys())
    for index in parents:
        *parts, _ = _upwards(index, parents, carriers)
        for part in reversed(parts):
            whole = parents[part]
            priced = levels[whole] is PriceLevel.GROUP and _asks(lines[whole])
            above = carriers[whole]
            carriers[part] = whole if priced and above is None else above
    return {
        part: whole for part, whole in carriers.items() if whole is not None and _asks(lines[part])
    }


def _asks(line: OrderLine) -> bool:
    return line.price is not None and line.price.amount != 0


def _rounded_total(lines: Iterable[OrderLine]) -> Decimal:
    return sum(
        (
            rounded(line_amount(line.price, line.quantity.value), 2)
            for line in lines
            if line.price is not None
        ),
        start=Decimal(0),
    )


def _extras(order: Order) -> tuple[Decimal, ...]:
    shipping = order.shipping.amount if order.shipping else Decimal(0)
    tax = order.tax.amount if order.tax else Decimal(0)
    return Decimal(0), shipping, tax, shipping + tax
