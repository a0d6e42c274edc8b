"""Whatever a core answers or fails to, exactly one of the contract's three errors says so."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from canonical.identifiers import Identifier
from canonical.order import Order
from gateway.connectors.contract import PriceQuestion, SubmissionState
from gateway.connectors.rest import RestCore, RestSettings
from gateway.errors import (
    ConfigurationError,
    CoreBusyError,
    CoreError,
    CoreRefusedError,
    CoreUnreachableError,
)
from tests.patience import STALLED
from tests.ports import free_port

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORDER = Order(order_id="1", issued_at=NOON, currency="SEK", lines=())
GOOD = {"name": "x", "version": "1"}
PROBLEM = {"title": "no", "code": "order-unknown", "detail": "why"}


def reply(status: int, body: object, media_type: str = "application/json", **headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(content)}",
    ]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*head, "", ""]).encode() + content


def problem(status: int, code: str = "some-code", **headers: str) -> bytes:
    body = {"title": "no", "code": code, "detail": "because"}
    return reply(status, body, "application/problem+json", **headers)


@contextmanager
def serving(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Give each request the next answer, and note what was asked; then hang up."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        remaining = list(answers)
        while remaining:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            # Whoever asked may hang up before it has read an answer that is too long for it.
            with connection, suppress(OSError):
                while remaining and (request := _request(connection)):
                    asked.append(request)
                    connection.sendall(remaining.pop(0))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(20)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line
    ]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def asking(*answers: bytes, **settings: object) -> Iterator[tuple[RestCore, list[bytes]]]:
    with serving(*answers) as (url, asked):
        given = RestSettings(base_url=url, **{"timeout": STALLED, **settings})  # type: ignore[arg-type]
        core = RestCore(given, lambda: NOON)
        try:
            yield core, asked
        finally:
            core.close()


def error_of(answer: bytes, ask: Callable[[RestCore], object]) -> CoreError:
    with asking(answer) as (core, _), pytest.raises(CoreError) as caught:
        ask(core)
    return caught.value


ANSWERS: list[tuple[str, bytes, type[CoreError], str]] = [
    ("html instead of json", reply(200, b"<html>", "text/html"), CoreUnreachableError, "text/html"),
    ("truncated json", reply(200, b'{"name": "x", "ver'), CoreUnreachableError, "truncated"),
    ("empty", reply(200, b""), CoreUnreachableError, "truncated"),
    ("a missing field", reply(200, {"name": "x"}), CoreUnreachableError, "version"),
    ("an unknown field", reply(200, {**GOOD, "more": 1}), CoreUnreachableError, "more"),
    ("200 with a problem", reply(200, PROBLEM), CoreRefusedError, "order-unknown: no: why"),
    ("bytes that are no text", reply(200, b'{"name": "\xff"}'), CoreUnreachableError, "core-api"),
    ("an early end", reply(200, GOOD)[:-3], CoreUnreachableError, "got no answer"),
    ("no http", b"SSH-2.0-x\r\n\r\n", CoreUnreachableError, "got no answer"),
    ("301", reply(301, b"", Location="https://x.example/"), CoreRefusedError, "https://x.example/"),
    ("404 of a proxy", reply(404, b"nope", "text/plain"), CoreRefusedError, "base_url"),
    ("400", problem(400), CoreRefusedError, "some-code"),
    ("401", problem(401), CoreRefusedError, "some-code"),
    ("501", problem(501), CoreRefusedError, "some-code"),
    ("429", problem(429), CoreBusyError, "some-code"),
    ("503", reply(503, b"", "text/html"), CoreBusyError, "503"),
    ("500", problem(500), CoreUnreachableError, "some-code"),
    ("502", reply(502, b"<h1>", "text/html"), CoreUnreachableError, "502"),
    ("504", reply(504, b"", "text/html"), CoreUnreachableError, "504"),
]


@pytest.mark.parametrize(("what", "answer", "kind", "words"), ANSWERS)
def test_an_answer_becomes_the_error_that_it_means(
    what: str, answer: bytes, kind: type[CoreError], words: str
) -> None:
    error = error_of(answer, lambda core: core.capabilities())
    assert type(error) is kind, what
    assert words in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2020 12:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float | None) -> None:
    error = error_of(problem(503, Retry_After=header), lambda core: core.capabilities())
    assert isinstance(error, CoreBusyError)
    assert error.retry_after == seconds


def test_nobody_there_is_unreachable() -> None:
    core = RestCore(RestSettings(base_url=f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(CoreUnreachableError, match="got no answer"):
        core.capabilities()
    core.close()


def test_silence_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        core = RestCore(RestSettings(base_url=url, timeout=0.2))
        with pytest.raises(CoreUnreachableError, match="got no answer"):
            core.capabilities()
        core.close()


def test_an_answer_over_the_limit_is_not_read_on() -> None:
    answer = reply(200, b'"' + b"x" * 200_000 + b'"')
    with (
        asking(answer, max_answer_bytes=100_000) as (core, _),
        pytest.raises(CoreUnreachableError, match="more than 100000 bytes"),
    ):
        core.capabilities()


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="is none"):
        RestCore(RestSettings(base_url="http://[::bad"))


def test_connections_are_kept_and_carry_the_token() -> None:
    good = reply(200, GOOD)
    with asking(good, good, token="abracadabra") as (core, asked):
        core.capabilities()
        core.capabilities()
    assert all(b"authorization: bearer abracadabra" in head.lower() for head in asked)
    assert "abracadabra" not in repr(RestSettings(base_url="http://x", token="abracadabra"))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+999999"])
def test_an_amount_that_is_none_is_not_taken(amount: str) -> None:
    body = {"lines": [{"sku": "A", "price": {"amount": amount, "currency": "SEK"}}]}
    question = [PriceQuestion(sku="A", quantity=Decimal(1))]
    error = error_of(reply(200, body), lambda core: core.prices("1", question, NOON.date()))
    assert isinstance(error, CoreUnreachableError)
    assert "lines[0].price.amount" in str(error)


def test_prices_in_another_order_are_not_taken() -> None:
    body = {"lines": [{"sku": "B"}, {"sku": "A"}]}
    questions = [PriceQuestion(sku=sku, quantity=Decimal(1)) for sku in "AB"]
    error = error_of(reply(200, body), lambda core: core.prices("1", questions, NOON.date()))
    assert isinstance(error, CoreUnreachableError)


def test_an_unknown_customer_is_none_only_if_the_core_says_so() -> None:
    with asking(problem(404, "customer-unknown")) as (core, _):
        assert core.customer("7") is None
    error = error_of(problem(404, "not-found"), lambda core: core.customer("7"))
    assert isinstance(error, CoreRefusedError)


def test_two_customers_with_one_identifier_are_refused() -> None:
    one = {"customer_id": "1", "name": "x", "currency": "SEK"}
    identifier = Identifier(value="9", scheme="DUNS")
    error = error_of(
        reply(200, {"items": [one, one]}), lambda core: core.customer_by_identifier(identifier)
    )
    assert isinstance(error, CoreRefusedError)
    assert error.code == "identifier-ambiguous"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (reply(201, {"state": "created"}), SubmissionState.CREATED),
        (reply(200, {"state": "existing"}), SubmissionState.EXISTING),
        (reply(202, {"state": "pending"}), SubmissionState.PENDING),
        (problem(409, "order-conflict"), SubmissionState.CONFLICT),
    ],
)
def test_the_status_of_a_submission_says_what_it_did(answer: bytes, state: SubmissionState) -> None:
    with asking(answer) as (core, asked):
        assert core.submit("a/b 1", "10001", ORDER).state is state
    assert asked[0].startswith(b"PUT /v1/orders/a%2Fb%201 HTTP/1.1\r\n")
    body = json.loads(asked[0].partition(b"\r\n\r\n")[2])
    assert body["customer"] == "10001"
    assert list(body) == ["customer", "order"]


def test_a_conflict_of_another_kind_is_refused() -> None:
    error = error_of(problem(409, "locked"), lambda core: core.submit("r", "1", ORDER))
    assert isinstance(error, CoreRefusedError)
    assert error.code == "locked"


def test_a_status_that_contradicts_its_body_is_no_answer() -> None:
    answer = reply(201, {"state": "existing"})
    assert isinstance(
        error_of(answer, lambda core: core.submit("r", "1", ORDER)), CoreUnreachableError
    )


@pytest.mark.parametrize("reference", ["", ".", "..", "a\x00"])
def test_a_reference_that_no_address_can_carry_is_refused(reference: str) -> None:
    core = RestCore(RestSettings(base_url="http://127.0.0.1:9"))
    with pytest.raises(CoreRefusedError) as caught:
        core.order(reference)
    core.close()
    assert caught.value.code == "reference-invalid"
