"""Answer every path of `core-api/v1` with Flask.

Read it beside docs/reference/core-api.yaml. Bodies are decoded and encoded by the classes of
`gateway.connectors.rest.wire`; every failure is a problem document with a stable code.
"""

import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final, TypeVar

# Started as a file, Python looks for modules beside it; the repository lies two folders up.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import click
import flask
import msgspec
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from canonical.identifiers import Identifier
from gateway.connectors.contract import Core, SubmissionState
from gateway.connectors.embedded import EmbeddedCore, load_folder
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
    Problem,
    ProductPage,
    ReportPage,
    StockAnswer,
    StockPage,
    StockQuery,
)
from gateway.errors import CoreBusyError, CoreRefusedError, CoreUnreachableError
from gateway.store.database import open_database
from gateway.store.schema import metadata

BodyT = TypeVar("BodyT")

STATUSES: Final = {
    SubmissionState.CREATED: 201,
    SubmissionState.EXISTING: 200,
    SubmissionState.PENDING: 202,
}
REFUSALS: Final = {"customer-unknown": 422, "order-unknown": 422, "cursor-unknown": 422}
MAX_BODY: Final = 16 * 1024 * 1024
DEFAULT_LIMIT: Final = 100


def create_server(core: Core, token: str | None = None) -> flask.Flask:
    """Return the WSGI application that answers for `core`."""
    app = flask.Flask("reference_core")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    _authenticate(app, token)
    _feeds(app, core)
    _questions(app, core)
    _orders(app, core)
    _failures(app)
    return app


def _authenticate(app: flask.Flask, token: str | None) -> None:
    @app.before_request
    def check() -> flask.Response | None:
        given = flask.request.headers.get("Authorization", "")
        if token is None or secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return None
        return _problem(401, "unauthorised", "a bearer token that is known here is needed")


def _feeds(app: flask.Flask, core: Core) -> None:
    @app.get("/v1/capabilities")
    def capabilities() -> flask.Response:
        return _json(core.capabilities())

    @app.get("/v1/products")
    def products() -> flask.Response:
        page = core.products(*_range())
        return _json(
            ProductPage(items=page.items, next=page.next, more=page.more, deleted=page.deleted)
        )

    @app.get("/v1/stock")
    def stock() -> flask.Response:
        page = core.stock(*_range())
        return _json(
            StockPage(items=page.items, next=page.next, more=page.more, deleted=page.deleted)
        )

    @app.get("/v1/part-numbers")
    def part_numbers() -> flask.Response:
        page = core.part_numbers(*_range())
        return _json(
            PartNumberPage(items=page.items, next=page.next, more=page.more, deleted=page.deleted)
        )

    @app.get("/v1/orders")
    def orders() -> flask.Response:
        page = core.orders(*_range())
        return _json(
            OrderPage(items=page.items, next=page.next, more=page.more, deleted=page.deleted)
        )

    @app.get("/v1/reports")
    def reports() -> flask.Response:
        page = core.reports(*_range())
        return _json(ReportPage(items=page.items, next=page.next, more=page.more))


def _questions(app: flask.Flask, core: Core) -> None:
    @app.post("/v1/stock:query")
    def stock_of() -> flask.Response:
        return _json(StockAnswer(items=core.stock_of(_body(StockQuery).skus)))

    @app.post("/v1/deliveries:query")
    def deliveries() -> flask.Response:
        return _json(DeliveryAnswer(items=core.deliveries(_body(DeliveryQuery).ship_to)))

    @app.post("/v1/prices:query")
    def prices() -> flask.Response:
        query = _body(PriceQuery)
        return _json(PriceAnswers(lines=core.prices(query.customer, query.lines, query.on)))

    @app.get("/v1/customers/<path:number>")
    def customer(number: str) -> flask.Response:
        found = core.customer(number)
        if found is None:
            return _problem(404, "customer-unknown", f"there is no customer {number}")
        return _json(found)

    @app.get("/v1/customers")
    def customers() -> flask.Response:
        scheme, _, value = flask.request.args.get("identifier", "").partition(":")
        found = core.customer_by_identifier(Identifier(value=value, scheme=scheme))
        return _json(CustomerAnswer(items=() if found is None else (found,)))


