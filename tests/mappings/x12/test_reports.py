"""Promise: reports of stock and sales leave as 846 and 852, and come in as such."""

from datetime import date
from decimal import Decimal

from canonical.catalogue import SalesReport
from canonical.order import Item
from tests.mappings.standards import X12, codes

SALE = "XQ*H*20261116~LIN*1*VP*A~"


def test_only_what_was_sold_is_read() -> None:
    document = X12.read(f"{SALE}ZA*QA*500*EA~ZA*QS*3*EA~CTT*1~", "852").document
    assert isinstance(document, SalesReport)
    assert [str(line.quantity.value) for line in document.lines] == ["3"]
    assert document.report_id == "000004711-0001"


def test_amounts_need_the_agreed_currency() -> None:
    body = f"{SALE}AMT*1*10~ZA*QS*3*EA~CTT*1~"
    assert codes(X12.read(body, "852")) == ["MAP-001"]
    document = X12.read(body, "852", currency="USD").document
    assert isinstance(document, SalesReport)
    assert document.lines[0].amount is not None
    assert document.lines[0].amount.currency == "USD"


def test_each_place_of_a_quantity_is_a_line() -> None:
    pairs = "".join(f"*S{number}*{number}" for number in range(1, 11))
    body = f"{SALE}ZA*QS*66*EA*007*20261120~CTP**RTL*9~SDQ*EA*92{pairs}~SDQ*EA*92*S11*11~CTT*1~"
    mapped = X12.read(body, "852")
    assert isinstance(mapped.document, SalesReport)
    assert codes(mapped) == []
    found = {line.location: str(line.quantity.value) for line in mapped.document.lines}
    assert found == {f"S{number}": str(number) for number in range(1, 12)}
    assert len(mapped.document.lines) == 11
    assert {(line.sold_on, line.price, line.item) for line in mapped.document.lines} == {
        (date(2026, 11, 20), Decimal(9), Item(sku="A"))
    }


def test_an_amount_of_several_places_is_of_none_of_them() -> None:
    body = f"{SALE}AMT*1*30~ZA*QS*3*EA~SDQ*EA*92*S1*1*S2*2~CTT*1~"
    mapped = X12.read(body, "852", currency="USD")
    assert codes(mapped) == ["MAP-011"]
    assert isinstance(mapped.document, SalesReport)
    assert [line.amount for line in mapped.document.lines] == [None, None]
