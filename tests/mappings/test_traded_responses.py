"""Promise: answers to orders and to changes leave by either standard and come in the same."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from canonical.order import (
    Item,
    LineStatus,
    OrderCancellation,
    OrderResponse,
    OrderResponseLine,
    ResponseStatus,
)
from mappings.engine.library import Source
from tests.mappings.examples import RESPONSE
from tests.mappings.standards import (
    DAYS,
    EDIFACT,
    MONEY,
    NOW,
    QUANTITIES,
    X12,
    Standard,
    Way,
    codes,
    ways,
)
from tests.mappings.workbench import SHIPPED


def responses(standard: Standard) -> st.SearchStrategy[OrderResponse]:
    ids, words = standard.ids, standard.words
    lines = st.builds(
        OrderResponseLine,
        line_id=ids,
        status=st.sampled_from(LineStatus),
        quantity=QUANTITIES,
        item=st.none() | standard.items.filter(lambda item: item != Item()),
        price=st.none() | standard.prices,
        delivery=st.none() | DAYS,
        reason=st.none() | words,
    )
    return st.builds(
        OrderResponse,
        response_id=ids,
        order_id=ids,
        issued_at=standard.times,
        status=st.sampled_from(ResponseStatus),
        currency=st.just("SEK"),
        lines=st.lists(lines, min_size=1, max_size=3).map(tuple),
        order_issued_at=st.none() | standard.times,
        order_payload_id=st.none() | ids,
        core_reference=st.none() | ids,
        total=st.none() | MONEY,
        reason=st.none() | words,
        seller=st.none() | standard.parties,
        order_version=st.none() | ids,
    )


@ways(edifact="ORDRSP", x12="855")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    response = data.draw(responses(way.standard))
    assert way.back(response) == response


@ways(edifact="ORDRSP", x12="865")
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_to_a_change_reads_back_the_same(way: Way, data: st.DataObject) -> None:
    response = replace(data.draw(responses(way.standard)), to_change=True)
    assume(response.order_version != response.order_id)  # which says: none of its own
    assert way.back(response) == response


NAMES = {"edifact": ("ORDRSP", "ORDRSP"), "x12": ("855", "865")}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_what_is_answered_chooses_the_message(standard: Standard) -> None:
    for to_change in (False, True):
        writer = SHIPPED.writer_for(standard.name, replace(RESPONSE, to_change=to_change))
        assert writer is not None
        assert writer.message == NAMES[standard.name][to_change]


def test_an_answer_to_a_change_names_it() -> None:
    named = replace(RESPONSE, to_change=True, order_version="PO-1-2")
    assert "RFF+PP:PO-1-2" in EDIFACT.sent(named, "ORDRSP").segments
    bare = replace(RESPONSE, to_change=True)
    assert "RFF+PP:PO-1" in EDIFACT.sent(bare, "ORDRSP").segments
    assert not [one for one in EDIFACT.sent(RESPONSE, "ORDRSP").segments if "RFF+PP" in one]
    assert X12.sent(named, "865").segments[1] == "BCA*00*AC*PO-1**PO-1-2*20261122***AB-1*20261122"


CANCELLATIONS = {
    "x12": ("860.cancellation", "x12/850-cancellation-write", "850.cancellation"),
    "edifact": ("ORDCHG.cancellation", "edifact/orders-cancellation-write", "ORDERS.cancellation"),
}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_a_cancellation_leaves_as_a_change_unless_a_partner_reads_none(standard: Standard) -> None:
    usual, mapping, other = CANCELLATIONS[standard.name]
    taken_back = OrderCancellation(order_id="PO-1", issued_at=NOW)
    overlay = {mapping: Source("own.yaml", f"extends: {mapping}\nwhen: 'true'\n")}
    for library, name in ((SHIPPED, usual), (SHIPPED.with_overlay(overlay), other)):
        writer = library.writer_for(standard.name, taken_back)
        assert writer is not None
        assert writer.message == name


WITHOUT_CURRENCY = {
    "edifact": ("BGM+231+A+29'DTM+137:20261122:102'RFF+ON:PO-1'UNS+S'", "ORDRSP:D:96A:UN"),
    "x12": ("BAK*00*AK*PO-1*20261121~", "855"),
}


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_a_currency_that_nobody_tells_is_a_fault_unless_it_is_agreed(standard: Standard) -> None:
    body, kind = WITHOUT_CURRENCY[standard.name]
    assert codes(standard.read(body, kind)) == ["MAP-001"]
    document = standard.read(body, kind, currency="NOK").document
    assert isinstance(document, OrderResponse)
    assert document.currency == "NOK"


@pytest.mark.parametrize("standard", [EDIFACT, X12], ids=lambda one: one.name)
def test_a_reason_that_is_too_long_is_said_to_be_cut(standard: Standard) -> None:
    result = standard.sent(replace(RESPONSE, reason="word " * 300), NAMES[standard.name][0])
    assert codes(result) == ["MAP-011"]
    assert isinstance(result.document, OrderResponse)
    assert (result.document.reason or "").startswith("word word")
