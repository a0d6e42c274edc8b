"""Keep what came and went, byte for byte, once per content.

A payload's key is the SHA-256 of its bytes, and it is kept as one Zstandard frame. Up to `INLINE`
bytes that is a value in the `payload` table; larger ones are files `<folder>/ab/<sha256>`, complete
and on disk under their name before the row that speaks of them commits. The row tells the size, so
a frame is never expanded further than what was put in.
"""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import zstandard

from gateway.errors import NotFoundError, StoreError
from gateway.store.rows import Into, columns_of, insert_or_renew
from gateway.store.schema import Instant, metadata

INLINE: Final = 256 * 1024
"""Bytes up to which a payload is kept in the database."""

CODEC: Final = "zstd"
"""Name of the compression, kept with each row."""

PIECE: Final = 1 << 18
"""Bytes that are expanded at once."""

JUST_NOW: Final = 3600
"""Seconds that a prepared file is safe from being discarded."""

payload: Final = sa.Table(
    "payload",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("codec", sa.String(8), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=True),
    sa.Column("named_at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class StoredPayload:
    """Hold a payload ready for its row; `data` is None when a file holds it."""

    sha256: str
    codec: str
    size: int
    data: bytes | None = field(repr=False)


class PayloadArchive:
    """Store payloads below `folder` and in the database; compresses outside the transaction."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._local = threading.local()

    def prepare(self, content: bytes) -> StoredPayload:
        """Return `content` ready for `keep`; a large one is on disk when this returns.

        Raises `StoreError` when it cannot be written there.
        """
        sha256 = sha256_of(content)
        if len(content) > INLINE:
            self._write(sha256, content)
            return StoredPayload(sha256, CODEC, len(content), None)
        return StoredPayload(sha256, CODEC, len(content), self._compressor().compress(content))

    def keep(self, into: Into, at: datetime, *prepared: StoredPayload) -> None:
        """Insert the rows of prepared payloads; the same content twice is one row, named last."""
        different = {stored.sha256: stored for stored in prepared}
        rows = [{**columns_of(different[name]), "named_at": at} for name in sorted(different)]
        if rows:
            insert_or_renew(into, payload, rows, "named_at")

    def discard(self, sha256: str) -> None:
        """Remove the file of a payload whose row is gone, if it had one.

        A file that somebody prepared again just now stays: its new row may be about to commit.
        """
        path = self._path(sha256)
        if path.exists() and time.time() - path.stat().st_mtime > JUST_NOW:
            path.unlink(missing_ok=True)

    def clear(self, older_than: float = JUST_NOW) -> int:
        """Remove the files that a process began and died over, once old; return how many."""
        before, cleared = time.time() - older_than, 0
        for path in self._begun().glob("*.tmp"):
            with suppress(FileNotFoundError):  # it was finished just now
                if path.stat().st_mtime <= before:
                    path.unlink()
                    cleared += 1
        return cleared

    def load(self, connection: sa.Connection, sha256: str) -> bytes:
        """Return the bytes of a payload, proven against their hash."""
        return b"".join(self.stream(connection, sha256))

    def stream(self, connection: sa.Connection, sha256: str) -> Iterator[bytes]:
        """Give the bytes of a payload in pieces; the connection is done with when this returns.

        Whoever takes them all knows that they are proven against their hash: StoreError is raised
        behind the last piece of a damaged one at the latest.
        """
        row = connection.execute(
            sa.select(payload.c.size, payload.c.data).where(payload.c.sha256 == sha256)
        ).first()
        if row is None:
            message = f"no payload {sha256} is stored"
            raise NotFoundError(message)
        return self._proven(self._expanded(row.data, sha256), row.size, sha256)

    def _compressor(self) -> zstandard.ZstdCompressor:
        """Return this thread's own: making one costs more than using it."""
        if not hasattr(self._local, "compressor"):
            self._local.compressor = zstandard.ZstdCompressor(level=3)
        compressor: zstandard.ZstdCompressor = self._local.compressor
        return compressor

    def _proven(self, pieces: Iterator[bytes], size: int, sha256: str) -> Iterator[bytes]:
        """Give pieces up to one more byte than `size`, and raise if they are not those stored."""
        digest, left = hashlib.sha256(), size
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                break
            digest.update(piece)
            yield piece
        if left or digest.hexdigest() != sha256:
            message = f"payload {sha256} is damaged: its bytes no longer match its name"
            raise StoreError(message)

    def _expanded(self, data: bytes | None, sha256: str) -> Iterator[bytes]:
        """Give what a frame holds, as far as it is one."""
        try:
            source = self._path(sha256).open("rb") if data is None else data
            with zstandard.ZstdDecompressor().stream_reader(source) as reader:
                while piece := reader.read(PIECE):
                    yield piece
        except zstandard.ZstdError:
            return
        except OSError as error:
            message = f"payload {sha256} cannot be read from its file: {error}"
            raise StoreError(message) from error

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _begun(self) -> Path:
        """Return the folder of files that are not whole yet."""
        return self._folder / "begun"

    def _write(self, sha256: str, content: bytes) -> None:
        """Bring a file to the disk; raises `StoreError` when that has no room, or cannot write."""
        temporary = self._begun() / f"{sha256}.{os.urandom(6).hex()}.tmp"
        try:
            self._write_once(self._path(sha256), temporary, content)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)  # a full disk needs the room
            message = f"payload {sha256} cannot be written to {self._folder}: {error.strerror}"
            raise StoreError(message) from error

    def _write_once(self, path: Path, temporary: Path, content: bytes) -> None:
        if path.exists():
            os.utime(path)
            _sync_folder(path.parent)  # whoever wrote it may have died before it did
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as file:
            file.write(self._compressor().compress(content))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        for folder in (path.parent, self._folder):
            _sync_folder(folder)


def sha256_of(content: bytes) -> str:
    """Return the name of `content` in the archive."""
    return hashlib.sha256(content).hexdigest()


def _sync_folder(folder: Path) -> None:
    # A rename is durable only when its folder is; Windows cannot open folders and needs not.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
