"""A buyer finds what he may buy by any beginning of a word, the exact number first."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical.product import Product
from canonical.stock import IncomingStock, StockLevel, stock_key, stock_key_parts
from gateway.catalogue import Catalogue, Facet
from gateway.catalogue.tokens import compact, folded, terms, words
from gateway.connectors.contract import Page
from gateway.store.database import Database

OFFICE = ("Office", "Paper", "Copy paper")


def product(sku: str, name: str, **fields: object) -> Product:
    return Product(sku=sku, name=name, unit="EA", **fields)  # type: ignore[arg-type]


PRODUCTS = (
    product("10-200", "Köpcentrum paper A4", category=OFFICE, gtin="4006381333931"),
    product(
        "10-201", "Paper A3", category=OFFICE, manufacturer="Ångström", manufacturer_sku="X/9-1"
    ),
    product("10-2000", "Notebook", category=("Office", "Paper", "Notebooks")),
    product(
        "20-100", "Gloves 10-200 compatible", category=("Safety", "Hands"), assortments=("care",)
    ),
    product("20-101", "Helmet", category=("Safety", "Head"), assortments=("care", "works")),
    product("20-102", "Bolt", assortments=("works",), description="Zinc, goes with paper"),
)


def page(*items: Product, deleted: tuple[str, ...] = (), cursor: str = "1") -> Page[Product]:
    return Page(items, cursor, more=False, deleted=deleted)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    catalogue = Catalogue(database)
    catalogue.apply_products(page(*PRODUCTS))
    return catalogue


def found(catalogue: Catalogue, text: str, **scope: tuple[str, ...]) -> list[str]:
    return [one.sku for one in catalogue.search(text, **scope).items]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("kopcentrum", ["10-200"]),
        ("KÖPCENTRUM", ["10-200"]),
        ("köp", ["10-200"]),
        ("angstrom", ["10-201"]),
        ("x91", ["10-201"]),
        ("X/9-1", ["10-201"]),
        ("4006381333931", ["10-200"]),
        ("notebooks", ["10-2000"]),
        ("pap a3", ["10-201"]),
        ("a3 pap", ["10-201"]),
        ("helm head", ["20-101"]),
        ("helm paper", []),
        ("elme", []),
        ("!!!", []),
        ("10-200", ["10-200", "10-2000", "20-100"]),
        ("10200", ["10-200", "10-2000"]),
        ("paper", ["10-200", "10-201", "10-2000", "20-102"]),
    ],
)
def test_words_are_found_by_their_beginning_best_first(
    catalogue: Catalogue, text: str, skus: list[str]
) -> None:
    assert found(catalogue, text) == skus


def test_no_text_finds_everything_by_name(catalogue: Catalogue) -> None:
    everything = catalogue.search("  ")
    assert everything.total == 6
    assert [one.name for one in everything.items] == [
        "Bolt",
        "Gloves 10-200 compatible",
        "Helmet",
        "Köpcentrum paper A4",
        "Notebook",
        "Paper A3",
    ]


def test_an_assortment_hides_what_is_in_others_only(catalogue: Catalogue) -> None:
    assert found(catalogue, "", assortments=("works",))[:2] == ["20-102", "20-101"]
    assert "20-100" not in found(catalogue, "", assortments=("works",))
    assert catalogue.search("", assortments=("none",)).total == 3
    assert catalogue.search("", assortments=("care", "works")).total == 6


def test_facets_count_what_lies_one_level_below(catalogue: Catalogue) -> None:
    assert catalogue.search("").categories == (Facet(("Office",), 3), Facet(("Safety",), 2))
    inside = catalogue.search("paper", category=("Office", "Paper"))
    assert inside.total == 3
    assert [(facet.name, facet.count) for facet in inside.categories] == [
        ("Copy paper", 2),
        ("Notebooks", 1),
    ]
    below = catalogue.categories(assortments=("works",), below=("Safety",))
    assert below == (Facet(("Safety", "Head"), 1),)
    assert catalogue.categories(below=OFFICE) == ()


def test_pages_follow_one_another_without_gap_or_overlap(catalogue: Catalogue) -> None:
    whole = found(catalogue, "")
    parts = [
        one.sku
        for start in range(0, 8, 2)
        for one in catalogue.search("", offset=start, limit=2).items
    ]
    assert parts == whole
    assert catalogue.search("", offset=-5, limit=0).items[0].sku == whole[0]
    assert catalogue.search("", offset=10**30, limit=10**30).items == ()


def test_a_changed_product_is_found_by_its_new_words_only(catalogue: Catalogue) -> None:
    catalogue.apply_products(page(product("20-102", "Nut"), deleted=("20-101",), cursor="2"))
    assert found(catalogue, "bolt") == []
    assert found(catalogue, "nut") == ["20-102"]
    assert catalogue.product("20-101") is None
    assert found(catalogue, "", assortments=("care",)).count("20-102") == 1
    assert catalogue.cursor("products") == "2"


def test_a_page_applied_twice_is_applied_once(catalogue: Catalogue) -> None:
    catalogue.apply_products(page(*PRODUCTS, *PRODUCTS))
    assert catalogue.search("").total == 6


def test_products_are_read_by_number(catalogue: Catalogue) -> None:
    many = ["10-200", "nowhere", "\x00", *(f"x{n}" for n in range(1200)), "20-101"]
    assert sorted(catalogue.products(many)) == ["10-200", "20-101"]


def level(sku: str, warehouse: str, available: str) -> StockLevel:
    coming = (IncomingStock(expected_on=date(2026, 12, 1), quantity=Decimal("1.5")),)
    return StockLevel(sku=sku, warehouse=warehouse, available=Decimal(available), incoming=coming)


def test_stock_is_kept_by_article_and_warehouse(catalogue: Catalogue) -> None:
    first = (level("a/b", "Oslo", "1"), level("a/b", "Malmö", "2"), level("c", "Oslo", "3"))
    catalogue.apply_stock(Page(first, "1", more=False))
    assert catalogue.stock(["a/b", "c", "d"]) == {"a/b": (first[1], first[0]), "c": (first[2],)}
    gone = (stock_key("a/b", "Oslo"), stock_key("none", "none"))
    catalogue.apply_stock(Page((level("c", "Oslo", "4"),), "2", more=False, deleted=gone))
    assert catalogue.stock(["a/b", "c"]) == {"a/b": (first[1],), "c": (level("c", "Oslo", "4"),)}


@given(st.text(max_size=30), st.text("abc ö1", max_size=10))
def test_a_stock_key_names_its_parts(sku: str, warehouse: str) -> None:
    assert stock_key_parts(stock_key(sku, warehouse)) == (sku, warehouse)


@given(st.text(max_size=60))
def test_tokens_are_folded_letters_and_digits(text: str) -> None:
    assert folded(text) == folded(folded(text).upper()) or not text.isascii()
    for token in words(text):
        assert token
        assert all(letter.isalnum() for letter in token)
    assert len(terms(text)) == len(set(terms(text))) <= 8
    assert " " not in compact(text)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE x; --", "%", "_", "\x00", "\U0010ffff", "a" * 5000, "ﬃ"]
)
def test_any_text_can_be_searched_for(catalogue: Catalogue, text: str) -> None:
    catalogue.search(text, assortments=("'",), category=("%",))
    assert catalogue.search("").total == 6
