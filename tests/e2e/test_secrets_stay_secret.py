"""No secret is kept, logged or shown: canaries of every kind go through a real gateway, none stays.

A served gateway is used as buyers, strangers and a broken database use it. Then everything that it
left is searched: each cell of its database, each payload, its log, what the command line and the
pages say. One exception is meant: a stored answer to a setup keeps its one-time start link, since
the same request must get the same bytes again; that link is dead by then, used or too old.
"""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import zstandard
from click.testing import CliRunner

from gateway.ambient import Ambient
from gateway.app import open_gateway
from gateway.buyer.browser import without_cookies
from gateway.buyer.documents import make_order
from gateway.buyer.enrolment import enrol
from gateway.buyer.exchange import Post
from gateway.buyer.journey import Journey
from gateway.buyer.offices import person_of
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace
from gateway.plugins import faces
from tests.e2e.spine import BLOCKED, CUSTOMER, IDENTITIES, PARTNER
from tests.e2e.test_buyer import wait_until_ready
from tests.ports import free_port

pytestmark = pytest.mark.xdist_group("canaries")

SHARED = "canary-shared-5d81f0c2a7"
MISTYPED = "canary-mistyped-93b1e60d44"
DIGEST = "canarydigestKq7Zp1Xw=="
SHOP = "canary-external-shop-8a4c7be1f2-long-enough"
CARD = "4929canary0011223344"
HOOKED = "canary-in-an-address-c15a90be"
SEEN = "canary-seen-77c0a1"
"""No secret: a comment in an order, found everywhere, or else the search would prove nothing."""
ZSTD = b"\x28\xb5\x2f\xfd"
SECONDS = 240


@dataclass
class House:
    """Hold a served workspace, and what was seen from outside."""

    folder: Path
    url: str
    client: httpx.Client
    seen: dict[str, str] = field(default_factory=dict)

    def post(self, content: bytes, media_type: str = "text/xml") -> str:
        answer = self.client.post(
            f"{self.url}/cxml", content=content, headers={"Content-Type": media_type}
        )
        self.seen[f"answer {len(self.seen)}"] = answer.text
        return answer.text

    def look(self, path: str, **headers: str) -> httpx.Response:
        answer = self.client.get(urljoin(self.url, path), headers=headers)
        self.seen[f"GET {len(self.seen)}"] = answer.text
        return answer

    def cli(self, *words: str) -> str:
        result = CliRunner().invoke(main, [*words, "--workspace", str(self.folder)])
        self.seen[" ".join(words)] = result.output
        return result.output

    def journey(self) -> Journey:
        enrolment = enrol(self.folder, PARTNER, faces, url=self.url)
        gateway = open_gateway(self.folder)
        person = person_of(gateway.core.customer(CUSTOMER))
        gateway.close()
        post = Post(enrolment.account, enrolment.tools, self.client, Ambient())
        return Journey(post, self.client, person, enrolment.return_url, Ambient())


@contextmanager
def served(folder: Path) -> Iterator[House]:
    """Serve a demo workspace with two more partners; its log is in the workspace's `log`."""
    make_workspace(folder)
    for partner, identity in IDENTITIES.items():
        words = ["partner", "new", partner, "--customer", CUSTOMER, "--identity", identity]
        words += ["--secret-stdin", "--return-host", "buyer.example.com"]
        made = CliRunner().invoke(main, [*words, "--workspace", str(folder)], input=SHARED)
        assert made.exit_code == 0, made.output
    let_in_by_form(folder / "partners" / PARTNER / "partner.yaml")
    (folder / "secrets" / "shop").write_text(SHOP, "utf-8")
    external = folder / "partners" / BLOCKED / "partner.yaml"
    added = "punchout:\n  shop: external\n  external_url: http://127.0.0.1:9/enter\n"
    added += "  external_secret: file:secrets/shop\n"
    external.write_text(external.read_text("utf-8").replace("punchout:\n", added), "utf-8")
    url = f"http://127.0.0.1:{free_port()}"
    environment = {**os.environ, "GATEWAY_PORT": url.rpartition(":")[2], "GATEWAY_BASE_URL": url}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", "run", "--workspace", str(folder)],
            stdout=log, stderr=log, env=environment,
        ) as server,
        without_cookies() as client,
    ):  # fmt: skip
        try:
            wait_until_ready(url, server)
            yield House(folder, url, client)
        finally:
            server.terminate()
            server.wait(SECONDS)


