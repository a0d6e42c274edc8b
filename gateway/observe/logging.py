"""Write events as one JSON object a line: a name and keys, never payloads or secrets.

What must not be written is filtered by key, last, whatever the caller did. An error is written
with its causes and where each came from: source lines, never the values that they worked on.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

FORBIDDEN: Final = frozenset(
    {"secret", "password", "token", "authorization", "cookie", "payload", "content", "query"}
)
MAX_WORDS: Final = 300
"""Characters of an error's own words that are written; some errors quote what they choked on."""

ADVICE: Final = "quite high compared to the number of CPU cores"
"""What granian says of more threads than cores; ours wait for disk and core most of their time."""


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
            structlog.processors.ExceptionRenderer(error_text),
            _redact,
            _for_eyes() if plain else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)


def server_logging() -> dict[str, object]:
    """Return the logging configuration of granian: warnings and errors on standard error."""
    console = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"}
    return {
        "formatters": {"line": {"format": "granian: %(levelname)s: %(message)s"}},
        "filters": {"advice": {"()": WithoutAdvice}},
        "handlers": {"console": console},
        "loggers": {
            "_granian": {"handlers": ["console"], "filters": ["advice"], "propagate": False}
        },
    }


class WithoutAdvice(logging.Filter):
    """Let every line of the server through except its advice on the number of threads."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is written."""
        return ADVICE not in record.getMessage()


def error_text(exc_info: ExcInfo) -> str:
    """Return an error after what caused it, each with its frames and the first line of its words.

    Further lines are left out: there a database error shows the values of its statement.
    """
    return "\nwhich led to\n".join(_told(error) for error in _causes(exc_info[1]))


def _causes(error: BaseException) -> list[BaseException]:
    """Return `error` and what led to it, the first cause first."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.insert(0, following)
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
    return found


def _told(error: BaseException) -> str:
    return "".join(_lines(error)).rstrip("\n")


def _lines(error: BaseException) -> Iterator[str]:
    words = str(error).split("\n", 1)[0][:MAX_WORDS]
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {words}"


def _for_eyes() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key in event.keys() & FORBIDDEN:
        event[key] = "[redacted]"
    return event
