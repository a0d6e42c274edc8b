"""Describe the files of a data folder: their columns, and how a cell becomes a value.

Each file is CSV in UTF-8 with a header, or a JSON array of objects with the same names. Cells:

    amount       125.50                      break steps   10=9.50|50=8.75
    day          2026-12-01                  packages      BX=12|PF=240
    yes or no    yes, no                     category      Office > Paper > Copy paper
    several      public|standard             identifiers   DUNS:123456789|GLN:7300010000001
    properties   Colour=grey|Size=10         documents     Data sheet=https://supplier.example/a.pdf

A parser returns a value or raises `ValueError` with what it expected.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canonical.amounts import decimal_of
from canonical.gtin import is_gtin
from canonical.identifiers import Attachment, Identifier, Property
from canonical.price import PriceBreak
from canonical.product import Package

Parser = Callable[[str], object]

MAX_PERCENT: Final = 100
MAX_POSTAL_CODE: Final = 20


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column; `refers` names the table whose key its value must be."""

    parse: Parser
    required: bool = False
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Describe one file; `key` are the columns that may not repeat together."""

    columns: Mapping[str, Column]
    key: tuple[str, ...]
    required: bool = False


def words(limit: int) -> Parser:
    """Return a parser of text of at most `limit` characters."""

    def parse(cell: str) -> str:
        if len(cell) > limit:
            message = f"at most {limit} characters"
            raise ValueError(message)
        if any(ord(letter) < ord(" ") for letter in cell):
            message = "no control characters"
            raise ValueError(message)
        return cell

    return parse


def amount(cell: str) -> Decimal:
    """Return a decimal of zero or more."""
    value = decimal_of(cell)
    if value is None or value < 0:
        message = "a number of zero or more with a decimal point"
        raise ValueError(message)
    return value


def positive(cell: str) -> Decimal:
    """Return a decimal above zero."""
    value = decimal_of(cell)
    if value is None or value <= 0:
        message = "a number above zero with a decimal point"
        raise ValueError(message)
    return value


def percent(cell: str) -> Decimal:
    """Return a decimal from 0 to 100."""
    value = decimal_of(cell)
    if value is None or not 0 <= value <= MAX_PERCENT:
        message = "a percentage from 0 to 100"
        raise ValueError(message)
    return value


def tax_category(cell: str) -> str:
    """Return a category of UNCL 5305 by its shape."""
    if not re.fullmatch(r"[A-Z]{1,3}", cell):
        message = "a tax category of UN/CEFACT 5305 such as S (standard), Z (zero) or E (exempt)"
        raise ValueError(message)
    return cell


def whole(cell: str) -> int:
    """Return a number of days, zero or more."""
    if not re.fullmatch(r"[0-9]{1,4}", cell):
        message = "a whole number of days, zero or more"
        raise ValueError(message)
    return int(cell)


def day(cell: str) -> date:
    """Return a date."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        message = "a date like 2026-12-31"
        raise ValueError(message) from None


def yes_or_no(cell: str) -> bool:
    """Return a flag."""
    if cell not in {"yes", "no"}:
        message = "yes or no"
        raise ValueError(message)
    return cell == "yes"


def unit(cell: str) -> str:
    """Return a unit code of UN/ECE Recommendation 20 by its shape."""
    if not re.fullmatch(r"[A-Z0-9]{2,3}", cell):
        message = "a UN/ECE Recommendation 20 unit code such as EA, BX, MTR"
        raise ValueError(message)
    return cell


def currency(cell: str) -> str:
    """Return a currency code by its shape."""
    if not re.fullmatch(r"[A-Z]{3}", cell):
        message = "an ISO 4217 currency code such as SEK"
        raise ValueError(message)
    return cell


def gtin(cell: str) -> str:
    """Return a GTIN with the right check digit."""
    if not is_gtin(cell):
        message = "a GTIN of 8, 12, 13 or 14 digits with the right check digit"
        raise ValueError(message)
    return cell


