"""A procurement system's login opens the shop, and whoever is refused is shown why and recorded."""

import io
import itertools
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import flask
import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from canonical.punchout import SessionState
from canonical.wire import Verdict
from gateway.store.interchanges import interchange
from gateway.store.sessions import sessions
from gateway.web.faces import REFUSALS, TROUBLE, login_of, urlencoded
from tests.gateway.web.house import HOOK, SECRET, House, call, hidden, login

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("faces") / "workspace")
    yield built
    built.gateway.close()


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with house.client() as client:
        yield client


def enter(browser: httpx.Client, opened: httpx.Response) -> str:
    """Follow a start link and return the path of the session."""
    assert opened.status_code == 303, opened.text
    entered = browser.get(opened.headers["location"])
    assert entered.status_code == 303, entered.text
    return re.sub(r"(/s/[^/]+/).*", r"\1", str(entered.headers["location"]))


def shop(browser: httpx.Client, opened: httpx.Response, sku: str = "PA-10010") -> httpx.Response:
    """Buy something and return the page that brings it home."""
    path = enter(browser, opened)
    added = browser.post(f"{path}cart", data={"sku": sku, "quantity": "3"})
    assert added.status_code == 303, added.text
    sent = browser.post(f"{path}transfer")
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["location"])


def recorded(house: House) -> list[str]:
    """Return the verdict of every interchange that came in, oldest first."""
    with house.gateway.database.read() as connection:
        rows = connection.execute(
            interchange.select().order_by(interchange.c.received_at, interchange.c.id)
        )
        return [row.verdict for row in rows if row.verdict is not None]


