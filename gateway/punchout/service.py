"""Offer the punchout to the layers above: one object with a method for each thing that happens.

The protocol that a buyer speaks is not known here: setups come in as documents, carts go out as
documents, and the form encoding of the way home is the page's business.
"""

from dataclasses import replace

from canonical.faults import Fault
from canonical.punchout import ItemQuery, QueryKind
from canonical.wire import Payload
from gateway.partners.model import Partner
from gateway.pipeline.contract import Outcome, Received
from gateway.punchout import external
from gateway.punchout.answering import answer_query, setup_of
from gateway.punchout.customers import RecentCustomers
from gateway.punchout.delivery import Deliveries
from gateway.punchout.faults import fault
from gateway.punchout.means import Means
from gateway.punchout.opening import open_session
from gateway.punchout.return_url import NOWHERE, checked_before
from gateway.punchout.returning import Homecoming, Returning, homecoming_of
from gateway.punchout.shopping import Shopping
from gateway.punchout.visits import Visits
from gateway.store.sessions import Session, SessionEvent


class PunchoutService:
    """Lead buyers from setup to returned cart."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self._customers = RecentCustomers(means.core, means.ambient.now)
        self.visits = Visits(means)
        self.shopping = Shopping(means)
        self.deliveries = Deliveries(means)
        self.returning = Returning(means, self.deliveries)

    def open(self, received: Received) -> Outcome:
        """Answer a setup: the handler of `PunchoutSetup` documents."""
        return open_session(self.means, self._customers, received)

    def answer(self, received: Received) -> Outcome:
        """Answer a question between shopping trips: the handler of queries."""
        query = received.document
        if isinstance(query, ItemQuery) and query.kind is QueryKind.SOURCE:
            return self.open(replace(received, document=setup_of(query)))
        return answer_query(self.means, self._customers, received)

    def answer_form(
        self, partner: Partner, syntax: str, query: ItemQuery, answer: Payload
    ) -> Homecoming:
        """Return the form that brings the answer to a query home; its address may be nowhere."""
        face = self.means.faces[syntax]
        dialect = self.means.dialect(partner, syntax, query.properties)
        address = checked_before(query.return_url) or NOWHERE
        return homecoming_of(face, answer, dialect, address, query.return_target)

    def expire_due(self) -> int:
        """Close sessions whose time is over and return how many; call it now and then."""
        return self.visits.expire_due()

    def events(self, session_id: str) -> tuple[SessionEvent, ...]:
        """Return what happened in a session, oldest first."""
        return self.means.store.events(session_id)

    def external_session(self, session_id: str, bearer: str) -> Session | None:
        """Return a session to the supplier's own shop, if it proves who it is."""
        found = external.authorised_session(self.means, session_id, bearer)
        return None if found is None else self.visits.watched(found)

    def external_cart(self, session: Session, body: bytes) -> tuple[Fault, ...]:
        """Take the cart of an external shop and close the session with it; idempotent by body."""
        digest = external.request_hash(body)
        before = self.means.store.returned(session.id)
        if before is not None:
            return () if before.request_hash == digest else (fault("PUNCHOUT-052"),)
        sent = external.read_cart(body)
        if isinstance(sent, Fault):
            return (sent,)
        if sent.cancelled:
            return self.returning.cancel(session.id, request_hash=digest)
        refused = external.take_cart(self.means, session, sent)
        if refused is not None:
            return (refused,)
        return self.returning.transfer(session.id, confirmed=sent.delete_lines, request_hash=digest)

    def transfer_url(self, session: Session) -> str:
        """Return the page that sends an external session's cart home."""
        partner = self.means.partner(session.partner)
        if partner is None:
            return ""
        token = external.external_token(self.means, partner, session.id)
        return f"{self.means.base_url}/s/{token}/transfer"
