"""Let the processes on one SQLite file write one after the other, in the order in which they came.

SQLite lets one write at a time too, but has the others sleep and look again, each time longer:
of several busy processes some then wait for a second while the file stands idle. A lock of the
operating system wakes them at once, and it is gone with the process that held it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Gate:
    """Hold the lock on a small file beside the database; one thread of a process at a time."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.writer")
        self._file: int | None = None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait until no other process writes, and keep the others out meanwhile."""
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
