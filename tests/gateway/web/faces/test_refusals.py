"""Whoever is refused at the door is shown why, in a page of his own language, and recorded."""

import json
import re
from pathlib import Path

import httpx
import pytest

from canonical.wire import Verdict
from gateway.store.interchanges import interchange
from gateway.web.faces import REFUSALS, TROUBLE
from tests.gateway.web.faces.visiting import recorded
from tests.gateway.web.house import SECRET, House, call, login

WRONG = {
    "a wrong password": ("/oci/acme", call(PASSWORD="wrong")),
    "no password": ("/oci/acme", call(PASSWORD="")),
    "a strange user": ("/oci/acme", call(login="nobody")),
    "no user": ("/oci/acme", call(login="")),
    "another partner's login": ("/oci/acme", {**call("other"), "login": "other-user"}),
    "a right login at another partner's address": ("/oci/other", call()),
    "an address of nobody": ("/oci/nobody", call()),
    "a login of the other protocol": ("/oci/acme", call(login="acme-login")),
    "a Peppol login with a wrong password": ("/peppol/punchout/acme", login(password="wrong")),
    "a Peppol login at another address": ("/peppol/punchout/other", login()),
}


@pytest.mark.parametrize("name", WRONG)
def test_whoever_is_not_who_he_says_is_refused_in_the_same_words_and_recorded(
    house: House, name: str
) -> None:
    path, fields = WRONG[name]
    with house.client(f"198.51.100.{list(WRONG).index(name)}") as browser:
        before = len(recorded(house))
        refused = browser.post(path, data=fields)
        plain = browser.post("/oci/acme", data=call(PASSWORD="also wrong"))
    assert refused.status_code == 403
    assert "did not recognise the login" in refused.text
    assert without_number(refused) == without_number(plain)
    assert recorded(house)[before:] == ["unauthenticated", "unauthenticated"]


def without_number(page: httpx.Response) -> str:
    return re.sub(r"[0-9a-f]{32}", "", page.text)


def test_the_number_on_the_page_is_that_of_the_record(house: House, browser: httpx.Client) -> None:
    refused = browser.post("/oci/acme", data=call(PASSWORD="wrong"))
    number = re.search(r"[0-9a-f]{32}", refused.text)
    assert number is not None
    with house.gateway.database.read() as connection:
        found = connection.execute(interchange.select().where(interchange.c.id == number[0])).one()
    assert found.verdict == "unauthenticated"


def test_a_blocked_partner_is_told_so_after_its_login(browser: httpx.Client) -> None:
    answer = browser.post("/oci/shut", data=call("shut"))
    assert answer.status_code == 403
    assert "Your company may not do this here" in answer.text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (call(HOOK_URL=""), "OCI-002"),
        (call(HOOK_URL="https://evil.example/x"), "PUNCHOUT-003"),
        (call(HOOK_URL="http://buyer.example.com/x"), "PUNCHOUT-002"),
        (call(HOOK_URL="javascript:alert(1)"), "PUNCHOUT-002"),
        (call(HOOK_URL="SAPEVENT:POST"), "PUNCHOUT-002"),
        (call(FUNCTION="DETIAL", PRODUCTID="1"), "OCI-003"),
        (call(FUNCTION="VALIDATE"), "OCI-004"),
    ],
)
def test_what_cannot_be_used_in_a_call_is_explained_to_whoever_looks_after_the_system(
    browser: httpx.Client, fields: dict[str, str], code: str
) -> None:
    answer = browser.get("/oci/acme", params=fields)
    assert answer.status_code == 400
    assert code in answer.text
    assert "javascript:alert(1)</" not in re.sub(
        r"<p lang.*?</p>", "", answer.text, flags=re.DOTALL
    )


def test_a_refusal_shows_in_the_procurement_systems_frame_and_in_its_language(
    browser: httpx.Client,
) -> None:
    refused = browser.post("/oci/acme", data=call(PASSWORD="wrong", LANGUAGE="DE"))
    policy = refused.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'self'" in policy
    assert "x-frame-options" not in refused.headers
    assert '<html lang="de">' in refused.text
    swedish = browser.get("/oci/acme", headers={"Accept-Language": "sv-SE,sv;q=0.9"})
    assert '<html lang="sv">' in swedish.text


def test_a_program_is_refused_in_its_protocols_own_words(browser: httpx.Client) -> None:
    answer = browser.get(
        "/oci/acme",
        params=call(PASSWORD="wrong", FUNCTION="DOWNLOADJSON"),
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/json")
    assert json.loads(answer.content)["STATUS"] == 401


def test_an_address_that_knocks_without_pause_is_asked_to_wait(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    settings = house.workspace / "gateway.toml"
    text = settings.read_text("utf-8")
    assert "[limits]" not in text
    settings.write_text(f"{text}\n[limits]\nrequests_per_minute = 2\n", "utf-8")
    house.open_again()
    with house.standing_still(), house.client() as browser:
        seen = [browser.post("/oci/acme", data=call()).status_code for _ in range(3)]
        busy = browser.post("/oci/acme", data=call())
    house.gateway.close()
    assert seen == [303, 303, 429]
    assert busy.headers["retry-after"] == "10"
    assert "The shop is busy" in busy.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/oci/acme", call(PASSWORD="guess")), ("/peppol/punchout/acme", login(password="guess"))],
)
def test_who_guesses_secrets_is_asked_to_wait(
    house: House, path: str, fields: dict[str, str]
) -> None:
    with house.standing_still(), house.client(f"203.0.113.{len(path)}") as browser:
        answers = [browser.post(path, data=fields) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    assert answers[-1].headers["retry-after"] == "10"
    assert "retry-after" not in answers[0].headers
    assert "The shop is busy" in answers[-1].text
    assert recorded(house)[-1] == "throttled"


def test_a_program_that_guesses_reads_the_same_status_as_http_says(house: House) -> None:
    fields = call("other", PASSWORD="guess", FUNCTION="DOWNLOADJSON")
    with house.standing_still(), house.client("203.0.113.250") as browser:
        for _ in range(11):
            answer = browser.get(
                "/oci/other", params=fields, headers={"Accept": "application/json"}
            )
    assert (answer.status_code, json.loads(answer.content)["STATUS"]) == (429, 429)


def test_every_verdict_that_refuses_has_its_page() -> None:
    yes = {Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE}
    signatures = {verdict for verdict in Verdict if verdict.name.startswith("SIGNATURE")}
    assert set(REFUSALS) == set(Verdict) - yes - signatures
    assert all(refusal.status >= 400 for refusal in (*REFUSALS.values(), TROUBLE))


def test_no_secret_is_shown_again(browser: httpx.Client) -> None:
    for fields in (call(), call(FUNCTION="VALIDATE", PRODUCTID="PA-10010"), call(HOOK_URL="x")):
        for answer in (
            browser.get("/oci/acme", params=fields),
            browser.post("/oci/acme", data=fields),
        ):
            assert SECRET not in answer.text
            assert SECRET not in str(answer.headers)
