"""Keep control numbers: those we give, one after the other, and those that we have seen.

A series belongs to a pair of identities in one syntax (`edifact 7309:14>7301:14`). A number that we
give is taken in the transaction that records what carries it: a crash leaves neither a gap nor a
number used twice. Of what comes in, the highest number is kept and each one that was skipped, until
it comes after all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gateway.store.rows import insert_all, insert_new
from gateway.store.schema import Instant, metadata

MAX_SKIPPED: Final = 1_000
"""Numbers that one jump may leave as missing; a larger one is a new beginning."""

given: Final = sa.Table(
    "number_given",
    metadata,
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("series", sa.String(255), primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
seen: Final = sa.Table(
    "number_seen",
    metadata,
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("series", sa.String(255), primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
missing: Final = sa.Table(
    "number_missing",
    metadata,
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("series", sa.String(255), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)


def next_number(connection: sa.Connection, partner: str, series: str, highest: int) -> int:
    """Take the next number of a series in the caller's transaction; 1 follows `highest`.

    Two transactions that take one at the same moment wait for each other.
    """
    key = {"partner": partner, "series": series}
    if insert_new(connection, given, {**key, "last": 1}):
        return 1
    following = sa.case((given.c.last >= highest, 1), else_=given.c.last + 1)
    number: int = connection.execute(
        given.update()
        .where(given.c.partner == partner, given.c.series == series)
        .values(last=following)
        .returning(given.c.last)
    ).scalar_one()
    return number


@dataclass(frozen=True, slots=True)
class Seen:
    """Say how a number stands to those before it.

    `skipped` are the first and last number that were jumped over; `late` is one that was missing
    until now, or comes behind a higher one.
    """

    skipped: tuple[int, int] | None = None
    late: bool = False


def hold_series(connection: sa.Connection, partner: str, series: str, now: datetime) -> bool:
    """Let nobody else note numbers of a series until the caller's transaction ends.

    Tell whether nobody ever did: then it wants to be begun.
    """
    mine = (seen.c.partner == partner, seen.c.series == series)
    row = {"partner": partner, "series": series, "last": 0, "seen_at": now}
    if insert_new(connection, seen, row):
        return True
    connection.execute(sa.select(seen.c.last).where(*mine).with_for_update()).scalar_one()
    return False


def begin_series(connection: sa.Connection, partner: str, series: str, number: int) -> None:
    """Let a series that is new begin with a number, which is noted next."""
    mine = (seen.c.partner == partner, seen.c.series == series)
    connection.execute(seen.update().where(*mine).values(last=number - 1))


def note_number(
    connection: sa.Connection, partner: str, series: str, number: int, now: datetime
) -> Seen:
    """Note a number that came in; call it once for each interchange that is new."""
    key = {"partner": partner, "series": series}
    mine = (seen.c.partner == partner, seen.c.series == series)
    if insert_new(connection, seen, {**key, "last": number, "seen_at": now}):
        return Seen()
    last: int = connection.execute(
        sa.select(seen.c.last).where(*mine).with_for_update()
    ).scalar_one()
    if number <= last:
        found = connection.execute(
            missing.delete()
            .where(
                missing.c.partner == partner,
                missing.c.series == series,
                missing.c.number == number,
            )
            .returning(missing.c.number)
        ).first()
        if found is None and last - number > MAX_SKIPPED:  # it began anew
            connection.execute(seen.update().where(*mine).values(last=number, seen_at=now))
            return Seen()
        return Seen(late=True)
    connection.execute(seen.update().where(*mine).values(last=number, seen_at=now))
    skipped = range(last + 1, number)
    if not skipped or len(skipped) > MAX_SKIPPED:
        return Seen()
    insert_all(connection, missing, [{**key, "number": one, "since": now} for one in skipped])
    return Seen(skipped=(skipped[0], skipped[-1]))


@dataclass(frozen=True, slots=True)
class Series:
    """Hold how a series stands: `direction` is `in` or `out`."""

    partner: str
    series: str
    direction: str
    last: int
    missing: tuple[int, ...] = ()


def list_series(connection: sa.Connection) -> tuple[Series, ...]:
    """Return every series with what is missing in it."""
    absent: dict[tuple[str, str], list[int]] = {}
    for partner, series, number in connection.execute(
        sa.select(missing.c.partner, missing.c.series, missing.c.number).order_by(missing.c.number)
    ):
        absent.setdefault((partner, series), []).append(number)
    found = [
        Series(partner, series, "in", last, tuple(absent.get((partner, series), ())))
        for partner, series, last in connection.execute(
            sa.select(seen.c.partner, seen.c.series, seen.c.last)
        )
    ]
    found += [
        Series(partner, series, "out", last)
        for partner, series, last in connection.execute(
            sa.select(given.c.partner, given.c.series, given.c.last)
        )
    ]
    return tuple(sorted(found, key=lambda one: (one.partner, one.series, one.direction)))


def forget_missing(connection: sa.Connection, partner: str, before: datetime) -> None:
    """Stop waiting for numbers of a partner that were skipped before an instant."""
    connection.execute(
        missing.delete().where(missing.c.partner == partner, missing.c.since < before)
    )
