"""Read code lists and translation tables: CSV with a header and directives above it.

    # extends: uom/rec20        every row of that table holds too, unless repeated here; of several
                                (`a, b`) the later one wins
    # unmapped: error           or warn, or pass: what happens to a code that is not listed
    # default: EA               what an unlisted code becomes (with a warning)
    # direction: in             these rows are aliases: never used for writing
    # fold: yes                 upper and lower case are the same when looking up
    # step: name                what is found by a row of this file is noted as found by that
    from,to                     a translation; `code,name` instead declares a list of codes

Reading looks a value up in `from` and gives `to`; writing goes the other way, and the first row
with that `to` wins. A list of codes gives the code itself both ways. A third column `direction`
says `in` or `out` for a single row; rows that only go out may repeat their `from`.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from mappings.engine.provenance import At, Finding, MappingError, Source, finding

DIRECTIVES: Final = ("extends", "unmapped", "default", "fold", "direction", "source", "step")
POLICIES: Final = ("error", "warn", "pass")
DIRECTIONS: Final = ("", "in", "out")
_HEADS: Final[dict[tuple[str, ...], tuple[int, int]]] = {
    ("from", "to"): (0, 1),
    ("code", "name"): (0, 0),
}


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Hold one table, its bases merged in; `inward` and `outward` are the two directions.

    `steps` says by which step a value is found whose finding is to be noted; `quiet` holds the
    rest of `inward`.
    """

    name: str
    path: str
    inward: dict[str, str] = field(repr=False)
    outward: dict[str, str] = field(repr=False)
    names: dict[str, str] = field(repr=False)
    unmapped: str = "error"
    default: str | None = None
    fold: bool = False
    steps: dict[str, str] = field(default_factory=dict, repr=False)
    quiet: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Part what is found without a word from what is noted."""
        quiet = {key: to for key, to in self.inward.items() if key not in self.steps}
        object.__setattr__(self, "quiet", quiet)

    def step(self, value: str) -> str | None:
        """Return the step by which `value` is found, if that is to be noted."""
        spelt = value.strip()
        if spelt in self.inward or not self.fold:
            return self.steps.get(spelt)
        return self.steps.get(spelt.upper())

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


def read_table(
    name: str, source: Source, base: Callable[[str], CodeTable], step: str = ""
) -> CodeTable:
    """Return the table in `source`; `base` gives one that it extends.

    `step` stands for the directive of that name in a source that has none. Raises `MappingError`
    with every finding.
    """
    return _Reader(name, source, base).table(step)


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold one row; `direction` is empty when it goes both ways."""

    key: str
    to: str
    direction: str


class _Reader:
    def __init__(self, name: str, source: Source, base: Callable[[str], CodeTable]) -> None:
        self.name = name
        self.source = source
        self.base = base
        self.findings: list[Finding] = []

    def note(self, line: int, message: str) -> None:
        self.findings.append(finding(At(self.source.path, line), message))

    def table(self, step: str) -> CodeTable:
        lines = self.source.text.removeprefix("\ufeff").splitlines()
        heads = 0
        while heads < len(lines) and lines[heads].startswith("#"):
            heads += 1
        directives = self._directives(lines[:heads])
        rows = list(csv.reader(lines[heads:]))
        base = self._bases(directives.get("extends", ""))
        names = dict(base.names)
        fold = directives.get("fold", "yes" if base.fold else "no") == "yes"
        step = directives.get("step", step)
        inward, steps = dict(base.inward), dict(base.steps)
        outward: dict[str, str] = {}
        for row in self._pairs(rows, heads + 1, names, directives.get("direction", "")):
            if row.direction != "out":
                spelt = row.key.upper() if fold else row.key
                inward[spelt] = row.to
                _put(steps, spelt, step)
            if row.direction != "in":
                outward.setdefault(row.to, row.key)
        if self.findings:
            raise MappingError(tuple(self.findings))
        return CodeTable(
            self.name, self.source.path, _folded(inward, fold=fold), {**base.outward, **outward},
            names, directives.get("unmapped", base.unmapped),
            directives.get("default", base.default), fold, _folded(steps, fold=fold),
        )  # fmt: skip

    def _bases(self, extends: str) -> CodeTable:
        """Return the tables that this one extends as one, the later ones over the earlier."""
        names = [name for name in extends.replace(",", " ").split() if name]
        if not names:
            return CodeTable("", "", {}, {}, {})
        first, *others = map(self.base, names)
        for other in others:
            kept = {key: step for key, step in first.steps.items() if key not in other.inward}
            first = CodeTable(
                "", "", {**first.inward, **other.inward}, {**first.outward, **other.outward},
                {**first.names, **other.names}, other.unmapped, other.default or first.default,
                first.fold or other.fold, {**kept, **other.steps},
            )  # fmt: skip
        return first

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
        self, rows: list[list[str]], first: int, names: dict[str, str], direction: str
    ) -> list[_Row]:
        head = tuple(cell.strip() for cell in rows[0][:3]) if rows else ()
        columns = _HEADS.get(head[:2])
        if columns is None:
            self.note(first, "the header must be from,to or code,name")
            return []
        own = head[2:] == ("direction",)
        pairs: list[_Row] = []
        seen: set[tuple[str, str]] = set()
        for number, row in enumerate(rows[1:], first + 1):
            if not row or not row[0].strip():
                continue
            if len(row) < 2 or not row[columns[1]].strip():  # noqa: PLR2004  # from and to
                self.note(number, "expected two columns")
                continue
            key, value = row[columns[0]].strip(), row[columns[1]].strip()
            way = (row[2].strip() if own and len(row) > 2 else "") or direction  # noqa: PLR2004
            if way not in DIRECTIONS:
                self.note(number, f"direction: expected in or out, found '{way}'")
            mark = (key, value if way == "out" else "")
            if mark in seen:
                self.note(number, f"'{key}' stands here twice")
            seen.add(mark)
            pairs.append(_Row(key, value, way))
            if columns[0] == columns[1]:
                names[key] = row[1].strip()
        return pairs


def _put(steps: dict[str, str], key: str, step: str) -> None:
    """Note by which step a key is found; without one it is found by the table itself."""
    if step:
        steps[key] = step
    else:
        steps.pop(key, None)


def _folded(rows: dict[str, str], *, fold: bool) -> dict[str, str]:
    return {**rows, **{key.upper(): value for key, value in rows.items()}} if fold else rows
