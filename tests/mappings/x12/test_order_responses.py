"""Promise: answers to orders leave as 855 and come in as such, in every version."""

from canonical.order import OrderResponse
from tests.mappings.examples import RESPONSE
from tests.mappings.standards import X12


def test_what_becomes_of_a_line_is_said_by_its_ack() -> None:
    assert X12.sent(RESPONSE, "855").segments == [
        "ST*855*0001", "BAK*00*AC*PO-1*20261122****AB-1*20261122", "CUR*SE*SEK", "PO1*10*5*PC",
        "ACK*IB*5*PC*067*20261201", "CTT*1", "SE*7*0001",
    ]  # fmt: skip


def test_a_line_that_is_answered_in_parts_becomes_as_many() -> None:
    body = (
        "BAK*00*AC*PO-1*20261121~CUR*SE*USD~PO1*1*10*EA*2**VP*A-1~ACK*IA*6*EA*067*20261201~"
        "ACK*IB*4*EA*067*20261224~PO1*2*3*EA**VP*A-2~CTT*2~"
    )
    document = X12.read(body.replace("EA**VP", "EA***VP"), "855").document
    assert isinstance(document, OrderResponse)
    found = [(one.line_id, one.status.value, str(one.quantity.value)) for one in document.lines]
    assert found == [("1", "accepted", "6"), ("1", "backordered", "4"), ("2", "accepted", "3")]
    assert (document.response_id, document.order_issued_at) == ("PO-1", None)
