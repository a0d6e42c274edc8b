"""Promise: catalogues and price lists leave as PRICAT and PRODAT, and come in as such."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.identifiers import Property, Reference
from canonical.order import Item
from canonical.price import Price, PriceBreak
from canonical.product import Classification, Package, Product, TaxCategory
from tests.mappings.edifact.trading import (
    AMOUNTS,
    DAYS,
    EDITIONS,
    GTINS,
    IDS,
    PARTIES,
    TIMES,
    UNITS,
    WORDS,
    back,
    codes,
    read,
    sent,
)

STEPS = st.sampled_from([Decimal(1), Decimal(10), Decimal("2.5")])
PRODUCTS = {
    "name": WORDS,
    "unit": UNITS,
    "description": st.none() | WORDS,
    "manufacturer": st.none() | WORDS,
    "classifications": st.sampled_from([
        (), (Classification(scheme="UNSPSC", code="31161500", version="23"),
             Classification(scheme="eClass", code="23-11-01-01")),
    ]),
    "minimum_quantity": STEPS,
    "quantity_multiple": STEPS,
    "lead_time_days": st.none() | st.just(5),
    "packages": st.sampled_from([(), (Package(unit="CT", content=Decimal(100)),)]),
    "properties": st.sampled_from([(), (Property(name="Längd", value="20 mm"),)]),
}  # fmt: skip
PRICES = st.builds(
    Price,
    amount=AMOUNTS,
    currency=st.just("SEK"),
    base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
    list_amount=st.none() | AMOUNTS,
    breaks=st.sampled_from([
        (), (PriceBreak(minimum=Decimal(10), amount=Decimal(9)),
             PriceBreak(minimum=Decimal(100), amount=Decimal("8.5"))),
    ]),
)  # fmt: skip


def item_of(
    product: Product | None, price: Price | None, action: ItemAction, successor: str | None
) -> CatalogueItem:
    """Return an entry whose item has the numbers of its product; what is deleted has none."""
    deleted = action is ItemAction.DELETE
    numbers = Item(sku="A-1") if product is None else Item(
        sku=product.sku, gtin=product.gtin, manufacturer_sku=product.manufacturer_sku
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


TAXES = st.none() | st.just(TaxCategory(percent=Decimal("12.5")))


def lists_of(taxes: st.SearchStrategy[TaxCategory | None]) -> st.SearchStrategy[Catalogue]:
    """Return catalogues; PRODAT has no place for taxes."""
    products = st.builds(
        Product,
        sku=IDS,
        gtin=st.none() | GTINS,
        manufacturer_sku=st.none() | IDS,
        tax=taxes,
        **PRODUCTS,  # type: ignore[arg-type]
    )
    items = st.builds(
        item_of,
        st.none() | products,
        st.none() | PRICES,
        st.sampled_from(ItemAction),
        st.none() | st.just("NEW-1"),
    )
    return st.builds(Catalogue, items=st.lists(items, min_size=1, max_size=3).map(tuple), **LIST)


LIST = {
    "catalogue_id": IDS,
    "issued_at": TIMES,
    "scope": st.sampled_from(ListScope),
    "currency": st.just("SEK"),
    "contract": st.none() | IDS,
    "previous_id": st.none() | IDS,
    "valid_from": st.none() | DAYS,
    "valid_until": st.none() | DAYS,
    "buyer": st.none() | PARTIES,
    "seller": st.none() | PARTIES,
    "references": st.sampled_from([(), (Reference(kind="quote", value="Q?1"),)]),
}


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=40, deadline=None)
@given(catalogue=lists_of(TAXES))
def test_a_price_list_reads_back_the_same(edition: str, catalogue: Catalogue) -> None:
    assert back(catalogue, "PRICAT", edition) == catalogue


@settings(max_examples=40, deadline=None)
@given(catalogue=lists_of(st.none()))
def test_a_product_list_reads_back_the_same(catalogue: Catalogue) -> None:
    assert back(catalogue, "PRODAT", "D.01B") == catalogue


PRICED = CatalogueItem(
    line_id="1",
    item=Item(sku="A"),
    action=ItemAction.CHANGE,
    price=Price(
        amount=Decimal("65.67"),
        currency="SEK",
        base_quantity=Decimal(100),
        unit="C62",
        breaks=(PriceBreak(minimum=Decimal(1000), amount=Decimal(60)),),
    ),
)
PRICE_LIST = Catalogue(
    catalogue_id="L1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    items=(PRICED,),
    scope=ListScope.CHANGES,
    currency="SEK",
)


def test_a_price_says_for_how_many_it_is_and_from_how_many_on() -> None:
    assert sent(PRICE_LIST, "PRICAT").segments[2:10] == [
        "BGM+9+L1+4", "DTM+137:20261122:102", "CUX+2:SEK:8", "PGI+11", "LIN+1+3", "PIA+5+A:SA",
        "PRI+AAA:65.67:::100:PCE", "PRI+AAA:60:::100:PCE",
    ]  # fmt: skip


SCOPES = {"9": "full", "5": "full", "4": "changes", "2": "changes", "3": "changes"}


@pytest.mark.parametrize(("code", "scope"), SCOPES.items())
def test_a_code_says_whether_a_list_is_whole(code: str, scope: str) -> None:
    body = f"BGM+9+L1+{code}'DTM+137:20261122:102'PGI+11'LIN+1+2+7350053850019:EN'"
    document = read(body, "PRICAT:D:96A:UN").document
    assert isinstance(document, Catalogue)
    assert document.scope == scope
    assert (document.items[0].action, document.items[0].product) == (ItemAction.DELETE, None)


def test_a_price_without_currency_is_a_fault_unless_it_is_agreed() -> None:
    body = "BGM+9+L1+9'DTM+137:20261122:102'PGI+11'LIN+1++7350053850019:EN'PRI+AAA:1'"
    assert codes(read(body, "PRICAT:D:96A:UN")) == ["MAP-001"]
    document = read(body, "PRICAT:D:96A:UN", currency="NOK").document
    assert isinstance(document, Catalogue)
    assert document.items[0].price == Price(amount=Decimal(1), currency="NOK")


def test_the_article_that_comes_instead_is_not_taken_for_the_article() -> None:
    body = (
        "BGM+9+L1+9'DTM+137:20261122:102'PGI+11'LIN+1++7350053850019:EN'PIA+3+NEW:SA'"
        "IMD+F++:::Screw'"
    )
    document = read(body, "PRICAT:D:96A:UN").document
    assert isinstance(document, Catalogue)
    (item,) = document.items
    assert (item.item.sku, item.successor) == (None, Item(sku="NEW"))
    assert item.product is not None
    assert item.product.sku == "7350053850019"
