"""Take the logins of procurement systems at each partner's own address, and show what came of them.

Here a person's browser stands at the door and not a machine: what opens a session leads into the
shop, what is asked becomes a page with a form, and what is refused a page that says why. The
login's secret may stand in the address, so no address is ever written down, shown or passed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote_plus

import flask
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, MultipartDecoder, NeedData

from canonical.punchout import CataloguePage, ItemList, ItemQuery, PunchoutSession, QueryKind
from canonical.wire import Payload, Verdict
from gateway.ambient import Clock
from gateway.observe.metrics import INTERCHANGES, RECEIVE_SECONDS
from gateway.partners.throttle import Buckets
from gateway.pipeline.contract import Answer, Arrival
from gateway.punchout.service import PunchoutService
from gateway.web.bodies import RETRY_SECONDS, read_body
from gateway.web.inbound import Limits, Receive
from gateway.web.security import content_policy, homeward_policy, protect
from gateway.web.shop.languages import speak

FORM: Final = "application/x-www-form-urlencoded"
MAX_PARTS: Final = 1000
"""Fields of a multipart form at most; no login has a hundredth of them."""
UNPRESSED: Final = frozenset({QueryKind.VALIDATE, QueryKind.CHECK_QUANTITY})
"""Questions whose answer goes home by itself: nobody has to choose."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say how a refusal is shown: the page's text by `kind`, and the status of HTTP."""

    kind: str
    status: int


