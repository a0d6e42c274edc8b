"""A call with a function gets its answer: a page of the shop, a form or a list."""

import json
from pathlib import Path

import httpx

from tests.gateway.web.faces.visiting import PLAIN_UNIT
from tests.gateway.web.house import House, call, hidden


def test_the_function_detail_opens_the_products_page(browser: httpx.Client) -> None:
    opened = browser.get("/oci/acme", params=call(FUNCTION="DETAIL", PRODUCTID="PA-10010"))
    entered = browser.get(opened.headers["location"])
    assert str(entered.headers["location"]).endswith("/product/PA-10010")


def test_the_function_sourcing_opens_the_shop_with_what_was_sought(browser: httpx.Client) -> None:
    fields = call(FUNCTION="SOURCING", SEARCHSTRING="copy paper & ink")
    entered = browser.get(browser.get("/oci/acme", params=fields).headers["location"])
    assert str(entered.headers["location"]).endswith("/?q=copy+paper+%26+ink")


def test_a_validated_product_goes_home_by_itself(browser: httpx.Client) -> None:
    fields = call(FUNCTION="VALIDATE", PRODUCTID="PA-10010", QUANTITY="7")
    answer = browser.get("/oci/acme", params=fields)
    assert answer.status_code == 200
    assert 'data-send="once"' in answer.text
    assert ("NEW_ITEM-QUANTITY[1]", "7") in hidden(answer.text)
    gone = browser.get("/oci/acme", params=call(FUNCTION="VALIDATE", PRODUCTID="GONE"))
    assert 'data-send="once"' in gone.text
    assert not [name for name, _ in hidden(gone.text) if name.startswith("NEW_ITEM")]


def test_a_background_search_is_a_form_that_nobody_sends(browser: httpx.Client) -> None:
    fields = call(FUNCTION="BACKGROUND_SEARCH", SEARCHSTRING="paper")
    answer = browser.post("/oci/acme", data=fields)
    assert answer.status_code == 200
    assert "data-send" not in answer.text
    pairs = dict(hidden(answer.text))
    assert int(pairs["HEADER-TOTAL_RESULTS"]) > 5
    assert "NEW_ITEM-DESCRIPTION[1]" in pairs
    assert pairs["session"] == "42"


def test_a_checked_quantity_is_cut_to_what_can_be_delivered(browser: httpx.Client) -> None:
    fields = call(FUNCTION="QUANTITYCHECK", PRODUCTID="PA-10010", QUANTITY="99999")
    answer = browser.get("/oci/acme", params=fields)
    quantity = int(dict(hidden(answer.text))["NEW_ITEM-QUANTITY[1]"])
    assert 0 < quantity < 99999


def test_a_catalogue_is_downloaded_page_by_page(browser: httpx.Client) -> None:
    seen: list[str] = []
    for number in range(1, 100):
        fields = call(FUNCTION="DOWNLOADJSON", PAGESIZE="100", REQUESTEDPAGE=str(number))
        answer = browser.get("/oci/acme", params=fields)
        assert answer.headers["content-type"] == "application/json"
        page = json.loads(answer.content)
        seen += [one["NEWITEM"]["EXT_PRODUCT_ID"] for one in page["Items"]]
        if number == page["TOTALPAGES"]:
            break
    assert len(seen) == len(set(seen)) == page["TOTALITEMS"]


def test_one_product_that_cannot_be_written_does_not_cost_the_whole_list(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    house.extend("acme", PLAIN_UNIT.format(mapping="items-write"))
    house.open_again()
    with house.client() as browser:
        found = browser.get(
            "/oci/acme", params=call(FUNCTION="BACKGROUND_SEARCH", SEARCHSTRING="copy paper")
        )
        single = browser.get("/oci/acme", params=call(FUNCTION="VALIDATE", PRODUCTID="PA-10010"))
    house.gateway.close()
    pairs = hidden(found.text)
    assert found.status_code == single.status_code == 200
    assert "NEW_ITEM-DESCRIPTION[1]" in dict(pairs)
    assert ("NEW_ITEM-UNIT[1]", "PCE") in pairs
    assert ("NEW_ITEM-VENDORMAT[1]", "PA-10010") not in pairs
    assert "ABCDE" not in found.text
    assert "NEW_ITEM-DESCRIPTION[1]" not in dict(hidden(single.text))
