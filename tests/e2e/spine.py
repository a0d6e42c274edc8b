"""Run the real application of a demo workspace in the test's own process.

Every part is the product's: workspace, settings, partners, core, database, routes. Only the jobs
run when the test says so, and HTTP goes to the application without a socket.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner, Result

from canonical.document import Document
from canonical.order import Order
from gateway.ambient import Ambient
from gateway.app import Gateway, open_gateway, prepare
from gateway.buyer.documents import make_order
from gateway.buyer.enrolment import Enrolment, enrol
from gateway.buyer.exchange import Post
from gateway.buyer.journey import Journey
from gateway.buyer.offices import person_of
from gateway.cli.commands import main
from gateway.cli.demo_workspace import make_workspace
from gateway.pipeline.working import jobs_of
from gateway.plugins import faces
from tests.gateway.web.house import standing_still
from tests.inline_engine import InlineEngine

PARTNER = "acme"
BLOCKED = "shut"
CUSTOMER = "10001"
SECRET = "h4rd-to-guess-indeed"
BOUGHT = ("PA-10010", "PA-10020")
IDENTITIES = {PARTNER: "DUNS:777000111", BLOCKED: "DUNS:777000222"}

Shown = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """Hold an HTTP answer and the cXML status inside it."""

    http: int
    media_type: str
    body: bytes
    headers: httpx.Headers

    @property
    def code(self) -> int:
        found = re.search(rb'<Status code="(\d{3})"', self.body)
        assert found is not None, self.body
        return int(found[1])

    @property
    def text(self) -> str:
        """Return what the status says to a person."""
        found = re.search(r"<Status [^>]*>(.*)</Status>", self.body.decode(), re.DOTALL)
        return html.unescape(found[1]) if found else ""

    @property
    def shape(self) -> bytes:
        """Return the body without what differs between any two answers: its ids and times."""
        return re.sub(rb'(payloadID|timestamp)="[^"]*"', rb'\1=""', self.body)


class Spine:
    """Hold a running product and short ways to talk to it from outside."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self.gateway = gateway
        self.folder = folder
        self.engine = InlineEngine()
        vars(gateway)["engine"] = self.engine
        self.engine.handlers = jobs_of(gateway.workshop)
        self.application = gateway.application()
        self.person = person_of(gateway.core.customer(CUSTOMER))

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let no time pass inside for whoever answers, however slow the machine is."""
        moving, self.application = self.application, standing_still(self.gateway)
        yield
        self.application = moving

    def client(self, remote: str = "192.0.2.1") -> httpx.Client:
        transport = httpx.WSGITransport(self.application, remote_addr=remote)
        return httpx.Client(transport=transport, base_url=self.gateway.settings.base_url)

    def post(
        self, content: bytes, media_type: str = "text/xml", remote: str = "192.0.2.1"
    ) -> Reply:
        with self.client(remote) as client:
            answer = client.post("/cxml", content=content, headers={"Content-Type": media_type})
        kind = answer.headers.get("content-type", "")
        return Reply(answer.status_code, kind, answer.content, answer.headers)

    def enrolment(self, partner: str = PARTNER) -> Enrolment:
        return enrol(self.folder, partner, faces)

    def bytes_of(
        self, document: Document, message_id: str | None = None, partner: str = PARTNER
    ) -> bytes:
        """Return the cXML that the partner's system writes."""
        enrolment = self.enrolment(partner)
        with self.client() as client:
            post = Post(enrolment.account, enrolment.tools, client, Ambient())
            return post.write(document, message_id)[1].content

    def journey(self, client: httpx.Client, partner: str = PARTNER) -> Journey:
        enrolment = self.enrolment(partner)
        post = Post(enrolment.account, enrolment.tools, client, Ambient())
        return Journey(post, client, self.person, enrolment.return_url, Ambient())

    def shopped(self, partner: str = PARTNER, *skus: str) -> Journey:
        """Return a journey that brought a cart home."""
        with self.client() as client:
            journey = self.journey(client, partner)
            journey.punchout()
            for sku in skus or BOUGHT:
                added = journey.add(sku, Decimal(10))
                assert added.done, added.findings
            assert journey.transfer().done
        return journey

    def work(self) -> None:
        """Let the worker do everything that waits."""
        self.engine.drain()

    def messages(self, *words: str) -> list[dict[str, Any]]:
        """Return what `gateway messages list` shows, newest first."""
        listed: list[dict[str, Any]] = json.loads(
            self.cli("messages", "list", "--json", "--limit", "1000", *words).output
        )
        return listed

    def shown(self, message_id: str) -> Shown:
        """Return what `gateway messages show` says about a message, its bytes included."""
        shown: Shown = json.loads(
            self.cli("messages", "show", message_id, "--payload", "--json").output
        )
        return shown

    def receive(
        self, content: bytes, media_type: str = "text/xml", remote: str = "192.0.2.1"
    ) -> tuple[Reply, Shown]:
        """Post bytes, and return the answer with the one message that was kept of them."""
        newest = ("--limit", "10")
        known = {one["id"] for one in self.messages(*newest)}
        reply = self.post(content, media_type, remote)
        (new,) = [
            one
            for one in self.messages(*newest)
            if one["id"] not in known and one["direction"] == "in"
        ]
        return reply, self.shown(new["id"])

    def cli(self, *words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [*words, "--workspace", str(self.folder)])
        assert result.exit_code == code, result.output
        return result


def open_spine(folder: Path, adjust: Callable[[Path], None] = lambda _folder: None) -> Spine:
    """Return the product on a new demo workspace with two more partners, one of them blocked."""
    workspace = make_workspace(folder)
    for partner, identity in IDENTITIES.items():
        words = ["partner", "new", partner, "--customer", CUSTOMER, "--identity", identity]
        words += ["--secret-stdin", "--return-host", "buyer.example.com"]
        made = CliRunner().invoke(main, [*words, "--workspace", str(workspace)], input=SECRET)
        assert made.exit_code == 0, made.output
    shut = workspace / "partners" / BLOCKED / "partner.yaml"
    shut.write_text(shut.read_text("utf-8").replace("state: live", "state: blocked"), "utf-8")
    adjust(workspace)
    prepare(workspace)
    return Spine(open_gateway(workspace), workspace)


def order_of(journey: Journey, order_id: str) -> Order:
    """Return the order of what the journey brought home."""
    assert journey.cart is not None
    return make_order(journey.cart, journey.person, order_id, Ambient().now())
