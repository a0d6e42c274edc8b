"""Choose the transport by the endpoint's scheme."""

from collections.abc import Mapping

from canonical.wire import Payload
from gateway.errors import TransportError
from gateway.transports.contract import Sender


class RoutedSender:
    """Send by whichever transport serves an endpoint's scheme."""

    def __init__(self, senders: Mapping[str, Sender]) -> None:
        self._senders = senders

    def send(self, endpoint: str, payload: Payload) -> Payload:
        """Deliver `payload`; raises `TransportError` for a scheme that nobody serves, too."""
        scheme = endpoint.partition(":")[0].lower()
        sender = self._senders.get(scheme)
        if sender is None:
            served = ", ".join(sorted(self._senders))
            message = f"no transport serves {scheme!r}; served: {served}"
            raise TransportError(message)
        return sender.send(endpoint, payload)

    def close(self) -> None:
        """Let go of every connection."""
        for sender in {id(sender): sender for sender in self._senders.values()}.values():
            sender.close()
