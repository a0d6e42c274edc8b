"""A procurement system's login opens the shop, one session for each call."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from canonical.punchout import SessionState
from gateway.store.sessions import sessions
from tests.gateway.web.faces.visiting import enter, recorded, shop
from tests.gateway.web.house import House, call, hidden, login


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


def test_tokens_swapped_between_tabs_and_partners_move_each_its_own_cart(
    house: House, browser: httpx.Client
) -> None:
    mine, tab = (enter(browser, browser.get("/oci/acme", params=call())) for _ in range(2))
    theirs = enter(browser, browser.get("/oci/other", params=call("other")))
    browser.post(f"{mine}cart", data={"sku": "PA-10010", "quantity": "3"})
    browser.post(f"{theirs}cart", data={"sku": "PA-10010", "quantity": "7"})
    browser.post(f"{mine}transfer")
    sessions = {
        path: house.gateway.punchout.visits.find(path.split("/")[2]) for path in (tab, theirs)
    }
    for path, lines in ((tab, 0), (theirs, 1)):
        session = sessions[path]
        assert session is not None
        assert (session.state, len(session.cart.lines)) == (SessionState.ACTIVE, lines)
    gone = browser.post(f"{mine}cart", data={"sku": "PA-10010", "quantity": "1"})
    assert gone.status_code != 303, "the tab that was left open changes nothing any more"
    home = browser.post(f"{theirs}transfer")
    assert '"7"' in browser.get(home.headers["location"]).text
    assert '"3"' in browser.get(f"{mine}transfer").text, "each has its own, again and again"


@pytest.mark.parametrize("face", ["oci", "peppol"])
def test_one_partners_login_opens_nothing_at_anothers_address(
    house: House, browser: httpx.Client, face: str
) -> None:
    if face == "oci":
        swapped = browser.get("/oci/other", params=call())
    else:
        swapped = browser.post("/peppol/punchout/other", data=login())
    assert swapped.status_code == 403
    assert "location" not in swapped.headers
    assert recorded(house)[-1] != "accepted"


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