def several(cell: str) -> tuple[str, ...]:
    """Return names that stand between `|`."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def category(cell: str) -> tuple[str, ...]:
    """Return a path of categories, widest first."""
    path = tuple(part.strip() for part in cell.split(">"))
    if not all(path):
        message = "a path like Office > Paper > Copy paper"
        raise ValueError(message)
    return path


def breaks(cell: str) -> tuple[PriceBreak, ...]:
    """Return price breaks with rising minimum quantities."""
    steps = tuple(
        PriceBreak(minimum=positive(minimum), amount=amount(price))
        for minimum, price in _pairs(cell, "steps like 10=9.50|50=8.75")
    )
    if any(after.minimum <= before.minimum for before, after in pairwise(steps)):
        message = "steps whose quantities rise"
        raise ValueError(message)
    return steps


def packages(cell: str) -> tuple[Package, ...]:
    """Return packaging units with what they hold."""
    return tuple(
        Package(unit=unit(name), content=positive(content))
        for name, content in _pairs(cell, "packages like BX=12|PF=240")
    )


def properties(cell: str) -> tuple[Property, ...]:
    """Return what a product is, by name: what buyers filter by."""
    pairs = _pairs(cell, "properties like Colour=grey|Size=10")
    return tuple(Property(name=name, value=value) for name, value in pairs)


def documents(cell: str) -> tuple[Attachment, ...]:
    """Return the addresses of documents about a product, by what they are called."""
    expected = "documents like Data sheet=https://supplier.example/sheet.pdf"
    pairs = _pairs(cell, expected)
    if not all(name and re.fullmatch(r"https?://[^\s/]\S*", url) for name, url in pairs):
        raise ValueError(expected)
    return tuple(Attachment(file_name=name, url=url) for name, url in pairs)


def supplier(cell: str) -> Identifier:
    """Return whose product something is."""
    scheme, _, value = (part.strip() for part in cell.partition(":"))
    if not scheme or not value:
        message = "a supplier like DUNS:123456789"
        raise ValueError(message)
    return Identifier(value=value, scheme=scheme)


def _pairs(cell: str, expected: str) -> list[tuple[str, str]]:
    pairs = []
    for part in several(cell):
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError(expected)
        pairs.append((name.strip(), value.strip()))
    return pairs


def warehouse(cell: str) -> str:
    """Return the name of a warehouse; a slash would end it in keys of changes."""
    if "/" in cell or not str(words(40)(cell)):
        message = "a warehouse name of at most 40 characters without a slash"
        raise ValueError(message)
    return cell


def country(cell: str) -> str:
    """Return a country code by its shape."""
    if not re.fullmatch(r"[A-Z]{2}", cell):
        message = "an ISO 3166-1 country code such as SE"
        raise ValueError(message)
    return cell


def postal_code(cell: str) -> str:
    """Return the beginning of a postal code without blanks and signs, in capitals."""
    bare = bare_postal_code(cell)
    if len(bare) > MAX_POSTAL_CODE:
        message = f"at most {MAX_POSTAL_CODE} letters and digits"
        raise ValueError(message)
    return bare


def bare_postal_code(text: str) -> str:
    """Return letters and digits of a postal code alone: people write `211 20` and `211-20`."""
    return "".join(letter for letter in text if letter.isalnum()).upper()


def hour(cell: str) -> str:
    """Return a time of day."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", cell):
        message = "a time of day like 14:30"
        raise ValueError(message)
    return cell


def time_zone(cell: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        ZoneInfo(cell)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "a time zone such as Europe/Stockholm"
        raise ValueError(message) from None
    return cell


_SKU: Final = words(80)
_NAME: Final = words(40)
_FROM_TO: Final = {"valid_from": Column(day), "valid_to": Column(day)}
_PRICE: Final = {
    "amount": Column(amount, required=True),
    "base_quantity": Column(positive),
    "breaks": Column(breaks),
    **_FROM_TO,
}

TABLES: Final[Mapping[str, Table]] = {
    "products": Table(
        {
            "sku": Column(_SKU, required=True),
            "name": Column(words(255), required=True),
            "unit": Column(unit, required=True),
            "description": Column(words(4000)),
            "category": Column(category),
            "gtin": Column(gtin),
            "manufacturer": Column(words(120)),
            "manufacturer_sku": Column(words(80)),
            "unspsc": Column(words(20)),
            "image": Column(words(255)),
            "minimum_quantity": Column(positive),
            "quantity_multiple": Column(positive),
            "lead_time_days": Column(whole),
            "tax_category": Column(tax_category),
            "tax_percent": Column(percent),
            "assortments": Column(several),
            "packages": Column(packages),
            "properties": Column(properties),
            "documents": Column(documents),
            "supplier": Column(supplier),
            "discount_group": Column(_NAME),
        },
        key=("sku",),
        required=True,
    ),
    "price_lists": Table(
        {
            "price_list": Column(_NAME, required=True),
            "currency": Column(currency, required=True),
            "standard": Column(yes_or_no),
        },
        key=("price_list",),
        required=True,
    ),
    "prices": Table(
        {
            "price_list": Column(_NAME, required=True, refers="price_lists"),
            "sku": Column(_SKU, required=True, refers="products"),
            **_PRICE,
        },
        key=("price_list", "sku", "valid_from"),
        required=True,
    ),
    "discounts": Table(
        {
            "customer_id": Column(_NAME, required=True, refers="customers"),
            "discount_group": Column(_NAME, required=True),
            "percent": Column(percent, required=True),
            **_FROM_TO,
        },
        key=("customer_id", "discount_group", "valid_from"),
    ),
    "net_prices": Table(
        {
            "customer_id": Column(_NAME, required=True, refers="customers"),
            "sku": Column(_SKU, required=True, refers="products"),
            "currency": Column(currency, required=True),
            **_PRICE,
        },
        key=("customer_id", "sku", "currency", "valid_from"),
    ),
    "part_numbers": Table(
        {
            "customer_id": Column(_NAME, required=True, refers="customers"),
            "buyer_sku": Column(_SKU, required=True),
            "sku": Column(_SKU, required=True, refers="products"),
        },
        key=("customer_id", "buyer_sku"),
    ),
    "stock": Table(
        {
            "sku": Column(_SKU, required=True, refers="products"),
            "warehouse": Column(warehouse, required=True),
            "on_hand": Column(amount, required=True),
            "lead_time_days": Column(whole),
        },
        key=("sku", "warehouse"),
    ),
    "incoming": Table(
        {
            "sku": Column(_SKU, required=True, refers="products"),
            "warehouse": Column(warehouse, required=True),
            "expected_on": Column(day, required=True),
            "quantity": Column(positive, required=True),
        },
        key=("sku", "warehouse", "expected_on"),
    ),
    "deliveries": Table(
        {
            "warehouse": Column(warehouse, required=True),
            "country": Column(country, required=True),
            "postal_code": Column(postal_code),
            "days": Column(whole, required=True),
            "cut_off": Column(hour),
            "time_zone": Column(time_zone),
        },
        key=("warehouse", "country", "postal_code"),
    ),
}
