"""Try whether a core keeps the contract: scenarios that ask it questions and judge the answers.

Reading scenarios change nothing. Writing ones submit orders marked as tests under references that
begin with `CONFORMANCE-` and cancel them. A scenario returns complaints; none means kept. The
same table runs in `tests/contract/test_connectors.py` and behind `gateway core check`.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, TypeVar

from msgspec.structs import replace

from canonical.amounts import Money, Quantity
from canonical.identifiers import Identifier
from canonical.order import Item, Order, OrderChange, OrderLine
from canonical.party import Address, Contact
from canonical.price import Price
from canonical.product import Product, part_number_key
from gateway.connectors.contract import Core, Page, PriceQuestion, SubmissionState
from gateway.errors import CoreError, CoreRefusedError

ItemT = TypeVar("ItemT")
Complaints = Iterator[str]

NOWHERE: Final = "CONFORMANCE-NOT-THERE"
PARALLEL: Final = 16
SAMPLE: Final = 20
SMALL_PAGE: Final = 7
SMALL_PAGES: Final = 60
MAX_PAGES: Final = 100_000
PART_NUMBERS: Final = "products.part_numbers"
PRICE: Final = Decimal("0.0123")
CREDIT: Final = "orders.salesperson"
REPORTS: Final = "reports"
DELIVERIES: Final = "deliveries.query"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold the core under trial, a customer that it knows, the time and a maker of references."""

    core: Core
    customer_id: str
    now: datetime
    new_id: Callable[[], str]

    def reference(self) -> str:
        """Return a new reference for a test order."""
        return f"CONFORMANCE-{self.new_id()}"

    def sample(self) -> tuple[Product, ...]:
        """Return some products."""
        return self.core.products(None, SAMPLE).items[:SAMPLE]

    def order(self, *, quantity: str = "1", price: Decimal = PRICE) -> Order:
        """Return a test order of one line."""
        product = next(iter(self.sample()), None)
        sku, unit = (product.sku, product.unit) if product else (NOWHERE, "EA")
        line = OrderLine(
            line_id="1",
            quantity=Quantity(value=Decimal(quantity), unit=unit),
            item=Item(sku=sku),
            price=Price(amount=price, currency="SEK", base_quantity=Decimal(1), unit=unit),
        )
        return Order(
            order_id="conformance",
            issued_at=self.now,
            currency="SEK",
            lines=(line,),
            total=Money(amount=price * Decimal(quantity), currency="SEK"),
            note="TEST ORDER of the conformance suite: do not deliver",
            test=True,
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Describe one promise of the contract and how it is tried."""

    name: str
    promise: str
    run: Callable[[Subject], Complaints]
    writes: bool = False


def complaints(scenario: Scenario, subject: Subject) -> tuple[str, ...]:
    """Return what the core did against the promise; an unexpected error is a complaint too."""
    try:
        return tuple(scenario.run(subject))
    except CoreError as error:
        return (f"{type(error).__name__}: {error}",)


def _everything(
    ask: Callable[[str | None, int], Page[ItemT]], size: int, *, most: int = MAX_PAGES
) -> list[Page[ItemT]]:
    pages = [ask(None, size)]
    while pages[-1].more and len(pages) < most:
        pages.append(ask(pages[-1].next, size))
    return pages


def _capabilities(subject: Subject) -> Complaints:
    answer = subject.core.capabilities()
    if not answer.name or not answer.version:
        yield f"name {answer.name!r} or version {answer.version!r} is empty"


def _paging(subject: Subject) -> Complaints:
    small = _everything(subject.core.products, SMALL_PAGE, most=SMALL_PAGES)
    large = _everything(subject.core.products, 500, most=1)
    here = [product.sku for page in small for product in page.items]
    there = [product.sku for page in large for product in page.items]
    together = min(len(here), len(there))
    if here[:together] != there[:together] or not together:
        yield f"pages of {SMALL_PAGE} and of 500 gave other products, or none"
    if len(here) != len(set(here)):
        yield "a product came twice although nothing changed"
    if any(len(page.items) > SMALL_PAGE for page in small):
        yield f"a page held more than the {SMALL_PAGE} asked for"


def _cursor_replay(subject: Subject) -> Complaints:
    first = subject.core.products(None, SMALL_PAGE)
    once = subject.core.products(first.next, SMALL_PAGE)
    again = subject.core.products(first.next, SMALL_PAGE)
    if once.items != again.items or once.deleted != again.deleted:
        yield "the same cursor gave other products the second time"


def _cursor_end(subject: Subject) -> Complaints:
    last = _everything(subject.core.products, 500)[-1]
    after = subject.core.products(last.next, 500)
    if after.items or after.deleted or after.more:
        yield f"after the last page came {len(after.items)} products, more={after.more}"


def _cursor_unknown(subject: Subject) -> Complaints:
    yield from _refusal(lambda: subject.core.products("no.such.cursor", 10), "cursor-unknown")


def _refusal(ask: Callable[[], object], code: str) -> Complaints:
    try:
        answer = ask()
    except CoreRefusedError as error:
        if error.code != code:
            yield f"refused with the code {error.code!r} instead of {code!r}"
    else:
        yield f"should have been refused with {code!r}, answered {answer!r}"[:200]


def _stock(subject: Subject) -> Complaints:
    levels = [level for page in _everything(subject.core.stock, 500) for level in page.items]
    skus = list(dict.fromkeys(level.sku for level in levels))[:SAMPLE]
    now = {(level.sku, level.warehouse): level for level in subject.core.stock_of(skus)}
    for level in levels:
        if level.sku in skus and now.get((level.sku, level.warehouse)) != level:
            yield f"{level.sku} in {level.warehouse}: the feed and the question differ"
        if level.available < 0:
            yield f"{level.sku} in {level.warehouse}: {level.available} available"
    if subject.core.stock_of([NOWHERE]):
        yield "an unknown article has stock"


def _part_numbers(subject: Subject) -> Complaints:
    if PART_NUMBERS not in subject.core.capabilities().features:
        return
    pages = _everything(subject.core.part_numbers, 500)
    keys = [part_number_key(one.customer_id, one.buyer_sku) for page in pages for one in page.items]
    if len(keys) != len(set(keys)):
        yield "a customer's number came twice although nothing changed"
    if not all(one.buyer_sku and one.sku for page in pages for one in page.items):
        yield "a part number lacks the customer's number or ours"
    after = subject.core.part_numbers(pages[-1].next, 500)
    if after.items or after.deleted or after.more:
        yield f"after the last page came {len(after.items)} part numbers, more={after.more}"
    yield from _refusal(lambda: subject.core.part_numbers("no.such.cursor", 10), "cursor-unknown")


def _deliveries(subject: Subject) -> Complaints:
    if DELIVERIES not in subject.core.capabilities().features:
        return
    customer = subject.core.customer(subject.customer_id)
    known = () if customer is None else customer.addresses[:SAMPLE]
    for address in (*known, Address(country="ZZ", postal_code="0"), Address()):
        routes = subject.core.deliveries(address) or ()
        named = [route.warehouse for route in routes]
        if len(named) != len(set(named)):
            yield f"a warehouse serves {address.postal_code} {address.city} twice: {named}"
        for route in routes:
            if route.days < 0 or route.leaves_on < subject.now.date() - DAY:
                yield f"{route.warehouse} leaves {route.leaves_on} and takes {route.days} days"


def _prices(subject: Subject) -> Complaints:
    skus = [NOWHERE, *(product.sku for product in subject.sample())]
    questions = [PriceQuestion(sku=sku, quantity=Decimal(1)) for sku in skus]
    answers = subject.core.prices(subject.customer_id, questions, subject.now.date())
    if [answer.sku for answer in answers] != skus:
        yield "the answers are not those to the questions, in their order"
    if answers and answers[0].price is not None:
        yield "an unknown article has a price"
    priced = [answer.price for answer in answers if answer.price is not None]
    if len(skus) > 1 and not priced:
        yield f"none of {len(skus) - 1} articles has a price for customer {subject.customer_id}"
    for price in priced:
        yield from _price(price)


def _price(price: Price) -> Complaints:
    if price.amount < 0 or price.base_quantity <= 0:
        yield f"{price.amount} for {price.base_quantity} is no price"
    if any(after.minimum <= before.minimum for before, after in pairwise(price.breaks)):
        yield f"the breaks {price.breaks} do not rise"


def _prices_of_stranger(subject: Subject) -> Complaints:
    question = [PriceQuestion(sku=NOWHERE, quantity=Decimal(1))]
    today = subject.now.date()
    yield from _refusal(lambda: subject.core.prices(NOWHERE, question, today), "customer-unknown")


def _customer(subject: Subject) -> Complaints:
    customer = subject.core.customer(subject.customer_id)
    if customer is None:
        yield f"customer {subject.customer_id} is not known; name one that is"
        return
    if customer.customer_id != subject.customer_id:
        yield f"asked for {subject.customer_id}, got {customer.customer_id}"
    for identifier in customer.identifiers:
        if subject.core.customer_by_identifier(identifier) != customer:
            yield f"{identifier.scheme}:{identifier.value} leads to another customer or none"


def _strangers(subject: Subject) -> Complaints:
    if subject.core.customer(NOWHERE) is not None:
        yield f"customer {NOWHERE} is known"
    stranger = Identifier(value=NOWHERE, scheme="DUNS")
    if subject.core.customer_by_identifier(stranger) is not None:
        yield f"DUNS:{NOWHERE} is known"
    if subject.core.order(NOWHERE) is not None:
        yield f"order {NOWHERE} is known"


def _once(subject: Subject) -> Complaints:
    reference, order = subject.reference(), subject.order()
    first = subject.core.submit(reference, subject.customer_id, order)
    again = subject.core.submit(reference, subject.customer_id, order)
    found = subject.core.order(reference)
    if first.state is not SubmissionState.CREATED or first.order is None:
        yield f"a new order was answered {first.state}"
    if again.state is not SubmissionState.EXISTING:
        yield f"the same order was answered {again.state}"
    if found is None or again.order is None or found.order_number != again.order.order_number:
        yield "the order is not found under its reference"
    listed = [
        state
        for page in _everything(subject.core.orders, 500)
        for state in page.items
        if state.external_reference == reference
    ]
    if len(listed) != 1:
        yield f"the orders feed has the order {len(listed)} times"
    yield from _removed(subject, reference)


def _removed(subject: Subject, reference: str) -> Complaints:
    state = subject.core.cancel(reference, "conformance suite")
    if state is None or state.state != "cancelled":
        yield f"the test order {reference} was not cancelled; please do"


def _conflict(subject: Subject) -> Complaints:
    reference = subject.reference()
    subject.core.submit(reference, subject.customer_id, subject.order())
    other = subject.core.submit(reference, subject.customer_id, subject.order(quantity="2"))
    found = subject.core.order(reference)
    if other.state is not SubmissionState.CONFLICT:
        yield f"another order under the same reference was answered {other.state}"
    if found is None or [line.quantity.value for line in found.lines] != [Decimal(1)]:
        yield "the first order did not stay as it was"
    yield from _removed(subject, reference)


def _change_of(order: Order, quantity: str) -> OrderChange:
    line = order.lines[0]
    amount = Quantity(value=Decimal(quantity), unit=line.quantity.unit)
    return OrderChange(
        order_id=order.order_id,
        issued_at=order.issued_at,
        currency=order.currency,
        lines=(replace(line, quantity=amount),),
        order_version="2",
        note=order.note,
        test=True,
    )


def _change(subject: Subject) -> Complaints:
    reference, order = subject.reference(), subject.order()
    change = _change_of(order, "3")
    first = subject.core.submit(reference, subject.customer_id, order)
    changed = subject.core.submit(reference, subject.customer_id, change)
    late = subject.core.submit(reference, subject.customer_id, order)
    found = subject.core.order(reference)
    if changed.state is not SubmissionState.CREATED:
        yield f"a change was answered {changed.state}"
    if late.state is not SubmissionState.EXISTING:
        yield f"a late repetition of the first body was answered {late.state}"
    if found is None or [line.quantity.value for line in found.lines] != [Decimal(3)]:
        yield "the change did not replace the order"
    if first.order and found and first.order.order_number != found.order_number:
        yield "the change gave the order another number"
    yield from _removed(subject, reference)


def _change_of_nothing(subject: Subject) -> Complaints:
    change = _change_of(subject.order(), "1")
    yield from _refusal(
        lambda: subject.core.submit(subject.reference(), subject.customer_id, change),
        "order-unknown",
    )


def _at_once(subject: Subject) -> Complaints:
    reference, order = subject.reference(), subject.order()

    def put(_: int) -> SubmissionState:
        return subject.core.submit(reference, subject.customer_id, order).state

    with ThreadPoolExecutor(PARALLEL) as pool:
        states = list(pool.map(put, range(PARALLEL)))
    created = states.count(SubmissionState.CREATED)
    if created != 1 or states.count(SubmissionState.EXISTING) != PARALLEL - 1:
        yield f"{PARALLEL} equal submissions at once were answered {sorted(states)}"
    yield from _removed(subject, reference)


def _decimals(subject: Subject) -> Complaints:
    reference = subject.reference()
    price = Decimal("1234567.0100")
    order = subject.order(quantity="2.500", price=price)
    subject.core.submit(reference, subject.customer_id, order)
    found = subject.core.order(reference)
    answers = found.lines if found else ()
    for line, answer in zip(order.lines, answers, strict=False):
        if answer.quantity != line.quantity:
            yield f"quantity {line.quantity} came back as {answer.quantity}"
        if answer.price is not None and answer.price.amount != price:
            yield f"price {price} came back as {answer.price.amount}"
    if len(answers) != len(order.lines):
        yield f"{len(order.lines)} lines came back as {len(answers)}"
    yield from _removed(subject, reference)


def _cancel(subject: Subject) -> Complaints:
    reference = subject.reference()
    if subject.core.cancel(reference, "conformance suite") is not None:
        yield "an order that is not there was cancelled"
    subject.core.submit(reference, subject.customer_id, subject.order())
    yield from _removed(subject, reference)
    yield from _removed(subject, reference)
    found = subject.core.order(reference)
    if found is None or found.state != "cancelled":
        yield "a cancelled order is not found as such"


def _salesperson(subject: Subject) -> Complaints:
    if CREDIT not in subject.core.capabilities().features:
        return
    reference, person = subject.reference(), Contact(name="Conformance", email="c@example.com")
    order = replace(subject.order(), salesperson=person)
    subject.core.submit(reference, subject.customer_id, order)
    found = subject.core.order(reference)
    if found is None or found.salesperson != person:
        yield f"the credit of {person.name} came back as {found and found.salesperson}"
    yield from _removed(subject, reference)


def _order_of_stranger(subject: Subject) -> Complaints:
    reference = subject.reference()
    yield from _refusal(
        lambda: subject.core.submit(reference, NOWHERE, subject.order()), "customer-unknown"
    )
    if subject.core.order(reference) is not None:
        yield "the refused order is there nevertheless"


def _reports(subject: Subject) -> Complaints:
    if REPORTS not in subject.core.capabilities().features:
        return
    pages = _everything(subject.core.reports, SMALL_PAGE, most=SMALL_PAGES)
    here = [report.report_id for page in pages for report in page.items]
    if len(here) != len(set(here)):
        yield "a report came twice"
    for page in pages:
        for report in page.items:
            if len(report.documents) != 1:
                yield f"report {report.report_id} holds {len(report.documents)} documents, not one"
    again = subject.core.reports(pages[-1].next, SMALL_PAGE)
    if again.items:
        yield "after the last page came more, although nothing changed"
    yield from _refusal(lambda: subject.core.reports("no.such.cursor", 10), "cursor-unknown")


SCENARIOS: Final[tuple[Scenario, ...]] = (
    Scenario("capabilities", "the core says its name and version", _capabilities),
    Scenario("paging", "pages of any size give every product once", _paging),
    Scenario("cursor-replay", "a cursor gives the same page again", _cursor_replay),
    Scenario("cursor-end", "after the last page comes an empty one", _cursor_end),
    Scenario("cursor-unknown", "a foreign cursor is refused", _cursor_unknown),
    Scenario("stock", "the stock feed and the stock question agree", _stock),
    Scenario("part-numbers", "each number of a customer's comes once", _part_numbers),
    Scenario("reports", "what happened to orders is told once, one document each", _reports),
    Scenario("deliveries", "a warehouse serves an address once", _deliveries),
    Scenario("prices", "each question has its answer, in order", _prices),
    Scenario("prices-of-stranger", "an unknown customer has no prices", _prices_of_stranger),
    Scenario("customer", "every identifier leads to the customer", _customer),
    Scenario("strangers", "what is not there is none, not an error", _strangers),
    Scenario("once", "the same order again changes nothing", _once, writes=True),
    Scenario("conflict", "another order under a reference is refused", _conflict, writes=True),
    Scenario("change", "a change replaces the order and keeps its number", _change, writes=True),
    Scenario(
        "change-of-nothing", "a change of no order is refused", _change_of_nothing, writes=True
    ),
    Scenario("at-once", "equal orders at once make exactly one", _at_once, writes=True),
    Scenario("decimals", "decimals come back as they went", _decimals, writes=True),
    Scenario("salesperson", "an order keeps who has its credit", _salesperson, writes=True),
    Scenario("cancel", "an order is cancelled once and stays so", _cancel, writes=True),
    Scenario(
        "order-of-stranger", "an unknown customer cannot order", _order_of_stranger, writes=True
    ),
)
