"""An order has its effect in the core once, whatever fails, and its timeline says how."""

from datetime import timedelta
from pathlib import Path

import pytest

from canonical.order import Order
from canonical.stored import load_as
from canonical.wire import Payload
from gateway.connectors.contract import OrderState
from gateway.errors import CoreBusyError, CoreRefusedError, CoreUnreachableError, TransportError
from gateway.pipeline.advancing import Patience, give_up, mend
from gateway.pipeline.operations import list_messages, release
from gateway.pipeline.states import State
from gateway.pipeline.steps import ANSWERS
from gateway.store.database import Database
from gateway.store.messages import MessageFilter, find_messages
from tests.builders import NOON, make_customer, make_order, make_order_request, make_partner
from tests.gateway.pipeline.conftest import House, build_house, response_of

ENDPOINT = "https://buyer.example/cxml"


@pytest.fixture
def telling(database: Database, tmp_path: Path) -> House:
    return build_house(database, tmp_path, make_partner(orders={"response": {"url": ENDPOINT}}))


def failing_at(moment: str, verb: str, error: Exception, times: int = 1):
    left = [error] * times

    def failing(at: str, of: str):
        return left.pop() if left and (at, of) == (moment, verb) else None

    return failing


def steps(house: House, message_id: str | None) -> list[tuple[str, str]]:
    return [(entry.step, entry.state) for entry in house.shown(message_id).timeline]


def test_a_good_order_is_checked_and_delivered(house: House) -> None:
    answer = house.receive(make_order_request())
    house.engine.drain()
    message = house.shown(answer.message_id).message
    assert (message.state, message.delivery) == (State.DELIVERED, "delivered")
    assert message.core_number == "SO-buyer:PO-1"
    assert steps(house, answer.message_id) == [
        ("receive", "accepted"),
        ("check", "checked"),
        ("deliver", "delivered"),
    ]


def test_each_step_keeps_what_it_worked_on_and_what_came_of_it(house: House) -> None:
    answer = house.receive(make_order_request())
    house.engine.drain()
    _, check, deliver = house.shown(answer.message_id).timeline
    with house.database.read() as connection:
        load = house.equipment.archive.load
        judged = load(connection, check.output_sha256 or "")
        ordered = load(connection, deliver.input_sha256 or "")
        answered = load(connection, deliver.output_sha256 or "")
        assert load(connection, check.input_sha256 or "") == ordered
    assert b"accepted" in judged
    assert b"PO-1" in ordered
    assert ANSWERS.load_as(OrderState, answered).order_number == "SO-buyer:PO-1"


def test_a_known_number_in_another_version_is_held_before_it_ships_twice(house: House) -> None:
    house.receive(make_order_request())
    again = house.receive(make_order_request(version="3", payload_id="2@b"))
    house.engine.drain()
    assert house.state(again.message_id) == State.HELD
    assert house.codes(again.message_id) == ["PIPELINE-018"]
    assert house.core.effects() == [("submit", "buyer:PO-1")]


def test_a_colon_in_a_number_makes_no_reference_of_another_order(house: House) -> None:
    house.receive(make_order_request(order_id="K", version="1"))
    house.receive(make_order_request(order_id="K:1", payload_id="2@b"))
    house.engine.drain()
    assert house.core.effects() == [("submit", "buyer:K:1"), ("submit", "buyer:K%3A1")]


def test_a_job_that_runs_again_changes_nothing(house: House) -> None:
    answer = house.receive(make_order_request())
    house.engine.drain()
    before = steps(house, answer.message_id)
    for serial in ("1", "2"):
        house.engine.handlers["check"](answer.message_id, "1", serial)
        house.engine.handlers["deliver"](answer.message_id, "1", serial)
    assert steps(house, answer.message_id) == before
    assert len(house.core.effects()) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_answer_that_is_lost_makes_no_second_effect(house: House, moment: str) -> None:
    house.core.failing = failing_at(moment, "submit", CoreUnreachableError("cut"))
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.DELIVERED
    assert house.core.effects() == [("submit", "buyer:PO-1")]
    assert house.codes(answer.message_id) == ["PIPELINE-010"]


def test_a_busy_core_decides_when_to_come_back(house: House) -> None:
    house.core.failing = failing_at("before", "submit", CoreBusyError("later", retry_after=77.0))
    house.receive(make_order_request())
    house.engine.handlers["check"](*house.engine.waiting.popitem()[1][1])
    house.engine.handlers["deliver"](*house.engine.waiting.popitem()[1][1])
    (_, _, placing) = next(iter(house.engine.waiting.values()))
    assert placing.delay == 77.0
    (only,) = list_messages(house.database, MessageFilter())
    assert house.codes(only.id) == ["PIPELINE-011"]


