"""A customer is asked for once in a while, and never remembered as unknown."""

from datetime import UTC, datetime, timedelta
from typing import cast

from canonical.party import Customer
from gateway.connectors.contract import Core
from gateway.punchout.customers import CAPACITY, SECONDS, RecentCustomers


class Asked:
    def __init__(self) -> None:
        self.ids: list[str] = []
        self.known = True

    def customer(self, customer_id: str) -> Customer | None:
        self.ids.append(customer_id)
        known = Customer(customer_id=customer_id, name="Norr", currency="SEK")
        return known if self.known else None


class Clock:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def make() -> tuple[Asked, Clock, RecentCustomers]:
    asked, clock = Asked(), Clock()
    return asked, clock, RecentCustomers(cast("Core", asked), clock)


def test_the_core_is_asked_again_only_after_a_while() -> None:
    asked, clock, customers = make()
    for _ in range(3):
        assert customers.get("C1") is not None
    assert asked.ids == ["C1"]
    clock.now += timedelta(seconds=SECONDS)
    customers.get("C1")
    assert asked.ids == ["C1", "C1"]


def test_an_unknown_customer_is_asked_for_every_time() -> None:
    asked, _, customers = make()
    asked.known = False
    assert customers.get("C1") is None
    asked.known = True
    assert customers.get("C1") is not None


def test_what_is_remembered_is_bounded() -> None:
    asked, _, customers = make()
    for number in range(CAPACITY + 1):
        customers.get(str(number))
    customers.get("0")
    assert asked.ids.count("0") == 2
    assert asked.ids.count(str(CAPACITY)) == 1
