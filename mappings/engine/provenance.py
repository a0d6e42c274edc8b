"""Read YAML so that every value is text and knows its file, line and column.

YAML turns `NO` into false, `012` into ten and `1.10` into 1.1; none of that may happen to a
code list or an article number. Types come from the target, never from the spelling. Anchors and
aliases are refused: `groups` and `extends` are the ways to share.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NODES: Final = 20_000
MAX_DEPTH: Final = 40
REMOVE: Final = "!remove"


@dataclass(frozen=True, slots=True)
class Source:
    """Hold the text of a mapping or table and the path that findings name.

    A mapping that stands inside another file brings its `tree`, whose places are of that file; its
    text then only tells one version from another.
    """

    path: str
    text: str = field(repr=False)
    tree: "Keyed | None" = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class At:
    """Point into a source: line and column from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        """Return `path:line`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Report one thing that is wrong with a mapping, a table or a profile."""

    path: str
    line: int
    column: int
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        """Return `path:line:column: message`, warnings marked as such."""
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.path}:{self.line}:{self.column}: {mark}{self.message}"


class MappingError(ValueError):
    """Report a mapping that cannot be compiled, with every finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def finding(at: At, message: str, *, offset: int = 0, severity: str = "error") -> Finding:
    """Return a finding at `at`, `offset` characters further right."""
    return Finding(at.path, at.line, at.column + offset, message, severity)


@dataclass(frozen=True, slots=True)
class Text:
    """Hold a scalar."""

    value: str
    at: At


@dataclass(frozen=True, slots=True)
class Removal:
    """Mark a key that an overlay takes away."""

    at: At


@dataclass(frozen=True, slots=True)
class Listed:
    """Hold a sequence."""

    items: "tuple[Tree, ...]"
    at: At


@dataclass(frozen=True, slots=True)
class Keyed:
    """Hold a mapping in file order; `keys` remembers where each key stands."""

    items: "dict[str, Tree]"
    at: At
    keys: dict[str, At]

    def text(self, key: str) -> str | None:
        """Return the scalar under `key`, if it is one."""
        value = self.items.get(key)
        return value.value if isinstance(value, Text) else None

    def keyed(self, key: str) -> "Keyed | None":
        """Return the mapping under `key`, if it is one."""
        value = self.items.get(key)
        return value if isinstance(value, Keyed) else None

    def pairs(self, key: str) -> "Iterator[tuple[str, Tree]]":
        """Walk the entries of the mapping under `key`."""
        inner = self.keyed(key)
        return iter(inner.items.items() if inner is not None else ())


Tree = Text | Removal | Listed | Keyed


def parse(source: Source) -> Keyed:
    """Return the mapping that `source` holds; raises `MappingError` with a place otherwise."""
    if source.tree is not None:
        return source.tree
    try:
        events = list(yaml.parse(source.text, Loader=yaml.CBaseLoader))
    except yaml.YAMLError as error:
        raise MappingError((_yaml_finding(source.path, error),)) from error
    tree = _Composer(source.path, events).document()
    if not isinstance(tree, Keyed):
        place = At(source.path, 1)
        raise MappingError((finding(place, "expected a mapping of keys at the top"),))
    return tree


def _yaml_finding(path: str, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    if mark is None:
        return Finding(path, 1, 1, f"not readable as YAML: {problem}")
    return Finding(path, mark.line + 1, mark.column + 1, f"not readable as YAML: {problem}")


class _Composer:
    """Build the tree from the events of one file."""

    def __init__(self, path: str, events: list[yaml.Event]) -> None:
        self.path = path
        self.events = iter(events)
        self.count = 0

    def document(self) -> Tree | None:
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                return self.node(event, depth=0)
        return None

    def at(self, event: yaml.Event) -> At:
        mark = event.start_mark
        if mark is None:
            return At(self.path, 1)
        return At(self.path, mark.line + 1, mark.column + 1)

    def fail(self, event: yaml.Event, message: str) -> MappingError:
        return MappingError((finding(self.at(event), message),))

    def node(self, event: yaml.Event, depth: int) -> Tree:
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise self.fail(event, "too large or too deeply nested for a mapping")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.fail(event, "anchors and aliases are not supported: use `groups`")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, depth)
        return self.mapping(event, depth)

    def scalar(self, event: yaml.ScalarEvent) -> Tree:
        at = self.at(event)
        if event.tag == REMOVE:
            return Removal(at)
        if event.tag not in (None, "!"):
            raise self.fail(event, f"unknown tag {event.tag}; the only one is {REMOVE}")
        quoted = event.style in ("'", '"')
        return Text(event.value, At(at.path, at.line, at.column + 1) if quoted else at)

    def sequence(self, event: yaml.Event, depth: int) -> Listed:
        items: list[Tree] = []
        for inner in self.events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            items.append(self.node(inner, depth + 1))
        return Listed(tuple(items), self.at(event))

    def mapping(self, event: yaml.Event, depth: int) -> Keyed:
        result = Keyed({}, self.at(event), {})
        for inner in self.events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            if not isinstance(inner, yaml.ScalarEvent):
                raise self.fail(inner, "a key must be a plain word")
            if inner.value in result.items:
                raise self.fail(inner, f"key '{inner.value}' stands here twice")
            result.keys[inner.value] = self.at(inner)
            result.items[inner.value] = self.node(next(self.events), depth + 1)
        return result
