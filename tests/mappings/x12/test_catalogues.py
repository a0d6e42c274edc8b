"""Promise: catalogues and price lists leave as 832, and come in as such."""

from datetime import UTC, datetime
from decimal import Decimal

from canonical.catalogue import Catalogue, CatalogueItem, ItemAction, ListScope
from canonical.order import Item
from canonical.price import Price
from tests.mappings.standards import X12

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
    assert X12.sent(PRICE_LIST, "832").segments[1:-1] == [
        "BCT*PC*L1********04", "DTM*097*20261122", "CUR*SE*USD", "LIN*1*VP*A",
        "REF*ZZ*change*ITEM ACTION", "CTP**NET*65.67*100*EA", "CTT*1",
    ]  # fmt: skip
