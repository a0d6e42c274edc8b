"""A large result is bounded, and says of what it does not count exactly that it does not."""

from itertools import pairwise

import pytest

from canonical.identifiers import Property
from gateway.catalogue import Catalogue, Facet, Filters
from gateway.catalogue.facets import SAMPLE
from gateway.catalogue.matching import MAX_NUMBERS
from gateway.catalogue.search import SORTED
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.builders import make_product

MANY = 1_200
GOODS = tuple(
    make_product(
        f"KX{(number * 7) % MANY:05d}",
        name=f"Thing {MANY - number:05d}",
        category=(("Tools", "Paper")[number % 3 == 0], "All"),
        manufacturer=("Nord", "Syd")[number % 4 == 0],
        assortments=("hidden",) if number % 5 == 0 else (),
        properties=(Property(name="Colour", value="red" if number % 2 else "blue"),),
    )
    for number in range(MANY)
)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    made = Catalogue(database)
    made.apply_products(Page(GOODS, "1", more=False))
    return made


def test_a_large_result_is_counted_whole_and_its_facets_on_a_sample(catalogue: Catalogue) -> None:
    assert MANY > SORTED > 2 * SAMPLE
    found = catalogue.search("thing")
    assert (found.total, found.total_is_exact, found.counts_are_exact) == (MANY, True, False)
    assert found.categories == (Facet(("Paper",), 400), Facet(("Tools",), 800))
    counts = {one.value: one.count for one in found.manufacturers}
    assert counts["Nord"] + counts["Syd"] == pytest.approx(MANY, abs=2)
    assert counts["Nord"] == pytest.approx(900, rel=0.2)
    colours = {one.value: one.count for one in found.properties[0].choices}
    assert colours["red"] == pytest.approx(600, rel=0.25)


def test_more_than_can_be_sorted_keep_the_order_of_the_feed(catalogue: Catalogue) -> None:
    found = [
        one.sku
        for start in range(0, MANY, 200)
        for one in catalogue.search("thing", offset=start, limit=200).items
    ]
    assert found == [one.sku for one in GOODS]
    seen = catalogue.search("thing", assortments=("none",), limit=200)
    assert seen.total == 960 < SORTED
    assert all(one.name < other.name for one, other in pairwise(seen.items))


def test_the_beginning_of_too_many_numbers_finds_the_first_of_them(catalogue: Catalogue) -> None:
    found = catalogue.search("kx0", limit=200)
    assert (found.total, found.total_is_exact) == (MAX_NUMBERS, False)
    assert {one.sku for one in found.items} <= {f"KX{number:05d}" for number in range(MAX_NUMBERS)}
    assert catalogue.search("kx001").total == 100
    assert catalogue.search("kx001").total_is_exact
    assert catalogue.search("kx0 thing").items == ()
    assert catalogue.search("kx001 thing").total == 100


def test_what_is_hidden_shows_in_no_count(catalogue: Catalogue) -> None:
    hidden = [one for one in GOODS if one.assortments]
    shown = [one for one in GOODS if not one.assortments and one.manufacturer == "Syd"]
    filters = Filters(manufacturers=("Syd",))
    found = catalogue.search("", assortments=("none",), filters=filters)
    assert found.counts_are_exact
    assert found.total == len(shown)
    assert sum(one.count for one in found.categories) == len(shown)
    assert [one.count for one in found.manufacturers] == [len(shown)]
    assert sum(one.count for one in found.properties[0].choices) == len(shown)
    tree = catalogue.categories(assortments=("none",))
    assert sum(one.count for one in tree) == MANY - len(hidden)


def test_without_facets_the_same_is_found_and_nothing_is_counted(catalogue: Catalogue) -> None:
    whole, page = catalogue.search("thing"), catalogue.search("thing", facets=False)
    assert (page.items, page.total, page.total_is_exact) == (whole.items, whole.total, True)
    assert whole.categories
    assert whole.properties
    assert (page.categories, page.manufacturers, page.properties) == ((), (), ())
