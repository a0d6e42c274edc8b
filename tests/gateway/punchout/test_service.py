"""A setup opens one isolated cart, and what a buyer fills in goes home once, unchanged."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from canonical.faults import Fault
from canonical.punchout import Operation, PunchoutSession, SessionState
from canonical.wire import Verdict
from gateway.connectors.contract import PriceAnswer
from gateway.errors import CoreBusyError, CoreUnreachableError
from gateway.pipeline.contract import AlsoRecorded, Sent
from gateway.pipeline.emitting import Outgoing
from gateway.punchout.visits import Refusal
from gateway.store.database import Database
from tests.gateway.punchout.world import (
    COOKIE,
    World,
    make_line,
    make_partner,
    make_setup,
    make_world,
    sek,
    start_token,
)


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [fault.code for fault in faults]


def transfer(world: World, token: str, **options: bool) -> tuple[Fault, ...]:
    return world.service.returning.transfer(world.session_id(token), **options)


def test_a_setup_answers_with_a_start_link_that_works_once(world: World) -> None:
    outcome = world.open()
    assert outcome.verdict is Verdict.ACCEPTED
    assert isinstance(outcome.reply, PunchoutSession)
    assert outcome.references == (("punchout-session", outcome.reply.session_id),)
    token = start_token(outcome)
    first, second = world.service.visits.start(token), world.service.visits.start(token)
    assert not isinstance(first, Refusal)
    assert second is Refusal.USED
    kinds = [event.kind for event in world.service.events(outcome.reply.session_id)]
    assert kinds == ["opened", "started", "start-used"]


def test_of_two_at_once_on_one_start_link_one_gets_in(world: World) -> None:
    token = start_token(world.open())
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(world.service.visits.start, [token] * 8))
    assert sum(1 for result in results if not isinstance(result, Refusal)) == 1
    assert sum(1 for result in results if result is Refusal.USED) == 7


def test_a_start_link_ends_after_ten_minutes(world: World) -> None:
    token = start_token(world.open())
    world.clock.forward(minutes=10)
    assert world.service.visits.start(token) is Refusal.EXPIRED


def test_a_guessed_start_link_opens_nothing(world: World) -> None:
    world.open()
    assert world.service.visits.start("A" * 43) is Refusal.UNKNOWN
    assert world.service.visits.find("A" * 43) is None


def test_tokens_are_stored_as_hashes_only(world: World, database: Database) -> None:
    outcome = world.open()
    started = start_token(outcome)
    token = world.enter()
    with database.read() as connection:
        stored = "".join(
            str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for table in ("punchout_session", "punchout_event")
        )
    assert started not in stored
    assert token not in stored


def test_a_session_is_there_only_once_its_message_is_recorded(world: World) -> None:
    outcome = world.service.open(world.received())
    assert world.service.visits.start(start_token(outcome)) is Refusal.UNKNOWN
    assert outcome.insert is not None
    world.database.write(outcome.insert)
    assert not isinstance(world.service.visits.start(start_token(outcome)), Refusal)


def test_two_sessions_of_one_buyer_cookie_have_two_carts(world: World) -> None:
    one, other = world.enter(), world.enter()
    assert world.add(one, "DRILL-18", "1") is None
    assert len(world.cart(one).lines) == 1
    assert world.cart(other).lines == ()


def test_a_line_costs_what_the_core_says_for_its_quantity(world: World) -> None:
    token = world.enter()
    assert world.add(token, "BOLT-M8", "500") is None
    assert world.add(token, "BOLT-M8", "500") is None
    (line,) = world.cart(token).lines
    assert line.quantity.value == Decimal(1000)
    assert line.price is not None
    assert line.price.amount == Decimal("149.00")
    assert world.cart(token).total == sek("1490.00")


@pytest.mark.parametrize(
    ("sku", "quantity", "code"),
    [
        ("BOLT-M8", "50", "PUNCHOUT-024"),
        ("BOLT-M8", "120", "PUNCHOUT-025"),
        ("BOLT-M8", "many", "PUNCHOUT-023"),
        ("BOLT-M8", "-100", "PUNCHOUT-023"),
        ("BOLT-M8", "NaN", "PUNCHOUT-023"),
        ("BOLT-M8", "1 00", "PUNCHOUT-023"),
        ("BOLT-M8", "1 000 00", "PUNCHOUT-023"),
        ("BOLT-M8", " ", "PUNCHOUT-112"),
        ("BOLT-M8", "1e9", "PUNCHOUT-023"),
        ("BOLT-M8", "99999999", "PUNCHOUT-027"),
        ("BOLT-M8", "0", "PUNCHOUT-024"),
        ("NOWHERE", "1", "PUNCHOUT-020"),
        ("LASER-X", "1", "PUNCHOUT-021"),
    ],
)
def test_what_cannot_be_ordered_is_refused_with_its_reason(
    world: World, sku: str, quantity: str, code: str
) -> None:
    token = world.enter()
    fault = world.add(token, sku, quantity)
    assert fault is not None
    assert fault.code == code
    assert world.cart(token).lines == ()


def test_a_comma_is_a_decimal_mark(world: World) -> None:
    token = world.enter()
    assert world.add(token, "PAINT-W", "2,5") is None
    assert world.cart(token).lines[0].quantity.value == Decimal("2.5")


def test_quantities_change_together_or_not_at_all(world: World) -> None:
    token = world.enter()
    world.add(token, "BOLT-M8", "100")
    world.add(token, "DRILL-18", "1")
    bolt, drill = (line.item.auxiliary_id or "" for line in world.cart(token).lines)
    update = world.service.shopping.update
    fault = update(world.session_id(token), {bolt: "5000", drill: "0.5"})
    assert fault is not None
    assert (fault.code, fault.target) == ("PUNCHOUT-024", drill)
    assert [line.quantity.value for line in world.cart(token).lines] == [100, 1]
    assert update(world.session_id(token), {bolt: "5000", drill: "0"}) is None
    (line,) = world.cart(token).lines
    assert line.item.auxiliary_id == bolt
    assert line.price is not None
    assert line.price.amount == Decimal("139.90")


def test_additions_at_the_same_time_are_all_kept(world: World) -> None:
    token = world.enter()
    with ThreadPoolExecutor(4) as pool:
        faults = list(pool.map(lambda _: world.add(token, "DRILL-18", "1"), range(4)))
    assert faults == [None] * 4
    (line,) = world.cart(token).lines
    assert line.quantity.value == 4


def test_a_transfer_sends_the_cart_once_however_often_it_is_asked(world: World) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "2")
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: transfer(world, token), range(4)))
    assert results == [()] * 4
    (cart,) = world.outbox.carts
    assert cart.buyer_cookie == COOKIE
    assert cart.total == sek("5580.00")
    assert cart.operation_allowed is Operation.EDIT
    session = world.service.visits.find(token)
    assert session is not None
    assert session.state is SessionState.RETURNED
    first = world.service.returning.homecoming(session)
    assert first == world.service.returning.homecoming(session)
    assert world.outbox.sent[0][2] == (("punchout-session", session.id),)


def test_an_empty_new_cart_does_not_go_home(world: World) -> None:
    assert codes(transfer(world, world.enter())) == ["PUNCHOUT-029"]
    assert world.outbox.sent == []


def test_cancelling_says_no_change_instead_of_sending_an_empty_cart(world: World) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "2")
    for _ in range(2):
        assert world.service.returning.cancel(world.session_id(token)) == ()
    (cart,) = world.outbox.carts
    assert cart.cancelled
    assert cart.lines == ()
    assert cart.buyer_cookie == COOKIE


def test_a_cart_that_cannot_be_written_stays_open_with_the_reason(world: World) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "2")
    world.outbox.refuse = (Fault(code="MAP-007", message="unknown unit"),)
    assert codes(transfer(world, token)) == ["MAP-007"]
    world.outbox.refuse = ()
    assert transfer(world, token) == ()


def test_limits_of_the_buyers_system_stop_the_cart_here(database: Database) -> None:
    partner = make_partner(
        limits={
            "sku_length": 5, "auxiliary_length": 15, "description_length": 5, "count_bytes": True,
            "refused_characters": "-?", "units": ("BX",), "classification": "eClass",
            "price_decimals": 0, "price_unit": False,
        }
    )  # fmt: skip
    world = make_world(database, partner)
    token = world.enter()
    world.add(token, "BOLT-M8", "100")
    assert codes(transfer(world, token)) == [
        "PUNCHOUT-040", "PUNCHOUT-045", "PUNCHOUT-041", "PUNCHOUT-042", "PUNCHOUT-043",
        "PUNCHOUT-044", "PUNCHOUT-083", "PUNCHOUT-046",
    ]  # fmt: skip
    assert world.outbox.sent == []


def test_an_expired_session_takes_nothing_more(world: World) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "1")
    session_id = world.session_id(token)
    world.clock.forward(hours=2)
    fault = world.service.shopping.add(session_id, "DRILL-18", "1")
    assert fault is not None
    assert fault.code == "PUNCHOUT-028"
    assert codes(world.service.returning.transfer(session_id)) == ["PUNCHOUT-028"]
    session = world.service.visits.find(token)
    assert session is not None
    assert session.state is SessionState.EXPIRED


def test_overdue_sessions_are_closed_without_a_visitor(world: World) -> None:
    world.open()
    world.enter()
    world.clock.forward(hours=3)
    fresh = world.enter()
    assert world.service.expire_due() == 2
    assert world.service.expire_due() == 0
    session = world.service.visits.find(fresh)
    assert session is not None
    assert session.state is SessionState.ACTIVE


def test_prices_of_one_buyer_are_not_those_of_another(world: World) -> None:
    norr, verkstad = world.enter(), world.enter(partner="verkstad")
    world.add(norr, "BOLT-M8", "100")
    world.add(verkstad, "BOLT-M8", "100")
    assert world.cart(norr).total == sek("158.50")
    assert world.cart(verkstad).total == sek("210.00")
    fault = world.add(verkstad, "DRILL-18", "1")
    assert fault is not None
    assert fault.code == "PUNCHOUT-021"


@pytest.mark.parametrize(
    ("setup", "verdict", "code"),
    [
        (make_setup(return_url=None), Verdict.INVALID, "PUNCHOUT-001"),
        (make_setup(return_url="http://buyer.example/"), Verdict.INVALID, "PUNCHOUT-002"),
        (make_setup(return_url="javascript:alert(1)"), Verdict.INVALID, "PUNCHOUT-002"),
    ],
)
def test_a_setup_that_cannot_be_served_is_refused(
    world: World, setup: object, verdict: Verdict, code: str
) -> None:
    outcome = world.open(setup)  # type: ignore[arg-type]  # a setup in every case
    assert (outcome.verdict, codes(outcome.faults)) == (verdict, [code])
    assert outcome.reply is None


def test_terms_of_the_partner_decide_who_may_do_what_and_go_where(database: Database) -> None:
    narrow = {"operations": ("create",), "return_hosts": ("*.norr.example",)}
    world = make_world(
        database, make_partner(punchout=narrow), make_partner("ghost", customer="404")
    )
    assert codes(world.open().faults) == ["PUNCHOUT-003"]
    good = make_setup(return_url="https://p2p.norr.example/in")
    assert world.open(good).verdict is Verdict.ACCEPTED
    edit = make_setup(Operation.EDIT, return_url="https://p2p.norr.example/in")
    assert codes(world.open(edit).faults) == ["PUNCHOUT-005"]
    assert world.open(edit).verdict is Verdict.FORBIDDEN
    assert codes(world.open(partner="ghost").faults) == ["PUNCHOUT-006"]


def test_a_chosen_product_that_is_unknown_still_opens_the_shop(world: World) -> None:
    outcome = world.open(make_setup(selected=make_line("NOWHERE").item))
    assert outcome.verdict is Verdict.ACCEPTED
    assert codes(outcome.faults) == ["PUNCHOUT-012"]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (CoreUnreachableError("no answer"), Verdict.CORE_UNREACHABLE),
        (CoreBusyError("later", 5), Verdict.BUSY),
    ],
)
def test_a_core_that_is_away_opens_no_session_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, verdict: Verdict
) -> None:
    def away(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.core, "customer", away)
    outcome = world.open()
    assert (outcome.verdict, codes(outcome.faults)) == (verdict, ["PUNCHOUT-007"])


def test_a_product_without_a_price_stays_out_of_the_cart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.enter()
    monkeypatch.setattr(
        world.core, "prices", lambda _, asked, __: tuple(PriceAnswer(sku=q.sku) for q in asked)
    )
    fault = world.add(token, "DRILL-18", "1")
    assert fault is not None
    assert fault.code == "PUNCHOUT-022"


def test_a_full_cart_takes_no_further_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.punchout.filling.MAX_LINES", 1)
    token = world.enter()
    assert world.add(token, "DRILL-18", "1") is None
    assert world.add(token, "DRILL-18", "1") is None
    fault = world.add(token, "GLOVE-9", "1")
    assert fault is not None
    assert fault.code == "PUNCHOUT-026"


def test_a_cart_that_changes_under_the_transfer_is_looked_at_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.enter()
    world.add(token, "DRILL-18", "1")
    emit = world.outbox.__call__

    def slow(outgoing: Outgoing, also: AlsoRecorded) -> Sent:
        assert world.add(token, "DRILL-18", "1") is None
        return emit(outgoing, also)

    monkeypatch.setattr(type(world.outbox), "__call__", lambda _, *a: slow(*a))
    assert codes(transfer(world, token)) == ["PUNCHOUT-031"]
    assert world.outbox.sent == [], "what lost is not on record either"
    session = world.service.visits.find(token)
    assert session is not None
    assert session.state is SessionState.ACTIVE


@pytest.mark.parametrize(
    ("target", "doubted"), [("_TOP", False), ("basket", False), ("_new", True), ('"x', True)]
)
def test_a_frame_that_cannot_be_named_is_noted_and_opens_the_session_all_the_same(
    world: World, target: str, doubted: bool
) -> None:
    outcome = world.open(make_setup(return_target=target))
    assert outcome.verdict is Verdict.ACCEPTED
    assert ("PUNCHOUT-061" in [one.code for one in outcome.faults]) is doubted
