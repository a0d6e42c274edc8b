"""Take orders in: one order under a reference, whatever is repeated and by how many at once.

A submission first counts up the orders feed, whose row it then holds until the commit: so
submissions follow one another on both databases, numbers have no gaps, stock is never promised
twice, and the second of two equal ones finds the first.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace

from canonical.amounts import plain
from canonical.delivery import DeliveryRoute
from canonical.order import LineStatus, Order, OrderChange, OrderLine, OrderResponseLine
from canonical.price import Price
from canonical.product import Product
from canonical.rules.order_line import contract_price
from canonical.stored import dump
from gateway.connectors.contract import (
    OrderState,
    PriceQuestion,
    Submission,
    SubmissionState,
)
from gateway.connectors.embedded.confirming import Confirmed, Shelf, Supply, confirm
from gateway.connectors.embedded.deliveries import routes_to
from gateway.connectors.embedded.feeds import take
from gateway.connectors.embedded.forms import (
    dump_answer,
    dump_salesperson,
    load_answer,
    load_salesperson,
)
from gateway.connectors.embedded.reading import (
    Account,
    answer_prices,
    read_account,
    read_products,
    read_shelves,
    unknown_customer,
)
from gateway.connectors.embedded.tables import (
    order_lines,
    orders,
    reservations,
    stock,
    submissions,
)
from gateway.errors import CoreRefusedError

OPEN: Final = "open"
CONFIRMED: Final = "confirmed"
CANCELLED: Final = "cancelled"
DELIVERED: Final = "delivered"
CLOSED: Final = frozenset({CANCELLED, DELIVERED})


@dataclass(frozen=True, slots=True)
class Incoming:
    """Hold one submission and what it needs that no other submission changes.

    `body` is the SHA-256 of the order's stored form; `prices` are those of lines without one.
    """

    reference: str
    customer_id: str
    order: Order
    document: bytes
    body: str
    now: datetime
    known: bool
    products: Mapping[str, Product]
    prices: Mapping[str, Price]
    routes: Sequence[DeliveryRoute] | None


def incoming(
    connection: sa.Connection, reference: str, customer_id: str, order: Order, now: datetime
) -> Incoming:
    """Return a submission of `order`, ready to be taken in; read before the orders are locked."""
    document = dump(order)
    account = read_account(connection, customer_id)
    products = read_products(connection, (line.item.sku for line in order.lines if line.item.sku))
    return Incoming(
        reference=reference,
        customer_id=customer_id,
        order=order,
        document=document,
        body=hashlib.sha256(customer_id.encode() + b"\n" + document).hexdigest(),
        now=now,
        known=account is not None,
        products=products,
        prices={} if account is None else _prices(connection, order, now, account, products),
        routes=routes_to(connection, order.ship_to, now),
    )


def submit(connection: sa.Connection, new: Incoming) -> Submission:
    """Create or replace an order, or say what stands there already."""
    revision = take(connection, "orders")
    state = read_order(connection, new.reference)
    if state is None:
        return _create(connection, new, revision)
    seen = sa.select(submissions.c.body).where(
        submissions.c.external_reference == new.reference, submissions.c.body == new.body
    )
    if connection.execute(seen).first() is not None:
        return Submission(state=SubmissionState.EXISTING, order=state)
    if not isinstance(new.order, OrderChange):
        reason = f"another order stands under {new.reference}: {state.order_number}"
        return Submission(state=SubmissionState.CONFLICT, order=state, reason=reason)
    if state.state in CLOSED:
        reason = f"order {state.order_number} is {state.state} and cannot be changed"
        return Submission(state=SubmissionState.CONFLICT, order=state, reason=reason)
    return _replace(connection, new, revision)


def _create(connection: sa.Connection, new: Incoming, revision: int) -> Submission:
    if isinstance(new.order, OrderChange):
        message = f"there is no order {new.reference[:80]!r} to change; submit the order first"
        raise CoreRefusedError(message, code="order-unknown")
    _check_customer(new)
    number = f"SO{take(connection, 'order-number'):06d}"
    confirmed = _confirmed(connection, new)
    connection.execute(
        orders.insert().values(
            external_reference=new.reference,
            order_number=number,
            received_at=new.now,
            **_order_values(new, confirmed, revision),
        )
    )
    return _keep(connection, new, confirmed)


def _replace(connection: sa.Connection, new: Incoming, revision: int) -> Submission:
    _check_customer(new)
    release(connection, new.reference)
    connection.execute(
        order_lines.delete().where(order_lines.c.external_reference == new.reference)
    )
    confirmed = _confirmed(connection, new)
    connection.execute(
        orders.update()
        .where(orders.c.external_reference == new.reference)
        .values(**_order_values(new, confirmed, revision))
    )
    return _keep(connection, new, confirmed)


def _order_values(
    new: Incoming, confirmed: Sequence[Confirmed], revision: int
) -> dict[str, object]:
    answers = [one.answer for one in confirmed]
    return {
        "customer_id": new.customer_id,
        "state": state_of(answers),
        "document": new.document,
        "salesperson": dump_salesperson(new.order.salesperson),
        "confirmed_on": new.now.date() if state_of(answers) == CONFIRMED else None,
        "revision": revision,
    }


def state_of(answers: Sequence[OrderResponseLine]) -> str:
    """Return `confirmed` when every line that is not rejected has a day, else `open`."""
    wanted = [answer for answer in answers if answer.status is not LineStatus.REJECTED]
    return CONFIRMED if wanted and all(answer.delivery for answer in wanted) else OPEN


def _keep(connection: sa.Connection, new: Incoming, confirmed: Sequence[Confirmed]) -> Submission:
    key = {"external_reference": new.reference}
    connection.execute(submissions.insert().values(**key, body=new.body))
    if confirmed:
        connection.execute(
            order_lines.insert(),
            [
                key | {"position": position, "answer": dump_answer(one.answer)}
                for position, one in enumerate(confirmed)
            ],
        )
    held = [
        key | {"position": one.position, "warehouse": one.warehouse, "sku": one.sku,
               "quantity": plain(one.quantity)}
        for line in confirmed
        for one in line.reservations
    ]  # fmt: skip
    if held:
        connection.execute(reservations.insert(), held)
    state = read_order(connection, new.reference)
    return Submission(state=SubmissionState.CREATED, order=state)


def _check_customer(new: Incoming) -> None:
    if not new.known:
        raise unknown_customer(new.customer_id)


def _confirmed(connection: sa.Connection, new: Incoming) -> Sequence[Confirmed]:
    shelves = read_shelves(connection, new.products)
    before = {_place(shelf): shelf.reserved for shelf in _all(shelves)}
    confirmed = confirm(
        new.order.lines,
        Supply(
            products=new.products,
            prices=new.prices,
            shelves=shelves,
            today=new.now.date(),
            routes=new.routes,
        ),
    )
    _hold(
        connection,
        [shelf for shelf in _all(shelves) if shelf.reserved != before[_place(shelf)]],
    )
    return confirmed


def _all(shelves: Mapping[str, Iterable[Shelf]]) -> list[Shelf]:
    return [shelf for several in shelves.values() for shelf in several]


def _place(shelf: Shelf) -> tuple[str, str]:
    return shelf.sku, shelf.warehouse


def _prices(
    connection: sa.Connection,
    order: Order,
    now: datetime,
    account: Account,
    products: Mapping[str, Product],
) -> dict[str, Price]:
    unpriced = [line for line in order.lines if line.price is None and line.item.sku in products]
    if not unpriced:
        return {}
    questions = [
        PriceQuestion(sku=line.item.sku or "", quantity=line.quantity.value) for line in unpriced
    ]
    answers = answer_prices(connection, account, questions, now.date())
    return {
        line.line_id: _agreed(line, products[answer.sku], answer.price)
        for line, answer in zip(unpriced, answers, strict=True)
        if answer.price is not None
    }


def _agreed(line: OrderLine, product: Product, price: Price) -> Price:
    return contract_price(line, product, price)


def _hold(connection: sa.Connection, changed: Sequence[Shelf]) -> None:
    if not changed:
        return
    revision = take(connection, "stock", len(changed))
    connection.execute(
        stock.update()
        .where(
            stock.c.sku == sa.bindparam("at_sku"),
            stock.c.warehouse == sa.bindparam("at_warehouse"),
        )
        .values(reserved=sa.bindparam("held"), revision=sa.bindparam("new_revision")),
        [
            {
                "at_sku": shelf.sku,
                "at_warehouse": shelf.warehouse,
                "held": plain(shelf.reserved),
                "new_revision": revision + index,
            }
            for index, shelf in enumerate(changed)
        ],
    )


def release(connection: sa.Connection, reference: str) -> None:
    """Give back all stock that an order holds."""
    mine = reservations.c.external_reference == reference
    held: dict[tuple[str, str], Decimal] = {}
    for row in connection.execute(sa.select(reservations).where(mine)):
        place = (row.sku, row.warehouse)
        held[place] = held.get(place, Decimal(0)) + Decimal(row.quantity)
    connection.execute(reservations.delete().where(mine))
    shelves = _all(read_shelves(connection, [sku for sku, _ in held]))
    changed = [shelf for shelf in shelves if _place(shelf) in held]
    for shelf in changed:
        shelf.reserved = max(shelf.reserved - held[_place(shelf)], Decimal(0))
    _hold(connection, changed)


def cancel(connection: sa.Connection, reference: str, reason: str) -> OrderState | None:
    """Cancel an order that is not closed yet; return it as it then stands."""
    revision = take(connection, "orders")
    state = read_order(connection, reference)
    if state is None or state.state in CLOSED:
        return state
    release(connection, reference)
    connection.execute(
        orders.update()
        .where(orders.c.external_reference == reference)
        .values(state=CANCELLED, cancel_reason=reason.replace("\x00", ""), revision=revision)
    )
    return replace(state, state=CANCELLED)


def read_order(connection: sa.Connection, reference: str) -> OrderState | None:
    """Return an order by our reference."""
    if "\x00" in reference:
        return None
    statement = sa.select(orders).where(orders.c.external_reference == reference)
    rows = list(connection.execute(statement).mappings())
    return states_of(connection, rows)[0] if rows else None


def states_of(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> tuple[OrderState, ...]:
    """Return orders with the answers to their lines."""
    references = [row["external_reference"] for row in rows]
    answers: dict[str, list[OrderResponseLine]] = {}
    for line in connection.execute(
        sa.select(order_lines)
        .where(order_lines.c.external_reference.in_(references))
        .order_by(order_lines.c.external_reference, order_lines.c.position)
    ):
        answers.setdefault(line.external_reference, []).append(load_answer(line.answer))
    return tuple(
        OrderState(
            external_reference=row["external_reference"],
            order_number=row["order_number"],
            state=row["state"],
            lines=tuple(answers.get(row["external_reference"], ())),
            confirmed_on=row["confirmed_on"],
            salesperson=load_salesperson(row["salesperson"]),
        )
        for row in rows
    )
