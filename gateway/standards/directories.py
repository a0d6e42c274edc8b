"""Import EDI directories into the workspace: UN archives as they are published, or our own facts.

An archive becomes facts (`edi.facts`) once, so that nothing large is read at run time; what it was
made from is not kept. They stand in `standards/edifact` and `standards/x12`, recorded in the same
index as every other standard.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from canonical.document import Document
from edi.edifact.directory import (
    BUILT_IN,
    bare_edition,
    known_service,
    read_archive,
    with_syntax,
)
from edi.facts import FactsError, Finding, check_facts, read_facts
from edi.rules import EDIFACT, X12, Syntax
from edi.schema import Directory, Segment
from edi.writing_facts import write_facts
from edi.x12 import editions as x12
from gateway.errors import ConfigurationError
from gateway.standards.index import (
    FOLDER,
    Item,
    State,
    installed,
    state_of,
    write_file,
    write_index,
)
from gateway.standards.sources import BROKEN, MAX_ENTRIES, Limits

KIND: Final = "edi-directory"
_EDIFACT: Final = re.compile(r"[A-Z]\.\d\d[A-Z]\b.*")
_X12: Final = re.compile(r"\d{6}\b.*")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_DEPTH: Final = 3


class Imported(Document):
    """Report one import: what was written, and what is in it."""

    item: Item
    done: str
    """added, replaced or unchanged."""
    messages: int
    segments: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Describe a directory that messages can be checked by."""

    syntax: str
    name: str
    origin: str
    """`built in`, or the file in the workspace."""
    state: State
    messages: tuple[str, ...] = ()


def import_directory(
    source: Path, workspace: Path, name: str | None = None, limits: Limits | None = None
) -> Imported:
    """Take an archive of the UN, or facts, into the workspace, under its own name or another.

    Raises ConfigurationError, with every finding, for what is neither; nothing is written then.
    """
    content = _content(source)
    directory = _directory(source, content, limits or Limits())
    if name is not None:
        if not _NAME.fullmatch(name):
            message = f'"{name}" cannot name a directory: letters, digits, ".", "-" and "_" can'
            raise ConfigurationError(message)
        directory = replace(directory, name=name)
    syntax = _syntax(directory.name, source)
    text = write_facts(directory).encode("utf-8")
    path = f"{syntax}/{directory.name.replace('.', '', 1).lower()}.facts"
    item = Item(
        kind=KIND,
        name=f"{syntax} {directory.name}",
        version=directory.name,
        path=path,
        sha256=hashlib.sha256(text).hexdigest(),
        size=len(text),
    )
    done = _put(workspace, item, text)
    return Imported(
        item=item, done=done, messages=len(directory.messages), segments=len(directory.segments)
    )


def directories(workspace: Path, syntax: str) -> "Directories":
    """Return what was imported for `edifact` or `x12`, each read when it is first asked for."""
    items = (item for item in installed(workspace) if item.kind == KIND)
    mine = {item.version: item for item in items if item.name.partition(" ")[0] == syntax}
    return Directories(workspace / FOLDER, mine, known_service() if syntax == "edifact" else {})


def listed(workspace: Path) -> tuple[Listed, ...]:
    """Return every directory that is there, built in or imported; an imported one goes before."""
    found = [
        Listed("edifact", name, "built in", State.OK, tuple(bare_edition(name).messages))
        for name in BUILT_IN
    ]
    found += [
        Listed("x12", name, "built in", State.OK, tuple(x12.edition(name).messages))
        for name in x12.available()
    ]
    found += [_imported(workspace, item) for item in installed(workspace) if item.kind == KIND]
    return tuple(sorted(found, key=lambda one: (one.syntax, one.name, one.origin)))


def _imported(workspace: Path, item: Item) -> Listed:
    syntax, state = item.name.partition(" ")[0], state_of(workspace, item)
    messages: tuple[str, ...] = ()
    if state is State.OK:
        messages = tuple(directories(workspace, syntax)[item.version].messages)
    return Listed(syntax, item.version, f"{FOLDER}/{item.path}", state, messages)


def find(workspace: Path, name: str) -> tuple[Directory, Syntax] | None:
    """Return an edition or release that is imported or built in, None where there is none."""
    for syntax, own in (("edifact", EDIFACT), ("x12", X12)):
        imported = directories(workspace, syntax)
        if name in imported:
            directory = imported[name]
            return (with_syntax(directory) if own is EDIFACT else directory), own
    if name in BUILT_IN:
        return with_syntax(bare_edition(name)), EDIFACT
    return (x12.edition(name), X12) if name in x12.available() else None


