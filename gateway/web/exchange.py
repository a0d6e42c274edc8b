"""Take interchanges of EDIFACT and X12 over HTTP.

The answer says in HTTP and JSON whether the bytes are in our hands; what the partner's system wants
to hear of each message leaves as an acknowledgement of its own (CONTRL, 997). The partner is named
by the envelope and proven by HTTP Basic: the user name is for their own records.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

import flask
import structlog
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from canonical.wire import Verdict
from gateway.ambient import Clock
from gateway.observe.metrics import INTERCHANGES, RECEIVE_SECONDS
from gateway.partners.agreements import SYNTAXES
from gateway.partners.throttle import Buckets
from gateway.pipeline.arriving import syntax_in
from gateway.pipeline.contract import Answer, Arrival
from gateway.web.bodies import RETRY_SECONDS, read_body
from gateway.web.inbound import Limits
from protocols.http_status import status_of

_log: Final = structlog.get_logger(__name__)

ReceiveAll = Callable[[Arrival], Sequence[Answer]]
"""Take in every interchange of what arrived; at least one answer comes back."""

CHALLENGE: Final = 'Basic realm="interchanges", charset="UTF-8"'
SHOWN: Final = 40
TOO_LARGE: Final = (
    "the body has more than {limit} bytes; nothing was taken in -- post it in parts, or agree on a "
    "folder or a higher `limits.interchange`"
)
ENCODED: Final = (
    "content encoding {found} is not taken; nothing was taken in -- post the interchange as it is"
)
TOO_MANY: Final = "too many requests from one address; nothing was taken in"


def create_exchange(receive: ReceiveAll, limits: Limits, now: Clock) -> flask.Blueprint:
    """Return the route that partners post interchanges to."""
    blueprint = flask.Blueprint("exchange", __name__)
    buckets = Buckets()
    seconds = {syntax: RECEIVE_SECONDS.labels(syntax) for syntax in SYNTAXES}

    @blueprint.post("/edi")
    def edi() -> flask.Response:
        """Take interchanges of EDIFACT or X12: 202 and their ids when they are stored."""
        arrival = _arrival(limits, now)
        if not buckets.take((arrival.remote,), limits.requests_per_minute, now()):
            return _told(Verdict.THROTTLED, {"detail": TOO_MANY})
        with seconds[arrival.syntax].time():
            answers = receive(arrival)
        for answer in answers:
            INTERCHANGES.labels(arrival.syntax, answer.verdict.value).inc()
        if len(answers) == 1:
            return _told(answers[0].verdict, _content(answers[0]))
        worst = max((answer.verdict for answer in answers), key=lambda one: status_of(one).code)
        each = [{"status": one.verdict.value, **_content(one)} for one in answers]
        return _told(worst, {"interchanges": each})

    @blueprint.get("/edi")
    def edi_address() -> tuple[str, int, dict[str, str]]:
        """Tell a person who opens the address in a browser that interchanges are posted here."""
        text = (
            "This address takes EDI: POST an interchange here "
            "(application/edifact or application/edi-x12).\n"
        )
        return text, 405, {"Allow": "POST", "Content-Type": "text/plain; charset=utf-8"}

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> flask.Response:
        return _not_looked_at(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-large",
            TOO_LARGE.format(limit=limits.interchange),
        )

    @blueprint.errorhandler(UnsupportedMediaType)
    def encoded(_error: UnsupportedMediaType) -> flask.Response:
        found = flask.request.headers.get("Content-Encoding", "")[:SHOWN]
        response = _not_looked_at(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-encoding",
            ENCODED.format(found=ascii(found)),
        )
        response.headers["Accept-Encoding"] = "identity"  # as RFC 9110 asks in 12.5.3
        return response

    return blueprint


def _not_looked_at(status: HTTPStatus, said: str, detail: str) -> flask.Response:
    """Answer for a body that is not archived: what is left of it is a line in the log."""
    remote = flask.request.remote_addr or ""
    _log.warning("a body was not looked at", remote=remote, path="/edi", reason=detail)
    response = flask.jsonify({"status": said, "detail": detail})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _arrival(limits: Limits, now: Clock) -> Arrival:
    request = flask.request
    content = read_body(request, limits.interchange)
    if request.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
        raise UnsupportedMediaType
    media_type = request.headers.get("Content-Type", "")
    given = request.authorization
    password = given.password if given is not None and given.type == "basic" else None
    return Arrival(
        syntax=syntax_in(content, media_type),
        content=content,
        media_type=media_type,
        received_at=now(),
        remote=request.remote_addr or "",
        password=password,
    )


def _content(answer: Answer) -> dict[str, str]:
    said = {"interchange": answer.interchange_id, "detail": answer.detail}
    if answer.message_id is not None:
        said["message"] = answer.message_id
    return {name: value for name, value in said.items() if value}


def _told(verdict: Verdict, content: Mapping[str, object]) -> flask.Response:
    status = status_of(verdict)
    response = flask.jsonify({"status": verdict.value, **content})
    response.status_code = status.code
    response.headers["Cache-Control"] = "no-store"
    if status.code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if verdict in (Verdict.THROTTLED, Verdict.BUSY):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
