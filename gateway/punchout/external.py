"""Hand a session to the supplier's own shop and take the cart back.

The browser goes there by a link that we sign and that expires; the shop then talks to us directly,
with a secret that both know. Prices of the cart are the shop's answers: nothing is computed here.
See docs/how-to/external-shop.md.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
from msgspec.structs import replace

from canonical.amounts import MAX_DIGITS, Money, Quantity
from canonical.faults import Fault
from canonical.identifiers import Attachment, Identifier, Property
from canonical.order import Item, ItemType
from canonical.price import Price
from canonical.product import Classification, TaxCategory
from canonical.punchout import CartLine, QuoteStatus, SessionState
from gateway.partners.model import Partner
from gateway.punchout.baskets import MAX_LINES, empty_remarks, with_lines
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.restoring import new_line_id
from gateway.store.sessions import Change, Session, SessionEvent

LINK_MINUTES: Final = 5
"""How long the shop should take the link; the shop checks it."""
QUOTE_DAYS: Final = 30
"""Days that the prices of a confirmed quotation hold when the shop names no day."""
_UNKNOWN: Final = b"there is no such session and no such secret"


class ExternalPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a price as the shop sends it: a decimal in a string, for `base_quantity` units."""

    amount: Decimal
    base_quantity: Decimal = Decimal(1)


