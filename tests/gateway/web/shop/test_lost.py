"""Who goes astray in the shop, or meets a failure of ours, gets a page that leads on."""

import re

import pytest
from flask.testing import FlaskClient

from gateway.catalogue.tables import products
from gateway.store.database import Database
from gateway.web.shop.languages import LANGUAGES
from tests.gateway.punchout.world import World, make_setup


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize("below", ["nothing", "transfer/x", "favourites", "cancel", "a/b/c"])
def test_an_address_below_a_session_that_is_no_page_leads_back(
    world: World, client: FlaskClient, below: str
) -> None:
    token = world.enter(make_setup(language="sv"))
    answer = client.get(f"/s/{token}/{below}")
    assert answer.status_code == 404
    assert heading(answer.text) == "Den här adressen leder ingenstans"
    assert f'href="/s/{token}/"' in answer.text
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]


def test_below_no_session_there_is_only_the_way_to_the_purchasing_system(
    client: FlaskClient,
) -> None:
    answer = client.get("/s/guessed/nothing")
    assert answer.status_code == 404
    assert "Open the shop from your purchasing system" in answer.text


def test_a_wrong_method_stays_what_it_is(world: World, client: FlaskClient) -> None:
    token = world.enter(make_setup())
    assert client.post(f"/s/{token}/nothing").status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_of_ours_is_a_page_in_the_buyers_language(
    database: Database, world: World, client: FlaskClient, language: str
) -> None:
    token = world.enter(make_setup(language=language))
    database.write(products.drop)
    answer = client.get(f"/s/{token}/")
    assert answer.status_code == 500
    assert answer.content_type.startswith("text/html")
    assert f'<html lang="{language}">' in answer.text
    assert heading(answer.text)
    assert products.name not in answer.text, "it says what broke"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
