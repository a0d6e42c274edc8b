"""Promise: reports of stock, sales, receipts and returns leave by a standard and come in so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.catalogue import InventoryLine, InventoryReport, SalesLine, SalesReport
from canonical.identifiers import Identifier
from canonical.party import Address, Party
from canonical.returns import ReceiptAdvice, ReceiptLine, ReturnLine, ReturnRequest
from canonical.stock import IncomingStock
from tests.mappings.standards import (
    AMOUNTS,
    DAYS,
    EDIFACT,
    MONEY,
    NUMBERS,
    QUANTITIES,
    REFERENCES,
    X12,
    Standard,
    Way,
    ways,
)

COMING = st.builds(
    IncomingStock, expected_on=DAYS, quantity=st.decimals("0", "999", places=2)
)  # fmt: skip


def stocks(standard: Standard) -> st.SearchStrategy[InventoryReport]:
    line = st.builds(
        InventoryLine,
        line_id=NUMBERS,
        item=standard.items,
        available=QUANTITIES,
        warehouse=st.none() | standard.ids,
        incoming=st.lists(COMING, max_size=2).map(tuple),
        as_of=st.none() | standard.times,
    )
    return st.builds(
        InventoryReport,
        report_id=standard.ids,
        issued_at=standard.times,
        lines=st.lists(line, min_size=1, max_size=3).map(tuple),
        as_of=st.none() | standard.times,
        buyer=st.none() | standard.parties,
        seller=st.none() | standard.parties,
        references=REFERENCES,
    )


@ways(edifact="INVRPT", x12="846")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_report_of_stock_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    report = data.draw(stocks(way.standard))
    assert way.back(report) == report


def sales(standard: Standard) -> st.SearchStrategy[SalesReport]:
    """Return reports of sales; an 852 knows no currency, so that it tells no amounts."""
    edifact = standard is EDIFACT
    reporter = st.builds(
        Party,
        name=st.none() | standard.words if edifact else standard.words,
        identifiers=st.just((Identifier(value="7309876543210", scheme="GLN"),)),
    )
    line = st.builds(
        SalesLine,
        line_id=NUMBERS,
        item=standard.items,
        quantity=QUANTITIES,
        location=st.none() | standard.ids,
        sold_on=st.none() | DAYS,
        amount=st.none() | MONEY if edifact else st.none(),
        price=st.none() | AMOUNTS,
    )
    return st.builds(
        SalesReport,
        report_id=standard.ids,
        issued_at=standard.times,
        lines=st.lists(line, min_size=1, max_size=3).map(tuple),
        period_start=st.none() | DAYS if edifact else DAYS,
        period_end=st.none() | DAYS,
        currency=st.just("SEK") if edifact else st.none(),
        buyer=reporter,
        seller=st.none() | reporter,
        references=REFERENCES,
    )


@ways(edifact="SLSRPT", x12="852")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_report_of_sales_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    report = data.draw(sales(way.standard))
    assert way.back(report) == report


IDS, WORDS = EDIFACT.ids, EDIFACT.words
PLACE = st.none() | st.just(Address(address_id="7300030000005", scheme="GLN", name="Lager"))
ORIGIN = {
    "line_id": IDS | NUMBERS,
    "item": EDIFACT.items,
    "order_id": st.none() | IDS,
    "order_line_id": st.none() | IDS | st.just("10"),
    "reason": st.none() | WORDS,
}
HEAD = {
    "issued_at": EDIFACT.times,
    "buyer": EDIFACT.parties,
    "seller": st.none() | EDIFACT.parties,
    "references": REFERENCES,
}
RECEIPTS = st.builds(
    ReceiptAdvice,
    receipt_id=IDS,
    lines=st.lists(
        st.builds(
            ReceiptLine,
            received=QUANTITIES,
            accepted=st.none() | QUANTITIES,
            package=st.none() | st.just("373098765432100017"),
            **ORIGIN,  # type: ignore[arg-type]
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    received_at=st.none() | EDIFACT.times,
    despatch_id=st.none() | IDS,
    order_id=st.none() | IDS,
    ship_to=PLACE,
    **HEAD,  # type: ignore[arg-type]
)
RETURNS = st.builds(
    ReturnRequest,
    return_id=IDS,
    lines=st.lists(
        st.builds(
            ReturnLine,
            quantity=QUANTITIES,
            despatch_id=st.none() | IDS,
            invoice_id=st.none() | IDS,
            note=st.none() | WORDS,
            **ORIGIN,  # type: ignore[arg-type]
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    pick_up=PLACE,
    note=st.none() | WORDS,
    **HEAD,  # type: ignore[arg-type]
)


@ways(edifact="RECADV")
@settings(max_examples=25, deadline=None)
@given(receipt=RECEIPTS)
def test_an_advice_of_receipt_reads_back_the_same(way: Way, receipt: ReceiptAdvice) -> None:
    assert way.back(receipt) == receipt


@settings(max_examples=25, deadline=None)
@given(request=RETURNS)
def test_a_request_to_return_reads_back_the_same(request: ReturnRequest) -> None:
    assert EDIFACT.back(request, "RETANN", "D.01B") == request


BARE = {
    "edifact": ("BGM+35+L1+9'DTM+137:20261122:102'LIN+1++7350053850019:EN'{}",
                "QTY+145:1:PCE'", "QTY+21:5:PCE'", "INVRPT:D:96A:UN"),
    "x12": ("BIA*00*SI*L1*20261122~LIN*1*VP*A~{}CTT*1~",
            "QTY*33*1*EA~", "QTY*63*5*EA~", "846"),
}  # fmt: skip
BOTH = pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)


@BOTH
def test_stock_that_is_not_told_is_asked_for(standard: Standard) -> None:
    body, _, coming, kind = BARE[standard.name]
    (fault,) = standard.read(body.format(coming), kind).faults
    assert (fault.code, fault.target) == ("MAP-001", "lines[0].available.value")
    assert fault.hint


@BOTH
def test_what_is_coming_without_a_day_is_no_stock_to_come(standard: Standard) -> None:
    body, there, coming, kind = BARE[standard.name]
    document = standard.read(body.format(there + coming), kind).document
    assert isinstance(document, InventoryReport)
    assert [(str(line.available.value), line.incoming) for line in document.lines] == [("1", ())]