def let_in_by_form(file: Path) -> None:
    """Let a partner log in by OCI, whose password it calls `kennung`, and by Peppol."""
    logins = "identities:\n  - {domain: OCI, identity: shopper}\n"
    logins += "  - {domain: PEPPOL, identity: shopper}\n"
    text = file.read_text("utf-8").replace("identities:\n", logins)
    file.write_text(f"{text}\noci: {{parameters: {{PASSWORD: kennung}}}}\nubl: {{}}\n", "utf-8")


def start_link(answer: str) -> str:
    found = re.search(r"<URL>([^<]*/start/[^<]*)</URL>", answer)
    assert found is not None, answer
    return found[1]


def another(content: bytes, message_id: str) -> bytes:
    """Return the same message under an id of its own."""
    return re.sub(rb'payloadID="[^"]*"', f'payloadID="{message_id}"'.encode(), content, count=1)


def secret_element(content: bytes, element: str) -> bytes:
    return re.sub(rb"<SharedSecret>.*?</SharedSecret>", element.encode(), content)


MAC = (
    '<CredentialMac type="FromSenderCredentials" algorithm="HMAC-SHA1-96" '
    'creationDate="2026-11-22T00:00:00+00:00" expirationDate="2099-11-22T00:00:00+00:00">'
    f"{DIGEST}</CredentialMac>"
)


def log_in_by_form(house: House, **changes: str) -> list[httpx.Response]:
    """Log in by OCI and Peppol in every way, with the right secret unless `changes` has another."""
    hook = {"HOOK_URL": "https://buyer.example.com/oci?of=7"}
    fields = {"USERNAME": "shopper", "kennung": SHARED, **hook, **changes}
    changes.pop("KENNUNG", None)  # for OCI only: nobody can know that this is a password
    address = changes.pop("HOOK_URL", hook["HOOK_URL"])
    login = {"username": "shopper", "password": SHARED, "returnurl": address, **changes}
    answers = [
        house.client.get(f"{house.url}/oci/{PARTNER}", params=fields),
        house.client.get(
            f"{house.url}/oci/{PARTNER}", params={**fields, "FUNCTION": "DOWNLOADJSON"}
        ),
        house.client.post(f"{house.url}/oci/{PARTNER}", data=fields),
        house.client.post(
            f"{house.url}/oci/{PARTNER}", files={k: (None, v) for k, v in fields.items()}
        ),
        house.client.post(f"{house.url}/peppol/punchout/{PARTNER}", data=login),
        house.client.post(f"{house.url}/peppol/punchout/{PARTNER}", params=login, data={"x": "1"}),
    ]
    for answer in answers:
        house.seen[f"form {len(house.seen)}"] = answer.text
    return answers


def use_forms(house: House) -> None:
    """Let canaries through the addresses that browsers log in at: right, wrong, broken, misled."""
    assert {answer.status_code for answer in log_in_by_form(house)} == {200, 303}
    for number, change in enumerate(
        (
            {"kennung": MISTYPED, "password": MISTYPED},
            {"KENNUNG": MISTYPED},
            {"KENNUNG": MISTYPED, "pwd": MISTYPED},
            {"HOOK_URL": f"https://shopper:{HOOKED}@buyer.example.com/", "FUNCTION": "nonsense"},
            {"HOOK_URL": f"https://shopper:{HOOKED}@buyer.example.com/"},
            {
                "HOOK_URL": f"https://{HOOKED}@buyer.example.com/",
                "FUNCTION": "VALIDATE",
                "PRODUCTID": "PA-10010",
            },
            {"HOOK_URL": f"https://buyer.example.com/?password={HOOKED}\\", "x-token": MISTYPED},
            {"USERNAME": "somebody", "username": "somebody"},
        )
    ):
        for answer in log_in_by_form(house, **change):
            assert answer.status_code < 500, (number, answer.text)
    for path in (f"/oci/nobody?password={MISTYPED}&kennung={MISTYPED}", f"/OCI/x?pw={MISTYPED}",
                 f"/oci/{PARTNER}/?kennung={MISTYPED}%ff%", f"/oci/?p={MISTYPED}",
                 f"/cxml?password={MISTYPED}", f"/oci/{'x' * 500}?{MISTYPED}"):  # fmt: skip
        house.look(path)
    with broken_database(house.folder, "punchout_session"):
        assert any(answer.status_code >= 500 for answer in log_in_by_form(house))


