"""Show a small procurement system: the buyer's side, for a person to click through.

It frames the shop as real systems do, receives the cart where the setup or login said, shows what
was asked and answered, judges it, and orders. For one machine only: it answers to loopback names
and addresses alone and has no login.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import flask
from werkzeug.wrappers import Response

from canonical.amounts import plain
from canonical.price import line_amount
from canonical.punchout import CartLine, Operation
from gateway.buyer.requisitions import STAGES, Requisition, Requisitions
from gateway.buyer.rules import Weight
from gateway.errors import GatewayError, NotFoundError

MAX_CART: Final = 8_000_000
_PAGES: Final = Path(__file__).with_name("desk_pages")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "frame-src http: https:; form-action http: https:; base-uri 'none'; frame-ancestors 'self'"
)


def create_desk_pages(requisitions: Requisitions, prefix: str | None = None) -> flask.Blueprint:
    """Return the desk's routes, to be put below `prefix`."""
    desk = flask.Blueprint(
        "desk",
        __name__,
        url_prefix=prefix,
        template_folder=str(_PAGES),
        static_folder=str(_PAGES / "desk/static"),
    )
    desk.add_app_template_filter(_amount, "line_amount")
    desk.add_app_template_filter(plain, "plain")
    desk.context_processor(lambda: {"stages": STAGES})
    desk.before_request(_from_here)
    desk.after_request(_headers)
    desk.register_error_handler(NotFoundError, _not_found)
    desk.register_error_handler(GatewayError, _failed)
    _route(desk, requisitions)
    return desk


def _route(desk: flask.Blueprint, requisitions: Requisitions) -> None:
    @desk.get("/")
    def home() -> str:
        return flask.render_template(
            "desk/home.html",
            offices=tuple(requisitions.offices().values()),
            requisitions=requisitions.all(),
        )

    _route_visit(desk, requisitions)
    _route_actions(desk, requisitions)


def _route_visit(desk: flask.Blueprint, requisitions: Requisitions) -> None:
    @desk.post("/punchout/<office>")
    def punchout(office: str) -> Response:
        return _to_shop(requisitions.begin(office))

    @desk.get("/visit/<key>")
    def visit(key: str) -> str | Response:
        requisition = requisitions.get(key)
        if not requisition.is_open:
            return _to(requisition)
        return flask.render_template("desk/visit.html", requisition=requisition)

    @desk.get("/visit/<key>/login")
    def login(key: str) -> str | Response:
        """Show the form that carries the login into the shop, inside the frame."""
        requisition = requisitions.get(key)
        if requisition.login is None:
            return _to(requisition)
        return flask.render_template("desk/login.html", login=requisition.login)

    @desk.post("/return/<key>")
    def receive(key: str) -> str:
        requisition = requisitions.receive(key, flask.request.get_data(cache=False))
        return flask.render_template("desk/arrived.html", requisition=requisition)

    @desk.get("/requisitions/<key>")
    def requisition(key: str) -> str:
        return flask.render_template(
            "desk/requisition.html", requisition=requisitions.get(key), blocking=Weight.BLOCKING
        )


def _route_actions(desk: flask.Blueprint, requisitions: Requisitions) -> None:
    def acting(action: Callable[[Requisition], None]) -> Callable[[str], Response]:
        def act(key: str) -> Response:
            found = requisitions.get(key)
            action(found)
            return _to_shop(found)

        return act

    actions: dict[str, Callable[[Requisition], None]] = {
        "order": requisitions.send_order,
        "edit": lambda found: requisitions.punchout(found, Operation.EDIT),
        "inspect": lambda found: requisitions.punchout(found, Operation.INSPECT),
    }
    for name, action in actions.items():
        desk.add_url_rule(f"/requisitions/<key>/{name}", name, acting(action), methods=["POST"])


def _to_shop(requisition: Requisition) -> Response:
    """Send the browser into the shop if a visit is open, else to the requisition."""
    if not requisition.is_open:
        return _to(requisition)
    return flask.redirect(flask.url_for(".visit", key=requisition.key), 303)


def _to(requisition: Requisition) -> Response:
    return flask.redirect(flask.url_for(".requisition", key=requisition.key), 303)


def _from_here() -> None:
    """Refuse other machines and foreign buttons; only the returned cart comes from elsewhere."""
    request = flask.request
    host = request.host.rpartition(":")[0] or request.host
    if host.strip("[]") not in _LOOPBACK or request.remote_addr not in _LOOPBACK:
        flask.abort(403)
    request.max_content_length = request.max_form_memory_size = MAX_CART
    site = request.headers.get("Sec-Fetch-Site", "none")
    foreign = site not in {"same-origin", "none"}
    if request.method == "POST" and foreign and request.endpoint != "desk.receive":
        flask.abort(403)


def _headers(response: flask.Response) -> flask.Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _not_found(error: NotFoundError) -> tuple[str, int]:
    return flask.render_template("desk/sorry.html", message=str(error)), 404


def _failed(error: GatewayError) -> tuple[str, int]:
    return flask.render_template("desk/sorry.html", message=str(error)), 502


def _amount(line: CartLine) -> str:
    if line.price is None:
        return ""
    return f"{line_amount(line.price, line.quantity.value):.2f}"
