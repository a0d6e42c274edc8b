"""Write the demo supplier's data files from `families.toml`: the same files every time.

Run `python examples/demo/core/generate.py` after changing the families and commit the result. What
looks like chance (stock, which articles have breaks) comes from a checksum of the article number.
"""

import csv
import json
import re
import sys
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[2]))

from drawings import DRAWINGS, svg  # noqa: E402 -- found by the lines above

from canonical.gtin import check_digit  # noqa: E402

Row = Mapping[str, object]

WAREHOUSES: Final = ("Malmö", "Stockholm", "Oslo")
ROUTES: Final = (
    ("Malmö", "SE", "", 2),
    ("Malmö", "SE", "2", 1),
    ("Malmö", "SE", "9", 3),
    ("Malmö", "DK", "", 2),
    ("Stockholm", "SE", "", 2),
    ("Stockholm", "SE", "1", 1),
    ("Stockholm", "SE", "7", 1),
    ("Stockholm", "FI", "", 3),
    ("Oslo", "NO", "", 1),
    ("Oslo", "SE", "", 3),
)
STANDARD: Final = "STANDARD-SEK"
REGION: Final = "REGION-2026"
NORDHAMN: Final = "NORDHAMN-2026"
SINCE: Final = "2026-01-01"
ARRIVALS: Final = ("2026-12-07", "2026-12-14", "2027-01-11", "2027-01-25", "2027-02-15")
DEAR: Final = Decimal(1000)
TRAITS: Final = {
    "Colour": r"\b(white|black|grey|blue|red|green|yellow|orange|pink|salmon|brown|clear|oak|birch"
    r"|brushed steel|transparent|cyan|magenta|mixed)\b",
    "Format": r"\b([AC]\d|E65)\b",
    "Size": r"\bsize (\w+)|\b(S-M|L-XL)\b",
    "Length": r"(\d+(?:\.\d+)? m)\b",
    "Power": r"(\d+(?:\.\d+)? W)\b",
    "Light colour": r"(\d \d{3} K)\b",
}
"""Where a property stands in the name of a variant; a family says which of them it has."""
STANDARD_RATE, REDUCED = 25, 12
FOOD: Final = (["Pantry", "Hot drinks"],)
"""What Sweden taxes less; the cups and filters beside it are taxed as everything else."""
LABELS: Final = ("Nordic Swan Ecolabel", "EU Ecolabel", "Fairtrade and organic")


@dataclass(frozen=True)
class Family:
    """Describe articles that differ in one thing; `per` is how many its prices are for.

    `traits` are the properties that a buyer can choose by, as `TRAITS` finds them.
    """

    prefix: str
    category: list[str]
    maker: str
    unspsc: str
    unit: str
    image: str
    name: str
    text: str
    variants: list[list[str]]
    multiple: int = 1
    minimum: int = 1
    packages: str = ""
    per: int = 1
    lead: int = 5
    assortments: str = ""
    traits: tuple[str, ...] = ()


FAMILIES: Final = [
    Family(**one)
    for one in tomllib.loads((HERE / "families.toml").read_text(encoding="utf-8"))["family"]
]


class Article:
    """Hold one article and the number that its chance comes from."""

    def __init__(self, family: Family, number: int, variant: str, price: str) -> None:
        self.family = family
        self.sku = f"{family.prefix}-{number}"
        self.variant = variant
        self.price = Decimal(price)
        self.chance = zlib.crc32(self.sku.encode())
        digits = f"73501{number + 1000 * zlib.crc32(family.prefix.encode()) % 9000000:07d}"[:12]
        self.gtin = digits + check_digit(digits)

    def hit(self, salt: str, percent: int) -> bool:
        """Tell whether this article is among that share, differently for each salt."""
        return zlib.crc32(f"{salt}{self.sku}".encode()) % 100 < percent