EMPTY: Final = Refusal("empty", HTTPStatus.BAD_REQUEST)
LARGE: Final = Refusal("large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
TOO_OFTEN: Final = Refusal("busy", HTTPStatus.TOO_MANY_REQUESTS)
BUSY: Final = Refusal("busy", HTTPStatus.SERVICE_UNAVAILABLE)
TROUBLE: Final = Refusal("trouble", HTTPStatus.INTERNAL_SERVER_ERROR)
REQUEST: Final = Refusal("request", HTTPStatus.BAD_REQUEST)
REFUSALS: Final[Mapping[Verdict, Refusal]] = {
    Verdict.UNAUTHENTICATED: Refusal("login", HTTPStatus.FORBIDDEN),
    Verdict.FORBIDDEN: Refusal("forbidden", HTTPStatus.FORBIDDEN),
    Verdict.INVALID: REQUEST,
    Verdict.UNREADABLE: REQUEST,
    Verdict.UNSUPPORTED: REQUEST,
    Verdict.PRECONDITION: REQUEST,
    Verdict.EXPECTATION: REQUEST,
    Verdict.CONFLICT: REQUEST,
    Verdict.BUSY: BUSY,
    Verdict.THROTTLED: TOO_OFTEN,
    Verdict.CORE_UNREACHABLE: BUSY,
    Verdict.MISCONFIGURED: TROUBLE,
    Verdict.ERROR: TROUBLE,
}
"""What a person sees, by verdict; one that stands not here is trouble of ours."""


def create_faces(
    receive: Receive, punchout: PunchoutService, limits: Limits, now: Clock, title: str
) -> flask.Blueprint:
    """Return the addresses that logins come to; `title` is the shop's name on their pages."""
    blueprint = flask.Blueprint("faces", __name__)
    doorway = _Doorway(receive, punchout, limits, now, title, Buckets())

    @blueprint.route("/oci/<partner>", methods=["GET", "POST"])
    def oci(partner: str) -> flask.Response:
        """Take a call of the catalogue (OCI) and lead into the shop, or answer its function."""
        return doorway.enter("oci", partner)

    @blueprint.post("/peppol/punchout/<partner>")
    def peppol(partner: str) -> flask.Response:
        """Take a login of Peppol BIS Punch Out 3 and lead into the shop."""
        return doorway.enter("ubl", partner)

    @blueprint.get("/peppol/punchout/<partner>")
    def peppol_address(partner: str) -> flask.Response:  # noqa: ARG001 -- the same for all
        """Tell a person who opens the address in a browser that logins are posted here."""
        response = doorway.refused(EMPTY)
        response.status_code = HTTPStatus.METHOD_NOT_ALLOWED
        response.headers["Allow"] = "POST"
        return response

    return blueprint


@dataclass(frozen=True, slots=True)
class _Doorway:
    """Answer logins, whatever their protocol."""

    receive: Receive
    punchout: PunchoutService
    limits: Limits
    now: Clock
    title: str
    buckets: Buckets

    def enter(self, syntax: str, partner: str) -> flask.Response:
        """Return what a login at a partner's address leads to."""
        request = flask.request
        if request.method == "HEAD" or "Sec-Purpose" in request.headers:
            # Link checkers and prefetching browsers look before the person does.
            return protect(flask.Response(status=204), content_policy())
        try:
            content = login_of(request, self.limits.body)
        except RequestEntityTooLarge:
            return self.refused(LARGE)
        if not content:
            return self.refused(EMPTY)
        if not self.buckets.take(
            (request.remote_addr or "",), self.limits.requests_per_minute, self.now()
        ):
            return _counted(syntax, Verdict.THROTTLED, self.refused(TOO_OFTEN))
        answer = self._received(syntax, content, partner)
        return _counted(syntax, answer.verdict, self._shown(syntax, answer))

    def _received(self, syntax: str, content: bytes, partner: str) -> Answer:
        request = flask.request
        charset = request.mimetype_params.get("charset", "")[:40]
        arrival = Arrival(
            syntax=syntax,
            content=content,
            media_type=f"{FORM}; charset={charset}" if charset else FORM,
            received_at=self.now(),
            remote=request.remote_addr or "",
            addressee=partner,
        )
        with RECEIVE_SECONDS.labels(syntax).time():
            return self.receive(arrival)

    def _shown(self, syntax: str, answer: Answer) -> flask.Response:
        reply, question = answer.reply, answer.document
        if isinstance(reply, PunchoutSession) and reply.start_url:
            return protect(flask.make_response(flask.redirect(reply.start_url, 303)), POLICY)
        if isinstance(reply, ItemList) and isinstance(question, ItemQuery):
            return self._items(syntax, answer, reply, question)
        if isinstance(reply, CataloguePage):
            return _machine(answer.payload, HTTPStatus.OK)
        return self.refused(REFUSALS.get(answer.verdict, TROUBLE), answer)

    def _items(
        self, syntax: str, answer: Answer, items: ItemList, query: ItemQuery
    ) -> flask.Response:
        """Show the form that brings products home; it goes by itself where nobody chooses."""
        partner = answer.partner
        if partner is None:
            return self.refused(TROUBLE, answer)
        home = self.punchout.answer_form(partner, syntax, query, answer.payload)
        speak(query.language, answer.language)
        html = flask.render_template(
            "faces/items.html",
            title=self.title,
            home=home,
            items=items,
            owner=partner.name,
            sends=query.kind in UNPRESSED and bool(home.address.url),
        )
        policy = homeward_policy(partner.punchout, home.address.origin)
        return protect(flask.Response(html), policy)

    def refused(self, refusal: Refusal, answer: Answer | None = None) -> flask.Response:
        """Show why not: to a program as the protocol says it, else as a page."""
        if answer is not None and flask.request.accept_mimetypes.best == "application/json":
            return _machine(answer.payload, refusal.status)
        speak(None if answer is None else answer.language)
        known = answer is not None and answer.verdict is not Verdict.UNAUTHENTICATED
        html = flask.render_template(
            "faces/refused.html",
            title=self.title,
            kind=refusal.kind,
            detail=answer.detail if answer is not None and known else "",
            number="" if answer is None else answer.interchange_id,
        )
        return protect(flask.Response(html, refusal.status), content_policy(anywhere=True))


POLICY: Final = content_policy()


def login_of(request: flask.Request, limit: int) -> bytes:
    """Return the fields of a login as one form: those of the address, then those of the body.

    Raises `RequestEntityTooLarge` when they have more than `limit` bytes.
    """
    room = limit - len(request.query_string)
    if room < 0:
        raise RequestEntityTooLarge
    body = read_body(request, room)
    if request.mimetype == "multipart/form-data":
        body = urlencoded(body, request.headers.get("Content-Type", ""))
    return b"&".join(part for part in (request.query_string, body.strip()) if part)


def urlencoded(body: bytes, content_type: str) -> bytes:
    """Return the fields of a multipart form, urlencoded byte for byte; what cannot be read: none.

    Files are left out: no login has any.
    """
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=MAX_PARTS)
    fields: list[tuple[str, bytearray]] = []
    try:
        decoder.receive_data(body)
        decoder.receive_data(None)
        _collect(decoder, fields)
    except (ValueError, RequestEntityTooLarge):
        return b""
    pairs = (f"{quote_plus(name)}={quote_plus(bytes(value))}" for name, value in fields)
    return "&".join(pairs).encode("ascii")


def _collect(decoder: MultipartDecoder, fields: list[tuple[str, bytearray]]) -> None:
    wanted = False
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Data):
            if wanted:
                fields[-1][1].extend(event.data)
        elif wanted := isinstance(event, Field):
            fields.append((event.name, bytearray()))


def _counted(syntax: str, verdict: Verdict, response: flask.Response) -> flask.Response:
    INTERCHANGES.labels(syntax, verdict.value).inc()
    if response.status_code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _machine(payload: Payload, status: int) -> flask.Response:
    response = flask.Response(payload.content, status, content_type=payload.media_type)
    return protect(response, POLICY)
