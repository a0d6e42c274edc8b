"""Promise: catalogues and price lists leave as 832, and come in as such."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.identifiers import Reference
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification, Product, TaxCategory
from tests.mappings.x12.trading import (
    AMOUNTS,
    BREAKS,
    DAYS,
    GTINS,
    IDS,
    PARTIES,
    TIMES,
    UNITS,
    VERSIONS,
    WORDS,
    back,
    codes,
    read,
    sent,
)

STEPS = st.sampled_from([Decimal(1), Decimal(10), Decimal("2.5")])
PRODUCTS = st.builds(
    Product,
    sku=IDS,
    name=WORDS,
    unit=UNITS,
    description=st.none() | WORDS,
    gtin=st.none() | GTINS,
    manufacturer=st.none() | IDS,
    manufacturer_sku=st.none() | IDS,
    classifications=st.sampled_from([
        (), (Classification(scheme="UNSPSC", code="31161500", version="23"),
             Classification(scheme="eClass", code="23-11-01-01")),
    ]),
    minimum_quantity=STEPS,
    quantity_multiple=STEPS,
    lead_time_days=st.none() | st.just(5),
    tax=st.none() | st.builds(
        TaxCategory, category=st.just("S"), percent=st.sampled_from([Decimal(25), Decimal("12.5")])
    ),
)  # fmt: skip
PRICES = st.builds(
    Price,
    amount=AMOUNTS,
    currency=st.just("SEK"),
    base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
    unit=st.just("SET"),
    list_amount=st.none() | AMOUNTS,
    breaks=st.sampled_from([(), BREAKS]),
    valid_until=st.none() | DAYS,
)


def item_of(
    product: Product | None, price: Price | None, action: ItemAction, successor: str | None
) -> CatalogueItem:
    """Return an entry whose item has the numbers of its product; what is deleted has none."""
    deleted = action is ItemAction.DELETE
    numbers = Item(sku="A-1") if product is None else Item(
        sku=product.sku, gtin=product.gtin, manufacturer=product.manufacturer,
        manufacturer_sku=product.manufacturer_sku,
    )  # fmt: skip
    return CatalogueItem(
        line_id="1",
        item=numbers,
        action=action,
        product=None if deleted else product,
        price=price,
        valid_from=date(2026, 12, 1),
        successor=Item(sku=successor) if successor else None,
    )


LISTS = st.builds(
    Catalogue,
    catalogue_id=st.just("L-2026"),
    issued_at=TIMES,
    items=st.lists(
        st.builds(
            item_of,
            st.none() | PRODUCTS,
            st.none() | PRICES,
            st.sampled_from(ItemAction),
            st.none() | st.just("NEW-1"),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    scope=st.sampled_from(ListScope),
    currency=st.just("SEK"),
    contract=st.none() | IDS,
    previous_id=st.none() | st.just("L-2025"),
    valid_from=st.none() | DAYS,
    valid_until=st.none() | DAYS,
    buyer=st.none() | PARTIES,
    seller=st.none() | PARTIES,
    references=st.sampled_from([(), (Reference(kind="quote", value="Q?1"),)]),
)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=40, deadline=None)
@given(catalogue=LISTS)
def test_a_catalogue_reads_back_the_same(version: str, catalogue: Catalogue) -> None:
    assert back(catalogue, "832", version) == catalogue


PRICED = CatalogueItem(
    line_id="1",
    item=Item(sku="A"),
    action=ItemAction.CHANGE,
    price=Price(amount=Decimal("65.67"), currency="USD", base_quantity=Decimal(100), unit="EA"),
)
PRICE_LIST = Catalogue(
    catalogue_id="L1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    items=(PRICED,),
    scope=ListScope.CHANGES,
    currency="USD",
)


def test_a_price_says_for_how_many_it_is() -> None:
    assert sent(PRICE_LIST, "832").segments[1:-1] == [
        "BCT*PC*L1********04", "DTM*097*20261122", "CUR*SE*USD", "LIN*1*VP*A",
        "REF*ZZ*change*ITEM ACTION", "CTP**NET*65.67*100*EA", "CTT*1",
    ]  # fmt: skip


SCOPES = {"*********00": "full", "*********05": "full", "*********04": "changes", "": "full"}


@pytest.mark.parametrize(("purpose", "scope"), SCOPES.items())
def test_a_purpose_says_whether_a_list_is_whole(purpose: str, scope: str) -> None:
    head = f"BCT*PC*L1{purpose[1:]}" if purpose else "BCT*PC*L1"
    document = read(f"{head}~LIN*1*VP*A~CTT*1~", "832").document
    assert isinstance(document, Catalogue)
    assert document.scope == scope
    assert document.items[0].product is None


def test_a_price_without_currency_is_a_fault_unless_it_is_agreed() -> None:
    body = "BCT*PC*L1~LIN*1*VP*A~CTP**NET*1~CTT*1~"
    assert codes(read(body, "832")) == ["MAP-001"]
    document = read(body, "832", currency="USD").document
    assert isinstance(document, Catalogue)
    assert document.items[0].price == Price(amount=Decimal(1), currency="USD")
