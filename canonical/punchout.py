"""Hold what a punchout says: the setup, the session between two messages, and the cart."""

from datetime import datetime
from enum import StrEnum

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Identifier, Property
from canonical.order import Item
from canonical.party import Address, Contact
from canonical.price import Price
from canonical.product import Classification


class Operation(StrEnum):
    """Say what the buyer came for: a new cart, an earlier one to change, or to look at."""

    CREATE = "create"
    EDIT = "edit"
    INSPECT = "inspect"
    SOURCE = "source"


class SessionState(StrEnum):
    """Say how far a punchout session has come; `gateway.punchout.sessions` holds the moves."""

    PENDING = "pending"
    ACTIVE = "active"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class CartLine(Document):
    """Hold one line of a cart; `item.auxiliary_id` names it for ever."""

    line_id: str
    item: Item
    quantity: Quantity
    description: str | None = None
    name: str | None = None
    price: Price | None = None
    classifications: tuple[Classification, ...] = ()
    lead_time_days: int | None = None
    properties: tuple[Property, ...] = ()


class PunchoutSetup(Document):
    """Ask to open a shop for a buyer (cXML PunchOutSetupRequest).

    `buyer_cookie` is the buyer's own mark, markup included, returned as it came and never used as
    a key. `return_url` is where the buyer's browser posts the cart to.
    """

    operation: Operation
    buyer_cookie: str
    return_url: str | None = None
    language: str | None = None
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None
    selected: Item | None = None
    lines: tuple[CartLine, ...] = ()
    properties: tuple[Property, ...] = ()
    test: bool = False


class PunchoutSession(Document):
    """Hold one visit of one buyer, from setup to return.

    `start_url` is the one-time link that the buyer's browser opens first; it is known only while
    the answer to the setup is written and never stored.
    """

    session_id: str
    partner: str
    customer_id: str
    state: SessionState
    created_at: datetime
    expires_at: datetime
    setup: PunchoutSetup
    start_url: str | None = None


class Cart(Document):
    """Hold what a buyer takes home (cXML PunchOutOrderMessage).

    `cancelled` closes the session without touching the buyer's earlier cart; an edited cart
    without lines means that the buyer deletes them.
    """

    cart_id: str
    currency: str
    lines: tuple[CartLine, ...]
    buyer_cookie: str
    operation_allowed: Operation = Operation.EDIT
    language: str = "en"
    total: Money | None = None
    shipping: Money | None = None
    tax: Money | None = None
    cancelled: bool = False


class PunchoutStart(Document):
    """Hold what a buyer learns from the answer to its setup: where its browser begins."""

    url: str


class ProfileQuery(Document):
    """Ask what a gateway answers to (cXML ProfileRequest)."""


class Transaction(Document):
    """Name one kind of request that we answer, and where."""

    name: str
    url: str


class Profile(Document):
    """List what this gateway answers to (cXML ProfileResponse)."""

    effective_at: datetime
    transactions: tuple[Transaction, ...]


class StatusUpdate(Document):
    """Report how an earlier document fared (cXML StatusUpdateRequest)."""

    code: int
    text: str
    payload_id: str | None = None
    comment: str | None = None
    identifiers: tuple[Identifier, ...] = ()
