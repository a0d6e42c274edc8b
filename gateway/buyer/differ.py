"""Compare two documents line by line: what was preserved, corrupted, dropped and added.

Used twice: the order, or the orders that a cart was split over, against the cart that they were
made from (after all went over the wire), and an edited cart against the one that was sent.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.order import Item, ItemType, Order, PriceLevel
from canonical.party import Party
from canonical.price import Price
from canonical.product import Classification
from canonical.punchout import Cart
from gateway.buyer.findings import Finding

KINDS: Final = ("preserved", "corrupted", "dropped", "added")
"""What can become of a field."""


class Comparable(Protocol):
    """Be a line of a cart or an order."""

    @property
    def line_id(self) -> str:
        """Return its number in the document."""

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

    @property
    def parent_line(self) -> str | None:
        """Return the number of the line that it is a part of."""

    @property
    def item_type(self) -> ItemType | None:
        """Return whether it is a whole, a part, or neither."""

    @property
    def supplier(self) -> Identifier | None:
        """Return who sells it, where the line says."""

    @property
    def suppliers(self) -> tuple[Party, ...]:
        """Return whom the buyer may choose from."""

    @property
    def price_level(self) -> PriceLevel | None:
        """Return where the price of a whole stands, if the line says."""


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


def compare(before: Iterable[Comparable], *after: Iterable[Comparable]) -> tuple[Difference, ...]:
    """Return what became of every field of every line; of several documents after, in all of them.

    Lines belong together by part number and auxiliary id, then by part number alone, in order. A
    line that stands in several documents after counts together, at most one of each of them.
    """
    lines = list(before)
    remaining = [list(document) for document in after]
    wholes = {id(line): name for each in (lines, *remaining) for line, name in _wholes(each)}
    found: list[Difference] = []
    for line in lines:
        parts = _parts(line, lines, remaining)
        if not parts:
            found.append(Difference(_name(line), WHOLE_LINE, _name(line), None))
            continue
        old, new = _facts(line, wholes), _together(parts, wholes)
        found.extend(
            Difference(_name(line), field, old[field], new[field])
            for field in old
            if (old[field], new[field]) != (None, None)
        )
    left = (line for document in remaining for line in document)
    found.extend(Difference(_name(line), WHOLE_LINE, None, _name(line)) for line in left)
    return tuple(found)


def _parts(
    line: Comparable, lines: Sequence[Comparable], remaining: Sequence[list[Comparable]]
) -> list[Comparable]:
    """Take what became of `line` out of the documents where it stands, one line of each at most.

    Where other lines look the same, only as much is taken as this one asks for: the rest is theirs.
    """
    alone = sum(_key(other) == _key(line) for other in lines) == 1
    known = {_key(other) for other in lines}
    parts: list[Comparable] = []
    wanted = line.quantity.value
    for document in remaining:
        part = _partner(line, document, known)
        if part is None or (parts and not alone and part.quantity.value > wanted):
            continue
        document.remove(part)
        parts.append(part)
        wanted -= part.quantity.value
    return parts


def _key(line: Comparable) -> tuple[str | None, str | None]:
    return line.item.sku, line.item.auxiliary_id


def _wholes(lines: Sequence[Comparable]) -> Iterator[tuple[Comparable, str | None]]:
    """Yield each line with the name of the one that it is a part of: numbers may change."""
    named = {line.line_id: _name(line) for line in lines}
    for line in lines:
        yield line, named.get(line.parent_line or "", line.parent_line)


def _together(
    parts: Sequence[Comparable], wholes: Mapping[int, str | None]
) -> Mapping[str, str | None]:
    """Return what parts of one line say: their quantities summed, and else all that they say."""
    each = [_facts(part, wholes) for part in parts]
    facts = {field: _all([one[field] for one in each]) for field in each[0]}
    if len({part.quantity.unit for part in parts}) == 1:
        facts["quantity"] = _number(sum((part.quantity.value for part in parts), Decimal(0)))
    return facts


def _all(said: Sequence[str | None]) -> str | None:
    """Return the one thing that is said, or every different one; silence is one of them."""
    if set(said) == {None}:
        return None
    return " | ".join(dict.fromkeys("nothing" if one is None else one for one in said))


def _name(line: Comparable) -> str:
    return line.item.sku or line.item.auxiliary_id or "?"


def _partner(
    line: Comparable,
    candidates: Sequence[Comparable],
    known: Container[tuple[str | None, str | None]],
) -> Comparable | None:
    """Return the line of the same key, else one of the part number that is no other line's."""
    same = [other for other in candidates if other.item.sku == line.item.sku]
    exact = [other for other in same if _key(other) == _key(line)]
    return next(iter(exact or [other for other in same if _key(other) not in known]), None)


def _facts(line: Comparable, wholes: Mapping[int, str | None]) -> Mapping[str, str | None]:
    price, seller = line.price, line.supplier
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
        "part of": wholes[id(line)],
        "item type": line.item_type,
        "supplier": None if seller is None else f"{seller.scheme}:{seller.value}",
        "suppliers": ", ".join(
            f"{one.scheme}:{one.value}" for party in line.suppliers for one in party.identifiers
        )
        or None,
        "price level": line.price_level,
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


def judge_order(cart: Cart, *orders: Order) -> tuple[tuple[Difference, ...], tuple[Finding, ...]]:
    """Return the differences between a cart and the order, or orders, as they went over the wire.

    Several are the parts of one cart: together they have to order what it says, no more or less.
    """
    differences = compare(cart.lines, *(order.lines for order in orders))
    findings: list[Finding] = []
    for difference in differences:
        if difference.kind == "preserved" or (difference.field, difference.kind) in _SILENT:
            continue
        code = _ORDER_CODES[difference.kind]
        if difference.field == WHOLE_LINE:
            code = "BUYER-062" if difference.kind == "added" else "BUYER-063"
        findings.append(_finding(code, "OrderRequest", difference))
    for currency in dict.fromkeys(order.currency for order in orders):
        if cart.currency != currency:
            changed = Difference("order", "currency", cart.currency, currency)
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
