"""A login says what the supplier was told to look for, and shows its password to nobody."""

from canonical.order import Item
from canonical.punchout import Operation, PunchoutSetup, Shopper
from gateway.buyer.account import Account
from gateway.buyer.logins import Login, login_of
from gateway.partners.profile import Buyer, Extrinsic
from gateway.settings.model import Identity
from protocols.oci.dialect import OciDialect
from protocols.ubl.dialect import PunchoutDialect

SETUP = PunchoutSetup(
    operation=Operation.CREATE,
    return_url="https://buyer.example.com/hook?a=1&b=2",
    language="sv-SE",
    shopper=Shopper(email="ada@example.com", name="Ada Byron"),
)


def account(syntax: str, theirs: OciDialect | PunchoutDialect, **system: object) -> Account:
    return Account(
        partner="north",
        url="https://shop.example.com/cxml",
        base_url="https://shop.example.com",
        buyer=Identity(domain="DUNS", identity="1"),
        supplier=Identity(domain="DUNS", identity="2"),
        secret="s3cret",
        syntax=syntax,
        login=Identity(domain=syntax, identity="north-shop"),
        theirs=theirs,
        system=Buyer.model_validate(system),
    )


def test_an_oci_login_uses_the_names_that_were_agreed():
    theirs = OciDialect(parameters={"USERNAME": "benutzer"}, version="5.0")
    login = login_of(account("oci", theirs, login="get"), SETUP)
    fields = dict(login.fields)
    assert login.url == "https://shop.example.com/oci/north"
    assert fields["benutzer"] == "north-shop"
    assert fields["PASSWORD"] == "s3cret"
    assert fields["HOOK_URL"] == SETUP.return_url
    assert fields["OCI_VERSION"] == "5.0"
    assert fields["sap-language"] == "SV"
    assert "HOOK_URL=https%3A%2F%2Fbuyer.example.com%2Fhook%3Fa%3D1%26b%3D2" in login.address


def test_level_two_asks_for_one_product():
    setup = PunchoutSetup(operation=Operation.CREATE, selected=Item(sku="4711"))
    fields = dict(login_of(account("oci", OciDialect()), setup).fields)
    assert (fields["FUNCTION"], fields["PRODUCTID"]) == ("DETAIL", "4711")


def test_a_peppol_login_names_who_shops():
    more = (Extrinsic(name="client", value="800"),)
    theirs = PunchoutDialect(parameters={"username": "orgLogin"})
    login = login_of(account("ubl", theirs, login_fields=more), SETUP)
    fields = dict(login.fields)
    assert login.url == "https://shop.example.com/peppol/punchout/north"
    assert (fields["orgLogin"], fields["password"]) == ("north-shop", "s3cret")
    assert fields["useremail"] == "ada@example.com"
    assert fields["client"] == "800"


def test_the_password_is_not_shown():
    login = login_of(account("oci", OciDialect()), SETUP)
    assert ("PASSWORD", "***") in login.shown
    assert "s3cret" not in repr(login)
    assert isinstance(login, Login)