class Directories(Mapping[str, Directory]):
    """Hold the imported directories of a workspace by name, each read when it is asked for."""

    def __init__(
        self, folder: Path, items: Mapping[str, Item], service: Mapping[str, Segment]
    ) -> None:
        self._folder = folder
        self._items = items
        self._service = service
        self._read: dict[str, Directory] = {}

    def __getitem__(self, name: str) -> Directory:
        """Return a directory; raise ConfigurationError when its file is gone or was changed."""
        found = self._read.get(name)
        if found is None:
            item = self._items[name]
            file = self._folder / item.path
            try:
                content = file.read_bytes()
            except OSError as error:
                message = f"{file} is gone ({error.strerror}); import {name} again"
                raise ConfigurationError(message) from error
            if hashlib.sha256(content).hexdigest() != item.sha256:
                message = f"{file} is not what was imported; import {name} again"
                raise ConfigurationError(message)
            found = self._read[name] = read_facts(content.decode(), item.path, self._service)
        return found

    def __iter__(self) -> Iterator[str]:
        """Walk the names."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)


def archive_members(content: bytes, source: str, limits: Limits) -> dict[str, bytes]:
    """Return the files of a zip by name, zips inside of it opened too.

    Raises ConfigurationError for what cannot be unpacked or is larger than allowed.
    """
    found: dict[str, bytes] = {}
    left = limits.total
    try:
        for name, member in _members(content, "", 0, limits):
            left -= len(member)
            if left < 0 or len(found) >= MAX_ENTRIES:
                message = f"{source} unpacks to more than {limits.total} bytes; it is no UN archive"
                raise ConfigurationError(message)
            found[name] = member
    except BROKEN as error:
        message = f"{source} cannot be unpacked: {error}; fetch it again"
        raise ConfigurationError(message) from error
    return found


def _members(
    content: bytes, prefix: str, depth: int, limits: Limits
) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        contents = archive.infolist()
        if min((one.header_offset for one in contents), default=0):
            # What was found is the end of a zip inside of it: its own is missing.
            message = f"{prefix or 'it'} is cut off"
            raise zipfile.BadZipFile(message)
        for member in contents:
            if member.is_dir():
                continue
            with archive.open(member) as stream:
                inside = stream.read(limits.file + 1)
            if len(inside) > limits.file:
                message = f"{prefix}{member.filename} is larger than {limits.file} bytes"
                raise ConfigurationError(message)
            name = prefix + member.filename
            if PurePosixPath(name).suffix.lower() == ".zip" and depth < _DEPTH:
                yield from _members(inside, f"{name}/", depth + 1, limits)
            else:
                yield name, inside


def _content(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        message = f"{source} cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error


def _directory(source: Path, content: bytes, limits: Limits) -> Directory:
    """Return what a file holds, checked through and through."""
    try:
        if content.startswith(b"PK"):
            return read_archive(archive_members(content, source.name, limits), source.name)
        if content.lstrip(b"\xef\xbb\xbf").startswith(b"facts "):
            return _facts(source, content)
    except FactsError as error:
        raise _refused(source, error.findings) from error
    message = (
        f"{source} is neither an archive of a UN directory (a zip as UNECE publishes it, such as "
        'd10b.zip) nor facts, whose first line is "facts 1 NAME"'
    )
    raise ConfigurationError(message)


def _facts(source: Path, content: bytes) -> Directory:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{source}: expected UTF-8, found another byte at offset {error.start}"
        raise ConfigurationError(message) from error
    if findings := check_facts(text, source.name, known_service()):
        raise _refused(source, findings)
    return read_facts(text, source.name, known_service())


def _refused(source: Path, findings: tuple[Finding, ...]) -> ConfigurationError:
    message = f"{source} cannot be imported; nothing was changed"
    return ConfigurationError(message, tuple(map(str, findings)))


def _syntax(name: str, source: Path) -> str:
    """Return whose directory a name is one of."""
    for pattern, syntax in ((_EDIFACT, "edifact"), (_X12, "x12")):
        if pattern.fullmatch(name):
            return syntax
    message = (
        f'{source}: "{name}" is neither an edition of EDIFACT (such as D.10B) nor a release of '
        "X12 (such as 004030); say with --as which one it is"
    )
    raise ConfigurationError(message)


def _put(workspace: Path, item: Item, content: bytes) -> str:
    """Write the facts and the index, unless both are there; return what was done."""
    known = {one.path: one for one in installed(workspace)}
    old = known.get(item.path)
    if old is not None and old.sha256 == item.sha256 and state_of(workspace, old) is State.OK:
        return "unchanged"
    write_file(workspace / FOLDER / item.path, content)
    write_index(workspace, tuple((known | {item.path: item}).values()))
    return "added" if old is None else "replaced"
