"""Let the supplier's own shop read a punchout session and bring its cart back.

`GET /api/v1/punchout/{session}` and `POST /api/v1/punchout/{session}/cart`, both with
`Authorization: Bearer <the secret of punchout.external_secret>`. Posting the same cart again gives
the same answer; another one after the session is closed gives 409. See
docs/how-to/external-shop.md.
"""

from typing import Final

import flask
import msgspec

from canonical.faults import Fault
from canonical.party import Address, Contact
from canonical.punchout import CartLine
from gateway.punchout.service import PunchoutService
from gateway.store.sessions import Session

MAX_BODY: Final = 2_000_000
CONFLICTS: Final = frozenset({"PUNCHOUT-028", "PUNCHOUT-031", "PUNCHOUT-052"})
"""Faults that say: not in this state of the session."""
TITLES: Final = {
    401: "the bearer token does not open this session",
    409: "the session does not take this cart",
    413: "the body is too large",
    422: "the cart cannot be taken",
}


class SessionView(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hold what the shop may know of a session."""

    session: str
    state: str
    operation: str
    buyer: str
    customer: str
    currency: str
    expires_at: str
    test: bool
    language: str | None = None
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None
    selected_sku: str | None = None
    lines: tuple[CartLine, ...] = ()


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hold a refusal as RFC 9457 has it; `faults` says what is wrong, one by one."""

    type: str = "about:blank"
    title: str
    status: int
    code: str | None = None
    detail: str | None = None
    retryable: bool = False
    faults: tuple[Fault, ...] = ()


class Transfer(msgspec.Struct, frozen=True):
    """Tell the shop where to send the browser now."""

    transfer_url: str


def create_punchout_api(punchout: PunchoutService) -> flask.Blueprint:
    """Return the routes."""
    blueprint = flask.Blueprint("punchout_api", __name__, url_prefix="/api/v1/punchout")

    @blueprint.get("/<session_id>")
    def session(session_id: str) -> flask.Response:
        """Tell the supplier's own shop what it needs of a session: buyer, lines, language."""
        found = punchout.external_session(session_id, _bearer())
        return _unauthorised() if found is None else _json(_view(punchout, found), 200)

    @blueprint.post("/<session_id>/cart")
    def cart(session_id: str) -> flask.Response:
        """Take the cart that the supplier's own shop filled, and close the session with it."""
        found = punchout.external_session(session_id, _bearer())
        if found is None:
            return _unauthorised()
        body = flask.request.stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            return _problem(413, ())
        faults = punchout.external_cart(found, body)
        if faults:
            status = 409 if any(fault.code in CONFLICTS for fault in faults) else 422
            return _problem(status, faults)
        return _json(Transfer(transfer_url=punchout.transfer_url(found)), 200)

    return blueprint


def _bearer() -> str:
    scheme, _, token = flask.request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _unauthorised() -> flask.Response:
    response = _problem(401, ())
    response.headers["WWW-Authenticate"] = 'Bearer realm="punchout"'
    return response


def _problem(status: int, faults: tuple[Fault, ...]) -> flask.Response:
    first = faults[0] if faults else None
    problem = Problem(
        title=TITLES[status],
        status=status,
        code=None if first is None else first.code,
        detail=None if first is None else first.message,
        retryable=first is not None and first.code in {"PUNCHOUT-007", "PUNCHOUT-031"},
        faults=faults,
    )
    return _json(problem, status, "application/problem+json")


def _json(
    body: msgspec.Struct, status: int, media_type: str = "application/json"
) -> flask.Response:
    response = flask.Response(msgspec.json.encode(body), status, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _view(punchout: PunchoutService, session: Session) -> SessionView:
    setup = session.setup
    partner = punchout.means.partner(session.partner)
    return SessionView(
        session=session.id,
        state=session.state,
        operation=setup.operation,
        buyer=session.customer.name if partner is None else partner.name,
        customer=session.customer.customer_id,
        currency=session.cart.currency,
        expires_at=session.expires_at.isoformat(),
        test=setup.test,
        language=setup.language,
        contacts=setup.contacts,
        ship_to=setup.ship_to,
        selected_sku=None if setup.selected is None else setup.selected.sku,
        lines=session.cart.lines,
    )
