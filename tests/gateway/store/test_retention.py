"""What is too old goes, what is younger or named again stays, and decisions outlive the bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store import payloads
from gateway.store.claims import claim_of
from gateway.store.database import Database
from gateway.store.interchanges import Interchange, record_interchange
from gateway.store.messages import StoredMessage, record_message
from gateway.store.payloads import INLINE, PayloadArchive, payload
from gateway.store.retention import forget_payloads

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OLD = NOW - timedelta(days=500)
LIMIT = NOW - timedelta(days=400)


@pytest.fixture
def archive(tmp_path: Path) -> PayloadArchive:
    return PayloadArchive(tmp_path / "payloads")


def keep(database: Database, archive: PayloadArchive, content: bytes, at: datetime) -> str:
    stored = archive.prepare(content)
    database.write(lambda connection: archive.keep(connection, at, stored))
    return stored.sha256


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(sa.select(payload.c.sha256)))


def test_only_what_nobody_named_lately_goes(database: Database, archive: PayloadArchive) -> None:
    keep(database, archive, b"old", OLD)
    young = keep(database, archive, b"young", NOW)
    again = keep(database, archive, b"again", OLD)
    keep(database, archive, b"again", NOW)
    assert forget_payloads(database, archive, LIMIT) == 1
    assert names(database) == {young, again}


def test_the_claim_of_a_forgotten_reply_goes_with_it(
    database: Database, archive: PayloadArchive
) -> None:
    reply = keep(database, archive, b"reply", OLD)
    row = Interchange(
        id="i1",
        direction="in",
        syntax="cxml",
        endpoint="http",
        media_type="text/xml",
        body_sha256="0" * 64,
        payload_sha256="0" * 64,
        received_at=OLD,
        verdict="accepted",
        reply_sha256=reply,
        reply_media_type="text/xml",
        claimant="norr",
        claimed_id="p1",
    )
    found = StoredMessage("m1", "i1", "in", "cxml", "answered", OLD, OLD)

    def work(connection: sa.Connection) -> None:
        assert record_interchange(connection, row)
        assert not record_interchange(connection, replace(row, id="i2"))
        record_message(connection, found)
        assert claim_of(connection, "norr", "cxml", "p1") is not None

    database.write(work)
    forget_payloads(database, archive, LIMIT)
    with database.read() as connection:
        assert claim_of(connection, "norr", "cxml", "p1") is None


def test_a_large_payload_leaves_the_disk_unless_it_was_just_prepared_again(
    database: Database, archive: PayloadArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"x" * (INLINE + 1)
    keep(database, archive, content, OLD)
    forget_payloads(database, archive, LIMIT)
    (file,) = [path for path in (tmp_path / "payloads").rglob("*") if path.is_file()]
    assert names(database) == set()
    monkeypatch.setattr(payloads, "JUST_NOW", -1)
    archive.discard(file.name)
    assert not file.exists()
