"""Post interchanges over HTTP and hand back the answer.

Redirects are refused: they drop the body and are how an endpoint is made to reach somewhere else.
Answers are bounded; a server that answers slowly or without end is a failure like any other.
"""

from typing import Final

import httpx

from canonical.wire import Payload
from gateway.errors import TransportError

MAX_ANSWER: Final = 4_000_000
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)


class HttpSender:
    """Post payloads through one pool of connections."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def send(self, endpoint: str, payload: Payload) -> Payload:
        """Post `payload` and return the body that came back, whatever the partner says in it.

        Raises `TransportError` for no connection, no answer, an HTTP status other than 2xx, or an
        answer larger than `MAX_ANSWER` bytes.
        """
        headers = {"Content-Type": payload.media_type}
        try:
            with self._client.stream(
                "POST", endpoint, content=payload.content, headers=headers
            ) as response:
                if not response.is_success:
                    message = f"{_shown(endpoint)} answered HTTP {response.status_code}"
                    raise TransportError(message)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER:
                        message = f"{_shown(endpoint)} answered more than {MAX_ANSWER} bytes"
                        raise TransportError(message)
                media_type = response.headers.get("Content-Type", "text/xml")
        except httpx.HTTPError as error:
            message = f"{_shown(endpoint)} cannot be reached: {error}"
            raise TransportError(message) from error
        return Payload(content=bytes(body), media_type=media_type)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _shown(endpoint: str) -> str:
    """Return an address without what may be secret in it: user information and query."""
    url = httpx.URL(endpoint)
    return str(url.copy_with(username=None, password=None, query=None))
