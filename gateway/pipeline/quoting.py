"""Find what we promised of the lines of an order: the prices of carts that named their last day.

A line is found by the id that we gave it, or by its article number in a cart that the order names
(SupplierOrderInfo of cXML, EXT_QUOTE_ID of OCI come back as a reference, or the cart's payloadID).
The cart that an order names goes before others that ever held the line; of these the newest counts.

A promise is given once: what the orders of it take is on record (`gateway.store.quotes`), and is
taken in the transaction that lets an order pass. It is named by the line's id and its day, so that
a cart which comes home again, to the same day, promises nothing anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from canonical.order import Order, OrderLine
from canonical.punchout import Cart, CartLine, QuoteStatus
from canonical.rules.judgement import Judgement, QuotedLine
from canonical.stored import load_as
from gateway.store.database import Database
from gateway.store.messages import StoredMessage, find_carts
from gateway.store.quotes import take_promises, taken_of

Quotes = Callable[[Order], Mapping[str, QuotedLine]]
"""Tell what was promised of the lines of an order, by line id."""


def nothing_quoted(_order: Order) -> Mapping[str, QuotedLine]:
    """Know of no promise."""
    return {}


def quotes_of(
    database: Database, partner: str, order: Order, core_key: str | None = None
) -> Mapping[str, QuotedLine]:
    """Return what carts that `partner` took home promise of the lines of `order`.

    What was taken is that of orders other than the one of `core_key`, which may come again.
    """
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
    quotes = {line_id: quoted for line_id, quoted in found if quoted is not None}
    promises = {quoted.promise for quoted in quotes.values()}
    if not promises:
        return {}
    with database.read() as connection:
        taken = taken_of(connection, partner, promises, core_key)
    return {
        line_id: replace(quoted, taken=taken.get(quoted.promise, ()))
        for line_id, quoted in quotes.items()
    }


def take_quotes(
    connection: sa.Connection,
    message: StoredMessage,
    judgement: Judgement,
    quotes: Mapping[str, QuotedLine],
) -> None:
    """Put on record what an order takes of the promises that it was judged by.

    Raises `TakenError` when another order took of them meanwhile: this one is judged again then.
    """
    seen = {quoted.promise: quoted.taken for quoted in quotes.values()}
    about = (message.partner or "", message.id, message.core_key)
    take_promises(connection, about, judgement.uses, seen)


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
        promise=f"{line.item.auxiliary_id or f'{cart.cart_id}/{line.line_id}'} {cart.valid_until}",
    )
