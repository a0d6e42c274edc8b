"""Compose the answer to an order from what the rules said and what the core confirms."""

from datetime import datetime

import msgspec

from canonical.amounts import Money, rounded
from canonical.document import Document
from canonical.order import (
    LineStatus,
    Order,
    OrderCancellation,
    OrderChange,
    OrderResponse,
    OrderResponseLine,
    ResponseStatus,
)
from canonical.price import total_of
from canonical.punchout import StatusUpdate
from canonical.rules.judgement import Judgement
from canonical.rules.order import agreed_order
from canonical.stored import dump, load_as
from gateway.connectors.contract import OrderState
from gateway.partners.agreements import FLAT
from gateway.partners.agreements import SYNTAXES as EDI_SYNTAXES
from gateway.partners.model import Partner
from gateway.pipeline.emitting import Outgoing
from gateway.pipeline.leaving import leaving
from gateway.store.messages import StoredMessage


def dump_judgement(judgement: Judgement) -> bytes:
    """Return a judgement for its column."""
    return dump(judgement)


def judgement_of(message: StoredMessage) -> Judgement | None:
    """Return what the rules said of a message; None when it was never judged."""
    if message.judgement is None:
        return None
    return load_as(Judgement, message.judgement)


def answers_to(
    partner: Partner,
    message: StoredMessage,
    document: Document,
    made: "Answered",
) -> tuple[Outgoing, ...]:
    """Return what the partner wants to be told about an order that was decided."""
    if isinstance(document, OrderCancellation) or not isinstance(document, Order):
        return ()
    if message.syntax in (*EDI_SYNTAXES, FLAT):
        response = order_response(message, document, made)
        found = leaving(partner, response, cause=message.id, test=message.test)
        return () if found is None else (found,)
    wanted = partner.orders.response
    if wanted is None:
        return ()
    bodies: dict[str, Document] = {
        "OrderResponse": order_response(message, document, made),
        "StatusUpdate": status_update(message, made),
    }
    return tuple(
        Outgoing(
            partner,
            bodies[name],
            syntax=message.syntax,
            endpoint=wanted.url,
            cause=message.id,
            test=message.test,
        )
        for name in wanted.documents
    )


class Answered(msgspec.Struct, frozen=True):
    """Hold how an order ended: `core` is its state there, if it got there."""

    at: datetime
    rejected: bool
    judgement: Judgement | None = None
    core: OrderState | None = None
    reason: str | None = None


def order_response(message: StoredMessage, order: Order, made: Answered) -> OrderResponse:
    """Return the answer to each line: the core's where it has one, else that of the rules."""
    judged = made.judgement.lines if made.judgement is not None else ()
    confirmed = {line.line_id: line for line in (made.core.lines if made.core else ())}
    lines = tuple(_answered(line, confirmed.get(line.line_id)) for line in judged)
    lines = lines or tuple(confirmed.values())
    status = _status(lines, made)
    return OrderResponse(
        response_id=message.id,
        order_id=order.order_id,
        issued_at=made.at,
        status=status,
        currency=order.currency,
        lines=lines,
        order_issued_at=order.issued_at,
        order_payload_id=message.external_id,
        core_reference=made.core.order_number if made.core is not None else None,
        total=None if made.rejected else _total(order, made, lines),
        reason=made.reason,
        seller=order.seller,
        order_version=order.order_version,
        to_change=isinstance(order, OrderChange),
    )


def _answered(judged: OrderResponseLine, core: OrderResponseLine | None) -> OrderResponseLine:
    """Return what the buyer is told of a line that both the rules and the core answered.

    The core knows only the agreed line: one that it accepts is still changed for the buyer.
    """
    if core is None:
        return judged
    reasons = dict.fromkeys(one.reason for one in (judged, core) if one.reason)
    return msgspec.structs.replace(
        core,
        status=judged.status if core.status is LineStatus.ACCEPTED else core.status,
        item=core.item or judged.item,
        price=core.price or judged.price,
        reason="; ".join(reasons) or None,
    )


def _total(order: Order, made: Answered, lines: tuple[OrderResponseLine, ...]) -> Money | None:
    """Return what the order comes to: its own total unless a line will be another or missing."""
    agreed = order if made.judgement is None else agreed_order(order, made.judgement)
    coming = [line for line in lines if line.status is not LineStatus.REJECTED]
    wanted = [(line.line_id, line.quantity, line.price) for line in agreed.lines]
    same = [(line.line_id, line.quantity, line.price) for line in coming] == wanted
    if agreed.total is None or same or not lines:
        return agreed.total
    return Money(amount=rounded(total_of(coming), 2), currency=agreed.total.currency)


def status_update(message: StoredMessage, made: Answered) -> StatusUpdate:
    """Return the short answer: taken, or not."""
    code, text = (400, "Rejected") if made.rejected else (200, "OK")
    return StatusUpdate(code=code, text=text, payload_id=message.external_id, comment=made.reason)


def _status(lines: tuple[OrderResponseLine, ...], made: Answered) -> ResponseStatus:
    if made.rejected:
        return ResponseStatus.REJECTED
    if any(line.status != "accepted" for line in lines):
        return ResponseStatus.CHANGED
    return ResponseStatus.ACCEPTED
