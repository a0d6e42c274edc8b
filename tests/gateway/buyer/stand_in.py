"""Stand in for a gateway and its shop, in memory, answering with the real codec and mappings.

Right by default; each knob makes it wrong in one way that the virtual buyer must find.
"""

import base64
from decimal import Decimal

import httpx

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.order import Item
from canonical.price import Price, total_of
from canonical.product import Classification
from canonical.punchout import Cart, CartLine, PunchoutSetup, PunchoutStart
from canonical.wire import Credential, CredentialRole, Dialect, Envelope, Verdict
from gateway.ambient import Ambient
from gateway.buyer.account import Account
from gateway.buyer.documents import Person
from gateway.buyer.exchange import Post, Tools
from gateway.buyer.journey import Journey
from gateway.partners.library import shipped_library
from gateway.settings.model import Identity
from protocols.cxml.codec import CxmlCodec
from tests.gateway.buyer.moments import NOON
from tests.gateway.buyer.small_shop import SmallShop, page

CODEC = CxmlCodec()
LIBRARY = shipped_library()
BUYER = Identity(domain="DUNS", identity="111")
SUPPLIER = Identity(domain="DUNS", identity="222")
RETURN_URL = "https://buyer.example.com/return?id=1"
KINDS = {PunchoutStart: "PunchOutSetupResponse", Cart: "PunchOutOrderMessage"}


class StandIn(SmallShop):
    """Answer documents and pages; what was sent is kept in `heard`."""

    def __init__(self, *, changeable: bool = False, **wrong: object) -> None:
        super().__init__(changeable=changeable)
        self.wrong = wrong
        self.heard: dict[str, bytes] = {}
        self.replies: dict[str, bytes] = {}
        self.setup: PunchoutSetup | None = None
        self.ids = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cxml":
            return self.cxml(request)
        if request.method == "POST" and request.url.path in {"/s/t/transfer", "/s/t/cancel"}:
            return self.homecoming(cancelled=request.url.path.endswith("cancel"))
        if self.wrong.keys() & {"login_status", "lost_behind"}:
            return self.shut(request.url.path)
        if self.wrong.get("shop_down"):
            return httpx.Response(503, text="gone", headers={"content-type": "text/plain"})
        return super().answer(request)

    def shut(self, path: str) -> httpx.Response:
        """Refuse a login, or let it in to where nothing is."""
        if "login_status" in self.wrong:
            status = int(str(self.wrong["login_status"]))
            return page('<p role="alert">The login is not known here.</p>', "No", status)
        if path.startswith("/oci/"):
            return httpx.Response(303, headers={"location": "/s/t/elsewhere"})
        return page("<p>gone</p>", "Gone", 410)

    def cxml(self, request: httpx.Request) -> httpx.Response:
        (message,) = CODEC.read(request.content, request.headers["content-type"]).messages
        payload_id = message.envelope.message_id
        known = payload_id in self.heard
        if known and self.heard[payload_id] != request.content and not self.wrong.get("careless"):
            return self.said(Verdict.CONFLICT)
        if known and not self.wrong.get("forgetful"):
            return self.sent(self.replies[payload_id])
        self.heard[payload_id] = request.content
        reader = LIBRARY.reader("cxml", message.name)
        assert reader is not None, message.name
        document = reader.read(message).document
        if isinstance(document, PunchoutSetup) and not self.wrong.get("no_start_page"):
            self.setup = document
            brought = () if self.wrong.get("forgets_carts") else document.lines
            self.cart = [(line.item.sku, str(line.quantity.value)) for line in brought]
            response = self.sent(self.written(PunchoutStart(url="https://shop.example.com/start")))
        else:
            response = self.said(Verdict.ACCEPTED)
        self.replies[payload_id] = response.content
        return response

    def said(self, verdict: Verdict) -> httpx.Response:
        return self.sent(CODEC.acknowledgement(verdict, self.envelope(), Dialect()).content)

    def sent(self, content: bytes) -> httpx.Response:
        status = int(str(self.wrong.get("http_status", 200)))
        media_type = str(self.wrong.get("media_type", "text/xml; charset=UTF-8"))
        return httpx.Response(status, content=content, headers={"content-type": media_type})

    def written(self, document: Document) -> bytes:
        writer = LIBRARY.writer("cxml", type(document).__name__, KINDS[type(document)])
        assert writer is not None
        markup = writer.write(document).markup
        assert markup is not None
        return CODEC.write(markup, self.envelope(), Dialect()).content

    def envelope(self) -> Envelope:
        self.ids += 1
        return Envelope(
            message_id=f"{self.ids}@shop.example.com",
            sent_at=NOON,
            credentials=(
                Credential(role=CredentialRole.FROM, domain="DUNS", identity="222"),
                Credential(role=CredentialRole.TO, domain="DUNS", identity="111"),
                Credential(role=CredentialRole.SENDER, domain="DUNS", identity="222"),
            ),
            user_agent="stand-in",
        )

    def homecoming(self, *, cancelled: bool) -> httpx.Response:
        assert self.setup is not None
        lines = tuple(self.line(at, *entry) for at, entry in enumerate(self.cart))
        if self.setup.lines and self.wrong.get("loses_lines"):
            lines = lines[1:]
        lines = () if cancelled else lines
        total = Money(amount=total_of(lines), currency="SEK")
        cart = Cart(
            cart_id="c1",
            currency="SEK",
            lines=lines,
            buyer_cookie=self.setup.buyer_cookie,
            total=total,
            cancelled=cancelled,
        )
        value = base64.b64encode(self.written(cart)).decode()
        action = self.wrong.get("action", RETURN_URL)
        return page(
            f'<form method="post" action="{action}"><input type="hidden" name="cXML-base64"'
            f' value="{value}"><button>Continue</button></form>'
        )

    def line(self, at: int, sku: str, quantity: str) -> CartLine:
        prefix = "new" if self.wrong.get("renames") and self.setup and self.setup.lines else "aux"
        return CartLine(
            line_id=str(at),
            item=Item(sku=sku, auxiliary_id=f"{prefix}-{at}"),
            quantity=Quantity(value=Decimal(quantity), unit="EA"),
            description=f"product {sku}",
            price=Price(amount=Decimal("10.00"), currency="SEK"),
            classifications=(Classification(scheme="UNSPSC", code="44121700"),),
        )


def make_journey(shop: StandIn) -> Journey:
    """Return a journey at the stand-in."""
    account = Account(
        partner="stand-in",
        url="https://shop.example.com/cxml",
        buyer=BUYER,
        supplier=SUPPLIER,
        secret="s3cret",
    )
    client = shop.client()
    ambient = Ambient(now=lambda: NOON)
    post = Post(account, Tools({"cxml": CODEC}, LIBRARY), client, ambient)
    return Journey(post, client, Person(), RETURN_URL, ambient)
