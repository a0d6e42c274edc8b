"""The scheme chooses the transport, and an unknown scheme is said, not guessed."""

import pytest

from canonical.wire import Payload
from gateway.errors import TransportError
from gateway.transports.routing import RoutedSender

PAYLOAD = Payload(content=b"x", media_type="text/xml")


class Recorder:
    def __init__(self) -> None:
        self.sent: list[str] = []
        self.closed = 0

    def send(self, endpoint: str, payload: Payload) -> Payload:
        self.sent.append(endpoint)
        return payload

    def close(self) -> None:
        self.closed += 1


def test_the_scheme_chooses_whatever_its_case() -> None:
    recorder = Recorder()
    assert RoutedSender({"https": recorder}).send("HTTPS://buyer.example/x", PAYLOAD) is PAYLOAD
    assert recorder.sent == ["HTTPS://buyer.example/x"]


def test_an_unserved_scheme_names_those_that_are() -> None:
    with pytest.raises(TransportError, match="no transport serves 'gopher'; served: http"):
        RoutedSender({"http": Recorder()}).send("gopher://x", PAYLOAD)


def test_a_shared_sender_is_closed_once() -> None:
    recorder = Recorder()
    RoutedSender({"http": recorder, "https": recorder}).close()
    assert recorder.closed == 1
