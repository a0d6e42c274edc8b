"""Promise: catalogues and price lists leave as PRICAT and PRODAT, and come in as such."""

from datetime import UTC, datetime
from decimal import Decimal

from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.order import Item
from canonical.price import Price, PriceBreak
from tests.mappings.standards import EDIFACT

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
    assert EDIFACT.sent(PRICE_LIST, "PRICAT").segments[2:10] == [
        "BGM+9+L1+4", "DTM+137:20261122:102", "CUX+2:SEK:8", "PGI+11", "LIN+1+3", "PIA+5+A:SA",
        "PRI+AAA:65.67:::100:PCE", "PRI+AAA:60:::100:PCE",
    ]  # fmt: skip


def test_the_article_that_comes_instead_is_not_taken_for_the_article() -> None:
    body = (
        "BGM+9+L1+9'DTM+137:20261122:102'PGI+11'LIN+1++7350053850019:EN'PIA+3+NEW:SA'"
        "IMD+F++:::Screw'"
    )
    document = EDIFACT.read(body, "PRICAT:D:96A:UN").document
    assert isinstance(document, Catalogue)
    (item,) = document.items
    assert (item.item.sku, item.successor) == (None, Item(sku="NEW"))
    assert item.product is not None
    assert item.product.sku == "7350053850019"
