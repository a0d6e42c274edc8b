"""Give what we send by EDI its control number, in the transaction that records it."""

from typing import Final

import msgspec
import sqlalchemy as sa

from canonical.wire import CredentialRole, Envelope
from gateway.store.series import next_number

HIGHEST: Final = 999_999_999
"""What fits in ISA13; UNB 0020 would hold more, but many systems read no more than nine digits."""


def series_of(syntax: str, envelope: Envelope) -> str:
    """Return the series that an interchange is counted in: that of its two identities."""
    named = {one.role: one for one in reversed(envelope.credentials)}

    def party(role: CredentialRole) -> str:
        one = named.get(role)
        return "" if one is None else f"{one.domain}:{one.identity}"

    return f"{syntax} {party(CredentialRole.FROM)}>{party(CredentialRole.TO)}"[:255]


def counted_in(syntax: str, envelope: Envelope) -> str:
    """Return the series that an interchange of theirs is counted in: tests have one of their own.

    A sender's test system counts for itself, so its numbers say nothing of those that count.
    """
    return f"{series_of(syntax, envelope)[:250]}{' test' if envelope.test else ''}"


def numbered(connection: sa.Connection, partner: str, syntax: str, envelope: Envelope) -> Envelope:
    """Return `envelope` with the next number of its series; taken when the transaction commits."""
    number = next_number(connection, partner, series_of(syntax, envelope), HIGHEST)
    return msgspec.structs.replace(envelope, message_id=str(number))
