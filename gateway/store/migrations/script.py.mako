# ruff: noqa: PLR0915 -- one statement a table
"""${message.capitalize()}."""

import sqlalchemy as sa
from alembic import op

from gateway.store.schema import Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this release needs."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take it away again, data included."""
    ${downgrades if downgrades else "pass"}
