"""A line is judged, priced and delivered as the one product that any of its numbers means."""

import pytest
from msgspec.structs import replace

from canonical.order import Item, Order
from canonical.rules.judgement import Decision
from canonical.rules.order import agreed_order, check_order
from canonical.stored import load
from gateway.catalogue.replica import Catalogue
from gateway.connectors.contract import Page
from gateway.pipeline.gathering import Sources, gather_facts
from gateway.pipeline.states import State
from gateway.pipeline.steps import Workshop
from gateway.pipeline.working import jobs_of
from gateway.store.database import Database
from tests.builders import NOON, make_order, make_order_request, make_product
from tests.gateway.pipeline.conftest import House

GTIN = "07350000000013"
PRODUCTS = (
    make_product("A-1", gtin=GTIN, manufacturer="Nord", manufacturer_sku="N-1"),
    make_product("A-2", manufacturer="Nord", manufacturer_sku="N-2"),
    make_product("A-3", manufacturer="Syd", manufacturer_sku="N-2"),
)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    made = Catalogue(database)
    made.apply_products(Page(items=PRODUCTS, next="1", more=False))
    return made


def ordering(item: Item) -> Order:
    order = make_order(lines=1)
    return replace(order, lines=(replace(order.lines[0], item=item),))


@pytest.mark.parametrize(
    ("item", "sku"),
    [
        (Item(sku="A-1"), "A-1"),
        (Item(gtin=GTIN.lstrip("0")), "A-1"),
        (Item(gtin="1234567890128", manufacturer_sku="N-1"), "A-1"),
        (Item(manufacturer="NORD", manufacturer_sku="N-2"), "A-2"),
        (Item(buyer_sku="4711", manufacturer_sku="N-1"), "A-1"),
    ],
)
def test_the_product_is_priced_and_agreed_under_our_number(
    house: House, catalogue: Catalogue, item: Item, sku: str
) -> None:
    sources = Sources(house.core, catalogue.products, catalogue.named)
    order = ordering(item)
    facts = gather_facts(sources, "C1", order, NOON.date())
    assert set(facts.prices) == {"1"}
    judgement = check_order(order, facts)
    assert judgement.decision is Decision.ACCEPTED
    (line,) = agreed_order(order, judgement).lines
    assert line.item == replace(item, sku=sku)


@pytest.mark.parametrize(
    ("item", "found"),
    [
        (Item(sku="A-9", gtin=GTIN), "A-9"),
        (Item(gtin="1234567890128"), "GTIN 1234567890128"),
        (Item(manufacturer_sku="N-2"), "manufacturer's number N-2"),
        (Item(manufacturer="West", manufacturer_sku="N-1"), "manufacturer's number N-1"),
        (Item(buyer_sku="4711"), "buyer's number 4711"),
        (Item(), "(no number)"),
    ],
)
def test_a_number_that_names_none_or_several_is_a_fault(
    house: House, catalogue: Catalogue, item: Item, found: str
) -> None:
    sources = Sources(house.core, catalogue.products, catalogue.named)
    order = ordering(item)
    judgement = check_order(order, gather_facts(sources, "C1", order, NOON.date()))
    assert judgement.decision is Decision.HELD
    assert [(one.code, one.found) for one in judgement.faults if one.severity == "error"] == [
        ("ORDER-007", found)
    ]


def test_an_order_by_gtin_alone_reaches_the_core_under_our_number(
    house: House, catalogue: Catalogue
) -> None:
    given = b'<SupplierPartID/><IdReference domain="GTIN" identifier="7350000000013"/>'
    whole = make_order_request(lines=1).replace(b"<SupplierPartID>SKU-1</SupplierPartID>", given)
    shop = house.shop
    looking = Workshop(
        shop.equipment,
        shop.core,
        catalogue.products,
        shop.sender,
        shop.patience,
        named=catalogue.named,
    )
    house.engine.handlers = jobs_of(looking)
    answer = house.receive(whole)
    house.engine.drain()
    assert house.state(answer.message_id) == State.DELIVERED
    ((_, body),) = house.core.submitted()
    order = load(body[body.index(b"{") :])
    assert isinstance(order, Order)
    assert order.lines[0].item.sku == "A-1"
