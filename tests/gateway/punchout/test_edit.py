"""A cart that comes back is restored: same line ids, today's prices, and what is gone is told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from canonical.amounts import Quantity
from canonical.identifiers import Identifier
from canonical.order import ItemType
from canonical.price import Price
from canonical.punchout import Cart, CartLine, Operation, PunchoutSession, Route, RouteNode
from canonical.wire import Verdict
from gateway.punchout.baskets import Remark, load_remarks
from gateway.punchout.faults import fault
from gateway.store.database import Database
from tests.gateway.punchout.world import (
    World,
    make_line,
    make_partner,
    make_setup,
    make_world,
    sek,
)


def bring_home(world: World, partner: str = "norr") -> Cart:
    token = world.enter(partner=partner)
    assert world.add(token, "BOLT-M8", "100") is None
    assert world.add(token, "GLOVE-9", "2") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    return world.outbox.carts[-1]


def remarks(world: World, token: str) -> dict[str, object]:
    session = world.service.visits.find(token)
    assert session is not None
    return dict(load_remarks(session.remarks))


def test_lines_keep_their_ids_through_edit(world: World) -> None:
    before = bring_home(world)
    token = world.enter(make_setup(Operation.EDIT, lines=before.lines))
    after = world.cart(token)
    assert [line.item for line in after.lines] == [line.item for line in before.lines]
    assert after.total == before.total
    assert remarks(world, token) == {}
    world.add(token, "NUT-M8", "100")
    assert world.service.returning.transfer(world.session_id(token)) == ()
    again = world.outbox.carts[-1]
    assert [line.item.auxiliary_id for line in again.lines[:2]] == [
        line.item.auxiliary_id for line in before.lines
    ]


def test_our_line_id_finds_the_product_whatever_became_of_the_part_number(world: World) -> None:
    bolt = bring_home(world).lines[0].item.auxiliary_id
    token = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT M8 (CUT", bolt),)))
    (line,) = world.cart(token).lines
    assert (line.item.sku, line.item.auxiliary_id) == ("BOLT-M8", bolt)


def test_a_changed_price_stands_beside_the_earlier_one(world: World) -> None:
    token = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT-M8", price="120"),)))
    (line,) = world.cart(token).lines
    assert line.price is not None
    assert line.price.amount == Decimal("158.50")
    (remark,) = load_remarks(world.service.visits.find(token).remarks).values()  # type: ignore[union-attr]  # entered
    assert remark.previous is not None
    assert remark.previous.amount == Decimal(120)


def test_the_same_price_for_another_base_quantity_is_no_change(world: World) -> None:
    line = make_line("DRILL-18", quantity="1", price="279000")
    assert remarks(world, world.enter(make_setup(Operation.EDIT, lines=(line,)))) == {}


def test_what_cannot_be_ordered_any_more_is_shown_and_left_out(world: World) -> None:
    lines = (make_line("DRILL-18", quantity="1"), make_line("LASER-X"), make_line("GONE-1"))
    outcome = world.open(make_setup(Operation.EDIT, lines=lines))
    assert [fault.code for fault in outcome.faults] == ["PUNCHOUT-011", "PUNCHOUT-011"]
    token = world.enter(make_setup(Operation.EDIT, lines=lines))
    assert len(world.cart(token).lines) == 3
    assert world.cart(token).total == sek("2790.00")
    assert world.service.returning.transfer(world.session_id(token)) == ()
    assert [line.item.sku for line in world.outbox.carts[-1].lines] == ["DRILL-18"]


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.INSPECT])
def test_a_cart_with_ids_we_never_gave_is_a_failed_precondition(
    world: World, operation: Operation
) -> None:
    lines = (make_line("BOLT-M8"), make_line("THEIRS-1", "id-of-somebody"))
    outcome = world.open(make_setup(operation, lines=lines))
    assert outcome.verdict is Verdict.PRECONDITION
    assert [fault.code for fault in outcome.faults] == ["PUNCHOUT-010"]


def test_ids_given_to_one_buyer_mean_nothing_for_another(world: World) -> None:
    ours = bring_home(world, "norr").lines[0].item.auxiliary_id
    line = make_line("MANGLED", ours)
    assert world.open(make_setup(Operation.EDIT, lines=(line,))).verdict is Verdict.ACCEPTED
    stranger = world.open(make_setup(Operation.EDIT, lines=(line,)), partner="verkstad")
    assert stranger.verdict is Verdict.PRECONDITION


def test_an_unknown_id_with_a_known_part_number_is_restored_and_kept(world: World) -> None:
    line = make_line("BOLT-M8", "from-another-system")
    token = world.enter(make_setup(Operation.EDIT, lines=(line,)))
    assert world.cart(token).lines[0].item.auxiliary_id == "from-another-system"


def test_two_lines_with_one_id_become_two_lines_with_two_ids(world: World) -> None:
    bolt = bring_home(world).lines[0].item.auxiliary_id
    lines = (make_line("BOLT-M8", bolt), make_line("BOLT-M8", bolt))
    token = world.enter(make_setup(Operation.EDIT, lines=lines))
    ids = [line.item.auxiliary_id for line in world.cart(token).lines]
    assert ids[0] == bolt
    assert len(set(ids)) == 2


def test_emptying_an_earlier_cart_asks_before_it_deletes(world: World) -> None:
    token = world.enter(make_setup(Operation.EDIT, lines=(make_line("BOLT-M8"),)))
    line_id = world.cart(token).lines[0].item.auxiliary_id or ""
    assert world.service.shopping.remove(world.session_id(token), line_id) is None
    faults = world.service.returning.transfer(world.session_id(token))
    assert [fault.code for fault in faults] == ["PUNCHOUT-030"]
    assert world.outbox.sent == []
    assert world.service.returning.transfer(world.session_id(token), confirmed=True) == ()
    assert world.outbox.carts[-1].lines == ()
    assert not world.outbox.carts[-1].cancelled


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.INSPECT])
def test_a_cart_of_which_no_line_came_along_is_told(world: World, operation: Operation) -> None:
    outcome = world.open(make_setup(operation))
    assert (outcome.verdict, [one.code for one in outcome.faults]) == (
        Verdict.ACCEPTED,
        ["PUNCHOUT-013"],
    )


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.SOURCE])
def test_a_new_cart_needs_no_lines(world: World, operation: Operation) -> None:
    assert world.open(make_setup(operation)).faults == ()


def test_two_edits_of_one_cart_come_home_at_the_same_time(world: World) -> None:
    before = bring_home(world)
    setup = make_setup(Operation.EDIT, lines=(*before.lines, make_line("NUT-M8", "of-before")))
    ids = [world.session_id(world.enter(setup)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(world.service.returning.transfer, ids)) == [()] * 4
    assert len(world.outbox.sent) == 5


def test_looking_at_a_cart_changes_nothing(world: World) -> None:
    token = world.enter(make_setup(Operation.INSPECT, lines=(make_line("BOLT-M8"),)))
    session_id = world.session_id(token)
    line_id = world.cart(token).lines[0].item.auxiliary_id or ""
    shopping = world.service.shopping
    refused = (
        shopping.add(session_id, "DRILL-18", "1"),
        shopping.remove(session_id, line_id),
        shopping.update(session_id, {line_id: "200"}),
    )
    assert [fault.code for fault in refused if fault] == ["PUNCHOUT-028"] * 3
    assert [f.code for f in world.service.returning.transfer(session_id)] == ["PUNCHOUT-028"]
    assert world.service.returning.cancel(session_id) == ()
    assert world.outbox.carts[-1].cancelled


def test_a_look_without_a_return_address_just_ends(world: World) -> None:
    setup = make_setup(Operation.INSPECT, lines=(make_line("BOLT-M8"),), return_url=None)
    token = world.enter(setup)
    assert world.service.returning.cancel(world.session_id(token)) == ()
    assert world.outbox.sent == []


def test_who_comes_to_source_gets_what_we_sell_and_is_told_of_the_rest(world: World) -> None:
    lines = (make_line("BOLT-M8", "somebody else's id"), make_line("PUMP-1", "9"))
    setup = make_setup(Operation.SOURCE, lines=lines)
    outcome = world.open(setup)
    assert outcome.verdict is Verdict.ACCEPTED
    assert [fault.code for fault in outcome.faults] == ["PUNCHOUT-011"]
    token = world.enter(setup)
    assert [line.item.sku for line in world.cart(token).lines] == ["BOLT-M8", "PUMP-1"]
    assert remarks(world, token)["9"] == Remark(reason=fault("PUNCHOUT-110").message)
    assert world.add(token, "NUT-M8", "100") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    assert [line.item.sku for line in world.outbox.carts[-1].lines] == ["BOLT-M8", "NUT-M8"]


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.INSPECT, Operation.SOURCE])
@pytest.mark.parametrize("auxiliary_id", [None, "an id of theirs"])
def test_a_line_of_another_supplier_is_not_taken_for_ours(
    world: World, operation: Operation, auxiliary_id: str | None
) -> None:
    named = msgspec.structs.replace(
        make_line("NUT-M8", auxiliary_id), supplier=Identifier(value="555", scheme="duns")
    )
    setup = make_setup(operation, lines=(named, make_line("BOLT-M8")))
    outcome = world.open(setup)
    assert (outcome.verdict, [one.code for one in outcome.faults]) == (
        Verdict.ACCEPTED,
        ["PUNCHOUT-011"],
    )
    token = world.enter(setup)
    assert [line.item.sku for line in world.cart(token).lines] == ["NUT-M8", "BOLT-M8"]
    (remark,) = remarks(world, token).values()
    assert remark == Remark(reason=fault("PUNCHOUT-111").message)
    assert world.cart(token).total == sek("158.50")


@pytest.mark.parametrize(
    "supplier",
    [
        Identifier(value="99-9", scheme="duns"),
        Identifier(value="4711", scheme="their own books"),
        None,
    ],
)
def test_a_line_that_names_us_or_nobody_we_can_tell_is_ours(
    world: World, supplier: Identifier | None
) -> None:
    line = msgspec.structs.replace(make_line("BOLT-M8"), supplier=supplier)
    token = world.enter(make_setup(Operation.EDIT, lines=(line,)))
    assert remarks(world, token) == {}


def in_unit(sku: str, unit: str, auxiliary_id: str | None = None, price: str = "1") -> CartLine:
    """Return two of `unit` as a buyer sends them, at a price for one of it."""
    return msgspec.structs.replace(
        make_line(sku, auxiliary_id),
        quantity=Quantity(value=Decimal(2), unit=unit),
        price=Price(amount=Decimal(price), currency="SEK"),
    )


def test_a_quantity_in_another_unit_is_counted_in_ours(world: World) -> None:
    lines = (in_unit("BOLT-M8", "CEN", price="158.50"),)
    token = world.enter(make_setup(Operation.EDIT, lines=lines))
    (line,) = world.cart(token).lines
    assert line.quantity == Quantity(value=Decimal(200), unit="C62")
    assert remarks(world, token) == {}
    dearer = in_unit("BOLT-M8", "CEN", price="150")
    token = world.enter(make_setup(Operation.EDIT, lines=(dearer,)))
    (remark,) = load_remarks(world.service.visits.find(token).remarks).values()  # type: ignore[union-attr]  # entered
    assert remark.previous is not None
    assert (remark.previous.amount, remark.previous.base_quantity) == (150, 100)


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.SOURCE])
@pytest.mark.parametrize("unit", ["EA", "WHAT"])
def test_a_unit_that_a_product_is_not_sold_in_is_no_quantity_of_it(
    world: World, operation: Operation, unit: str
) -> None:
    lines = (in_unit("GLOVE-9", unit), make_line("BOLT-M8"))
    token = world.enter(make_setup(operation, lines=lines))
    (remark,) = remarks(world, token).values()
    assert remark == Remark(reason=fault("PUNCHOUT-104").message)
    assert world.cart(token).total == sek("158.50")


def test_a_line_of_ours_keeps_its_quantity_whatever_its_unit_is_called_now(world: World) -> None:
    glove = bring_home(world).lines[1]
    line = in_unit("GLOVE-9", "EA", glove.item.auxiliary_id)
    token = world.enter(make_setup(Operation.EDIT, lines=(line,)))
    assert world.cart(token).lines[0].quantity == Quantity(value=Decimal(2), unit="PR")


def test_an_id_that_we_gave_says_whose_a_line_is(world: World) -> None:
    bolt, *_ = bring_home(world).lines
    line = msgspec.structs.replace(bolt, supplier=Identifier(value="555", scheme="DUNS"))
    token = world.enter(make_setup(Operation.EDIT, lines=(line,)))
    assert remarks(world, token) == {}


def test_sourcing_is_refused_where_the_partner_may_not(database: Database) -> None:
    narrow = make_world(database, make_partner(punchout={"operations": ("create",)}))
    outcome = narrow.open(make_setup(Operation.SOURCE))
    assert [fault.code for fault in outcome.faults] == ["PUNCHOUT-005"]


def test_a_line_split_in_two_comes_back_as_two_lines_of_one_product(world: World) -> None:
    bolt = bring_home(world).lines[0]
    parts = (bolt, msgspec.structs.replace(bolt, line_id="2"))
    token = world.enter(make_setup(Operation.EDIT, lines=parts))
    first, second = world.cart(token).lines
    assert (first.item.sku, second.item.sku) == ("BOLT-M8", "BOLT-M8")
    assert first.item.auxiliary_id == bolt.item.auxiliary_id
    assert second.item.auxiliary_id not in (None, bolt.item.auxiliary_id)


def test_a_cart_split_over_two_requisitions_comes_back_in_parts(world: World) -> None:
    whole = bring_home(world)
    for line in whole.lines:
        token = world.enter(make_setup(Operation.EDIT, lines=(line,)))
        assert [one.item for one in world.cart(token).lines] == [line.item]
        assert world.service.returning.transfer(world.session_id(token)) == ()
        assert [one.item for one in world.outbox.carts[-1].lines] == [line.item]


def test_the_chain_of_sites_goes_home_with_the_cart(world: World) -> None:
    node = RouteNode(kind="route", identifiers=(Identifier(value="1", scheme="DUNS"),))
    route = Route(original_id="setup-1", nodes=(node,))
    token = world.enter(make_setup(route=route))
    assert world.add(token, "BOLT-M8", "100") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    assert world.outbox.carts[-1].route == route


@pytest.mark.parametrize("test", [True, False])
def test_the_cart_of_a_test_is_one_too(world: World, test: bool) -> None:
    token = world.enter(make_setup(test=test))
    assert world.add(token, "BOLT-M8", "100") is None
    assert world.service.returning.transfer(world.session_id(token)) == ()
    assert world.outbox.tests == [test]


@pytest.mark.parametrize("named", [True, False])
def test_lines_carry_the_customers_contract_where_the_partner_knows_it(
    database: Database, named: bool
) -> None:
    world = make_world(database, make_partner(punchout={"name_contract": named}))
    contract = world.core.customer("1001").contract  # type: ignore[union-attr]  # is there
    assert contract
    (line,) = bring_home(world).lines[:1]
    assert line.agreement == (contract if named else None)


@pytest.mark.parametrize("test", [True, False])
def test_who_comes_from_a_test_id_has_a_session_for_tests(world: World, test: bool) -> None:
    received = replace(world.received(), test=test)
    outcome = world.service.open(received)
    assert isinstance(outcome.reply, PunchoutSession)
    assert outcome.reply.setup.test is test


def test_parts_keep_their_whole_through_an_edit(world: World) -> None:
    before = bring_home(world)
    bolts, gloves = before.lines
    parts = (
        msgspec.structs.replace(bolts, line_id="10", item_type=ItemType.COMPOSITE),
        msgspec.structs.replace(gloves, line_id="20", parent_line="10"),
    )
    token = world.enter(make_setup(Operation.EDIT, lines=parts))
    assert (
        world.service.shopping.update(
            world.session_id(token), {str(bolts.item.auxiliary_id): "150"}
        )
        is None
    )
    assert world.service.returning.transfer(world.session_id(token)) == ()
    first, second = world.outbox.carts[-1].lines
    assert (first.quantity.value, first.item_type) == (150, ItemType.COMPOSITE)
    assert second.parent_line == first.line_id
