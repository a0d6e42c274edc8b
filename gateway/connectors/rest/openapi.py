"""Write `core-api/v1` as OpenAPI 3.1: `python -m gateway.connectors.rest.openapi > FILE`.

One table of operations; the schemas are those of the classes that the client sends and reads. The
published file is docs/reference/core-api.yaml, and a test holds it to this module.
"""

from collections.abc import Mapping
from typing import Any, Final

import click
import msgspec
import yaml

from canonical.document import Document
from canonical.party import Customer
from gateway.connectors.contract import Capabilities, OrderState, Submission
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
    schemas,
)

Json = dict[str, Any]  # Any: OpenAPI is free-form


class Operation(msgspec.Struct, frozen=True):
    """Describe one request: what goes in, what comes out by status."""

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[str, tuple[str, type[Document] | None]]
    parameters: tuple[str, ...] = ()
    body: type[Document] | None = None
    description: str = ""


def _problems(**codes: str) -> dict[str, tuple[str, None]]:
    return {status.removeprefix("s"): (words, None) for status, words in codes.items()}


CHANGES: Final = (
    "Oldest change first. `next` is opaque and asks for what comes after; keep it and poll. A "
    "change must not become visible after a later one has been given out: with time stamps, go "
    "back by the longest transaction. `deleted` names what is gone."
)
OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "get",
        "/v1/capabilities",
        "capabilities",
        "Name, version and features of the core.",
        {"200": ("what it is", Capabilities)},
    ),
    Operation(
        "get",
        "/v1/products",
        "products",
        "Products changed since a cursor.",
        {
            "200": ("a page of changes", ProductPage),
            **_problems(s422="`cursor-unknown`: not one of this core's"),
        },
        ("since", "limit"),
        description=CHANGES,
    ),
    Operation(
        "get",
        "/v1/stock",
        "stock",
        "Stock levels changed since a cursor, one a product and warehouse.",
        {
            "200": ("a page of changes", StockPage),
            **_problems(s422="`cursor-unknown`: not one of this core's"),
        },
        ("since", "limit"),
        description=CHANGES + " Keys of stock levels are `<warehouse>/<sku>`.",
    ),
    Operation(
        "get",
        "/v1/part-numbers",
        "part_numbers",
        "What customers call products, changed since a cursor.",
        {
            "200": ("a page of changes", PartNumberPage),
            **_problems(s422="`cursor-unknown`: not one of this core's"),
        },
        ("since", "limit"),
        description=(
            CHANGES + " Asked only of a core whose features name `products.part_numbers`. Keys are "
            "`<customer>/<buyer_sku>`, the customer percent-encoded."
        ),
    ),
    Operation(
        "post",
        "/v1/stock:query",
        "stock_of",
        "Stock levels of some products now.",
        {"200": ("one level a warehouse; unknown products have none", StockAnswer)},
        body=StockQuery,
    ),
    Operation(
        "post",
        "/v1/deliveries:query",
        "deliveries",
        "How each warehouse serves an address, as of now.",
        {
            "200": (
                "one route a warehouse that serves it; no items: nothing is known",
                DeliveryAnswer,
            )
        },
        body=DeliveryQuery,
        description=(
            "Asked only of a core whose features name `deliveries.query`. `leaves_on` minds the "
            "warehouse's cut-off; the goods arrive `days` working days later."
        ),
    ),
    Operation(
        "post",
        "/v1/prices:query",
        "prices",
        "What a customer pays, one answer a line in the same order.",
        {
            "200": ("net prices excluding tax; no price: not sold to this customer", PriceAnswers),
            **_problems(s422="`customer-unknown`"),
        },
        body=PriceQuery,
        description=(
            "A price with `breaks` holds for every quantity, its `amount` below the first break; "
            "one without holds for the quantity asked."
        ),
    ),
    Operation(
        "get",
        "/v1/customers/{customer}",
        "customer",
        "A customer by the core's number.",
        {"200": ("the customer", Customer), **_problems(s404="`customer-unknown`")},
        ("customer",),
    ),
    Operation(
        "get",
        "/v1/customers",
        "customer_by_identifier",
        "A customer by GLN, DUNS, VAT or NetworkId.",
        {"200": ("one customer or none", CustomerAnswer)},
        ("identifier",),
    ),
    Operation(
        "put",
        "/v1/orders/{reference}",
        "submit",
        "Create an order, or replace it by a change.",
        {
            "201": ("created or replaced: `created`", Submission),
            "200": ("the same body was here before, nothing changed: `existing`", Submission),
            "202": ("taken in charge: `pending`; ask for the order later", Submission),
            **_problems(
                s409="`order-conflict`: another order stands under this reference",
                s422="`customer-unknown`, or `order-unknown` for a change of no order",
            ),
        },
        ("reference",),
        body=OrderBody,
        description=(
            "Write the reference first and let the database keep it unique: equal requests may "
            "come at once, and again after a time-out. A body that was ever accepted under the "
            "reference answers `existing`."
        ),
    ),
    Operation(
        "get",
        "/v1/orders/{reference}",
        "order",
        "An order by our reference.",
        {"200": ("the order", OrderState), **_problems(s404="`order-unknown`")},
        ("reference",),
    ),
    Operation(
        "post",
        "/v1/orders/{reference}:cancel",
        "cancel",
        "Cancel an order if it still can be; the state says whether it was.",
        {"200": ("the order as it stands", OrderState), **_problems(s404="`order-unknown`")},
        ("reference",),
        body=CancelBody,
    ),
    Operation(
        "get",
        "/v1/orders",
        "orders",
        "Orders changed since a cursor.",
        {
            "200": ("a page of changes", OrderPage),
            **_problems(s422="`cursor-unknown`: not one of this core's"),
        },
        ("since", "limit"),
        description=CHANGES,
    ),
    Operation(
        "get",
        "/v1/reports",
        "reports",
        "What happened to orders since a cursor: confirmations, despatches, invoices.",
        {
            "200": ("a page of reports", ReportPage),
            **_problems(s422="`cursor-unknown`: not one of this core's"),
        },
        ("since", "limit"),
        description=(
            CHANGES.partition("`deleted`")[0] + "Asked only of a core whose features name "
            "`reports`. A report holds exactly one document, and the same one for good: each is "
            "sent to the customer once, by `report_id`."
        ),
    ),
)
"""Every verb of the contract."""

