"""Promise: reports of stock, sales, receipts and returns leave as EDIFACT, and come in as such."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Money
from canonical.catalogue import InventoryLine, InventoryReport, SalesLine, SalesReport
from canonical.identifiers import Identifier, Reference
from canonical.party import Address, Party
from canonical.returns import ReceiptAdvice, ReceiptLine, ReturnLine, ReturnRequest
from canonical.stock import IncomingStock
from tests.mappings.edifact.trading import (
    AMOUNTS,
    DAYS,
    EDITIONS,
    IDS,
    ITEMS,
    PARTIES,
    QUANTITIES,
    TIMES,
    WORDS,
    back,
    codes,
    read,
)

REFERENCES = st.sampled_from([(), (Reference(kind="contract", value="AV?1"),)])
NUMBERS = st.sampled_from(["1", "20", "300000"])
PLACE = st.just(Address(address_id="7300030000005", scheme="GLN", name="Lager"))
INVENTORIES = st.builds(
    InventoryReport,
    report_id=IDS,
    issued_at=TIMES,
    lines=st.lists(
        st.builds(
            InventoryLine,
            line_id=NUMBERS,
            item=ITEMS,
            available=QUANTITIES,
            warehouse=st.none() | IDS,
            incoming=st.lists(
                st.builds(
                    IncomingStock, expected_on=DAYS, quantity=st.decimals("0", "999", places=2)
                ),
                max_size=2,
            ).map(tuple),
            as_of=st.none() | TIMES,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    as_of=st.none() | TIMES,
    buyer=st.none() | PARTIES,
    seller=st.none() | PARTIES,
    references=REFERENCES,
)
SELLER = st.builds(
    Party,
    name=st.none() | WORDS,
    identifiers=st.just((Identifier(value="7309876543210", scheme="GLN"),)),
)
SALES = st.builds(
    SalesReport,
    report_id=IDS,
    issued_at=TIMES,
    lines=st.lists(
        st.builds(
            SalesLine,
            line_id=NUMBERS,
            item=ITEMS,
            quantity=QUANTITIES,
            location=st.none() | IDS,
            sold_on=st.none() | DAYS,
            amount=st.none() | st.builds(Money, amount=AMOUNTS, currency=st.just("SEK")),
            price=st.none() | AMOUNTS,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    period_start=st.none() | DAYS,
    period_end=st.none() | DAYS,
    currency=st.just("SEK"),
    buyer=SELLER,
    seller=st.none() | SELLER,
    references=REFERENCES,
)
ORIGIN = {
    "line_id": IDS | NUMBERS,
    "item": ITEMS,
    "order_id": st.none() | IDS,
    "order_line_id": st.none() | IDS | st.just("10"),
    "reason": st.none() | WORDS,
}
RECEIPTS = st.builds(
    ReceiptAdvice,
    receipt_id=IDS,
    issued_at=TIMES,
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
    received_at=st.none() | TIMES,
    despatch_id=st.none() | IDS,
    order_id=st.none() | IDS,
    buyer=PARTIES,
    seller=st.none() | PARTIES,
    ship_to=st.none() | PLACE,
    references=REFERENCES,
)
RETURNS = st.builds(
    ReturnRequest,
    return_id=IDS,
    issued_at=TIMES,
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
    buyer=st.none() | PARTIES,
    seller=st.none() | PARTIES,
    pick_up=st.none() | PLACE,
    note=st.none() | WORDS,
    references=REFERENCES,
)


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=30, deadline=None)
@given(report=INVENTORIES)
def test_a_report_of_stock_reads_back_the_same(edition: str, report: InventoryReport) -> None:
    assert back(report, "INVRPT", edition) == report


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=30, deadline=None)
@given(report=SALES)
def test_a_report_of_sales_reads_back_the_same(edition: str, report: SalesReport) -> None:
    assert back(report, "SLSRPT", edition) == report


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=30, deadline=None)
@given(receipt=RECEIPTS)
def test_an_advice_of_receipt_reads_back_the_same(edition: str, receipt: ReceiptAdvice) -> None:
    assert back(receipt, "RECADV", edition) == receipt


@settings(max_examples=30, deadline=None)
@given(request=RETURNS)
def test_a_request_to_return_reads_back_the_same(request: ReturnRequest) -> None:
    assert back(request, "RETANN", "D.01B") == request


STOCK = "BGM+35+L1+9'DTM+137:20261122:102'LIN+1++7350053850019:EN'"


def test_what_is_coming_without_a_day_is_no_stock_to_come() -> None:
    document = read(f"{STOCK}QTY+145:1:PCE'QTY+21:5:PCE'", "INVRPT:D:96A:UN").document
    assert isinstance(document, InventoryReport)
    assert document.lines[0].incoming == ()
    assert document.lines[0].available.value == Decimal(1)


def test_stock_that_is_not_told_is_asked_for() -> None:
    (fault,) = read(f"{STOCK}QTY+21:5:PCE'", "INVRPT:D:96A:UN").faults
    assert (fault.code, fault.target) == ("MAP-001", "lines[0].available.value")
    assert fault.hint


def test_the_retailer_of_a_report_is_the_seller_or_the_buyer() -> None:
    for role in ("SE", "BY"):
        body = f"BGM++S1+9'DTM+137:20261122:102'NAD+{role}+K1::92'LOC+162+A'LIN+1'QTY+153:1'"
        document = read(body, "SLSRPT:D:96A:UN", currency="SEK").document
        assert isinstance(document, SalesReport)
        assert document.buyer is not None
        assert document.buyer.identifiers == (Identifier(value="K1", scheme="BuyerAssigned"),)


def test_a_total_of_other_lines_is_told() -> None:
    body = (
        "BGM+632+R1+9'DTM+137:20261122:102'NAD+BY+K1::92'CPS+1'LIN+1++7350053850019:EN'"
        "QTY+48:1:PCE'CNT+2:2'"
    )
    assert codes(read(body, "RECADV:D:96A:UN")) == ["MAP-011"]
