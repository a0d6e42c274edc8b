"""Spell amounts, units and times for people; nothing here changes a value."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from canonical.amounts import rounded
from canonical.faults import Fault
from canonical.price import Price, line_amount
from canonical.punchout import CartLine

NARROW_SPACE: Final = "\u202f"
NO_BREAK_SPACE: Final = "\u00a0"
MONEY_DECIMALS: Final = 2
MINUTES_OF_HOUR: Final = 60

UNITS: Final = {
    "BG": ("bag", "bags"),
    "BO": ("bottle", "bottles"),
    "BX": ("box", "boxes"),
    "C62": ("piece", "pieces"),
    "CT": ("carton", "cartons"),
    "CMT": ("cm", "cm"),
    "DAY": ("day", "days"),
    "DZN": ("dozen", "dozen"),
    "EA": ("piece", "pieces"),
    "GRM": ("g", "g"),
    "H87": ("piece", "pieces"),
    "HUR": ("hour", "hours"),
    "KGM": ("kg", "kg"),
    "KT": ("kit", "kits"),
    "LTR": ("litre", "litres"),
    "MLT": ("ml", "ml"),
    "MTK": ("m²", "m²"),
    "MTR": ("metre", "metres"),
    "PA": ("packet", "packets"),
    "PF": ("pallet", "pallets"),
    "PK": ("pack", "packs"),
    "PR": ("pair", "pairs"),
    "RL": ("roll", "rolls"),
    "RM": ("ream", "reams"),
    "RO": ("roll", "rolls"),
    "SET": ("set", "sets"),
    "ST": ("sheet", "sheets"),
    "TU": ("tube", "tubes"),
    "XBX": ("box", "boxes"),
    "XCT": ("carton", "cartons"),
    "XPA": ("packet", "packets"),
    "XPK": ("pack", "packs"),
    "XRO": ("roll", "rolls"),
}
"""Names of the usual UN/ECE Rec 20 and 21 codes: one and many. Other codes show as they are."""

FOR_BUYERS: Final = frozenset(f"PUNCHOUT-{number:03d}" for number in (7, 23, 26, 28, 29, 30, 31))
"""Faults whose hint a buyer can follow; the others speak to whoever runs the gateway."""


def number(value: Decimal) -> str:
    """Return a quantity without trailing zeros, thousands set apart."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _grouped(text)


def plain_number(value: Decimal) -> str:
    """Return a quantity as a form field wants it."""
    return number(value).replace(NARROW_SPACE, "")


def amount(value: Decimal) -> str:
    """Return an amount with two decimals, or with more if it has more."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(MONEY_DECIMALS, -exponent if isinstance(exponent, int) else 0)
    return _grouped(f"{rounded(value, decimals):f}")


def money(value: Decimal, currency: str) -> str:
    """Return an amount with its currency, never broken across lines."""
    return f"{amount(value)}{NO_BREAK_SPACE}{currency}"


def unit(code: str, quantity: Decimal = Decimal(1)) -> str:
    """Return the name of a unit for that many of it."""
    one, many = UNITS.get(code, (code, code))
    return one if quantity == 1 else many


def quantity(value: Decimal, code: str) -> str:
    """Return a quantity with its unit."""
    return f"{number(value)}{NO_BREAK_SPACE}{unit(code, value)}"


def per(price: Price, sold_in: str) -> str:
    """Return what a price is for: `per piece`, `per 100 pieces`."""
    code = price.unit or sold_in
    if price.base_quantity == 1:
        return f"per{NO_BREAK_SPACE}{unit(code)}"
    return f"per{NO_BREAK_SPACE}{quantity(price.base_quantity, code)}"


def line_total(line: CartLine) -> str:
    """Return what a line comes to, rounded for reading; the cart's total is exact before that."""
    if line.price is None:
        return ""
    total = rounded(line_amount(line.price, line.quantity.value), MONEY_DECIMALS)
    return money(total, line.price.currency)


def time_left(now: datetime, until: datetime) -> str:
    """Return how long it is until then: `1 h 40 min`."""
    minutes = max(0, int((until - now).total_seconds() // 60))
    hours, rest = divmod(minutes, MINUTES_OF_HOUR)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def explained(fault: Fault) -> str:
    """Return a fault as a sentence for a buyer: what, found, expected and the way out."""
    text = fault.message[:1].upper() + fault.message[1:]
    if fault.found is not None and fault.expected is not None:
        text += f": {fault.found}, but {fault.expected} is needed"
    elif fault.found is not None:
        text += f": {fault.found}"
    elif fault.expected is not None:
        text += f": {fault.expected}"
    text += "."
    if fault.hint and fault.code in FOR_BUYERS:
        text += f" {fault.hint[:1].upper()}{fault.hint[1:]}."
    return text


def _grouped(text: str) -> str:
    whole, dot, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    groups = []
    while digits:
        groups.append(digits[-3:])
        digits = digits[:-3]
    return sign + NARROW_SPACE.join(reversed(groups)) + dot + rest


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "number": number,
    "plain_number": plain_number,
    "amount": amount,
    "money": money,
    "unit": unit,
    "quantity": quantity,
    "per": per,
    "line_total": line_total,
    "explained": explained,
}
