"""Hold the cart of one session and change it: pure functions over canonical documents.

A line that can no longer be ordered stays visible with the reason beside it, and is left out of
what goes home. A price that moved since the buyer took the line home stays beside the new one.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from canonical.amounts import Money, Quantity, decimal_of, rounded
from canonical.document import Document
from canonical.faults import Fault
from canonical.order import Item
from canonical.price import Price, total_of
from canonical.product import Product
from canonical.punchout import Cart, CartLine
from canonical.stored import Forms, Kind
from gateway.punchout.faults import fault

MAX_LINES = 1000
MAX_QUANTITY = Decimal(9_999_999)
DECIMALS = 2
GROUPED: Final = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{2}0)")
"""What may be thousands set apart; decimals that we write end in no zero."""
SPACED: Final = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
"""Thousands set apart by blanks; blanks anywhere else make two numbers of one."""


class Remark(Document):
    """Note beside a line: the price it had before, or why it cannot be ordered."""

    previous: Price | None = None
    reason: str | None = None


class Remarks(Document):
    """Hold the remarks of a cart by line, as stored."""

    lines: dict[str, Remark] = msgspec.field(default_factory=dict)


FORMS = Forms({"remarks": Kind(Remarks)})
"""How a session keeps what is no part of its cart."""


def dump_remarks(lines: Mapping[str, Remark]) -> bytes:
    """Return the stored form of remarks."""
    return FORMS.dump(Remarks(lines=dict(lines)))


def load_remarks(stored: bytes) -> dict[str, Remark]:
    """Return the remarks by line id."""
    return FORMS.load_as(Remarks, stored).lines


def empty_remarks() -> bytes:
    """Return the stored form of no remarks."""
    return dump_remarks({})


def quantity_of(text: str) -> Decimal | Fault:
    """Return the number a person typed; a single comma counts as the decimal mark.

    `1.500` is fifteen hundred to some and one and a half to others, so the person has to say.
    """
    typed = text.strip()
    if not typed:
        return fault("PUNCHOUT-112")
    if SPACED.fullmatch(typed):
        typed = "".join(typed.split())
    grouped = GROUPED.fullmatch(typed)
    if grouped is not None:
        smaller = f"{grouped[1]}.{grouped[2]}".rstrip("0").rstrip(".")
        expected = f"{grouped[1]}{grouped[2]} or {smaller}"
        return fault("PUNCHOUT-023", found=text[:40], expected=expected)
    if "." not in typed:
        typed = typed.replace(",", ".", 1)
    value = decimal_of(typed)
    if value is None or value < 0:
        return fault("PUNCHOUT-023", found=text[:40])
    if value > MAX_QUANTITY:
        return fault("PUNCHOUT-027", found=text[:40], expected=f"at most {MAX_QUANTITY:f}")
    return value


def line_of(product: Product, quantity: Decimal, price: Price, auxiliary_id: str) -> CartLine:
    """Return a cart line for `quantity` of `product` at the price that the core gave."""
    return CartLine(
        line_id="",  # numbered by `with_lines`
        item=Item(
            sku=product.sku,
            auxiliary_id=auxiliary_id,
            gtin=product.gtin,
            manufacturer=product.manufacturer,
            manufacturer_sku=product.manufacturer_sku,
        ),
        quantity=Quantity(value=quantity, unit=product.unit),
        name=product.name,
        description=product.description or product.name,
        price=replace(price, breaks=()),  # its amount is that of this quantity
        classifications=product.classifications,
        lead_time_days=product.lead_time_days,
        tax=product.tax,
        service=product.service,
        image=product.image,
        attachments=product.attachments,
        properties=product.properties,
        supplier=product.supplier,
    )


def in_place(line: CartLine, before: CartLine) -> CartLine:
    """Return `line` where `before` stands in its cart: under its number, a part of what that is."""
    place = {name: getattr(before, name) for name in ("line_id", "parent_line", "item_type")}
    return replace(line, **place)


def with_lines(cart: Cart, lines: Iterable[CartLine], remarks: Mapping[str, Remark]) -> Cart:
    """Return `cart` with these lines, numbered from 1, and their total.

    A part follows the line that it belongs to; where that is gone it stands by itself.
    """
    lines = tuple(lines)
    numbers = {line.line_id: str(n) for n, line in enumerate(lines, start=1) if line.line_id}
    numbered = tuple(
        replace(line, line_id=str(n), parent_line=numbers.get(line.parent_line or ""))
        for n, line in enumerate(lines, start=1)
    )
    total = rounded(total_of(orderable(numbered, remarks)), DECIMALS)
    return replace(cart, lines=numbered, total=Money(amount=total, currency=cart.currency))


def orderable(lines: Iterable[CartLine], remarks: Mapping[str, Remark]) -> tuple[CartLine, ...]:
    """Return the lines that can be ordered."""
    return tuple(line for line in lines if not reason_of(line, remarks))


def reason_of(line: CartLine, remarks: Mapping[str, Remark]) -> str | None:
    """Return why a line cannot be ordered, if so."""
    remark = remarks.get(line.item.auxiliary_id or "")
    return None if remark is None else remark.reason


def homeward(cart: Cart, remarks: Mapping[str, Remark]) -> Cart:
    """Return the cart as it goes home: orderable lines only."""
    return with_lines(cart, orderable(cart.lines, remarks), {})


def same_price(one: Price, other: Price) -> bool:
    """Tell whether two prices ask the same for one unit."""
    return (
        one.currency == other.currency
        and one.amount * other.base_quantity == other.amount * one.base_quantity
    )
