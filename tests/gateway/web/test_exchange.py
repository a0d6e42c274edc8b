"""The address for EDI says in HTTP whether bytes are in our hands, and nothing of who is known."""

from collections.abc import Sequence
from datetime import UTC, datetime

import flask
import pytest
from flask.testing import FlaskClient

from canonical.wire import Payload, Verdict
from gateway.pipeline.contract import Answer, Arrival
from gateway.web.exchange import create_exchange
from gateway.web.inbound import Limits

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
SAID = Payload(b"said\n", "text/plain")


class Desk:
    """Remember what arrived, and answer as told."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = verdicts
        self.arrived: list[Arrival] = []

    def receive(self, arrival: Arrival) -> Sequence[Answer]:
        self.arrived.append(arrival)
        return [
            Answer(SAID, verdict, f"i{number}", f"m{number}", detail=f"it is {verdict.value}")
            for number, verdict in enumerate(self.verdicts)
        ]

    def client(self, **limits: int) -> FlaskClient:
        app = flask.Flask(__name__)
        given = Limits(body=1, with_attachments=1, **{"interchange": 1000, **limits})
        app.register_blueprint(create_exchange(self.receive, given, lambda: NOW))
        return app.test_client()


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.RECEIVED, 202),
        (Verdict.UNREADABLE, 400),
        (Verdict.UNAUTHENTICATED, 401),
        (Verdict.FORBIDDEN, 403),
        (Verdict.THROTTLED, 429),
        (Verdict.BUSY, 503),
    ],
)
def test_the_status_says_what_became_of_it(verdict: Verdict, code: int) -> None:
    response = Desk(verdict).client().post("/edi", data=b"UNB")
    assert response.status_code == code
    assert response.json == {
        "status": verdict.value,
        "interchange": "i0",
        "message": "m0",
        "detail": f"it is {verdict.value}",
    }
    assert ("WWW-Authenticate" in response.headers) == (code == 401)
    assert ("Retry-After" in response.headers) == (code in (429, 503))


def test_a_file_of_several_is_told_of_each_and_the_worst_decides() -> None:
    response = Desk(Verdict.RECEIVED, Verdict.UNREADABLE).client().post("/edi", data=b"UNB")
    assert response.status_code == 400
    assert response.json is not None
    assert [one["status"] for one in response.json["interchanges"]] == ["received", "unreadable"]


def test_the_password_of_http_basic_goes_with_the_arrival() -> None:
    desk = Desk(Verdict.RECEIVED)
    client = desk.client()
    client.post("/edi", data=b"ISA*", auth=("acme", "s3cret"))
    client.post("/edi", data=b"UNB+", headers={"Authorization": "Bearer s3cret"})
    first, second = desk.arrived
    assert (first.syntax, first.password) == ("x12", "s3cret")
    assert (second.syntax, second.password) == ("edifact", None)
    assert not first.trusted
    assert "s3cret" not in repr(first)


def test_what_is_too_large_is_refused_before_it_is_looked_at() -> None:
    desk = Desk(Verdict.RECEIVED)
    refused = desk.client().post("/edi", data=b"x" * 1001)
    assert (refused.status_code, refused.json["status"]) == (413, "too-large")  # type: ignore[index]
    assert desk.arrived == []


def test_what_is_encoded_is_refused_before_it_is_looked_at() -> None:
    desk = Desk(Verdict.RECEIVED)
    client = desk.client()
    headers = {"Content-Encoding": "gzip\\x1b[2J"}
    refused = client.post("/edi", data=b"\x1f\x8b", headers=headers)
    assert (refused.status_code, refused.json["status"]) == (415, "unsupported-encoding")  # type: ignore[index]
    assert refused.headers["Accept-Encoding"] == "identity"
    assert desk.arrived == []
    assert client.post("/edi", data=b"UNB", headers={"Content-Encoding": ""}).status_code == 202


def test_who_posts_without_pause_is_told_to_wait() -> None:
    desk = Desk(Verdict.RECEIVED)
    client = desk.client(requests_per_minute=2)
    codes = [client.post("/edi", data=b"UNB").status_code for _ in range(3)]
    assert codes == [202, 202, 429]


def test_a_person_who_opens_the_address_is_told_what_it_is_for() -> None:
    response = Desk(Verdict.RECEIVED).client().get("/edi")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "application/edifact" in response.text
