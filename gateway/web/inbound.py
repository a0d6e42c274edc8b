"""Take interchanges from partners over HTTP and give back the pipeline's answer.

What a partner's system cannot read it retries or shows to a person, so every answer is in the
syntax that was posted, inside HTTP 200; only a body too large to be looked at gets a bare 413. Who
posts without pause, or guesses secrets, is told in the same syntax to come back later.
"""

from collections.abc import Callable
from dataclasses import dataclass

import flask

from canonical.wire import Payload, Verdict
from gateway.ambient import Clock
from gateway.observe.metrics import INTERCHANGES, RECEIVE_SECONDS
from gateway.partners.throttle import Buckets
from gateway.pipeline.contract import Answer, Arrival
from gateway.web.bodies import RETRY_SECONDS, read_body

Receive = Callable[[Arrival], Answer]
AnswerBusy = Callable[[], Payload]
"""Return the syntax's own answer to somebody who should come back later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold how many bytes a body may have.

    `with_attachments` is for MIME multipart, `interchange` for EDI. `requests_per_minute` is what
    one remote address may post; what goes beyond is not looked at.
    """

    body: int
    with_attachments: int
    interchange: int = 64 << 20
    requests_per_minute: int = 1_000_000


def create_inbound(
    receive: Receive, answer_busy: AnswerBusy, limits: Limits, now: Clock
) -> flask.Blueprint:
    """Return the routes that partners post to."""
    blueprint = flask.Blueprint("inbound", __name__)
    buckets = Buckets()
    seconds = RECEIVE_SECONDS.labels("cxml")
    counts = {verdict: INTERCHANGES.labels("cxml", verdict.value) for verdict in Verdict}

    @blueprint.post("/cxml")
    def cxml() -> flask.Response:
        """Take a cXML document, plain or in MIME multipart, and answer with a cXML document."""
        arrival = _arrival("cxml", limits, now)
        if not buckets.take((arrival.remote,), limits.requests_per_minute, now()):
            counts[Verdict.THROTTLED].inc()
            return _response(answer_busy(), Verdict.THROTTLED)
        with seconds.time():
            answer = receive(arrival)
        counts[answer.verdict].inc()
        return _response(answer.payload, answer.verdict)

    @blueprint.get("/cxml")
    def cxml_address() -> tuple[str, int, dict[str, str]]:
        """Tell a person who opens the address in a browser that documents are posted here."""
        text = "This is a cXML endpoint: POST a cXML document here (text/xml or multipart).\n"
        return text, 405, {"Allow": "POST", "Content-Type": "text/plain; charset=utf-8"}

    return blueprint


def _response(payload: Payload, verdict: Verdict) -> flask.Response:
    response = flask.Response(payload.content, content_type=payload.media_type)
    response.headers["Cache-Control"] = "no-store"
    if verdict is Verdict.THROTTLED:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _arrival(syntax: str, limits: Limits, now: Clock) -> Arrival:
    request = flask.request
    media_type = request.headers.get("Content-Type", "text/xml")
    multipart = media_type.lower().startswith("multipart/")
    limit = limits.with_attachments if multipart else limits.body
    return Arrival(
        syntax=syntax,
        content=read_body(request, limit),
        media_type=media_type,
        received_at=now(),
        remote=request.remote_addr or "",
    )
