"""Put the routes together into one WSGI application.

What is served is decided by the blueprints it is given; this module adds what is true of all:
health, metrics, the description of the API, plain error pages without a word about our insides, and
no cookies anywhere.
"""

import logging
from collections.abc import Iterable, Mapping

import flask
import structlog
from werkzeug.exceptions import HTTPException, InternalServerError

from gateway.observe.health import Probe, examine
from gateway.observe.metrics import PAGES, exposition
from gateway.web.api.openapi import create_description


def create_application(
    blueprints: Iterable[flask.Blueprint], probes: Mapping[str, Probe]
) -> flask.Flask:
    """Return the application that serves `blueprints`, ready when no probe complains."""
    application = flask.Flask("gateway.web", static_folder=None, template_folder=None)
    application.url_map.strict_slashes = False
    application.url_map.redirect_defaults = False
    for blueprint in blueprints:
        application.register_blueprint(blueprint)
    application.register_blueprint(create_description())
    application.register_blueprint(_operations(probes))
    application.register_error_handler(HTTPException, _refused)
    application.register_error_handler(Exception, _failed)
    application.after_request(_count)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return application


def _operations(probes: Mapping[str, Probe]) -> flask.Blueprint:
    blueprint = flask.Blueprint("operations", __name__)

    @blueprint.get("/health/live")
    def live() -> dict[str, str]:
        """Say that the process runs."""
        return {"status": "alive"}

    @blueprint.get("/health/ready")
    def ready() -> tuple[dict[str, object], int]:
        """Say whether database and core answer; 503 when one does not."""
        readiness = examine(probes)
        status = "ready" if readiness.ready else "not ready"
        checks = {name: finding or "ok" for name, finding in readiness.findings.items()}
        return {"status": status, "checks": checks}, 200 if readiness.ready else 503

    @blueprint.get("/metrics")
    def metrics() -> flask.Response:
        """Give the counters in the Prometheus format."""
        content, media_type = exposition()
        return flask.Response(content, content_type=media_type)

    return blueprint


def _refused(error: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Answer what is no page of ours; an HTML page here would only confuse a machine."""
    code = error.code or 500
    headers = {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}
    }
    headers["Content-Type"] = "text/plain; charset=utf-8"
    return f"{code} {error.name}\n", code, headers


def _failed(error: Exception) -> flask.typing.ResponseReturnValue:
    """Note a mistake of ours; who has a page for it shows that."""
    structlog.get_logger().error(
        "request failed", path=_path_shown(), error=type(error).__name__, exc_info=error
    )
    return flask.current_app.handle_http_exception(InternalServerError())


def _path_shown() -> str:
    """Return the route's rule: the path itself may hold a session token."""
    rule = flask.request.url_rule
    return rule.rule if rule is not None else "(no route)"


def _count(response: flask.Response) -> flask.Response:
    PAGES.labels(f"{response.status_code // 100}xx").inc()
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
