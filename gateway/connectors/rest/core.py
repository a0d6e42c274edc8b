"""Answer the core contract by asking the supplier's core over `core-api/v1`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TypeVar
from urllib.parse import quote

from canonical.delivery import DeliveryRoute
from canonical.identifiers import Identifier
from canonical.order import Order, OrderChange
from canonical.party import Address, Customer
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from gateway.ambient import Clock, system_clock
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
from gateway.connectors.rest.exchange import Answer, Exchange, RestSettings
from gateway.connectors.rest.wire import (
    CancelBody,
    CustomerAnswer,
    DeliveryAnswer,
    DeliveryQuery,
    OrderBody,
    OrderPage,
    PartNumberPage,
    PriceAnswers,
    PriceQuery,
    ProductPage,
    ReportPage,
    StockAnswer,
    StockPage,
    StockQuery,
)
from gateway.errors import CoreRefusedError, CoreUnreachableError

BodyT = TypeVar("BodyT")

OK: Final = 200
NOT_FOUND: Final = 404
CONFLICT: Final = 409
SUBMISSIONS: Final[Mapping[int, SubmissionState]] = {
    200: SubmissionState.EXISTING,
    201: SubmissionState.CREATED,
    202: SubmissionState.PENDING,
}
ORDER_CONFLICT: Final = "order-conflict"
CUSTOMER_UNKNOWN: Final = "customer-unknown"
ORDER_UNKNOWN: Final = "order-unknown"


class RestCore:
    """Be the supplier's core, over HTTP: see `gateway.connectors.contract.Core`."""

    def __init__(self, settings: RestSettings, clock: Clock = system_clock) -> None:
        self._exchange = Exchange(settings, clock)

    def close(self) -> None:
        """Close the kept connections."""
        self._exchange.close()

    def capabilities(self) -> Capabilities:
        """Return name, version and features."""
        return self._get("/v1/capabilities", {}, Capabilities)

    def products(self, since: str | None = None, limit: int = 500) -> Page[Product]:
        """Return products changed since a cursor."""
        page = self._get("/v1/products", _range(since, limit), ProductPage)
        return Page(page.items, page.next, page.more, page.deleted)

    def stock(self, since: str | None = None, limit: int = 500) -> Page[StockLevel]:
        """Return stock levels changed since a cursor."""
        page = self._get("/v1/stock", _range(since, limit), StockPage)
        return Page(page.items, page.next, page.more, page.deleted)

    def part_numbers(self, since: str | None = None, limit: int = 500) -> Page[PartNumber]:
        """Return part numbers changed since a cursor."""
        page = self._get("/v1/part-numbers", _range(since, limit), PartNumberPage)
        return Page(page.items, page.next, page.more, page.deleted)

    def stock_of(self, skus: Sequence[str]) -> tuple[StockLevel, ...]:
        """Return the stock levels of these products now."""
        return self._ask("/v1/stock:query", StockQuery(skus=tuple(skus)), StockAnswer).items

    def deliveries(self, ship_to: Address) -> tuple[DeliveryRoute, ...] | None:
        """Return how each warehouse serves an address now."""
        query = DeliveryQuery(ship_to=ship_to)
        return self._ask("/v1/deliveries:query", query, DeliveryAnswer).items

    def prices(
        self, customer_id: str, questions: Sequence[PriceQuestion], on: date
    ) -> tuple[PriceAnswer, ...]:
        """Return what the customer pays; refuses answers that are not those to the questions."""
        query = PriceQuery(customer=customer_id, on=on, lines=tuple(questions))
        lines = self._ask("/v1/prices:query", query, PriceAnswers).lines
        if [line.sku for line in lines] != [question.sku for question in questions]:
            message = (
                f"the core answered {len(lines)} prices to {len(questions)} questions, or in"
                " another order; core-api/v1 wants one a question in the same order"
            )
            raise CoreUnreachableError(message)
        return lines

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer by the core's number."""
        answer = self._exchange.send("GET", f"/v1/customers/{_segment(customer_id)}")
        return self._found(answer, Customer, CUSTOMER_UNKNOWN)

    def customer_by_identifier(self, identifier: Identifier) -> Customer | None:
        """Return a customer by an outside identifier."""
        wanted = {"identifier": f"{identifier.scheme}:{identifier.value}"}
        items = self._get("/v1/customers", wanted, CustomerAnswer).items
        if len(items) > 1:
            message = f"the core has {len(items)} customers with {wanted['identifier'][:80]!r}"
            raise CoreRefusedError(message, code="identifier-ambiguous")
        return items[0] if items else None

    def submit(self, external_reference: str, customer_id: str, order: Order) -> Submission:
        """Put an order under our reference; the status says what that did."""
        changes = isinstance(order, OrderChange)
        body = OrderBody(
            customer=customer_id,
            order=None if changes else order,
            change=order if isinstance(order, OrderChange) else None,
        )
        path = f"/v1/orders/{_segment(external_reference)}"
        answer = self._exchange.send("PUT", path, body=body)
        problem = answer.problem() if answer.status == CONFLICT else None
        if problem is not None and problem.code == ORDER_CONFLICT:
            reason = problem.detail or problem.title
            return Submission(state=SubmissionState.CONFLICT, reason=reason)
        if answer.status not in SUBMISSIONS:
            raise self._exchange.failure(answer)
        submission = answer.decode(Submission)
        if submission.state is not SUBMISSIONS[answer.status]:
            message = f"{answer.what}, but its body says {submission.state}"
            raise CoreUnreachableError(message)
        return submission

    def cancel(self, external_reference: str, reason: str) -> OrderState | None:
        """Cancel an order if it still can be; the state says whether it was."""
        path = f"/v1/orders/{_segment(external_reference)}:cancel"
        answer = self._exchange.send("POST", path, body=CancelBody(reason=reason))
        return self._found(answer, OrderState, ORDER_UNKNOWN)

    def order(self, external_reference: str) -> OrderState | None:
        """Return an order by our reference."""
        answer = self._exchange.send("GET", f"/v1/orders/{_segment(external_reference)}")
        return self._found(answer, OrderState, ORDER_UNKNOWN)

    def orders(self, since: str | None = None, limit: int = 100) -> Page[OrderState]:
        """Return orders changed since a cursor."""
        page = self._get("/v1/orders", _range(since, limit), OrderPage)
        return Page(page.items, page.next, page.more, page.deleted)

    def reports(self, since: str | None = None, limit: int = 100) -> Page[Report]:
        """Return what happened since a cursor; refuses a report without exactly one document."""
        page = self._get("/v1/reports", _range(since, limit), ReportPage)
        for report in page.items:
            if len(report.documents) != 1:
                message = (
                    f"the core's report {report.report_id!r} holds {len(report.documents)}"
                    " documents; core-api/v1 wants exactly one"
                )
                raise CoreUnreachableError(message)
        return Page(page.items, page.next, page.more)

    def _get(self, path: str, query: Mapping[str, str], body: type[BodyT]) -> BodyT:
        return self._succeeded(self._exchange.send("GET", path, query=query), body)

    def _ask(self, path: str, question: object, body: type[BodyT]) -> BodyT:
        return self._succeeded(self._exchange.send("POST", path, body=question), body)

    def _succeeded(self, answer: Answer, body: type[BodyT]) -> BodyT:
        if answer.status != OK:
            raise self._exchange.failure(answer)
        return answer.decode(body)

    def _found(self, answer: Answer, body: type[BodyT], unknown: str) -> BodyT | None:
        """Return the body, or None for the one 404 that means it: others are a wrong address."""
        if answer.status == NOT_FOUND:
            problem = answer.problem()
            if problem is not None and problem.code == unknown:
                return None
        return self._succeeded(answer, body)


def _range(since: str | None, limit: int) -> dict[str, str]:
    query = {"limit": str(limit)}
    return query if since is None else query | {"since": since}


def _segment(value: str) -> str:
    """Return `value` as one segment of a path; refuses what no path can carry."""
    if not value.strip(".") or "\x00" in value:
        message = f"{value[:80]!r} cannot be part of an address; it needs more than dots"
        raise CoreRefusedError(message, code="reference-invalid")
    return quote(value, safe="")
