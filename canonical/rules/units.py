"""Convert between units of measure, only where the conversion is exact and known.

Known means: two codes of UN/ECE Recommendation 20 for one thing, a scale that the unit's own
definition fixes, or a package that the product declares. A pair is not two pieces here: who
orders "2 EA" of gloves sold in pairs may mean either, so a person has to say.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from canonical.amounts import MAX_DIGITS
from canonical.product import Product

SCALES: Final[Mapping[str, tuple[str, Fraction]]] = {
    "EA": ("count", Fraction(1)),
    "C62": ("count", Fraction(1)),
    "H87": ("count", Fraction(1)),
    "NAR": ("count", Fraction(1)),
    "NMB": ("count", Fraction(1)),
    "DZN": ("count", Fraction(12)),
    "CEN": ("count", Fraction(100)),
    "GRO": ("count", Fraction(144)),
    "MIL": ("count", Fraction(1000)),
    "PR": ("pair", Fraction(1)),
    "NPR": ("pair", Fraction(1)),
    "MGM": ("mass", Fraction(1, 1000)),
    "GRM": ("mass", Fraction(1)),
    "KGM": ("mass", Fraction(1000)),
    "TNE": ("mass", Fraction(1_000_000)),
    "MMT": ("length", Fraction(1, 1000)),
    "CMT": ("length", Fraction(1, 100)),
    "DMT": ("length", Fraction(1, 10)),
    "MTR": ("length", Fraction(1)),
    "KMT": ("length", Fraction(1000)),
    "CMK": ("area", Fraction(1, 10_000)),
    "MTK": ("area", Fraction(1)),
    "MLT": ("volume", Fraction(1, 1000)),
    "CLT": ("volume", Fraction(1, 100)),
    "DLT": ("volume", Fraction(1, 10)),
    "LTR": ("volume", Fraction(1)),
    "HLT": ("volume", Fraction(100)),
    "MTQ": ("volume", Fraction(1000)),
}
"""Dimension and size of each unit that its definition alone fixes."""


_PACKAGES: Final = (
    "AV BG BJ BO BR BT BX CA CL CQ CR CS CT CU CY DR JR PA PG PK PL RD RL RO SA SO TU UN VI"
)
RENAMED: Final[Mapping[str, str]] = {
    **{code: f"X{code}" for code in _PACKAGES.split()},
    "PF": "XPX",
    "PT": "PTL",
    "QT": "QTL",
    "SHT": "STN",
}
"""Codes that left Recommendation 20, most for Recommendation 21, by what they are called today.

Peppol wants the code of today, cXML and OCI have the old one: a pack is a pack by either.
"""


def product_units(product: Product, unit: str) -> Fraction | None:
    """Return how many of the product's own units one `unit` holds, or None when not known."""
    wanted = todays(unit)
    if wanted == todays(product.unit):
        return Fraction(1)
    for package in product.packages:
        if todays(package.unit) == wanted and package.content > 0:
            return Fraction(package.content)
    here, there = SCALES.get(unit), SCALES.get(product.unit)
    if here is None or there is None or here[0] != there[0]:
        return None
    return here[1] / there[1]


def todays(unit: str) -> str:
    """Return the code that a unit has today."""
    return RENAMED.get(unit, unit)


def exact_decimal(value: Fraction) -> Decimal | None:
    """Return `value` as a decimal of at most `MAX_DIGITS` digits, or None when none is exact."""
    result = Decimal(value.numerator) / Decimal(value.denominator)
    if len(result.as_tuple().digits) > MAX_DIGITS or Fraction(result) != value:
        return None
    return Decimal(format(result.normalize(), "f"))
