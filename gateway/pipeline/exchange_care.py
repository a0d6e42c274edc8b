"""Look after the exchange of EDI: acknowledgements that are overdue, numbers that are old."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from gateway.partners.agreements import SYNTAXES
from gateway.partners.model import Partner
from gateway.pipeline.equipment import Equipment
from gateway.pipeline.faults import fault
from gateway.store.interchanges import forget_claims
from gateway.store.messages import StoredMessage, move, unacknowledged
from gateway.store.series import forget_missing
from gateway.store.timeline import Entry, record_entry

OVERDUE: Final = "overdue"
"""The acknowledgement status of what a partner should have acknowledged by now."""


def look_after(equipment: Equipment, partners: Iterable[Partner]) -> int:
    """Do it for every partner; return how many acknowledgements were found to be overdue."""
    now = equipment.ambient.now()
    found = 0
    for partner in partners:
        hours = partner.edi.acknowledged_within_hours
        if hours is not None:
            found += _tell_overdue(equipment, partner, now - timedelta(hours=hours), now)
        before = now - timedelta(days=partner.edi.duplicate_days)
        equipment.database.write(partial(_forget, partner=partner.id, before=before))
    return found


def _forget(connection: sa.Connection, *, partner: str, before: datetime) -> None:
    forget_claims(connection, partner, SYNTAXES, before)
    forget_missing(connection, partner, before)


def _tell_overdue(equipment: Equipment, partner: Partner, before: datetime, now: datetime) -> int:
    with equipment.database.read() as connection:
        waiting = unacknowledged(connection, partner.id, SYNTAXES, before)
    return sum(
        equipment.database.write(partial(_mark, message=message, now=now)) for message in waiting
    )


def _mark(connection: sa.Connection, *, message: StoredMessage, now: datetime) -> bool:
    """Mark one message and say so on its timeline; False when it was moved meanwhile."""
    changes: dict[str, object] = {"acknowledgement": OVERDUE}
    if not move(connection, message.id, message.state, message.jobs, changes):
        return False
    late = fault("PIPELINE-029", found=f"sent {message.updated_at:%Y-%m-%d %H:%M} UTC")
    entry = Entry(message=message.id, at=now, step="overdue", state=message.state, faults=(late,))
    record_entry(connection, entry)
    return True