def test_another_order_under_our_reference_waits_for_a_person(house: House) -> None:
    house.core.submit("buyer:PO-1", "C1", make_order("PO-1", lines=3))
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    assert house.codes(answer.message_id) == ["PIPELINE-013"]


def test_a_change_of_what_never_reached_the_core_is_held(house: House) -> None:
    house.receive(make_order_request(test=True))
    house.engine.drain()
    change = house.receive(make_order_request(kind="update", payload_id="2@b"))
    house.engine.drain()
    assert house.state(change.message_id) == State.HELD
    assert house.codes(change.message_id) == ["PIPELINE-017"]


def test_an_order_is_held_when_all_attempts_failed(house: House) -> None:
    house.core.failing = failing_at("before", "submit", CoreUnreachableError("down"), times=9)
    answer = house.receive(make_order_request())
    house.engine.drain()
    message = house.shown(answer.message_id).message
    assert (message.state, message.delivery) == (State.HELD, "failed")
    assert house.codes(answer.message_id)[-2:] == ["PIPELINE-010", "PIPELINE-014"]
    assert house.core.effects() == []


def test_a_refusal_of_the_core_waits_for_a_person(house: House) -> None:
    house.core.failing = failing_at("before", "submit", CoreRefusedError("no", code="closed"))
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    assert house.codes(answer.message_id) == ["PIPELINE-012"]


def test_an_error_of_our_own_is_retried_then_held(house: House) -> None:
    house.core.customers = None  # type: ignore[assignment]
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    assert house.codes(answer.message_id).count("PIPELINE-007") == 3


def test_an_order_that_a_rule_doubts_is_held(house: House) -> None:
    house.core.customers["C1"] = make_customer(credit_hold=True)
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    assert "ORDER-019" in house.codes(answer.message_id)


@pytest.mark.parametrize(
    ("named", "state"),
    [
        (b'<SupplierID domain="duns">OTHER</SupplierID>', State.HELD),
        (b'<SupplierID domain="DUNS">SUPPLIER</SupplierID>', State.DELIVERED),
        (b'<SupplierID domain="their books">OTHER</SupplierID>', State.DELIVERED),
        (
            b'<SupplierList><Supplier><Name xml:lang="en">Other</Name>'
            b'<SupplierID domain="DUNS">OTHER</SupplierID></Supplier></SupplierList>',
            State.HELD,
        ),
    ],
)
def test_an_order_of_another_supplier_goes_nowhere_unseen(
    house: House, named: bytes, state: State
) -> None:
    content = make_order_request().replace(b"</ItemDetail>", b"</ItemDetail>" + named, 1)
    answer = house.receive(content)
    house.engine.drain()
    assert house.state(answer.message_id) == state
    assert ("ORDER-028" in house.codes(answer.message_id)) == (state is State.HELD)


def test_prices_of_a_whole_and_its_parts_reach_the_core_once(house: House) -> None:
    content = (
        make_order_request()
        .replace(b'lineNumber="1"', b'lineNumber="1" compositeItemType="groupLevel"')
        .replace(b'lineNumber="2"', b'lineNumber="2" parentLineNumber="1"')
    )
    answer = house.receive(content)
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    assert "ORDER-027" in house.codes(answer.message_id)
    release(house.equipment, answer.message_id or "", "once is enough")
    house.engine.drain()
    ((_, body),) = house.core.submitted()
    order = load_as(Order, body.removeprefix(b"C1"))
    assert [line.price.amount for line in order.lines if line.price] == [10, 0]


def test_a_test_order_reaches_no_core(house: House) -> None:
    answer = house.receive(make_order_request(test=True))
    house.engine.drain()
    assert house.state(answer.message_id) == State.TESTED
    assert house.core.effects() == []


def test_a_change_replaces_the_order_under_its_reference(house: House) -> None:
    house.receive(make_order_request(version="1"))
    change = house.receive(make_order_request(kind="update", version="2", payload_id="2@b"))
    house.engine.drain()
    assert house.state(change.message_id) == State.DELIVERED
    assert house.core.effects() == [("submit", "buyer:PO-1:1")] * 2


def test_a_change_waits_for_its_order(house: House) -> None:
    house.receive(make_order_request())
    change = house.receive(make_order_request(kind="update", payload_id="2@b", quantity="2"))
    first, second = list(house.engine.waiting)
    house.engine.handlers["check"](*house.engine.waiting.pop(second)[1])
    (deliver,) = set(house.engine.waiting) - {first}
    house.engine.handlers["deliver"](*house.engine.waiting.pop(deliver)[1])
    assert house.codes(change.message_id) == ["PIPELINE-016"]
    house.engine.drain()
    assert house.state(change.message_id) == State.DELIVERED


