"""Generate the text of single values that are written: source, table, map, default, limit.

What the writers of markup and of segments share: what names mean, when an entry is written at all,
how a value becomes a text and which of those must be looked at before they are put together.
"""

import re
from collections.abc import Iterable
from typing import Final

from canonical.faults import Severity
from mappings.engine.bindings import StructBinding, ValueBinding
from mappings.engine.calls import Translator
from mappings.engine.codelists import POLICIES
from mappings.engine.entries import Entries
from mappings.engine.forms import CHECK_KEYS
from mappings.engine.frames import Frame
from mappings.engine.generation import TABLE, Binding, Code, Unit, nearest
from mappings.engine.kinds import Kind, members_of
from mappings.engine.provenance import Keyed, Text
from mappings.engine.running import Spot, version_of
from mappings.engine.slots import Block  # noqa: TC001  # beside the other imports
from mappings.engine.values import Tables

VALUE_KEYS: Final = (
    "table", "map", "default", "max", "truncate", "required", "unmapped", "severity",
)  # fmt: skip
_VERSION: Final = re.compile(r"D\.\d\d[A-Z]|\d+(?:\.\d+)*")


class TextGenerator(Entries):
    """Generate the texts of values into frames, for one mapping."""

    def __init__(self, unit: Unit, tables: Tables, groups: Keyed | None) -> None:
        super().__init__(unit)
        self.tables = tables
        self.groups = groups.items if groups is not None else {}
        self.versions: dict[str, str] = {}

    def _lets(self, root: Keyed, frame: Frame) -> None:
        for name, tree in root.pairs("let"):
            if not isinstance(tree, Text):
                self.unit.note(tree.at, f"let.{name}: expected an expression")
                continue
            code, _ = self._translated(tree, f"let.{name}", frame)
            held = self.unit.name("g")
            frame.values.append(f"{held} = {code.py}")
            kept = Code(held, code.kind)
            structured = code.kind.name in ("struct", "list")
            frame.names[name] = StructBinding(kept) if structured else ValueBinding(kept)

    def _checks(self, root: Keyed, frame: Frame) -> None:
        for name, tree in root.pairs("checks"):
            that = tree.items.get("that") if isinstance(tree, Keyed) else None
            if not isinstance(tree, Keyed) or not isinstance(that, Text):
                self.unit.note(tree.at, f"checks.{name}: expected `that:` with a condition")
                continue
            self._unknown(tree, CHECK_KEYS, f"checks.{name}")
            code, spot = self._translated(that, f"checks.{name}", frame)
            condition = Translator(self.unit, frame.names, spot, frame.where).truth(code)
            kept = self.unit.constant(tree.text("code") or "MAP-011")
            note = self.unit.constant(
                tree.text("note") or f"check '{name}' does not hold: {that.value}"
            )
            severity = self.unit.constant(self._severity(tree) or Severity.ERROR)
            failed = f"run.failed_check({spot}, {kept}, {note}, {severity}, None)"
            frame.build += [f"if not {condition}:", [failed]]

    def _translated(
        self, tree: Text, target: str, frame: Frame, spec: Keyed | None = None
    ) -> tuple[Code, int]:
        limit = self._whole_number(spec, "max") if spec is not None else 0
        severity = self._severity(spec) if spec is not None else None
        spot = self.unit.spot(Spot(target, str(tree.at), tree.value, (), severity, limit))
        return Translator(self.unit, frame.names, spot, frame.where).translate(tree), spot

    def _condition(self, spec: Keyed, frame: Frame, target: str) -> list[str]:
        """Return the Python conditions under which an entry is written at all."""
        conditions: list[str] = []
        for key, sign in (("since", ">="), ("until", "<=")):
            text = spec.text(key)
            if text is not None and not _VERSION.fullmatch(text):
                self.unit.note(spec.items[key].at, f"{key}: expected a version, found '{text}'")
            elif text is not None:
                test = f"ver {sign} {version_of(text)}"
                conditions.append(self.versions.setdefault(test, self.unit.name("z")))
        tree = spec.items.get("when")
        if isinstance(tree, Text):
            code, spot = self._translated(tree, target, frame)
            conditions.append(Translator(self.unit, frame.names, spot, frame.where).truth(code))
        return conditions

    def _with(
        self, spec: Keyed, frame: Frame, conditions: list[str], target: str
    ) -> dict[str, Binding] | None:
        """Return the name that `with` binds; the element is written only when it is there."""
        tree = spec.items.get("with")
        if not isinstance(tree, Text):
            return None
        code, _ = self._translated(tree, target, frame)
        held = self.unit.name("w")
        if code.kind.optional:
            conditions.append(f"({held} := {code.py}) is not None")
        else:
            frame.values.append(f"{held} = {code.py}")
        return {spec.text("as") or "it": StructBinding(Code(held, code.kind.sure))}

    def _static(self, code: Code) -> str | None:
        value = self.unit.constants.get(code.py)
        return value if isinstance(value, str) else None

    def _value(self, spec: Keyed, key: str, frame: Frame, target: str) -> tuple[Code, int]:
        """Return the code of a value after its table, map, default and limit."""
        tree = spec.items.get(key)
        if not isinstance(tree, Text):
            self.unit.note(spec.at, f"{target}: expected an expression")
            return Code("None", Kind("null")), 0
        code, spot = self._translated(tree, target, frame, spec)
        if code.kind.name in ("struct", "list", "nodes", "truth"):
            way = (
                "say which text: condition ? 'yes' : 'no'"
                if code.kind.name == "truth"
                else "expected a text"
            )
            self.unit.note(tree.at, f"{target}: {way}, found {code.kind}")
        if "map" in spec.items:
            code = self._mapped(spec, code, frame, spot)
        if "table" in spec.items:
            code = self._looked_up(spec, code, frame, spot, target)
        default = spec.text("default")
        if default is not None and code.kind.optional:
            held = self.unit.name("d")
            constant = self.unit.constant(default)
            frame.values += [f"{held} = {code.py}", f"if {held} is None:", [f"{held} = {constant}"]]
            code = Code(held, code.kind.sure)
        if "max" in spec.items:
            code = self._limited(spec, code, frame, spot)
        return code, spot

    def _mapped(self, spec: Keyed, code: Code, frame: Frame, spot: int) -> Code:
        members = {key: tree.value for key, tree in spec.pairs("map") if isinstance(tree, Text)}
        if code.kind.name == "enum" and code.kind.cls is not None:
            known = members_of(code.kind.cls)
            for key in members:
                if key not in known:
                    self.unit.note(
                        spec.items["map"].at,
                        f"map: {code.kind} is never '{key}'{nearest(key, known)}",
                    )
        held, constant = self.unit.name("d"), self.unit.constant(members)
        frame.values += [
            f"{held} = {code.py}", f"if {held} is not None:",
            [f"{held} = run.member({spot}, {held}, {frame.where}, {constant})"],
        ]  # fmt: skip
        return Code(held, Kind("safe" if _safe(frame, members.values()) else "text"))

    def _looked_up(self, spec: Keyed, code: Code, frame: Frame, spot: int, target: str) -> Code:
        name = spec.text("table") or ""
        try:
            table = self.tables(name)
        except KeyError as error:
            self.unit.note(
                spec.items["table"].at, f"{target}: unknown table '{name}'{error.args[0]}"
            )
            return code
        unmapped = spec.text("unmapped") or table.unmapped
        if unmapped not in POLICIES:
            self.unit.note(spec.items["unmapped"].at, "unmapped: expected error, warn or pass")
        held, rows = self.unit.name("d"), self.unit.constant(table.outward.get, TABLE)
        value, constant = self.unit.name("d"), self.unit.constant(table)
        policy = self.unit.constant((unmapped, table.default))
        given = f"{spot}, {value}, {frame.where}, {constant}, {policy}"
        frame.values += [
            f"{value} = {code.py}",
            f"{held} = {rows}({value})",
            f"if {held} is None and {value} is not None:",
            [f"{held} = run.looked_up({given}, outward=True)"],
        ]
        safe = (
            unmapped == "error" and table.default is None and _safe(frame, table.outward.values())
        )
        optional = code.kind.optional or unmapped == "error"
        return Code(held, Kind("safe" if safe else "text", optional=optional))

    def _limited(self, spec: Keyed, code: Code, frame: Frame, spot: int) -> Code:
        limit, truncate = self._whole_number(spec, "max"), self._flag(spec, "truncate")
        held = self.unit.name("d")
        test = f"len({held}) > {limit}"
        frame.values += [
            f"{held} = as_text({code.py})",
            f"if {held} is not None and {test}:",
            [f"{held} = run.shortened({spot}, {held}, {frame.where}, truncate={truncate})"],
        ]
        return Code(held, Kind("text", optional=code.kind.optional))

    def _spelt(self, code: Code, spot: int, frame: Frame, kind: str) -> str:
        """Return the variable that holds a value as text, to be looked at where that is needed."""
        held = self.unit.name("v")
        name, optional = code.kind.name, code.kind.optional
        if name == "number":
            number = self.unit.name("d")
            spelling: Block = [
                f"{held} = str({number})",
                f"if 'E' in {held}:",
                [f"{held} = as_text({number})"],
            ]
            frame.values.append(f"{number} = {code.py}")
            frame.values += (
                [f"if {number} is None:", [f"{held} = None"], "else:", spelling]
                if optional
                else spelling
            )
        elif name in ("whole", "date", "instant"):
            frame.values.append(f"{held} = as_text({code.py})")
        else:
            frame.values.append(f"{held} = {code.py}")
            if name not in ("enum", "safe"):
                frame.texts.append((held, spot, kind))
        return held


def _safe(frame: Frame, texts: Iterable[str]) -> bool:
    """Tell whether none of these texts ever needs care."""
    return not any(map(frame.care.needs, texts))
