"""Say what moving bytes means: send a payload somewhere, get what comes back."""

from typing import Protocol

from canonical.wire import Payload


class Sender(Protocol):
    """Send payloads to endpoints of one kind."""

    def send(self, endpoint: str, payload: Payload) -> Payload:
        """Deliver `payload` and return the answer; raises `TransportError` when none came."""

    def close(self) -> None:
        """Let go of kept connections."""
