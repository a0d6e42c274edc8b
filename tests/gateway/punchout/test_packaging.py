"""A quantity becomes what its packages hold, exactly, and the next one that can be had is found."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.faults import Fault
from canonical.product import Package
from gateway.punchout.offers import quantity_fault
from gateway.punchout.packaging import fitting, in_own_unit, packed, unit_called, units_of
from tests.builders import make_product

BOLT = make_product(
    unit="C62",
    minimum_quantity=Decimal(100),
    quantity_multiple=Decimal(50),
    packages=(Package(unit="PF", content=Decimal(4000)), Package(unit="BX", content=Decimal(100))),
)
NAMES = (("box", "BX"), ("box", "XBX"), ("piece", "C62"), ("piece", "EA"), ("dozen", "DZN"))

amounts = st.decimals(min_value=0, max_value=100_000, places=2)
steps = st.decimals(min_value="0.25", max_value=500, places=2)


@given(amounts, steps, steps)
def test_what_is_suggested_can_be_ordered_and_nothing_smaller_can(
    quantity: Decimal, minimum: Decimal, multiple: Decimal
) -> None:
    product = make_product(minimum_quantity=minimum, quantity_multiple=multiple)
    found = fitting(product, quantity)
    assert quantity_fault(product, found) is None
    assert found >= quantity
    below = found - multiple
    assert below < quantity or quantity_fault(product, below) is not None


def test_a_product_without_a_multiple_is_had_from_its_minimum_on() -> None:
    product = make_product(minimum_quantity=Decimal(3), quantity_multiple=Decimal(0))
    assert fitting(product, Decimal("0.7")) == Decimal(3)
    assert fitting(product, Decimal("3.7")) == Decimal("3.7")


def test_units_come_small_first_after_the_products_own() -> None:
    assert units_of(BOLT) == ("C62", "BX", "PF")


@pytest.mark.parametrize(
    ("quantity", "unit", "own"),
    [("3", "BX", "300"), ("0.5", "PF", "2000"), ("7", "", "7"), ("7", "C62", "7"),
     ("2", "DZN", "24")],
)  # fmt: skip
def test_packages_become_what_they_hold(quantity: str, unit: str, own: str) -> None:
    assert in_own_unit(BOLT, Decimal(quantity), unit) == Decimal(own)


def test_a_unit_that_says_nothing_of_the_product_is_refused_with_those_that_do() -> None:
    found = in_own_unit(BOLT, Decimal(1), "KGM")
    assert isinstance(found, Fault)
    assert (found.code, found.expected) == ("PUNCHOUT-104", "C62 or BX or PF")


def test_a_quantity_without_an_exact_content_is_refused() -> None:
    metre = make_product(unit="GRO")
    assert isinstance(in_own_unit(metre, Decimal(1), "EA"), Fault)


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [("8000", ("2", "PF")), ("4100", ("41", "BX")), ("300", ("3", "BX")), ("50", None)],
)
def test_a_quantity_is_shown_in_the_largest_package_that_holds_it(
    quantity: str, shown: tuple[str, str] | None
) -> None:
    wanted = None if shown is None else Quantity(value=Decimal(shown[0]), unit=shown[1])
    assert packed(BOLT, Decimal(quantity)) == wanted


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("", "C62"), ("bx", "BX"), ("Box", "BX"), ("box.", "BX"), ("piece", "C62"), ("EA", "EA"),
     ("dozen", "DZN"), ("barrel", None), ("KGM", None)],
)  # fmt: skip
def test_a_typed_unit_is_the_one_that_the_product_has(typed: str, unit: str | None) -> None:
    assert unit_called(BOLT, typed, NAMES) == unit