def articles() -> list[Article]:
    """Return every article, numbered in tens within its prefix."""
    numbers: dict[str, int] = {}
    result = []
    for family in FAMILIES:
        for variant, price in family.variants:
            number = numbers.get(family.prefix, 10000) + 10
            numbers[family.prefix] = number
            result.append(Article(family, number, variant, price))
    return result


def properties(one: Article) -> str:
    """Return what a buyer can choose an article by: `Colour=grey|Size=10`."""
    found = {
        name: next(filter(None, match.groups()))
        for name in one.family.traits
        if (match := re.search(TRAITS[name], one.variant))
    }
    label = next((each for each in LABELS if each in one.family.text), None)
    if label is not None:
        found["Label"] = label
    return "|".join(f"{name}={value}" for name, value in found.items())


def products(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of products.csv."""
    for one in sold:
        family = one.family
        yield {
            "sku": one.sku,
            "name": family.name.format(one.variant),
            "description": family.text.format(one.variant),
            "unit": family.unit,
            "category": " > ".join(family.category),
            "gtin": one.gtin,
            "manufacturer": family.maker,
            "manufacturer_sku": f"{family.maker[:3].upper()}{one.chance % 900000 + 100000}",
            "unspsc": family.unspsc,
            "image": f"{family.image}.svg",
            "minimum_quantity": family.minimum,
            "quantity_multiple": family.multiple,
            "packages": family.packages,
            "lead_time_days": family.lead,
            "tax_percent": REDUCED if family.category[:2] in FOOD else STANDARD_RATE,
            "assortments": family.assortments,
            "discount_group": family.category[0],
            "properties": properties(one),
        }


def money(value: Decimal) -> str:
    """Return an amount with two decimals."""
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def breaks(one: Article, amount: Decimal) -> str:
    """Return two steps above the minimum: 5 and 9 per cent less."""
    step = max(one.family.multiple, one.family.minimum)
    first, second = (10, 50) if amount < DEAR else (3, 10)
    if step > 1:
        first, second = step * 5, step * 20
    return f"{first}={money(amount * 95 / 100)}|{second}={money(amount * 91 / 100)}"


def prices(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of prices.csv: the standard list, two contract lists, an old campaign."""
    for one in sold:
        base = {"sku": one.sku, "base_quantity": one.family.per, "valid_from": SINCE}
        steps = breaks(one, one.price) if one.hit("standard-breaks", 30) else ""
        yield base | {"price_list": STANDARD, "amount": money(one.price), "breaks": steps}
        if one.family.assortments != "industry" and one.hit("region", 60):
            amount = one.price * (72 + one.chance % 14) / 100
            steps = breaks(one, amount) if one.hit("region-breaks", 55) else ""
            yield base | {"price_list": REGION, "amount": money(amount), "breaks": steps}
        if one.family.assortments != "region-framework" and one.hit("nordhamn", 30):
            amount = one.price * (80 + one.chance % 11) / 100
            steps = breaks(one, amount) if one.hit("nordhamn-breaks", 70) else ""
            yield base | {"price_list": NORDHAMN, "amount": money(amount), "breaks": steps}
        if one.hit("campaign", 4):
            yield base | {
                "price_list": STANDARD,
                "amount": money(one.price * 85 / 100),
                "breaks": "",
                "valid_from": "2026-06-01",
                "valid_to": "2026-08-31",
            }


def net_prices(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of net_prices.csv: what was agreed article by article."""
    for one in sold:
        row = {"sku": one.sku, "currency": "SEK", "base_quantity": one.family.per}
        row |= {"valid_from": SINCE, "valid_to": "2030-12-31"}
        if one.family.assortments != "industry" and one.hit("net-region", 8):
            yield row | {
                "customer_id": "10001",
                "amount": money(one.price * 65 / 100),
                "breaks": "",
            }
        if one.family.assortments != "region-framework" and one.hit("net-nordhamn", 6):
            amount = one.price * 74 / 100
            yield row | {
                "customer_id": "10002",
                "amount": money(amount),
                "breaks": breaks(one, amount),
            }


def deliveries() -> Iterable[Row]:
    """Yield the rows of deliveries.csv: near is a day, far is three."""
    for warehouse, country, postal_code, days in ROUTES:
        yield {
            "warehouse": warehouse,
            "country": country,
            "postal_code": postal_code,
            "days": str(days),
            "cut_off": "15:00",
            "time_zone": "Europe/Oslo" if warehouse == "Oslo" else "Europe/Stockholm",
        }


def part_numbers(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of part_numbers.csv: what the two customers call some of the articles."""
    for one in sold:
        if one.family.assortments != "industry" and one.hit("named-region", 10):
            number = f"RV {zlib.crc32(one.sku.encode()) % 900_000 + 100_000}"
            yield {"customer_id": "10001", "buyer_sku": number, "sku": one.sku}
        if one.family.assortments != "region-framework" and one.hit("named-nordhamn", 10):
            number = f"NH-{one.sku[:2]}-{zlib.crc32(one.sku.encode()) % 9_000 + 1_000}"
            yield {"customer_id": "10002", "buyer_sku": number, "sku": one.sku}


def discounts() -> Iterable[Row]:
    """Yield the rows of discounts.csv: percentages by group, on list prices only."""
    groups = sorted({family.category[0] for family in FAMILIES})
    for index, group in enumerate(groups):
        yield {"customer_id": "10002", "discount_group": group, "percent": 8 + index % 4 * 2}
    yield {"customer_id": "10001", "discount_group": "IT and electronics", "percent": "4.5"}


def stock(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of stock.csv; some articles are out of stock everywhere."""
    for one in sold:
        for index, warehouse in enumerate(WAREHOUSES):
            if index and not one.hit(warehouse, 75):
                continue
            share = zlib.crc32(f"{warehouse}{one.sku}".encode()) % 60 + 4
            many = share * one.family.multiple if one.price < DEAR else share // 4
            empty = one.hit("empty", 6) or one.hit(f"empty-{warehouse}", 8)
            yield {
                "sku": one.sku,
                "warehouse": warehouse,
                "on_hand": 0 if empty else many,
                "lead_time_days": one.family.lead + index * 2,
            }


def incoming(sold: Sequence[Article]) -> Iterable[Row]:
    """Yield the rows of incoming.csv, mostly for what is out of stock."""
    for one in sold:
        if (one.hit("empty", 6) and one.hit("ordered", 80)) or one.hit("incoming", 10):
            yield {
                "sku": one.sku,
                "warehouse": WAREHOUSES[0],
                "expected_on": ARRIVALS[one.chance % len(ARRIVALS)],
                "quantity": one.family.multiple * (20 + one.chance % 80),
            }


def address(number: str, name: str, street: str, code: str, city: str) -> dict[str, object]:
    """Return a delivery address in Sweden."""
    return {
        "address_id": number,
        "scheme": "GLN",
        "name": name,
        "street": [street],
        "postal_code": code,
        "city": city,
        "country": "SE",
    }


def gln(twelve: str) -> str:
    """Return a GLN from its first twelve digits."""
    return twelve + check_digit(twelve)


def customers() -> list[dict[str, object]]:
    """Return the content of customers.json."""
    return [
        {
            "customer_id": "10001",
            "name": "Region Sydlandet",
            "currency": "SEK",
            "contract": "Framework agreement RS-2026-114, workplace supplies",
            "price_list": REGION,
            "assortments": ["region-framework"],
            "identifiers": [
                {"scheme": "DUNS", "value": "350000111"},
                {"scheme": "GLN", "value": gln("735000000011")},
                {"scheme": "VAT", "value": "SE232100000101"},
            ],
            "orderers": [
                {
                    "email": "karin.holm@region-sydlandet.example",
                    "name": "Karin Holm",
                    "limit": "50000",
                },
                {
                    "email": "ali.rezai@region-sydlandet.example",
                    "name": "Ali Rezai",
                    "limit": "10000",
                },
                {"email": "inkop@region-sydlandet.example", "name": "Central purchasing"},
            ],
            "addresses": [
                address(
                    gln("735000000012"),
                    "Central hospital, goods reception",
                    "Lasarettsgatan 4",
                    "211 20",
                    "Malmö",
                ),
                address(
                    gln("735000000013"),
                    "Care centre Norrtull",
                    "Norrtullsvägen 18",
                    "252 30",
                    "Helsingborg",
                ),
                address(
                    gln("735000000014"),
                    "Regional office",
                    "Rådhustorget 1",
                    "291 31",
                    "Kristianstad",
                ),
            ],
            "salesperson": {
                "name": "Maja Lindqvist",
                "email": "maja.lindqvist@supplier.example",
                "telephone": "+46 40 000 00 21",
                "role": "sales",
            },
        },
        {
            "customer_id": "10002",
            "name": "Nordhamn Industri AB",
            "currency": "SEK",
            "contract": "Annual agreement NI-26",
            "price_list": NORDHAMN,
            "assortments": ["industry"],
            "identifiers": [
                {"scheme": "DUNS", "value": "350000222"},
                {"scheme": "GLN", "value": gln("735000000021")},
                {"scheme": "VAT", "value": "SE556000002201"},
            ],
            "orderers": [
                {"email": "erik.sand@nordhamn.example", "name": "Erik Sand", "limit": "25000"},
                {"email": "linda.berg@nordhamn.example", "name": "Linda Berg"},
            ],
            "addresses": [
                address(gln("735000000022"), "Plant 1, gate B", "Varvsgatan 9", "271 39", "Ystad"),
                address(gln("735000000023"), "Plant 2", "Industrivägen 30", "374 32", "Karlshamn"),
            ],
            "salesperson": {
                "name": "Oskar Vik",
                "email": "oskar.vik@supplier.example",
                "telephone": "+46 40 000 00 34",
                "role": "sales",
            },
        },
    ]


def write(name: str, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write one CSV file and return how many rows it has."""
    count = 0
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


PRICE: Final = ("amount", "base_quantity", "breaks", "valid_from", "valid_to")


def main() -> None:
    """Write every file."""
    sold = articles()
    first = next(iter(products(sold)))
    counts = {
        "products.csv": write("products.csv", products(sold), list(first)),
        "price_lists.csv": write(
            "price_lists.csv",
            (
                {
                    "price_list": name,
                    "currency": "SEK",
                    "standard": "yes" if name == STANDARD else "no",
                }
                for name in (STANDARD, REGION, NORDHAMN)
            ),
            ("price_list", "currency", "standard"),
        ),
        "prices.csv": write("prices.csv", prices(sold), ("price_list", "sku", *PRICE)),
        "net_prices.csv": write(
            "net_prices.csv", net_prices(sold), ("customer_id", "sku", "currency", *PRICE)
        ),
        "discounts.csv": write(
            "discounts.csv", discounts(), ("customer_id", "discount_group", "percent")
        ),
        "part_numbers.csv": write(
            "part_numbers.csv", part_numbers(sold), ("customer_id", "buyer_sku", "sku")
        ),
        "stock.csv": write(
            "stock.csv", stock(sold), ("sku", "warehouse", "on_hand", "lead_time_days")
        ),
        "incoming.csv": write(
            "incoming.csv", incoming(sold), ("sku", "warehouse", "expected_on", "quantity")
        ),
        "deliveries.csv": write(
            "deliveries.csv",
            deliveries(),
            ("warehouse", "country", "postal_code", "days", "cut_off", "time_zone"),
        ),
    }
    text = json.dumps(customers(), ensure_ascii=False, indent=2) + "\n"
    (HERE / "customers.json").write_text(text, encoding="utf-8")
    images = HERE / "images"
    images.mkdir(exist_ok=True)
    for name in DRAWINGS:
        (images / f"{name}.svg").write_text(svg(name), encoding="utf-8")
    for name, count in counts.items():
        sys.stdout.write(f"{name}: {count}\n")


if __name__ == "__main__":
    main()
