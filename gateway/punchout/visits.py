"""Let a buyer in by the start link, and find the session of a page; watch the clock for both.

A start link works once. What the browser gets then is a path with a token in it, and that token is
the session: procurement systems show shops in frames, where cookies are lost.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from canonical.punchout import SessionState
from gateway.punchout.external import external_link, external_token
from gateway.punchout.means import Means
from gateway.punchout.sessions import OPEN, Event, after
from gateway.punchout.shoppers import key_of, shopper_of
from gateway.store.sessions import Change, FoundStart, Session, SessionEvent
from gateway.store.shoppers import Owner

SWEEP: Final = 500
"""Sessions that one call of `expire_due` closes at most."""


class Refusal(StrEnum):
    """Say why a start link does not open a session."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Started:
    """Hold a session that has just begun: its token, or the link into an external shop."""

    session: Session
    token: str
    external_url: str | None = None


class Visits:
    """Open doors and close them in time."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def start(self, start_token: str) -> Started | Refusal:
        """Use a start link up and return the session it opens, or why it does not."""
        found = self._means.store.find_start(start_token)
        if found is None:
            return Refusal.UNKNOWN
        refusal = self._refusal(found)
        if refusal is None:
            started = self._started(start_token, found.session)
            if started is not None:
                return started
            refusal = Refusal.USED
        self._note(found.session, f"start-{refusal}", "a start link was opened in vain")
        return refusal

    def find(self, token: str) -> Session | None:
        """Return the session of a page's token, expired by now if its time is over."""
        session = self._means.store.find_by_token(token)
        return None if session is None else self.watched(session)

    def watched(self, session: Session) -> Session:
        """Return `session`, moved to expired if its time is over."""
        if session.state not in OPEN or session.expires_at > self._means.ambient.now():
            return session
        state = after(session.state, Event.EXPIRE)
        change = Change(event=self._event("expired", ""), state=state)
        if self._means.store.change(session, change):
            return replace(session, state=state, revision=session.revision + 1)
        return self._means.store.find(session.id) or session

    def choose_language(self, session: Session, code: str) -> bool:
        """Keep the language that the shopper chose; False when something else came between."""
        change = Change(event=self._event("language", code), language=code)
        return self._means.store.change(session, change)

    def expire_due(self) -> int:
        """Close sessions whose time is over and return how many; call it now and then."""
        overdue = self._means.store.overdue(self._means.ambient.now(), OPEN, SWEEP)
        return sum(1 for session in overdue if self.watched(session).state not in OPEN)

    def _refusal(self, found: FoundStart) -> Refusal | None:
        if found.used_at is not None:
            return Refusal.USED
        session = self.watched(found.session)
        if found.expires_at <= self._means.ambient.now() or session.state not in OPEN:
            return Refusal.EXPIRED
        # The state is asked as well: a link begins a session, it never joins one.
        return None if session.state is SessionState.PENDING else Refusal.USED

    def _started(self, start_token: str, session: Session) -> Started | None:
        partner = self._means.partner(session.partner)
        if partner is None:
            return None
        outside = session.external
        token = (
            external_token(self._means, partner, session.id)
            if outside
            else self._means.ambient.new_token()
        )
        state = after(session.state, Event.START)
        change = Change(event=self._event("started", ""), state=state, token=token)
        if not self._means.store.use_start(start_token, session, change):
            return None
        begun = replace(session, state=state, revision=session.revision + 1)
        owner, at = Owner(partner.id, key_of(partner, session)), change.event.happened_at
        self._means.store.shoppers.came(session.id, owner, shopper_of(session.setup), at)
        link = external_link(self._means, partner, begun) if outside else None
        return Started(session=begun, token=token, external_url=link)

    def _event(self, kind: str, detail: str) -> SessionEvent:
        return SessionEvent(happened_at=self._means.ambient.now(), kind=kind, detail=detail)

    def _note(self, session: Session, kind: str, detail: str) -> None:
        self._means.store.record(session.id, self._event(kind, detail))