def use_everything(house: House) -> dict[str, str]:
    """Let canaries through every channel; return the tokens that were given out on the way."""
    journey = house.journey()
    asked, _ = journey.ask()
    setup = asked.sent.content
    links = {"used": start_link(asked.answer.content.decode())}
    entered = house.client.get(links["used"])
    session = entered.headers["location"]
    assert house.client.get(urljoin(house.url, session)).status_code == 200
    assert house.look(links["used"]).status_code >= 400

    journey.punchout()
    assert journey.pick(2).done
    shop = journey.visit
    assert shop is not None
    second = re.search(r"/s/[^/]+/", shop.shopper.page.url)
    assert second is not None
    assert journey.transfer().done
    assert journey.cart is not None

    order = make_order(journey.cart, journey.person, "PO-1", Ambient().now())
    document = journey.post.write(order, "order-1@buyer")[1].content
    document = document.replace(
        b"<Contact role",
        f'<Payment><PCard number="{CARD}" expiration="2030-01-01"/></Payment>'
        f"<Comments>{SEEN}</Comments><Contact role".encode(),
        1,
    )
    assert '<Status code="200"' in house.post(document)
    wrong = {
        "wrong-1@buyer": f"<SharedSecret>{MISTYPED}</SharedSecret>",
        "wrong-2@buyer": f"<SharedSecret><![CDATA[{MISTYPED}]]></SharedSecret>",
        "wrong-3@buyer": MAC,
    }
    for message_id, element in wrong.items():
        answer = house.post(secret_element(another(setup, message_id), element))
        assert '<Status code="401"' in answer
    for broken in (
        setup[: setup.index(b"</SharedSecret>")],
        setup.replace(b"</Request>", b"</Requests>"),
        setup.replace(b"<cXML ", b"<cXML & "),
        setup.decode().encode("utf-16"),
        b"--b\r\nContent-Type: text/xml\r\n\r\n%b\r\n" % setup,
    ):
        media_type = 'multipart/mixed; boundary="b"' if broken.startswith(b"--b") else "text/xml"
        house.post(broken, media_type)
    links["never opened"] = start_link(house.post(another(setup, "unopened@buyer")))

    external = another(setup, "external@buyer").replace(b"777000111", b"777000222")
    links["external"] = start_link(house.post(external))
    handed = house.client.get(links["external"])
    visit = re.search(r"punchout=([^&]+)", handed.headers["location"])
    assert visit is not None
    address = f"/api/v1/punchout/{visit[1]}"
    assert house.look(address, Authorization=f"Bearer {SHOP}").status_code == 200
    assert house.look(address, Authorization=f"Bearer {SHOP}2").status_code == 401
    use_forms(house)
    with broken_database(house.folder, "punchout_session"):
        failed = house.post(another(setup, "broken@buyer"))
        assert re.search(r'<Status code="5\d\d"', failed), failed
        assert house.look(second[0]).status_code == 500
    return {
        "session": session.strip("/").rpartition("/")[2],
        "second session": second[0].strip("/").rpartition("/")[2],
        **{f"link, {name}": link.rpartition("/")[2] for name, link in links.items()},
    }