class ExternalTax(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the tax of a line: `category` of UNCL 5305 (`S`, `Z`, `E` ...) and its rate."""

    percent: Decimal
    category: str = "S"
    scheme: str = "VAT"


class ExternalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the address of a document about a line, and what people call it."""

    url: str
    name: str | None = None


class ExternalLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hold one line as the shop sends it."""

    sku: str
    quantity: Decimal
    unit: str
    name: str
    price: ExternalPrice
    description: str | None = None
    auxiliary_id: str | None = None
    manufacturer: str | None = None
    manufacturer_sku: str | None = None
    gtin: str | None = None
    lead_time_days: int | None = None
    classifications: tuple[Classification, ...] = ()
    tax: ExternalTax | None = None
    service: bool = False
    id: str | None = None
    """The shop's own name of this line in this cart, for `part_of` of others."""
    part_of: str | None = None
    item_type: ItemType | None = None
    supplier: Identifier | None = None
    """Who sells it, where that is not the supplier of the whole cart."""
    documents: tuple[ExternalFile, ...] = ()
    properties: tuple[Property, ...] = ()


class ExternalCart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the cart as the shop sends it, or its word that the buyer left without one."""

    lines: tuple[ExternalLine, ...] = ()
    currency: str | None = None
    cancelled: bool = False
    delete_lines: bool = False
    """Say that an empty cart is meant to delete what the buyer had before."""
    shipping: Decimal | None = None
    """What delivery costs, beside the lines."""
    pending: bool = False
    """Say that the prices still have to be confirmed: a quotation that is not final."""
    valid_until: date | None = None
    """Last day on which its prices hold: orders of it are judged by them."""


def external_token(means: Means, partner: Partner, session_id: str) -> str:
    """Return the path token of an external session: always the same, known only to us."""
    digest = hmac.digest(_secret(means, partner), f"transfer:{session_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def external_link(means: Means, partner: Partner, session: Session) -> str:
    """Return the link that opens the supplier's shop for a session, signed and expiring."""
    expires = int((means.ambient.now() + timedelta(minutes=LINK_MINUTES)).timestamp())
    signature = link_signature(_secret(means, partner), session.id, expires)
    query = urlencode({"punchout": session.id, "expires": expires, "signature": signature})
    parts = urlsplit(partner.punchout.external_url or "")
    whole = f"{parts.query}&{query}" if parts.query else query
    return urlunsplit(parts._replace(query=whole))


def link_signature(secret: bytes, session_id: str, expires: int) -> str:
    """Return the signature of a link: HMAC-SHA256 over `link:<session>:<expires>`, in hex."""
    return hmac.digest(secret, f"link:{session_id}:{expires}".encode(), "sha256").hex()


def authorised_session(means: Means, session_id: str, bearer: str) -> Session | None:
    """Return the session if `bearer` is the secret of its partner's shop, else None.

    An unknown session and a wrong secret give the same answer in the same time.
    """
    session = means.store.find(session_id)
    partner = None if session is None else means.partner(session.partner)
    known = partner is not None and partner.punchout.external_secret is not None
    secret = _secret(means, partner) if partner is not None and known else _UNKNOWN
    right = hmac.compare_digest(_fixed(bearer.encode()), _fixed(secret))
    usable = known and session is not None and session.external
    return session if right and usable else None


def read_cart(body: bytes) -> ExternalCart | Fault:
    """Return the cart that `body` (JSON) holds, or what is wrong with it."""
    try:
        cart = msgspec.json.decode(body, type=ExternalCart)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return fault("PUNCHOUT-050", str(error))
    return _contradiction(cart) or cart


def take_cart(means: Means, session: Session, sent: ExternalCart) -> Fault | None:
    """Put the shop's lines into the session's cart; tell what is wrong otherwise."""
    if session.state is not SessionState.ACTIVE:
        return fault("PUNCHOUT-028")
    currency = sent.currency or session.cart.currency
    if currency != session.customer.currency:
        expected = session.customer.currency
        return fault("PUNCHOUT-051", "wrong currency", found=currency, expected=expected)
    known = {line.item.auxiliary_id for line in session.cart.lines}
    lines = tuple(_line(means, line, currency, known) for line in sent.lines)
    shipping = None if sent.shipping is None else Money(amount=sent.shipping, currency=currency)
    today = means.ambient.now().date()
    if sent.valid_until is not None and sent.valid_until < today:
        return fault("PUNCHOUT-051", "valid_until is past", target="valid_until")
    status = QuoteStatus.PENDING if sent.pending else QuoteStatus.FINAL
    until = sent.valid_until
    if until is None and not sent.pending:
        until = _quoted_until(means, session, lines, today)
    about = replace(session.cart, shipping=shipping, quote_status=status, valid_until=until)
    cart = with_lines(about, lines, {})
    event = SessionEvent(happened_at=means.ambient.now(), kind="cart", detail="from external shop")
    change = Change(event=event, cart=cart, remarks=empty_remarks())
    return None if means.store.change(session, change) else fault("PUNCHOUT-031")


def _quoted_until(
    means: Means, session: Session, lines: Iterable[CartLine], today: date
) -> date | None:
    """Return the day of a cart whose lines were quoted before: a confirmed quote's, or its own."""
    marks = [line.item.auxiliary_id for line in lines if line.item.auxiliary_id]
    before = means.store.last_carts(session.partner, marks)
    if any(cart.quote_status is QuoteStatus.PENDING for cart in before):
        return today + timedelta(days=QUOTE_DAYS)
    days = [cart.valid_until for cart in before if cart.valid_until is not None]
    return min((day for day in days if day >= today), default=None)


def request_hash(body: bytes) -> str:
    """Return what tells one cart request from another."""
    return hashlib.sha256(body).hexdigest()


def _secret(means: Means, partner: Partner) -> bytes:
    reference = partner.punchout.external_secret
    if reference is None:
        message = f"partner {partner.id} has an external shop but no punchout.external_secret"
        raise ValueError(message)
    return means.reveal(reference).encode()


def _fixed(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def _contradiction(cart: ExternalCart) -> Fault | None:
    if cart.cancelled and cart.lines:
        return fault("PUNCHOUT-051", "a cancelled cart has no lines", target="cancelled")
    if cart.shipping is not None and not (_exact(cart.shipping) and cart.shipping >= 0):
        return fault("PUNCHOUT-051", "shipping may not be below 0", target="shipping")
    if len(cart.lines) > MAX_LINES:
        return fault("PUNCHOUT-026", expected=f"at most {MAX_LINES} lines")
    for name in ("auxiliary_id", "id"):
        ids = [getattr(line, name) for line in cart.lines if getattr(line, name)]
        if len(ids) != len(set(ids)):
            return fault("PUNCHOUT-051", f"two lines have the same {name}", target="lines")
    parents = {line.id: line.part_of for line in cart.lines if line.id}
    for number, line in enumerate(cart.lines):
        found = _line_contradiction(line) or _misplaced(line, parents)
        if found:
            return fault("PUNCHOUT-051", found, target=f"lines[{number}]")
    return None


def _misplaced(line: ExternalLine, parents: Mapping[str, str | None]) -> str:
    """Return what is wrong with the place of a line among others."""
    above, seen = line.part_of, {line.id}
    while above:
        if above not in parents:
            return f"part_of names {above}, and no line has that id"
        if above in seen:
            return "a line is a part of itself"
        seen.add(above)
        above = parents[above]
    return ""


def _line_contradiction(line: ExternalLine) -> str:
    price, tax = line.price, line.tax
    exact = all(map(_exact, (line.quantity, price.amount)))
    wrong = {
        "sku and name may not be empty": not line.sku.strip() or not line.name.strip(),
        "a number is not finite or has too many digits": not exact,
        "quantity must be above 0 and the price not below 0": exact
        and (line.quantity <= 0 or price.amount < 0),
        "base_quantity must be above 0": not _exact(price.base_quantity)
        or price.base_quantity <= 0,
        "a document needs an address with https or http": not all(
            file.url.startswith(("https://", "http://")) for file in line.documents
        ),
        "a tax rate is between 0 and 100 percent": tax is not None
        and not (_exact(tax.percent) and 0 <= tax.percent <= 100),  # noqa: PLR2004 -- percent
    }
    return next((what for what, is_so in wrong.items() if is_so), "")


def _exact(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return len(value.as_tuple().digits) <= MAX_DIGITS and -MAX_DIGITS <= int(exponent) <= MAX_DIGITS


def _line(means: Means, sent: ExternalLine, currency: str, known: set[str | None]) -> CartLine:
    # An id that we did not give would later be taken for one of ours: it is replaced.
    ours = sent.auxiliary_id if sent.auxiliary_id in known else None
    price = sent.price
    return CartLine(
        line_id=sent.id or "",  # numbered by `with_lines`
        parent_line=sent.part_of,
        item_type=sent.item_type,
        supplier=sent.supplier,
        attachments=tuple(Attachment(url=file.url, file_name=file.name) for file in sent.documents),
        properties=sent.properties,
        item=Item(
            sku=sent.sku,
            auxiliary_id=ours or new_line_id(means),
            gtin=sent.gtin,
            manufacturer=sent.manufacturer,
            manufacturer_sku=sent.manufacturer_sku,
        ),
        quantity=Quantity(value=sent.quantity, unit=sent.unit),
        name=sent.name,
        description=sent.description or sent.name,
        price=Price(amount=price.amount, currency=currency, base_quantity=price.base_quantity),
        classifications=sent.classifications,
        lead_time_days=sent.lead_time_days,
        tax=None if sent.tax is None else _tax(sent.tax),
        service=sent.service,
    )


def _tax(sent: ExternalTax) -> TaxCategory:
    return TaxCategory(category=sent.category, percent=sent.percent, scheme=sent.scheme)
