"""Generate the typed value of one field: conversion, table, map, limit, default, check.

`reading` decides which fields there are and where their sources come from; here is what happens to
one value between its source and the document.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from canonical.faults import Severity
from mappings.engine.bindings import ValueBinding
from mappings.engine.calls import Translator
from mappings.engine.codelists import POLICIES, CodeTable
from mappings.engine.conversions import CONVERTERS
from mappings.engine.entries import Entries
from mappings.engine.forms import (
    AS,
    TRUTHS,
)
from mappings.engine.generation import TABLE, Binding, Code, Unit
from mappings.engine.kinds import Kind, members_of
from mappings.engine.provenance import Keyed, Text
from mappings.engine.slots import Block, Branch

Tables = Callable[[str], CodeTable]
"""Give a table by name; raises `KeyError` when there is none of that name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Hold one element whose children are passed over once, and where rows are counted."""

    variable: str
    root: Branch
    names: dict[str, Binding]
    rows: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Return the Python that names the element in hand and the rows so far."""
        rows = "".join(f"len({name}), " for name in self.rows)
        return f"{self.variable}, ({rows})"


@dataclass(slots=True)
class Part:
    """Hold the code of one field."""

    value: str
    raw: Block = field(default_factory=list)
    convert: Block = field(default_factory=list)
    presence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Site:
    """Say which field of which document is being generated, and from which entry."""

    spec: Keyed
    kind: Kind
    required: bool
    default: object
    target: str
    scope: Scope


