"""Promise: what was sent leaves as DESADV with its packages, and comes in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical.amounts import Quantity
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage
from canonical.identifiers import Identifier, Reference
from canonical.order import Item
from canonical.party import Address
from tests.mappings.edifact.trading import (
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
    sent,
)

SSCC = "373098765432100017"
PACKAGES = (
    DespatchPackage(package_id="1", kind="201", ssccs=(SSCC,)),
    DespatchPackage(
        package_id="2",
        parent="1",
        kind="CT",
        ssccs=("373098765432100024", "373098765432100031"),
        gross_weight=Quantity(value=Decimal("12.5"), unit="KGM"),
        volume=Quantity(value=Decimal("0.125"), unit="MTQ"),
    ),
    DespatchPackage(package_id="3", parent="1", kind="CT", count=4),
    DespatchPackage(package_id="B'4"),
)
LINES = st.builds(
    DespatchLine,
    line_id=IDS | st.just("7"),
    quantity=QUANTITIES,
    item=ITEMS,
    order_id=st.none() | IDS,
    order_line_id=st.none() | IDS | st.just("10"),
    packages=st.lists(st.sampled_from(["1", "2", "3", "B'4"]), unique=True).map(tuple),
    description=st.none() | WORDS,
    outstanding=st.none() | QUANTITIES,
    batch=st.none() | IDS,
    best_before=st.none() | DAYS,
    serials=st.lists(IDS, max_size=3).map(tuple),
)
ADVICES = st.builds(
    DespatchAdvice,
    despatch_id=IDS,
    issued_at=TIMES,
    lines=st.lists(LINES, min_size=1, max_size=3).map(tuple),
    packages=st.just(PACKAGES),
    despatched_at=st.none() | TIMES,
    expected_at=st.none() | TIMES,
    order_id=st.none() | IDS,
    buyer=st.none() | PARTIES,
    seller=st.none() | PARTIES,
    carrier=st.none() | PARTIES,
    ship_from=st.none() | st.just(Address(name="Lager 1", city="Borås")),
    ship_to=st.none()
    | st.just(Address(address_id="7300030000005", scheme="GLN", deliver_to=("Bo K",))),
    tracking=st.just(())
    | st.just(
        (Identifier(value="W1", scheme="waybill"), Identifier(value="T", scheme="consignment"))
    ),
    transport_mode=st.none() | st.just("30"),
    references=st.just(()) | st.just((Reference(kind="contract", value="AV?1"),)),
    note=st.none() | WORDS,
)


def in_order(advice: DespatchAdvice) -> DespatchAdvice:
    """Return an advice whose lines stand as a message has them: those without package first."""
    places = ["", *(one.package_id for one in PACKAGES)]
    lines = sorted(advice.lines, key=lambda line: places.index((*line.packages, "")[0]))
    return msgspec.structs.replace(advice, lines=tuple(lines))


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=40, deadline=None)
@given(advice=ADVICES.map(in_order))
def test_an_advice_reads_back_the_same(edition: str, advice: DespatchAdvice) -> None:
    assert back(advice, "DESADV", edition) == advice


ADVICE = DespatchAdvice(
    despatch_id="FS1",
    issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    lines=(
        DespatchLine(
            line_id="1",
            quantity=Quantity(value=Decimal(5), unit="C62"),
            item=Item(sku="A"),
            order_id="PO1",
            order_line_id="10",
            packages=("2", "3"),
        ),
    ),
    packages=PACKAGES[:3],
)


def test_packages_stand_in_one_another_below_the_shipment() -> None:
    assert sent(ADVICE, "DESADV").segments[4:-4] == [
        "CPS+S", "CPS+1+S", "PAC+1++201", "PCI+30", f"GIN+BJ+{SSCC}",
        "CPS+2+1", "PAC+1++CT", "MEA+PD+G+KGM:12.5", "MEA+PD+ABJ+MTQ:0.125", "PCI+30",
        "GIN+BJ+373098765432100024", "GIN+BJ+373098765432100031",
        "LIN+1", "PIA+5+A:SA", "QTY+12:5:PCE", "RFF+ON:PO1:10", "PCI+24+3",
        "CPS+3+1", "PAC+4++CT",
    ]  # fmt: skip


def test_a_line_whose_package_is_not_told_stands_in_the_shipment() -> None:
    lost = msgspec.structs.replace(ADVICE, packages=())
    result = sent(lost, "DESADV")
    assert result.segments[4:6] == ["CPS+1", "LIN+1"]
    assert isinstance(result.document, DespatchAdvice)
    assert result.document.lines[0].packages == ("2", "3")


def test_what_is_cut_is_told() -> None:
    long = msgspec.structs.replace(
        ADVICE,
        note="word " * 90,
        lines=(msgspec.structs.replace(ADVICE.lines[0], description="word " * 60),),
    )
    assert codes(sent(long, "DESADV")) == ["MAP-011", "MAP-011"]
