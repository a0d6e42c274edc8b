"""Read code lists and translation tables: CSV with a header and directives above it.

    # extends: uom/rec20        every row of that table holds too, unless repeated here
    # unmapped: error           or warn, or pass: what happens to a code that is not listed
    # default: EA               what an unlisted code becomes (with a warning)
    # direction: in             these rows are aliases: never used for writing
    # fold: yes                 upper and lower case are the same when looking up
    from,to                     a translation; `code,name` instead declares a list of codes

Reading looks a value up in `from` and gives `to`; writing goes the other way, and the first row
with that `to` wins. A list of codes gives the code itself both ways.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from mappings.engine.provenance import At, Finding, MappingError, Source, finding

DIRECTIVES: Final = ("extends", "unmapped", "default", "fold", "direction", "source")
POLICIES: Final = ("error", "warn", "pass")
_HEADS: Final[dict[tuple[str, ...], tuple[int, int]]] = {
    ("from", "to"): (0, 1),
    ("code", "name"): (0, 0),
}


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Hold one table, its base merged in; `inward` and `outward` are the two directions."""

    name: str
    path: str
    inward: dict[str, str] = field(repr=False)
    outward: dict[str, str] = field(repr=False)
    names: dict[str, str] = field(repr=False)
    unmapped: str = "error"
    default: str | None = None
    fold: bool = False

    def find(self, value: str, *, outward: bool = False) -> str | None:
        """Return what `value` becomes, trimmed and folded as the table says, or None."""
        direction = self.outward if outward else self.inward
        found = direction.get(value.strip())
        if found is None and self.fold:
            found = direction.get(value.strip().upper())
        return found

    def nearest(self, value: str) -> str | None:
        """Return a sentence that names the codes that `value` may have meant."""
        wanted = value.strip().upper()[:40]
        by_name = {name.upper(): code for code, name in self.names.items()}
        found = [by_name.get(near, near) for near in
                 get_close_matches(wanted, [*self.inward, *by_name], n=3, cutoff=0.6)]  # fmt: skip
        codes = dict.fromkeys(self.inward.get(code, code) for code in found)
        described = [f"{code} ({self.names[code]})" if self.names.get(code) else code
                     for code in codes]  # fmt: skip
        return f"did you mean {' or '.join(described)}?" if described else None


def read_table(name: str, source: Source, base: Callable[[str], CodeTable]) -> CodeTable:
    """Return the table in `source`; `base` gives the one that it extends.

    Raises `MappingError` with every finding.
    """
    return _Reader(name, source, base).table()


class _Reader:
    def __init__(self, name: str, source: Source, base: Callable[[str], CodeTable]) -> None:
        self.name = name
        self.source = source
        self.base = base
        self.findings: list[Finding] = []

    def note(self, line: int, message: str) -> None:
        self.findings.append(finding(At(self.source.path, line), message))

    def table(self) -> CodeTable:
        lines = self.source.text.removeprefix("\ufeff").splitlines()
        heads = 0
        while heads < len(lines) and lines[heads].startswith("#"):
            heads += 1
        directives = self._directives(lines[:heads])
        rows = list(csv.reader(lines[heads:]))
        extends = directives.get("extends")
        base = self.base(extends) if extends else CodeTable("", "", {}, {}, {})
        inward, names = dict(base.inward), dict(base.names)
        outward: dict[str, str] = {}
        fold = directives.get("fold", "yes" if base.fold else "no") == "yes"
        for key, value in self._pairs(rows, heads + 1, names):
            inward[key.upper() if fold else key] = value
            if directives.get("direction") != "in":
                outward.setdefault(value, key)
        if self.findings:
            raise MappingError(tuple(self.findings))
        return CodeTable(
            self.name, self.source.path, _folded(inward, fold=fold), {**base.outward, **outward},
            names, directives.get("unmapped", base.unmapped),
            directives.get("default", base.default), fold,
        )  # fmt: skip

    def _directives(self, lines: list[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            key, colon, value = line.lstrip("# ").partition(":")
            if colon and key in DIRECTIVES:
                found[key] = value.strip()
            elif colon and " " not in key.strip():
                known = ", ".join(DIRECTIVES)
                self.note(number, f"unknown directive '{key}'; known: {known}")
        if found.get("unmapped", "error") not in POLICIES:
            self.note(1, f"unmapped: expected error, warn or pass, found '{found['unmapped']}'")
        return found

    def _pairs(
        self, rows: list[list[str]], first: int, names: dict[str, str]
    ) -> list[tuple[str, str]]:
        head = tuple(cell.strip() for cell in rows[0][:2]) if rows else ()
        columns = _HEADS.get(head)
        if columns is None:
            self.note(first, "the header must be from,to or code,name")
            return []
        pairs: list[tuple[str, str]] = []
        seen: set[str] = set()
        for number, row in enumerate(rows[1:], first + 1):
            if not row or not row[0].strip():
                continue
            if len(row) < len(head) or not row[columns[1]].strip():
                self.note(number, "expected two columns")
                continue
            key, value = row[columns[0]].strip(), row[columns[1]].strip()
            if key in seen:
                self.note(number, f"'{key}' stands here twice")
            seen.add(key)
            pairs.append((key, value))
            if columns[0] == columns[1]:
                names[key] = row[1].strip()
        return pairs


def _folded(rows: dict[str, str], *, fold: bool) -> dict[str, str]:
    return {**rows, **{key.upper(): value for key, value in rows.items()}} if fold else rows
