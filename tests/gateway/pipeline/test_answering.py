"""What was agreed is what the core gets and what the buyer is told, line by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from canonical.amounts import Money, Quantity
from canonical.order import LineStatus, Order, OrderResponse, OrderResponseLine, ResponseStatus
from canonical.price import Price
from canonical.rules.judgement import Decision, Judgement
from canonical.stored import load
from canonical.wire import Message
from gateway.connectors.contract import OrderState
from gateway.pipeline.answering import Answered, order_response
from gateway.pipeline.states import State
from gateway.store.database import Database
from gateway.store.messages import StoredMessage
from protocols.cxml.codec import CxmlCodec
from tests.builders import NOON, make_order, make_order_request, make_partner, make_product
from tests.gateway.pipeline.conftest import LIBRARY, House, build_house

CHANGING = {
    "decisions": {"ORDER-010": "change", "ORDER-014": "change", "ORDER-008": "reject"},
    "response": {"url": "https://buyer.example/cxml"},
}


@pytest.fixture
def changing(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, make_partner(orders=CHANGING))


def delivered(house: House) -> Order:
    ((_, body),) = house.core.submitted()
    order = load(body[body.index(b"{") :])
    assert isinstance(order, Order)
    return order


def told(house: House) -> OrderResponse:
    ((_, payload),) = house.postbox.sent
    (message,) = CxmlCodec(None).read(payload.content, payload.media_type).messages
    assert isinstance(message, Message)
    reader = LIBRARY.reader("cxml", "ConfirmationRequest")
    assert reader is not None
    document = reader.read(message).document
    assert isinstance(document, OrderResponse)
    return document


def test_a_changed_price_and_quantity_reach_the_core_and_the_buyer(changing: House) -> None:
    changing.core.catalogue["SKU-2"] = make_product("SKU-2", quantity_multiple=Decimal(5))
    order = make_order_request(quantity="2").replace(b">10.00<", b">12.00<", 1)
    answer = changing.receive(order)
    changing.engine.drain()
    assert changing.state(answer.message_id) == State.DELIVERED
    first, second = delivered(changing).lines
    assert first.price is not None
    assert (first.quantity.value, first.price.amount) == (Decimal(2), Decimal("10.00"))
    assert second.quantity.value == Decimal(5)
    assert delivered(changing).total == Money(amount=Decimal("70.00"), currency="EUR")
    response = told(changing)
    assert response.status is ResponseStatus.CHANGED
    one, two = response.lines
    assert (one.status, two.status) == (LineStatus.CHANGED, LineStatus.CHANGED)
    assert one.price is not None
    assert (one.price.amount, two.quantity.value) == (Decimal("10.00"), Decimal(5))
    assert response.total == Money(amount=Decimal("70.00"), currency="EUR")
    assert "contract price" in (one.reason or "")
    assert "multiple" in (two.reason or "")


def test_a_rejected_line_stays_out_of_the_core_and_is_told(changing: House) -> None:
    changing.core.customers["C1"] = type(changing.core.customers["C1"])(
        customer_id="C1", name="Buyer Ltd", currency="EUR", assortments=("basic",)
    )
    changing.core.catalogue["SKU-1"] = make_product("SKU-1", assortments=("special",))
    changing.receive(make_order_request())
    changing.engine.drain()
    assert [line.line_id for line in delivered(changing).lines] == ["2"]
    response = told(changing)
    assert [line.status for line in response.lines] == [LineStatus.REJECTED, LineStatus.ACCEPTED]
    assert response.total == Money(amount=Decimal("10.00"), currency="EUR")


def _line(line_id: str, status: LineStatus, amount: str, quantity: int = 1) -> OrderResponseLine:
    return OrderResponseLine(
        line_id=line_id,
        status=status,
        quantity=Quantity(value=Decimal(quantity), unit="EA"),
        price=Price(amount=Decimal(amount), currency="EUR"),
        reason=f"{status} {amount}",
    )


def _response(judged: OrderResponseLine, core: OrderResponseLine) -> OrderResponse:
    message = StoredMessage(
        id="m",
        interchange="i",
        direction="in",
        syntax="cxml",
        state="checked",
        created_at=NOON,
        updated_at=NOON,
        external_id="1@b",
    )
    state = OrderState(
        external_reference="r", order_number="SO-1", state="confirmed", lines=(core,)
    )
    judgement = Judgement(decision=Decision.CHANGED, lines=(judged,))
    made = Answered(NOON, rejected=False, judgement=judgement, core=state)
    return order_response(message, make_order(lines=1), made)


@pytest.mark.parametrize(
    ("judged", "core", "status"),
    [
        (LineStatus.ACCEPTED, LineStatus.ACCEPTED, LineStatus.ACCEPTED),
        (LineStatus.CHANGED, LineStatus.ACCEPTED, LineStatus.CHANGED),
        (LineStatus.CHANGED, LineStatus.BACKORDERED, LineStatus.BACKORDERED),
        (LineStatus.ACCEPTED, LineStatus.REJECTED, LineStatus.REJECTED),
    ],
)
def test_the_core_speaks_of_the_agreed_line_the_rules_of_the_ordered_one(
    judged: LineStatus, core: LineStatus, status: LineStatus
) -> None:
    response = _response(_line("1", judged, "10.00"), _line("1", core, "10.00"))
    assert response.lines[0].status is status
    assert (response.status is ResponseStatus.ACCEPTED) == (status is LineStatus.ACCEPTED)


def test_the_total_follows_what_the_core_changes() -> None:
    judged = _line("1", LineStatus.ACCEPTED, "10.00")
    response = _response(judged, _line("1", LineStatus.CHANGED, "9.50", quantity=2))
    assert response.total == Money(amount=Decimal("19.00"), currency="EUR")
    kept = _response(judged, _line("1", LineStatus.ACCEPTED, "10.00"))
    assert kept.total == make_order(lines=1).total


def test_both_reasons_of_a_line_are_told_once() -> None:
    judged, core = (
        _line("1", LineStatus.CHANGED, "1.00"),
        _line("1", LineStatus.BACKORDERED, "1.00"),
    )
    assert _response(judged, core).lines[0].reason == "changed 1.00; backordered 1.00"
    assert _response(judged, judged).lines[0].reason == "changed 1.00"
