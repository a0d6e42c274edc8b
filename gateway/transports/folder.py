"""Hand interchanges over through folders of the workspace, whole files only.

A file that leaves is written under a hidden name, brought to the disk and renamed, so that nobody
who watches the folder reads half of it. A file that comes in is looked at once it has rested: what
still grows, or has a name that says so (`.part`, `.tmp`, a leading dot), is left alone. What was
taken in moves to `done/`, what was refused to `refused/` with the reason beside it; the pipeline
knows a number that came before, so a crash between taking and moving does no harm.

Partners may write to these folders: below them no link is followed, everything is opened by name in
the folder itself, what is written begins under a name that nobody can guess, and what moves is
looked at again, as it may be another file by then.
"""

import errno
import fcntl
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePath
from typing import Final

from canonical.wire import Payload
from gateway.errors import TransportError

SCHEME: Final = "folder"
DONE: Final = "done"
REFUSED: Final = "refused"
BELOW: Final = (DONE, REFUSED)
REASON: Final = ".reason.txt"
UNFINISHED: Final = (".part", ".tmp", ".filepart", ".partial")
REST_SECONDS: Final = 2.0
"""Seconds since its last change after which a file is taken for whole."""
SUFFIXES: Final = {"application/edifact": ".edi", "application/edi-x12": ".x12"}
_NAMED: Final = re.compile(r';\s*name="([A-Za-z0-9][A-Za-z0-9._-]{0,99})"')
"""The name that a payload's media type gives its file; one that leads nowhere else."""
AT_ONCE: Final = 200
"""Files that are taken in before the caller may look after something else."""
LONGEST_NAME: Final = 255
"""Bytes of a name on the usual file systems."""
WAYS_OUT: Final = {
    errno.ELOOP: "; links are not followed: drop the file itself",
    errno.EACCES: "; let the gateway's user read it",
}
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would wait for its writer
_OWN: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_BEGUN: Final = re.compile(r"\.gateway-[0-9a-f]{16}\.part")
"""The hidden name of a file of ours that is not whole yet."""
JUST_NOW: Final = 3600
"""Seconds that a file which was begun is left to its writer."""


