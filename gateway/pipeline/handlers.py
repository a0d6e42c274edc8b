"""Answer the documents that have their whole effect in the answer: profiles and reports.

What opens something (a punchout) brings its own handler from above; what reports on a message of
ours has `gateway.pipeline.reporting`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from canonical.catalogue import Catalogue, InventoryReport, SalesReport
from canonical.order import OrderResponse
from canonical.punchout import Profile, Transaction
from canonical.returns import ReceiptAdvice, ReturnRequest
from canonical.wire import Verdict
from gateway.pipeline.contract import Handler, Outcome, Received

NOTED: Final = (
    OrderResponse,
    InventoryReport,
    SalesReport,
    ReceiptAdvice,
    ReturnRequest,
    Catalogue,
)
"""Documents whose being on record is their effect: no core asks for them yet."""


def profile_handler(url: str, transactions: Iterable[str], since: datetime) -> Handler:
    """Return what answers a `ProfileQuery`: `transactions` are taken at `url`, since then."""
    profile = Profile(
        effective_at=since,
        transactions=tuple(Transaction(name=name, url=url) for name in transactions),
    )

    def answer(_received: Received) -> Outcome:
        return Outcome(verdict=Verdict.ACCEPTED, reply=profile)

    return answer


def note_report(_received: Received) -> Outcome:
    """Take a report in: being on record is its effect."""
    return Outcome(verdict=Verdict.ACCEPTED)
