"""Put a list of numbers and quantities into a cart: each row judged, each good one in.

A number may be ours, the buyer's own, a GTIN or the manufacturer's. One that stands for several
products is asked about, with those that the customer may buy. Rows that cannot go in come back
with the reason and, where there is one, the quantity that would do; no row is dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from canonical.faults import Fault
from canonical.order import Item
from canonical.product import Product
from canonical.rules.units import exact_decimal, product_units
from gateway.catalogue.tokens import compact, numbers
from gateway.punchout.baskets import quantity_of
from gateway.punchout.faults import fault
from gateway.punchout.filling import Granted, Wish
from gateway.punchout.lists import Row
from gateway.punchout.offers import in_assortment
from gateway.punchout.packaging import fitting, in_own_unit, unit_called, units_of
from gateway.punchout.shopping import Shopping
from gateway.store.sessions import Session

MAX_CHOICES: Final = 10
"""Products that one number is asked about."""
CHUNK: Final = 50
"""Numbers that are looked for at once: a short one may stand in the texts of many products."""


class Numbers(Protocol):
    """Look products up by their numbers."""

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        """Return those of these products that exist, by our number."""

    def named(self, items: Iterable[Item]) -> Mapping[str, Product]:
        """Return products whose GTIN or manufacturer's number an item carries, by our number."""

    def by_buyer_number(self, customer: str, wanted: Iterable[str]) -> Mapping[str, str]:
        """Return our numbers by what a customer calls them, as asked."""


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """Hold what became of one row: no fault means that it is in the cart.

    `suggestion` is a quantity in the row's unit that could be had; `choices` are the products that
    its number may mean.
    """

    row: Row
    product: Product | None = None
    fault: Fault | None = None
    suggestion: Decimal | None = None
    choices: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wished:
    """Hold a row that makes sense so far."""

    row: Row
    wish: Wish
    unit: str


class QuickOrder:
    """Order by lists."""

    def __init__(self, shopping: Shopping, catalogue: Numbers) -> None:
        self._shopping = shopping
        self._catalogue = catalogue

    def order(
        self, session: Session, rows: Sequence[Row], names: Sequence[tuple[str, str]] = ()
    ) -> tuple[JudgedRow, ...] | Fault:
        """Put what can be had of `rows` into the cart; a fault means that nothing is in.

        `names` are the names of units and their codes, as the shopper may type them.
        """
        read = [_read(row, products, names) for row, products in self._found(session, rows)]
        wished = [one for one in read if isinstance(one, _Wished)]
        granted = self._shopping.put(session.id, [one.wish for one in wished]) if wished else ()
        if isinstance(granted, Fault):
            return granted
        answers = iter(zip(wished, granted, strict=True))
        return tuple(one if isinstance(one, JudgedRow) else _judged(*next(answers)) for one in read)

    def _found(self, session: Session, rows: Sequence[Row]) -> list[tuple[Row, list[Product]]]:
        """Return each row with the products that its number may mean."""
        typed = list(dict.fromkeys(row.number for row in rows if row.number and not row.sku))
        theirs = self._catalogue.by_buyer_number(session.customer.customer_id, typed)
        chosen = (row.sku for row in rows if row.sku)
        ours = self._catalogue.products([*typed, *theirs.values(), *chosen])
        numbered = self._numbered([one for one in typed if one not in ours])
        found = []
        for row in rows:
            skus = [row.sku] if row.sku else [row.number, theirs.get(row.number, "")]
            meant = {sku: ours[sku] for sku in skus if sku in ours}
            if not row.sku and row.number not in ours:
                meant |= numbered.get(compact(row.number), {})
            open_to_him = [one for one in meant.values() if in_assortment(session.customer, one)]
            found.append((row, open_to_him or list(meant.values())))
        return found

    def _numbered(self, typed: Sequence[str]) -> dict[str, dict[str, Product]]:
        """Return products by the tokens of every number they have, ours typed carelessly too."""
        found: dict[str, dict[str, Product]] = {}
        for start in range(0, len(typed), CHUNK):
            part = typed[start : start + CHUNK]
            items = [
                Item(gtin=one if one.isdigit() else None, manufacturer_sku=one) for one in part
            ]
            for product in self._catalogue.named(items).values():
                own = Item(gtin=product.gtin, manufacturer_sku=product.manufacturer_sku)
                for token in (compact(product.sku), *numbers(own)):
                    found.setdefault(token, {})[product.sku] = product
        return found


def _read(
    row: Row, products: Sequence[Product], names: Sequence[tuple[str, str]]
) -> _Wished | JudgedRow:
    if not (row.number or row.sku):
        return JudgedRow(row, fault=fault("PUNCHOUT-102"))
    if not products:
        return JudgedRow(row, fault=fault("PUNCHOUT-020", found=row.number or row.sku))
    if len(products) > 1:
        several = fault("PUNCHOUT-103", found=row.number)
        return JudgedRow(row, fault=several, choices=tuple(products[:MAX_CHOICES]))
    return _wished(row, products[0], names)


def _wished(row: Row, product: Product, names: Sequence[tuple[str, str]]) -> _Wished | JudgedRow:
    quantity = quantity_of(row.quantity)
    if isinstance(quantity, Fault):
        return JudgedRow(row, product, quantity, fitting(product, Decimal(0)))
    unit = unit_called(product, row.unit, names)
    if unit is None:
        expected = " or ".join(units_of(product))
        return JudgedRow(row, product, fault("PUNCHOUT-104", found=row.unit, expected=expected))
    own = in_own_unit(product, quantity, unit)
    return (
        JudgedRow(row, product, own)
        if isinstance(own, Fault)
        else _Wished(row, Wish(product, own), unit)
    )


def _judged(wished: _Wished, granted: Granted) -> JudgedRow:
    product, suggestion = wished.wish.product, granted.suggestion
    if suggestion is not None and wished.unit != product.unit:
        held = product_units(product, wished.unit)
        suggestion = None if held is None else exact_decimal(Fraction(suggestion) / held)
    return JudgedRow(wished.row, product, granted.fault, suggestion)
