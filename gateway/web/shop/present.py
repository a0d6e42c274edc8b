"""Spell amounts, units, days and faults for people, in their language; no value is changed here.

Amounts keep the currency's code behind the figure in every language: a buyer compares `kr` of
three countries otherwise. Groups of digits are held together by a narrow no-break space where the
language sets them apart by a space.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Concatenate, Final, ParamSpec

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from canonical.amounts import decimal_of, rounded
from canonical.faults import Fault
from canonical.price import Price, line_amount
from canonical.punchout import CartLine
from gateway.web.shop.languages import Language, language, spoken

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

FOR_BUYERS: Final = frozenset(
    f"PUNCHOUT-{number:03d}" for number in (7, 23, 26, 28, 29, 30, 31, 32, 105, 106, 107, 112)
)
"""Faults whose hint a buyer can follow; the others speak to whoever runs the gateway."""

FOR_OPERATORS: Final = frozenset(
    f"PUNCHOUT-{number:03d}" for number in (1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 50, 51, 52)
)
"""Faults that no page of the shop shows."""

COUNTED: Final = (
    ("at least %(number)s", "at least %(number)s"),
    ("a multiple of %(number)s", "a multiple of %(number)s"),
    ("at most %(number)s", "at most %(number)s"),
    ("at most %(number)s line", "at most %(number)s lines"),
    ("at most %(number)s character", "at most %(number)s characters"),
    ("at most %(number)s byte", "at most %(number)s bytes"),
    ("at most %(number)s decimal", "at most %(number)s decimals"),
)
"""What faults expect with a number in it, for one and for many."""

FIELDS: Final = {
    "sku": "article number",
    "auxiliary-id": "mark of the line",
    "name": "name",
    "description": "description",
    "price": "price",
    "lead-time": "delivery time in days",
    "manufacturer": "manufacturer",
    "manufacturer-sku": "manufacturer's part number",
    "gtin": "GTIN",
    "buyer-sku": "your own part number",
    "image": "picture",
    "tax": "tax",
    "agreement": "agreement",
}
"""Names of the fields that `limits.required` may want of a line."""

BESIDES: Final = "; "
"""What parts a broken rule from what the buyer's system would do about it."""
_NUMBER: Final = "%(number)s"
_SET_APART: Final = re.compile(r"\d{1,3}(?:[\s'\u2019]\d{3})+(?:[.,]\d+)?")
"""Thousands set apart by what no language has as a decimal mark."""
P = ParamSpec("P")


def number(tongue: Language, value: Decimal | int) -> str:
    """Return a quantity without trailing zeros, thousands set apart."""
    exact = Decimal(value)
    return _figure(tongue, exact, _decimals(exact))


def plain_number(tongue: Language, value: Decimal) -> str:
    """Return a quantity as a form field wants it: the language's decimal mark and no groups."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", get_decimal_symbol(tongue.locale))


def typed_number(tongue: Language, text: str) -> str:
    """Return a number as typed in a language with a point for its decimal mark and no groups.

    `1.000` is a thousand for a German and one for a Swede. What is no number in the language stays
    as it is typed, for the fault that says so.
    """
    typed = text.strip()
    if _SET_APART.fullmatch(typed):
        typed = re.sub(r"[\s'\u2019]", "", typed)
    decimal_mark, group = get_decimal_symbol(tongue.locale), get_group_symbol(tongue.locale)
    grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(decimal_mark)}\d+)?"
    if not group.isspace() and re.fullmatch(grouped, typed):
        typed = typed.replace(group, "")
    return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed


def amount(tongue: Language, value: Decimal) -> str:
    """Return an amount with two decimals, or with more if it has more."""
    decimals = max(MONEY_DECIMALS, _decimals(value))
    return _figure(tongue, rounded(value, decimals), decimals)


def money(tongue: Language, value: Decimal, currency: str) -> str:
    """Return an amount with its currency, never broken across lines."""
    return f"{amount(tongue, value)}{NO_BREAK_SPACE}{currency}"


def day(tongue: Language, value: date) -> str:
    """Return a day: `1 Dec 2026`, `01.12.2026`."""
    shown = format_date(value, "medium", locale=tongue.locale)
    return shown.replace(" ", NO_BREAK_SPACE)


def unit(tongue: Language, code: str, quantity: Decimal | int = 1) -> str:
    """Return the name of a unit for that many of it."""
    if code not in UNITS:
        return code
    return tongue.npgettext("unit", *UNITS[code], 1 if quantity == 1 else 2)


def quantity(tongue: Language, value: Decimal, code: str) -> str:
    """Return a quantity with its unit."""
    return f"{number(tongue, value)}{NO_BREAK_SPACE}{unit(tongue, code, value)}"


def per(tongue: Language, price: Price, sold_in: str) -> str:
    """Return what a price is for: `per piece`, `per 100 pieces`."""
    code = price.unit or sold_in
    base = price.base_quantity
    what = unit(tongue, code) if base == 1 else quantity(tongue, base, code)
    return (tongue.gettext("per %(unit)s") % {"unit": what}).replace(" ", NO_BREAK_SPACE)


def line_total(tongue: Language, line: CartLine) -> str:
    """Return what a line comes to, rounded for reading; the cart's total is exact before that."""
    if line.price is None:
        return ""
    total = rounded(line_amount(line.price, line.quantity.value), MONEY_DECIMALS)
    return money(tongue, total, line.price.currency)


