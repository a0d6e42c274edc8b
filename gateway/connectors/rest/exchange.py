"""Exchange one request and answer with the supplier's core, and say what became of it.

    what happened                                              becomes
    no connection, time-out, broken or oversized answer        CoreUnreachableError
    silence to an earlier question, a moment ago               CoreUnreachableError, at once
    500, 502, 504 and other 5xx                                CoreUnreachableError
    429, 503, 408, 425                                         CoreBusyError, with Retry-After
    200 that is not JSON or does not fit its schema            CoreUnreachableError
    200 that carries a problem instead                         CoreRefusedError with its code
    3xx, other 4xx, 501                                        CoreRefusedError with its code

An answer that cannot be read says nothing of the effect, so it counts as no answer: every verb
may be repeated, and the caller will. Redirects are never followed: they lose bodies and leak
tokens.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

import httpx
import msgspec

from canonical.finite import unfit_amount
from gateway.ambient import Clock
from gateway.connectors.rest.silence import Monotonic, Silence
from gateway.connectors.rest.wire import Problem
from gateway.errors import (
    ConfigurationError,
    CoreBusyError,
    CoreError,
    CoreRefusedError,
    CoreUnreachableError,
)

BodyT = TypeVar("BodyT")

BUSY: Final = frozenset({408, 425, 429, 503})
NOT_IMPLEMENTED: Final = 501
SERVER_ERRORS: Final = 500
CLIENT_ERRORS: Final = 400
REDIRECTS: Final = 300
CODE_OF_NO_PROBLEM: Final = "no-problem-document"
WHOLE: Final = 10
"""Times the wait for an answer's beginning, or its next part, that all its parts may take."""
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding any bytes as JSON can raise."""


@dataclass(frozen=True, slots=True)
class RestSettings:
    """Say where the core is and how long to wait for it, in seconds.

    `base_url` ends before `/v1`. `token` goes as a bearer token and appears in no message.
    """

    base_url: str
    token: str | None = field(default=None, repr=False)
    connect_timeout: float = 5.0
    timeout: float = 30.0
    max_answer_bytes: int = 32 * 1024 * 1024
    max_connections: int = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold a whole answer."""

    method: str
    url: str
    status: int
    media_type: str
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def what(self) -> str:
        """Name the exchange for messages."""
        return f"{self.method} {self.url} answered {self.status}"

    def decode(self, body: type[BodyT]) -> BodyT:
        """Return the body; one that cannot be read is as good as no answer."""
        if not _is_json(self.media_type):
            message = (
                f"{self.what} with {self.media_type or 'no media type'} instead of JSON:"
                f" {_excerpt(self.content)}; is base_url the core's, and no login page before it?"
            )
            raise CoreUnreachableError(message)
        try:
            decoded = msgspec.json.decode(self.content, type=body)
        except UNREADABLE as error:
            problem = self.problem()
            if problem is not None:
                raise CoreRefusedError(_problem_words(self, problem), problem.code) from error
            message = f"{self.what} with a body that core-api/v1 does not know: {error}"
            raise CoreUnreachableError(message) from error
        unfit = unfit_amount(decoded)
        if unfit is not None:
            message = f"{self.what} with {unfit}, which is no amount of anything"
            raise CoreUnreachableError(message)
        return decoded

    def problem(self) -> Problem | None:
        """Return the problem that the body reports, if it does."""
        if not _is_json(self.media_type):
            return None
        try:
            return msgspec.json.decode(self.content, type=Problem)
        except UNREADABLE:
            return None


class Exchange:
    """Send requests over kept connections; safe to share between threads."""

    def __init__(
        self, settings: RestSettings, clock: Clock, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._monotonic = monotonic
        self._silence = Silence(settings.timeout, monotonic)
        headers = {"Accept": "application/json, application/problem+json"}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
        self._client = httpx.Client(
            base_url=_address(settings.base_url),
            headers=headers,
            timeout=httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
            limits=httpx.Limits(
                max_connections=settings.max_connections,
                max_keepalive_connections=settings.max_connections,
            ),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        """Return the whole answer, whatever its status."""
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content is not None else {}
        try:
            request = self._client.build_request(
                method, path, params=query or None, content=content, headers=headers
            )
            with self._silence.question(httpx.TimeoutException):
                response = self._client.send(request, stream=True)
                try:
                    return self._read(method, response)
                finally:
                    response.close()
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            message = f"{method} {self._settings.base_url}{path} got no answer: {words}"
            raise CoreUnreachableError(message) from error

    def _read(self, method: str, response: httpx.Response) -> Answer:
        limit = self._settings.max_answer_bytes
        until = self._monotonic() + WHOLE * self._settings.timeout
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if self._monotonic() > until:
                message = f"its answer had not ended after {WHOLE * self._settings.timeout:g} s"
                raise httpx.ReadTimeout(message)
            if len(content) > limit:
                message = (
                    f"{method} {response.url} answered more than {limit} bytes;"
                    " the core must give smaller pages"
                )
                raise CoreUnreachableError(message)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(
            method, str(response.url), response.status_code, media_type, bytes(content),
            response.headers,
        )  # fmt: skip

    def failure(self, answer: Answer) -> CoreError:
        """Return the error that an answer means which is no success."""
        problem = answer.problem()
        words = answer.what if problem is None else _problem_words(answer, problem)
        if answer.status in BUSY:
            return CoreBusyError(words, self._retry_after(answer))
        if answer.status >= SERVER_ERRORS and answer.status != NOT_IMPLEMENTED:
            return CoreUnreachableError(words)
        if problem is not None:
            return CoreRefusedError(words, problem.code)
        return CoreRefusedError(_bare_words(answer), CODE_OF_NO_PROBLEM)

    def _retry_after(self, answer: Answer) -> float | None:
        text = answer.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max(0.0, (_aware(at) - self._clock()).total_seconds())


def _address(base_url: str) -> httpx.URL:
    try:
        return httpx.URL(base_url.rstrip("/"))
    except httpx.InvalidURL as error:
        message = f"the core's address {base_url!r} is none: {error}"
        raise ConfigurationError(message) from error


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def _problem_words(answer: Answer, problem: Problem) -> str:
    detail = f": {problem.detail}" if problem.detail else ""
    return f"{answer.what}: {problem.code}: {problem.title}{detail}"


def _bare_words(answer: Answer) -> str:
    if REDIRECTS <= answer.status < CLIENT_ERRORS:
        to = answer.headers.get("location", "nowhere")
        return f"{answer.what}, a redirect to {to}; set base_url to where the core really is"
    return (
        f"{answer.what} without a problem document ({answer.media_type or 'no media type'}:"
        f" {_excerpt(answer.content)}); is base_url the core's, and the token right?"
    )


def _excerpt(content: bytes) -> str:
    text = " ".join(content[:200].decode("utf-8", "replace").split())
    return repr(text[:80])
