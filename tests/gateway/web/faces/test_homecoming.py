"""The cart goes home as the call and the partner want it."""

import re
from pathlib import Path

import httpx
import pytest

from tests.gateway.web.faces.visiting import PLAIN_UNIT, enter, shop
from tests.gateway.web.house import HOOK, House, call, hidden, login


def test_the_cart_goes_home_as_the_call_wants_it(browser: httpx.Client) -> None:
    fields = call(RETURNTARGET="basket", http_content_charset="UTF-8")
    page = shop(browser, browser.get("/oci/acme", params=fields))
    assert f'<form action="{HOOK.replace("&", "&amp;")}" method="post"' in page.text
    assert 'accept-charset="UTF-8" target="basket"' in page.text
    assert (
        "form-action 'self' https://buyer.example.com;" in page.headers["content-security-policy"]
    )
    pairs = hidden(page.text)
    assert pairs[:3] == [("session", "42"), ("from", "å"), ("empty", "")]
    assert ("NEW_ITEM-QUANTITY[1]", "3") in pairs
    assert ("NEW_ITEM-VENDORMAT[1]", "PA-10010") in pairs
    assert "Continue to buyer.example.com" in page.text


def test_parameters_of_the_return_address_are_read_in_the_forms_charset(
    browser: httpx.Client,
) -> None:
    page = shop(browser, browser.get("/oci/acme", params=call()))
    assert 'accept-charset="ISO-8859-1" target="_top"' in page.text
    assert hidden(page.text)[:3] == [("session", "42"), ("from", "å"), ("empty", "")]


@pytest.mark.parametrize("target", ["_evil", '"onload="x', "a b", "x" * 101, "javascript:x()"])
def test_a_frame_with_an_unsafe_name_is_not_used(browser: httpx.Client, target: str) -> None:
    page = shop(browser, browser.get("/oci/acme", params=call(RETURNTARGET=target)))
    assert 'target="_top" data-send' in page.text


def test_a_peppol_cart_goes_home_as_one_field(browser: httpx.Client) -> None:
    page = shop(browser, browser.post("/peppol/punchout/acme", data=login()))
    ((name, value),) = hidden(page.text)
    assert name == "catalogue"
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", value)
    assert 'target="' not in re.sub(r"<(?!form).*?>", "", page.text)


def test_a_cart_that_cannot_be_written_is_told_in_the_shoppers_language(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    house.extend("acme", PLAIN_UNIT.format(mapping="cart-write"))
    house.open_again()
    with house.client() as browser:
        path = enter(browser, browser.get("/oci/acme", params=call(LANGUAGE="SV")))
        browser.post(f"{path}cart", data={"sku": "PA-10010", "quantity": "3"})
        refused = browser.post(f"{path}transfer")
        seen = browser.get(f"{path}cart")
    house.gateway.close()
    assert refused.status_code == 422
    assert "Varukorgen kunde inte skrivas så som ditt inköpssystem läser den" in refused.text
    assert "UNIT" not in re.sub(r"<details>.*?</details>", "", refused.text, flags=re.DOTALL)
    (reasons,) = re.findall(r'<details>.*?<p lang="en">(.*?)</p>', refused.text, re.DOTALL)
    assert "OCI-035" in reasons
    assert "<details>" not in seen.text, "the cart is as it was"


def test_leaving_without_a_cart_takes_no_item_home(browser: httpx.Client) -> None:
    path = enter(browser, browser.get("/oci/acme", params=call()))
    browser.post(f"{path}cart", data={"sku": "PA-10010", "quantity": "3"})
    left = browser.get(browser.post(f"{path}cancel").headers["location"])
    pairs = hidden(left.text)
    assert not [name for name, _ in pairs if name.startswith("NEW_ITEM")]
    assert ("~OkCode", "CANCEL") in pairs


def test_sap_gui_takes_the_cart_by_its_own_scheme_where_the_partner_allows(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    house.extend("acme", "", "punchout:", "punchout:\n  allow_sapevent: yes")
    house.open_again()
    with house.client() as browser:
        page = shop(browser, browser.get("/oci/acme", params=call(HOOK_URL="SAPEVENT:POST")))
    house.gateway.close()
    assert '<form action="SAPEVENT:POST" method="post"' in page.text
    assert (
        "form-action 'self' https://buyer.example.com sapevent:;"
        in (page.headers["content-security-policy"])
    )
    assert hidden(page.text)[0][0].startswith("NEW_ITEM")