def multipart(fields: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--b--\r\n".encode(), {"Content-Type": "multipart/form-data; boundary=b"}


def test_a_call_opens_the_shop_by_get_and_by_post(browser: httpx.Client) -> None:
    content, media_type = multipart(call())
    two = {key: value for key, value in call().items() if key == "HOOK_URL"}
    rest = {key: value for key, value in call().items() if key != "HOOK_URL"}
    for opened in (
        browser.get("/oci/acme", params=call()),
        browser.get(
            "/oci/acme", params={f"~{key.lower()}": value for key, value in call().items()}
        ),
        browser.post("/oci/acme", data=call()),
        browser.post("/oci/acme", params=two, data=rest),
        browser.post("/oci/acme", content=content, headers=media_type),
        browser.post("/oci/acme", content=urlencode(call()).encode()),
        browser.post("/peppol/punchout/acme", data=login()),
    ):
        assert opened.status_code == 303, opened.text
        assert opened.headers["referrer-policy"] == "no-referrer"
        assert opened.headers["cache-control"] == "no-store"
        path = enter(browser, opened)
        assert browser.get(path).status_code == 200
        assert "set-cookie" not in opened.headers


def test_looking_ahead_opens_nothing(house: House, browser: httpx.Client) -> None:
    before = len(recorded(house))
    assert browser.head("/oci/acme", params=call()).status_code == 204
    ahead = browser.get("/oci/acme", params=call(), headers={"Sec-Purpose": "prefetch;prerender"})
    assert (ahead.status_code, len(recorded(house))) == (204, before)


@pytest.mark.parametrize("path", ["/oci/acme", "/peppol/punchout/acme"])
def test_a_person_without_a_login_is_told_where_to_begin(
    house: House, browser: httpx.Client, path: str
) -> None:
    before = len(recorded(house))
    for answer in (browser.get(path), browser.post(path)):
        assert answer.status_code in {400, 405}
        assert "The shop opens from your purchasing system" in answer.text
    assert len(recorded(house)) == before


def test_a_peppol_login_never_comes_in_an_address(browser: httpx.Client) -> None:
    answer = browser.get("/peppol/punchout/acme", params=login())
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


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


def test_too_much_is_not_looked_at(house: House, browser: httpx.Client) -> None:
    before = len(recorded(house))
    limit = house.gateway.settings.limits.body
    body = urlencode(call()).encode() + b"&x=" + b"y" * limit

    environ = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    chunked = house.application.test_client().post(
        "/oci/acme", environ_overrides=environ, content_type=FORM["Content-Type"]
    )
    whole = browser.post("/oci/acme", content=body, headers=FORM)
    for status, text in ((whole.status_code, whole.text), (chunked.status_code, chunked.text)):
        assert status == 413
        assert "That was too much at once" in text
    assert len(recorded(house)) == before


def test_many_strange_parameters_are_refused_and_never_an_error(browser: httpx.Client) -> None:
    for body in (
        "&".join(f"x{n}=1" for n in range(5000)),
        urlencode(call()) + "&password=other",
        "%00=%ff&%zz&&&===&~~~~=~",
        "login=%C3%28&PASSWORD=%ff%fe&HOOK_URL=%00",
    ):
        answer = browser.post("/oci/acme", content=body.encode(), headers=FORM)
        assert 400 <= answer.status_code < 500, body[:40]


def test_an_address_that_knocks_without_pause_is_asked_to_wait(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    settings = house.workspace / "gateway.toml"
    text = settings.read_text("utf-8")
    assert "[limits]" not in text
    settings.write_text(f"{text}\n[limits]\nrequests_per_minute = 2\n", "utf-8")
    house.open_again()
    with house.client() as browser:
        seen = [browser.post("/oci/acme", data=call()).status_code for _ in range(3)]
        busy = browser.post("/oci/acme", data=call())
    house.gateway.close()
    assert seen == [303, 303, 429]
    assert busy.headers["retry-after"] == "10"
    assert "The shop is busy" in busy.text


def test_every_verdict_that_refuses_has_its_page() -> None:
    yes = {Verdict.ACCEPTED, Verdict.RECEIVED, Verdict.NO_CHANGE}
    signatures = {verdict for verdict in Verdict if verdict.name.startswith("SIGNATURE")}
    assert set(REFUSALS) == set(Verdict) - yes - signatures
    assert all(refusal.status >= 400 for refusal in (*REFUSALS.values(), TROUBLE))


def test_the_cart_goes_home_as_the_call_wants_it(browser: httpx.Client) -> None:
    fields = call(RETURNTARGET="basket", http_content_charset="UTF-8")
    page = shop(browser, browser.get("/oci/acme", params=fields))
    assert f'<form action="{HOOK.replace("&", "&amp;")}" method="post"' in page.text
    assert 'accept-charset="UTF-8" target="basket"' in page.text
    assert (
        "form-action 'self' https://buyer.example.com;" in page.headers["content-security-policy"]
    )
    pairs = hidden(page.text)
    assert pairs[:3] == [("session", "42"), ("from", "\ufffd"), ("empty", "")]
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


def test_leaving_without_a_cart_takes_no_item_home(browser: httpx.Client) -> None:
    path = enter(browser, browser.get("/oci/acme", params=call()))
    browser.post(f"{path}cart", data={"sku": "PA-10010", "quantity": "3"})
    left = browser.get(browser.post(f"{path}cancel").headers["location"])
    pairs = hidden(left.text)
    assert not [name for name, _ in pairs if name.startswith("NEW_ITEM")]
    assert ("~OkCode", "CANCEL") in pairs


def test_one_login_opens_many_sessions_each_with_a_cart_of_its_own(
    house: House, browser: httpx.Client
) -> None:
    paths = [enter(browser, browser.get("/oci/acme", params=call())) for _ in range(3)]
    assert len(set(paths)) == 3
    browser.post(f"{paths[0]}cart", data={"sku": "PA-10010", "quantity": "3"})
    browser.post(f"{paths[1]}cart", data={"sku": "PA-10020", "quantity": "5"})
    carts = [house.gateway.punchout.visits.find(path.split("/")[2]) for path in paths]
    assert [
        [(line.item.sku, int(line.quantity.value)) for line in session.cart.lines]
        for session in carts
        if session is not None
    ] == [[("PA-10010", 3)], [("PA-10020", 5)], []]
    browser.post(f"{paths[0]}transfer")
    states = [house.gateway.punchout.visits.find(path.split("/")[2]) for path in paths]
    assert [session.state for session in states if session] == [
        SessionState.RETURNED, SessionState.ACTIVE, SessionState.ACTIVE,
    ]  # fmt: skip


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


def test_sap_gui_takes_the_cart_by_its_own_scheme_where_the_partner_allows(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    house.extend("acme", "", "punchout:", "punchout:\n  allow_sapevent: yes")
    house.gateway.close()
    house.gateway = __import__("gateway.app", fromlist=["open_gateway"]).open_gateway(
        house.workspace
    )
    house.application = house.gateway.application()
    with house.client() as browser:
        page = shop(browser, browser.get("/oci/acme", params=call(HOOK_URL="SAPEVENT:POST")))
    house.gateway.close()
    assert '<form action="SAPEVENT:POST" method="post"' in page.text
    assert (
        "form-action 'self' https://buyer.example.com sapevent:;"
        in (page.headers["content-security-policy"])
    )
    assert hidden(page.text)[0][0].startswith("NEW_ITEM")


def test_what_stands_in_several_places_of_a_request_is_one_form(house: House) -> None:
    with house.application.test_request_context(
        "/oci/acme?a=%E5&b", method="POST", data=b"c=1&c=2", content_type=FORM["Content-Type"]
    ):
        assert login_of(flask.request, 1000) == b"a=%E5&b&c=1&c=2"


def test_a_multipart_form_is_read_byte_for_byte_and_files_are_left_out() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a b"\r\n\r\n\xe5&=\r\n'
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nsecret\r\n'
        b'--x\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n--x--\r\n'
    )
    found = urlencoded(body, "multipart/form-data; boundary=x")
    assert found == b"a+b=%E5%26%3D&empty="
    assert parse_qsl(found.decode(), keep_blank_values=True, encoding="latin-1") == [
        ("a b", "å&="), ("empty", ""),
    ]  # fmt: skip


MANY = b"".join(b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n\r\n' for _ in range(2000))


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (b"", ""),
        (b"--x\r\n", "; boundary=x"),
        (b"--x\r\nnonsense", "; boundary=y"),
        (b"\xff" * 99, "; boundary=\u00ff"),
        (MANY + b"--x--", "; boundary=x"),
    ],
    ids=["nothing", "no end", "another boundary", "no ASCII", "too many"],
)
def test_a_broken_multipart_form_has_no_fields(body: bytes, parameters: str) -> None:
    assert urlencoded(body, f"multipart/form-data{parameters}") == b""


def test_no_secret_is_shown_again(browser: httpx.Client) -> None:
    for fields in (call(), call(FUNCTION="VALIDATE", PRODUCTID="PA-10010"), call(HOOK_URL="x")):
        for answer in (
            browser.get("/oci/acme", params=fields),
            browser.post("/oci/acme", data=fields),
        ):
            assert SECRET not in answer.text
            assert SECRET not in str(answer.headers)


def test_a_token_that_is_used_guessed_or_taken_for_another_opens_nothing_and_leaves_a_line(
    house: House, browser: httpx.Client
) -> None:
    one = browser.get("/oci/acme", params=call()).headers["location"]
    other = browser.get("/oci/other", params=call("other")).headers["location"]
    path = enter(browser, browser.get("/oci/acme", params=call()))
    token = path.split("/")[2]
    assert browser.get(one).status_code == 303
    with capture_logs() as lines:
        refused = [
            (browser.get(one), 403, "This link has been used already"),
            (browser.get(f"/start/{token}"), 404, "This address leads nowhere"),
            (browser.get(f"/s/{other.rpartition('/')[2]}/"), 404, "This address leads nowhere"),
            (browser.get(f"/s/{token[:-1]}/"), 404, "This address leads nowhere"),
            (browser.post(f"/s/{'x' * 43}/transfer"), 404, "This address leads nowhere"),
        ]
    for page, status, words in refused:
        assert page.status_code == status
        assert words in page.text
        assert "frame-ancestors *" in page.headers["content-security-policy"]
    told = [(line["event"], line["kind"]) for line in lines]
    assert told == [("a page was refused", kind) for kind in ("used", *["unknown"] * 4)]
    assert not any(token[:20] in str(line) for line in lines)
    first = house.gateway.punchout.means.store.find_start(one.rpartition("/")[2])
    assert first is not None
    kinds = [event.kind for event in house.gateway.punchout.events(first.session.id)]
    assert kinds == ["opened", "started", "start-used"]
    assert browser.get(other).status_code == 303, "nothing of it used the other's link up"


OVERRIDE = """\
mappings:
  oci/items-write:
    groups:
      item:
        UNIT: {text: "line.item.sku == 'PA-10010' ? 'ABCDE' : 'PCE'", table: !remove }
"""


def test_one_product_that_cannot_be_written_does_not_cost_the_whole_list(tmp_path: Path) -> None:
    house = House(tmp_path / "workspace")
    house.extend("acme", OVERRIDE)
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


REMOTES = itertools.count(1)
PIECES = st.sampled_from(
    [
        *(f"{name}={value}".encode() for name, value in call().items()),
        *(f"~{name.lower()}={value}".encode() for name, value in call().items()),
        b"FUNCTION=VALIDATE", b"FUNCTION=DOWNLOADJSON", b"FUNCTION=%00", b"PRODUCTID=PA-10010",
        b"QUANTITY=-1", b"QUANTITY=1e999", b"QUANTITY=NaN", b"PAGESIZE=99999999999999999999",
        b"REQUESTEDPAGE=-1", b"HOOK_URL=//evil", b"returntarget=%22%3E", b"language=%ff",
        b"http_content_charset=utf-7", b"OCI_VERSION=9", b"xmltype=1", b"%", b"=", b"&&",
        b"\xff=\xfe",
    ]
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.lists(PIECES | st.binary(max_size=30), max_size=12).map(b"&".join))
def test_no_bytes_make_the_door_fail(house: House, content: bytes) -> None:
    for path in ("/oci/acme", "/peppol/punchout/acme"):
        # Whoever guesses from one address is told to wait, which is no failure but stops the look.
        elsewhere = {"REMOTE_ADDR": f"2001:db8::{next(REMOTES):x}"}
        answer = house.application.test_client().post(
            path, data=content, content_type=FORM["Content-Type"], environ_overrides=elsewhere
        )
        assert answer.status_code < 500, (path, content)
        answer.close()


def test_twenty_people_log_in_at_once_on_either_database(tmp_path: Path, database_url: str) -> None:
    def adjust(workspace: Path) -> None:
        file = workspace / "gateway.toml"
        table = f'\n[database]\nurl = "{database_url}"\n'
        file.write_text(f"{file.read_text('utf-8')}{table}", "utf-8")

    def walk(number: int) -> list[tuple[str, str]]:
        with house.client(f"192.0.2.{number}") as browser:
            door = ("/oci/acme", call()) if number % 2 else ("/peppol/punchout/acme", login())
            page = shop(browser, browser.post(door[0], data=door[1]))
            return hidden(page.text)

    house = House(tmp_path / "workspace", adjust=adjust)
    with ThreadPoolExecutor(8) as pool:
        homes = list(pool.map(walk, range(1, 21)))
    with house.gateway.database.read() as connection:
        states = connection.execute(sa.select(sessions.c.syntax, sessions.c.state)).all()
    house.gateway.close()
    assert sorted(map(tuple, states)) == [("oci", "returned")] * 10 + [("ubl", "returned")] * 10
    names = [dict(fields) for fields in homes]
    assert sum("NEW_ITEM-QUANTITY[1]" in fields for fields in names) == 10
    assert sum("catalogue" in fields for fields in names) == 10
