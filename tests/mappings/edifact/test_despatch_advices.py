"""Promise: what was sent leaves as DESADV with its packages, and comes in as such."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from canonical.amounts import Quantity
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage
from canonical.order import Item
from tests.mappings.standards import EDIFACT

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
    assert EDIFACT.sent(ADVICE, "DESADV").segments[4:-4] == [
        "CPS+S", "CPS+1+S", "PAC+1++201", "PCI+30", f"GIN+BJ+{SSCC}",
        "CPS+2+1", "PAC+1++CT", "MEA+PD+G+KGM:12.5", "MEA+PD+ABJ+MTQ:0.125", "PCI+30",
        "GIN+BJ+373098765432100024", "GIN+BJ+373098765432100031",
        "LIN+1", "PIA+5+A:SA", "QTY+12:5:PCE", "RFF+ON:PO1:10", "PCI+24+3",
        "CPS+3+1", "PAC+4++CT",
    ]  # fmt: skip


def test_a_line_whose_package_is_not_told_stands_in_the_shipment() -> None:
    lost = msgspec.structs.replace(ADVICE, packages=())
    result = EDIFACT.sent(lost, "DESADV")
    assert result.segments[4:6] == ["CPS+1", "LIN+1"]
    assert isinstance(result.document, DespatchAdvice)
    assert result.document.lines[0].packages == ("2", "3")
