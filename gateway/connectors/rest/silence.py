"""Remember that the core did not answer in time, so that not everybody waits as long again.

A buyer's click asks several questions, and a web process has few threads: were each question to a
core that hangs given its whole time, carts would open after minutes and orders wait behind them.
So after a question went unanswered, further ones fail at once for a while; then one of them is
asked in earnest, and its answer opens the way for all.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.errors import CoreUnreachableError

PAUSE: Final = 5.0
"""Seconds after an unanswered question in which none is asked."""

Monotonic = Callable[[], float]
"""Return seconds that never go back."""


class Silence:
    """Say when a core may be asked; safe to share between threads.

    A slow answer to one question says nothing while the core answers others: only when none was
    answered since the question was put is the core taken to be silent.
    """

    def __init__(self, timeout: float, monotonic: Monotonic) -> None:
        self._timeout = timeout
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._silent_until: float | None = None
        self._answered_at = monotonic()

    @contextmanager
    def question(self, unanswered: type[Exception]) -> Iterator[None]:
        """Ask inside; `unanswered` is what is raised there when the time is over.

        Raises `CoreUnreachableError` at once while the core is silent.
        """
        put_at = self._put()
        try:
            yield
        except unanswered:
            self._note_silence(put_at)
            raise
        except Exception:  # whatever it was, it came in time
            self._note_answer()
            raise
        else:
            self._note_answer()

    def _put(self) -> float:
        with self._lock:
            now = self._monotonic()
            if self._silent_until is not None:
                if now < self._silent_until:
                    raise CoreUnreachableError(self._words(self._silent_until - now))
                # Whoever comes first asks for all; the others wait for what becomes of it.
                self._silent_until = now + self._timeout
            return now

    def _note_silence(self, put_at: float) -> None:
        with self._lock:
            if self._answered_at <= put_at:
                self._silent_until = self._monotonic() + PAUSE

    def _note_answer(self) -> None:
        with self._lock:
            self._answered_at = self._monotonic()
            self._silent_until = None

    def _words(self, seconds: float) -> str:
        return (
            f"the core did not answer within {self._timeout:g} s and was not asked again; it is in "
            f"{seconds:.0f} s at the latest"
        )
