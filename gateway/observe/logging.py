"""Write events as one JSON object a line: a name and keys, never payloads or secrets.

What must not be written is filtered by key, last, whatever the caller did.
"""

import logging
import sys
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

FORBIDDEN: Final = frozenset(
    {"secret", "password", "token", "authorization", "cookie", "payload", "content", "query"}
)


def configure(*, process: str, plain: bool = False, stream: TextIO | None = None) -> None:
    """Set up logging for one process; `plain` is for eyes, otherwise JSON for machines.

    Events go to `stream`, standard error unless another is given.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key in event.keys() & FORBIDDEN:
        event[key] = "[redacted]"
    return event
