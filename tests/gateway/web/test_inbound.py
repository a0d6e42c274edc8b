"""A partner's post reaches the pipeline whole, and a body over the limit reaches nothing."""

import io
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from canonical.wire import Payload, Verdict
from gateway.pipeline.contract import Answer, Arrival
from gateway.web.application import create_application
from gateway.web.inbound import Limits, create_inbound

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANSWER = Answer(Payload(b"<cXML/>", "text/xml; charset=UTF-8"), Verdict.ACCEPTED, "i1", "m1")


BUSY = Payload(b"<cXML>later</cXML>", "text/xml; charset=UTF-8")


def busy() -> Payload:
    return BUSY


@pytest.fixture
def arrivals() -> list[Arrival]:
    return []


@pytest.fixture
def client(arrivals: list[Arrival]) -> FlaskClient:
    def receive(arrival: Arrival) -> Answer:
        arrivals.append(arrival)
        return ANSWER

    limits = Limits(body=100, with_attachments=1000)
    blueprint = create_inbound(receive, busy, limits, lambda: NOW)
    return create_application([blueprint], {}).test_client()


def test_bytes_and_media_type_arrive_untouched(
    client: FlaskClient, arrivals: list[Arrival]
) -> None:
    response = client.post("/cxml", data=b"\xff<a/>", content_type="application/xml; charset=x")
    assert response.status_code == 200
    assert response.data == b"<cXML/>"
    assert response.content_type == "text/xml; charset=UTF-8"
    (arrival,) = arrivals
    assert arrival.content == b"\xff<a/>"
    assert arrival.media_type == "application/xml; charset=x"
    assert arrival.received_at == NOW


@pytest.mark.parametrize(
    ("media_type", "size", "status"),
    [
        ("text/xml", 100, 200),
        ("text/xml", 101, 413),
        ("multipart/related; boundary=b", 1000, 200),
        ("multipart/mixed; boundary=b", 1001, 413),
    ],
)
def test_the_limit_depends_on_attachments_and_is_kept_before_reading(
    client: FlaskClient, arrivals: list[Arrival], media_type: str, size: int, status: int
) -> None:
    response = client.post("/cxml", data=b"x" * size, content_type=media_type)
    assert response.status_code == status
    assert len(arrivals) == (status == 200)


def test_a_body_of_unknown_length_is_held_to_the_same_limit(
    client: FlaskClient, arrivals: list[Arrival]
) -> None:
    def post(size: int) -> int:
        stream = io.BytesIO(b"x" * size)
        environ = {"wsgi.input": stream, "wsgi.input_terminated": True}
        headers = {"Transfer-Encoding": "chunked"}
        return client.post(
            "/cxml", environ_overrides=environ, headers=headers, content_type="text/xml"
        ).status_code

    assert [post(100), post(101)] == [200, 413]
    assert [len(arrival.content) for arrival in arrivals] == [100]


def slowed(arrivals: list[Arrival]) -> FlaskClient:
    """Return the client of a gateway that takes two documents a minute from an address."""

    def receive(arrival: Arrival) -> Answer:
        arrivals.append(arrival)
        return ANSWER

    limits = Limits(body=100, with_attachments=1000, requests_per_minute=2)
    blueprint = create_inbound(receive, busy, limits, lambda: NOW)
    return create_application([blueprint], {}).test_client()


def test_an_address_that_posts_without_pause_is_told_in_its_syntax_when_to_come_back(
    arrivals: list[Arrival],
) -> None:
    client = slowed(arrivals)
    responses = [client.post("/cxml", data=b"x") for _ in range(4)]
    assert [response.status_code for response in responses] == [200] * 4
    assert [response.data for response in responses] == [b"<cXML/>"] * 2 + [BUSY.content] * 2
    assert responses[2].content_type == BUSY.media_type
    assert responses[2].headers["Retry-After"] == "10"
    assert "Retry-After" not in responses[1].headers
    assert len(arrivals) == 2
    elsewhere = client.post("/cxml", data=b"x", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.data == b"<cXML/>"


def test_the_body_of_a_slowed_address_is_read_so_that_its_connection_stays(
    arrivals: list[Arrival],
) -> None:
    client = slowed(arrivals)
    bodies = [io.BytesIO(b"x" * 100) for _ in range(3)]
    for body in bodies:
        client.post("/cxml", input_stream=body, content_length=100, content_type="text/xml")
    assert [body.tell() for body in bodies] == [100, 100, 100]
    assert client.post("/cxml", data=b"x" * 101, content_type="text/xml").status_code == 413


def test_a_form_media_type_is_not_parsed_away(client: FlaskClient, arrivals: list[Arrival]) -> None:
    client.post("/cxml", data=b"a=b", content_type="application/x-www-form-urlencoded")
    assert arrivals[0].content == b"a=b"


def test_looking_at_the_endpoint_explains_it(client: FlaskClient) -> None:
    response = client.get("/cxml")
    assert response.status_code == 405
    assert b"POST a cXML document" in response.data


def test_an_unknown_path_is_plain_text_without_our_insides(client: FlaskClient) -> None:
    response = client.get("/wp-admin")
    assert (response.status_code, response.content_type) == (404, "text/plain; charset=utf-8")


def test_a_failure_of_ours_says_nothing_about_itself() -> None:
    def receive(_: Arrival) -> Answer:
        message = "canary: /srv/secret"
        raise RuntimeError(message)

    limits = Limits(body=100, with_attachments=1000)
    application = create_application([create_inbound(receive, busy, limits, lambda: NOW)], {})
    response = application.test_client().post("/cxml", data=b"x")
    assert response.status_code == 500
    assert b"canary" not in response.data


@pytest.mark.parametrize(("finding", "status"), [(None, 200), ("disk full", 503)])
def test_readiness_follows_the_probes(finding: str | None, status: int) -> None:
    client = create_application([], {"database": lambda: finding}).test_client()
    assert client.get("/health/ready").status_code == status
    assert client.get("/health/live").status_code == 200


def test_metrics_are_served(client: FlaskClient) -> None:
    client.post("/cxml", data=b"<a/>", content_type="text/xml")
    text = client.get("/metrics").text
    assert 'gateway_interchanges_total{syntax="cxml",verdict="accepted"}' in text
