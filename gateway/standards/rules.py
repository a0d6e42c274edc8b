"""Keep the rule process: start it when it is first needed, and again when it dies.

Nothing depends on it: without SaxonC, or when a document cannot be judged in time, the caller is
told so and decides. A process that died or hangs is replaced, and the document is shown once more.
"""

import os
import select
import subprocess
import sys
import time
import weakref
from importlib.util import find_spec
from threading import Lock
from typing import IO, Final

import msgspec

from gateway.standards.frames import HEAD, Failure, Reply, Request, frame, length_of

TIMEOUT_SECONDS: Final = 30.0
_ATTEMPTS: Final = 2
_INHERITED: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")
"""All that the process gets of our environment, in which secrets may stand."""
_COMMAND: Final = (sys.executable, "-m", "gateway.standards.saxon")


class RulesError(Exception):
    """Report that a document could not be judged; the message says why."""


def rules_available() -> bool:
    """Tell whether SaxonC is installed (`pip install punchout-edi-gateway[rules]`)."""
    return find_spec("saxonche") is not None


class RuleProcess:
    """Judge documents in a process of their own; safe to use from any number of threads."""

    def __init__(
        self, *, timeout: float = TIMEOUT_SECONDS, command: tuple[str, ...] = _COMMAND
    ) -> None:
        """Start nothing yet; `timeout` is in seconds for one document."""
        self._timeout = timeout
        self._command = command
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._known: set[str] = set()
        self._finalizer: weakref.finalize[[subprocess.Popen[bytes]], RuleProcess] | None = None

    @property
    def pid(self) -> int | None:
        """Return the id of the process, None when there is none."""
        return None if self._process is None else self._process.pid

    def judge(self, code: str, stylesheet: str, document: bytes) -> tuple[Failure, ...]:
        """Return what the rule set `code` has against a document in UTF-8.

        Raises RulesError when it could not be judged.
        """
        with self._lock:
            for attempt in range(_ATTEMPTS):
                try:
                    return self._asked(code, stylesheet, document)
                except (OSError, EOFError, msgspec.DecodeError) as error:
                    self._stop()
                    if attempt + 1 == _ATTEMPTS:
                        message = f"the rule process ended: {type(error).__name__} {error}".rstrip()
                        raise RulesError(message) from error
        message = "the rule process was never asked"
        raise RulesError(message)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._stop()

    def _asked(self, code: str, stylesheet: str, document: bytes) -> tuple[Failure, ...]:
        process = self._started()
        new = None if code in self._known else stylesheet
        source, target = process.stdout, process.stdin
        if source is None or target is None:
            raise EOFError
        target.write(frame(Request(code, document, new)))
        target.flush()
        reply = self._reply(source)
        if reply.problem:
            raise RulesError(reply.problem)
        self._known.add(code)
        return reply.failures

    def _reply(self, source: IO[bytes]) -> Reply:
        deadline = time.monotonic() + self._timeout
        length = length_of(self._read(source, HEAD, deadline))
        return msgspec.msgpack.decode(self._read(source, length, deadline), type=Reply)

    def _read(self, source: IO[bytes], size: int, deadline: float) -> bytes:
        """Return `size` bytes; RulesError after the deadline, EOFError when the process is gone."""
        pieces: list[bytes] = []
        while size:
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([source], [], [], wait)[0]:
                self._stop()
                message = f"no verdict after {self._timeout:g} seconds"
                raise RulesError(message)
            piece = os.read(source.fileno(), size)
            if not piece:
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(  # noqa: S603 -- our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            )
            self._finalizer = weakref.finalize(self, _end, self._process)
        return self._process

    def _stop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._process, self._finalizer = None, None
        self._known.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was still to be written has nowhere to go
                continue
