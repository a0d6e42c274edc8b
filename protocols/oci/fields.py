"""Know what an item may hold: every NEW_ITEM field with its length and its kind of value.

From SAP's field list of OCI 4.0 with the differences of 2.0, 3.0 and 5.0 ("Fields", and "Additional
fields" of OCI 5.0). `check` holds a finished form against it. A field by which the item is found or
paid must be right; what only describes it is a warning when it is too long.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from canonical.amounts import decimal_of
from canonical.faults import Fault, Severity
from protocols.form import fold, limited
from protocols.oci.dialect import VERSIONS, OciDialect
from protocols.oci.faults import fault
from protocols.oci.numbers import digits, places


class Kind(StrEnum):
    """Name what a field's value is."""

    TEXT = "text"
    DECIMAL = "decimal"
    """Eleven digits, a dot, three digits."""
    WHOLE = "whole"
    UNIT = "unit"
    CURRENCY = "currency"


class Field(msgspec.Struct, frozen=True):
    """Describe one field: its name behind `NEW_ITEM-`, how long, and what it may hold.

    `lengths` are those of versions that differ. `essential` fields find or price the item.
    """

    name: str
    length: int
    kind: Kind = Kind.TEXT
    essential: bool = False
    values: tuple[str, ...] = ()
    lengths: dict[str, int] = msgspec.field(default_factory=dict)
    since: str = "2.0"

    def length_in(self, version: str) -> int:
        """Return how many characters it has room for in a version."""
        return self.lengths.get(version, self.length)


FIELDS: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        Field("DESCRIPTION", 40),
        Field("MATNR", 40, essential=True, lengths={"2.0": 18, "3.0": 18}),
        Field("MATGROUP", 10),
        Field("QUANTITY", 15, Kind.DECIMAL, essential=True),
        Field("UNIT", 3, Kind.UNIT, essential=True),
        Field("PRICE", 15, Kind.DECIMAL, essential=True),
        Field("CURRENCY", 5, Kind.CURRENCY, essential=True),
        Field("PRICEUNIT", 5, Kind.WHOLE, essential=True, lengths={"3.0": 9}),
        Field("LEADTIME", 5, Kind.WHOLE),
        Field("VENDOR", 10, essential=True),
        Field("VENDORMAT", 40, essential=True),
        Field("MANUFACTCODE", 10),
        Field("MANUFACTMAT", 40),
        Field("SERVICE", 1, values=("X",)),
        Field("CONTRACT", 10, essential=True),
        Field("CONTRACT_ITEM", 5, essential=True),
        Field("EXT_QUOTE_ID", 35),
        Field("EXT_QUOTE_ITEM", 10),
        Field("EXT_PRODUCT_ID", 40, essential=True),
        Field("ATTACHMENT", 255),
        Field("ATTACHMENT_TITLE", 255),
        Field("ATTACHMENT_PURPOSE", 1, values=("C",)),
        Field("EXT_SCHEMA_TYPE", 10),
        Field("EXT_CATEGORY_ID", 60),
        Field("EXT_CATEGORY", 40),
        Field("SLD_SYS_NAME", 60),
        Field("CUST_FIELD1", 10),
        Field("CUST_FIELD2", 10),
        Field("CUST_FIELD3", 10),
        Field("CUST_FIELD4", 20),
        Field("CUST_FIELD5", 50),
        Field("ITEM_TYPE", 1, since="5.0"),
        Field("PARENT_ID", 5, essential=True, since="5.0"),
    )
}
"""Every field but LONGTEXT, which may be of any length and has an index of its own."""

LONGTEXT: Final = "LONGTEXT"
NUMBERS: Final = frozenset(
    name for name, field in FIELDS.items() if field.kind in (Kind.DECIMAL, Kind.WHOLE)
)

