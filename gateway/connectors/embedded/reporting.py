"""Report what happened to orders of the embedded core: what was sent, what it costs.

A core that stands in for an ERP ships and bills as it was ordered: the agreed lines of an order in
one delivery and one invoice. What happened otherwise comes in as a document of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from canonical.amounts import rounded
from canonical.despatch import DespatchAdvice, DespatchLine, DespatchPackage
from canonical.invoice import Invoice, InvoiceLine, TaxTotal
from canonical.order import LineStatus, Order, OrderLine, OrderResponseLine
from canonical.price import line_amount
from canonical.product import Product, TaxCategory
from canonical.stored import load_as
from gateway.connectors.contract import OrderState, Report
from gateway.connectors.embedded.feeds import take
from gateway.connectors.embedded.forms import dump_report
from gateway.connectors.embedded.orders import read_order
from gateway.connectors.embedded.reading import read_products
from gateway.connectors.embedded.tables import orders, reports
from gateway.store.rows import insert_new

PAYMENT_DAYS: Final = 30
ONE_PACKAGE: Final = "1"


def keep_report(connection: sa.Connection, report: Report) -> bool:
    """Put a report on record under the next revision; False when its id was there before."""
    known = sa.select(reports.c.report_id).where(reports.c.report_id == report.report_id)
    if connection.execute(known).first() is not None:
        return False
    row = {
        "report_id": report.report_id,
        "document": dump_report(report),
        "revision": take(connection, "reports"),
    }
    return insert_new(connection, reports, row)


def shipped(connection: sa.Connection, order: str, now: datetime) -> Report | None:
    """Return the report that an order left whole, named by our reference or its number."""
    found = _ordered(connection, order)
    if found is None:
        return None
    return Report(
        report_id=f"despatch:{found.state.order_number}",
        customer_id=found.customer_id,
        external_reference=found.state.external_reference,
        despatch_advice=despatch_of(found.order, found.state, now),
    )


def billed(connection: sa.Connection, order: str, now: datetime) -> Report | None:
    """Return the report of an order's invoice, named by our reference or its number."""
    found = _ordered(connection, order)
    if found is None:
        return None
    return Report(
        report_id=f"invoice:{found.state.order_number}",
        customer_id=found.customer_id,
        external_reference=found.state.external_reference,
        invoice=invoice_of(connection, found.order, found.state, now),
    )


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Hold an order as it was placed and as it stands."""

    customer_id: str
    order: Order
    state: OrderState


def _ordered(connection: sa.Connection, order: str) -> _Ordered | None:
    row = connection.execute(
        sa.select(orders.c.external_reference, orders.c.customer_id, orders.c.document).where(
            sa.or_(orders.c.external_reference == order, orders.c.order_number == order)
        )
    ).first()
    if row is None:
        return None
    state = read_order(connection, str(row.external_reference))
    if state is None:
        return None
    return _Ordered(str(row.customer_id), load_as(Order, row.document), state)


def despatch_of(order: Order, state: OrderState, now: datetime) -> DespatchAdvice:
    """Return the despatch advice of a whole order, in one carton."""
    lines = tuple(
        DespatchLine(
            line_id=str(number),
            quantity=answer.quantity,
            item=line.item,
            order_id=order.order_id,
            order_line_id=line.line_id,
            packages=(ONE_PACKAGE,),
            description=line.description,
        )
        for number, (line, answer) in enumerate(_coming(order, state), 1)
    )
    return DespatchAdvice(
        despatch_id=f"D{state.order_number}",
        issued_at=now,
        lines=lines,
        packages=(DespatchPackage(package_id=ONE_PACKAGE, kind="CT"),),
        despatched_at=now,
        order_id=order.order_id,
        buyer=order.buyer,
        seller=order.seller,
        ship_to=order.ship_to,
        references=order.references,
        test=order.test,
    )


def invoice_of(
    connection: sa.Connection, order: Order, state: OrderState, now: datetime
) -> Invoice:
    """Return the invoice of a whole order, with the tax of each product."""
    skus = (line.item.sku for line in order.lines if line.item.sku)
    products = read_products(connection, skus)
    lines = tuple(_billed(order, state, products))
    taxes = tuple(_taxes(lines))
    net = sum((line.net for line in lines), start=Decimal(0))
    tax = sum((one.amount for one in taxes), start=Decimal(0))
    return Invoice(
        invoice_id=f"F{state.order_number}",
        issued_at=now,
        currency=order.currency,
        lines=lines,
        net=net,
        tax_amount=tax,
        payable=net + tax,
        due_on=(now + timedelta(days=PAYMENT_DAYS)).date(),
        delivered_on=now.date(),
        order_id=order.order_id,
        order_issued_at=order.issued_at,
        despatch_id=f"D{state.order_number}",
        buyer=order.buyer,
        seller=order.seller,
        ship_to=order.ship_to,
        taxes=taxes,
        payment_terms=f"{PAYMENT_DAYS} days net",
        references=order.references,
        test=order.test,
    )


def _coming(order: Order, state: OrderState) -> Iterator[tuple[OrderLine, OrderResponseLine]]:
    answers = {line.line_id: line for line in state.lines}
    for line in order.lines:
        answer = answers.get(line.line_id)
        if answer is not None and answer.status is not LineStatus.REJECTED:
            yield line, answer


def _billed(
    order: Order, state: OrderState, products: Mapping[str, Product]
) -> Iterator[InvoiceLine]:
    for number, (line, answer) in enumerate(_coming(order, state), 1):
        price = answer.price or line.price
        product = products.get(line.item.sku or "")
        amount = Decimal(0) if price is None else line_amount(price, answer.quantity.value)
        yield InvoiceLine(
            line_id=str(number),
            quantity=answer.quantity,
            item=line.item,
            net=rounded(amount, 2),
            price=price,
            description=line.description,
            tax=product.tax if product is not None and product.tax else TaxCategory(category="O"),
            order_id=order.order_id,
            order_line_id=line.line_id,
        )


def _taxes(lines: tuple[InvoiceLine, ...]) -> Iterator[TaxTotal]:
    """Walk the taxes by rate, each rounded once on the sum of its lines."""

    def rate(line: InvoiceLine) -> tuple[str, Decimal, str]:
        tax = line.tax or TaxCategory(category="O")
        return tax.category, tax.percent, tax.scheme

    for (category, percent, scheme), some in groupby(sorted(lines, key=rate), key=rate):
        base = sum((line.net for line in some), start=Decimal(0))
        tax = TaxCategory(category=category, percent=percent, scheme=scheme)
        yield TaxTotal(tax=tax, base=base, amount=rounded(base * percent / 100, 2))
