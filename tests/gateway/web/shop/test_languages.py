"""A buyer reads the shop in the language of their system, or in the one they choose there."""

import re

import flask
import pytest
from flask.testing import FlaskClient

from gateway.web.shop.languages import LANGUAGES, code_of, language, speak, spoken
from tests.gateway.punchout.world import World, make_line, make_setup, start_token

ALL_PRODUCTS = {
    "sv": "Alla produkter",
    "en": "All products",
    "nl": "Alle producten",
    "de": "Alle Produkte",
    "fi": "Kaikki tuotteet",
    "da": "Alle produkter",
    "nb": "Alle produkter",
}


def tongue_of(page: str) -> str:
    """Return what a page says that it is written in."""
    found = re.search(r'<html lang="([a-z]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sv", "sv"), ("sv-SE", "sv"), ("sv_FI", "sv"), ("SV", "sv"), ("V", "sv"), ("swe", "sv"),
        ("en-US", "en"), ("E", "en"), ("N", "nl"), ("nl-BE", "nl"), ("D", "de"), ("de-AT", "de"),
        ("U", "fi"), ("fi-FI", "fi"), ("K", "da"), ("da", "da"), ("O", "nb"), ("no", "nb"),
        ("nn-NO", "nb"), (" nb-NO ", "nb"), ("fr-FR", None), ("S", None), ("", None), (None, None),
        ("sv;q=1", None), ("*", None),
    ],
)  # fmt: skip
def test_languages_are_known_by_the_codes_that_systems_send(
    said: str | None, meant: str | None
) -> None:
    assert code_of(said) == meant


def test_the_first_language_that_the_shop_speaks_answers_a_request() -> None:
    application = flask.Flask("tongues")
    browser = {"Accept-Language": "fr-CH, fi;q=0.9, en;q=0.8"}
    for wanted, chosen in ((("", "sv-SE"), "sv"), (("fr", None), "fi"), (("nb", "sv"), "nb")):
        with application.test_request_context(headers=browser):
            assert speak(*wanted).code == chosen
            assert spoken().code == chosen
    with application.test_request_context():
        assert speak("fr").code == "en"
    assert spoken().code == "en"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_of_a_visit_is_written_in_the_language_of_the_setup(
    world: World, client: FlaskClient, code: str
) -> None:
    setup = make_setup(language=code, lines=(make_line("BOLT-M8"),))
    token = client.get(f"/start/{start_token(world.open(setup))}").headers["Location"]
    for path in ("", "cart", "product/BOLT-M8", "product/NIX", "?q=nothing+at+all"):
        page = client.get(token.removesuffix("cart") + path).text
        assert tongue_of(page) == code, path
    assert ALL_PRODUCTS[code] in client.get(token.removesuffix("cart")).text


def test_a_choice_on_the_page_holds_for_the_visit_and_leads_back(
    world: World, client: FlaskClient
) -> None:
    token = world.enter(make_setup(language="sv"))
    chosen = client.post(
        f"/s/{token}/language", data={"language": "de", "next": "?q=bolt&in=Fasteners"}
    )
    assert chosen.headers["Location"] == f"/s/{token}/?q=bolt&in=Fasteners"
    for path in ("", "cart", "product/DRILL-18"):
        assert tongue_of(client.get(f"/s/{token}/{path}").text) == "de"
    assert world.cart(token).language == "sv", "what goes home keeps the language of the setup"
    for nonsense in ("xx", "", "../de"):
        client.post(f"/s/{token}/language", data={"language": nonsense, "next": "//evil.example"})
    assert tongue_of(client.get(f"/s/{token}/").text) == "de"


def test_another_site_cannot_change_the_language(world: World, client: FlaskClient) -> None:
    token = world.enter()
    headers = {"Sec-Fetch-Site": "cross-site"}
    changed = client.post(f"/s/{token}/language", data={"language": "de"}, headers=headers)
    assert changed.status_code == 403
    assert tongue_of(client.get(f"/s/{token}/").text) == "en"


def test_a_page_without_a_visit_speaks_as_the_browser_likes(client: FlaskClient) -> None:
    page = client.get("/start/guess", headers={"Accept-Language": "da, en;q=0.5"})
    assert tongue_of(page.text) == "da"
    assert "Denne adresse fører ingen steder hen" in page.text


def test_a_quantity_means_what_it_means_in_the_language_of_the_page(
    world: World, client: FlaskClient
) -> None:
    for code, typed in (("de", "1.000"), ("en", "1,000"), ("sv", "1 000")):
        token = world.enter(make_setup(language=code))
        added = client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": typed})
        assert added.status_code == 303
        assert [line.quantity.value for line in world.cart(token).lines] == [1000], code


def test_what_is_wrong_is_said_in_the_language_with_its_numbers(
    world: World, client: FlaskClient
) -> None:
    token = world.enter(make_setup(language="sv"))
    page = client.post(f"/s/{token}/cart", data={"sku": "BOLT-M8", "quantity": "120"}).text
    assert "Antalet motsvarar inte hela förpackningar: 120, men en multipel av 50 krävs." in page
    laser = client.get(f"/s/{token}/product/LASER-X").text
    assert "Avtalet omfattar inte den här produkten." in laser


def test_a_text_that_a_language_lacks_stays_english() -> None:
    assert language("sv").gettext("a text that nobody wrote") == "a text that nobody wrote"


@pytest.mark.parametrize(
    ("code", "heading"),
    [("en", "“<b>”"), ("sv", "”<b>”"), ("de", "„<b>“"), ("nb", "«<b>»"), ("fi", "”<b>”")],
)
def test_what_was_searched_for_stands_in_the_marks_of_the_language(
    world: World, client: FlaskClient, code: str, heading: str
) -> None:
    token = world.enter(make_setup(language=code))
    page = client.get(f"/s/{token}/?q=%3Cb%3E").text
    shown = heading.replace("<b>", "&lt;b&gt;")
    assert page.count(shown) >= 2, "in the title and above the list"
    assert "<b>&" not in page
