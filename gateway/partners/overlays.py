"""Make mappings and tables of what `partner.yaml` and profiles say in line.

`mappings:` holds overrides by the name of a mapping; one that names nothing else extends the
mapping of its own name and keeps the lines of the file that says it. `units:` becomes a table over
`uom/units`, the list that every protocol reads and writes units by, and over the lists of the
protocols, whose own habits give way to the partner's.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

from gateway.partners.marked import Data, Marked
from mappings.engine.codelists import CodeTable, read_table
from mappings.engine.provenance import Keyed, Listed, Removal, Source, Text, Tree

UNIT_TABLES: Final = ("uom/units", "cxml/uom", "edifact/uom", "oci/uom", "ubl/uom", "x12/uom")
"""The list of units, and those of the protocols over it."""
REC20: Final = "mappings/codelists/uom/rec20.csv"
_UNMAPPED: Final = {"refuse": "error", "warn": "warn"}


@dataclass(frozen=True, slots=True)
class Overlay:
    """Hold what one file puts over the layers below it."""

    mappings: Mapping[str, Source] = field(default_factory=dict)
    tables: Mapping[str, Source] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything in it."""
        return bool(self.mappings or self.tables)


@functools.cache
def known_units() -> frozenset[str]:
    """Return the codes of UN/ECE Recommendation 20 that the shipped list has."""
    file = resources.files("mappings") / "codelists" / "uom" / "rec20.csv"
    source = Source(REC20, file.read_text(encoding="utf-8"))
    return frozenset(read_table("uom/rec20", source, _alone).outward)


def _alone(name: str) -> CodeTable:
    message = f"{REC20} stands alone, but extends {name}"
    raise LookupError(message)


def overlay_of(own: Marked, merged: Marked, section: str = "") -> Overlay:
    """Return what a file says in line about mappings and units.

    Mappings are those of `own`, whose tree has them under `section`; units those of `merged`,
    which is `own` over the profile, if `own` says anything of them.
    """
    tree = own.tree if not section or own.tree is None else own.tree.keyed(section)
    if tree is None:
        return Overlay()
    tables = {}
    units = merged.data.get("units")
    if "units" in tree.items and isinstance(units, dict):
        rows, file = _units_rows(units), merged.where(("units",)).partition(":")[0]
        tables = {name: Source(file, f"# extends: {name}\n{rows}") for name in UNIT_TABLES}
    return Overlay(dict(_mappings(tree, own.file)), tables)


def _mappings(tree: Keyed, file: str) -> Iterable[tuple[str, Source]]:
    for name, override in tree.pairs("mappings"):
        if isinstance(override, Keyed):
            inner = tree.keyed("mappings")
            at = override.at if inner is None else inner.keys[name]
            items = dict(override.items)
            if not {"mapping", "extends"} & items.keys():
                items["extends"] = Text(name, at)
            whole = Keyed(items, at, {"extends": at, **override.keys})
            yield name, Source(file, json.dumps(_plain(whole), sort_keys=True), whole)


def _plain(tree: Tree) -> object:
    """Return a tree without its places, so that moved lines make no new version."""
    if isinstance(tree, Keyed):
        return {key: _plain(value) for key, value in tree.items.items()}
    if isinstance(tree, Listed):
        return [_plain(value) for value in tree.items]
    return None if isinstance(tree, Removal) else tree.value


def _units_rows(units: Data) -> str:
    """Return `units` as the text of a table.

    A spelling is read back as the first code that has it, unless it is a code itself: who writes
    C62 as EA may well have an EA of his own.
    """
    heads = []
    if units.get("default"):
        heads.append(f"# default: {units['default']}")
    if "unknown" in units:
        heads.append(f"# unmapped: {_UNMAPPED.get(str(units['unknown']), 'error')}")
    rows: list[tuple[str, str, str]] = []
    read: dict[str, str] = {}
    for spelling, code in _pairs(units, "read"):
        read[spelling] = code
        rows.append((spelling, code, "in"))
    for code, spelling in _pairs(units, "written"):
        fresh = spelling not in read and spelling not in known_units()
        read.setdefault(spelling, code)
        rows.append((spelling, code, "" if fresh else "out"))
    lines = [*heads, "from,to,direction", *(",".join(map(_cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def _pairs(units: Data, key: str) -> Iterable[tuple[str, str]]:
    inner = units.get(key)
    if isinstance(inner, dict):
        for name, value in inner.items():
            if isinstance(value, str):
                yield name, value


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
