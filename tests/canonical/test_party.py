"""A person is known by address or user id; credit goes to the person's own salesperson first."""

import pytest

from canonical.party import Contact, Orderer, orderer_called, salesperson_for
from tests.builders import make_customer

ADA = Orderer(email="Ada@Norr.example", user_id="ABERG", salesperson=Contact(name="Bo"))
EVE = Orderer(email="eve@norr.example")
CUSTOMER = make_customer(orderers=(ADA, EVE), salesperson=Contact(name="Siv"))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("ada@norr.EXAMPLE ",), ADA),
        (("aberg",), ADA),
        ((None, "", "eve@norr.example"), EVE),
        (("nobody", "eve@norr.example"), EVE),
        (("",), None),
        ((), None),
        (("mallory@norr.example",), None),
    ],
)
def test_a_person_is_found_by_address_or_user_id(
    names: tuple[str | None, ...], found: Orderer | None
) -> None:
    assert orderer_called(CUSTOMER, names) is found


def test_nobody_is_called_by_the_user_id_that_an_orderer_lacks() -> None:
    assert orderer_called(make_customer(orderers=(EVE,)), (" ", None)) is None


def test_the_credit_is_the_persons_own_salesperson_or_the_customers() -> None:
    assert salesperson_for(CUSTOMER, ADA) == Contact(name="Bo")
    assert salesperson_for(CUSTOMER, EVE) == Contact(name="Siv")
    assert salesperson_for(CUSTOMER, None) == Contact(name="Siv")
    assert salesperson_for(make_customer(), None) is None