MAX_DIGITS: Final = 11
MAX_DECIMALS: Final = 3
Plain = re.Pattern[str]
ITEM: Final = re.compile(
    r"NEW_ITEM(?:-([A-Z0-9_]{1,60})|(_[A-Z0-9_]{1,60}))\s?\[\s?(\d{1,6})\s?\]", re.ASCII
)
LONG: Final = re.compile(r"NEW_ITEM-LONGTEXT_(\d{1,6}):132\[\d{0,6}\]", re.ASCII)
_NAME: Final = re.compile(r"[A-Z0-9_]{1,60}", re.ASCII)
_UNIT: Final = re.compile(r"[A-Z0-9]{1,3}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_REFERENCE: Final = re.compile(r"&#\d{2,7};")


@lru_cache(maxsize=64)
def plain_values(version: str, price_decimals: int, quantity_decimals: int) -> Mapping[str, Plain]:
    """Return for each field a pattern of the values that nothing can be said against.

    Nearly every value of a cart is of that kind, and only the others need a closer look.
    """
    named = {"PRICE": price_decimals, "QUANTITY": quantity_decimals}
    known = (field for field in FIELDS.values() if VERSIONS.index(field.since) <= _rank(version))
    return {
        field.name: re.compile(
            _pattern(field, field.length_in(version), named), re.DOTALL | re.ASCII
        )
        for field in known
    }


def _pattern(field: Field, length: int, decimals: Mapping[str, int]) -> str:
    """Return the pattern of one field's plain values, the empty one among them."""
    if field.kind is Kind.UNIT:
        return "|[A-Z0-9]{1,3}"
    if field.kind is Kind.CURRENCY:
        return "|[A-Z]{3}"
    if field.kind is Kind.WHOLE:
        return f"|[1-9][0-9]{{0,{length - 1}}}"
    if field.kind is Kind.DECIMAL:
        room = min(MAX_DECIMALS, decimals.get(field.name, MAX_DECIMALS))
        fraction = rf"(?:\.[0-9]{{1,{room}}})?" if room else ""
        nought = "0|" if field.name == "PRICE" else ""
        return rf"|(?:{nought}[1-9][0-9]{{0,{MAX_DIGITS - 1}}}){fraction}"
    return f".{{0,{length}}}" if not field.values else "|".join(("", *field.values))


def check(pairs: Iterable[tuple[str, str]], dialect: OciDialect) -> tuple[Fault, ...]:
    """Return what the field list has against a form, at most 100 findings."""
    found: list[Fault] = []
    items: dict[int, dict[str, str]] = {}
    custom = custom_names(dialect)
    plain = plain_values(dialect.version, dialect.price_decimals, dialect.quantity_decimals)
    may_lose = dialect.charset.upper() != "UTF-8"
    for name, value in pairs:
        if may_lose and "&#" in value and (lost := _REFERENCE.search(value)):
            found.append(fault("OCI-039", "not in the charset", path=name, found=lost[0]))
        known = field_and_number(name)
        if known is None:
            continue
        field, number = known
        items.setdefault(number, {})[field] = value
        pattern = plain.get(field)
        if pattern is None or pattern.fullmatch(value) is None:
            found += findings_of(name, field, value, dialect, custom)
    for number, values in items.items():
        found += _together(number, values)
    found += holes(items, dialect.first_index)
    return limited(found)


@lru_cache(maxsize=16_384)
def field_and_number(name: str) -> tuple[str, int] | None:
    """Return which field of which item a name means, `NEW_ITEM_CERT` whole; None when of none.

    Carts differ in what stands in their fields, hardly in the fields' names.
    """
    match = ITEM.fullmatch(name)
    return None if match is None else (match[1] or f"NEW_ITEM{match[2]}", int(match[3]))


def custom_names(dialect: OciDialect) -> set[str]:
    """Return the fields besides SAP's that a buyer takes, `NEW_ITEM_CERT` with its prefix."""
    names = (fold(name).removeprefix("NEW_ITEM-") for name in dialect.custom_fields)
    return {name for name in names if _NAME.fullmatch(name)}


def is_free(name: str) -> bool:
    """Tell whether a field means what buyer and supplier agreed on: a property to mappings."""
    return name.startswith("CUST_FIELD") or (name not in FIELDS and name != LONGTEXT)


def findings_of(
    path: str, name: str, value: str, dialect: OciDialect, custom: set[str]
) -> Iterator[Fault]:
    """Give what speaks against one field; `custom` are the names besides SAP's that may be sent."""
    known = FIELDS.get(name)
    if known is None:
        if name not in custom:
            yield fault("OCI-037", "not in SAP's field list", path=path)
        return
    if VERSIONS.index(known.since) > _rank(dialect.version):
        what = f"OCI {dialect.version} has no such field"
        yield fault("OCI-038", what, path=path, expected=f"OCI {known.since}")
    if not value:
        return
    length = known.length_in(dialect.version)
    if len(value) > length:
        yield _weighed(known, "OCI-030", "too long", path, value, f"at most {length} characters")
    yield from _value(known, path, value, dialect)


def _rank(version: str) -> int:
    return VERSIONS.index(version) if version in VERSIONS else len(VERSIONS)


def _value(field: Field, path: str, value: str, dialect: OciDialect) -> Iterator[Fault]:
    if field.kind in (Kind.DECIMAL, Kind.WHOLE):
        yield from _number(field, path, value, dialect)
    elif field.kind is Kind.UNIT and not _UNIT.fullmatch(value):
        expected = "one to three capitals or digits"
        yield fault("OCI-035", "no ISO unit", path=path, found=value, expected=expected)
    elif field.kind is Kind.CURRENCY and not _CURRENCY.fullmatch(value):
        expected = "three capitals, ISO 4217"
        yield fault("OCI-036", "no currency", path=path, found=value, expected=expected)
    elif field.values and value not in field.values:
        expected = f"nothing or {', '.join(field.values)}"
        yield _weighed(field, "OCI-036", "unknown value", path, value, expected)


def _number(field: Field, path: str, value: str, dialect: OciDialect) -> Iterator[Fault]:
    number = decimal_of(value)
    if number is None:
        yield fault("OCI-031", "no number", path=path, found=value)
        return
    if field.name in ("QUANTITY", "PRICEUNIT") and number <= 0:
        yield fault("OCI-036", "not above nought", path=path, found=value)
    elif number < 0:
        yield fault("OCI-036", "below nought", path=path, found=value)
    room = _decimals(field, dialect)
    if places(number) > room:
        expected = f"at most {room} decimals"
        yield _weighed(field, "OCI-032", "too many decimals", path, value, expected)
    if digits(number) > MAX_DIGITS:
        expected = f"at most {MAX_DIGITS} digits before the dot"
        yield _weighed(field, "OCI-033", "too large", path, value, expected)


def _decimals(field: Field, dialect: OciDialect) -> int:
    named = {"PRICE": dialect.price_decimals, "QUANTITY": dialect.quantity_decimals}
    if field.kind is not Kind.DECIMAL:
        return 0
    return min(MAX_DECIMALS, named.get(field.name, MAX_DECIMALS))


def _together(number: int, values: Mapping[str, str]) -> Iterator[Fault]:
    """Give what one item lacks: conditions between its fields."""
    for wanted, unless in (
        (("DESCRIPTION", "MATNR"), ()),
        (("QUANTITY",), ()),
        (("UNIT",), ("MATNR",)),
    ):
        if not any(values.get(name) for name in (*wanted, *unless)):
            yield _missing(number, wanted, "")
    price = decimal_of(values.get("PRICE", ""))
    if price not in (None, Decimal(0)) and not values.get("CURRENCY"):
        yield _missing(number, ("CURRENCY",), " beside a price")


def _missing(number: int, names: tuple[str, ...], why: str) -> Fault:
    path = f"NEW_ITEM-{names[0]}[{number}]"
    return fault("OCI-034", f"{' or '.join(names)} must be there{why}", path=path)


def holes(items: Mapping[int, object], first: int) -> Iterator[Fault]:
    """Give the first item whose number is not the one that a buyer's system looks for next."""
    expected = range(first, first + len(items))
    for number, wanted in zip(sorted(items), expected, strict=True):
        if number != wanted:
            path = f"NEW_ITEM-DESCRIPTION[{number}]"
            yield fault("OCI-021", "a number is missing", path=path, expected=f"[{wanted}]")
            return


def _weighed(field: Field, code: str, message: str, path: str, found: str, expected: str) -> Fault:
    """Return a fault that is a warning for fields that only describe."""
    made = fault(code, message, path=path, found=found, expected=expected)
    if field.essential:
        return made
    return msgspec.structs.replace(made, severity=Severity.WARNING)