class FolderSender:
    """Write payloads as files into folders of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def send(self, endpoint: str, payload: Payload) -> Payload:
        """Write `payload` as one file; the same payload again writes the same file.

        Raises `TransportError` when the folder cannot be written.
        """
        folder = self._workspace / endpoint.removeprefix(f"{SCHEME}:")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _opened(folder) as handle:
                write_whole(handle, _name(handle, payload), payload.content)
        except OSError as error:
            message = f"{folder} cannot be written: {error}"
            raise TransportError(message) from error
        return Payload(content=b"", media_type="text/plain")

    def close(self) -> None:
        """Hold nothing open."""


def _name(folder: int, payload: Payload) -> str:
    """Return the name of a file: what its media type says, else one that no other content has.

    Where another file of that name waits to be fetched, the name says what is in this one as well.
    """
    digest = sha256(payload.content).hexdigest()
    named = _NAMED.search(payload.media_type)
    if named is None:
        kind = payload.media_type.partition(";")[0].strip().lower()
        return digest[:24] + SUFFIXES.get(kind, ".dat")
    if not _is_another(folder, named[1], payload.content):
        return named[1]
    name = PurePath(named[1])
    return f"{name.stem}-{digest[:24]}{name.suffix}"


def _is_another(folder: int, name: str, content: bytes) -> bool:
    """Tell whether something else than a file of these bytes has a name."""
    try:
        known = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(known.st_mode) or known.st_size != len(content):
            return True
        with os.fdopen(os.open(name, _FILE, dir_fd=folder), "rb") as stream:
            return stream.read() != content
    except FileNotFoundError:
        return False
    except OSError:
        return True  # whose it is cannot be told


@contextmanager
def _opened(folder: Path | str, inside: int | None = None, flags: int = 0) -> Iterator[int]:
    """Lend the handle of a folder: what is done by it happens there, whatever its name becomes."""
    handle = os.open(folder, _FOLDER | flags, dir_fd=inside)
    try:
        yield handle
    finally:
        os.close(handle)


def write_into(folder: Path, name: str, content: bytes) -> None:
    """Write a file of a folder so that it is there whole or not at all; may raise `OSError`."""
    with _opened(folder) as handle:
        write_whole(handle, name, content)


def write_whole(folder: int, name: str, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays after a power cut.

    It begins as a file of its own, whoever else writes the same one: what a partner put into the
    folder is neither opened nor waited for. `clear` removes what a process left that died.
    """
    hidden = f".gateway-{os.urandom(8).hex()}.part"
    with os.fdopen(os.open(hidden, _OWN, 0o666, dir_fd=folder), "wb") as stream:
        try:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            os.rename(hidden, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with suppress(FileNotFoundError):
                os.unlink(hidden, dir_fd=folder)  # a full disk needs the room
            raise
    os.fsync(folder)


def clear(folder: Path, older_than: float = JUST_NOW) -> int:
    """Remove what processes began in a folder and died over, once old; return how many files.

    Reasons are begun in the folder of what was refused. What cannot be removed now stays.
    """
    before, cleared = time.time() - older_than, 0
    with suppress(OSError), _opened(folder) as outer:
        cleared += _clear(outer, before)
        with _opened(REFUSED, outer, os.O_NOFOLLOW) as inner:
            cleared += _clear(inner, before)
    return cleared


def _clear(folder: int, before: float) -> int:
    cleared = 0
    for name in filter(_BEGUN.fullmatch, os.listdir(folder)):
        with suppress(OSError):  # it was finished just now, or is a partner's folder
            if os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime <= before:
                os.unlink(name, dir_fd=folder)
                cleared += 1
    return cleared


@dataclass(frozen=True, slots=True)
class Taken:
    """Say what became of a file: `reason` is empty when it was taken in.

    One that `stays` could not be taken in now, for that reason; an `unread` one is on no record.
    """

    file: Path
    reason: str = ""
    stays: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """Hold an inbox open, and where what was in it goes."""

    inbox: int
    done: int
    refused: int


Take = Callable[[bytes], str | None]
"""Take the content of a file in; return why not, or nothing. None: it is to come again."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Say how large a file may be, and what its sender is told of a larger one, by its size."""

    largest: int
    refusal: Callable[[int], str]


UNBOUNDED: Final = Bound(sys.maxsize, str)


def resting(folder: Path, now: float) -> Iterator[Path]:
    """Walk the whole files of a folder, the oldest first, with what is no file at all."""
    if not folder.is_dir():
        return
    found = []
    for file in folder.iterdir():
        if file.name.startswith(".") or file.name.lower().endswith(UNFINISHED):
            continue
        try:
            known = file.lstat()
        except FileNotFoundError:
            continue  # its sender took it back
        if not stat.S_ISDIR(known.st_mode) and _rests(known, now):
            found.append((known.st_mtime_ns, file.name, file))
    for _, _, file in sorted(found):
        yield file


def _rests(known: os.stat_result, now: float) -> bool:
    """Tell whether nobody wrote to a file of late; a time to come was set by its sender."""
    changed = known.st_mtime if known.st_mtime <= now else known.st_ctime
    return now - changed >= REST_SECONDS


def collect(
    folder: Path,
    take: Take,
    now: float,
    due: Callable[[Path], bool] = lambda _file: True,
    bound: Bound = UNBOUNDED,
) -> tuple[Taken, ...]:
    """Take in the whole files of a folder that are `due`, at most `AT_ONCE`; one process at a time.

    What is larger than its `bound` is refused, and never held.

    What `take` raises leaves the file and those after it where they are. Raises `OSError` and
    `TransportError`, before anything is taken, when files could not be put away afterwards: they
    would come again and again.
    """
    files = list(islice(filter(due, resting(folder, now)), AT_ONCE))
    if not files:
        return ()
    with ExitStack() as held:
        inbox = held.enter_context(_opened(folder))
        if not _locked(inbox):
            return ()
        away = Away(inbox, *(held.enter_context(_below(folder, inbox, name)) for name in BELOW))
        found = [_take_in(away, file, take, now, bound) for file in files]
    return tuple(one for one in found if one is not None)


def _locked(inbox: int) -> bool:
    """Be the one who collects; False when another does."""
    try:
        fcntl.flock(inbox, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a network's folder without locks: the pipeline knows what comes twice
    return True


@contextmanager
def _below(folder: Path, inbox: int, name: str) -> Iterator[int]:
    """Lend a folder inside the inbox, made if missing, that files can be moved to."""
    place = folder / name
    try:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=inbox)
        handle = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=inbox)
    except OSError as error:
        message = f"{place} cannot be used ({error.strerror}); it must be a folder, and no link"
        raise TransportError(message) from error
    try:
        for one in (folder, place):
            if not os.access(one, os.W_OK | os.X_OK, effective_ids=True):
                message = f"{one} cannot be written; let the gateway's user move files there"
                raise TransportError(message)
        yield handle
    finally:
        os.close(handle)


