"""Promise: reports of stock and sales leave as 846 and 852, and come in as such."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.catalogue import InventoryLine, InventoryReport, SalesLine, SalesReport
from canonical.identifiers import Identifier, Reference
from canonical.party import Party
from canonical.stock import IncomingStock
from tests.mappings.x12.trading import (
    AMOUNTS,
    DAYS,
    IDS,
    NAMED_ITEMS,
    PARTIES,
    QUANTITIES,
    TIMES,
    VERSIONS,
    WORDS,
    back,
    codes,
    read,
)

REFERENCES = st.sampled_from([(), (Reference(kind="contract", value="AV?1"),)])
INVENTORIES = st.builds(
    InventoryReport,
    report_id=IDS,
    issued_at=TIMES,
    lines=st.lists(
        st.builds(
            InventoryLine,
            line_id=IDS,
            item=NAMED_ITEMS,
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
REPORTERS = st.builds(
    Party, name=WORDS, identifiers=st.just((Identifier(value="7309876543210", scheme="GLN"),))
)
SALES = st.builds(
    SalesReport,
    report_id=IDS,
    issued_at=TIMES,
    lines=st.lists(
        st.builds(
            SalesLine,
            line_id=IDS,
            item=NAMED_ITEMS,
            quantity=QUANTITIES,
            location=st.none() | IDS,
            sold_on=st.none() | DAYS,
            price=st.none() | AMOUNTS,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    period_start=DAYS,
    period_end=st.none() | DAYS,
    buyer=st.none() | REPORTERS,
    seller=st.none() | REPORTERS,
    references=REFERENCES,
)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=30, deadline=None)
@given(report=INVENTORIES)
def test_a_report_of_stock_reads_back_the_same(version: str, report: InventoryReport) -> None:
    assert back(report, "846", version) == report


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=30, deadline=None)
@given(report=SALES)
def test_a_report_of_sales_reads_back_the_same(version: str, report: SalesReport) -> None:
    assert back(report, "852", version) == report


SALE = "XQ*H*20261116~LIN*1*VP*A~"


def test_only_what_was_sold_is_read() -> None:
    document = read(f"{SALE}ZA*QA*500*EA~ZA*QS*3*EA~CTT*1~", "852").document
    assert isinstance(document, SalesReport)
    assert [str(line.quantity.value) for line in document.lines] == ["3"]
    assert document.report_id == "000004711-0001"


def test_amounts_need_the_agreed_currency() -> None:
    body = f"{SALE}AMT*1*10~ZA*QS*3*EA~CTT*1~"
    assert codes(read(body, "852")) == ["MAP-001"]
    document = read(body, "852", currency="USD").document
    assert isinstance(document, SalesReport)
    assert document.lines[0].amount is not None
    assert document.lines[0].amount.currency == "USD"


def test_a_quantity_of_several_places_is_told_to_be_one() -> None:
    body = f"{SALE}ZA*QS*3*EA~SDQ*EA*92*S1*1*S2*2~CTT*1~"
    assert codes(read(body, "852")) == ["MAP-011"]


def test_stock_that_is_not_told_is_asked_for() -> None:
    body = "BIA*00*SI*L1*20261122~LIN*1*VP*A~QTY*63*5*EA~CTT*1~"
    (fault,) = read(body, "846").faults
    assert (fault.code, fault.target) == ("MAP-001", "lines[0].available.value")
    assert fault.hint


def test_stock_to_come_needs_a_day() -> None:
    body = "BIA*00*SI*L1*20261122~LIN*1*VP*A~QTY*33*5*EA~QTY*63*5*EA~CTT*1~"
    document = read(body, "846").document
    assert isinstance(document, InventoryReport)
    assert (document.lines[0].available.value, document.lines[0].incoming) == (Decimal(5), ())
