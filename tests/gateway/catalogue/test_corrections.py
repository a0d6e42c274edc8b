"""A typing error finds what is meant, and never what the asker may not see."""

import pytest

from canonical.product import Product
from gateway.catalogue import Catalogue, Correction
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.builders import make_product

GOODS = (
    make_product("A-1", name="Skruvmejsel Torx", manufacturer="Nordverk"),
    make_product("A-2", name="Skruvmejsel Pozidriv"),
    make_product("A-3", name="Hammare lätt"),
    make_product("A-4", name="Hamnare tung", assortments=("harbour",)),
    make_product("A-5", name="Xylofon", assortments=("schools",)),
    make_product("A-6", name="Xylafen", assortments=("works",)),
)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    made = Catalogue(database)
    made.apply_products(Page(GOODS, "1", more=False))
    return made


def skus(items: tuple[Product, ...]) -> list[str]:
    return [one.sku for one in items]


@pytest.mark.parametrize(
    ("text", "found", "corrections"),
    [
        ("skruvmejssel", ["A-2", "A-1"], {"skruvmejssel": "skruvmejsel"}),
        ("skurvmejsel", ["A-2", "A-1"], {"skurvmejsel": "skruvmejsel"}),
        ("kruvmejsl torx", ["A-1"], {"kruvmejsl": "skruvmejsel"}),
        ("skruvmejzel trox", ["A-1"], {"skruvmejzel": "skruvmejsel", "trox": "torx"}),
        ("nordvrk torx", ["A-1"], {"nordvrk": "nordverk"}),
        ("lett", ["A-3"], {"lett": "latt"}),
        ("skruvmejsel qqqqqq", [], {}),
        ("qqqqqqqq", [], {}),
        ("trx", [], {}),
    ],
)
def test_a_word_that_finds_nothing_is_taken_for_one_that_does(
    catalogue: Catalogue, text: str, found: list[str], corrections: dict[str, str]
) -> None:
    answer = catalogue.search(text)
    assert skus(answer.items) == found
    assert answer.corrections == tuple(Correction(*pair) for pair in corrections.items())
    assert answer.total == len(found)


def test_a_word_that_finds_something_is_never_changed(catalogue: Catalogue) -> None:
    assert catalogue.search("hamnare").corrections == ()
    assert skus(catalogue.search("hamnare").items) == ["A-4"]
    assert catalogue.search("hammare torx").items == ()


def test_a_hidden_word_is_neither_found_nor_proposed(catalogue: Catalogue) -> None:
    outside = catalogue.search("hamnare", assortments=("schools",))
    assert skus(outside.items) == ["A-3"]
    assert outside.corrections == (Correction("hamnare", "hammare"),)
    for assortment, word in (("schools", "xylofon"), ("works", "xylafen")):
        answer = catalogue.search("xylafon", assortments=(assortment,))
        assert answer.corrections == (Correction("xylafon", word),)
    assert catalogue.search("xylafon", assortments=("harbour",)) == catalogue.search("qqqqqqq")


def test_the_nearest_word_wins_and_of_equals_the_one_with_most_products(
    catalogue: Catalogue,
) -> None:
    more = (make_product("B-1", name="Xylafen två"), make_product("B-2", name="Xylofonist"))
    catalogue.apply_products(Page(more, "2", more=False))
    assert catalogue.search("xylafon").corrections == (Correction("xylafon", "xylafen"),)


def test_a_word_that_left_with_its_product_is_proposed_no_more(catalogue: Catalogue) -> None:
    catalogue.apply_products(Page((), "2", more=False, deleted=("A-1", "A-2")))
    assert catalogue.search("skruvmejssel").corrections == ()
