"""Choose some messages of a directory, with the segments that their tables use and no others."""

from collections.abc import Iterable
from dataclasses import replace

from edi.schema import Directory


def only(directory: Directory, messages: Iterable[str]) -> Directory:
    """Return a directory of these messages; names that it does not have are left out."""
    chosen = {name: directory.messages[name] for name in messages if name in directory.messages}
    tags = {entry.tag for table in chosen.values() for entry in table.walk()}
    segments = {tag: directory.segments[tag] for tag in sorted(tags & set(directory.segments))}
    return replace(directory, messages=chosen, segments=segments)
