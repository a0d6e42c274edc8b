"""Count what passes: interchanges by syntax and verdict, steps by outcome, time in each.

Labels have few values by design; a partner is no label unless an operator asks for it elsewhere.
Where several processes serve one port, each writes its counts to a file of its own, and whichever
is asked answers with the sums.
"""

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from gateway.observe.shared import SHARED

REGISTRY: Final = CollectorRegistry()
INTERCHANGES: Final = Counter(
    "gateway_interchanges",
    "Interchanges received, by syntax and what was answered.",
    ("syntax", "verdict"),
    registry=REGISTRY,
)
RECEIVE_SECONDS: Final = Histogram(
    "gateway_receive_seconds",
    "Time from an interchange's last byte to its answer.",
    ("syntax",),
    registry=REGISTRY,
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
PAGES: Final = Counter(
    "gateway_pages", "Pages served, by status class.", ("status",), registry=REGISTRY
)


def exposition() -> tuple[bytes, str]:
    """Return all metrics as Prometheus reads them, with their media type."""
    registry = REGISTRY
    if folder := os.environ.get(SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # the library
    return generate_latest(registry), CONTENT_TYPE_LATEST
