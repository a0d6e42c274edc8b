"""Let one thread of a process compute at a time, as far as nothing stops the one whose turn it is.

The interpreter lets one thread run anyway, but hands itself over wherever one calls a library, and
each hand-over wakes a thread on another processor, often for nothing: with sixteen busy threads
that costs as much as their work. Who queues here instead sleeps until its turn. A thread that
holds the turn may be stopped by a slow core or disk; then the others go without after `PATIENCE`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 0.02
"""Seconds that a thread waits at most: what some twenty others take who have their turn before."""


class Turns:
    """Give threads their turn, one after the other; a turn within a turn is waited for in vain."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._taken = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn and hold it; give False where that took too long."""
        held = self._taken.acquire(timeout=self._patience)
        try:
            yield held
        finally:
            if held:
                self._taken.release()
