"""Every row of a list is judged by itself: in the cart, or back with its reason and a way out."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from canonical.faults import Fault
from gateway.connectors.contract import Page
from gateway.punchout.lists import Row
from gateway.punchout.quick_order import JudgedRow, QuickOrder
from tests.gateway.punchout.world import World

NAMES = (("box", "BX"), ("piece", "C62"), ("pallet", "PF"))


class Catalogued:
    """Be the catalogue for a customer who calls some products otherwise."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.catalogue, name)

    def by_buyer_number(self, customer: str, wanted: Iterable[str]) -> Mapping[str, str]:
        known = {"N-77": "BOLT-M8", "DRILL-18": "CABLE-3G", "NF-N8": "GLOVE-9", "N-79": "GONE"}
        assert customer in {"1001", "2002"}
        return {one: known[one] for one in wanted if one in known}


def order(world: World, token: str, *rows: Row) -> tuple[JudgedRow, ...]:
    quick = QuickOrder(world.service.shopping, Catalogued(world))  # type: ignore[arg-type]  # as above
    session = world.service.visits.find(token)
    assert session is not None
    found = quick.order(session, rows, NAMES)
    assert not isinstance(found, Fault), found
    return found


def codes(judged: Sequence[JudgedRow]) -> list[str]:
    return [one.fault.code if one.fault else "" for one in judged]


def cart(world: World, token: str) -> dict[str | None, str]:
    return {line.item.sku: f"{line.quantity.value:f}" for line in world.cart(token).lines}


def test_numbers_of_ours_theirs_and_the_maker_all_lead_to_the_product(world: World) -> None:
    token = world.enter()
    judged = order(
        world, token, Row("cable-3g", "2"), Row("N-77", "100"), Row("DR18-2", "1"),
        Row("NF 840", "100"), Row("N-79", "1"),
    )  # fmt: skip
    assert codes(judged) == ["", "", "", "", "PUNCHOUT-020"]
    assert cart(world, token) == {
        "CABLE-3G": "2", "BOLT-M8": "200", "DRILL-18": "1",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["7350000000008", "07350000000008"])
def test_a_gtin_is_found_in_every_length(world: World, typed: str) -> None:
    drill = world.catalogue.product("DRILL-18")
    assert drill is not None
    changed = replace(drill, gtin="7350000000008")
    world.catalogue.apply_products(Page(items=(changed,), next="1", more=False))
    token = world.enter()
    assert codes(order(world, token, Row(typed, "1"))) == [""]
    assert cart(world, token) == {"DRILL-18": "1"}


def test_a_bad_row_keeps_what_was_typed_and_gets_a_reason(world: World) -> None:
    token = world.enter()
    rows = (
        Row("NOTHING", "1"), Row("", "5"), Row("BOLT-M8", "120"), Row("BOLT-M8", "many"),
        Row("DRILL-18X", "1"), Row("GLOVE-9", "1.000"), Row("GLOVE-9", ""), Row("LASER-X", "1"),
        Row("GLOVE-9", "1", "barrel"), Row("GLOVE-9", "99999999"), Row("GLOVE-10", "24"),
    )  # fmt: skip
    judged = order(world, token, *rows)
    assert codes(judged) == [
        "PUNCHOUT-020", "PUNCHOUT-102", "PUNCHOUT-025", "PUNCHOUT-023",
        "PUNCHOUT-020", "PUNCHOUT-023", "PUNCHOUT-112", "PUNCHOUT-021",
        "PUNCHOUT-104", "PUNCHOUT-027", "",
    ]  # fmt: skip
    assert tuple(one.row for one in judged) == rows
    assert [one.suggestion for one in judged][2:7] == [
        Decimal(150), Decimal(100), None, Decimal(1), Decimal(1),
    ]  # fmt: skip
    assert judged[5].fault is not None
    assert judged[5].fault.expected == "1000 or 1"
    assert cart(world, token) == {"GLOVE-10": "24"}


def test_a_number_of_several_products_is_asked_about_and_then_chosen(world: World) -> None:
    token = world.enter()
    asked = order(world, token, Row("NF-N8", "100"))
    assert codes(asked) == ["PUNCHOUT-103"]
    assert [one.sku for one in asked[0].choices] == ["GLOVE-9", "NUT-M8"]
    assert cart(world, token) == {}
    assert codes(order(world, token, Row("NF-N8", "100", sku="NUT-M8"))) == [""]
    assert cart(world, token) == {"NUT-M8": "100"}


def test_a_buyers_own_number_that_is_another_number_of_ours_is_asked_about(world: World) -> None:
    asked = order(world, world.enter(), Row("DRILL-18", "1"))
    assert [one.sku for one in asked[0].choices] == ["DRILL-18", "CABLE-3G"]


def test_what_the_customer_may_not_buy_is_no_choice(world: World) -> None:
    token = world.enter(partner="verkstad")
    assert codes(order(world, token, Row("DRILL-18", "1"))) == [""]
    assert cart(world, token) == {"CABLE-3G": "1"}


def test_a_choice_that_nobody_offered_is_no_product(world: World) -> None:
    assert codes(order(world, world.enter(), Row("NF-N8", "1", sku="NIX"))) == ["PUNCHOUT-020"]


def test_packages_count_what_they_hold_and_suggestions_stay_in_packages(world: World) -> None:
    token = world.enter()
    judged = order(world, token, Row("BOLT-M8", "3", "boxes"), Row("NUT-M8", "2", "Box"))
    assert codes(judged) == ["PUNCHOUT-104", ""]
    judged = order(world, token, Row("BOLT-M8", "0.7", "BX"))
    assert (codes(judged), judged[0].suggestion) == (["PUNCHOUT-024"], Decimal(1))
    assert cart(world, token) == {"NUT-M8": "200"}


def test_a_thousand_rows_are_one_change(world: World) -> None:
    token = world.enter()
    before = len(world.service.events(world.session_id(token)))
    judged = order(world, token, *(Row("CABLE-3G", "1") for _ in range(1000)))
    assert codes(judged) == [""] * 1000
    assert cart(world, token) == {"CABLE-3G": "1000"}
    assert len(world.service.events(world.session_id(token))) == before + 1


def test_a_cart_that_cannot_be_changed_says_so_once(world: World) -> None:
    token = world.enter()
    session = world.service.visits.find(token)
    world.service.returning.cancel(world.session_id(token))
    assert session is not None
    found = QuickOrder(world.service.shopping, world.catalogue).order(
        session, [Row("CABLE-3G", "1")]
    )
    assert isinstance(found, Fault)
    assert found.code == "PUNCHOUT-028"
