"""Build a small supplier for punchout tests: real core, catalogue, store; two buyers; a fake exit.

Only what leaves the house is played: `Outbox` stands where the pipeline would map and record.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.faults import Fault
from canonical.order import Item, Order
from canonical.party import Contact
from canonical.price import Price
from canonical.punchout import Cart, CartLine, Operation, PunchoutSession, PunchoutSetup
from canonical.stored import dump
from canonical.wire import Envelope, Payload
from gateway import plugins
from gateway.ambient import Ambient
from gateway.catalogue import Catalogue, sync
from gateway.connectors.embedded import EmbeddedCore, load_folder
from gateway.partners.directory import Partners
from gateway.partners.model import Partner
from gateway.pipeline.contract import AlsoRecorded, Outcome, Received, Sent
from gateway.pipeline.emitting import Outgoing
from gateway.punchout.means import Means
from gateway.punchout.service import PunchoutService
from gateway.store.database import Database
from gateway.store.messages import StoredMessage, record_message
from gateway.store.references import record_references, references_in
from gateway.store.sessions import SessionStore

ASSETS = Path(__file__).parents[2] / "assets" / "shop"
BASE_URL = "http://gateway.example"
RETURN_URL = "https://buyer.example/return?requisition=7"
COOKIE = "<session>ü &amp; 1</session>"
SECRET = "a secret that shop and gateway share"
FACES = plugins.faces()


@dataclass
class Clock:
    """Tell the time that a test decides."""

    now: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        """Let time pass."""
        self.now += timedelta(**parts)


@dataclass
class Outbox:
    """Take documents as the pipeline would; `refuse` makes it find fault with them."""

    database: Database
    sent: list[tuple[Partner, Document, Sequence[tuple[str, str]]]] = field(default_factory=list)
    refuse: tuple[Fault, ...] = ()
    tests: list[bool] = field(default_factory=list)

    def __call__(self, outgoing: Outgoing, also: AlsoRecorded) -> Sent:
        partner, document, references = outgoing.partner, outgoing.document, outgoing.references
        assert isinstance(document, Cart)
        self.tests.append(outgoing.test)
        plain = partner.dialect_of(outgoing.syntax)
        assert outgoing.dialect == FACES[outgoing.syntax].adapted(plain, {})
        message_id = f"out-{len(self.sent)}"
        if self.refuse:
            return Sent(payload=None, message_id=message_id, faults=self.refuse)
        sent = Sent(payload=Payload(cart_text(document), "text/xml"), message_id=message_id)
        self.database.write(lambda connection: also(connection, sent))
        self.sent.append((partner, document, references))
        return sent

    @property
    def carts(self) -> list[Cart]:
        """Return the carts that went out."""
        return [document for _, document, _ in self.sent if isinstance(document, Cart)]


def cart_text(cart: Cart) -> bytes:
    """Return the bytes that this fake exit makes of a cart."""
    return json.dumps(
        {
            "status": 204 if cart.cancelled else 200,
            "cookie": cart.buyer_cookie,
            "lines": [
                [line.item.sku, line.item.auxiliary_id, str(line.quantity.value)]
                for line in cart.lines
            ],
            "total": None if cart.total is None else str(cart.total.amount),
        }
    ).encode()


def make_partner(partner_id: str = "norr", **changes: object) -> Partner:
    """Return a partner: `norr` buys on a contract, `verkstad` from the list."""
    return Partner.model_validate(
        {
            "id": partner_id,
            "name": {"norr": "Region Norr", "verkstad": "Verkstad AB"}.get(partner_id, partner_id),
            "customer": {"norr": "1001", "verkstad": "2002"}.get(partner_id, "1001"),
            "state": "live",
            "identities": ({"domain": "DUNS", "identity": partner_id},),
            "supplier": ({"domain": "DUNS", "identity": "999"},),
            **changes,
        }
    )


@dataclass
class World:
    """Hold one gateway without its pipeline."""

    database: Database
    clock: Clock
    core: EmbeddedCore
    catalogue: Catalogue
    outbox: Outbox
    service: PunchoutService
    partners: dict[str, Partner]
    messages: int = 0

    def open(self, setup: PunchoutSetup | None = None, partner: str = "norr") -> Outcome:
        """Send a setup as a message of its own, and record it as the pipeline would."""
        outcome = self.service.open(self.received(setup, partner))
        if outcome.insert is not None:
            self.database.write(outcome.insert)
        return outcome

    def received(self, setup: PunchoutSetup | None = None, partner: str = "norr") -> Received:
        """Return a setup as the pipeline hands it over."""
        self.messages += 1
        return Received(
            message_id=f"in-{self.messages}",
            partner=self.partners[partner],
            document=setup or make_setup(),
            envelope=Envelope(message_id=f"payload-{self.messages}"),
        )

    def enter(self, setup: PunchoutSetup | None = None, partner: str = "norr") -> str:
        """Open a session, use its start link, and return the path token."""
        outcome = self.open(setup, partner)
        started = self.service.visits.start(start_token(outcome))
        assert not isinstance(started, str), started
        return started.token

    def session_id(self, token: str) -> str:
        """Return the id behind a path token."""
        session = self.service.visits.find(token)
        assert session is not None
        return session.id

    def add(self, token: str, sku: str, quantity: str) -> Fault | None:
        """Put something into the cart of a session."""
        return self.service.shopping.add(self.session_id(token), sku, quantity)

    def cart(self, token: str) -> Cart:
        """Return a session's cart."""
        session = self.service.visits.find(token)
        assert session is not None
        return session.cart

    def ordered(
        self, order: Order, partner: str = "norr", *, state: str = "delivered", test: bool = False
    ) -> str:
        """Put an order of a partner on record, and return the message's id."""
        now = self.clock()
        row = StoredMessage(
            id=sha256(f"{partner} {order.order_id} {now}".encode()).hexdigest()[:32],
            interchange="i",
            direction="in",
            syntax="cxml",
            state=state,
            created_at=now,
            updated_at=now,
            partner=partner,
            kind="order",
            document=dump(order),
            test=test,
        )

        def work(connection: sa.Connection) -> None:
            record_message(connection, row)
            record_references(connection, row.id, references_in(order))

        self.database.write(work)
        return row.id

    def quantities(self, token: str) -> dict[str | None, str]:
        """Return how much of each article a session's cart holds, as people write it."""
        return {
            line.item.sku: f"{line.quantity.value.normalize():f}" for line in self.cart(token).lines
        }


