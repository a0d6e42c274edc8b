"""Load a folder of CSV and JSON files into the embedded core: all of it, or nothing.

Every file is read and judged before anything is written, and every fault is reported at once with
its file and line. What is written goes in one transaction. Loading again changes what
changed, marks what is gone as deleted, and leaves orders and their reservations alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from canonical.faults import Fault
from canonical.finite import unfit_amount
from canonical.party import Customer
from canonical.product import Classification, Product, TaxCategory
from canonical.stock import IncomingStock
from gateway.connectors.embedded.columns import (
    TABLES,
    Parser,
    Table,
    currency,
    percent,
    tax_category,
    words,
)
from gateway.connectors.embedded.records import (
    FAULTS,
    Records,
    Spot,
    fault,
    find_file,
    finding,
    read_records,
)
from gateway.connectors.embedded.writing import (
    Contents,
    CustomerEntry,
    Loaded,
    ProductEntry,
    StockEntry,
    write_contents,
)
from gateway.errors import ConfigurationError
from gateway.store.database import Database

__all__ = ["FAULTS", "Loaded", "Reading", "is_filled", "load_folder", "read_folder"]

Values = dict[str, object]
_ONE: Final = Decimal(1)
STANDARD: Final = TaxCategory().category


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what a folder says; with faults, `contents` is not fit to be written."""

    contents: Contents
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Entry:
    """Hold one row after its cells have been parsed."""

    line: int
    values: Values


@dataclass(slots=True)
class _File:
    """Hold one file's rows."""

    name: str
    entries: list[_Entry] = field(default_factory=list)
    whole: bool = True
    """Every row could be read; otherwise who refers to one that could not is not to blame."""


def is_filled(folder: Path) -> bool:
    """Tell whether there is anything to read; a new workspace has an empty folder."""
    return folder.is_dir() and any(folder.iterdir())


def load_folder(database: Database, folder: Path) -> Loaded:
    """Load `folder`; raises `ConfigurationError` with every finding and then changes nothing."""
    reading = read_folder(folder)
    if reading.faults:
        count = f"{len(reading.faults)} fault{'s' if len(reading.faults) > 1 else ''}"
        message = f"the core's data in {folder} has {count}; nothing loaded"
        raise ConfigurationError(message, tuple(finding(one) for one in reading.faults))
    return database.write(lambda connection: write_contents(connection, reading.contents))


def read_folder(folder: Path) -> Reading:
    """Return what the files of `folder` say and everything that is wrong with them."""
    faults: list[Fault] = []
    files = {name: _read_table(folder, name, faults) for name in TABLES}
    before = len(faults)
    customers = _read_customers(folder, faults)
    keys: Mapping[str, frozenset[str] | None] = {
        "products": _keys(files["products"], "sku"),
        "price_lists": _keys(files["price_lists"], "price_list"),
        "customers": frozenset(entry.customer.customer_id for entry in customers)
        if len(faults) == before
        else None,
    }
    for name, table in TABLES.items():
        faults.extend(_broken_references(files[name], table, keys))
    faults.extend(_rates_missing(files["products"]))
    lists = keys["price_lists"]
    for entry in customers:
        if lists is not None and entry.price_list is not None and entry.price_list not in lists:
            spot = Spot(entry.file, entry.line, "price_list")
            faults.append(fault("CORE-008", spot, found=entry.price_list))
    if faults:
        return Reading(Contents(), tuple(faults))
    return Reading(_contents(files, customers))


def _keys(file: _File, column: str) -> frozenset[str] | None:
    """Return the keys that others may refer to; None where they are not all known."""
    if not file.whole:
        return None
    return frozenset(str(entry.values[column]) for entry in file.entries)


def _read_table(folder: Path, name: str, faults: list[Fault]) -> _File:
    before = len(faults)
    file = _rows_of(folder, name, faults)
    file.whole = len(faults) == before
    return file


