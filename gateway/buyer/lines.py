"""Judge one line of a cart: ids, quantity, unit, price and words, as the buyer's fields take them.

Each check is a function from a line and the buyer's limits to findings; `LINE_CHECKS` lists them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from canonical.amounts import decimal_of
from canonical.wire import Node
from gateway.buyer.findings import Finding
from gateway.buyer.places import CXML, Places, value_at
from gateway.buyer.tree import line_of, nearest
from gateway.partners.limits import Limits

_UNSPSC: Final = re.compile(r"\d{8}")


@dataclass(frozen=True)
class Line:
    """Hold one line of a cart with the places of its protocol."""

    node: Node
    number: int
    places: Places = CXML

    @property
    def sku(self) -> str | None:
        """Return the supplier's part number."""
        return value_at(self.node, self.places.sku)

    @property
    def auxiliary(self) -> str | None:
        """Return the id that the supplier gave the line."""
        return value_at(self.node, self.places.auxiliary) if self.places.auxiliary else None

    @property
    def name(self) -> str:
        """Return how to call this line in a sentence."""
        return self.sku or f"line {self.number}"

    @property
    def quantity(self) -> Decimal | None:
        """Return the quantity, if it is a decimal."""
        return decimal_of(value_at(self.node, self.places.quantity) or "")

    @property
    def price(self) -> Decimal | None:
        """Return the price of a base quantity, if it is a decimal."""
        return decimal_of(value_at(self.node, self.places.price) or "")

    @property
    def currency(self) -> str | None:
        """Return the currency of the price."""
        return value_at(self.node, self.places.currency)

    @property
    def base(self) -> Decimal | None:
        """Return the base quantity of the price, 1 when none is given."""
        spelt = value_at(self.node, self.places.base)
        return Decimal(1) if spelt is None else decimal_of(spelt)

    def amount(self) -> Decimal | None:
        """Return the exact amount of the line, or None when it cannot be told."""
        price, quantity, base = self.price, self.quantity, self.base
        return None if price is None or quantity is None or not base else price * quantity / base

    def finding(
        self, code: str, message: str, path: str, found: str | None, expected: str | None = None
    ) -> Finding:
        """Return a finding about `path` of this line."""
        return Finding(
            code=code,
            message=message,
            document=self.places.document,
            line=line_of(nearest(self.node, path)),
            path=f"{self.places.items}[{self.number}]/{path}",
            item=self.name,
            found=found,
            expected=expected,
        )


def _ids(line: Line, limits: Limits) -> Iterator[Finding]:
    places = line.places
    if line.sku is None:
        yield line.finding("BUYER-030", "no part number", places.sku, None)
    for place, value, length in (
        (places.sku, line.sku or "", limits.sku_length),
        (places.auxiliary, line.auxiliary or "", limits.auxiliary_length),
    ):
        if length is not None and measured(value, limits) > length:
            yield line.finding("BUYER-031", "too long", place, value, f"at most {length}")
    refused = "".join(sorted(set(line.sku or "") & set(limits.refused_characters)))
    if refused:
        yield line.finding("BUYER-032", "refused characters", places.sku, refused, "none")


def measured(text: str, limits: Limits) -> int:
    """Return how long `text` is by the count of the buyer's system."""
    return len(text.encode()) if limits.count_bytes else len(text)


def _unit(line: Line, limits: Limits) -> Iterator[Finding]:
    path = line.places.unit
    unit = value_at(line.node, path)
    if unit is None:
        yield line.finding("BUYER-035", "no unit", path, None, "a UN/ECE Rec 20 code such as EA")
    elif limits.units and unit not in limits.units:
        yield line.finding(
            "BUYER-036", "a unit unknown to the buyer", path, unit, _some(limits.units)
        )


def _some(values: tuple[str, ...]) -> str:
    first = sorted(values)[:12]
    return "one of " + ", ".join(first) + (" ..." if len(values) > len(first) else "")


def _description(line: Line, limits: Limits) -> Iterator[Finding]:
    path = line.places.description
    text = value_at(line.node, path)
    if text is None:
        yield line.finding("BUYER-038", "no description", path, None)
    elif limits.description_length and measured(text, limits) > limits.description_length:
        yield line.finding(
            "BUYER-039",
            "a long description",
            path,
            f"{measured(text, limits)} long",
            f"at most {limits.description_length}",
        )


def _price(line: Line, limits: Limits) -> Iterator[Finding]:
    path, base = line.places.price, line.places.base
    spelt, price = value_at(line.node, path), line.price
    if price is None:
        yield line.finding("BUYER-042", "no price", path, spelt, "a decimal such as 12.50")
    elif limits.price_decimals is not None and _decimals(price) > limits.price_decimals:
        yield line.finding(
            "BUYER-043", "too many decimals", path, spelt, f"at most {limits.price_decimals}"
        )
    if line.base is None or line.base <= 0:
        found = value_at(line.node, base)
        yield line.finding("BUYER-046", "not a base quantity", base, found)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _quantity(line: Line, _limits: Limits) -> Iterator[Finding]:
    path = line.places.quantity
    if line.quantity is None or line.quantity <= 0:
        found = value_at(line.node, path)
        yield line.finding("BUYER-037", "not a quantity", path, found, "above 0")


def _classification(line: Line, limits: Limits) -> Iterator[Finding]:
    path = line.places.classification
    domains = {found.scheme: found.code for found in line.places.codes(line.node)}
    wanted = (limits.classification or "").lower()
    if (wanted and not domains.get(wanted)) or not any(domains.values()):
        yield line.finding(
            "BUYER-040", "no classification", path, None, limits.classification or "any"
        )
    code = domains.get("unspsc")
    if code and not _UNSPSC.fullmatch(code):
        yield line.finding("BUYER-041", "not a UNSPSC code", path, code, "eight digits")


LineCheck = Callable[[Line, Limits], Iterator[Finding]]
LINE_CHECKS: Final[tuple[LineCheck, ...]] = (
    _ids,
    _unit,
    _quantity,
    _description,
    _price,
    _classification,
)
