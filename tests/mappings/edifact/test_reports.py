"""Promise: reports of stock, sales, receipts and returns leave as EDIFACT, and come in as such."""

from canonical.catalogue import SalesReport
from canonical.identifiers import Identifier
from tests.mappings.standards import EDIFACT, codes


def test_the_retailer_of_a_report_is_the_seller_or_the_buyer() -> None:
    for role in ("SE", "BY"):
        body = f"BGM++S1+9'DTM+137:20261122:102'NAD+{role}+K1::92'LOC+162+A'LIN+1'QTY+153:1'"
        document = EDIFACT.read(body, "SLSRPT:D:96A:UN", currency="SEK").document
        assert isinstance(document, SalesReport)
        assert document.buyer is not None
        assert document.buyer.identifiers == (Identifier(value="K1", scheme="BuyerAssigned"),)


def test_a_total_of_other_lines_is_told() -> None:
    body = (
        "BGM+632+R1+9'DTM+137:20261122:102'NAD+BY+K1::92'CPS+1'LIN+1++7350053850019:EN'"
        "QTY+48:1:PCE'CNT+2:2'"
    )
    assert codes(EDIFACT.read(body, "RECADV:D:96A:UN")) == ["MAP-011"]
