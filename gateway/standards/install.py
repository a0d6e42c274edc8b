"""Copy the official files of a folder or zip into the workspace and record them."""

import hashlib
from pathlib import Path

from canonical.document import Document
from gateway.standards.index import (
    FOLDER,
    Item,
    State,
    installed,
    state_of,
    write_file,
    write_index,
)
from gateway.standards.recognise import SUFFIXES, recognise
from gateway.standards.sources import Limits, entries


class Installed(Document):
    """Report an installation; `skipped` holds a sentence for each file that was left out."""

    added: tuple[Item, ...] = ()
    replaced: tuple[Item, ...] = ()
    unchanged: tuple[Item, ...] = ()
    skipped: tuple[str, ...] = ()


def install(source: Path, workspace: Path, limits: Limits | None = None) -> Installed:
    """Install every official file found in `source`, a folder or zip.

    Doing so twice changes nothing. Raises ConfigurationError when `source` is neither
    folder nor zip, broken, or too large.
    """
    known = {item.path: item for item in installed(workspace)}
    found: dict[str, Item] = {}
    report: dict[str, list[Item]] = {"added": [], "replaced": [], "unchanged": []}
    skipped: list[str] = []
    for entry in entries(source, SUFFIXES, limits or Limits()):
        recognised = entry.refused or recognise(entry.path, entry.content)
        if recognised is None:
            continue
        if isinstance(recognised, str):
            skipped.append(recognised)
            continue
        item = Item(
            kind=recognised.kind,
            name=recognised.name,
            version=recognised.version,
            path=recognised.path,
            sha256=hashlib.sha256(entry.content).hexdigest(),
            size=len(entry.content),
        )
        twin = found.get(item.path)
        if twin is not None:
            if twin.sha256 != item.sha256:
                skipped.append(f"{entry.path}: a second, different {item.path} in the same source")
            continue
        found[item.path] = item
        report[_put(workspace, known.get(item.path), item, entry.content)].append(item)
    write_index(workspace, tuple((known | found).values()))
    return Installed(
        added=tuple(report["added"]),
        replaced=tuple(report["replaced"]),
        unchanged=tuple(report["unchanged"]),
        skipped=tuple(skipped),
    )


def _put(workspace: Path, old: Item | None, item: Item, content: bytes) -> str:
    """Write one file unless it is there already; return what was done."""
    if old is not None and old.sha256 == item.sha256 and state_of(workspace, old) is State.OK:
        return "unchanged"
    write_file(workspace / FOLDER / item.path, content)
    return "added" if old is None else "replaced"