class ValueGenerator(Entries):
    """Generate the code of single values into `unit`."""

    def __init__(self, unit: Unit, tables: Tables, *, trace: bool) -> None:
        super().__init__(unit)
        self.tables = tables
        self.trace = trace

    def _constant(self, value: object) -> str:
        if value is None or isinstance(value, bool) or value == ():
            return repr(value)
        return self.unit.constant(value)

    def _literal(self, site: Site, text: str, key: str) -> object:
        """Return a text of the mapping itself as the kind of the field."""
        kind = site.kind
        try:
            if kind.name == "enum" and kind.cls is not None:
                return kind.cls(text)
            if kind.name == "truth":
                return TRUTHS[text]
            makers: dict[str, Callable[[str], object]] = {
                "number": Decimal,
                "whole": int,
                "text": str,
            }
            return makers[kind.name](text)
        except (KeyError, ValueError, ArithmeticError):
            self.unit.note(site.spec.items[key].at, f"{site.target}: {key} '{text}' is not {kind}")
            return None

    def _check_as(self, site: Site, code: Code) -> None:
        text = site.spec.text("as")
        if text is None:
            return
        if text not in AS:
            known = ", ".join(AS)
            self.unit.note(
                site.spec.items["as"].at, f"{site.target}: unknown type '{text}' (known: {known})"
            )
        elif AS[text] != site.kind.name and not (
            AS[text] == "whole" and site.kind.name == "number"
        ):
            self.unit.note(site.spec.items["as"].at, f"{site.target} is {site.kind}, not {text}")
        del code

    def _converted(self, site: Site, code: Code, spot: int) -> tuple[str, Block]:
        """Return the variable of the typed value, and the code that fills it."""
        block: Block = []
        if "table" in site.spec.items:
            code = self._from_table(site, code, spot, block)
        if "map" in site.spec.items or site.kind.name == "enum":
            return self._from_map(site, code, spot, block)
        wanted = site.kind.name
        if code.kind.name in (wanted, "any", "null") or (code.kind.name, wanted) == (
            "date",
            "instant",
        ):
            if "max" in site.spec.items and wanted == "text":
                return self._limited(site, code, spot, block)
            return code.py, block
        converter = CONVERTERS.get((code.kind.name, wanted))
        if converter is None:
            tree = site.spec.items["from"]
            self.unit.note(
                tree.at, f"{site.target} is {site.kind}, but the expression gives {code.kind}"
            )
            return "None", block
        value = self.unit.name("x")
        block += converter(code, value, site.scope.where, spot)
        if "max" in site.spec.items:
            return self._limited(site, Code(value, Kind("text")), spot, block)
        return value, block

    def _afterwards(self, site: Site, code: Code, value: str, spot: int) -> Block:
        """Return the code after a conversion: default, required, check, trace."""
        where = site.scope.where
        block: Block = []
        default = site.spec.text("default")
        fallback = self._literal(site, default, "default") if default is not None else site.default
        if default is not None or not site.required:
            if fallback is not None:
                block += [f"if {value} is None:", [f"{value} = {self._constant(fallback)}"]]
        elif code.kind.optional or value != code.py:
            block += [f"if {value} is None:", [f"run.missing({spot}, {code.py}, {where})"]]
        check = site.spec.items.get("check")
        if isinstance(check, Text):
            names = {**site.scope.names, "value": ValueBinding(Code(value, site.kind))}
            translator = Translator(self.unit, names, spot, where)
            condition = translator.truth(translator.translate(check))
            note = self.unit.constant(site.spec.text("note") or f"does not satisfy {check.value}")
            severity = self.unit.constant(self._severity(site.spec) or Severity.ERROR)
            code_name = self.unit.constant("MAP-011")
            failed = f"run.failed_check({spot}, {code_name}, {note}, {severity}, {where})"
            block += [f"if {value} is not None and not {condition}:", [failed]]
        if self.trace:
            block.append(f"trace({spot}, {code.py}, {value}, {where})")
        return block

    def _from_table(self, site: Site, code: Code, spot: int, block: Block) -> Code:
        name = site.spec.text("table") or ""
        try:
            table = self.tables(name)
        except KeyError as error:
            hint = error.args[0] if error.args else ""
            self.unit.note(
                site.spec.items["table"].at, f"{site.target}: unknown table '{name}'{hint}"
            )
            return code
        unmapped = site.spec.text("unmapped") or table.unmapped
        if unmapped not in POLICIES:
            self.unit.note(site.spec.items["unmapped"].at, "unmapped: expected error, warn or pass")
        rows = self.unit.constant(table.quiet.get, TABLE)
        held, constant = self.unit.name("x"), self.unit.constant(table)
        policy = self.unit.constant((unmapped, table.default))
        given = f"{spot}, {code.py}, {site.scope.where}, {constant}, {policy}"
        block += [
            f"{held} = {rows}({code.py})",
            f"if {held} is None and {code.py} is not None:",
            [f"{held} = run.looked_up({given})"],
        ]
        return Code(held, Kind("text"))

    def _from_map(self, site: Site, code: Code, spot: int, block: Block) -> tuple[str, Block]:
        members: dict[str, object] = {}
        for key, tree in site.spec.pairs("map"):
            if isinstance(tree, Text):
                inner = Site(
                    Keyed({"map": tree}, tree.at, {}),
                    site.kind,
                    required=True,
                    default=None,
                    target=site.target,
                    scope=site.scope,
                )
                members[key] = self._literal(inner, tree.value, "map")
        if not members and site.kind.cls is not None:
            members = {name: site.kind.cls(name) for name in members_of(site.kind.cls)}
        lookup = self.unit.constant(members.get, TABLE)
        known = self.unit.constant(members)
        value = self.unit.name("x")
        block += [
            f"{value} = {lookup}({code.py})",
            f"if {value} is None and {code.py} is not None:",
            [f"{value} = run.member({spot}, {code.py}, {site.scope.where}, {known})"],
        ]
        return value, block

    def _limited(self, site: Site, code: Code, spot: int, block: Block) -> tuple[str, Block]:
        limit = self._whole_number(site.spec, "max")
        truncate = self._flag(site.spec, "truncate")
        value = self.unit.name("x")
        block += [
            f"{value} = {code.py}",
            f"if {value} is not None and len({value}) > {limit}:",
            [f"{value} = run.shortened({spot}, {value}, {site.scope.where}, truncate={truncate})"],
        ]
        return value, block
