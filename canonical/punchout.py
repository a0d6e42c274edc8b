"""Hold what a punchout says: the setup, the session between two messages, and the cart."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from canonical.amounts import Money, Quantity
from canonical.document import Document
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import Item, ItemType, PriceLevel
from canonical.party import Address, Contact, Party
from canonical.price import Price
from canonical.product import Classification, TaxCategory


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


class QuoteStatus(StrEnum):
    """Say whether a cart's prices stand, or the supplier still has to confirm them."""

    FINAL = "final"
    PENDING = "pending"


class RouteNode(Document):
    """Hold one site on the way of a setup that came through others (cXML Path/Node).

    `kind` says what the site wants: `route` to get the answer on its way back, `copy` to be told.
    """

    kind: str
    identifiers: tuple[Identifier, ...]
    wants_details: bool = False


class Route(Document):
    """Hold how a setup came here through a chain of sites, and the id that it began with."""

    original_id: str
    nodes: tuple[RouteNode, ...] = ()


class Shopper(Document):
    """Hold the person who shops, as the buyer's system names them; all of it is their word.

    `user_id` is the system's own name of the person; `department` and `cost_centre` are where they
    work, if told.
    """

    user_id: str | None = None
    email: str | None = None
    name: str | None = None
    department: str | None = None
    cost_centre: str | None = None


class CartLine(Document):
    """Hold one line of a cart; `item.auxiliary_id` names it for ever.

    `agreement` and `agreement_line` are the buyer's contract and its line; `parent_line` is the
    line of this cart that this one belongs to.
    """

    line_id: str
    item: Item
    quantity: Quantity
    description: str | None = None
    name: str | None = None
    price: Price | None = None
    classifications: tuple[Classification, ...] = ()
    lead_time_days: int | None = None
    delivery: date | None = None
    tax: TaxCategory | None = None
    agreement: str | None = None
    agreement_line: str | None = None
    parent_line: str | None = None
    service: bool = False
    image: str | None = None
    """Address of a picture, absolute in what leaves."""
    attachments: tuple[Attachment, ...] = ()
    properties: tuple[Property, ...] = ()
    item_type: ItemType | None = None
    supplier: Identifier | None = None
    """Who sells it, where that is not the supplier of the whole cart."""
    suppliers: tuple[Party, ...] = ()
    """Whom the buyer may choose from; one that names them names none of them."""
    price_level: PriceLevel | None = None
    """Where the price of this whole of parts stands, if the line says so."""


class PunchoutSetup(Document):
    """Ask to open a shop for a buyer (cXML PunchOutSetupRequest, a call of an OCI catalogue).

    `buyer_cookie` is the buyer's own mark, markup included, returned as it came and never used as
    a key. `return_url` is where the buyer's browser posts the cart to, in the frame
    `return_target` if one is named. `search` is what the shopper came to look for.
    """

    operation: Operation
    buyer_cookie: str = ""
    return_url: str | None = None
    return_target: str | None = None
    shopper: Shopper | None = None
    language: str | None = None
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None
    selected: Item | None = None
    search: str = ""
    lines: tuple[CartLine, ...] = ()
    properties: tuple[Property, ...] = ()
    test: bool = False
    route: Route | None = None
    """The chain of sites that it came through; it goes home with the cart as it came."""


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
    issued_at: datetime | None = None
    valid_until: date | None = None
    """Day until which its prices hold."""
    quote_status: QuoteStatus = QuoteStatus.FINAL
    route: Route | None = None


class QueryKind(StrEnum):
    """Say what a buyer's system asks between shopping trips (the functions of OCI)."""

    VALIDATE = "validate"
    """One product again, as it is sold today."""
    SOURCE = "source"
    """Products that a search finds, for a person to choose from: the shop opens with them."""
    SEARCH = "search"
    """Products that a search finds, for the system's own result list."""
    CHECK_QUANTITY = "check-quantity"
    """One product in the quantity that can be delivered."""


class ItemQuery(Document):
    """Ask for products and prices without a shopping trip (OCI VALIDATE, BACKGROUND_SEARCH ...).

    `sku` may be one that we gave as `auxiliary_id`. `page` counts from 1.
    """

    kind: QueryKind
    sku: str | None = None
    quantity: Decimal | None = None
    text: str = ""
    vendor: str | None = None
    page: int = 1
    page_size: int | None = None
    return_url: str | None = None
    return_target: str | None = None
    language: str | None = None
    properties: tuple[Property, ...] = ()


class ItemList(Document):
    """Answer an `ItemQuery`: one page of `total` products at the buyer's prices.

    Lines are those of a cart that nobody has filled yet; no line means that nothing is sold.
    """

    kind: QueryKind
    currency: str
    lines: tuple[CartLine, ...]
    total: int
    page: int = 1
    page_size: int | None = None
    language: str = "en"


class CataloguePageQuery(Document):
    """Ask for one page of all that the buyer may buy (OCI 5 DOWNLOADJSON); `page` from 1.

    `transaction` and `context` are the buyer's own marks and go back as they came.
    """

    page: int = 1
    page_size: int | None = None
    transaction: str | None = None
    context: str | None = None
    language: str | None = None


class CataloguePage(Document):
    """Answer with one page of the buyer's catalogue; prices carry their breaks."""

    currency: str
    lines: tuple[CartLine, ...]
    total: int
    page: int
    page_size: int
    transaction: str | None = None
    context: str | None = None
    language: str = "en"

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // self.page_size))


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
