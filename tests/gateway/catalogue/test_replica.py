"""The numbers of others find a product: its GTIN in any length, its manufacturer's number."""

import pytest

from canonical.order import Item
from gateway.catalogue.replica import Catalogue
from gateway.connectors.contract import Page
from gateway.store.database import Database
from tests.builders import make_product


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    made = Catalogue(database)
    items = (
        make_product("A-1", gtin="07350000000013", manufacturer="Nord", manufacturer_sku="N-100/2"),
        make_product("A-2", gtin="7350000000020", manufacturer="Syd", manufacturer_sku="N-100/2"),
        make_product("A-3"),
    )
    made.apply_products(Page(items=items, next="1", more=False))
    return made


@pytest.mark.parametrize(
    ("item", "skus"),
    [
        (Item(gtin="7350000000013"), {"A-1"}),
        (Item(gtin="07350000000013"), {"A-1"}),
        (Item(gtin="07350000000020"), {"A-2"}),
        (Item(manufacturer_sku="N-100/2"), {"A-1", "A-2"}),
        (Item(gtin="7350000000099"), set()),
        (Item(buyer_sku="A-1"), set()),
        (Item(), set()),
    ],
)
def test_numbers_of_others_find_what_they_may_mean(
    catalogue: Catalogue, item: Item, skus: set[str]
) -> None:
    assert set(catalogue.named([item])) == skus
