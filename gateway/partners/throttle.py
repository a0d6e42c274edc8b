"""Slow down whoever asks too often: token buckets that refill by the minute, bounded in number.

Wrong secrets are counted per claimed identity and remote address, so that a guesser elsewhere
cannot lock a partner out, and per address over all identities, so that guessing one secret each is
no way round. What is remembered is bounded: the longest unused is forgotten first.
"""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Final

IDENTITIES_PER_REMOTE: Final = 10
"""An address may be wrong this many times as often over all identities as for one."""

Key = tuple[str, ...]


class Buckets:
    """Hold a token bucket for each key; safe to share between threads."""

    def __init__(self, *, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._buckets: OrderedDict[Key, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def empty(self, key: Key, per_minute: int, now: datetime) -> bool:
        """Tell whether `key` has used up what a minute gives."""
        with self._lock:
            return self._left(key, per_minute, now) < 1

    def take(self, key: Key, per_minute: int, now: datetime) -> bool:
        """Take one token; False means that there was none."""
        with self._lock:
            left = self._left(key, per_minute, now)
            self._buckets[key] = (max(left - 1, 0.0), now)
            self._buckets.move_to_end(key)
            while len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
            return left >= 1

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._buckets)

    def _left(self, key: Key, per_minute: int, now: datetime) -> float:
        left, since = self._buckets.get(key, (float(per_minute), now))
        refilled = max((now - since).total_seconds(), 0.0) * per_minute / 60
        return min(left + refilled, float(per_minute))


class Throttle:
    """Count wrong secrets."""

    def __init__(self, per_minute: int, *, capacity: int = 10_000) -> None:
        self._per_minute = per_minute
        self._buckets = Buckets(capacity=capacity)

    def blocked(self, identity: tuple[str, str], remote: str, now: datetime) -> bool:
        """Tell whether this identity from this address, or the address, has used up its tries."""
        return any(
            self._buckets.empty(key, limit, now) for key, limit in self._keys(identity, remote)
        )

    def wrong(self, identity: tuple[str, str], remote: str, now: datetime) -> None:
        """Count one wrong secret."""
        for key, limit in self._keys(identity, remote):
            self._buckets.take(key, limit, now)

    def __len__(self) -> int:
        """Return how many identities and addresses are remembered."""
        return len(self._buckets)

    def _keys(self, identity: tuple[str, str], remote: str) -> list[tuple[Key, int]]:
        return [
            ((remote, *identity), self._per_minute),
            ((remote,), self._per_minute * IDENTITIES_PER_REMOTE),
        ]
