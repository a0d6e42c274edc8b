"""Give tests of the virtual buyer one instant that never moves."""

from datetime import UTC, datetime
from typing import Final

NOON: Final = datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)