def _take_in(away: Away, file: Path, take: Take, now: float, bound: Bound) -> Taken | None:
    """Return what became of a file; None when it is not there any more, or not whole after all."""
    try:
        read = _read(away.inbox, file.name, now, bound.largest)
    except FileNotFoundError:
        return None
    except OSError as error:
        why = WAYS_OUT.get(error.errno or 0, "")
        return Taken(file, f"it cannot be read ({error.strerror}){why}", stays=True)
    if read is None:
        return None
    known, content = read
    reason = bound.refusal(known.st_size) if content is None else take(content)
    if reason is None:
        return Taken(file, "it could not be judged; it is tried again", stays=True)
    _put_away(away, file.name, known, reason)
    return Taken(file, reason, unread=content is None)


def _read(
    inbox: int, name: str, now: float, largest: int
) -> tuple[os.stat_result, bytes | None] | None:
    """Return the bytes of a file and which one it was; None when it is being written.

    Of one that is larger than it may be, which one it was.
    """
    with os.fdopen(os.open(name, _FILE, dir_fd=inbox), "rb") as stream:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        if before.st_size > largest and _rests(before, now):
            return before, None
        content = stream.read() if _rests(before, now) else b""
        after = os.fstat(stream.fileno())
    whole = len(content) == before.st_size and _version(after) == _version(before)
    return (before, content) if whole and _rests(before, now) else None


def _version(known: os.stat_result) -> tuple[int, int, int, int]:
    """Return what changes when a file is written to, or when another one has its name."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns


def _put_away(away: Away, name: str, known: os.stat_result, reason: str) -> None:
    folder = away.refused if reason else away.done
    target = _free_name(folder, name)
    try:
        os.rename(name, target, src_dir_fd=away.inbox, dst_dir_fd=folder)
    except FileNotFoundError:
        return  # its sender took it back; it is on record
    moved = os.stat(target, dir_fd=folder, follow_symlinks=False)
    if _version(moved) != _version(known):  # another file had its name by then
        back = _free_name(away.inbox, name)
        os.rename(target, back, src_dir_fd=folder, dst_dir_fd=away.inbox)
    elif reason:
        with suppress(OSError):  # it is on record, and a full disk must not keep the others waiting
            write_whole(folder, f"{target}{REASON}", f"{reason}\n".encode())


def _free_name(folder: int, name: str) -> str:
    """Return `name`, or one like it that neither a file nor a file's reason has."""
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    number, found = 1, _shortened(stem, "", suffix)
    while _is_there(folder, found) or _is_there(folder, f"{found}{REASON}"):
        number += 1
        found = _shortened(stem, f"-{number}", suffix)
    return found


def _shortened(stem: str, number: str, suffix: str) -> str:
    """Return a name that leaves room for that of its reason while it is written.

    Nothing of its number is cut off: it would be the name that is taken already.
    """
    end = os.fsencode(number) + os.fsencode(suffix)[-LONGEST_NAME // 2 :]
    return os.fsdecode(os.fsencode(stem)[: LONGEST_NAME - len(f"..part{REASON}") - len(end)] + end)


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
