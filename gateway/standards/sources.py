"""Walk over a folder or zip that a user hands in, without trusting it.

An archive may name files outside the target (zip slip), unpack to far more than it weighs (bomb),
or hold links. So names are judged before anything is read, everything read is counted, and links
are not followed.
"""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gateway.errors import ConfigurationError

MAX_ENTRIES: Final = 50_000
_FORBIDDEN: Final = frozenset('<>:"|?*\\')
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, NotImplementedError, EOFError,
    OSError, ValueError,
)  # fmt: skip
"""What zipfile raises for damaged, encrypted or exotic archives."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what a source may hold, in bytes."""

    file: int = 64_000_000
    total: int = 512_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one file of a source, or why it was left out."""

    path: PurePosixPath
    content: bytes = b""
    refused: str | None = None


def entries(source: Path, suffixes: frozenset[str], limits: Limits) -> Iterator[Entry]:
    """Give the files of a folder or zip whose suffix is asked for.

    Raises ConfigurationError when `source` is neither, or is larger than allowed.
    """
    if source.is_dir():
        found = _folder_entries(source, suffixes, limits)
    elif source.is_file() and zipfile.is_zipfile(source):
        found = _zip_entries(source, suffixes, limits)
    else:
        message = f"{source} is neither a folder nor a zip; unpack it or give another"
        raise ConfigurationError(message)
    total = 0
    for entry in found:
        total += len(entry.content)
        if total > limits.total:
            message = f"{source} holds more than {limits.total} bytes; install it in pieces"
            raise ConfigurationError(message)
        yield entry


def safe_path(name: str) -> PurePosixPath | None:
    """Return a name from outside as a relative path, None when it is not safe to write to."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or len(name) > 400:  # noqa: PLR2004 -- path of a file
        return None
    for part in path.parts:
        if part == ".." or part != part.strip(" .") or len(part) > 200:  # noqa: PLR2004
            return None
        if any(character in _FORBIDDEN or ord(character) < ord(" ") for character in part):
            return None
    return path


def _folder_entries(source: Path, suffixes: frozenset[str], limits: Limits) -> Iterator[Entry]:
    for number, file in enumerate(sorted(source.rglob("*"))):
        if number > MAX_ENTRIES:
            message = f"{source} holds more than {MAX_ENTRIES} files"
            raise ConfigurationError(message)
        relative = PurePosixPath(file.relative_to(source).as_posix())
        if file.is_symlink() or not file.is_file() or relative.suffix.lower() not in suffixes:
            continue
        if safe_path(str(relative)) is None:
            yield Entry(relative, refused=f"{str(relative)!r}: a name that is not safe to write to")
        elif file.stat().st_size > limits.file:
            yield Entry(relative, refused=f"{relative}: more than {limits.file} bytes")
        else:
            yield Entry(relative, file.read_bytes())


def _zip_entries(source: Path, suffixes: frozenset[str], limits: Limits) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > MAX_ENTRIES:
                message = f"{source} holds more than {MAX_ENTRIES} files"
                raise ConfigurationError(message)
            for member in members:
                if PurePosixPath(member.filename).suffix.lower() in suffixes:
                    yield from _zip_entry(archive, member, limits)
    except BROKEN as error:
        message = f"{source} cannot be unpacked: {error}"
        raise ConfigurationError(message) from error


def _zip_entry(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> Iterator[Entry]:
    if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
        return
    path = safe_path(member.filename)
    if path is None:
        shown = PurePosixPath(member.filename)
        yield Entry(shown, refused=f"{member.filename!r}: a name that is not safe to write to")
        return
    with archive.open(member) as stream:
        content = stream.read(limits.file + 1)
    if len(content) > limits.file:
        yield Entry(path, refused=f"{path}: more than {limits.file} bytes")
    else:
        yield Entry(path, content)
