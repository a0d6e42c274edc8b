"""What is archived comes back byte for byte, once per content, or not at all."""

import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import NotFoundError, StoreError
from gateway.store.database import Database
from gateway.store.payloads import INLINE, JUST_NOW, PayloadArchive, payload
from tests.small_disk import small_disk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> PayloadArchive:
    return PayloadArchive(tmp_path / "payloads")


def keep(database: Database, archive: PayloadArchive, content: bytes) -> str:
    stored = archive.prepare(content)
    database.write(lambda connection: archive.keep(connection, NOW, stored))
    return stored.sha256


def load(database: Database, archive: PayloadArchive, sha256: str) -> bytes:
    with database.read() as connection:
        return archive.load(connection, sha256)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=st.binary(max_size=2000))
def test_any_bytes_come_back(database: Database, archive: PayloadArchive, content: bytes) -> None:
    assert load(database, archive, keep(database, archive, content)) == content


@pytest.mark.parametrize("size", [INLINE - 1, INLINE, INLINE + 1, 3 * INLINE])
def test_large_ones_are_files_and_small_ones_are_not(
    database: Database, archive: PayloadArchive, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    sha256 = keep(database, archive, content)
    assert load(database, archive, sha256) == content
    assert (tmp_path / "payloads" / sha256[:2] / sha256).exists() == (size > INLINE)
    assert not list((tmp_path).rglob("*.tmp"))


def test_the_same_content_is_kept_once(database: Database, archive: PayloadArchive) -> None:
    assert keep(database, archive, b"again") == keep(database, archive, b"again")
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(payload)) == 1


def test_a_large_one_is_compressed_in_its_file(
    database: Database, archive: PayloadArchive, tmp_path: Path
) -> None:
    content = b"<ItemOut quantity='1'/>" * 100_000
    sha256 = keep(database, archive, content)
    file = tmp_path / "payloads" / sha256[:2] / sha256
    assert file.stat().st_size < len(content) / 100
    assert load(database, archive, sha256) == content


CONTENT = os.urandom(INLINE + 1)


def make_bomb() -> bytes:
    """Return a frame of a gigabyte of zeros, made piece by piece."""
    compressor = zstandard.ZstdCompressor().compressobj()
    pieces = [compressor.compress(bytes(1 << 20)) for _ in range(1024)]
    return b"".join(pieces) + compressor.flush()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"short",
        zstandard.compress(CONTENT)[:-100],
        zstandard.compress(CONTENT + b"x"),
        make_bomb(),
    ],
    ids=["empty", "no frame", "cut", "longer", "a bomb of 1 GB"],
)
def test_a_damaged_file_is_noticed_and_expanded_no_further_than_what_went_in(
    database: Database, archive: PayloadArchive, tmp_path: Path, damaged: bytes
) -> None:
    sha256 = keep(database, archive, CONTENT)
    (tmp_path / "payloads" / sha256[:2] / sha256).write_bytes(damaged)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(StoreError, match="damaged"):
        load(database, archive, sha256)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024, "KB of memory"


def test_a_file_that_is_gone_is_said_to_be_gone(
    database: Database, archive: PayloadArchive, tmp_path: Path
) -> None:
    sha256 = keep(database, archive, CONTENT)
    (tmp_path / "payloads" / sha256[:2] / sha256).unlink()
    with pytest.raises(StoreError, match="cannot be read from its file"):
        load(database, archive, sha256)


def test_a_full_disk_is_told_and_keeps_nothing_half(
    database: Database, archive: PayloadArchive, tmp_path: Path
) -> None:
    content = os.urandom(INLINE + 1)
    with small_disk(1000), pytest.raises(StoreError, match="cannot be written to"):
        archive.prepare(content)
    assert [path for path in (tmp_path / "payloads").rglob("*") if path.is_file()] == []
    assert load(database, archive, keep(database, archive, content)) == content


def test_an_unknown_one_is_said_to_be_unknown(database: Database, archive: PayloadArchive) -> None:
    with pytest.raises(NotFoundError):
        load(database, archive, "0" * 64)


def test_a_file_that_a_dead_process_began_is_cleared_away(tmp_path: Path) -> None:
    archive = PayloadArchive(tmp_path)
    assert archive.clear() == 0
    archive.prepare(os.urandom(INLINE + 1))
    (whole,) = (path for path in tmp_path.rglob("*") if path.is_file())
    for name, age in (("old.tmp", 2 * JUST_NOW), ("young.tmp", 0)):
        path = tmp_path / "begun" / name
        path.write_bytes(b"half")
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    assert archive.clear() == 1
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        whole.name,
        "young.tmp",
    }
