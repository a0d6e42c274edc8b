"""Promise: what was sent leaves as DESADV with its packages, and comes in as such."""

import msgspec

from canonical.despatch import DespatchAdvice
from tests.mappings.examples import ADVICE
from tests.mappings.standards import EDIFACT

SSCC = "373098765432100017"


def test_packages_stand_in_one_another_below_the_shipment() -> None:
    assert EDIFACT.sent(ADVICE, "DESADV").segments[5:-4] == [
        "CPS+1", "CPS+PALL+1", "PAC+1++PX", "PCI+30", "GIN+BJ+373098765432100017",
        "CPS+2+PALL", "PAC+1++CT", "MEA+PD+G+KGM:12.5", "MEA+PD+ABJ+MTQ:0.125", "PCI+30",
        "GIN+BJ+373098765432100024", "GIN+BJ+373098765432100031",
        "LIN+1", "PIA+5+A:SA", "QTY+12:5:PCE", "RFF+ON:PO1:10", "PCI+24+3",
        "CPS+3+2", "PAC+4++BX",
    ]  # fmt: skip


def test_the_shipment_has_a_name_that_no_package_has() -> None:
    first, *others = ADVICE.packages
    named = msgspec.structs.replace(first, package_id="1")
    inner = [msgspec.structs.replace(one, parent="1") for one in others]
    clash = msgspec.structs.replace(ADVICE, packages=(named, *inner))
    assert EDIFACT.sent(clash, "DESADV").segments[5:7] == ["CPS+S", "CPS+1+S"]


def test_a_line_whose_package_is_not_told_stands_in_the_shipment() -> None:
    lost = msgspec.structs.replace(ADVICE, packages=())
    result = EDIFACT.sent(lost, "DESADV")
    assert result.segments[5:7] == ["CPS+1", "LIN+1"]
    assert isinstance(result.document, DespatchAdvice)
    assert result.document.lines[0].packages == ("2", "3")