def test_a_cancellation_takes_the_order_back(house: House) -> None:
    order = house.receive(make_order_request())
    house.engine.drain()
    taken = house.receive(make_order_request(kind="delete", payload_id="2@b"))
    house.engine.drain()
    assert house.state(taken.message_id) == State.DELIVERED
    assert house.state(order.message_id) == State.CANCELLED
    assert [verb for verb, _ in house.core.effects()] == ["submit", "cancel"]


def test_a_held_order_can_still_be_cancelled(house: House) -> None:
    house.core.customers["C1"] = make_customer(credit_hold=True)
    order = house.receive(make_order_request())
    taken = house.receive(make_order_request(kind="delete", payload_id="2@b"))
    house.engine.drain()
    assert house.state(taken.message_id) == State.DELIVERED
    assert house.state(order.message_id) == State.CANCELLED


@pytest.mark.parametrize("held", [False, True])
def test_a_cancellation_that_dies_once_it_is_delivered_has_taken_the_order_back(
    house: House, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    house.core.customers["C1"] = make_customer(credit_hold=held)
    order = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(order.message_id) == (State.HELD if held else State.DELIVERED)
    taken = house.receive(make_order_request(kind="delete", payload_id="2@b"))
    real = house.database.write

    def dying(work: object) -> object:
        result = real(work)  # type: ignore[arg-type]
        if house.state(taken.message_id) == State.DELIVERED:
            raise SystemExit
        return result

    with monkeypatch.context() as patched:
        patched.setattr(house.database, "write", dying)
        with pytest.raises(SystemExit):
            house.engine.drain()
    house.engine.drain()
    assert house.state(taken.message_id) == State.DELIVERED
    assert house.state(order.message_id) == State.CANCELLED
    assert steps(house, order.message_id)[-1] == ("cancel", "cancelled")


def responses(house: House) -> list[str]:
    with house.database.read() as connection:
        found = find_messages(connection, MessageFilter())
    return [one.id for one in found if one.direction == "out"]


def test_the_partner_is_told_and_its_answer_kept(telling: House) -> None:
    order = telling.receive(make_order_request())
    telling.engine.drain()
    (sent,) = telling.postbox.sent
    assert sent[0] == ENDPOINT
    assert b"<ConfirmationRequest" in sent[1].content
    assert b"abracadabra-42" in sent[1].content
    (response,) = responses(telling)
    shown = telling.shown(response)
    assert (shown.message.state, shown.message.acknowledgement) == (State.SENT, "positive")
    assert shown.message.cause == order.message_id
    assert shown.payload is not None
    assert b"abracadabra" not in shown.payload
    assert shown.reply == response_of(200)


def test_an_answer_is_sent_again_unchanged_after_a_failure(telling: House) -> None:
    telling.postbox.answers = [TransportError("cut"), b"not xml", response_of(503)]
    telling.receive(make_order_request())
    telling.engine.drain()
    (response,) = responses(telling)
    assert telling.state(response) == State.HELD
    payloads: list[Payload] = [payload for _, payload in telling.postbox.sent]
    assert len(payloads) == 3
    assert telling.codes(response).count("PIPELINE-020") == 3
    assert len({payload.content for payload in payloads}) == 1


def test_a_partner_who_says_no_is_on_record(telling: House) -> None:
    telling.postbox.answers = [response_of(400)]
    telling.receive(make_order_request())
    telling.engine.drain()
    (response,) = responses(telling)
    message = telling.shown(response).message
    assert (message.state, message.acknowledgement) == (State.DISPUTED, "negative")
    assert "PIPELINE-021" in telling.codes(response)


def test_a_message_that_kills_workers_is_held(house: House) -> None:
    answer = house.receive(make_order_request())
    give_up(house.equipment, (answer.message_id or "", "1", "1"), "worker-9")
    assert house.state(answer.message_id) == State.HELD
    assert house.codes(answer.message_id) == ["PIPELINE-015"]


def test_a_message_without_its_job_gets_a_new_one(house: House) -> None:
    answer = house.receive(make_order_request())
    assert mend(house.equipment, older_than=-1) == 0
    house.engine.waiting.clear()
    assert mend(house.equipment, older_than=60) == 0
    assert mend(house.equipment, older_than=-1) == 1
    house.engine.drain()
    assert house.state(answer.message_id) == State.DELIVERED


def test_pauses_grow_to_a_cap_and_differ() -> None:
    patience = Patience(attempts=9, base=2.0, cap=60.0, jitter=0.25)
    assert [patience.pause(attempt, 0.0) for attempt in (1, 2, 3, 9)] == [2.0, 4.0, 8.0, 60.0]
    assert patience.pause(1, 1.0) == 1.5
    assert NOON + timedelta(seconds=patience.pause(10_000, 0.5)) > NOON
