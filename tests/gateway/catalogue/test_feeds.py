"""Customers' own part numbers find our products, each customer's only his own."""

import pytest

from canonical.product import PartNumber
from gateway.catalogue import Catalogue
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.builders import make_product


def named(customer: str, buyer_sku: str, sku: str) -> PartNumber:
    return PartNumber(customer_id=customer, buyer_sku=buyer_sku, sku=sku)


NAMES = (
    named("C1", "RV 100 200", "A-1"),
    named("C1", "RV-100-300", "A-2"),
    named("C1", "x/9", "A-1"),
    named("C1", "x9", "A-2"),
    named("C2", "RV-100-200", "A-2"),
    named("C/3", "RV/1", "A-3"),
    named("C1", "gone", "NOT-SOLD"),
)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    made = Catalogue(database)
    goods = tuple(make_product(f"A-{number}") for number in range(1, 4))
    made.apply_products(Page(goods, "1", more=False))
    made.apply_part_numbers(Page(NAMES, "7", more=False))
    return made


@pytest.mark.parametrize(
    ("customer", "asked", "found"),
    [
        ("C1", "RV 100 200", "A-1"),
        ("C1", "rv100200", "A-1"),
        ("C2", "rv100200", "A-2"),
        ("C1", "x/9", "A-1"),
        ("C1", "x9", "A-2"),
        ("C1", "X-9", None),
        ("C/3", "rv1", "A-3"),
        ("C2", "x9", None),
        ("", "x9", None),
        ("C1", "\x00", None),
    ],
)
def test_a_number_is_found_in_any_spelling_that_means_one_product(
    catalogue: Catalogue, customer: str, asked: str, found: str | None
) -> None:
    assert catalogue.by_buyer_number(customer, [asked, "-"]).get(asked) == found


def test_many_numbers_are_asked_at_once(catalogue: Catalogue) -> None:
    many = [f"N{number}" for number in range(1200)]
    assert catalogue.by_buyer_number("C1", [*many, "rv-100-300"]) == {"rv-100-300": "A-2"}


def test_search_finds_the_asker_s_numbers_first_and_nobody_else_s(catalogue: Catalogue) -> None:
    assert [one.sku for one in catalogue.search("RV-100-200", customer="C1").items] == ["A-1"]
    assert [one.sku for one in catalogue.search("rv100", customer="C1").items] == ["A-1", "A-2"]
    assert [one.sku for one in catalogue.search("rv100", customer="C2").items] == ["A-2"]
    assert catalogue.search("rv100").items == ()


def test_what_a_customer_calls_our_products_is_known(catalogue: Catalogue) -> None:
    assert catalogue.buyer_numbers("C1", ["A-1", "A-2", "A-3"]) == {
        "A-1": "RV 100 200",
        "A-2": "RV-100-300",
    }
    assert catalogue.buyer_numbers("C/3", ["A-3"]) == {"A-3": "RV/1"}


def test_a_deleted_number_is_forgotten_and_a_moved_one_moves(catalogue: Catalogue) -> None:
    change = Page((named("C1", "x9", "A-3"),), "8", more=False, deleted=("C%2F3/RV/1", "C1/x/9"))
    catalogue.apply_part_numbers(change)
    assert catalogue.by_buyer_number("C1", ["x/9"]) == {"x/9": "A-3"}
    assert catalogue.by_buyer_number("C/3", ["RV/1"]) == {}
    assert catalogue.cursor("part_numbers") == "8"
    assert catalogue.finish("part_numbers", ["C1/x9"], "9") == 4
    assert catalogue.buyer_numbers("C1", ["A-1", "A-2", "A-3"]) == {"A-3": "x9"}
