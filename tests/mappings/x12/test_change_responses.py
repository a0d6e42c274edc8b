"""Promise: answers to changes of orders leave as 865 and come in as such, in every version."""

from decimal import Decimal

from msgspec.structs import replace

from canonical.order import LineStatus, OrderResponse
from tests.mappings.examples import RESPONSE
from tests.mappings.standards import X12, codes


def test_a_line_says_what_was_changed_and_what_becomes_of_it() -> None:
    (line,) = RESPONSE.lines
    changed = replace(line, status=LineStatus.CHANGED, delivery=None)
    response = replace(RESPONSE, lines=(changed,), to_change=True)
    assert X12.sent(response, "865").segments == [
        "ST*865*0001", "BCA*00*AC*PO-1***20261122***AB-1*20261122", "CUR*SE*SEK",
        "POC*10*CA*5*5*PC", "ACK*IC*5*PC", "CTT*1", "SE*7*0001",
    ]  # fmt: skip


def test_a_line_without_ack_is_what_the_head_says() -> None:
    for code, status in {"AD": LineStatus.ACCEPTED, "RD": LineStatus.REJECTED}.items():
        body = f"BCA*00*{code}*PO-1***20261121~POC*1*CA*5*5*EA*2**VP*A~CTT*1~"
        document = X12.read(body, "865", currency="USD").document
        assert isinstance(document, OrderResponse)
        (line,) = document.lines
        assert (line.status, line.quantity.value) == (status, Decimal(5))


def test_a_total_of_other_lines_is_told() -> None:
    body = "BCA*00*AD*PO-1***20261121~POC*1*CA*5*5*EA*2**VP*A~CTT*2~"
    assert codes(X12.read(body, "865", currency="USD")) == ["MAP-011"]