def _rows_of(folder: Path, name: str, faults: list[Fault]) -> _File:
    table, path = TABLES[name], find_file(folder, name)
    if path is None:
        if table.required:
            faults.append(fault("CORE-001", Spot(f"{name}.csv")))
        return _File(f"{name}.csv")
    records = read_records(path)
    faults.extend(records.faults)
    file = _File(path.name)
    if not _check_columns(records, table, faults):
        return file
    seen: dict[tuple[object, ...], int] = {}
    for line, cells in records.rows:
        values = _parse(cells, table, Spot(path.name, line), faults)
        if values is None:
            continue
        key = tuple(values.get(column) for column in table.key)
        first = seen.setdefault(key, line)
        if first != line:
            found = " ".join(str(part) for part in key if part is not None)
            expected = f"another key than on line {first}"
            faults.append(fault("CORE-007", Spot(path.name, line), found=found, expected=expected))
            continue
        file.entries.append(_Entry(line, values))
    return file


def _check_columns(records: Records, table: Table, faults: list[Fault]) -> bool:
    if not records.columns:
        return not records.faults
    unknown = [name for name in records.columns if name not in table.columns]
    known = ", ".join(table.columns)
    faults.extend(
        fault("CORE-003", Spot(records.file, 1), found=name, expected=f"one of {known}")
        for name in unknown
    )
    missing = [
        name
        for name, column in table.columns.items()
        if column.required and name not in records.columns
    ]
    faults.extend(fault("CORE-004", Spot(records.file, 1, name)) for name in missing)
    return not unknown and not missing


def _parse(
    cells: Mapping[str, object], table: Table, spot: Spot, faults: list[Fault]
) -> Values | None:
    values: Values = {}
    before = len(faults)
    for name, column in table.columns.items():
        at = Spot(spot.file, spot.line, name)
        cell = _text(cells.get(name))
        if cell is None:
            faults.append(fault("CORE-006", at, found=str(cells[name]), expected="text"))
        elif cell:
            try:
                values[name] = column.parse(cell)
            except ValueError as error:
                faults.append(fault("CORE-006", at, found=cell, expected=str(error)))
        elif column.required:
            faults.append(fault("CORE-005", at))
    return values if len(faults) == before else None


