"""What the index finds is what a naive look at every product finds, on both databases."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical.identifiers import Property
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from gateway.catalogue import Catalogue, Filters
from gateway.catalogue.asking import Question
from gateway.catalogue.tables import numbers, postings
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.gateway.catalogue.naive import Shop, categories_of, choices_of, properties_of

WORD = st.sampled_from(
    ["a", "a4", "ab", "abc", "paper", "papers", "pape", "hammer", "Köp", "10-200", "102", "x1"]
)
TEXT = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
NUMBER = st.sampled_from(["10-200", "10200", "10-2", "x1", "x/1", "735", "7350", "A4-1", "abc"])
ASSORTMENT = st.sampled_from(["care", "works"])
MAKER = st.sampled_from(["Nord", "Syd"])
COLOUR = st.builds(
    Property, name=st.sampled_from(["Colour", "Size"]), value=st.sampled_from(["a4", "red"])
)
PLACE = st.lists(st.sampled_from(["Tools", "Paper"]), max_size=3).map(tuple)
SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def products(skus: list[str]) -> st.SearchStrategy[list[Product]]:
    return st.tuples(
        *(
            st.builds(
                Product,
                sku=st.just(sku),
                name=TEXT,
                unit=st.just("EA"),
                description=st.none() | TEXT,
                category=PLACE,
                gtin=st.none() | NUMBER,
                manufacturer=st.none() | MAKER,
                manufacturer_sku=st.none() | NUMBER,
                assortments=st.lists(ASSORTMENT, max_size=2, unique=True).map(tuple),
                properties=st.lists(COLOUR, max_size=2).map(tuple),
            )
            for sku in skus
        )
    ).map(list)


SKUS = st.lists(NUMBER | st.integers(1, 99).map(str), min_size=1, max_size=7, unique=True)
CATALOGUE = SKUS.flatmap(products)
QUESTION = st.builds(
    Question,
    text=st.just("") | TEXT | NUMBER | st.text("a4 -10x", max_size=6),
    assortments=st.lists(ASSORTMENT | st.just("none"), max_size=2, unique=True).map(tuple),
    category=PLACE.map(lambda path: path[:2]),
    filters=st.builds(
        Filters,
        manufacturers=st.lists(MAKER, max_size=1).map(tuple),
        in_stock=st.booleans(),
        properties=st.lists(
            COLOUR.map(lambda one: (one.name, one.value)), max_size=2, unique=True
        ).map(tuple),
    )
    | st.just(Filters()),
    customer=st.sampled_from(["", "C1"]),
)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


def fill(catalogue: Catalogue, shop: Shop) -> None:
    catalogue.finish("products", (), "0")
    catalogue.finish("stock", (), "0")
    catalogue.finish("part_numbers", (), "0")
    levels = tuple(
        StockLevel(sku=one.sku, warehouse="main", available=Decimal(one.sku in shop.available))
        for one in shop.products
    )
    half = len(levels) // 2
    catalogue.apply_stock(Page(levels[:half], "1", more=False))
    catalogue.apply_products(Page(tuple(shop.products), "1", more=False))
    catalogue.apply_stock(Page(levels[half:], "2", more=False))
    named = (shop.part_numbers or {}).items()
    items = tuple(PartNumber(customer_id=key[0], buyer_sku=key[1], sku=sku) for key, sku in named)
    catalogue.apply_part_numbers(Page(items, "1", more=False))


def ask(catalogue: Catalogue, question: Question, **page: int):
    return catalogue.search(
        question.text,
        assortments=question.assortments,
        category=question.category,
        filters=question.filters,
        customer=question.customer,
        **page,
    )


def shop_of(items: list[Product], draw: st.DataObject) -> Shop:
    skus = [one.sku for one in items]
    named = draw.draw(st.dictionaries(st.tuples(st.sampled_from(["C1", "C2"]), NUMBER),
                                      st.sampled_from(skus), max_size=2))  # fmt: skip
    return Shop(items, frozenset(draw.draw(st.sets(st.sampled_from(skus)))), named)


@SETTINGS
@given(CATALOGUE, st.lists(QUESTION, min_size=1, max_size=6), st.data())
def test_the_index_finds_what_a_look_at_every_product_finds(
    catalogue: Catalogue, items: list[Product], questions: list[Question], data: st.DataObject
) -> None:
    shop = shop_of(items, data)
    fill(catalogue, shop)
    for question in questions:
        expected, found = shop.found(question), ask(catalogue, question)
        if expected:
            assert [one.sku for one in found.items] == [one.sku for one in expected]
            assert (found.total, found.total_is_exact, found.counts_are_exact) == (
                len(expected), True, True)  # fmt: skip
            assert found.corrections == ()
            assert found.categories == categories_of(expected, question.category)
            assert list(found.manufacturers) == choices_of(expected, lambda one: one.manufacturer)
            assert {one.name: one for one in found.properties} == properties_of(expected)
            assert found.in_stock == sum(one.sku in shop.available for one in expected)
            assert [one.sku for one in ask(catalogue, question, offset=1, limit=2).items] == [
                one.sku for one in expected[1:3]
            ]
        else:
            seen = {one.sku for one in shop.visible(question)}
            assert {one.sku for one in found.items} <= seen
            assert bool(found.items) == bool(found.corrections)


@SETTINGS
@given(CATALOGUE, CATALOGUE, QUESTION, st.data())
def test_a_changed_catalogue_answers_as_one_made_new(
    catalogue: Catalogue,
    before: list[Product],
    after: list[Product],
    question: Question,
    data: st.DataObject,
) -> None:
    fill(catalogue, shop_of(before, data))
    gone = tuple({one.sku for one in before} - {one.sku for one in after})
    catalogue.apply_products(Page(tuple(after), "2", more=False, deleted=gone))
    kept = ask(catalogue, question)
    available = frozenset(one.sku for one in after if _in_stock(catalogue, one.sku))
    asked = shop_of_current(after, available, catalogue, question)
    if asked:
        assert [one.sku for one in kept.items] == asked


def _in_stock(catalogue: Catalogue, sku: str) -> bool:
    return any(level.available > 0 for level in catalogue.stock([sku]).get(sku, ()))


def shop_of_current(
    items: list[Product], available: frozenset[str], catalogue: Catalogue, question: Question
) -> list[str]:
    skus = [one.sku for one in items]
    named = {
        (question.customer, number): sku
        for number in ["10-200", "10200", "10-2", "x1", "x/1", "735", "7350", "A4-1", "abc"]
        for sku in [catalogue.by_buyer_number(question.customer, [number]).get(number, "")]
        if sku in skus
    }
    return [one.sku for one in Shop(items, available, named).found(question)]


@SETTINGS
@given(CATALOGUE, st.data())
def test_a_catalogue_that_lost_everything_holds_nothing(
    catalogue: Catalogue, database: Database, items: list[Product], data: st.DataObject
) -> None:
    fill(catalogue, shop_of(items, data))
    catalogue.apply_products(Page((), "2", more=False, deleted=tuple(one.sku for one in items)))
    with database.read() as connection:
        for table in (postings, numbers):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
