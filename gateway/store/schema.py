"""Hold the one catalogue of tables and the column types that both databases share.

Each module that owns tables defines them on `metadata`; `gateway.store.migrations` is what
creates them on a user's machine, and a test holds the two together.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """Store an aware datetime as microseconds since 1970 UTC: exact, sortable, the same on both."""

    impl = sa.BigInteger  # type: ignore[mutable-override]  # SQLAlchemy documents it so
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """Return the stored number; a naive datetime is our own mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone and cannot be stored"
            raise ValueError(message)
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant in UTC."""
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