@contextmanager
def broken_database(folder: Path, table: str) -> Iterator[None]:
    """Take a table away for a while: whoever needs it fails with an exception."""
    with closing(sqlite3.connect(folder / "data" / "gateway.sqlite", timeout=SECONDS)) as database:
        database.execute("PRAGMA legacy_alter_table = ON")
        database.execute(f"ALTER TABLE {table} RENAME TO gone")
        database.commit()
        yield
        database.execute(f"ALTER TABLE gone RENAME TO {table}")
        database.commit()


def look_everywhere(house: House) -> Mapping[str, str]:
    """Return everything that the gateway keeps or shows, by where it was found."""
    listed = house.cli("messages", "list", "--limit", "10000", "--json")
    for message_id in re.findall(r'"id": "(\w+)"', listed):
        house.cli("messages", "show", message_id, "--payload")
        house.cli("messages", "show", message_id, "--payload", "--json")
    house.cli("partner", "list", "--json")
    house.cli("check")
    for page in ("/metrics", "/health/ready", "/s/nobody/", "/start/nobody", "/nowhere", "/cxml"):
        house.look(page)
    return {**house.seen, **database_of(house.folder), **files_of(house.folder)}


def database_of(folder: Path) -> dict[str, str]:
    cells = {}
    with closing(sqlite3.connect(folder / "data" / "gateway.sqlite", timeout=SECONDS)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            for number, row in enumerate(database.execute(f'SELECT * FROM "{table}"')):
                cells[f"{table}[{number}]"] = "\n".join(text_of(cell) for cell in row)
    return cells


def text_of(cell: object) -> str:
    if not isinstance(cell, bytes):
        return str(cell)
    if cell.startswith(ZSTD):
        cell = zstandard.ZstdDecompressor().decompress(cell, max_output_size=1 << 24)
    return cell.decode("utf-8", "backslashreplace").replace("\0", "")


def files_of(folder: Path) -> dict[str, str]:
    """Return the log and the files of the data folder; the key in it opens secrets, and is none."""
    files = [folder / "log", *(path for path in (folder / "data").rglob("*") if path.is_file())]
    found = {}
    for path in files:
        with suppress(FileNotFoundError):  # the gateway runs on: it may have finished with a file
            found[path.name] = text_of(path.read_bytes())
    return found


@dataclass(frozen=True)
class Search:
    """Hold what was searched for, and everything that was left after the gateway was used."""

    house: House
    tokens: dict[str, str]
    everything: Mapping[str, str]

    def places_of(self, canary: str) -> list[str]:
        return [place for place, text in self.everything.items() if canary in text]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Use a gateway in every way, then collect all that it keeps and shows."""
    with served(tmp_path_factory.mktemp("canaries") / "workspace") as house:
        tokens = use_everything(house)
        yield Search(house, tokens, look_everywhere(house))


def test_the_search_finds_what_is_no_secret(search):
    places = search.places_of(SEEN)
    assert any(place.startswith("payload[") for place in places), places
    assert any(place.startswith("messages show") for place in places), places
    assert "punchout_session" in search.everything["log"], "the exceptions left no trace"


def test_no_shared_secret_digest_or_card_number_is_kept_logged_or_shown(search):
    for canary in (SHARED, MISTYPED, DIGEST, SHOP, CARD, HOOKED):
        assert search.places_of(canary) == []


def test_no_token_of_a_session_is_kept_logged_or_shown(search):
    for name in ("session", "second session"):
        assert search.places_of(search.tokens[name]) == []


def test_the_log_holds_nothing_of_what_was_sent(search):
    assert "log" not in search.places_of(SEEN)
    assert "log" not in search.places_of("karin.holm@")


def test_a_start_link_stays_only_in_the_answer_that_gave_it_and_opens_nothing_twice(search):
    links = {name: token for name, token in search.tokens.items() if name.startswith("link")}
    assert len(links) == 3
    for name, token in links.items():
        for place in search.places_of(token):
            assert place.startswith(("payload[", "messages show", "answer", "gateway.sqlite")), name
            assert "PunchOutSetupResponse" in search.everything[place] or "sqlite" in place, name
        if name != "link, never opened":
            again = search.house.client.get(f"{search.house.url}/start/{token}")
            assert again.status_code >= 400
            assert "location" not in again.headers
