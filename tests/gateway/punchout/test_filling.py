"""Of many wishes the good ones go into the cart, the others say why, and none is lost."""

from decimal import Decimal

import pytest

from canonical.faults import Fault
from gateway.errors import CoreUnreachableError
from gateway.punchout.filling import Granted, Wish
from tests.gateway.punchout.world import World, make_setup


def put(world: World, token: str, *wishes: tuple[str, str]) -> list[tuple[str, Decimal | None]]:
    answers = asked(world, token, *wishes)
    assert not isinstance(answers, Fault)
    return [(one.fault.code if one.fault else "", one.suggestion) for one in answers]


def asked(world: World, token: str, *wishes: tuple[str, str]) -> tuple[Granted, ...] | Fault:
    products = world.catalogue.products([sku for sku, _ in wishes])
    several = [Wish(products[sku], Decimal(quantity)) for sku, quantity in wishes]
    return world.service.shopping.put(world.session_id(token), several)


def lines(world: World, token: str) -> list[tuple[str | None, int]]:
    return [(line.item.sku, int(line.quantity.value)) for line in world.cart(token).lines]


def test_good_wishes_go_in_and_bad_ones_say_why(world: World) -> None:
    token = world.enter()
    found = put(world, token, ("BOLT-M8", "120"), ("DRILL-18", "2"), ("LASER-X", "1"))
    assert found == [("PUNCHOUT-025", Decimal(150)), ("", None), ("PUNCHOUT-021", None)]
    assert lines(world, token) == [("DRILL-18", 2)]


def test_wishes_for_one_product_are_judged_together_and_share_a_line(world: World) -> None:
    token = world.enter()
    assert put(world, token, ("BOLT-M8", "50"), ("NUT-M8", "100"), ("BOLT-M8", "50")) == [
        ("", None), ("", None), ("", None),
    ]  # fmt: skip
    assert lines(world, token) == [("BOLT-M8", 100), ("NUT-M8", 100)]


def test_more_of_a_line_stays_where_it_is_and_costs_what_the_whole_costs(world: World) -> None:
    token = world.enter()
    put(world, token, ("BOLT-M8", "500"), ("DRILL-18", "1"))
    before = [line.item.auxiliary_id for line in world.cart(token).lines]
    assert put(world, token, ("DRILL-18", "1"), ("BOLT-M8", "500")) == [("", None), ("", None)]
    assert [line.item.auxiliary_id for line in world.cart(token).lines] == before
    price = world.cart(token).lines[0].price
    assert price is not None
    assert price.amount == Decimal("149.00")


def test_a_suggestion_counts_what_lies_in_the_cart_already(world: World) -> None:
    token = world.enter()
    put(world, token, ("BOLT-M8", "100"))
    assert put(world, token, ("BOLT-M8", "70")) == [("PUNCHOUT-025", Decimal(100))]
    assert put(world, token, ("BOLT-M8", "20"), ("BOLT-M8", "10")) == [
        ("PUNCHOUT-025", None), ("PUNCHOUT-025", Decimal(30)),
    ]  # fmt: skip


def test_all_wishes_cost_one_question_to_the_core(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, asked_for = world.enter(), []
    prices = world.core.prices

    def counted(customer: str, questions: object, on: object) -> object:
        asked_for.append(questions)
        return prices(customer, questions, on)  # type: ignore[arg-type]  # as it was asked

    monkeypatch.setattr(world.core, "prices", counted)
    put(world, token, ("BOLT-M8", "100"), ("DRILL-18", "2"), ("CABLE-3G", "5"), ("GLOVE-9", "1"))
    assert len(asked_for) == 1


def test_nothing_is_written_when_nothing_can_be_had(world: World) -> None:
    token = world.enter()
    before = world.service.events(world.session_id(token))
    assert put(world, token, ("LASER-X", "1"), ("BOLT-M8", "1"))[0][0] == "PUNCHOUT-021"
    assert world.service.events(world.session_id(token)) == before


def test_a_core_that_is_away_leaves_the_cart_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.enter()

    def away(*_: object) -> None:
        message = "no answer"
        raise CoreUnreachableError(message)

    monkeypatch.setattr(world.core, "prices", away)
    found = asked(world, token, ("DRILL-18", "1"))
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-007"
    assert lines(world, token) == []


def test_a_cart_for_reading_takes_nothing(world: World) -> None:
    from canonical.punchout import Operation

    token = world.enter(make_setup(Operation.INSPECT))
    found = asked(world, token, ("DRILL-18", "1"))
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-028"


def test_rows_beyond_a_full_cart_are_named_not_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.punchout.filling.MAX_LINES", 1)
    token = world.enter()
    assert put(world, token, ("DRILL-18", "1"), ("GLOVE-9", "1"), ("DRILL-18", "1")) == [
        ("", None), ("PUNCHOUT-026", None), ("", None),
    ]  # fmt: skip
