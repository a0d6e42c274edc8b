"""Find what we promised of the lines of an order: the prices of carts that named their last day.

A line is found by the id that we gave it, or by its article number in a cart that the order names
(SupplierOrderInfo of cXML, EXT_QUOTE_ID of OCI come back as a reference, or the cart's payloadID).
The cart that an order names goes before others that ever held the line; of these the newest counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from canonical.order import Order, OrderLine
from canonical.punchout import Cart, CartLine, QuoteStatus
from canonical.rules.judgement import QuotedLine
from canonical.stored import load_as
from gateway.store.database import Database
from gateway.store.messages import find_carts

Quotes = Callable[[Order], Mapping[str, QuotedLine]]
"""Tell what was promised of the lines of an order, by line id."""


def nothing_quoted(_order: Order) -> Mapping[str, QuotedLine]:
    """Know of no promise."""
    return {}


def quotes_of(database: Database, partner: str, order: Order) -> Mapping[str, QuotedLine]:
    """Return what carts that `partner` took home promise of the lines of `order`."""
    names = {pointer.value for pointer in order.references if pointer.value}
    marks = {line.item.auxiliary_id for line in order.lines if line.item.auxiliary_id}
    if not names | marks:
        return {}
    with database.read() as connection:
        rows = find_carts(connection, partner, names | marks)
    carts = [_Sent(load_as(Cart, row.document or b""), row.external_id or "") for row in rows]
    named = [one.cart for one in carts if names & {one.cart.cart_id, one.message_id}]
    others = [one.cart for one in carts if is_quote(one.cart)]
    found = ((line.line_id, _quoted(line, named, others)) for line in order.lines)
    return {line_id: quoted for line_id, quoted in found if quoted is not None}


def is_quote(cart: Cart) -> bool:
    """Tell whether a cart promised its prices: final, with the day until which they hold."""
    final = cart.quote_status is QuoteStatus.FINAL and not cart.cancelled
    return final and cart.valid_until is not None


@dataclass(frozen=True, slots=True)
class _Sent:
    """Hold a cart with the id of the message that brought it home."""

    cart: Cart
    message_id: str


def _quoted(line: OrderLine, named: Sequence[Cart], others: Sequence[Cart]) -> QuotedLine | None:
    """Return the promise of a line; a cart that the order names decides, whatever it says."""
    for means, carts in ((_marked, named), (_called, named), (_marked, others)):
        for cart in carts:
            found = max(means(line, cart), key=lambda one: _nearness(line, one), default=None)
            if found is not None:
                return _promise(cart, found)
    return None


def _marked(line: OrderLine, cart: Cart) -> Iterator[CartLine]:
    """Yield the lines of a cart that have the id of an order line."""
    mark = line.item.auxiliary_id
    return (one for one in cart.lines if mark and one.item.auxiliary_id == mark)


def _called(line: OrderLine, cart: Cart) -> Iterator[CartLine]:
    """Yield the lines of a cart for the article of an order line."""
    sku, gtin = line.item.sku, line.item.gtin
    for one in cart.lines:
        same = one.item.sku == sku if sku else bool(gtin) and one.item.gtin == gtin
        if same:
            yield one


def _nearness(line: OrderLine, one: CartLine) -> tuple[object, ...]:
    """Rank lines of one article: in the ordered quantity, at the ordered price, the largest."""
    at_price = line.price is not None and one.price is not None
    return (
        one.quantity == line.quantity,
        at_price and line.price.amount == one.price.amount,  # type: ignore[union-attr]  # tested
        one.quantity.value,
    )


def _promise(cart: Cart, line: CartLine) -> QuotedLine | None:
    if not is_quote(cart) or cart.valid_until is None or line.price is None:
        return None
    return QuotedLine(
        quote=cart.cart_id,
        line=line.line_id,
        quantity=line.quantity,
        price=line.price,
        until=cart.valid_until,
    )
