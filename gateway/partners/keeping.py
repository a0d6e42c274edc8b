"""Know the rules of what a buyer's system keeps of a cart, each a function that finds it broken.

One table for both sides: the shop checks a cart by it before the cart leaves
(`gateway.punchout.limits`), and the virtual buyer judges by it what arrives. What a broken rule
leads to and what the system would do are the buyer's to say (`Limits.decisions`, `.effects`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from canonical.price import Price
from canonical.punchout import Cart, CartLine
from gateway.partners.limits import Decision, Effect, LimitRule, Limits


@dataclass(frozen=True, slots=True)
class Broken:
    """Say how a rule is broken: what was found, and what would have been right."""

    found: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class LineRule:
    """Hold one rule for lines, with the code of the fault that a broken one is.

    `limit` is the field of `Limits` by which a buyer asks for it.
    """

    name: LimitRule
    code: str
    check: Callable[[CartLine, Limits], Iterable[Broken]]
    limit: str
    usually: Decision = "block"
    """What a broken rule leads to where the buyer does not say."""


@dataclass(frozen=True, slots=True)
class CartRule:
    """Hold one rule for the cart as a whole."""

    name: LimitRule
    code: str
    check: Callable[[Cart, Limits], Iterable[Broken]]
    usually: Decision = "block"


EFFECTS: Final[dict[Effect, str]] = {
    "refuse": "the buyer's system refuses the cart",
    "cut": "the buyer's system cuts it off",
    "round": "the buyer's system rounds it",
    "each": "the buyer's system turns the unit into EA",
    "lose-line": "the buyer's system drops the line without a word",
    "lose-cart": "the buyer's system loses the whole cart",
    "damage": "the buyer's system shows other characters instead",
    "misread": "the buyer's system reads it wrongly",
    "unknown": "",
}
"""What happens there, in words."""


# -- part ids and texts


def _sku_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.item.sku, limits.sku_length, limits)


def _auxiliary_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.item.auxiliary_id, limits.auxiliary_length, limits)


def _sku_characters(line: CartLine, limits: Limits) -> Iterator[Broken]:
    refused = sorted(set(line.item.sku or "") & set(limits.refused_characters))
    if refused:
        yield Broken(found=" ".join(refused))


def _name_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.name, limits.name_length, limits)


def _description_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.description, limits.description_length, limits)


def _manufacturer_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.item.manufacturer, limits.manufacturer_length, limits)


def _manufacturer_sku_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.item.manufacturer_sku, limits.manufacturer_sku_length, limits)


def _property_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    for one in line.properties:
        for broken in _too_long(one.value, limits.property_length, limits):
            yield Broken(f"{one.name}: {broken.found}", broken.expected)


def _text_characters(line: CartLine, limits: Limits) -> Iterator[Broken]:
    if limits.text_charset is None:
        return
    texts = (line.name, line.description, line.item.manufacturer)
    strange = {
        each for text in texts for each in text or "" if not _fits(each, limits.text_charset)
    }
    if strange:
        yield Broken(" ".join(sorted(strange)[:20]), limits.text_charset)


def _fits(character: str, charset: str) -> bool:
    return character.encode(charset, "ignore") != b""


def _too_long(text: str | None, most: int | None, limits: Limits) -> Iterator[Broken]:
    if most is None or text is None:
        return
    length = len(text.encode()) if limits.count_bytes else len(text)
    if length > most:
        measure = "bytes" if limits.count_bytes else "characters"
        yield Broken(text[:100], f"at most {most} {measure}")


# -- units and numbers


def _unit(line: CartLine, limits: Limits) -> Iterator[Broken]:
    if limits.units and line.quantity.unit not in limits.units:
        yield Broken(line.quantity.unit, ", ".join(limits.units))


def _unit_length(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_long(line.quantity.unit, limits.unit_length, limits)


def _quantity_decimals(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_fine(line.quantity.value, limits.quantity_decimals)


def _quantity_digits(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_large(line.quantity.value, limits.quantity_digits)


def _price_decimals(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_fine(None if line.price is None else line.price.amount, limits.price_decimals)


def _price_digits(line: CartLine, limits: Limits) -> Iterator[Broken]:
    return _too_large(None if line.price is None else line.price.amount, limits.price_digits)


def _price_unit(line: CartLine, limits: Limits) -> Iterator[Broken]:
    price = line.price
    if price is not None and price.base_quantity != 1 and not limits.price_unit:
        yield Broken(f"{price.amount:f} / {price.base_quantity:f}")


def _currency(line: CartLine, limits: Limits) -> Iterator[Broken]:
    price = line.price
    if price is not None and limits.currencies and price.currency not in limits.currencies:
        yield Broken(price.currency, ", ".join(limits.currencies))


def _too_fine(value: Decimal | None, most: int | None) -> Iterator[Broken]:
    if value is not None and most is not None and decimals_of(value) > most:
        yield Broken(f"{value:f}", f"at most {most} decimals")


def _too_large(value: Decimal | None, most: int | None) -> Iterator[Broken]:
    if value is not None and most is not None and abs(value) >= Decimal(10) ** most:
        yield Broken(f"{value:f}", f"at most {10**most - 1}")


def decimals_of(value: Decimal) -> int:
    """Return how many decimals `value` has, trailing zeros aside."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# -- classification, fields, files


