"""Read YAML so that every value still knows its line: all scalars are text, nothing is executed.

The mapping engine's reader does the work (no anchors, no tags, no guesses: `no` stays `no` and
`1.10` stays `1.10`). Here its tree becomes plain data for a model beside the place of each value;
an empty value is None, which takes back what a profile says. Reading never raises on any bytes.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from gateway.settings.findings import Finding
from gateway.settings.findings import Path as KeyPath
from mappings.engine.provenance import Keyed, Listed, MappingError, Source, Text, Tree, parse

MAX_BYTES: Final = 256 << 10

Value = str | list["Value"] | dict[str, "Value"] | None
Data = dict[str, Value]


@dataclass(slots=True)
class Marked:
    """Hold what a file says, where each path of it stands, and what is wrong with it."""

    file: str
    data: Data = field(default_factory=dict)
    places: dict[KeyPath, str] = field(default_factory=dict)
    """`file:line` of each key and list entry."""
    findings: list[Finding] = field(default_factory=list)
    tree: Keyed | None = None
    """The file as it was read, with what `data` leaves out: marks such as `!remove`."""

    def where(self, path: KeyPath) -> str:
        """Return `file:line` of the value at `path`, or of what is nearest around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return self.file

    def report(self, what: str, line: int | None = None) -> None:
        """Note that something is wrong with the file."""
        where = self.file if line is None else f"{self.file}:{line}"
        self.findings.append(Finding(where, "", what))


def read_marked(content: bytes, file: str) -> Marked:
    """Return what `content` says; `file` is the name that findings give it."""
    marked = Marked(file)
    if len(content) > MAX_BYTES:
        marked.report(f"more than {MAX_BYTES} bytes are not read as a configuration")
        return marked
    try:
        text = content.decode("utf-8-sig")
        if line := _second_document(text):
            marked.report("expected one document, found a second after ---", line)
        tree = parse(Source(file, text))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        marked.report("expected UTF-8, found another byte", line)
    except MappingError as error:
        for found in error.findings:
            marked.report(found.message + _about_tabs(content, found.line), found.line)
    else:
        _take(tree, (), marked)
        marked.tree = tree
        marked.data = _data(tree)
    return marked


def _second_document(text: str) -> int | None:
    """Return the line where a second document begins; it would be left out silently."""
    begun = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("---") and not line[3:4].strip():
            if begun:
                return number
            begun = True
        elif line.strip() and not line.startswith(("#", "%")):
            begun = True
    return None


def _about_tabs(content: bytes, line: int) -> str:
    """Return the way out where the line that cannot be read is indented by a tab."""
    lines = content.splitlines()[line - 1 : line]
    return " -- indent by spaces, not by tabs" if lines and re.match(rb" *\t", lines[0]) else ""


def _data(tree: Keyed) -> Data:
    return {key: _value(value) for key, value in tree.items.items()}


def _value(tree: Tree) -> Value:
    if isinstance(tree, Keyed):
        return _data(tree)
    if isinstance(tree, Listed):
        return [_value(item) for item in tree.items]
    return tree.value or None if isinstance(tree, Text) else None


def _take(tree: Tree, path: KeyPath, marked: Marked) -> None:
    """Note the place of everything inside `tree`."""
    if isinstance(tree, Keyed):
        for key, value in tree.items.items():
            inner = (*path, key)
            marked.places[inner] = f"{marked.file}:{tree.keys[key].line}"
            _take(value, inner, marked)
    elif isinstance(tree, Listed):
        for index, value in enumerate(tree.items):
            marked.places[*path, index] = f"{marked.file}:{value.at.line}"
            _take(value, (*path, index), marked)
