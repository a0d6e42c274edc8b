"""Remember for a moment what the core said of a customer.

Every setup asks for its customer, and a procurement system sends many setups of one customer in a
row. What the shop shows may be `SECONDS` old; order checks ask the core itself.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from canonical.party import Customer
from gateway.ambient import Clock
from gateway.connectors.contract import Core

SECONDS: Final = 15
CAPACITY: Final = 1000


class RecentCustomers:
    """Ask the core for a customer at most once in `SECONDS`; safe to share between threads."""

    def __init__(self, core: Core, now: Clock) -> None:
        self._core = core
        self._now = now
        self._known: OrderedDict[str, tuple[datetime, Customer]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, customer_id: str) -> Customer | None:
        """Return a customer, or None; raises the core's errors. Not knowing is not remembered."""
        now = self._now()
        with self._lock:
            until, customer = self._known.get(customer_id, (now, None))
        if customer is not None and until > now:
            return customer
        found = self._core.customer(customer_id)
        if found is not None:
            with self._lock:
                self._known[customer_id] = (now + timedelta(seconds=SECONDS), found)
                self._known.move_to_end(customer_id)
                while len(self._known) > CAPACITY:
                    self._known.popitem(last=False)
        return found
