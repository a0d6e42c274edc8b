"""Whatever partners, cores and people do in whatever order: one state each, one effect at most."""

import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from canonical.wire import Verdict
from gateway.errors import CoreRefusedError, CoreUnreachableError, StateError
from gateway.pipeline import operations
from gateway.pipeline.advancing import mend
from gateway.pipeline.states import MOVES, State
from gateway.store.database import open_database
from gateway.store.messages import MessageFilter, find_messages
from gateway.store.schema import metadata
from gateway.store.timeline import timeline_of
from tests.builders import make_customer, make_order_request
from tests.gateway.pipeline.conftest import build_house

ALLOWED = {(move.leaving, move.entering) for move in MOVES}


class Lifecycle(RuleBasedStateMachine):
    messages = Bundle("messages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.database = open_database(f"sqlite:///{path / 'gateway.sqlite'}")
        metadata.create_all(self.database.engine)
        self.house = build_house(self.database, path)
        self.sent = 0

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(
        target=messages,
        number=st.integers(1, 2),
        kind=st.sampled_from(["new", "update", "delete"]),
        quantity=st.sampled_from(["1", "2"]),
    )
    def receive(self, number: int, kind: str, quantity: str) -> object:
        self.sent += 1
        content = make_order_request(
            f"PO-{number}", kind=kind, quantity=quantity, payload_id=f"{self.sent}@b"
        )
        answer = self.house.receive(content)
        assert self.house.receive(content).verdict is answer.verdict
        return answer.message_id if answer.verdict is Verdict.ACCEPTED else multiple()

    @rule()
    def work(self) -> None:
        self.house.engine.drain(limit=3)

    @rule(moment=st.sampled_from(["before", "after"]), refuse=st.booleans())
    def core_fails_once(self, moment: str, refuse: bool) -> None:
        error = CoreRefusedError("no") if refuse else CoreUnreachableError("cut")
        left = [error]
        self.house.core.failing = lambda at, _verb: left.pop() if left and at == moment else None

    @rule(hold=st.booleans())
    def credit(self, hold: bool) -> None:
        self.house.core.customers["C1"] = make_customer(credit_hold=hold)

    @rule(message=messages)
    def release(self, message: str) -> None:
        with suppress(StateError):
            operations.release(self.house.equipment, message, "looked at")

    @rule(message=messages)
    def refuse(self, message: str) -> None:
        with suppress(StateError):
            operations.refuse(self.house.shop, message, "looked at")

    @rule(message=messages, current=st.booleans())
    def replay(self, message: str, current: bool) -> None:
        with suppress(StateError):
            operations.replay(self.house.equipment, message, current_mapping=current)

    @rule()
    def jobs_vanish_and_are_mended(self) -> None:
        self.house.engine.waiting.clear()
        mend(self.house.equipment, older_than=-1)

    @invariant()
    def each_state_follows_from_the_one_before(self) -> None:
        with self.database.read() as connection:
            for message in find_messages(connection, MessageFilter(limit=1000)):
                states = [entry.state for entry in timeline_of(connection, message.id)]
                assert states[-1] == message.state
                pairs = pairwise(states)
                assert {pair for pair in pairs if pair[0] != pair[1]} <= ALLOWED

    @invariant()
    def a_delivered_order_is_in_the_core(self) -> None:
        references = {reference for _, reference in self.house.core.effects()}
        with self.database.read() as connection:
            delivered = find_messages(connection, MessageFilter(state=State.DELIVERED, limit=1000))
        keys = {one.core_key for one in delivered if one.kind == "order"}
        assert keys <= references

    @invariant()
    def no_order_has_its_effect_twice(self) -> None:
        # A change may rightly come back to an earlier one; a new order never does.
        bodies = [one for one in self.house.core.submitted() if b'"kind":"order",' in one[1]]
        assert len(bodies) == len(set(bodies))


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
