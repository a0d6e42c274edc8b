"""Promise: answers to orders leave as ORDRSP and come in as such, in every edition."""

from canonical.order import OrderResponse
from tests.mappings.examples import RESPONSE
from tests.mappings.standards import EDIFACT


def test_what_becomes_of_a_line_is_said_by_its_action_and_quantity() -> None:
    found = EDIFACT.sent(RESPONSE, "ORDRSP").segments
    assert found[2:] == [
        "BGM+231+AB-1+4", "DTM+137:20261122:102", "RFF+ON:PO-1", "CUX+2:SEK:9", "LIN+10+3",
        "QTY+83:5:PCE", "DTM+67:20261201:102", "UNS+S", "CNT+2:1", "UNT+11+1", "UNZ+1+4711", "",
    ]  # fmt: skip


def test_an_answer_without_code_is_what_its_lines_say() -> None:
    head = "DTM+137:20261122:102'RFF+ON:PO-1'CUX+2:SEK:9'"
    lines = {"5": "accepted", "7": "rejected", "3": "changed"}
    for action, status in lines.items():
        body = f"BGM+231+A+9'{head}LIN+1+{action}'QTY+21:1'UNS+S'"
        document = EDIFACT.read(body, "ORDRSP:D:96A:UN").document
        assert isinstance(document, OrderResponse)
        assert document.status == status