def _classification(line: CartLine, limits: Limits) -> Iterator[Broken]:
    wanted = limits.classification
    if wanted and not any(one.scheme.lower() == wanted.lower() for one in line.classifications):
        yield Broken(expected=wanted)


def _classification_version(line: CartLine, limits: Limits) -> Iterator[Broken]:
    scheme, version = limits.classification, limits.classification_version
    if not scheme or not version:
        return
    found = [one for one in line.classifications if one.scheme.lower() == scheme.lower()]
    if found and not any(one.version == version for one in found):
        yield Broken(found[0].version or "none", version)


def _required(line: CartLine, limits: Limits) -> Iterator[Broken]:
    for name in limits.required:
        if REQUIRED[name](line) in (None, ""):
            yield Broken(expected=name)


def _amount(price: Price | None) -> Decimal | None:
    return None if price is None else price.amount


REQUIRED: Final[dict[str, Callable[[CartLine], object]]] = {
    "sku": lambda line: line.item.sku,
    "auxiliary-id": lambda line: line.item.auxiliary_id,
    "name": lambda line: line.name,
    "description": lambda line: line.description,
    "price": lambda line: _amount(line.price),
    "lead-time": lambda line: line.lead_time_days,
    "manufacturer": lambda line: line.item.manufacturer,
    "manufacturer-sku": lambda line: line.item.manufacturer_sku,
    "gtin": lambda line: line.item.gtin,
    "buyer-sku": lambda line: line.item.buyer_sku,
    "image": lambda line: line.image,
    "tax": lambda line: line.tax,
    "agreement": lambda line: line.agreement,
}
"""Fields that `limits.required` may name, and where they stand."""


def _attachments(line: CartLine, limits: Limits) -> Iterator[Broken]:
    if line.attachments and not limits.attachments:
        yield Broken(line.attachments[0].file_name or str(len(line.attachments)))


def _lines(cart: Cart, limits: Limits) -> Iterator[Broken]:
    if limits.lines is not None and len(cart.lines) > limits.lines:
        yield Broken(str(len(cart.lines)), f"at most {limits.lines} lines")


LINE_RULES: Final[tuple[LineRule, ...]] = (
    LineRule("sku-length", "PUNCHOUT-040", _sku_length, "sku_length"),
    LineRule("auxiliary-length", "PUNCHOUT-045", _auxiliary_length, "auxiliary_length"),
    LineRule("sku-characters", "PUNCHOUT-041", _sku_characters, "refused_characters"),
    LineRule("unit", "PUNCHOUT-042", _unit, "units"),
    LineRule("unit-length", "PUNCHOUT-080", _unit_length, "unit_length"),
    LineRule("classification", "PUNCHOUT-043", _classification, "classification"),
    LineRule(
        "classification-version",
        "PUNCHOUT-081",
        _classification_version,
        "classification_version",
        "warn",
    ),
    LineRule("price-decimals", "PUNCHOUT-044", _price_decimals, "price_decimals"),
    LineRule("price-digits", "PUNCHOUT-082", _price_digits, "price_digits"),
    LineRule("price-unit", "PUNCHOUT-083", _price_unit, "price_unit"),
    LineRule("quantity-decimals", "PUNCHOUT-084", _quantity_decimals, "quantity_decimals"),
    LineRule("quantity-digits", "PUNCHOUT-085", _quantity_digits, "quantity_digits"),
    LineRule("currency", "PUNCHOUT-086", _currency, "currencies"),
    LineRule("required", "PUNCHOUT-087", _required, "required"),
    LineRule("name-length", "PUNCHOUT-088", _name_length, "name_length", "warn"),
    LineRule(
        "description-length", "PUNCHOUT-046", _description_length, "description_length", "warn"
    ),
    LineRule(
        "manufacturer-length", "PUNCHOUT-089", _manufacturer_length, "manufacturer_length", "warn"
    ),
    LineRule(
        "manufacturer-sku-length",
        "PUNCHOUT-090",
        _manufacturer_sku_length,
        "manufacturer_sku_length",
        "warn",
    ),
    LineRule("property-length", "PUNCHOUT-091", _property_length, "property_length", "warn"),
    LineRule("text-characters", "PUNCHOUT-092", _text_characters, "text_charset", "warn"),
    LineRule("attachments", "PUNCHOUT-093", _attachments, "attachments", "warn"),
)
CART_RULES: Final[tuple[CartRule, ...]] = (CartRule("lines", "PUNCHOUT-094", _lines),)


def rules_for(limits: Limits) -> tuple[LineRule, ...]:
    """Return the rules for lines that a buyer asked for, and does not ignore."""
    return tuple(
        rule
        for rule in LINE_RULES
        if getattr(limits, rule.limit) != Limits.model_fields[rule.limit].default
        and limits.decisions.get(rule.name) != "ignore"
    )