PARAMETERS: Final[Mapping[str, Json]] = {
    "since": {
        "in": "query",
        "description": "A cursor that this feed gave out; without it, from the beginning.",
        "schema": {"type": "string"},
    },
    "limit": {
        "in": "query",
        "description": "Most items of the page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    },
    "customer": {
        "in": "path",
        "required": True,
        "description": "The core's number of the customer.",
        "schema": {"type": "string"},
    },
    "reference": {
        "in": "path",
        "required": True,
        "description": "Our reference, percent-encoded; it may hold slashes and colons.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "identifier": {
        "in": "query",
        "required": True,
        "description": "`<scheme>:<value>`; schemes ignore case.",
        "schema": {"type": "string"},
        "example": "GLN:7350000000114",
    },
}

INTRODUCTION: Final = """\
What the gateway asks of an ERP or commerce core, and all it needs of it. Implement these paths, or
put them before what you have; `gateway core check` tries whether the promises are kept, and
`examples/reference_core` is a server to read.

JSON in UTF-8. Decimals are strings, never JSON numbers. Amounts exclude tax and carry their
currency; quantities carry their unit (UN/ECE Recommendation 20). Days and instants by RFC 3339.
Unknown fields are an error on both sides.

Failures are `application/problem+json` (RFC 9457) with a stable `code`. 429 and 503 mean: later,
see `Retry-After`. Any other 5xx and any answer that cannot be read mean that nothing is known of
the effect, and the gateway asks again; so every request may come more than once. Other 4xx are
final. Redirects are not followed.
"""


def document() -> Json:
    """Return the whole document."""
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "core-api",
            "version": "1.0.0",
            "summary": "Products, prices, stock, customers and orders of a supplier's core.",
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "`core.url` of gateway.toml"}],
        "security": [{"bearer": []}, {}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "parameters": {name: {"name": name, **value} for name, value in PARAMETERS.items()},
            "responses": {"Problem": {"description": "A failure.", "content": _problem_content()}},
            "schemas": dict(schemas()),
        },
    }


def _operation(operation: Operation) -> Json:
    result: Json = {"operationId": operation.name, "summary": operation.summary}
    if operation.description:
        result["description"] = operation.description
    if operation.parameters:
        result["parameters"] = [
            {"$ref": f"#/components/parameters/{name}"} for name in operation.parameters
        ]
    if operation.body is not None:
        result["requestBody"] = {"required": True, "content": _content(operation.body)}
    result["responses"] = {
        status: {
            "description": words,
            "content": _problem_content() if body is None else _content(body),
        }
        for status, (words, body) in operation.answers.items()
    } | {"default": {"$ref": "#/components/responses/Problem"}}
    return result


def _content(body: type[Document]) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{body.__name__}"}}}


def _problem_content() -> Json:
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def published() -> str:
    """Return the document as the file in docs/reference holds it."""
    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=96)


if __name__ == "__main__":
    click.echo(published(), nl=False)
