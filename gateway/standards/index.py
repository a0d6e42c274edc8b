"""Record what is installed: `standards/index.json` in the workspace, versioned and sorted."""

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from canonical.document import Document
from gateway.errors import ConfigurationError

FOLDER: Final = "standards"
_FILE: Final = "index.json"
_FORMAT: Final = 1


class Item(Document):
    """Describe one installed file; `path` is relative to `standards/`."""

    kind: str
    name: str
    version: str
    path: str
    sha256: str
    size: int


class State(StrEnum):
    """Say whether an installed file is still what was installed."""

    OK = "ok"
    CHANGED = "changed"
    GONE = "gone"


class _Index(Document):
    format: int
    items: tuple[Item, ...]


def installed(workspace: Path) -> tuple[Item, ...]:
    """Return what is installed in a workspace, sorted by path; nothing when there is no index.

    Raises ConfigurationError when the index cannot be read.
    """
    file = workspace / FOLDER / _FILE
    try:
        index = msgspec.json.decode(file.read_bytes(), type=_Index)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as error:
        message = f"{file}: not an index of standards ({error}); delete it and install again"
        raise ConfigurationError(message) from error
    if index.format != _FORMAT:
        message = f"{file}: format {index.format}, this version reads {_FORMAT}; install again"
        raise ConfigurationError(message)
    return index.items


def write_index(workspace: Path, items: tuple[Item, ...]) -> None:
    """Replace the index of a workspace, whole or not at all."""
    ordered = tuple(sorted(items, key=lambda item: item.path))
    raw = msgspec.json.encode(_Index(format=_FORMAT, items=ordered))
    write_file(workspace / FOLDER / _FILE, msgspec.json.format(raw, indent=2) + b"\n")


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)  # noqa: PTH105 -- Path.replace says the same with less


def state_of(workspace: Path, item: Item) -> State:
    """Return whether an installed file is still what was installed."""
    try:
        content = (workspace / FOLDER / item.path).read_bytes()
    except OSError:
        return State.GONE
    same = hashlib.sha256(content).hexdigest() == item.sha256
    return State.OK if same else State.CHANGED
