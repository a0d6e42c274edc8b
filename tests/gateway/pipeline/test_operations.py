"""A person can find, release, refuse and replay a message; what cannot be done says why."""

from dataclasses import replace

import pytest

from canonical.wire import Verdict
from gateway.errors import CoreRefusedError, CoreUnreachableError, NotFoundError, StateError
from gateway.partners.library import shipped_library
from gateway.pipeline import operations
from gateway.pipeline.states import State
from gateway.pipeline.working import jobs_of
from gateway.store.messages import MessageFilter
from mappings.engine.library import Source
from tests.builders import make_customer, make_order_request
from tests.gateway.pipeline.conftest import House
from tests.gateway.pipeline.test_steps import failing_at


@pytest.fixture
def held(house: House) -> str:
    house.core.customers["C1"] = make_customer(credit_hold=True)
    answer = house.receive(make_order_request())
    house.engine.drain()
    assert house.state(answer.message_id) == State.HELD
    return answer.message_id or ""


def test_a_released_order_goes_on_as_ordered(house: House, held: str) -> None:
    operations.release(house.equipment, held, "credit agrees")
    house.engine.drain()
    shown = house.shown(held)
    assert shown.message.state == State.DELIVERED
    assert "credit agrees" in [entry.note for entry in shown.timeline]


def test_an_order_that_was_never_judged_is_judged_before_it_goes_on(house: House) -> None:
    house.core.customers["C1"] = make_customer(credit_hold=True)
    house.core.failing = failing_at("before", "customer", CoreUnreachableError("down"), times=9)
    answer = house.receive(make_order_request())
    house.engine.drain()
    message_id = answer.message_id or ""
    assert house.shown(message_id).message.judgement is None
    house.core.failing = lambda _moment, _verb: None
    operations.release(house.equipment, message_id, "the core is up again")
    house.engine.drain()
    assert house.state(message_id) == State.HELD
    assert "ORDER-" in house.codes(message_id)[-1]
    assert house.core.effects() == []


def test_a_refused_order_reaches_nobody(house: House, held: str) -> None:
    operations.refuse(house.shop, held, "no")
    house.engine.drain()
    assert house.state(held) == State.REJECTED
    assert house.core.effects() == []


@pytest.mark.parametrize("work_first", [False, True])
def test_only_what_is_held_can_be_decided_about(house: House, work_first: bool) -> None:
    answer = house.receive(make_order_request())
    if work_first:
        house.engine.drain()
    with pytest.raises(StateError, match="only a held one"):
        operations.release(house.equipment, answer.message_id or "", "again")
    with pytest.raises(StateError, match="only a held one"):
        operations.refuse(house.shop, answer.message_id or "", "again")


def test_a_replay_is_judged_anew(house: House, held: str) -> None:
    house.core.customers["C1"] = make_customer()
    operations.replay(house.equipment, held, "paid")
    house.engine.drain()
    assert house.state(held) == State.DELIVERED


def test_a_replay_of_a_delivered_order_has_no_second_effect(house: House) -> None:
    answer = house.receive(make_order_request())
    house.engine.drain()
    operations.replay(house.equipment, answer.message_id or "")
    house.engine.drain()
    assert house.state(answer.message_id) == State.DELIVERED
    assert len(house.core.effects()) == 1


def test_a_replay_with_the_current_mapping_reads_the_archive(house: House) -> None:
    house.core.failing = lambda moment, verb: (
        CoreRefusedError("no") if (moment, verb) == ("before", "submit") else None
    )
    answer = house.receive(make_order_request())
    house.engine.drain()
    house.core.failing = lambda _moment, _verb: None
    before = house.shown(answer.message_id).message
    operations.replay(house.equipment, answer.message_id or "", current_mapping=True)
    house.engine.drain()
    after = house.shown(answer.message_id).message
    assert (before.state, after.state) == (State.HELD, State.DELIVERED)
    assert after.document == before.document


def test_an_order_that_no_mapping_could_read_goes_on_once_one_can(house: House) -> None:
    answer = house.receive(make_order_request().replace(b">EA<", b">FOO<"))
    message_id = answer.message_id or ""
    assert house.state(message_id) == State.REFUSED
    with pytest.raises(operations.ReplayError, match="still cannot be read"):
        operations.replay(house.equipment, message_id, current_mapping=True)
    teach_unit(house, "FOO", "EA")
    operations.replay(house.equipment, message_id, "FOO is EA", current_mapping=True)
    house.engine.drain()
    assert house.state(message_id) == State.DELIVERED
    assert house.core.effects() == [("submit", "buyer:PO-1")]
    twin = house.receive(make_order_request(payload_id="2@b"))
    assert twin.verdict is Verdict.CONFLICT


def teach_unit(house: House, theirs: str, ours: str) -> None:
    """Let the partner's table know one more unit."""
    table = f"# extends: cxml/uom\n# fold: yes\n# direction: in\nfrom,to\n{theirs},{ours}\n"
    source = Source("partners/buyer/tables/cxml/uom.csv", table)
    taught = shipped_library().with_overlay({}, {"cxml/uom": source})
    house.shop = replace(house.shop, equipment=replace(house.equipment, library=lambda _: taught))
    house.engine.handlers = jobs_of(house.shop)


def test_what_was_refused_at_the_door_says_why_it_cannot_be_replayed(house: House) -> None:
    answer = house.receive(b"<cXML")
    with pytest.raises(operations.ReplayError, match="never read"):
        operations.replay(house.equipment, answer.message_id or "")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (MessageFilter(), 2),
        (MessageFilter(state="accepted"), 2),
        (MessageFilter(state="held"), 0),
        (MessageFilter(partner="buyer"), 2),
        (MessageFilter(reference="PO-1"), 1),
        (MessageFilter(reference="SKU-2"), 2),
        (MessageFilter(reference="PO-"), 0),
        (MessageFilter(text="po-"), 2),
        (MessageFilter(text="%"), 0),
        (MessageFilter(limit=1), 1),
    ],
)
def test_messages_are_found_by_what_they_hold(
    house: House, wanted: MessageFilter, count: int
) -> None:
    house.receive(make_order_request())
    house.receive(make_order_request("PO-2", payload_id="2@b"))
    assert len(operations.list_messages(house.database, wanted)) == count
    assert len(operations.list_messages(house.database, replace(wanted, partner="other"))) == 0


def test_a_message_is_named_by_any_number_that_only_it_has(house: House) -> None:
    first = house.receive(make_order_request())
    house.receive(make_order_request("PO-2", payload_id="2@b"))
    named = {
        operations.message_named(house.database, name)
        for name in ("PO-1", "1@buyer.example", first.message_id or "")
    }
    assert named == {first.message_id}
    with pytest.raises(NotFoundError, match="several messages have the number SKU-2"):
        operations.message_named(house.database, "SKU-2")
    with pytest.raises(NotFoundError, match="no message PO-9"):
        operations.message_named(house.database, "PO-9")


def test_an_unknown_message_says_how_to_list_them(house: House) -> None:
    with pytest.raises(NotFoundError, match="gateway messages list"):
        operations.show_message(house.database, house.equipment.archive, "nobody")
