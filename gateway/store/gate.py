"""Let the processes on one SQLite file write one after the other, in the order in which they came.

SQLite lets one write at a time too, but has the others sleep and look again, each time longer:
of several busy processes some then wait for a second while the file stands idle. A lock of the
operating system wakes them at once, and it is gone with the process that held it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Gate:
    """Hold the lock on a small file beside the database; one thread of a process at a time."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file: int | None = None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait until no other process writes, and keep the others out meanwhile."""
        if self._file is None:
            self._file = _opened(self._database.with_name(f"{self._database.name}.writer"))
            _share(self._file, self._database)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file, which stays for the others."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _share(file: int, database: Path) -> None:
    """Let in who may write to the database, whoever of them came first: a person as root, say."""
    with suppress(OSError):  # it is another's, who did this, or there is no database yet
        known = database.stat()
        os.fchmod(file, known.st_mode & 0o666)
        os.fchown(file, known.st_uid, known.st_gid)