def time_left(tongue: Language, now: datetime, until: datetime) -> str:
    """Return how long it is until then: `1 h 40 min`."""
    minutes = max(0, int((until - now).total_seconds() // 60))
    hours, rest = divmod(minutes, MINUTES_OF_HOUR)
    long, short = clock_words(tongue)
    shown = long if hours else short
    return shown.format(hours=hours, minutes=f"{rest:02d}" if hours else rest)


def clock_words(tongue: Language) -> tuple[str, str]:
    """Return how a time with and without hours is said, for the page's script to fill in."""
    return tongue.gettext("{hours} h {minutes} min"), tongue.gettext("{minutes} min")


def told(tongue: Language, text: str) -> str:
    """Return what a fault says or expects: a field, a known sentence, one that holds a number."""
    if text in FIELDS:
        return tongue.pgettext("field", FIELDS[text])
    for one, many in COUNTED:
        match = re.fullmatch(re.escape(many).replace(re.escape(_NUMBER), r"(\d+(?:\.\d+)?)"), text)
        value = decimal_of(match[1]) if match else None
        if value is not None:
            said = tongue.ngettext(one, many, 1 if value == 1 else 2)
            return said % {"number": number(tongue, value)}
    return BESIDES.join(tongue.gettext(each) for each in text.split(BESIDES))


def sentence(tongue: Language, text: str) -> str:
    """Return what a fault says as a sentence of its own."""
    said = told(tongue, text)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def explained(tongue: Language, fault: Fault) -> str:
    """Return a fault as a sentence for a buyer: what, found, expected and the way out."""
    said = {"what": told(tongue, fault.message), "found": fault.found or ""}
    said["expected"] = "" if fault.expected is None else told(tongue, fault.expected)
    if fault.found is not None and fault.expected is not None:
        text = tongue.gettext("%(what)s: %(found)s, but %(expected)s is needed.") % said
    elif fault.found is not None or fault.expected is not None:
        text = f"{said['what']}: {said['found']}{said['expected']}."
    else:
        text = f"{said['what']}."
    text = text[:1].upper() + text[1:]
    if fault.hint and fault.code in FOR_BUYERS:
        hint = tongue.gettext(fault.hint)
        text += f" {hint[:1].upper()}{hint[1:]}."
    return text


def _figure(tongue: Language, value: Decimal, decimals: int) -> str:
    """Return a number as Babel spells it, which takes thirty times as long."""
    shown = f"{value:,.{decimals}f}"
    return shown.translate(_signs(tongue.code))


@cache
def _signs(code: str) -> dict[int, str]:
    """Return what a language writes for the signs in an English number."""
    locale = language(code).locale
    group = get_group_symbol(locale).replace(NO_BREAK_SPACE, NARROW_SPACE)
    return {ord("."): get_decimal_symbol(locale), ord(","): group}


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _as_spoken(spell: Callable[Concatenate[Language, P], str]) -> Callable[P, str]:
    def spelt(*args: P.args, **kwargs: P.kwargs) -> str:
        return spell(spoken(), *args, **kwargs)

    return spelt


FILTERS: Final[dict[str, Callable[..., str]]] = {
    spell.__name__: _as_spoken(spell)
    for spell in (
        number,
        plain_number,
        amount,
        money,
        day,
        unit,
        quantity,
        per,
        line_total,
        told,
        sentence,
        explained,
    )
}
"""What templates spell with, `shop_` before each name: in the language of the request."""
