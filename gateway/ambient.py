"""Give what no function can compute: the time, a new id, a secret token.

Passed in as one argument so that tests decide all three; `gateway.app` alone makes the real one.
"""

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Return the present instant, aware."""


def new_id() -> str:
    """Return an id that sorts by the time it was made: 48 bits of milliseconds, 80 of chance.

    It names and opens nothing, so this is not the system's chance: asking for that lets other
    threads run, some times an arrival.
    """
    return f"{time.time_ns() // 1_000_000:012x}{random.getrandbits(80):020x}"


def new_token() -> str:
    """Return 256 bits of chance, safe in a URL: whoever holds it is who it was given to."""
    return secrets.token_urlsafe(32)


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Ambient:
    """Hold the three; the defaults are the real ones."""

    now: Clock = system_clock
    new_id: Callable[[], str] = new_id
    new_token: Callable[[], str] = new_token
