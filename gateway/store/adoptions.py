"""Count how often a job outlived its worker: one that keeps killing workers must be given up."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from gateway.store.rows import insert_new
from gateway.store.schema import metadata

adoption: Final = sa.Table(
    "adoption",
    metadata,
    sa.Column("job", sa.String(255), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)


def note_adoption(connection: sa.Connection, job: str) -> int:
    """Count one more adoption of a job and return how many there were."""
    insert_new(connection, adoption, {"job": job, "times": 0})
    times: int = connection.execute(
        adoption.update()
        .where(adoption.c.job == job)
        .values(times=adoption.c.times + 1)
        .returning(adoption.c.times)
    ).scalar_one()
    return times


def forget_adoptions(connection: sa.Connection, jobs: Sequence[str]) -> None:
    """Delete the counts of jobs that are over."""
    connection.execute(adoption.delete().where(adoption.c.job.in_(jobs)))
