"""Slow down whoever tries secrets: so many wrong ones a minute, then nothing is compared at all.

Counted per claimed identity and remote address, so that a guesser elsewhere cannot lock a partner
out, and per address over all identities, so that guessing one secret each is no way round. What is
remembered is bounded: the longest unused is forgotten first.
"""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Final

IDENTITIES_PER_REMOTE: Final = 10
"""An address may be wrong this many times as often over all identities as for one."""


class Throttle:
    """Count wrong secrets in token buckets; safe to share between threads."""

    def __init__(self, per_minute: int, *, capacity: int = 10_000) -> None:
        self._per_minute = per_minute
        self._capacity = capacity
        self._buckets: OrderedDict[tuple[str, ...], tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def blocked(self, identity: tuple[str, str], remote: str, now: datetime) -> bool:
        """Tell whether this identity from this address, or the address, has used up its tries."""
        with self._lock:
            return any(
                self._left(key, limit, now) < 1 for key, limit in self._keys(identity, remote)
            )

    def wrong(self, identity: tuple[str, str], remote: str, now: datetime) -> None:
        """Count one wrong secret."""
        with self._lock:
            for key, limit in self._keys(identity, remote):
                left = self._left(key, limit, now)
                self._buckets[key] = (max(left - 1, 0.0), now)
                self._buckets.move_to_end(key)
            while len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)

    def __len__(self) -> int:
        """Return how many identities and addresses are remembered."""
        return len(self._buckets)

    def _keys(self, identity: tuple[str, str], remote: str) -> list[tuple[tuple[str, ...], int]]:
        return [
            ((remote, *identity), self._per_minute),
            ((remote,), self._per_minute * IDENTITIES_PER_REMOTE),
        ]

    def _left(self, key: tuple[str, ...], limit: int, now: datetime) -> float:
        left, since = self._buckets.get(key, (float(limit), now))
        refilled = max((now - since).total_seconds(), 0.0) * limit / 60
        return min(left + refilled, float(limit))
