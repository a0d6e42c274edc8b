"""Posting hands back exactly what came, and every other end is one clear error."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from canonical.wire import Payload
from gateway.errors import TransportError
from gateway.transports import http
from gateway.transports.http import HttpSender

REQUEST = Payload(content=b"<cXML/>", media_type="text/xml; charset=UTF-8")


class Peer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = {"/ok": 200, "/redirect": 302, "/broken": 500, "/endless": 200}[
            self.path.split("?")[0]
        ]
        answer = body + self.headers["Content-Type"].encode()
        if self.path == "/endless":
            answer = b"x" * (http.MAX_ANSWER + 1)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Location", "/ok")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Peer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def sender() -> Iterator[HttpSender]:
    sender = HttpSender()
    yield sender
    sender.close()


def test_the_answer_comes_back_as_it_was(peer: str, sender: HttpSender) -> None:
    answer = sender.send(f"{peer}/ok", REQUEST)
    assert answer.content == b"<cXML/>text/xml; charset=UTF-8"
    assert answer.media_type == "text/xml"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/redirect", "HTTP 302"), ("/broken", "HTTP 500"), ("/endless", "more than")],
)
def test_any_other_end_is_a_transport_error(
    peer: str, sender: HttpSender, path: str, said: str
) -> None:
    with pytest.raises(TransportError, match=said):
        sender.send(peer + path, REQUEST)


def test_nobody_listening_is_a_transport_error(sender: HttpSender) -> None:
    with pytest.raises(TransportError, match="cannot be reached"):
        sender.send("http://127.0.0.1:9/x", REQUEST)


def test_an_error_shows_neither_query_nor_password(peer: str, sender: HttpSender) -> None:
    address = peer.replace("http://", "http://user:canary@") + "/broken?key=canary"
    with pytest.raises(TransportError) as caught:
        sender.send(address, REQUEST)
    assert "canary" not in str(caught.value)
