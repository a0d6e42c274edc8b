"""Generate where a value comes from: the expression of a field, and paths that start from names.

`reading` decides which fields there are, `values` what happens to one value after this.
"""

from mappings.engine.calls import Translator
from mappings.engine.expressions import ExpressionError, Path, parse
from mappings.engine.forms import SEVERITIES, first_path
from mappings.engine.generation import Binding, Code, Unit
from mappings.engine.kinds import Kind
from mappings.engine.provenance import Keyed, Text, Tree
from mappings.engine.running import Spot
from mappings.engine.slots import Block, SlotBinding
from mappings.engine.values import Part, Scope, Site, Tables, ValueGenerator
from mappings.engine.walking import Walk


class SourceGenerator(ValueGenerator):
    """Generate the sources of values into `unit`."""

    def __init__(self, unit: Unit, tables: Tables, *, trace: bool) -> None:
        super().__init__(unit, tables, trace=trace)
        self.let_steps: dict[str, Walk] = {}

    def _alias(self, tree: Text, names: dict[str, Binding]) -> SlotBinding | None:
        """Return the binding of an expression that is only a path to an element."""
        found = self._path(tree, names)
        if found is None or any(step.attribute for step in found[1].steps):
            return None
        base, path = found
        try:
            return base.reach(path)
        except ExpressionError as error:
            self.unit.mistake(tree, error)
            return None

    def _path(self, tree: Tree, names: dict[str, Binding]) -> tuple[SlotBinding, Path] | None:
        """Return a path into the message and what it starts from, if that is what `tree` spells."""
        try:
            path = parse(tree.value) if isinstance(tree, Text) else None
        except ExpressionError:
            return None
        base = names.get(path.base) if isinstance(path, Path) else None
        return (base, path) if isinstance(base, SlotBinding) and isinstance(path, Path) else None

    def _listed(
        self, tree: Tree, names: dict[str, Binding], variable: str
    ) -> tuple[str, SlotBinding, Walk] | None:
        """Return the variable of a list in the message, the binding of one of it, and the way."""
        found = self._path(tree, names)
        if found is None or not isinstance(tree, Text):
            return None
        base, path = found
        try:
            return (*base.rows(path, variable), base.steps(path))
        except ExpressionError as error:
            self.unit.mistake(tree, error)
            return None

    def _condition(self, site: Site, scope: Scope) -> str | None:
        tree = site.spec.items.get("when")
        if not isinstance(tree, Text):
            return None
        translator = Translator(self.unit, scope.names, 0, scope.where)
        return translator.truth(translator.translate(tree))

    def _spot(self, site: Site, key: str, tree: Text, steps: Walk) -> int:
        severity = None if site.required else self._severity(site.spec)
        if site.required and site.spec.text("severity") in ("warn", "note"):
            self.unit.note(
                site.spec.items["severity"].at, f"{site.target} is required: its faults are errors"
            )
        limit = self._whole_number(site.spec, "max")
        shown = tree.value if key == "from" else f"{key}: {tree.value}"
        return self.unit.spot(Spot(site.target, str(tree.at), shown, steps, severity, limit))

    def _translated(
        self, tree: Text, target: str, scope: Scope, kind: Kind, spec: Keyed | None, limit: int
    ) -> tuple[Code, int]:
        """Return the code of an expression and the number of its spot."""
        path: Path | None = None
        steps: Walk = ()
        try:
            expression = parse(tree.value)
            path = first_path(expression)
        except ExpressionError:
            expression = None
        binding = scope.names.get(path.base) if path is not None else None
        if isinstance(binding, SlotBinding) and path is not None:
            steps = binding.steps(path)
        elif path is not None and not scope.rows:
            steps = self.let_steps.get(path.base, ())
        severity = SEVERITIES.get((spec.text("severity") if spec is not None else None) or "")
        spot = self.unit.spot(Spot(target, str(tree.at), tree.value, steps, severity, limit))
        try:
            if (
                isinstance(expression, Path)
                and isinstance(binding, SlotBinding)
                and binding.plain(expression)
            ):
                clean = kind.name in ("text", "any") or spec is None
                return Code(binding.variable(expression, clean=clean), Kind("text")), spot
        except ExpressionError as error:
            self.unit.mistake(tree, error)
        return Translator(self.unit, scope.names, spot, scope.where).translate(tree), spot

    def _value(self, site: Site) -> Part:
        tree = site.spec.items.get("from")
        if not isinstance(tree, Text):
            self.unit.note(site.spec.at, f"{site.target}: says not where its value comes from")
            return Part("None")
        if site.required and site.spec.text("severity") in ("warn", "note"):
            self.unit.note(
                site.spec.items["severity"].at, f"{site.target} is required: its faults are errors"
            )
        limit = self._whole_number(site.spec, "max")
        coded = bool(site.spec.items.keys() & {"table", "map"}) or site.kind.name == "enum"
        lookup = Kind("number") if coded else site.kind
        code, spot = self._translated(tree, site.target, site.scope, lookup, site.spec, limit)
        raw: Block = [f"# spot {spot}"]
        when = self._condition(site, site.scope)
        if when is not None or not code.simple:
            held = self.unit.name("r")
            raw.append(f"{held} = {code.py} if {when} else None" if when else f"{held} = {code.py}")
            code = Code(
                held,
                Kind(
                    code.kind.name,
                    code.kind.optional or when is not None,
                    code.kind.cls,
                    code.kind.item,
                ),
            )
        self._check_as(site, code)
        value, convert = self._converted(site, code, spot)
        convert += self._afterwards(site, code, value, spot)
        presence = [code.py] if code.kind.optional else []
        return Part(value, raw, convert, presence)