def _text(cell: object) -> str | None:
    """Return a cell as CSV would spell it; None when it is no plain value."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return "|".join(str(part) for part in cell)
    return cell.strip() if isinstance(cell, str) else None


def _broken_references(
    file: _File, table: Table, keys: Mapping[str, frozenset[str] | None]
) -> Iterator[Fault]:
    for name, column in table.columns.items():
        known = keys[column.refers] if column.refers else None
        if known is None:
            continue
        for entry in file.entries:
            value = str(entry.values[name])
            if value not in known:
                expected = f"one of {column.refers}"
                spot = Spot(file.name, entry.line, name)
                yield fault("CORE-008", spot, found=value, expected=expected)


def _rates_missing(file: _File) -> Iterator[Fault]:
    """Yield the products that are taxed as usual without saying how much that is."""
    for entry in file.entries:
        if entry.values.get("tax_category") == STANDARD and "tax_percent" not in entry.values:
            yield fault("CORE-005", Spot(file.name, entry.line, "tax_percent"))


def _read_customers(folder: Path, faults: list[Fault]) -> list[CustomerEntry]:
    path = find_file(folder, "customers")
    if path is None or path.suffix != ".json":
        faults.append(fault("CORE-001", Spot("customers.json")))
        return []
    records = read_records(path)
    faults.extend(records.faults)
    entries: list[CustomerEntry] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, values in records.rows:
        entry = _customer(path.name, line, values, faults)
        if entry is None:
            continue
        entries.append(entry)
        for key in _customer_keys(entry.customer):
            first = seen.setdefault(key, line)
            if first != line:
                spot = Spot(path.name, line)
                expected = f"another than on line {first}"
                found = ":".join(key)
                faults.append(fault("CORE-007", spot, found=found, expected=expected))
    return entries


def _customer_keys(customer: Customer) -> set[tuple[str, ...]]:
    return {
        (customer.customer_id,),
        *((one.scheme.casefold(), one.value) for one in customer.identifiers),
    }


def _customer(
    file: str, line: int, values: Mapping[str, object], faults: list[Fault]
) -> CustomerEntry | None:
    plain = dict(values)
    price_list = plain.pop("price_list", None)
    try:
        customer = msgspec.convert(plain, type=Customer, strict=False)
    except msgspec.ValidationError as error:
        faults.append(fault("CORE-010", Spot(file, line), found=str(error)))
        return None
    unfit = unfit_amount(customer)
    if unfit is not None:
        faults.append(fault("CORE-010", Spot(file, line), found=unfit, expected="a plain number"))
        return None
    misfits = list(_misfits(customer, Spot(file, line)))
    faults.extend(misfits)
    if misfits:
        return None
    return CustomerEntry(
        file=file,
        line=line,
        customer=customer,
        price_list=None if price_list is None else str(price_list),
    )


def _misfits(customer: Customer, spot: Spot) -> Iterator[Fault]:
    """Yield the values that no column of ours can hold."""
    cells: list[tuple[str, str, Parser]] = [
        ("customer_id", customer.customer_id, words(40)),
        ("currency", customer.currency, currency),
        *(("identifiers.scheme", one.scheme, words(40)) for one in customer.identifiers),
        *(("identifiers.value", one.value, words(120)) for one in customer.identifiers),
    ]
    if customer.tax is not None:
        cells.append(("tax.category", customer.tax.category, tax_category))
        cells.append(("tax.percent", f"{customer.tax.percent:f}", percent))
    for name, cell, parse in cells:
        at = Spot(spot.file, spot.line, name)
        try:
            parse(cell)
        except ValueError as error:
            yield fault("CORE-006", at, found=cell, expected=str(error))
        else:
            if not cell:
                yield fault("CORE-005", at)


def _contents(files: Mapping[str, _File], customers: list[CustomerEntry]) -> Contents:
    return Contents(
        products=tuple(_product(entry.values) for entry in files["products"].entries),
        price_lists=_rows(files["price_lists"], {"standard": False}),
        prices=_rows(files["prices"], {"base_quantity": _ONE, "breaks": ()}),
        discounts=_rows(files["discounts"], {}),
        net_prices=_rows(files["net_prices"], {"base_quantity": _ONE, "breaks": ()}),
        part_numbers=_rows(files["part_numbers"], {}),
        deliveries=_rows(files["deliveries"], {"postal_code": "", "time_zone": "UTC"}),
        stock=_stock(files["stock"], files["incoming"]),
        customers=tuple(customers),
    )


def _rows(file: _File, defaults: Mapping[str, object]) -> tuple[Values, ...]:
    return tuple({**defaults, **entry.values} for entry in file.entries)


def _product(values: Values) -> ProductEntry:
    plain = dict(values)
    group = plain.pop("discount_group", None)
    code = plain.pop("unspsc", None)
    if code is not None:
        plain["classifications"] = (Classification(scheme="UNSPSC", code=str(code)),)
    plain["attachments"] = plain.pop("documents", ())
    tax = {name: plain.pop(f"tax_{name}", None) for name in ("category", "percent")}
    if any(value is not None for value in tax.values()):
        known = {name: value for name, value in tax.items() if value is not None}
        plain["tax"] = msgspec.convert(known, type=TaxCategory)
    product = msgspec.convert(plain, type=Product, from_attributes=True)
    return ProductEntry(product=product, discount_group=None if group is None else str(group))


def _stock(stock: _File, incoming: _File) -> tuple[StockEntry, ...]:
    def place(entry: _Entry) -> tuple[str, str]:
        return str(entry.values["sku"]), str(entry.values["warehouse"])

    coming: dict[tuple[str, str], list[IncomingStock]] = {}
    for entry in incoming.entries:
        coming.setdefault(place(entry), []).append(
            msgspec.convert(
                {name: entry.values[name] for name in ("expected_on", "quantity")}, IncomingStock
            )
        )
    entries = {place(entry): entry.values for entry in stock.entries}
    entries |= {key: {} for key in coming if key not in entries}
    return tuple(
        msgspec.convert(
            {
                "sku": sku,
                "warehouse": warehouse,
                "on_hand": values.get("on_hand", Decimal(0)),
                "lead_time_days": values.get("lead_time_days"),
                "incoming": tuple(
                    sorted(coming.get((sku, warehouse), ()), key=lambda one: one.expected_on)
                ),
            },
            StockEntry,
            from_attributes=True,
        )
        for (sku, warehouse), values in entries.items()
    )
