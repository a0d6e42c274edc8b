"""Promise: orders, their changes and cancellations leave as 850 and 860 and come in as such."""

from decimal import Decimal

import msgspec
import pytest

from canonical.amounts import Quantity
from canonical.order import LineAction, OrderCancellation, OrderChange
from tests.mappings.examples import ORDER
from tests.mappings.standards import X12


@pytest.mark.parametrize("unit", ["MQM", "CR"])
def test_a_unit_that_x12_has_no_code_for_is_a_fault(unit: str) -> None:
    """A crate is CR in Recommendation 20; in X12 that is a cubic metre."""
    (line,) = ORDER.lines
    odd = msgspec.structs.replace(line, quantity=Quantity(value=Decimal(5), unit=unit))
    with pytest.raises(AssertionError, match="MAP-00"):
        X12.sent(msgspec.structs.replace(ORDER, lines=(odd,)), "850")


@pytest.mark.parametrize(
    ("unit", "code"), [("MTQ", "CR"), ("CS", "CA"), ("CA", "CN"), ("RL", "RE")]
)
def test_a_unit_goes_by_the_code_of_x12(unit: str, code: str) -> None:
    (line,) = ORDER.lines
    other = msgspec.structs.replace(line, quantity=Quantity(value=Decimal(5), unit=unit))
    order = msgspec.structs.replace(ORDER, lines=(other,))
    result = X12.sent(order, "850")
    assert f"PO1*1*5*{code}***VP*A-1" in result.segments
    assert result.document == order


def test_an_order_of_purpose_01_takes_back() -> None:
    document = X12.read("BEG*01*SA*PO-1**20261122~PO1*1*1*EA*2~", "850").document
    assert isinstance(document, OrderCancellation)
    assert document.order_id == "PO-1"


def test_a_change_in_part_says_what_to_do_with_each_line() -> None:
    body = (
        "BCH*04*SA*PO-1***20261122~CUR*BY*USD~POC*1*DI*100*0*EA*65.67**VP*A-1~"
        "POC*2*QD*25*25*MR**VP*A-2~POC*3*AI*1*1*EA*9.5*HP*VP*A-3~CTT*3~"
    )
    document = X12.read(body.replace("MR**VP", "MR***VP"), "860").document
    assert isinstance(document, OrderChange)
    assert document.partial
    actions = [line.action for line in document.lines]
    assert actions == [LineAction.DELETE, LineAction.CHANGE, LineAction.ADD]


def test_lines_taken_out_are_not_in_an_order_that_replaces_the_earlier() -> None:
    body = (
        "BCH*05*SA*PO-1***20261122~CUR*BY*USD~POC*1*DI*100*0*EA***VP*A-1~"
        "POC*2*NC*50*50*MR***VP*A-2~CTT*2~"
    )
    document = X12.read(body, "860").document
    assert isinstance(document, OrderChange)
    assert not document.partial
    assert [line.line_id for line in document.lines] == ["2"]
    assert document.lines[0].action is None