def _orders(app: flask.Flask, core: Core) -> None:
    @app.put("/v1/orders/<path:reference>")
    def put(reference: str) -> flask.Response:
        body = _body(OrderBody)
        order = body.change or body.order
        if order is None or (body.change and body.order):
            return _problem(400, "body-invalid", "exactly one of order and change is needed")
        submission = core.submit(reference, body.customer, order)
        if submission.state is SubmissionState.CONFLICT:
            return _problem(409, "order-conflict", submission.reason or "another order is there")
        return _json(submission, STATUSES[submission.state])

    @app.post("/v1/orders/<path:reference>:cancel")
    def cancel(reference: str) -> flask.Response:
        state = core.cancel(reference, _body(CancelBody).reason)
        return _unknown_order(reference) if state is None else _json(state)

    @app.get("/v1/orders/<path:reference>")
    def order(reference: str) -> flask.Response:
        state = core.order(reference)
        return _unknown_order(reference) if state is None else _json(state)


def _failures(app: flask.Flask) -> None:
    @app.errorhandler(msgspec.DecodeError)
    @app.errorhandler(UnicodeDecodeError)
    def unreadable(error: ValueError) -> flask.Response:
        return _problem(400, "body-invalid", str(error))

    @app.errorhandler(CoreRefusedError)
    def refused(error: CoreRefusedError) -> flask.Response:
        code = error.code or "refused"
        return _problem(REFUSALS.get(code, 422), code, str(error))

    @app.errorhandler(CoreBusyError)
    def busy(error: CoreBusyError) -> flask.Response:
        response = _problem(503, "busy", str(error), retryable=True)
        response.headers["Retry-After"] = str(int(error.retry_after or 1))
        return response

    @app.errorhandler(CoreUnreachableError)
    def unreachable(error: CoreUnreachableError) -> flask.Response:
        return _problem(502, "unreachable", str(error), retryable=True)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> flask.Response:
        return _problem(error.code or 500, f"http-{error.code}", error.description or error.name)


def _range() -> tuple[str | None, int]:
    limit = flask.request.args.get("limit", DEFAULT_LIMIT, type=int)
    return flask.request.args.get("since"), limit


def _body(body: type[BodyT]) -> BodyT:
    return msgspec.json.decode(flask.request.get_data(), type=body)


def _json(value: object, status: int = 200) -> flask.Response:
    return flask.Response(msgspec.json.encode(value), status, mimetype="application/json")


def _unknown_order(reference: str) -> flask.Response:
    return _problem(404, "order-unknown", f"there is no order {reference}")


def _problem(status: int, code: str, detail: str, *, retryable: bool = False) -> flask.Response:
    problem = Problem(
        title=code.replace("-", " "), code=code, status=status, detail=detail, retryable=retryable
    )
    content = msgspec.json.encode(problem)
    return flask.Response(content, status, mimetype="application/problem+json")


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--database", help="SQLAlchemy address; default: a new SQLite file.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8090, show_default=True, help="0 takes a free one.")
@click.option("--token", envvar="CORE_TOKEN", help="Bearer token that callers must send.")
def main(data: Path | None, database: str | None, host: str, port: int, token: str | None) -> None:
    """Serve core-api/v1 with the data of a folder."""
    # Ending is asked for by a signal; going through `finally` leaves no folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="reference-core-") as folder:
        opened = open_database(database or f"sqlite:///{folder}/core.sqlite")
        metadata.create_all(opened.engine)
        if data is not None:
            click.echo(f"loaded {load_folder(opened, data)}")
        app = create_server(EmbeddedCore(opened), token)
        server = make_server(host, port, app, threaded=True)
        click.echo(f"serving core-api/v1 on http://{host}:{server.server_port}")
        sys.stdout.flush()
        try:
            server.serve_forever()
        finally:
            server.server_close()
            opened.close()


if __name__ == "__main__":
    main()
