"""Promise: catalogues and price lists leave by either standard, and come in as such."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.identifiers import Property, Reference
from canonical.order import Item
from canonical.price import Price
from canonical.product import Classification, Package, Product, TaxCategory
from tests.mappings.examples import LIST, PRICED
from tests.mappings.standards import (
    AMOUNTS,
    BREAKS,
    DAYS,
    EDIFACT,
    GTINS,
    UNITS,
    X12,
    Standard,
    Way,
    codes,
    ways,
)

STEPS = st.sampled_from([Decimal(1), Decimal(10), Decimal("2.5")])
PACKAGES = st.sampled_from([(), (Package(unit="CT", content=Decimal(100)),)])
PROPERTIES = st.sampled_from([(), (Property(name="Längd", value="20 mm"),)])
TAXES = st.none() | st.builds(
    TaxCategory, percent=st.sampled_from([Decimal(25), Decimal("12.5")])
)  # fmt: skip


def products(standard: Standard, **more: st.SearchStrategy[object]) -> st.SearchStrategy[Product]:
    makers = standard.ids if standard is X12 else standard.words
    return st.builds(
        Product,
        sku=standard.ids,
        name=standard.words,
        unit=UNITS,
        description=st.none() | standard.words,
        gtin=st.none() | GTINS,
        manufacturer=st.none() | makers,
        manufacturer_sku=st.none() | standard.ids,
        classifications=st.sampled_from([
            (), (Classification(scheme="UNSPSC", code="31161500", version="23"),
                 Classification(scheme="eClass", code="23-11-01-01")),
        ]),
        minimum_quantity=STEPS,
        quantity_multiple=STEPS,
        lead_time_days=st.none() | st.just(5),
        **more,
    )  # fmt: skip


def prices(standard: Standard, *currencies: str) -> st.SearchStrategy[Price]:
    """Return prices with breaks; X12 says the unit of each, and how long it holds."""
    x12 = standard is X12
    return st.builds(
        Price,
        amount=AMOUNTS,
        currency=st.sampled_from(currencies),
        base_quantity=st.sampled_from([Decimal(1), Decimal(100)]),
        unit=st.just("SET") if x12 else st.none(),
        list_amount=st.none() | AMOUNTS,
        breaks=st.sampled_from([(), BREAKS]),
        valid_until=st.none() | DAYS if x12 else st.none(),
    )


def entry(
    product: Product | None, price: Price | None, action: ItemAction, successor: str | None
) -> CatalogueItem:
    """Return an entry whose item has the numbers of its product; what is deleted has none."""
    numbers = Item(sku="A-1")
    if product is not None:
        numbers = Item(
            sku=product.sku, gtin=product.gtin, manufacturer_sku=product.manufacturer_sku
        )
    return CatalogueItem(
        line_id="1",
        item=numbers,
        action=action,
        product=None if action is ItemAction.DELETE else product,
        price=price,
        valid_from=date(2026, 12, 1),
        valid_until=date(2027, 12, 1),
        successor=Item(sku=successor) if successor else None,
    )


def of_maker(line: CatalogueItem) -> CatalogueItem:
    """Return an entry whose item names the maker too, as a LIN of X12 does."""
    if line.product is None:
        return line
    return replace(line, item=replace(line.item, manufacturer=line.product.manufacturer))


def lists(
    standard: Standard,
    sold: st.SearchStrategy[Product],
    priced: st.SearchStrategy[Price],
    currencies: st.SearchStrategy[str | None] = st.just("SEK"),  # noqa: B008  # is a constant
) -> st.SearchStrategy[Catalogue]:
    names = st.just("L-2026") if standard is X12 else standard.ids
    items = st.builds(
        entry,
        st.none() | sold,
        st.none() | priced,
        st.sampled_from(ItemAction),
        st.none() | st.just("NEW-1"),
    )
    if standard is X12:
        items = items.map(of_maker)
    return st.builds(
        Catalogue,
        catalogue_id=names,
        issued_at=standard.times,
        items=st.lists(items, min_size=1, max_size=3).map(tuple),
        scope=st.sampled_from(ListScope),
        currency=currencies,
        contract=st.none() | standard.ids,
        previous_id=st.none() | st.just("L-2025"),
        valid_from=st.none() | DAYS,
        valid_until=st.none() | DAYS,
        buyer=st.none() | standard.parties,
        seller=st.none() | standard.parties,
        references=st.sampled_from([(), (Reference(kind="quote", value="Q?1"),)]),
    )


@ways(edifact="PRICAT", x12="832")
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_price_list_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    more = {} if way.standard is X12 else {"packages": PACKAGES, "properties": PROPERTIES}
    sold = products(way.standard, tax=TAXES, **more)
    priced = prices(way.standard, "SEK", "EUR", "NOK")
    told = lists(way.standard, sold, priced, st.none() | st.just("SEK"))
    catalogue = data.draw(told)
    assert way.back(catalogue) == catalogue


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_product_list_reads_back_the_same(data: st.DataObject) -> None:
    """PRODAT has no place for taxes."""
    sold = products(EDIFACT, packages=PACKAGES, properties=PROPERTIES)
    priced = prices(EDIFACT, "SEK", "EUR")
    catalogue = data.draw(lists(EDIFACT, sold, priced, st.none() | st.just("SEK")))
    assert EDIFACT.back(catalogue, "PRODAT", "D.01B") == catalogue


LONG = replace(
    PRICED,
    action=ItemAction.ADD,
    product=Product(sku="A", name="word " * 60, unit="C62", description="word " * 120),
)
BOTH = pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
NAMES = {"edifact": "PRICAT", "x12": "832"}


@BOTH
def test_what_is_cut_is_told(standard: Standard) -> None:
    assert codes(standard.sent(replace(LIST, items=(LONG,)), NAMES[standard.name])) == [
        "MAP-008", "MAP-008",
    ]  # fmt: skip


def test_a_price_in_another_currency_says_which() -> None:
    assert EDIFACT.sent(LIST, "PRICAT").segments[4:9] == [
        "CUX+2:SEK:8", "PGI+11", "LIN+1+3", "PIA+5+A:SA", "CUX+2:EUR:8",
    ]  # fmt: skip
    assert EDIFACT.sent(LIST, "PRODAT", "D.01B").segments[7:9] == [
        "PRI+AAA:65.67:::100:PCE", "CUX+2:EUR:8",
    ]  # fmt: skip
    assert X12.sent(LIST, "832").segments[3:8] == [
        "CUR*SE*SEK", "LIN*1*VP*A", "REF*ZZ*change*ITEM ACTION", "CTP**NET*65.67*100*PC",
        "CUR*SE*EUR",
    ]  # fmt: skip


UNPRICED = {
    "edifact": ("BGM+9+L1+9'DTM+137:20261122:102'PGI+11'LIN+1++7350053850019:EN'PRI+AAA:1'",
                "PRICAT:D:96A:UN"),
    "x12": ("BCT*PC*L1~LIN*1*VP*A~CTP**NET*1~CTT*1~", "832"),
}  # fmt: skip


@BOTH
def test_a_price_without_currency_is_a_fault_unless_it_is_agreed(standard: Standard) -> None:
    body, kind = UNPRICED[standard.name]
    assert codes(standard.read(body, kind)) == ["MAP-001"]
    document = standard.read(body, kind, currency="NOK").document
    assert isinstance(document, Catalogue)
    assert document.items[0].price == Price(amount=Decimal(1), currency="NOK")


SCOPES = {
    "edifact": ("BGM+9+L1+{}'DTM+137:20261122:102'PGI+11'LIN+1+2+7350053850019:EN'",
                "PRICAT:D:96A:UN",
                {"9": "full", "5": "full", "4": "changes", "2": "changes", "3": "changes"}),
    "x12": ("BCT*PC*L1{}~REF*CT*A~LIN*1*VP*A~REF*ZZ*delete*ITEM ACTION~CTT*1~", "832",
            {"********00": "full", "********05": "full", "********04": "changes", "": "full"}),
}  # fmt: skip


@BOTH
def test_a_code_says_whether_a_list_is_whole(standard: Standard) -> None:
    body, kind, told = SCOPES[standard.name]
    for code, scope in told.items():
        document = standard.read(body.format(code), kind).document
        assert isinstance(document, Catalogue)
        assert document.scope == scope
        assert (document.items[0].action, document.items[0].product) == (ItemAction.DELETE, None)
