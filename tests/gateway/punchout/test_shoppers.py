"""Only approved people enter where a partner says so; what is theirs is kept under their name."""

import pytest
from msgspec.structs import replace

from canonical.faults import Fault
from canonical.party import Contact, Customer, Orderer
from canonical.punchout import PunchoutSetup, Shopper
from canonical.wire import Verdict
from gateway.punchout.shoppers import EVERYBODY, shopper_key, shopper_of, stranger
from gateway.store.database import Database
from tests.builders import make_customer
from tests.gateway.punchout.world import World, make_partner, make_setup, make_world

ADA = Orderer(email="ada@norr.example", user_id="ABERG")
CUSTOMER = make_customer(orderers=(ADA,))


def asked(setup: PunchoutSetup, users: str = "approved", customer: Customer = CUSTOMER) -> str:
    found = stranger(make_partner(punchout={"users": users}), customer, setup)
    return found.code if isinstance(found, Fault) else ""


@pytest.mark.parametrize(
    ("shopper", "contacts", "code"),
    [
        (Shopper(email="ADA@norr.example"), (), ""),
        (Shopper(user_id="aberg"), (), ""),
        (None, (Contact(email="ada@norr.example"),), ""),
        (Shopper(user_id="eve"), (), "PUNCHOUT-100"),
        (Shopper(email="eve@norr.example"), (Contact(email="ada@norr.example"),), "PUNCHOUT-100"),
        (Shopper(name="Ada Berg"), (), "PUNCHOUT-101"),
        (None, (), "PUNCHOUT-101"),
    ],
)
def test_only_the_customers_orderers_are_approved(
    shopper: Shopper | None, contacts: tuple[Contact, ...], code: str
) -> None:
    assert asked(make_setup(shopper=shopper, contacts=contacts)) == code


def test_a_customer_without_orderers_has_approved_nobody() -> None:
    assert asked(make_setup(), customer=make_customer()) == "PUNCHOUT-100"


@pytest.mark.parametrize("users", ["any", "service"])
def test_elsewhere_everybody_may_shop(users: str) -> None:
    assert asked(make_setup(contacts=()), users) == ""


def test_what_the_setup_says_of_the_shopper_comes_before_its_first_contact() -> None:
    contacts = (Contact(role="buyer"), Contact(name="Ada Berg", email="ada@norr.example"))
    setup = make_setup(shopper=Shopper(user_id="ABERG", email="a@b.example"), contacts=contacts)
    assert shopper_of(setup) == Shopper(user_id="ABERG", email="a@b.example", name="Ada Berg")
    assert shopper_of(make_setup(contacts=())) == Shopper()


def test_lists_are_kept_by_person_and_shared_by_a_service_user() -> None:
    setup = make_setup(shopper=Shopper(user_id=" ABERG "))
    assert shopper_key(make_partner(), setup) == "aberg"
    assert shopper_key(make_partner(), make_setup()) == "ada@norr.example"
    assert shopper_key(make_partner(), make_setup(contacts=())) == EVERYBODY
    assert shopper_key(make_partner(punchout={"users": "service"}), setup) == EVERYBODY
    assert len(shopper_key(make_partner(), make_setup(shopper=Shopper(user_id="x" * 999)))) == 200


def with_orderers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the core know one person who may order for Region Norr."""
    known = world.core.customer

    def customer(customer_id: str) -> Customer | None:
        found = known(customer_id)
        return None if found is None else replace(found, orderers=(ADA,))

    monkeypatch.setattr(world.core, "customer", customer)


def test_a_stranger_gets_no_session_and_the_refusal_says_why(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(database, make_partner(punchout={"users": "approved"}))
    with_orderers(world, monkeypatch)
    outcome = world.open(make_setup(shopper=Shopper(email="mallory@norr.example")))
    assert outcome.verdict is Verdict.FORBIDDEN
    assert [fault.code for fault in outcome.faults] == ["PUNCHOUT-100"]
    assert "mallory@norr.example" in outcome.detail
    assert "ada@norr.example" not in outcome.detail
    assert (outcome.reply, outcome.insert) == (None, None)
    assert world.open().verdict is Verdict.ACCEPTED


def test_who_entered_is_written_down_once_a_visit(database: Database) -> None:
    world = make_world(database)
    world.enter()
    world.clock.forward(hours=1)
    world.enter(make_setup(shopper=Shopper(user_id="ada@norr.example", name="Ada B.")))
    world.open(make_setup(shopper=Shopper(user_id="never-came")))
    (seen,) = world.service.means.store.shoppers.seen("norr")
    assert (seen.owner.key, seen.shopper.name, seen.visits) == ("ada@norr.example", "Ada B.", 2)
    assert (seen.last_seen - seen.first_seen).total_seconds() == 3600
    assert world.service.means.store.shoppers.seen("verkstad") == ()
