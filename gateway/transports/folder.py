"""Hand interchanges over through folders of the workspace, whole files only.

A file that leaves is written under a hidden name, brought to the disk and renamed, so that nobody
who watches the folder reads half of it. A file that comes in is looked at once it has rested: what
still grows, or has a name that says so (`.part`, `.tmp`, a leading dot), is left alone. What was
taken in moves to `done/`, what was refused to `refused/` with the reason beside it; the pipeline
knows a number that came before, so a crash between taking and moving does no harm.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from canonical.wire import Payload
from gateway.errors import TransportError

SCHEME: Final = "folder"
DONE: Final = "done"
REFUSED: Final = "refused"
UNFINISHED: Final = (".part", ".tmp", ".filepart", ".partial")
REST_SECONDS: Final = 2.0
"""Seconds since its last change after which a file is taken for whole."""
SUFFIXES: Final = {"application/edifact": ".edi", "application/edi-x12": ".x12"}


class FolderSender:
    """Write payloads as files into folders of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def send(self, endpoint: str, payload: Payload) -> Payload:
        """Write `payload` as one file; the same payload again writes the same file.

        Raises `TransportError` when the folder cannot be written.
        """
        folder = self._workspace / endpoint.removeprefix(f"{SCHEME}:")
        kind = payload.media_type.partition(";")[0].strip().lower()
        name = sha256(payload.content).hexdigest()[:24] + SUFFIXES.get(kind, ".dat")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, payload.content)
        except OSError as error:
            message = f"{folder} cannot be written: {error}"
            raise TransportError(message) from error
        return Payload(content=b"", media_type="text/plain")

    def close(self) -> None:
        """Hold nothing open."""


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays after a power cut."""
    hidden = file.with_name(f".{file.name}.part")
    with hidden.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    hidden.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True, slots=True)
class Taken:
    """Say what became of a file: `reason` is empty when it was taken in."""

    file: Path
    reason: str = ""


Take = Callable[[bytes], str]
"""Take the content of a file in; return why not, or nothing."""


def resting(folder: Path, now: float) -> Iterator[Path]:
    """Walk the whole files of a folder, the oldest first."""
    if not folder.is_dir():
        return
    found = []
    for file in folder.iterdir():
        if file.name.startswith(".") or file.name.lower().endswith(UNFINISHED):
            continue
        try:
            known = file.stat()
        except FileNotFoundError:
            continue  # taken by another worker
        if file.is_file() and now - known.st_mtime >= REST_SECONDS:
            found.append((known.st_mtime_ns, file.name, file))
    for _, _, file in sorted(found):
        yield file


def collect(folder: Path, take: Take, now: float) -> tuple[Taken, ...]:
    """Take in every whole file of a folder; what `take` raises leaves the file where it is."""
    done = []
    for file in resting(folder, now):
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue
        reason = take(content)
        _put_away(file, folder / (REFUSED if reason else DONE), reason)
        done.append(Taken(file, reason))
    return tuple(done)


def _put_away(file: Path, folder: Path, reason: str) -> None:
    folder.mkdir(exist_ok=True)
    target = folder / file.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{file.stem}-{number}{file.suffix}"
    try:
        file.rename(target)
    except FileNotFoundError:
        return  # another worker took it in the same moment; the pipeline knows it came twice
    if reason:
        write_whole(target.with_name(f"{target.name}.reason.txt"), f"{reason}\n".encode())
