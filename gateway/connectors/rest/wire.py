"""Hold the bodies of `core-api/v1` that are not canonical documents.

JSON in UTF-8, decimals as strings, days and instants by RFC 3339, names as here. The schemas of
docs/reference/core-api.yaml are those of these classes and of the documents in them.
"""

from collections.abc import Mapping
from datetime import date
from inspect import cleandoc
from typing import Any, Final

import msgspec

from canonical.delivery import DeliveryRoute
from canonical.document import Document
from canonical.order import Order, OrderChange
from canonical.party import Address, Customer
from canonical.product import PartNumber, Product
from canonical.stock import StockLevel
from gateway.connectors.contract import (
    Capabilities,
    OrderState,
    PriceAnswer,
    PriceQuestion,
    Report,
    Submission,
)


class ProductPage(Document):
    """Answer `GET /v1/products`."""

    items: tuple[Product, ...]
    next: str
    more: bool
    deleted: tuple[str, ...] = ()


class StockPage(Document):
    """Answer `GET /v1/stock`; `deleted` are `<warehouse>/<sku>`."""

    items: tuple[StockLevel, ...]
    next: str
    more: bool
    deleted: tuple[str, ...] = ()


class PartNumberPage(Document):
    """Answer `GET /v1/part-numbers`; `deleted` are `<customer, percent-encoded>/<buyer_sku>`."""

    items: tuple[PartNumber, ...]
    next: str
    more: bool
    deleted: tuple[str, ...] = ()


class OrderPage(Document):
    """Answer `GET /v1/orders`."""

    items: tuple[OrderState, ...]
    next: str
    more: bool
    deleted: tuple[str, ...] = ()


class ReportPage(Document):
    """Answer `GET /v1/reports`; a report never goes away."""

    items: tuple[Report, ...]
    next: str
    more: bool


class StockQuery(Document):
    """Ask `POST /v1/stock:query`."""

    skus: tuple[str, ...]


class StockAnswer(Document):
    """Answer `POST /v1/stock:query`."""

    items: tuple[StockLevel, ...]


class DeliveryQuery(Document):
    """Ask `POST /v1/deliveries:query`."""

    ship_to: Address


class DeliveryAnswer(Document):
    """Answer `POST /v1/deliveries:query`; without items nothing is known of the address."""

    items: tuple[DeliveryRoute, ...] | None = None


class PriceQuery(Document):
    """Ask `POST /v1/prices:query`."""

    customer: str
    on: date
    lines: tuple[PriceQuestion, ...]


class PriceAnswers(Document):
    """Answer `POST /v1/prices:query`, one line a question in the same order."""

    lines: tuple[PriceAnswer, ...]


class CustomerAnswer(Document):
    """Answer `GET /v1/customers?identifier=`: one customer or none."""

    items: tuple[Customer, ...]


class OrderBody(Document):
    """Put an order: exactly one of `order` and `change` is there."""

    customer: str
    order: Order | None = None
    change: OrderChange | None = None


class CancelBody(Document):
    """Ask `POST /v1/orders/{reference}:cancel`."""

    reason: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Report a failure (RFC 9457, `application/problem+json`); `code` is stable."""

    title: str
    code: str
    status: int | None = None
    detail: str | None = None
    retryable: bool = False


BODIES: Final[tuple[type, ...]] = (
    CancelBody,
    Capabilities,
    Customer,
    CustomerAnswer,
    DeliveryAnswer,
    DeliveryQuery,
    OrderBody,
    OrderPage,
    OrderState,
    PartNumberPage,
    PriceAnswers,
    PriceQuery,
    Problem,
    ProductPage,
    ReportPage,
    StockAnswer,
    StockPage,
    StockQuery,
    Submission,
)


def schemas() -> Mapping[str, Any]:  # Any: JSON Schema is free-form
    """Return the JSON Schema of every body, as `components.schemas` of the published document."""
    _, components = msgspec.json.schema_components(
        BODIES, ref_template="#/components/schemas/{name}"
    )
    for schema in components.values():  # Python takes the margin off since 3.13
        schema["description"] = cleandoc(schema["description"])
    return dict(sorted(components.items()))
