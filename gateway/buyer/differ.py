"""Compare two documents line by line: what was preserved, corrupted, dropped and added.

Used twice: the order against the cart that it was made from (after both went over the wire), and an
edited cart against the one that was sent to be edited.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from canonical.amounts import Quantity
from canonical.order import Item, Order
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart
from gateway.buyer.findings import Finding

KINDS: Final = ("preserved", "corrupted", "dropped", "added")
"""What can become of a field."""


class Comparable(Protocol):
    """Be a line of a cart or an order."""

    @property
    def item(self) -> Item:
        """Return what it is about."""

    @property
    def quantity(self) -> Quantity:
        """Return how much is wanted."""

    @property
    def price(self) -> Price | None:
        """Return what a base quantity costs."""

    @property
    def description(self) -> str | None:
        """Return the words that people read."""

    @property
    def classifications(self) -> tuple[Classification, ...]:
        """Return where it stands in classification systems."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold what became of one field of one line; `line` names the line by its part number."""

    line: str
    field: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """Return `preserved`, `corrupted`, `dropped` or `added`."""
        if self.before == self.after:
            return "preserved"
        if self.after is None:
            return "dropped"
        return "added" if self.before is None else "corrupted"


WHOLE_LINE: Final = "line"
"""Field name of a difference that is about a line as a whole."""


def compare(before: Iterable[Comparable], after: Iterable[Comparable]) -> tuple[Difference, ...]:
    """Return what became of every field of every line.

    Lines belong together by part number and auxiliary id, then by part number alone, in order.
    """
    remaining = list(after)
    found: list[Difference] = []
    for line in before:
        partner = _partner(line, remaining)
        if partner is None:
            found.append(Difference(_name(line), WHOLE_LINE, _name(line), None))
            continue
        remaining.remove(partner)
        old, new = _facts(line), _facts(partner)
        found.extend(
            Difference(_name(line), field, old[field], new[field])
            for field in old
            if (old[field], new[field]) != (None, None)
        )
    found.extend(Difference(_name(line), WHOLE_LINE, None, _name(line)) for line in remaining)
    return tuple(found)


def _name(line: Comparable) -> str:
    return line.item.sku or line.item.auxiliary_id or "?"


def _partner(line: Comparable, candidates: list[Comparable]) -> Comparable | None:
    same = [other for other in candidates if other.item.sku == line.item.sku]
    exact = [other for other in same if other.item.auxiliary_id == line.item.auxiliary_id]
    return next(iter(exact or same), None)


def _facts(line: Comparable) -> Mapping[str, str | None]:
    price = line.price
    codes = sorted(f"{entry.scheme}:{entry.code}" for entry in line.classifications)
    return {
        "part number": line.item.sku,
        "auxiliary id": line.item.auxiliary_id,
        "quantity": _number(line.quantity.value),
        "unit": line.quantity.unit,
        "price": None if price is None else _number(price.amount),
        "currency": None if price is None else price.currency,
        "base quantity": None if price is None else _number(price.base_quantity),
        "description": line.description,
        "classification": ", ".join(codes) or None,
        "manufacturer part": line.item.manufacturer_sku,
    }


def _number(value: Decimal) -> str:
    """Return the value without trailing zeros: 12.50 and 12.5 are one price."""
    return format(value.normalize() + 0, "f")


_ORDER_CODES: Final = {"dropped": "BUYER-060", "corrupted": "BUYER-061", "added": "BUYER-061"}
_SILENT: Final = frozenset({("description", "added"), ("classification", "added")})
_EDIT_CODES: Final = {
    "auxiliary id": "BUYER-051",
    "quantity": "BUYER-052",
    "unit": "BUYER-052",
    "price": "BUYER-053",
    "base quantity": "BUYER-053",
}


def judge_order(cart: Cart, order: Order) -> tuple[tuple[Difference, ...], tuple[Finding, ...]]:
    """Return the differences between a cart and the order as it went over the wire."""
    differences = compare(cart.lines, order.lines)
    findings: list[Finding] = []
    for difference in differences:
        if difference.kind == "preserved" or (difference.field, difference.kind) in _SILENT:
            continue
        code = _ORDER_CODES[difference.kind]
        if difference.field == WHOLE_LINE:
            code = "BUYER-062" if difference.kind == "added" else "BUYER-063"
        findings.append(_finding(code, "OrderRequest", difference))
    if cart.currency != order.currency:
        changed = Difference("order", "currency", cart.currency, order.currency)
        findings.append(_finding("BUYER-061", "OrderRequest", changed))
    return differences, tuple(findings)


def judge_edit(sent: Cart, returned: Cart) -> tuple[tuple[Difference, ...], tuple[Finding, ...]]:
    """Return what an edit changed although nobody touched the cart."""
    differences = compare(sent.lines, returned.lines)
    findings: list[Finding] = []
    for difference in differences:
        if difference.kind == "preserved":
            continue
        if difference.field == WHOLE_LINE:
            code = "BUYER-054" if difference.kind == "added" else "BUYER-050"
        elif difference.field in _EDIT_CODES:
            code = _EDIT_CODES[difference.field]
        else:
            continue
        findings.append(_finding(code, "PunchOutOrderMessage", difference))
    return differences, tuple(findings)


def _finding(code: str, document: str, difference: Difference) -> Finding:
    return Finding(
        code=code,
        message=f"{difference.field} {difference.kind}",
        document=document,
        item=difference.line,
        found=difference.after,
        expected=None if difference.before is None else repr(difference.before),
    )
