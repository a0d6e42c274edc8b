"""Hold one partner's opened secrets and compare what was presented with them.

Both slots are always compared, by keyed digests of equal length and in constant time; whoever has
no secret is compared with a random one. So neither answer nor time tells which part was wrong.
"""

import hmac
import secrets
from dataclasses import dataclass, field

from gateway.partners.vault import Secret


@dataclass(frozen=True, slots=True)
class Keyring:
    """Hold the secrets of one partner; None where there is none."""

    current: Secret | None = field(default=None, repr=False)
    previous: Secret | None = field(default=None, repr=False)
    outgoing: Secret | None = field(default=None, repr=False)
    external: Secret | None = field(default=None, repr=False)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Chance of this process: digests of secrets are worth nothing elsewhere."""
    filler: Secret = field(default_factory=lambda: Secret(secrets.token_hex(32)), repr=False)
    """Stands in an empty slot: chance that nobody can present."""

    @property
    def ours(self) -> Secret | None:
        """Return what we send to them as our proof."""
        return self.outgoing or self.current

    def slots(self) -> tuple[tuple[str, Secret], ...]:
        """Return both slots by name, an empty one with its filler."""
        return (
            ("current", self.current or self.filler),
            ("previous", self.previous or self.filler),
        )

    def slot_of(self, presented: Secret) -> str | None:
        """Return the name of the slot that holds what was presented, or None."""
        given = presented.digest(self.key)
        matched: str | None = None
        for name, held in self.slots():
            if hmac.compare_digest(given, held.digest(self.key)):
                matched = matched or name
        return matched