def make_world(database: Database, *partners: Partner, base_url: str = BASE_URL) -> World:
    """Return a world on `database` with these partners, or with the usual two."""
    clock = Clock()
    core = EmbeddedCore(database, clock)
    load_folder(database, ASSETS / "core")
    catalogue = Catalogue(database)
    sync(core, catalogue)
    several = list(partners) or [make_partner("norr"), make_partner("verkstad")]
    outbox = Outbox(database)
    means = Means(
        store=SessionStore(database),
        core=core,
        products=catalogue,
        partners=Partners(several, {}),
        emit=outbox,
        ambient=Ambient(now=clock),
        reveal=lambda reference: SECRET if reference == "env:SHOP_SECRET" else "",
        base_url=base_url,
        faces=FACES,
    )
    by_id = {partner.id: partner for partner in several}
    return World(database, clock, core, catalogue, outbox, PunchoutService(means), by_id)


def make_setup(operation: Operation = Operation.CREATE, **changes: object) -> PunchoutSetup:
    """Return a setup as a buyer sends it."""
    values: dict[str, object] = {
        "buyer_cookie": COOKIE,
        "return_url": RETURN_URL,
        "contacts": (Contact(name="Ada Berg", email="ada@norr.example"),),
        **changes,
    }
    return PunchoutSetup(operation=operation, **values)  # type: ignore[arg-type]  # as the test says


def make_line(
    sku: str | None, auxiliary_id: str | None = None, quantity: str = "100", price: str = "158.50"
) -> CartLine:
    """Return a line as a buyer sends it back."""
    return CartLine(
        line_id="1",
        item=Item(sku=sku, auxiliary_id=auxiliary_id),
        quantity=Quantity(value=Decimal(quantity), unit="C62"),
        description="as the buyer kept it",
        price=Price(amount=Decimal(price), currency="SEK", base_quantity=Decimal(100)),
    )


def start_token(outcome: Outcome) -> str:
    """Return the one-time token in the reply to a setup."""
    assert isinstance(outcome.reply, PunchoutSession), outcome
    assert outcome.reply.start_url is not None
    return outcome.reply.start_url.rpartition("/")[2]


def sek(amount: str) -> Money:
    """Return an amount in the tests' currency."""
    return Money(amount=Decimal(amount), currency="SEK")
