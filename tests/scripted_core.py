"""Be a core that keeps its effects in a file and fails as it is told: before them, or after.

Several processes may use one file. It keeps one order a reference like a real core, and beside
that every effect it ever had, so that a test can count what happened twice.
"""

import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from canonical.delivery import DeliveryRoute
from canonical.identifiers import Identifier
from canonical.order import LineStatus, Order, OrderChange, OrderResponseLine
from canonical.party import Address, Customer
from canonical.price import Price
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from canonical.stored import dump
from gateway.connectors.contract import (
    Capabilities,
    OrderState,
    Page,
    PriceAnswer,
    PriceQuestion,
    Report,
    Submission,
    SubmissionState,
)
from gateway.errors import CoreError, CoreUnreachableError
from tests.builders import make_customer, make_product

Failing = Callable[[str, str], CoreError | None]
"""Return what to raise at a moment (`before`, `after`) of a verb, or None."""

TABLES = """
CREATE TABLE IF NOT EXISTS held (
    reference TEXT PRIMARY KEY, body BLOB, number TEXT, state TEXT);
CREATE TABLE IF NOT EXISTS effect (
    id INTEGER PRIMARY KEY, verb TEXT, reference TEXT, body BLOB);
"""


class ScriptedCore:
    def __init__(self, path: Path, failing: Failing = lambda _moment, _verb: None) -> None:
        self._path = path
        self.failing = failing
        self.told: list[Report] = []
        self.customers: dict[str, Customer] = {"C1": make_customer()}
        self.catalogue = {f"SKU-{number}": make_product(f"SKU-{number}") for number in range(1, 10)}
        with closing(self._open()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(TABLES)

    def effects(self) -> list[tuple[str, str]]:
        """Return (verb, reference) of each effect, in order."""
        with closing(self._open()) as connection:
            return list(connection.execute("SELECT verb, reference FROM effect ORDER BY id"))

    def submitted(self) -> list[tuple[str, bytes]]:
        """Return (reference, body) of each submission that had an effect."""
        with closing(self._open()) as connection:
            return list(
                connection.execute("SELECT reference, body FROM effect WHERE verb = 'submit'")
            )

    def known(self, skus: Sequence[str]) -> Mapping[str, Product]:
        return {sku: self.catalogue[sku] for sku in skus if sku in self.catalogue}

    def capabilities(self) -> Capabilities:
        return Capabilities(name="scripted", version="1", features=("reports",))

    def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
        return Page(items=tuple(self.catalogue.values())[:limit], next=since or "1", more=False)

    def stock(self, since: str | None = None, limit: int = 500) -> Page[StockLevel]:
        return Page(items=()[:limit], next=since or "1", more=False)

    def part_numbers(self, since: str | None = None, limit: int = 500) -> Page[PartNumber]:
        return Page(items=()[:limit], next=since or "1", more=False)

    def deliveries(self, ship_to: Address) -> tuple[DeliveryRoute, ...] | None:
        assert ship_to
        return None

    def stock_of(self, skus: Sequence[str]) -> tuple[StockLevel, ...]:
        return tuple(
            StockLevel(sku=sku, warehouse="main", available=Decimal(1)) for sku in self.known(skus)
        )

    def prices(
        self, customer_id: str, questions: Sequence[PriceQuestion], on: date
    ) -> tuple[PriceAnswer, ...]:
        self._fail("before", "prices")
        until = on if customer_id else None
        price = Price(amount=Decimal("10.00"), currency="EUR", valid_until=until)
        return tuple(PriceAnswer(sku=question.sku, price=price) for question in questions)

    def customer(self, customer_id: str) -> Customer | None:
        self._fail("before", "customer")
        return self.customers.get(customer_id)

    def customer_by_identifier(self, identifier: Identifier) -> Customer | None:
        return next((c for c in self.customers.values() if identifier in c.identifiers), None)

    def submit(self, external_reference: str, customer_id: str, order: Order) -> Submission:
        self._fail("before", "submit")
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            submission = _submitted(connection, external_reference, customer_id, order)
            connection.execute("COMMIT")
        self._fail("after", "submit")
        return submission

    def cancel(self, external_reference: str, reason: str) -> OrderState | None:
        self._fail("before", "cancel")
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute(
                "UPDATE held SET state = 'cancelled' WHERE reference = ? AND state <> 'delivered'"
                " RETURNING number",
                (external_reference,),
            ).fetchone()
            _note(connection, "cancel", external_reference, reason.encode())
            connection.execute("COMMIT")
        self._fail("after", "cancel")
        return None if found is None else self.order(external_reference)

    def order(self, external_reference: str) -> OrderState | None:
        self._fail("before", "order")
        with closing(self._open()) as connection:
            row = connection.execute(
                "SELECT number, state FROM held WHERE reference = ?", (external_reference,)
            ).fetchone()
        return (
            None
            if row is None
            else OrderState(
                external_reference=external_reference, order_number=row[0], state=row[1]
            )
        )

    def orders(self, since: str | None = None, limit: int = 100) -> Page[OrderState]:
        with closing(self._open()) as connection:
            rows = connection.execute(
                "SELECT reference, number, state FROM held LIMIT ?", (limit,)
            ).fetchall()
        items = tuple(
            OrderState(external_reference=row[0], order_number=row[1], state=row[2]) for row in rows
        )
        return Page(items=items, next=since or "1", more=False)

    def reports(self, since: str | None = None, limit: int = 100) -> Page[Report]:
        """Return what a test put into `told`."""
        start = int(since or 0)
        items = tuple(self.told[start : start + limit])
        end = start + len(items)
        return Page(items=items, next=str(end), more=end < len(self.told))

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def _fail(self, moment: str, verb: str) -> None:
        error = self.failing(moment, verb)
        if error is not None:
            raise error


def _submitted(
    connection: sqlite3.Connection, reference: str, customer_id: str, order: Order
) -> Submission:
    body = customer_id.encode() + dump(order)
    row = connection.execute(
        "SELECT body, number, state FROM held WHERE reference = ?", (reference,)
    ).fetchone()
    number = f"SO-{reference}" if row is None else row[1]
    lines = tuple(
        OrderResponseLine(line_id=line.line_id, status=LineStatus.ACCEPTED, quantity=line.quantity)
        for line in order.lines
    )
    state = OrderState(
        external_reference=reference, order_number=number, state="confirmed", lines=lines
    )
    if row is not None and row[0] == body:
        return Submission(state=SubmissionState.EXISTING, order=state)
    if row is not None and not isinstance(order, OrderChange):
        return Submission(state=SubmissionState.CONFLICT, reason=f"{number} stands there")
    connection.execute(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, 'confirmed')", (reference, body, number)
    )
    _note(connection, "submit", reference, body)
    return Submission(state=SubmissionState.CREATED, order=state)


def _note(connection: sqlite3.Connection, verb: str, reference: str, body: bytes) -> None:
    connection.execute(
        "INSERT INTO effect (verb, reference, body) VALUES (?, ?, ?)", (verb, reference, body)
    )


def sometimes(seed: int, share: float) -> Failing:
    """Return failures without an answer: `share` of all calls before, `share` after the effect."""
    chance = random.Random(seed)

    def failing(moment: str, verb: str) -> CoreError | None:
        if chance.random() < share:
            return CoreUnreachableError(f"scripted failure {moment} {verb}")
        return None

    return failing
