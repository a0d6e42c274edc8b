"""Know the static types of expressions, and the fields of documents that they are read from."""

import types
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final, Union, get_args, get_origin, get_type_hints

import msgspec

from canonical.document import Document
from canonical.stored import KINDS

DOCUMENTS: Final[dict[str, type[Document]]] = {
    kind.type.__name__: kind.type for kind in KINDS.values()
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Say what a value is: `name` is one of the constants below.

    `cls` is the class of a struct or enumeration, `item` the kind of a list's members.
    """

    name: str
    optional: bool = True
    cls: type | None = None
    item: "Kind | None" = None

    @property
    def sure(self) -> "Kind":
        """Return the same kind, never null."""
        return replace(self, optional=False)

    def __str__(self) -> str:
        """Return the words a finding uses."""
        if self.name == "list" and self.item is not None:
            return f"a list of {self.item.name}s"
        if self.cls is not None:
            return self.cls.__name__
        return _WORDS.get(self.name, f"a {self.name}")


_WORDS: Final = {
    "whole": "a whole number", "truth": "yes or no", "nodes": "elements", "segments": "segments",
    "segment": "a segment (name one of its elements)",
}  # fmt: skip

TEXT: Final = Kind("text")
NUMBER: Final = Kind("number")
WHOLE: Final = Kind("whole")
TRUTH: Final = Kind("truth", optional=False)
INSTANT: Final = Kind("instant")
DAY: Final = Kind("date")
ANY: Final = Kind("any")
NULL: Final = Kind("null")
NODES: Final = Kind("nodes", optional=False)
SEGMENT: Final = Kind("segment")
SEGMENTS: Final = Kind("segments", optional=False)

_SIMPLE: Final[dict[object, Kind]] = {
    str: TEXT, Decimal: NUMBER, int: WHOLE, bool: Kind("truth"), datetime: INSTANT, date: DAY,
}  # fmt: skip


def kind_of(annotation: object) -> Kind:
    """Return the kind of an annotated field; without `| None` it is never null."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        return replace(kind_of(inner[0]), optional=True) if len(inner) == 1 else ANY
    if get_origin(annotation) is tuple:
        return Kind("list", optional=False, item=kind_of(get_args(annotation)[0]))
    simple = _SIMPLE.get(annotation)
    if simple is not None:
        return simple.sure
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Kind("enum", optional=False, cls=annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return Kind("struct", optional=False, cls=annotation)
    return ANY


def members_of(enumeration: type) -> list[str]:
    """Return the values that an enumeration can have."""
    return [str(member) for member in enumeration] if issubclass(enumeration, StrEnum) else []


@dataclass(frozen=True, slots=True)
class Field:
    """Describe a field of a document."""

    name: str
    kind: Kind
    required: bool
    default: object


@cache
def fields_of(struct: type) -> dict[str, Field]:
    """Return the fields of a struct in the order of its constructor."""
    hints = get_type_hints(struct)
    found: dict[str, Field] = {}
    for item in msgspec.structs.fields(struct):
        default = item.default
        if item.default_factory is not msgspec.NODEFAULT:
            default = item.default_factory()
        found[item.name] = Field(item.name, kind_of(hints[item.name]), item.required, default)
    return found
