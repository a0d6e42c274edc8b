"""Wait for what a process brings about: as long as something moves, however slow the machine is."""

import time
from collections.abc import Callable

STALLED = 240.0
"""Seconds in which nothing moves, after which it never will: more than any pause of the product."""
LONG = 1800
"""Seconds after which a test that waits is ended, moving or not."""


def wait_until(
    reached: Callable[[], object],
    moved: Callable[[], object] = lambda: None,
    pause: float = 0.1,
) -> bool:
    """Wait until something is true; False when `moved` has told the same thing for too long."""
    seen, until = moved(), time.monotonic() + STALLED
    while not reached():
        if (now := moved()) != seen:
            seen, until = now, time.monotonic() + STALLED
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True
